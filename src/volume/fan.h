/* A cell that is held by its vertices, as simplices that meet in faces alone.
 *
 * A polytope is the cones from one of its vertices over the facets that do not
 * hold it, and so on down to points [Cohen and Hickey 1979].  Faces are sets of
 * vertices: the facets of a face are the largest of its proper intersections
 * with walls.  So walls may be redundant, doubled, or more than are needed at a
 * vertex: all that is asked is which vertex is on which wall, and that is
 * exact.
 */
#ifndef PLEATS_VOLUME_FAN_H
#define PLEATS_VOLUME_FAN_H

#include "cells/vertices.h"

/* Called for the vertices of the simplices, depth first: vertex `depth` of the
 * simplices that follow, until one of the same depth or less comes.  At depth
 * dim the simplex is whole. */
typedef pleats_status (*pleats_fan_fn)(void *state, pleats_idx depth,
                                       pleats_idx vertex);

/* Room, which may be used for many cells; zeroed to begin with. */
typedef struct {
    pleats_idx dim;   /* of the cell at hand */
    size_t n_words;   /* of a set of vertices */
    size_t n_sets;    /* walls that may carry facets */
    uint64_t *set;    /* [n_sets x n_words] the vertices on each */
    pleats_idx *slot; /* [n_sets] which walls these are */
    uint64_t *face;   /* [(dim + 1) x (n_sets + 1) x n_words] by depth: the
                         face, then its facets without the first vertex */
    size_t set_capacity, face_capacity, slot_capacity;
    pleats_fan_fn place;
    void *state;
} pleats_fan;

void pleats_fan_clear(pleats_ctx *ctx, pleats_fan *fan);

/* Hands the simplices of a bounded cell to `place`.  Cost: that of all faces
 * that are met on the way times walls^2. */
PLEATS_NODISCARD pleats_status pleats_fan_out(pleats_ctx *ctx, pleats_fan *fan,
                                              const pleats_vertices *cell,
                                              pleats_fan_fn place, void *state);

/* slot [cell->n_slots] gets the *n walls that carry facets of a cell, bounded
 * or not: their places in cell->slot; of several walls on one facet the first,
 * and none at infinity. */
PLEATS_NODISCARD pleats_status pleats_fan_facets(pleats_ctx *ctx,
                                                 pleats_fan *fan,
                                                 const pleats_vertices *cell,
                                                 pleats_idx *slot,
                                                 pleats_idx *n);

#endif
