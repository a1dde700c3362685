/* Rational points, and the pattern of a network at one.
 *
 * A point is homogeneous, point [k + 1] with t_j = point_j / point_k and
 * point_k > 0, in the k coordinates of a frame. */
#ifndef PLEATS_LOCAL_POINT_H
#define PLEATS_LOCAL_POINT_H

#include "cells/frame.h"
#include "cells/walls.h"

/* A wall that holds a point: of unit `unit`, where its pieces meet. */
typedef struct {
    pleats_idx unit, step;
    pleats_hyperplane plane;
} pleats_tie;

typedef struct {
    size_t n_ties, tie_capacity;
    pleats_tie *tie; /* [n_ties] */
    uint64_t by_bounds, by_exact;
} pleats_pattern_facts;

void pleats_pattern_facts_clear(pleats_ctx *ctx, pleats_pattern_facts *facts);

/* Which piece every unit has at a point, exactly: piece [n_units].  A unit
 * whose input is a breakpoint there, or whose maximum is attained twice, is
 * listed, and gets the lower piece, or the first winner. */
PLEATS_NODISCARD pleats_status pleats_pattern_at(
    pleats_ctx *ctx, const pleats_net *net, const pleats_coordinates *c,
    mpz_t *point, pleats_idx *piece, pleats_pattern_facts *facts);

/* Drops the ties of planes that hold everything near the point, the pattern
 * being piece [n_units]: what is left are walls through the point. */
PLEATS_NODISCARD pleats_status pleats_ties_keep_walls(
    pleats_ctx *ctx, const pleats_net *net, const pleats_coordinates *c,
    const pleats_idx *piece, pleats_pattern_facts *facts);

/* Coordinates s = t - point in which the point is the origin; with `alone` no
 * coordinates at all, but the point.  Clear with pleats_coordinates_clear. */
PLEATS_NODISCARD pleats_status
pleats_coordinates_about(pleats_ctx *ctx, const pleats_coordinates *c,
                         mpz_t *point, bool alone, pleats_coordinates *out);
void pleats_coordinates_clear(pleats_ctx *ctx, pleats_coordinates *c);

/* The point of a frame with the inputs x [n_inputs], finite doubles, taken
 * exactly; *found: false when the frame has no such point, be it outside the
 * boxes or rows; on a side of the frame: *on_side. */
PLEATS_NODISCARD pleats_status pleats_point_of(pleats_ctx *ctx,
                                               const pleats_frame *frame,
                                               const double *x, mpz_t *point,
                                               bool *found, bool *on_side);

/* point [k + 1] = the doubles t [k]. */
PLEATS_NODISCARD pleats_status pleats_point_set(pleats_ctx *ctx, pleats_idx k,
                                                const double *t, mpz_t *point);

/* Whether a point is strictly inside a frame (sign 1), on its boundary (0) or
 * outside (-1). */
int pleats_frame_side(const pleats_frame *frame, mpz_t *point);

#endif
