#include "cert/cert_file.h"

#include "base/output.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 1 << 16, LEVEL = 6 };

pleats_status pleats_cert_file_init(pleats_ctx *ctx, pleats_cert_file *f,
                                    pleats_output *out, bool is_text)
{
    pleats_status status = PLEATS_OK;
    *f = (pleats_cert_file){.ctx = ctx, .out = out};
    TRY(pleats_alloc(ctx, ROOM, 1, &f->packed));
    TRY(pleats_hasher_new(ctx, &f->hasher));
    f->packer = is_text ? NULL : ZSTD_createCCtx();
    if (!is_text && !f->packer)
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory"));
    if (!is_text) /* neither fails for a level that there is */
        (void)ZSTD_CCtx_setParameter(f->packer, ZSTD_c_compressionLevel, LEVEL);
    if (!is_text)
        (void)ZSTD_CCtx_setParameter(f->packer, ZSTD_c_checksumFlag, 1);
done:
    return status;
}

void pleats_cert_file_clear(pleats_cert_file *f)
{
    if (!f->ctx)
        return;
    (void)ZSTD_freeCCtx(f->packer);
    pleats_release(f->ctx, f->packed);
    pleats_hasher_free(f->ctx, f->hasher);
    *f = (pleats_cert_file){0};
}

static pleats_status put(pleats_ctx *ctx, pleats_cert_file *f,
                         const char *bytes, size_t n)
{
    pleats_hasher_add(f->hasher, bytes, n);
    f->n += n;
    return pleats_output_write(ctx, f->out, bytes, n);
}

pleats_status pleats_cert_file_header(pleats_cert_file *f, const char *bytes,
                                      size_t n)
{
    return put(f->ctx, f, bytes, n);
}

/* Packs n bytes; `last`: the stream ends behind them. */
static pleats_status pack(pleats_ctx *ctx, pleats_cert_file *f,
                          const char *bytes, size_t n, bool last)
{
    pleats_status status = PLEATS_OK;
    ZSTD_inBuffer in = {bytes, n, 0};
    size_t left = 1;
    while (in.pos < in.size || (last && left > 0)) {
        ZSTD_outBuffer out = {f->packed, ROOM, 0};
        left = ZSTD_compressStream2(f->packer, &out, &in,
                                    last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            TRY(pleats_fail(ctx, PLEATS_INTERNAL, "zstd: %s",
                            ZSTD_getErrorName(left)));
        TRY(put(ctx, f, f->packed, out.pos));
    }
done:
    return status;
}

pleats_status pleats_cert_file_body(pleats_ctx *ctx, pleats_cert_file *f,
                                    const char *bytes, size_t n)
{
    if (!f->packer)
        return put(ctx, f, bytes, n);
    f->is_inside = f->is_inside || n > 0;
    return pack(ctx, f, bytes, n, false);
}

pleats_status pleats_cert_file_settle(pleats_cert_file *f)
{
    pleats_status status = PLEATS_OK;
    if (!f->is_inside)
        return PLEATS_OK;
    TRY(pack(f->ctx, f, NULL, 0, true));
    f->is_inside = false;
done:
    return status;
}

void pleats_cert_file_extent(const pleats_cert_file *f,
                             pleats_cert_extent *extent)
{
    extent->n = f->n;
    pleats_hasher_look(f->hasher, &extent->digest);
}

/* ---- what is there already ---- */

/* Adds the first n bytes of a file to a hasher; *n_read: how many there are. */
static pleats_status digest_file(pleats_ctx *ctx, int fd, uint64_t n,
                                 pleats_hasher *hasher, uint64_t *n_read)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    *n_read = 0;
    TRY(pleats_alloc(ctx, ROOM, 1, &bytes));
    while (*n_read < n) {
        const uint64_t rest = n - *n_read;
        const ssize_t got =
            pread(fd, bytes, rest < ROOM ? (size_t)rest : ROOM, (off_t)*n_read);
        if (got <= 0)
            break;
        pleats_hasher_add(hasher, bytes, (size_t)got);
        *n_read += (uint64_t)got;
        TRY(pleats_check_stop(ctx));
    }
done:
    pleats_release(ctx, bytes);
    return status;
}

static bool is_digest(const pleats_hasher *hasher, const pleats_digest *digest)
{
    pleats_digest own;
    pleats_hasher_look(hasher, &own);
    return memcmp(&own, digest, sizeof own) == 0;
}

pleats_status pleats_cert_file_go_on(pleats_cert_file *f, pleats_output *out,
                                     const pleats_cert_extent *extent,
                                     const char *where)
{
    pleats_status status = PLEATS_OK;
    uint64_t n = 0;
    TRY(digest_file(f->ctx, pleats_output_file(out), extent->n, f->hasher, &n));
    if (n < extent->n)
        TRY(pleats_fail(f->ctx, PLEATS_INVALID,
                        "%s: goes on behind %" PRIu64 " bytes of \"%s\", which "
                        "has %" PRIu64,
                        where, extent->n, pleats_output_part(out), n));
    if (!is_digest(f->hasher, &extent->digest))
        TRY(pleats_fail(f->ctx, PLEATS_INVALID,
                        "%s: goes on with \"%s\", whose first %" PRIu64
                        " bytes are others now",
                        where, pleats_output_part(out), extent->n));
    TRY(pleats_output_cut(f->ctx, out, extent->n));
    f->out = out;
    f->n = extent->n;
done:
    return status;
}

pleats_status pleats_cert_file_is_at(pleats_ctx *ctx, const char *path,
                                     const pleats_cert_extent *extent,
                                     bool *same)
{
    pleats_status status = PLEATS_OK;
    pleats_hasher *hasher = NULL;
    uint64_t n = 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *same = false;
    if (fd < 0)
        return PLEATS_OK;
    TRY(pleats_hasher_new(ctx, &hasher));
    TRY(digest_file(ctx, fd, extent->n + 1, hasher, &n));
    *same = is_digest(hasher, &extent->digest);
done:
    pleats_hasher_free(ctx, hasher);
    close(fd);
    return status;
}
