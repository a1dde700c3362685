/* The vertices and rays of a region in few dimensions. */
#ifndef PLEATS_LOCAL_VERTEX_LIST_H
#define PLEATS_LOCAL_VERTEX_LIST_H

#include "cells/vertices.h"
#include "local/local.h"

typedef struct {
    pleats_idx n, n_rays, n_inputs;
    mpq_t *x; /* [n x n_inputs] the vertices */
} pleats_vertex_list;

/* x [n_inputs] = the inputs at the homogeneous point t [k + 1] of a frame. */
void pleats_inputs_at(const pleats_coordinates *c, mpz_t *t, mpq_t *x);

/* t [k] = the sum of a cell's generators, each about as long as another, which
 * is strictly inside its cone; whether it is finite. */
bool pleats_middle_of_vertices(const pleats_vertices *cell, pleats_idx k,
                               double *t);

/* All vertices of the region of a pattern on the locality's frame, exactly;
 * PLEATS_INVALID beyond PLEATS_VERTICES_DIMENSION.  A region that holds a line
 * has none. */
PLEATS_NODISCARD pleats_status
pleats_vertex_list_init(pleats_ctx *ctx, pleats_vertex_list *corners,
                        const pleats_locality *l, const pleats_idx *piece);
void pleats_vertex_list_clear(pleats_ctx *ctx, pleats_vertex_list *corners);

#endif
