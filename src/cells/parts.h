/* The parts of a domain, made ready for counting.
 *
 * Empty parts are left out, and so are parts that lie inside a part of higher
 * dimension.  Parts with one affine hull form a group: a pattern that has
 * points in several of them is one region of their union.  Parts with
 * different hulls meet in less than a region, and are counted by themselves. */
#ifndef PLEATS_CELLS_PARTS_H
#define PLEATS_CELLS_PARTS_H

#include "cells/frame.h"

typedef struct {
    pleats_idx n;
    pleats_frame *frame; /* [n] */
    pleats_idx *leader;  /* [n] first part with the same affine hull */
    pleats_idx n_framed; /* frames that need clearing */
} pleats_parts;

PLEATS_NODISCARD pleats_status pleats_parts_init(pleats_ctx *ctx,
                                                 pleats_parts *parts,
                                                 const pleats_domain *domain);
void pleats_parts_clear(pleats_ctx *ctx, pleats_parts *parts);

#endif
