/* Preloaded into the program by test_work.py: the FAIL_IO_AT-th call of write,
 * fsync, linkat or renameat that is about a file fails, as on a full disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int n_calls;

static int is_to_fail(void)
{
    const char *at = getenv("FAIL_IO_AT");
    if (!at || ++n_calls != atoi(at))
        return 0;
    errno = ENOSPC;
    return 1;
}

/* Sets *function, a pointer to a function, to the one that is replaced. */
static void find(const char *name, void *function)
{
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof found);
}

static int is_file(int fd)
{
    struct stat s;
    return fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    ssize_t (*next)(int, const void *, size_t);
    find("write", &next);
    return is_file(fd) && is_to_fail() ? -1 : next(fd, bytes, n);
}

int fsync(int fd)
{
    int (*next)(int);
    find("fsync", &next);
    return is_file(fd) && is_to_fail() ? -1 : next(fd);
}

int linkat(int from, const char *old, int to, const char *new, int flags)
{
    int (*next)(int, const char *, int, const char *, int);
    find("linkat", &next);
    return is_to_fail() ? -1 : next(from, old, to, new, flags);
}

int renameat(int from, const char *old, int to, const char *new)
{
    int (*next)(int, const char *, int, const char *);
    find("renameat", &next);
    return is_to_fail() ? -1 : next(from, old, to, new);
}
