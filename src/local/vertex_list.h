/* The vertices and rays of a region in few dimensions. */
#ifndef PLEATS_LOCAL_VERTEX_LIST_H
#define PLEATS_LOCAL_VERTEX_LIST_H

#include "local/local.h"

typedef struct {
    pleats_idx n, n_rays, n_inputs;
    mpq_t *x; /* [n x n_inputs] the vertices */
} pleats_vertex_list;

/* x [n_inputs] = the inputs at the homogeneous point t [k + 1] of a frame. */
void pleats_inputs_at(const pleats_coordinates *c, mpz_t *t, mpq_t *x);

/* All vertices of the region of a pattern on the locality's frame, exactly;
 * PLEATS_INVALID beyond PLEATS_VERTICES_DIMENSION.  A region that holds a line
 * has none. */
PLEATS_NODISCARD pleats_status
pleats_vertex_list_init(pleats_ctx *ctx, pleats_vertex_list *corners,
                        const pleats_locality *l, const pleats_idx *piece);
void pleats_vertex_list_clear(pleats_ctx *ctx, pleats_vertex_list *corners);

#endif
