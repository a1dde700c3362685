/* Files that are written at once, and those that are not written from one end
 * to the other. */
#ifndef PLEATS_BASE_OUTPUT_H
#define PLEATS_BASE_OUTPUT_H

#include "base/base.h"
#include "pleats/output.h"

/* The descriptor of a regular file, which may be read and written at any place
 * until its commit; -1 of devices and pipes.  Lent. */
int pleats_output_file(const pleats_output *out);

/* ---- files that another process may go on with ---- */

/* A number for the name of such a file, which nobody can know before; not 0. */
PLEATS_NODISCARD pleats_status pleats_output_draw_number(pleats_ctx *ctx,
                                                         uint64_t *number);

/* As pleats_output_open_kept, with that number for the random one: what was
 * there of this name is emptied.  PLEATS_IO when another process is at it. */
PLEATS_NODISCARD pleats_status
pleats_output_open_numbered(pleats_ctx *ctx, const char *path, uint64_t number,
                            pleats_give pleats_output **out);

/* Brings what was written of such a file to the disk.  From now on it stays
 * when it is freed without a commit. */
PLEATS_NODISCARD pleats_status pleats_output_leave(pleats_ctx *ctx,
                                                   pleats_output *out);

/* The file's name until its commit, in the folder of its target.  Lent. */
const char *pleats_output_part(const pleats_output *out);

/* Opens what was left of a file with this path and number, which stays;
 * *out = NULL where there is nothing of that name.  PLEATS_INVALID when another
 * process is at it; `where` is named in messages. */
PLEATS_NODISCARD pleats_status
pleats_output_open_left(pleats_ctx *ctx, const char *path, uint64_t number,
                        const char *where, pleats_give pleats_output **out);

/* Cuts it behind its first n bytes, where writing goes on. */
PLEATS_NODISCARD pleats_status pleats_output_cut(pleats_ctx *ctx,
                                                 pleats_output *out,
                                                 uint64_t n);

/* Writes a whole file at once, as by pleats_output_open, _write and _commit. */
PLEATS_NODISCARD pleats_status pleats_output_put(pleats_ctx *ctx,
                                                 const char *path,
                                                 const void *bytes, size_t n);

#endif
