/* Whole files in memory, and messages that begin with a place. */
#include "base/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PLACE_BYTES = 4608, WHY_BYTES = 1024 };

/* The file is read in growing steps, never by a size that somebody claims. */
pleats_status pleats_file_read(pleats_ctx *ctx, const char *path,
                               size_t max_bytes, char **out, size_t *size)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    size_t capacity = 0, n = 0, got = 1;
    FILE *file = fopen(path, "rb");
    if (!file)
        return pleats_fail(ctx, PLEATS_INVALID, "cannot open %s: %s", path,
                           strerror(errno));
    while (got > 0) {
        TRY(pleats_check_stop(ctx));
        TRY(pleats_grow(ctx, &bytes, &capacity, n + 1 + BUFSIZ, 1));
        got = fread(bytes + n, 1, capacity - n - 1, file);
        n += got;
        if (n > max_bytes)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "%s is larger than %zu MiB, the most that such a "
                            "file may have",
                            path, max_bytes >> 20));
    }
    if (ferror(file))
        TRY(pleats_fail(ctx, PLEATS_INVALID, "cannot read %s: %s", path,
                        strerror(errno)));
    bytes[n] = '\0';
    *out = bytes;
    *size = n;
    bytes = NULL;
done:
    fclose(file);
    pleats_release(ctx, bytes);
    return status;
}

pleats_status pleats_blame(pleats_ctx *ctx, pleats_status status,
                           const char *place, ...)
{
    char where[PLACE_BYTES], why[WHY_BYTES];
    va_list args;
    va_start(args, place);
    vsnprintf(where, sizeof where, place, args);
    va_end(args);
    snprintf(why, sizeof why, "%s", pleats_ctx_message(ctx));
    return pleats_fail(ctx, status, "%s: %s", where, why);
}
