/* One array of numbers from an .npz file (a zip archive of .npy files). */
#include "read/npz.h"

#include "base/bits.h"
#include "base/file_kind.h"
#include "read/npy_header.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

enum {
    PREFIX_BYTES = 8, /* magic and version */
    MAX_HEADER_BYTES = 1 << 16,
    BUFFER_BYTES = 1 << 16,
    MAX_DEFLATE_RATIO = 1040, /* deflate cannot do better than 1032 */
};

static pleats_status cut_short(pleats_ctx *ctx)
{
    return pleats_fail(ctx, PLEATS_INVALID,
                       "the array is cut short or damaged: write the file "
                       "again with numpy.savez");
}

static pleats_status read_bytes(pleats_ctx *ctx, zip_file_t *entry, void *out,
                                size_t bytes)
{
    zip_int64_t got = zip_fread(entry, out, bytes);
    return got == (zip_int64_t)bytes ? PLEATS_OK : cut_short(ctx);
}

/* Reads everything before the numbers; `*bytes` is how much that was. */
static pleats_status read_header(pleats_ctx *ctx, zip_file_t *entry,
                                 const pleats_npy_type **type,
                                 pleats_npz_array *array, size_t *bytes)
{
    pleats_status status = PLEATS_OK;
    unsigned char prefix[PREFIX_BYTES], size[4] = {0};
    char *text = NULL;
    TRY(read_bytes(ctx, entry, prefix, sizeof prefix));
    if (memcmp(prefix, "\x93NUMPY", 6) != 0 || prefix[6] < 1 || prefix[6] > 3)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the array is not in .npy format 1, 2 or 3"));
    size_t size_bytes = prefix[6] == 1 ? 2 : 4;
    TRY(read_bytes(ctx, entry, size, size_bytes));
    size_t length = size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 |
                    (size_t)size[3] << 24;
    if (length > MAX_HEADER_BYTES)
        TRY(cut_short(ctx));
    TRY(pleats_alloc(ctx, length + 1, 1, &text));
    TRY(read_bytes(ctx, entry, text, length));
    TRY(pleats_npy_header_parse(ctx, text, length, type, array));
    *bytes = PREFIX_BYTES + size_bytes + length;
done:
    pleats_release(ctx, text);
    return status;
}

static pleats_status read_numbers(pleats_ctx *ctx, zip_file_t *entry,
                                  const pleats_npy_type *type,
                                  pleats_npz_array *array)
{
    pleats_status status = PLEATS_OK;
    unsigned char *buffer = NULL;
    int64_t room = BUFFER_BYTES / type->bytes;
    TRY(pleats_alloc(ctx, (size_t)array->count, sizeof(double), &array->data));
    TRY(pleats_alloc(ctx, BUFFER_BYTES, 1, &buffer));
    for (int64_t done = 0; done < array->count;) {
        int64_t n = array->count - done < room ? array->count - done : room;
        TRY(read_bytes(ctx, entry, buffer, (size_t)(n * type->bytes)));
        for (int64_t i = 0; i < n; i++, done++) {
            double value = pleats_bits_real(
                pleats_bits_read(buffer + i * type->bytes, type->bytes,
                                 type->is_big_endian),
                type->bytes);
            if (!isfinite(value))
                TRY(pleats_fail(ctx, PLEATS_INVALID,
                                "number %lld (counted from 0) is not finite",
                                (long long)done));
            array->data[done] = value;
        }
    }
done:
    pleats_release(ctx, buffer);
    return status;
}

/* The archive's own figures bound what may be allocated: the numbers must fill
 * the entry exactly, and the entry cannot be larger than its packed bytes
 * allow. */
static pleats_status check_size(pleats_ctx *ctx, const zip_stat_t *info,
                                const pleats_npy_type *type,
                                const pleats_npz_array *array, size_t header)
{
    int64_t bytes;
    uint64_t ratio = info->comp_method == ZIP_CM_STORE ? 1 : MAX_DEFLATE_RATIO;
    if (__builtin_mul_overflow(array->count, type->bytes, &bytes) ||
        info->size < header || info->size - header != (uint64_t)bytes ||
        info->size / ratio > info->comp_size)
        return cut_short(ctx);
    return PLEATS_OK;
}

/* libzip compares the checksum when it meets the end. */
static pleats_status check_end(pleats_ctx *ctx, zip_file_t *entry)
{
    char byte;
    return zip_fread(entry, &byte, 1) == 0 ? PLEATS_OK : cut_short(ctx);
}

static pleats_status read_entry(pleats_ctx *ctx, zip_t *archive,
                                const char *name, pleats_npz_array *out)
{
    pleats_status status = PLEATS_OK;
    const zip_uint64_t wanted =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    const pleats_npy_type *type = NULL;
    char entry_name[64];
    zip_stat_t info;
    zip_file_t *entry = NULL;
    size_t header = 0;
    snprintf(entry_name, sizeof entry_name, "%s.npy", name);
    zip_int64_t index = zip_name_locate(archive, entry_name, 0);
    if (index < 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "there is no array `%s` in it: write it with "
                        "numpy.savez(file, %s=...)",
                        name, name));
    if (zip_stat_index(archive, (zip_uint64_t)index, 0, &info) != 0 ||
        (info.valid & wanted) != wanted)
        TRY(cut_short(ctx));
    if (info.comp_method != ZIP_CM_STORE && info.comp_method != ZIP_CM_DEFLATE)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the array is packed by a method that is not read: use "
                        "numpy.savez or numpy.savez_compressed"));
    entry = zip_fopen_index(archive, (zip_uint64_t)index, 0);
    if (!entry)
        TRY(cut_short(ctx));
    TRY(read_header(ctx, entry, &type, out, &header));
    TRY(check_size(ctx, &info, type, out, header));
    TRY(read_numbers(ctx, entry, type, out));
    TRY(check_end(ctx, entry));
done:
    if (entry)
        zip_fclose(entry);
    return status;
}

pleats_status pleats_npz_parse(pleats_ctx *ctx, const char *bytes, size_t n,
                               const char *name, pleats_npz_array *out)
{
    pleats_status status = PLEATS_OK;
    zip_error_t error;
    zip_source_t *source = NULL;
    zip_t *archive = NULL;
    zip_error_init(&error);
    *out = (pleats_npz_array){0};
    TRY(pleats_file_expect(ctx, bytes, n, PLEATS_KIND_NPZ));
    source = zip_source_buffer_create(bytes, n, 0, &error);
    if (source)
        archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (!archive) {
        zip_source_free(source);
        TRY(pleats_fail(ctx, PLEATS_INVALID, "cannot be read as .npz: %s",
                        zip_error_strerror(&error)));
    }
    TRY(read_entry(ctx, archive, name, out));
done:
    if (archive)
        zip_discard(archive);
    zip_error_fini(&error);
    if (status != PLEATS_OK)
        pleats_npz_clear(ctx, out);
    return status;
}

void pleats_npz_clear(pleats_ctx *ctx, pleats_npz_array *array)
{
    pleats_release(ctx, array->data);
    *array = (pleats_npz_array){0};
}
