/* Affine hulls of frames, compared exactly. */
#ifndef PLEATS_CELLS_HULL_H
#define PLEATS_CELLS_HULL_H

#include "cells/frame.h"

/* Whether the hull of `inner` lies in that of `outer`. */
PLEATS_NODISCARD pleats_status pleats_hull_contains(pleats_ctx *ctx,
                                                    const pleats_frame *outer,
                                                    const pleats_frame *inner,
                                                    bool *contains);

/* How many half-spaces a frame is the intersection of: its rows, and two for
 * each boxed coordinate. */
pleats_idx pleats_frame_n_sides(const pleats_frame *frame);

/* The half-spaces of `outer` in the coordinates of `inner`, whose hull must lie
 * in that of outer (*contains_hull: else nothing is written):
 * row [n sides x (inner k + 1)], row . (t, 1) >= 0 inside. */
PLEATS_NODISCARD pleats_status pleats_frame_sides(pleats_ctx *ctx,
                                                  const pleats_frame *outer,
                                                  const pleats_frame *inner,
                                                  mpz_t *row,
                                                  bool *contains_hull);

#endif
