/* The parts of a domain, made ready for counting.
 *
 * Regions are those of the set: empty parts are left out, and of a part what
 * parts of higher dimension cover; what is left of it may be several frames.
 * Frames with one affine hull form a group: a pattern that has points in
 * several of them is one region of their union.  Frames with different hulls
 * meet in less than a region, and are counted by themselves.  Higher dimensions
 * come first. */
#ifndef PLEATS_CELLS_PARTS_H
#define PLEATS_CELLS_PARTS_H

#include "cells/frame.h"

typedef struct {
    pleats_idx n;
    pleats_frame *frame; /* [n] */
    pleats_idx *leader;  /* [n] first frame with the same affine hull */
} pleats_parts;

PLEATS_NODISCARD pleats_status pleats_parts_init(pleats_ctx *ctx,
                                                 pleats_parts *parts,
                                                 const pleats_domain *domain);
/* The same, with lifted parts (pleats_frame_init_lifted). */
PLEATS_NODISCARD pleats_status pleats_parts_init_lifted(
    pleats_ctx *ctx, pleats_parts *parts, const pleats_domain *domain);
void pleats_parts_clear(pleats_ctx *ctx, pleats_parts *parts);

#endif
