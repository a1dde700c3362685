/* A cell of the plane, held by its vertices, as a polygon. */
#ifndef PLEATS_DRAW_PLANE_POLYGON_H
#define PLEATS_DRAW_PLANE_POLYGON_H

#include "cells/cell.h"

typedef struct {
    size_t n, capacity;
    pleats_idx *vertex; /* [n] generators in their order around the cell */
    pleats_idx *wall;   /* [n] of the side from vertex i to the next one: as in
                           vertices.h */
    size_t wall_capacity;
} pleats_polygon;

void pleats_polygon_clear(pleats_ctx *ctx, pleats_polygon *polygon);

/* Goes around the cell, either way.  PLEATS_INTERNAL when its sides do not
 * close, which cannot be. */
PLEATS_NODISCARD pleats_status pleats_polygon_of(pleats_ctx *ctx,
                                                 const pleats_vertices *cell,
                                                 pleats_polygon *polygon);

/* The other way around. */
void pleats_polygon_reverse(pleats_polygon *polygon);

#endif
