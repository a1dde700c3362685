/* Files that appear whole or not at all. */
#define _POSIX_C_SOURCE 200809L
#include "base/file_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SUFFIX_BYTES = 32 };

static pleats_status refuse(pleats_ctx *ctx, const char *path, int error)
{
    return pleats_fail(ctx, PLEATS_IO, "cannot write %s: %s", path,
                       strerror(error));
}

/* Writes the bytes to `path`, opened with `flags`; with `is_new` the file must
 * be on the disk before this returns.  Returns 0 or the error. */
static int write_bytes(const char *path, int flags, bool is_new,
                       const unsigned char *bytes, size_t n)
{
    int error = 0, fd = open(path, flags | O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    while (n > 0 && error == 0) {
        ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno != EINTR)
            error = errno;
        if (done > 0) {
            bytes += done;
            n -= (size_t)done;
        }
    }
    if (error == 0 && is_new && fsync(fd) != 0)
        error = errno;
    if (close(fd) != 0 && error == 0)
        error = errno;
    return error;
}

pleats_status pleats_file_write(pleats_ctx *ctx, const char *path,
                                const unsigned char *bytes, size_t n)
{
    pleats_status status = PLEATS_OK;
    struct stat old;
    char *beside = NULL;
    size_t room = strlen(path) + SUFFIX_BYTES;
    int error = 0;
    if (stat(path, &old) == 0 && !S_ISREG(old.st_mode)) {
        error = write_bytes(path, 0, false, bytes, n);
        return error == 0 ? PLEATS_OK : refuse(ctx, path, error);
    }
    TRY(pleats_alloc(ctx, room, 1, &beside));
    snprintf(beside, room, "%s.%ld.tmp", path, (long)getpid());
    error = write_bytes(beside, O_CREAT | O_TRUNC, true, bytes, n);
    if (error == 0 && rename(beside, path) != 0)
        error = errno;
    if (error != 0) {
        unlink(beside);
        TRY(refuse(ctx, path, error));
    }
done:
    pleats_release(ctx, beside);
    return status;
}
