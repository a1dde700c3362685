#define _GNU_SOURCE /* asprintf */
#include "base/path.h"

#include "pleats/output.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LINKS = 40 };

bool pleats_path_is_stdout(const char *path)
{
    return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0 ||
           strcmp(path, "/dev/fd/1") == 0 ||
           strcmp(path, "/proc/self/fd/1") == 0;
}

int pleats_path_descriptor(const char *path)
{
    static const char *const folder[] = {"/dev/fd/", "/proc/self/fd/"};
    if (pleats_path_is_stdout(path))
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(folder[i]);
        char *end;
        if (strncmp(path, folder[i], n) != 0 || path[n] < '0' || path[n] > '9')
            continue;
        long fd = strtol(path + n, &end, 10);
        if (*end == '\0' && fd <= INT_MAX)
            return (int)fd;
    }
    return -1;
}

char *pleats_path_follow(const char *path, int *error)
{
    char target[PATH_MAX], *now = strdup(path);
    for (int i = 0; now; i++) {
        ssize_t n = readlink(now, target, sizeof target - 1);
        if (n < 0)
            return now;
        target[n] = '\0';
        const char *slash = strrchr(now, '/');
        int head = slash && target[0] != '/' ? (int)(slash - now) + 1 : 0;
        char *next = NULL;
        if (i == MOST_LINKS)
            errno = ELOOP;
        else if (asprintf(&next, "%.*s%s", head, now, target) < 0)
            next = NULL;
        free(now);
        now = next;
    }
    *error = errno ? errno : ENOMEM;
    return NULL;
}
