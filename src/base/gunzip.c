#include "base/gunzip.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 + MAX_WBITS, STEP_BYTES = 1 << 16 };

typedef struct {
    pleats_ctx *ctx;
    z_stream z;
    bool is_open;
    char *out; /* [n] */
    size_t n, capacity, max_bytes;
} unpacking;

bool pleats_is_gzip(const char *bytes, size_t n)
{
    return n >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0;
}

static void *take(void *ctx, unsigned count, unsigned size)
{
    void *block = NULL;
    return pleats_alloc(ctx, count, size, &block) == PLEATS_OK ? block : NULL;
}

static void give_back(void *ctx, void *block)
{
    pleats_release(ctx, block);
}

/* Unpacks some more; *is_end at the end of a member. */
static pleats_status step(unpacking *u, bool *is_end)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(u->ctx, &u->out, &u->capacity, u->n + STEP_BYTES + 1, 1));
    size_t room = u->capacity - u->n - 1;
    room = room < INT_MAX ? room : INT_MAX;
    u->z.next_out = (unsigned char *)u->out + u->n;
    u->z.avail_out = (unsigned)room;
    int code = inflate(&u->z, Z_NO_FLUSH);
    u->n += room - u->z.avail_out;
    *is_end = code == Z_STREAM_END;
    if (code == Z_MEM_ERROR)
        TRY(pleats_fail(u->ctx, PLEATS_NOMEM, "out of memory"));
    if (code == Z_BUF_ERROR ||
        (code == Z_OK && u->z.avail_in == 0 && u->z.avail_out > 0))
        TRY(pleats_fail(u->ctx, PLEATS_INVALID,
                        "the gzip data end too early: the file is cut short"));
    if (code != Z_OK && code != Z_STREAM_END)
        TRY(pleats_fail(u->ctx, PLEATS_INVALID, "the gzip data are damaged%s%s",
                        u->z.msg ? ": " : "", u->z.msg ? u->z.msg : ""));
    if (u->n > u->max_bytes)
        TRY(pleats_fail(u->ctx, PLEATS_INVALID,
                        "the gzip data unpack to more than %zu MiB, the most "
                        "that such a file may have",
                        u->max_bytes >> 20));
    TRY(pleats_check_stop(u->ctx));
done:
    return status;
}

pleats_status pleats_gunzip(pleats_ctx *ctx, const char *bytes, size_t n,
                            size_t max_bytes, char **out, size_t *size)
{
    pleats_status status = PLEATS_OK;
    unpacking u = {.ctx = ctx, .max_bytes = max_bytes};
    u.z.zalloc = take;
    u.z.zfree = give_back;
    u.z.opaque = ctx;
    *out = NULL;
    if (n > UINT_MAX)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "more than 4 GiB of gzip data"));
    if (inflateInit2(&u.z, GZIP_ONLY) != Z_OK)
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory"));
    u.is_open = true;
    u.z.next_in = (unsigned char *)(uintptr_t)bytes;
    u.z.avail_in = (unsigned)n;
    for (bool is_end = false; !is_end;) {
        TRY(step(&u, &is_end));
        const char *rest = (const char *)u.z.next_in;
        if (is_end && pleats_is_gzip(rest, u.z.avail_in)) {
            is_end = false;
            (void)inflateReset(&u.z);
        }
    }
    for (; u.z.avail_in > 0; u.z.next_in++, u.z.avail_in--)
        if (*u.z.next_in != 0)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "something follows the end of the gzip data"));
    u.out[u.n] = '\0';
    *out = u.out;
    *size = u.n;
    u.out = NULL;
done:
    if (u.is_open)
        inflateEnd(&u.z);
    pleats_release(ctx, u.out);
    return status;
}
