#include "onnx/npz_write.h"

#include <stdio.h>
#include <string.h>
#include <zip.h>

/* The header of a version 1.0 .npy file: magic, length, a Python dictionary
 * padded to a multiple of 64 bytes. */
enum { PREFIX = 10, HEADER = 256 };

static const unsigned char magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

static size_t npy_header(const pleats_npz_part *part, unsigned char *out)
{
    char text[HEADER];
    size_t at =
        (size_t)snprintf(text, sizeof text,
                         "{'descr': '<f8', 'fortran_order': False, 'shape': (");
    for (pleats_idx i = 0; i < part->n_dims && i < 8; i++)
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
    out->n = head + n * sizeof *part->number;
    TRY(pleats_alloc(ctx, out->n, 1, &out->bytes));
    memcpy(out->bytes, header, head);
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &part->number[i], sizeof bits);
        for (size_t b = 0; b < sizeof bits; b++)
            out->bytes[head + sizeof bits * i + b] =
                (unsigned char)(bits >> 8 * b);
    }
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

pleats_status pleats_npz_write(pleats_ctx *ctx, const char *path, size_t n,
                               const pleats_npz_part *part)
{
    pleats_status status = PLEATS_OK;
    npy *array = NULL;
    int code = 0;
    zip_t *zip = NULL;
    TRY(pleats_alloc(ctx, n, sizeof *array, &array));
    for (size_t i = 0; i < n; i++)
        TRY(make_npy(ctx, &part[i], &array[i]));
    zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    bool good = zip != NULL;
    for (size_t i = 0; i < n && good; i++)
        good = add(zip, part[i].name, &array[i]);
    if (good && zip_close(zip) == 0)
        zip = NULL;
    else
        status = pleats_fail(ctx, PLEATS_IO, "cannot write %s", path);
done:
    if (zip)
        zip_discard(zip);
    for (size_t i = 0; i < n && array; i++)
        pleats_release(ctx, array[i].bytes);
    pleats_release(ctx, array);
    return status;
}
