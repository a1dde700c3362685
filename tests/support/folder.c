#define _XOPEN_SOURCE 700
#include "folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_BYTES = 256, PATHS = 4, DESCRIPTORS = 8 };

static char folder[] = "/tmp/pleats-test-XXXXXX";

const char *in_folder(const char *name)
{
    static char path[PATHS][PATH_BYTES];
    static int next;
    char *p = path[next++ % PATHS];
    snprintf(p, PATH_BYTES, "%s/%s", folder, name);
    return p;
}

static int remove_one(const char *path, const struct stat *info, int kind,
                      struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_folder(void)
{
    if (nftw(folder, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS) != 0)
        perror(folder);
}

const char *folder_make(void)
{
    if (!mkdtemp(folder)) {
        perror(folder);
        exit(2);
    }
    atexit(remove_folder);
    return folder;
}
