/* What a path stands for. */
#ifndef PLEATS_BASE_PATH_H
#define PLEATS_BASE_PATH_H

/* The open descriptor that a path names, or -1. */
int pleats_path_descriptor(const char *path);

/* Where links lead to from `path`, which need not be there: a path that is no
 * link.  Free with free(); NULL: *error. */
char *pleats_path_follow(const char *path, int *error);

#endif
