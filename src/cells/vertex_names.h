/* Names of the vertices of a bounded frame's cells: two with one name are the
 * same point, whichever cells they belong to.
 *
 * A corner of the frame has a name of its own.  Where a plane crosses an edge,
 * the new vertex is named after the ends of the edge and the plane: a plane
 * stands for a function a - b - at of the network's scalars, which is
 * continuous and affine on each cell, so that in all cells that have both ends
 * it is the same affine function on the edge, with the same zero.
 *
 * A point may have several names: planes meet in it that cells have crossed in
 * different orders.
 */
#ifndef PLEATS_CELLS_VERTEX_NAMES_H
#define PLEATS_CELLS_VERTEX_NAMES_H

#include "cells/walls.h"

typedef struct {
    pleats_idx end[2]; /* names, the smaller one first; -1: of no edge */
    pleats_hyperplane plane;
} pleats_vertex_name;

typedef struct pleats_vertex_names {
    pleats_ctx *ctx;
    pleats_idx n;              /* names 0 .. n - 1 are given */
    pleats_vertex_name *named; /* [n] */
    pleats_idx *slot; /* [n_slots] name + 1, or 0: those of edges, by hash */
    size_t named_capacity, n_slots;
} pleats_vertex_names;

void pleats_vertex_names_init(pleats_ctx *ctx, pleats_vertex_names *names);
void pleats_vertex_names_clear(pleats_vertex_names *names);

/* A name that is not given yet. */
PLEATS_NODISCARD pleats_status
pleats_vertex_names_add(pleats_vertex_names *names, pleats_idx *name);
/* The name of the plane's crossing of the edge between two named vertices. */
PLEATS_NODISCARD pleats_status pleats_vertex_names_cross(
    pleats_vertex_names *names, pleats_idx p, pleats_idx q,
    pleats_hyperplane plane, pleats_idx *name);

#endif
