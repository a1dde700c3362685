/* Vertices that cells before had, too: where they are, as well as it was ever
 * worked out.
 *
 * All cells around an edge are cut at the same point of it: a plane stands for
 * a function a - b - at of the network's scalars, which is continuous on the
 * frame and affine on each cell, so that it is one affine function on the edge,
 * whichever of the cells is asked.  (At infinity, between two rays, the same
 * holds of what the function grows by along them: it is Lipschitz, so that this
 * does not depend on where one sets out.)  A generator is therefore known by
 * the ends of the edge on which it was made, and the plane.
 *
 * The store forgets: a vertex may be given a second number, which does no harm.
 */
#ifndef PLEATS_CELLS_VERTEX_STORE_H
#define PLEATS_CELLS_VERTEX_STORE_H

#include "cells/walls.h"

/* A number of a generator, 0: none.  Those with one number are the same. */
typedef uint64_t pleats_vertex_id;

typedef struct {
    pleats_vertex_id id, p, q; /* its own, those of the edge's ends */
    pleats_hyperplane plane;
    double error; /* of its doubles, max norm; infinite: there are none */
} pleats_stored_vertex;

typedef struct {
    size_t n, width; /* places, a power of two; doubles of a generator */
    pleats_stored_vertex *vertex; /* [n] where its id's lowest bits say */
    double *point;                /* [n x width] */
    size_t vertex_capacity, point_capacity;
    uint64_t n_ids, n_new; /* given; since the store has grown */
} pleats_vertex_store;

void pleats_vertex_store_clear(pleats_ctx *ctx, pleats_vertex_store *store);

/* A number that no other generator has. */
pleats_vertex_id pleats_vertex_store_new(pleats_vertex_store *store);

/* Before crossings are asked for: makes room for more of them; width: doubles
 * of a generator. */
PLEATS_NODISCARD pleats_status pleats_vertex_store_begin(
    pleats_ctx *ctx, pleats_vertex_store *store, size_t width);
/* This one will be asked for: has it brought near. */
void pleats_vertex_store_expect(const pleats_vertex_store *store,
                                pleats_vertex_id p, pleats_vertex_id q,
                                pleats_hyperplane plane);
/* The number of the plane's crossing of the edge between p, where it is
 * positive, and q. */
pleats_vertex_id pleats_vertex_store_cross(pleats_vertex_store *store,
                                           pleats_vertex_id p,
                                           pleats_vertex_id q,
                                           pleats_hyperplane plane);

/* What is known of a generator better than up to *error: its doubles, lent, and
 * *error for these; else NULL. */
const double *pleats_vertex_store_get(const pleats_vertex_store *store,
                                      pleats_vertex_id id, double *error);
/* Keeps its doubles, `stride` apart, if these are the better ones. */
void pleats_vertex_store_put(pleats_vertex_store *store, pleats_vertex_id id,
                             const double *point, size_t stride, double error);

#endif
