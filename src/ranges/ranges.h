/* Which pieces the units of a network can have on a box.
 *
 * Found layer by layer, at three efforts, each at least as tight as the one
 * before:
 *
 *   intervals  every scalar's values lie in [lo, hi];
 *   forms      every scalar is an affine form in the box's coordinates and one
 *              more for each unit that can change its piece, up to an error;
 *   programmes besides, linear programmes over those coordinates and the half-
 *              planes that hold a unit's input and output.
 *
 * All are proofs: everything is rounded outwards, and what a programme finds
 * in doubles counts only as far as its multipliers prove it.  The other way
 * round nothing is claimed: a unit that may change its piece as far as these
 * bounds know need not do so.
 *
 * Forms and programmes have limits of size (see ranges.c): of networks beyond
 * them, or from the unit on where they are met, the weaker bounds remain. */
#ifndef PLEATS_RANGES_RANGES_H
#define PLEATS_RANGES_RANGES_H

#include "domain/domain.h"
#include "net/net.h"

typedef enum {
    PLEATS_RANGES_BY_INTERVALS,
    PLEATS_RANGES_BY_FORMS,
    PLEATS_RANGES_BY_PROGRAMMES
} pleats_ranges_effort;

/* PL: on the box the unit's function is made of the pieces first .. first +
 * n - 1, and its input stays in [lo, hi].  MAX: n candidates may win, one of
 * them is `first`, and its value stays in [lo, hi].  With n = 1 the unit is
 * stable: piece (candidate) `first` gives its value on the whole box.  Bounds
 * that are not known are infinite. */
typedef struct {
    pleats_idx first, n;
    double lo, hi;
} pleats_range;

typedef struct {
    pleats_idx dimension; /* of the box: sides of positive length */
    pleats_range *unit;   /* [n_units] */
} pleats_ranges;

/* The cross-polytope of all centre + sum_j t_j side_j with sum_j |t_j| <= 1,
 * the convex hull of the points centre +- side_j.  Lent. */
typedef struct {
    pleats_idx k, n_inputs;
    const double *centre; /* [n_inputs], finite */
    const double *side;   /* [k x n_inputs], finite */
} pleats_cross;

/* How many units of a step can change their piece, are stable with a value
 * that moves with their input, or are constant on the box. */
typedef struct {
    int64_t undecided, passing, constant;
} pleats_range_counts;

/* PLEATS_INVALID when the domain is no single box that bounds every input;
 * PLEATS_LIMIT when the context says stop.  Cost: intervals, one pass over the
 * terms; forms, that times the number of coordinates.  Clear the ranges in
 * every case. */
PLEATS_NODISCARD pleats_status pleats_ranges_find(pleats_ctx *ctx,
                                                  const pleats_net *net,
                                                  const pleats_domain *box,
                                                  pleats_ranges_effort effort,
                                                  pleats_ranges *out);
/* The same on a cross-polytope, by forms.  Cost: one pass over the terms times
 * k, and where the limits allow it another one with a coordinate for each unit
 * that the first left undecided. */
PLEATS_NODISCARD pleats_status pleats_ranges_on_cross(pleats_ctx *ctx,
                                                      const pleats_net *net,
                                                      const pleats_cross *cross,
                                                      pleats_ranges *out);
void pleats_ranges_clear(pleats_ctx *ctx, pleats_ranges *ranges);

pleats_range_counts pleats_ranges_count(const pleats_ranges *ranges,
                                        const pleats_step *step);

#endif
