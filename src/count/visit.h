/* The plain way over all regions of a frame: in the caller's thread, with room
 * that is made for it and freed again. */
#ifndef PLEATS_COUNT_VISIT_H
#define PLEATS_COUNT_VISIT_H

#include "cells/walk.h"

/* As pleats_walk_alone, on the network's regions in the frame; makes_outputs:
 * the outputs, too, have their forms there. */
PLEATS_NODISCARD pleats_status pleats_visit_frame(
    pleats_ctx *ctx, const pleats_net *net, const pleats_frame *frame,
    pleats_engine engine, bool makes_outputs, const pleats_visitor *visitor,
    bool *complete);

#endif
