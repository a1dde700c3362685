/* Files that appear whole or not at all. */
#define _GNU_SOURCE /* O_TMPFILE, O_PATH, getrandom */
#include "pleats/output.h"

#include "base/output.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    NAME_BYTES = NAME_MAX + 1, /* of a file beside the one to be written */
    KEPT_BYTES = 200,          /* of its name that such a file shows */
    TRIES = 16,
    WAIT_MS = 50,
    STREAM_PART = 4096, /* a pipe with room takes so many without waiting */
};

struct pleats_output {
    char *path; /* as it was given */
    int fd;
    bool is_stream;
    /* Of a file that takes its place later: */
    int folder;
    char *name;              /* in the folder, no link */
    char beside[NAME_BYTES]; /* its name until then; "": it has none */
    bool is_kept;            /* it has one from the start */
    uint64_t number;         /* in that; 0: it is yet to be drawn */
    bool is_left;            /* and it stays without a commit */
};

static pleats_status refuse(pleats_ctx *ctx, const char *path, int error)
{
    return pleats_fail(ctx, PLEATS_IO, "cannot write %s: %s", path,
                       strerror(error));
}

/* ---- devices and pipes ---- */

/* A pipe opens for writing when somebody reads it. */
static pleats_status open_stream(pleats_ctx *ctx, pleats_output *o)
{
    pleats_status status = PLEATS_OK;
    const struct timespec pause = {.tv_nsec = WAIT_MS * 1000000L};
    for (;;) {
        o->fd =
            open(o->path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
        if (o->fd >= 0 || (errno != ENXIO && errno != EINTR))
            break;
        TRY(pleats_check_stop(ctx));
        nanosleep(&pause, NULL);
    }
    if (o->fd < 0)
        TRY(refuse(ctx, o->path, errno));
    o->is_stream = true;
done:
    return status;
}

static pleats_status open_descriptor(pleats_ctx *ctx, pleats_output *o, int fd)
{
    o->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    o->is_stream = true;
    return o->fd >= 0 ? PLEATS_OK : refuse(ctx, o->path, errno);
}

static pleats_status wait_for_room(pleats_ctx *ctx, const pleats_output *o)
{
    pleats_status status = PLEATS_OK;
    struct pollfd ready = {.fd = o->fd, .events = POLLOUT};
    while (poll(&ready, 1, WAIT_MS) <= 0)
        TRY(pleats_check_stop(ctx));
done:
    return status;
}

/* ---- files ---- */

/* Opens the folder of the file and takes its name. */
static pleats_status open_folder(pleats_ctx *ctx, pleats_output *o,
                                 char *target)
{
    pleats_status status = PLEATS_OK;
    char *slash = strrchr(target, '/');
    const char *name = slash ? slash + 1 : target, *folder = ".";
    if (*name == '\0')
        TRY(refuse(ctx, o->path, *target ? EISDIR : ENOENT));
    TRY(pleats_strdup(ctx, name, &o->name));
    if (slash == target)
        folder = "/";
    else if (slash) {
        *slash = '\0';
        folder = target;
    }
    o->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (o->folder < 0)
        TRY(refuse(ctx, o->path, errno));
done:
    return status;
}

/* The name of a file that has one from the start. */
static void name_part(pleats_output *o, uint64_t number)
{
    o->number = number;
    snprintf(o->beside, sizeof o->beside, "%.*s.%016llx.part", KEPT_BYTES,
             o->name, (unsigned long long)number);
}

static bool draw(void *bytes, size_t n)
{
    return getrandom(bytes, n, 0) == (ssize_t)n;
}

/* A name that nobody can know before. */
static bool draw_name(pleats_output *o)
{
    uint64_t number[2];
    if (!draw(number, sizeof number))
        return false;
    if (o->is_kept)
        name_part(o, number[0]);
    else
        snprintf(o->beside, sizeof o->beside, ".%016llx%016llx",
                 (unsigned long long)number[0], (unsigned long long)number[1]);
    return true;
}

/* Whether nobody else has the file; where a file system has no locks, nobody
 * is seen. */
static bool is_own(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* The file of a number, new or emptied. */
static int open_numbered(pleats_output *o)
{
    name_part(o, o->number);
    int fd = openat(o->folder, o->beside,
                    O_CREAT | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0666);
    if (fd >= 0 && is_own(fd) && ftruncate(fd, 0) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    o->is_left = true; /* it may be somebody's */
    return -1;
}

static int open_beside(pleats_output *o)
{
    int fd = -1;
    if (o->number != 0)
        return open_numbered(o);
    /* A file without a name gets one through /proc, which a chroot may lack. */
    if (!o->is_kept && access("/proc/self/fd", X_OK) == 0) {
        fd = openat(o->folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
        if (fd >= 0 || errno == EACCES || errno == EROFS || errno == ENOSPC)
            return fd;
    }
    for (int i = 0; i < TRIES && fd < 0 && draw_name(o); i++) {
        fd = openat(o->folder, o->beside,
                    O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd < 0)
        o->beside[0] = '\0';
    return fd;
}

/* Finds the folder and the name that the path leads to. */
static pleats_status find_target(pleats_ctx *ctx, pleats_output *o)
{
    pleats_status status = PLEATS_OK;
    int error = 0;
    char *target = pleats_path_follow(o->path, &error);
    if (!target)
        TRY(refuse(ctx, o->path, error));
    TRY(open_folder(ctx, o, target));
done:
    free(target);
    return status;
}

/* `old` is the file in whose place the new one comes, or NULL. */
static pleats_status open_file(pleats_ctx *ctx, pleats_output *o,
                               const struct stat *old)
{
    pleats_status status = PLEATS_OK;
    TRY(find_target(ctx, o));
    if (old && faccessat(o->folder, o->name, W_OK, AT_EACCESS) != 0)
        TRY(refuse(ctx, o->path, errno));
    o->fd = open_beside(o);
    if (o->fd < 0)
        TRY(refuse(ctx, o->path, errno));
    if (old && (old->st_uid != geteuid() || old->st_gid != getegid()) &&
        fchown(o->fd, old->st_uid, old->st_gid) != 0)
        errno = 0; /* whoever may not give files away keeps them */
    if (old && fchmod(o->fd, old->st_mode & 07777) != 0)
        TRY(refuse(ctx, o->path, errno));
done:
    return status;
}

/* One that is not open yet; free it in every case. */
static pleats_status new_output(pleats_ctx *ctx, const char *path, bool is_kept,
                                uint64_t number, pleats_output **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, 1, sizeof **out, out));
    (*out)->fd = (*out)->folder = -1;
    (*out)->is_kept = is_kept;
    (*out)->number = number;
    TRY(pleats_strdup(ctx, path, &(*out)->path));
done:
    return status;
}

static pleats_status open_output(pleats_ctx *ctx, const char *path,
                                 bool is_kept, uint64_t number,
                                 pleats_output **out)
{
    pleats_status status = PLEATS_OK;
    pleats_output *o = NULL;
    struct stat old;
    int fd = pleats_path_descriptor(path);
    *out = NULL;
    TRY(new_output(ctx, path, is_kept, number, &o));
    bool is_there = stat(path, &old) == 0;
    if (fd >= 0)
        TRY(open_descriptor(ctx, o, fd));
    else if (is_there && S_ISDIR(old.st_mode))
        TRY(refuse(ctx, path, EISDIR));
    else if (is_there && !S_ISREG(old.st_mode))
        TRY(open_stream(ctx, o));
    else
        TRY(open_file(ctx, o, is_there ? &old : NULL));
    *out = o;
    o = NULL;
done:
    pleats_output_free(ctx, o);
    return status;
}

pleats_status pleats_output_open(pleats_ctx *ctx, const char *path,
                                 pleats_output **out)
{
    return open_output(ctx, path, false, 0, out);
}

pleats_status pleats_output_open_kept(pleats_ctx *ctx, const char *path,
                                      pleats_output **out)
{
    return open_output(ctx, path, true, 0, out);
}

pleats_status pleats_output_write(pleats_ctx *ctx, pleats_output *o,
                                  const void *bytes, size_t n)
{
    pleats_status status = PLEATS_OK;
    const unsigned char *next = bytes;
    while (n > 0) {
        size_t part = o->is_stream && n > STREAM_PART ? STREAM_PART : n;
        if (o->is_stream)
            TRY(wait_for_room(ctx, o));
        ssize_t done = write(o->fd, next, part);
        if (done < 0 && errno != EINTR && errno != EAGAIN)
            TRY(refuse(ctx, o->path, errno));
        if (done > 0) {
            next += done;
            n -= (size_t)done;
        }
    }
done:
    return status;
}

/* Gives the file without a name one, since only such a file can replace
 * another.  Returns 0 or the error. */
static int give_name(pleats_output *o)
{
    char open_file[32];
    snprintf(open_file, sizeof open_file, "/proc/self/fd/%d", o->fd);
    for (int i = 0; i < TRIES; i++) {
        if (!draw_name(o))
            break;
        if (linkat(AT_FDCWD, open_file, o->folder, o->beside,
                   AT_SYMLINK_FOLLOW) == 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    o->beside[0] = '\0';
    return errno;
}

/* That the folder has the name must be on the disk as well; not all file
 * systems can say so. */
static void sync_folder(const pleats_output *o)
{
    int fd = openat(o->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

pleats_status pleats_output_commit(pleats_ctx *ctx, pleats_output *o)
{
    int error = 0, fd = o->fd;
    if (!o->is_stream && fsync(fd) != 0)
        error = errno;
    if (error == 0 && !o->is_stream && o->beside[0] == '\0')
        error = give_name(o);
    o->fd = -1;
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && !o->is_stream &&
        renameat(o->folder, o->beside, o->folder, o->name) != 0)
        error = errno;
    if (error != 0)
        return refuse(ctx, o->path, error);
    if (!o->is_stream)
        sync_folder(o);
    o->beside[0] = '\0';
    return PLEATS_OK;
}

pleats_status pleats_output_put(pleats_ctx *ctx, const char *path,
                                const void *bytes, size_t n)
{
    pleats_status status = PLEATS_OK;
    pleats_output *out = NULL;
    TRY(pleats_output_open(ctx, path, &out));
    TRY(pleats_output_write(ctx, out, bytes, n));
    TRY(pleats_output_commit(ctx, out));
done:
    pleats_output_free(ctx, out);
    return status;
}

/* ---- files that another process may go on with ---- */

pleats_status pleats_output_draw_number(pleats_ctx *ctx, uint64_t *number)
{
    do {
        if (!draw(number, sizeof *number))
            return pleats_fail(ctx, PLEATS_IO, "no random numbers: %s",
                               strerror(errno));
    } while (*number == 0);
    return PLEATS_OK;
}

pleats_status pleats_output_open_numbered(pleats_ctx *ctx, const char *path,
                                          uint64_t number, pleats_output **out)
{
    return open_output(ctx, path, true, number, out);
}

pleats_status pleats_output_leave(pleats_ctx *ctx, pleats_output *o)
{
    if (fsync(o->fd) != 0)
        return refuse(ctx, o->path, errno);
    if (!o->is_left)
        sync_folder(o);
    o->is_left = true;
    return PLEATS_OK;
}

const char *pleats_output_part(const pleats_output *o)
{
    return o->beside;
}

pleats_status pleats_output_open_left(pleats_ctx *ctx, const char *path,
                                      uint64_t number, const char *where,
                                      pleats_output **out)
{
    pleats_status status = PLEATS_OK;
    pleats_output *o = NULL;
    *out = NULL;
    TRY(new_output(ctx, path, true, number, &o));
    TRY(find_target(ctx, o));
    name_part(o, number);
    o->is_left = true;
    o->fd = openat(o->folder, o->beside, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (o->fd < 0 && errno == ENOENT)
        goto done;
    if (o->fd < 0)
        TRY(refuse(ctx, o->beside, errno));
    if (!is_own(o->fd))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s: another process is at the file %s that it goes on "
                        "with",
                        where, o->beside));
    *out = o;
    o = NULL;
done:
    pleats_output_free(ctx, o);
    return status;
}

pleats_status pleats_output_cut(pleats_ctx *ctx, pleats_output *o, uint64_t n)
{
    if (ftruncate(o->fd, (off_t)n) != 0 ||
        lseek(o->fd, (off_t)n, SEEK_SET) != (off_t)n)
        return refuse(ctx, o->path, errno);
    return PLEATS_OK;
}

void pleats_output_free(pleats_ctx *ctx, pleats_output *o)
{
    if (!o)
        return;
    if (o->beside[0] && !o->is_left)
        unlinkat(o->folder, o->beside, 0);
    if (o->fd >= 0)
        close(o->fd);
    if (o->folder >= 0)
        close(o->folder);
    pleats_release(ctx, o->path);
    pleats_release(ctx, o->name);
    pleats_release(ctx, o);
}

const char *pleats_output_path(const pleats_output *o)
{
    return o->path;
}

int pleats_output_file(const pleats_output *o)
{
    return o->is_stream ? -1 : o->fd;
}

bool pleats_output_is_stream(const pleats_output *o)
{
    return o->is_stream;
}
