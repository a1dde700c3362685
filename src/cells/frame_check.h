/* A second way to what a frame says, for those who want no answer to rest on
 * one: that the frame is its part, no more and no less, and that it is
 * full-dimensional.  It shares nothing with the first way but the numbers, and
 * believes the exact programme only with a certificate that it adds up anew. */
#ifndef PLEATS_CELLS_FRAME_CHECK_H
#define PLEATS_CELLS_FRAME_CHECK_H

#include "cells/frame.h"

/* PLEATS_INTERNAL when `frame` is not the part: when some side of its box or
 * some row cuts off a point of the part, a point of the part has no
 * coordinates, a point of the frame is not in the part, or all of the frame
 * lies in one of its sides.  Of parts whose directions depend on one another
 * only that some point of them is there is checked.  Cost: for a box O(n k);
 * else Gauss on n (k + k) rationals and an exact programme for each side. */
PLEATS_NODISCARD pleats_status pleats_frame_check(pleats_ctx *ctx,
                                                  const pleats_frame *frame,
                                                  pleats_idx n_inputs,
                                                  const pleats_part *part);

/* The same for the frames of all parts of a domain, which are made for it. */
PLEATS_NODISCARD pleats_status pleats_frames_check(pleats_ctx *ctx,
                                                   const pleats_domain *domain);

#endif
