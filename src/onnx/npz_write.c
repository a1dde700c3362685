#include "onnx/npz_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

/* The header of a version 1.0 .npy file: magic, length, a Python dictionary
 * padded to a multiple of 64 bytes. */
enum { PREFIX = 10, HEADER = 256 };

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
    memcpy(out, "\x93NUMPY\x01\x00", 8);
    out[8] = (unsigned char)(length & 0xff);
    out[9] = (unsigned char)(length >> 8);
    memset(out + PREFIX, ' ', length);
    memcpy(out + PREFIX, text, at);
    out[PREFIX + length - 1] = '\n';
    return PREFIX + length;
}

/* The bytes of one array as a source of the archive, which takes them. */
static zip_source_t *make_source(zip_t *zip, const pleats_npz_part *part)
{
    unsigned char header[2 * HEADER];
    size_t bytes = sizeof *part->number, head = npy_header(part, header);
    for (pleats_idx i = 0; i < part->n_dims; i++)
        bytes *= (size_t)part->dims[i];
    unsigned char *all = malloc(head + bytes);
    if (!all)
        return NULL;
    memcpy(all, header, head);
    memcpy(all + head, part->number, bytes);
    zip_source_t *source = zip_source_buffer(zip, all, head + bytes, 1);
    if (!source)
        free(all);
    return source;
}

pleats_status pleats_npz_write(pleats_ctx *ctx, const char *path, size_t n,
                               const pleats_npz_part *part)
{
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    bool good = zip != NULL;
    for (size_t i = 0; i < n && good; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.npy", part[i].name);
        zip_source_t *source = make_source(zip, &part[i]);
        zip_int64_t index =
            source ? zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) : -1;
        good = index >= 0;
        if (!good && source)
            zip_source_free(source);
        if (good)
            zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
    }
    if (zip && good)
        good = zip_close(zip) == 0;
    if (zip && !good)
        zip_discard(zip);
    return good
               ? PLEATS_OK
               : pleats_fail(ctx, PLEATS_INVALID, "%s cannot be written", path);
}
