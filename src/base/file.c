/* Whole files in memory, and messages that begin with a place. */
#define _GNU_SOURCE
#include "base/file.h"

#include "base/gunzip.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* WHY_BYTES: a message may name many nodes. */
enum { PLACE_BYTES = 4608, WHY_BYTES = 16384, WAIT_MS = 50 };

const char *pleats_file_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Opens without waiting for the writer of a pipe. */
static pleats_status open_file(pleats_ctx *ctx, const char *path, int *fd)
{
    struct stat info;
    *fd = strcmp(path, "-") == 0
              ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
              : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (*fd < 0)
        return pleats_fail(ctx, PLEATS_INVALID, "cannot open %s: %s",
                           pleats_file_name(path), strerror(errno));
    if (fstat(*fd, &info) == 0 && S_ISDIR(info.st_mode))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s is a directory: name a file in it", path);
    return PLEATS_OK;
}

/* What there is of a file, at most `room` bytes; *got is 0 at its end.  Waiting
 * ends when work is to stop. */
static pleats_status read_some(pleats_ctx *ctx, const char *path, int fd,
                               char *bytes, size_t room, size_t *got)
{
    pleats_status status = PLEATS_OK;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    for (;;) {
        int n_ready = poll(&ready, 1, WAIT_MS);
        ssize_t n = n_ready > 0 ? read(fd, bytes, room) : -1;
        if (n >= 0) {
            *got = (size_t)n;
            return PLEATS_OK;
        }
        if (n_ready > 0 && errno != EINTR && errno != EAGAIN)
            TRY(pleats_fail(ctx, PLEATS_INVALID, "cannot read %s: %s",
                            pleats_file_name(path), strerror(errno)));
        TRY(pleats_check_stop(ctx));
    }
done:
    return status;
}

/* The file is read in growing steps, never by a size that somebody claims. */
static pleats_status read_all(pleats_ctx *ctx, const char *path, int fd,
                              size_t max_bytes, char **out, size_t *size)
{
    pleats_status status = PLEATS_OK;
    size_t capacity = 0, n = 0, got = 1;
    while (got > 0) {
        TRY(pleats_check_stop(ctx));
        TRY(pleats_grow(ctx, out, &capacity, n + 1 + BUFSIZ, 1));
        TRY(read_some(ctx, path, fd, *out + n, capacity - n - 1, &got));
        n += got;
        if (n > max_bytes)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "%s is larger than %zu MiB, the most that such a "
                            "file may have",
                            pleats_file_name(path), max_bytes >> 20));
    }
    (*out)[n] = '\0';
    *size = n;
done:
    return status;
}

pleats_status pleats_file_read(pleats_ctx *ctx, const char *path,
                               size_t max_bytes, char **out, size_t *size)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL, *unpacked = NULL;
    size_t n = 0;
    int fd = -1;
    TRY(open_file(ctx, path, &fd));
    TRY(read_all(ctx, path, fd, max_bytes, &bytes, &n));
    if (pleats_is_gzip(bytes, n)) {
        status = pleats_gunzip(ctx, bytes, n, max_bytes, &unpacked, &n);
        if (status != PLEATS_OK)
            TRY(pleats_blame(ctx, status, "%s", pleats_file_name(path)));
    }
    *out = unpacked ? unpacked : bytes;
    *size = n;
    if (!unpacked)
        bytes = NULL;
    unpacked = NULL;
done:
    if (fd >= 0)
        close(fd);
    pleats_release(ctx, bytes);
    pleats_release(ctx, unpacked);
    return status;
}

void pleats_skip_mark(const char **text, size_t *length)
{
    if (*length >= 3 && memcmp(*text, "\xef\xbb\xbf", 3) == 0) {
        *text += 3;
        *length -= 3;
    }
}

pleats_status pleats_blame(pleats_ctx *ctx, pleats_status status,
                           const char *place, ...)
{
    char where[PLACE_BYTES], why[WHY_BYTES];
    va_list args;
    va_start(args, place);
    pleats_vformat(where, sizeof where, place, args);
    va_end(args);
    snprintf(why, sizeof why, "%s", pleats_ctx_message(ctx));
    return pleats_fail(ctx, status, "%s: %s", where, why);
}
