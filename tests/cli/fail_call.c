/* Loaded before the C library: makes the FAIL_CALL-th of the calls that put a
 * file on the disk fail, or ends the program there (FAIL_HOW=kill).  Only calls
 * about regular files and folders count.  A byte more in the file FAIL_LOG says
 * that there was such a call. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long n_calls;

/* Whether this call is the one; then it has been noted. */
static int is_hit(void)
{
    const char *wanted = getenv("FAIL_CALL"), *how = getenv("FAIL_HOW");
    const char *log = getenv("FAIL_LOG");
    if (!wanted || !log || atomic_fetch_add(&n_calls, 1) + 1 != atol(wanted))
        return 0;
    const long fd =
        syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (fd < 0 || syscall(SYS_write, fd, "x", 1) != 1)
        abort();
    syscall(SYS_close, fd);
    if (how && strcmp(how, "kill") == 0)
        raise(SIGKILL);
    return 1;
}

static int is_file(int fd)
{
    struct stat s;
    return fstat(fd, &s) == 0 && (S_ISREG(s.st_mode) || S_ISDIR(s.st_mode)) &&
           fd > STDERR_FILENO;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    if (!is_file(fd) || !is_hit())
        return syscall(SYS_write, fd, bytes, n);
    errno = ENOSPC;
    return -1;
}

int fsync(int fd)
{
    if (!is_file(fd) || !is_hit())
        return (int)syscall(SYS_fsync, fd);
    errno = EIO;
    return -1;
}

int linkat(int from, const char *old, int to, const char *name, int flags)
{
    if (!is_hit())
        return (int)syscall(SYS_linkat, from, old, to, name, flags);
    errno = EIO;
    return -1;
}

int renameat(int from, const char *old, int to, const char *name)
{
    if (!is_hit())
        return (int)syscall(SYS_renameat2, from, old, to, name, 0);
    errno = EIO;
    return -1;
}

int openat(int folder, const char *name, int flags, ...)
{
    int mode = 0;
    va_list args;
    va_start(args, flags);
    if (flags & (O_CREAT | O_TMPFILE))
        mode = va_arg(args, int);
    va_end(args);
    if (!(flags & O_WRONLY) && !(flags & O_RDWR))
        return (int)syscall(SYS_openat, folder, name, flags, mode);
    if (!is_hit())
        return (int)syscall(SYS_openat, folder, name, flags, mode);
    errno = ENOSPC;
    return -1;
}
