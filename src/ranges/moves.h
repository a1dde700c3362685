/* Whether inputs of units move away from breakpoints that bounds touch. */
#ifndef PLEATS_RANGES_MOVES_H
#define PLEATS_RANGES_MOVES_H

#include "ranges/ranges.h"

/* The ends of a range that are breakpoints of the unit, up to which alone its
 * piece goes; a unit whose input is constant there has both pieces. */
typedef struct {
    bool at_lo, at_hi;
} pleats_touch;

/* Of a range with one piece, of a PL unit: the ends behind which there is a
 * piece that is flat while the unit's own is not, so that an input that stays
 * at the end would make the unit constant. */
pleats_touch pleats_range_touches(const pleats_step *step, pleats_idx unit,
                                  const pleats_range *range);

/* leaves [n_units]: whether the input of a unit that touches breakpoints is
 * certainly beyond each of them somewhere in the box; proven by bounds at a few
 * points of it.  Nothing is said of others.  Cost: a pass over the network for
 * each point, unless nothing touches. */
PLEATS_NODISCARD pleats_status pleats_find_moves(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 const pleats_domain *box,
                                                 const pleats_ranges *ranges,
                                                 bool *leaves);

#endif
