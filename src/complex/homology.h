/* Betti numbers of a union of closed faces, by their cells. */
#ifndef PLEATS_COMPLEX_HOMOLOGY_H
#define PLEATS_COMPLEX_HOMOLOGY_H

#include "complex/faces.h"

/* On which side of each face its facets lie: +1 or -1 such that the boundary of
 * a boundary is 0. */
typedef struct {
    size_t *start[PLEATS_COMPLEX_LEVELS]; /* [n faces + 1] by dimension */
    int8_t *sign[PLEATS_COMPLEX_LEVELS];  /* a face's facets from start on */
} pleats_orientation;

/* PLEATS_INTERNAL when the faces are no complex.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_orientation_find(
    const pleats_complex_faces *faces, pleats_orientation *out);
void pleats_orientation_clear(pleats_ctx *ctx, pleats_orientation *o);

/* betti [k + 1] of the chosen faces, all of whose facets are chosen; over the
 * field of two elements or, with an orientation, over the rationals.
 * *is_known: else numbers came up that do not fit 64 bits. */
PLEATS_NODISCARD pleats_status
pleats_homology(const pleats_complex_faces *faces, const pleats_orientation *o,
                uint64_t *betti, bool *is_known);

#endif
