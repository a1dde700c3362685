/* Arrays as an .npz file, which is made in memory. */
#include "read/npz_write.h"

#include <stdio.h>
#include <string.h>
#include <zip.h>

/* The header of a version 1.0 .npy file: magic, length, a Python dictionary
 * padded to a multiple of 64 bytes. */
enum { PREFIX = 10, HEADER = 256, BUFFER = 1 << 14 };

static const unsigned char magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

static const struct {
    const char *descr;
    size_t bytes;
} kinds[] = {[PLEATS_NPZ_DOUBLE] = {"<f8", 8},
             [PLEATS_NPZ_INT32] = {"<i4", 4},
             [PLEATS_NPZ_BYTE] = {"|u1", 1},
             [PLEATS_NPZ_FLAG] = {"|b1", 1},
             [PLEATS_NPZ_TEXT] = {"|S", 1}};

static size_t npy_header(const pleats_npz_part *part, unsigned char *out)
{
    char text[HEADER];
    const bool is_text = part->type == PLEATS_NPZ_TEXT;
    size_t at = (size_t)snprintf(text, sizeof text, "{'descr': '%s",
                                 kinds[part->type].descr);
    if (is_text)
        at += (size_t)snprintf(text + at, sizeof text - at, "%lld",
                               (long long)part->dims[0]);
    at += (size_t)snprintf(text + at, sizeof text - at,
                           "', 'fortran_order': False, 'shape': (");
    for (pleats_idx i = 0; i < part->n_dims && i < 8 && !is_text; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%lld,",
                               (long long)part->dims[i]);
    at += (size_t)snprintf(text + at, sizeof text - at, "), }");
    size_t length = (PREFIX + at + 1 + 63) / 64 * 64 - PREFIX;
    memcpy(out, magic, sizeof magic);
    out[8] = (unsigned char)(length & 0xff);
    out[9] = (unsigned char)(length >> 8);
    memset(out + PREFIX, ' ', length);
    memcpy(out + PREFIX, text, at);
    out[PREFIX + length - 1] = '\n';
    return PREFIX + length;
}

/* The n numbers of `size` bytes at `from`, lowest bytes first. */
static void put_numbers(const void *from, size_t n, size_t size,
                        unsigned char *to)
{
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    if (n)
        memcpy(to, from, n * size);
    for (size_t i = 0; i < n && !first; i++)
        for (size_t b = 0; b < size / 2; b++) {
            const unsigned char swapped = to[i * size + b];
            to[i * size + b] = to[(i + 1) * size - 1 - b];
            to[(i + 1) * size - 1 - b] = swapped;
        }
}

/* One array as the bytes of its file. */
typedef struct {
    unsigned char *bytes; /* [n] */
    size_t n;
} npy;

static pleats_status make_npy(pleats_ctx *ctx, const pleats_npz_part *part,
                              npy *out)
{
    pleats_status status = PLEATS_OK;
    unsigned char header[2 * HEADER];
    size_t n = 1, head = npy_header(part, header);
    for (pleats_idx i = 0; i < part->n_dims; i++)
        n *= (size_t)part->dims[i];
    out->n = head + n * kinds[part->type].bytes;
    TRY(pleats_alloc(ctx, out->n, 1, &out->bytes));
    memcpy(out->bytes, header, head);
    put_numbers(part->value, n, kinds[part->type].bytes, out->bytes + head);
done:
    return status;
}

/* Whether the array is in the archive, which reads its bytes when it is closed.
 */
static bool add(zip_t *zip, const char *name, const npy *array)
{
    char file[64];
    snprintf(file, sizeof file, "%s.npy", name);
    zip_source_t *source = zip_source_buffer(zip, array->bytes, array->n, 0);
    if (!source)
        return false;
    zip_int64_t index = zip_file_add(zip, file, source, ZIP_FL_OVERWRITE);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE,
                                    0) == 0;
}

/* Adds the arrays and closes the archive; whether all of it went well. */
static bool fill(zip_source_t *source, size_t n, const pleats_npz_part *part,
                 const npy *array)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    zip_error_fini(&error);
    if (!zip)
        return false;
    bool good = true;
    zip_source_keep(source);
    for (size_t i = 0; i < n && good; i++)
        good = add(zip, part[i].name, &array[i]);
    if (good && zip_close(zip) == 0)
        return true;
    zip_discard(zip);
    return false;
}

static pleats_status copy(pleats_ctx *ctx, zip_source_t *source,
                          pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    char buffer[BUFFER];
    zip_int64_t got = -1;
    if (zip_source_open(source) == 0) {
        while ((got = zip_source_read(source, buffer, sizeof buffer)) > 0)
            TRY(pleats_output_write(ctx, out, buffer, (size_t)got));
        zip_source_close(source);
    }
    if (got < 0)
        status = pleats_fail(ctx, PLEATS_NOMEM, "out of memory");
done:
    return status;
}

pleats_status pleats_npz_write(pleats_ctx *ctx, pleats_output *out, size_t n,
                               const pleats_npz_part *part)
{
    pleats_status status = PLEATS_OK;
    npy *array = NULL;
    zip_source_t *source = NULL;
    TRY(pleats_alloc(ctx, n, sizeof *array, &array));
    for (size_t i = 0; i < n; i++)
        TRY(make_npy(ctx, &part[i], &array[i]));
    source = zip_source_buffer_create(NULL, 0, 0, NULL);
    if (!source || !fill(source, n, part, array))
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory"));
    TRY(copy(ctx, source, out));
done:
    zip_source_free(source);
    for (size_t i = 0; i < n && array; i++)
        pleats_release(ctx, array[i].bytes);
    pleats_release(ctx, array);
    return status;
}
