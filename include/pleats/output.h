/* Files that are written: each appears whole or not at all.
 *
 * A file is opened before the work whose result goes into it, so that a path
 * that cannot be written fails at once.  What was there stays as it is, under
 * its name, until pleats_output_commit.
 *
 *     TRY(pleats_output_open(ctx, path, &out));
 *     ... work ...
 *     TRY(pleats_output_write(ctx, out, bytes, n));
 *     TRY(pleats_output_commit(ctx, out));
 *   done:
 *     pleats_output_free(ctx, out);
 *
 * A regular file is written to a file without a name in the same folder (or
 * one with a random name, where the file system has no such files), brought to
 * the disk, and given its name.  It has the mode of the file that it replaces,
 * or what the process's umask leaves of 0666.  A symbolic link stays and what
 * it leads to is replaced.  Two that write to one path at once do not mix: the
 * later one stays.
 *
 * "-" and /dev/stdout are standard output, /dev/stderr and /dev/fd/N the
 * descriptors; these, devices and pipes are written as the bytes come and not
 * replaced.  Waiting for the reader of a pipe ends when work is to stop
 * (pleats_ctx_cancel). */
#ifndef PLEATS_OUTPUT_H
#define PLEATS_OUTPUT_H

#include "pleats/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pleats_output pleats_output;

/* PLEATS_IO when the path cannot be written. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_output_open(
    pleats_ctx *ctx, const char *path, pleats_give pleats_output **out);

/* The same for a file that may be of use before it is whole: a regular one has
 * a name from the start, PATH.<random>.part, under which it stays when the
 * process is killed.  With its commit it takes its place like any other. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_output_open_kept(
    pleats_ctx *ctx, const char *path, pleats_give pleats_output **out);

/* Adds n bytes at the end. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_output_write(
    pleats_ctx *ctx, pleats_output *out, const void *bytes, size_t n);

/* The file takes its place.  Nothing may be written afterwards. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_output_commit(pleats_ctx *ctx, pleats_output *out);

/* Without a commit before, nothing is left of the file.  NULL is fine. */
PLEATS_API void pleats_output_free(pleats_ctx *ctx,
                                   pleats_take pleats_output *out);

/* The path that was given.  Lent. */
PLEATS_API const char *pleats_output_path(const pleats_output *out);

/* Whether bytes go to a descriptor, device or pipe as they come. */
PLEATS_API bool pleats_output_is_stream(const pleats_output *out);

/* Whether `path` names standard output. */
PLEATS_API bool pleats_path_is_stdout(const char *path);

#ifdef __cplusplus
}
#endif
#endif
