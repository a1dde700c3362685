/* What of a part of a domain lies outside parts of higher dimension. */
#ifndef PLEATS_CELLS_UNCOVERED_H
#define PLEATS_CELLS_UNCOVERED_H

#include "cells/frame.h"

typedef struct {
    size_t n;
    pleats_frame *frame; /* [n] */
    size_t capacity;
} pleats_frame_list;

void pleats_frame_list_clear(pleats_ctx *ctx, pleats_frame_list *list);
/* Takes the frame over, also when it fails; `frame` is zeroed. */
PLEATS_NODISCARD pleats_status pleats_frame_list_add(pleats_ctx *ctx,
                                                     pleats_frame_list *list,
                                                     pleats_frame *frame);

/* Replaces each frame of the list by frames of the same dimension and hull that
 * cover it but for the closed part `cover`, and overlap in no inner point.
 * Those whose hull is not in cover's stay as they are.  Cost: exact programmes,
 * a few for each side of cover that a frame meets. */
PLEATS_NODISCARD pleats_status pleats_uncovered(pleats_ctx *ctx,
                                                const pleats_frame *cover,
                                                pleats_frame_list *list);

#endif
