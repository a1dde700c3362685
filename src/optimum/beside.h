/* Exact values and regions at a rational point of a frame. */
#ifndef PLEATS_OPTIMUM_BESIDE_H
#define PLEATS_OPTIMUM_BESIDE_H

#include "cells/frame.h"

/* x [n_inputs] and y [n_outputs] of the point [k + 1], homogeneous as of
 * local/point.h. */
PLEATS_NODISCARD pleats_status pleats_values_at(pleats_ctx *ctx,
                                                const pleats_net *net,
                                                const pleats_frame *frame,
                                                mpz_t *point, mpq_t *x,
                                                mpq_t *y);

/* piece [n_units]: the pieces just beside the point, on the way to a random
 * point inside the frame; so the point is in the closure of their region.  A
 * unit whose input stays at a breakpoint on that way has the piece below it,
 * and the first of equal candidates wins: that is so in the whole region, but
 * for random points of measure zero. */
PLEATS_NODISCARD pleats_status pleats_pattern_behind(pleats_ctx *ctx,
                                                     const pleats_net *net,
                                                     const pleats_frame *frame,
                                                     mpz_t *point,
                                                     pleats_idx *piece);

#endif
