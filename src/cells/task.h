/* A part of a walk as a string of bytes: a subtree of the tree of cells, or
 * some of the sections by which a cell's regions are counted (sections.h).
 *
 * Which children a cell has, and in which order, depends on the network and the
 * frame alone (walk.h), so the numbers of the children on the way down from the
 * root name a cell.  With digests of both, such a name means the same in every
 * thread, process and machine, whatever engine is used there.
 *
 * The bytes: version, digest of the network [32], digest of the frame [32],
 * then budget, first section and the one after the last, length of the path,
 * and path as numbers of 7 bits a byte, least first, the top bit set in all
 * bytes but the last. */
#ifndef PLEATS_CELLS_TASK_H
#define PLEATS_CELLS_TASK_H

#include "cells/frame.h"
#include "exact/lines.h"
#include "par/crew.h"

/* What a walk is over. */
typedef struct {
    pleats_digest net, frame;
} pleats_origin;

typedef struct {
    pleats_origin origin;
    /* After so many leaves of the tree, what is left of the subtree is handed
     * back as tasks of the same budget; 0: never. */
    uint64_t budget;
    uint64_t first, end; /* sections of the cell; 0, 0: the whole subtree */
    size_t n, capacity;
    pleats_idx *child; /* [n] */
} pleats_task;

/* The digests; that of the network is the one of its file, where it has one. */
PLEATS_NODISCARD pleats_status pleats_origin_of(pleats_ctx *ctx,
                                                pleats_hasher *hasher,
                                                const pleats_net *net,
                                                const pleats_frame *frame,
                                                pleats_origin *out);

/* Appends the lines "network DIGEST" and "domain DIGEST". */
PLEATS_NODISCARD pleats_status pleats_origin_text(pleats_ctx *ctx,
                                                  const pleats_net *net,
                                                  const pleats_frame *frame,
                                                  pleats_text *text);

void pleats_task_clear(pleats_ctx *ctx, pleats_task *task);
/* Adds a child to the path. */
PLEATS_NODISCARD pleats_status pleats_task_go(pleats_ctx *ctx,
                                              pleats_task *task,
                                              pleats_idx child);

/* Appends the path, or takes one at *at, up to a space or the end of the line:
 * a point, and the number of a child on each level, in brackets if it has
 * several digits. */
PLEATS_NODISCARD pleats_status pleats_task_put_path(pleats_ctx *ctx,
                                                    const pleats_task *task,
                                                    pleats_text *text);
PLEATS_NODISCARD pleats_status pleats_task_take_path(const pleats_lines *lines,
                                                     char **at,
                                                     pleats_task *task);

/* The task of a whole tree. */
PLEATS_NODISCARD pleats_status pleats_root_task(pleats_ctx *ctx,
                                                const pleats_origin *origin,
                                                uint64_t budget,
                                                pleats_give pleats_parcel *out);

PLEATS_NODISCARD pleats_status pleats_task_write(
    pleats_ctx *ctx, const pleats_task *task, pleats_give pleats_parcel *out);

/* Reads any bytes into `task` (zeroed or in use); PLEATS_INVALID unless they
 * are what pleats_task_write makes of some task of this origin. */
PLEATS_NODISCARD pleats_status pleats_task_read(pleats_ctx *ctx,
                                                const pleats_parcel *parcel,
                                                const pleats_origin *origin,
                                                pleats_task *task);

#endif
