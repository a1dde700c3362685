/* Affine hulls of frames, compared exactly. */
#ifndef PLEATS_CELLS_HULL_H
#define PLEATS_CELLS_HULL_H

#include "cells/frame.h"

/* Whether the hull of `inner` lies in that of `outer`. */
PLEATS_NODISCARD pleats_status pleats_hull_contains(pleats_ctx *ctx,
                                                    const pleats_frame *outer,
                                                    const pleats_frame *inner,
                                                    bool *contains);

/* Whether all of `inner` lies in the closure of `outer`. */
PLEATS_NODISCARD pleats_status pleats_frame_contains(pleats_ctx *ctx,
                                                     const pleats_frame *outer,
                                                     const pleats_frame *inner,
                                                     bool *contains);

#endif
