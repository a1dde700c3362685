/* A large Euclidean ball inside a few half-spaces: its Chebyshev centre. */
#ifndef PLEATS_LOCAL_WIDEST_H
#define PLEATS_LOCAL_WIDEST_H

#include "local/metric.h"

/* Half-spaces row . (s, 1) >= 0, in doubles with bounds. */
typedef struct {
    pleats_idx k, n;
    double *row;           /* [n x (k + 1)] */
    pleats_bounds *bounds; /* [n] */
    size_t row_capacity, bounds_capacity;
} pleats_half_spaces;

PLEATS_NODISCARD pleats_status pleats_half_spaces_add(pleats_ctx *ctx,
                                                      pleats_half_spaces *body,
                                                      const double *row,
                                                      pleats_bounds bounds);
void pleats_half_spaces_clear(pleats_ctx *ctx, pleats_half_spaces *body);

/* A centre s [k] of a ball that is about as large as can be, by a programme in
 * doubles from the point inside [k] on, and a radius that is proven for this
 * centre, exactly: 0 where none was, then s is not set.  Balls may be of any
 * size in a body that is not bounded: none is found there.  The metric is that
 * of the coordinates s, up to a translation; one with lengths. */
PLEATS_NODISCARD pleats_status
pleats_widest_ball(pleats_ctx *ctx, const pleats_metric *metric,
                   const pleats_half_spaces *body, const double *inside,
                   double *centre, double *radius);

/* x [n_inputs] = the inputs at the centre s, rounded: what that moves it is
 * taken off the radius.  All points of the frame that are nearer to x than the
 * radius are in the ball about s.  radius 0: nothing is left of it, or x is
 * beyond the range of doubles. */
PLEATS_NODISCARD pleats_status
pleats_ball_in_inputs(pleats_ctx *ctx, const pleats_coordinates *coordinates,
                      const double *s, double *x, double *radius);

#endif
