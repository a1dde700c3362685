/* Interval arithmetic on the scalars of a network, rounded outwards. */
#ifndef PLEATS_RANGES_INTERVAL_H
#define PLEATS_RANGES_INTERVAL_H

#include "ranges/ranges.h"

/* lo <= value <= hi; not known: -inf, inf. */
typedef struct {
    double lo, hi;
} pleats_interval;

/* The smallest interval of doubles around [lo, hi]. */
pleats_interval pleats_interval_around(const mpq_t lo, const mpq_t hi);

/* Cuts an interval down to what is in `by` too; both hold the same values. */
void pleats_interval_narrow(pleats_interval *x, pleats_interval by);

/* The values of f(x) - tilt * x for x in the interval where piece p of f
 * holds. */
pleats_interval pleats_interval_of_piece(const pleats_pl *f, pleats_idx p,
                                         pleats_interval x, double tilt);
/* The same over all pieces of the range. */
pleats_interval pleats_interval_of_pieces(const pleats_pl *f,
                                          const pleats_range *range,
                                          pleats_interval x, double tilt);

/* Narrows the intervals of the scalars that an affine step makes; scalar
 * [n_scalars]; scratch as for pleats_step_row. */
void pleats_interval_affine(pleats_interval *scalar, const pleats_step *step,
                            pleats_idx *scratch);

/* What the input's interval says about PL unit i (local to the step).  A
 * breakpoint that is met only at an end of the interval is not crossed. */
pleats_range pleats_interval_pl(const pleats_interval *scalar,
                                const pleats_step *step, pleats_idx i);

/* The same for MAX unit i; may_win [pieces of the unit] tells which candidates
 * may win.  Decided when one candidate's worst is not below any other's best.
 */
pleats_range pleats_interval_max(const pleats_interval *scalar,
                                 const pleats_step *step, pleats_idx i,
                                 bool *may_win);

#endif
