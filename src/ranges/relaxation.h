/* The scalars of a network on a box as affine forms, units that change their
 * piece included.
 *
 * The coordinates are those of the box, scaled to [-1, 1], and one for each
 * unit that is not stable: with a slope s and numbers c, r such that
 * f(x) - s x lies in [c - r, c + r] for all inputs x that the unit can have,
 *
 *     f(x) = s x + c + r t,   -1 <= t <= 1,
 *
 * defines its coordinate t.  (A maximum is its leading candidate + c + r t.)
 * So every point of the box has coordinates, and a bound on all of [-1, 1]^k is
 * a bound on the box.  When no coordinate is left, r goes into the form's error
 * instead.
 *
 * What a slope alone does not say becomes a row of a linear programme: for
 * every piece that the unit can have, that f(x) does not lie below (or above)
 * that piece's line.  With multipliers y >= 0,
 * form <= form + sum y_i row_i wherever the rows hold, and that sum, worked out
 * with its error, is at most its constant plus the sum of its other entries in
 * absolute value. */
#ifndef PLEATS_RANGES_RELAXATION_H
#define PLEATS_RANGES_RELAXATION_H

#include "forms/forms.h"
#include "lp/lp.h"
#include "ranges/interval.h"

typedef struct {
    pleats_ctx *ctx;
    pleats_net net; /* the network, with one scalar more for combinations */
    pleats_forms forms;
    pleats_idx n_used;      /* coordinates in use, of forms.k */
    pleats_idx n_cross;     /* the first so many are not in a box, but sum |t_j|
                               <= 1: of a cross-polytope; 0: all are boxed */
    pleats_idx *coordinate; /* [n_scalars] a unit's own; -1: none */
    bool *boxed;            /* [forms.k], all true */
    bool has_programme;
    bool is_empty; /* sides were added that no point meets, by proof */
    pleats_lp lp;
    double *row;        /* [lp.m x (k + 1)], scaled to entries of about 1 */
    double *error;      /* [lp.m] of a row, as in forms.h */
    double *magnitude;  /* [lp.m] likewise */
    double *multiplier; /* [lp.m] */
    size_t row_capacity, error_capacity, magnitude_capacity,
        multiplier_capacity;
    double *objective, *sum; /* [k + 1] */
    double work;             /* entries of the programme written so far */
} pleats_relaxation;

/* lo[j] <= t_j <= hi[j], both [k] and in [-1, 1]. */
typedef struct {
    pleats_idx k;
    const double *lo, *hi;
} pleats_box_part;

/* Forms of the inputs, whose intervals come first in `scalar`; is_moving
 * [n_inputs] tells which inputs have a coordinate; k of them at most are there
 * for these and for units. */
PLEATS_NODISCARD pleats_status
pleats_relaxation_init(pleats_ctx *ctx, pleats_relaxation *r,
                       const pleats_net *net, const pleats_interval *scalar,
                       const bool *is_moving, pleats_idx k, bool has_programme);
/* The same on a part of the box |t_j| <= 1 of the coordinates of `inputs`,
 * which has the inputs' forms: coordinate j < part->k of the relaxation is t_j,
 * scaled. */
PLEATS_NODISCARD pleats_status pleats_relaxation_init_within(
    pleats_ctx *ctx, pleats_relaxation *r, const pleats_net *net,
    const pleats_forms *inputs, const pleats_box_part *part, pleats_idx k,
    bool has_programme);
/* The same on a cross-polytope, whose coordinates come first; without a
 * programme. */
PLEATS_NODISCARD pleats_status pleats_relaxation_init_cross(
    pleats_ctx *ctx, pleats_relaxation *r, const pleats_net *net,
    const pleats_cross *cross, pleats_idx k);
void pleats_relaxation_clear(pleats_relaxation *r);

/* What the form of a scalar says about its values. */
pleats_interval pleats_relaxation_bounds(pleats_relaxation *r,
                                         pleats_idx scalar);
/* The same with the programme's help, as long as there is one and its work
 * limit is not reached; else nothing more. */
PLEATS_NODISCARD pleats_status pleats_relaxation_solve(pleats_relaxation *r,
                                                       pleats_idx scalar,
                                                       pleats_interval *out);

/* What is known about a - b. */
PLEATS_NODISCARD pleats_status pleats_relaxation_compare(pleats_relaxation *r,
                                                         pleats_idx a,
                                                         pleats_idx b,
                                                         bool with_programme,
                                                         pleats_interval *out);

/* Makes the form of unit i of a step of PL units, which can have the pieces of
 * `range`; a stable one gets no coordinate. */
void pleats_relaxation_add_pl(pleats_relaxation *r, const pleats_step *step,
                              pleats_idx i, const pleats_range *range);
/* Makes the form of unit i of a step of MAX units, in which no candidate beats
 * `leader` by more than `lead`. */
void pleats_relaxation_add_max(pleats_relaxation *r, const pleats_step *step,
                               pleats_idx i, pleats_idx leader, double lead);

/* Adds to the programme that sign * (scalar a - scalar b - at) >= 0, b = -1
 * being 0.  Nothing without a programme, or beyond the work limit. */
PLEATS_NODISCARD pleats_status pleats_relaxation_add_side(
    pleats_relaxation *r, double sign, pleats_idx a, pleats_idx b, double at);
/* The same with row . (t, 1) >= 0, row [part->k + 1], wherever |t_j| <= 1 and
 * up to `error`, in the coordinates of which the relaxation is on a part. */
PLEATS_NODISCARD pleats_status
pleats_relaxation_add_row(pleats_relaxation *r, const pleats_box_part *part,
                          const double *row, double error);

/* Adds the programme's rows of a unit whose form was just made with a
 * coordinate; nothing without one, or beyond the work limit. */
PLEATS_NODISCARD pleats_status
pleats_relaxation_add_pl_rows(pleats_relaxation *r, const pleats_step *step,
                              pleats_idx i, const pleats_range *range);
/* The same; only candidates that may win have a row, and not the leader. */
PLEATS_NODISCARD pleats_status pleats_relaxation_add_max_rows(
    pleats_relaxation *r, const pleats_step *step, pleats_idx i,
    pleats_idx leader, const bool *may_win);

#endif
