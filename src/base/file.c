#define _POSIX_C_SOURCE 200809L
/* Whole files in memory, and messages that begin with a place. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    PLACE_BYTES = 4608,
    WHY_BYTES = 1024,
    MILLISECONDS_PER_LOOK = 50,
    MOST_AT_ONCE = 1 << 26 /* bytes */
};

/* Waits until there is something to read, or the end; PLEATS_LIMIT when there
 * is a reason to stop first. */
static pleats_status wait_for_bytes(pleats_ctx *ctx, int descriptor)
{
    pleats_status status = PLEATS_OK;
    struct pollfd what = {.fd = descriptor, .events = POLLIN};
    do
        TRY(pleats_check_stop(ctx));
    while (poll(&what, 1, MILLISECONDS_PER_LOOK) <= 0);
done:
    return status;
}

/* The file is read in growing steps, never by a size that somebody claims.  A
 * FIFO is opened at once, whether somebody writes to it or not yet: waiting is
 * done where there is an end to it. */
pleats_status pleats_file_read(pleats_ctx *ctx, const char *path,
                               size_t max_bytes, char **out, size_t *size)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    size_t capacity = 0, n = 0;
    ssize_t got = 1;
    const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return pleats_fail(ctx, PLEATS_INVALID, "cannot open %s: %s", path,
                           strerror(errno));
    while (got != 0) {
        TRY(wait_for_bytes(ctx, file));
        TRY(pleats_grow(ctx, &bytes, &capacity, n + 1 + BUFSIZ, 1));
        const size_t room = capacity - n - 1;
        got = read(file, bytes + n, room < MOST_AT_ONCE ? room : MOST_AT_ONCE);
        if (got < 0 && errno != EAGAIN && errno != EINTR)
            TRY(pleats_fail(ctx, PLEATS_INVALID, "cannot read %s: %s", path,
                            strerror(errno)));
        n += got > 0 ? (size_t)got : 0;
        if (n > max_bytes)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "%s is larger than %zu MiB, the most that such a "
                            "file may have",
                            path, max_bytes >> 20));
    }
    bytes[n] = '\0';
    *out = bytes;
    *size = n;
    bytes = NULL;
done:
    close(file);
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
