/* The file of a certificate: bytes of its header and of its body, which zstd
 * packs, go to an output, and what is there can be gone on with.
 *
 * A stream is ended where it is settled, and another one follows: for readers
 * all of them are one. */
#ifndef PLEATS_CERT_CERT_FILE_H
#define PLEATS_CERT_CERT_FILE_H

#include "exact/digest.h"

#include "pleats/output.h"

#include <zstd.h>

/* What an output has: so many bytes, and their digest. */
typedef struct {
    uint64_t n;
    pleats_digest digest;
} pleats_cert_extent;

typedef struct {
    pleats_ctx *ctx;
    pleats_output *out; /* lent */
    ZSTD_CCtx *packer;  /* NULL: the body is text */
    char *packed;       /* room */
    pleats_hasher *hasher;
    uint64_t n;     /* bytes in the output */
    bool is_inside; /* a stream has begun and is not ended */
} pleats_cert_file;

/* An empty output's file; clear it in every case. */
PLEATS_NODISCARD pleats_status pleats_cert_file_init(pleats_ctx *ctx,
                                                     pleats_cert_file *file,
                                                     pleats_output *out,
                                                     bool is_text);
void pleats_cert_file_clear(pleats_cert_file *file);

PLEATS_NODISCARD pleats_status pleats_cert_file_header(pleats_cert_file *file,
                                                       const char *bytes,
                                                       size_t n);
/* Errors go to `ctx`, which is the caller's thread's. */
PLEATS_NODISCARD pleats_status pleats_cert_file_body(pleats_ctx *ctx,
                                                     pleats_cert_file *file,
                                                     const char *bytes,
                                                     size_t n);

/* Ends the stream: the output has all that was given. */
PLEATS_NODISCARD pleats_status pleats_cert_file_settle(pleats_cert_file *file);

/* Of one that is settled. */
void pleats_cert_file_extent(const pleats_cert_file *file,
                             pleats_cert_extent *extent);

/* A file from open_left becomes this empty one's output (lent), from the end of
 * `extent` on.  PLEATS_INVALID, and it is as it was, when it does not begin so;
 * `where` is named in messages. */
PLEATS_NODISCARD pleats_status
pleats_cert_file_go_on(pleats_cert_file *file, pleats_output *out,
                       const pleats_cert_extent *extent, const char *where);

/* *same: whether the file at `path` is there and just of this extent. */
PLEATS_NODISCARD pleats_status
pleats_cert_file_is_at(pleats_ctx *ctx, const char *path,
                       const pleats_cert_extent *extent, bool *same);

#endif
