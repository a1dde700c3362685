/* The faces of a polyhedral complex, of all dimensions, each with its facets.
 *
 * A face of dimension 0 is a point; of a face of dimension d its facets, of
 * dimension d - 1, are listed.  Faces are meant as relatively open: they are
 * disjoint, and the closure of one is the union of all that its facets lead to.
 * Cutting by a function that is affine on each of them splits a face into its
 * parts where the function is positive, negative and 0. */
#ifndef PLEATS_COMPLEX_FACES_H
#define PLEATS_COMPLEX_FACES_H

#include "complex/points.h"

#include "pleats/complex.h"

/* Where the cut at hand is positive or negative on a face; neither: it is 0. */
enum { PLEATS_FACE_POSITIVE = 1, PLEATS_FACE_NEGATIVE = 2 };

typedef struct {
    pleats_idx n;
    pleats_idx *facet; /* [n] numbers among the faces of one dimension less */
    uint8_t sign;      /* bits from above; after pleats_complex_faces_signs */
    bool on_side;      /* in the boundary of the domain */
    bool dropped;
    bool chosen;       /* it belongs to the set at hand */
    pleats_idx origin; /* while a maximum is cut: the dimension of the face
                          before that it is a part of */
    pleats_idx zero, negative; /* while a face is split: the parts; it becomes
                                  the positive one itself */
} pleats_complex_face;

typedef struct {
    pleats_ctx *ctx;
    pleats_idx k;
    size_t n[PLEATS_COMPLEX_LEVELS], capacity[PLEATS_COMPLEX_LEVELS];
    pleats_complex_face *face[PLEATS_COMPLEX_LEVELS]; /* [k + 1] by dimension */
} pleats_complex_faces;

void pleats_complex_faces_clear(pleats_complex_faces *faces);

/* Adds a face of dimension d with room for n facets; `*out` is lent until the
 * next one is added. */
PLEATS_NODISCARD pleats_status
pleats_complex_faces_add(pleats_complex_faces *faces, pleats_idx d,
                         pleats_idx n, pleats_complex_face **out);

/* The cube |t_j| <= 1 with its 3^k faces, k <= PLEATS_COMPLEX_DIMENSION; its
 * corners go to `points`, which is empty. */
PLEATS_NODISCARD pleats_status
pleats_complex_faces_cube(pleats_ctx *ctx, pleats_complex_faces *faces,
                          pleats_complex_points *points);

/* Cuts all faces by the points' cut, which is affine on each.  Cost: all
 * incidences, or all points where nothing is cut. */
PLEATS_NODISCARD pleats_status pleats_complex_faces_cut(
    pleats_complex_faces *faces, pleats_complex_points *points);
/* All faces get their signs of the points' cut, which is affine on each. */
void pleats_complex_faces_signs(pleats_complex_faces *faces,
                                const pleats_complex_points *points);

/* Takes away the faces that are dropped, whose numbers others get. */
PLEATS_NODISCARD pleats_status pleats_complex_faces_compact(
    pleats_complex_faces *faces, pleats_complex_points *points);

#endif
