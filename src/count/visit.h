/* The plain way over all regions of a frame: in the caller's thread, with room
 * that is made for it and freed again. */
#ifndef PLEATS_COUNT_VISIT_H
#define PLEATS_COUNT_VISIT_H

#include "cells/vertex_names.h"
#include "cells/walk.h"

typedef struct {
    pleats_engine engine;
    bool paranoid;
    bool makes_outputs; /* the outputs, too, have their forms in a region */
    pleats_vertex_names
        *names; /* of the vertices, see cells/vertex_names.h; or NULL */
} pleats_visit;

/* As pleats_walk_alone, on the network's regions in the frame. */
PLEATS_NODISCARD pleats_status pleats_visit_frame(
    pleats_ctx *ctx, const pleats_net *net, const pleats_frame *frame,
    const pleats_visit *how, const pleats_visitor *visitor, bool *complete);

#endif
