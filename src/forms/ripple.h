/* How a change of one unit's output ripples through the units behind it, while
 * all of these keep the pieces of a reference.
 *
 * There the network is affine in that output: every scalar moves by a number
 * times the change.  These numbers are the values of the network without its
 * constants, at input 0, where the unit's output is 1.  They are worked out as
 * forms of no coordinates, fine ones (forms/fine.h), and only where they differ
 * from those of the unit before.
 */
#ifndef PLEATS_FORMS_RIPPLE_H
#define PLEATS_FORMS_RIPPLE_H

#include "forms/forms.h"

typedef struct {
    pleats_net linear;  /* the network without biases; lends all else */
    pleats_forms forms; /* of it, in no coordinates */
    pleats_idx scalar;  /* the output that is 1 now; -1: none */
    pleats_idx stale;   /* the first step whose forms may be old */
} pleats_ripple;

/* The network, whose units are linear on each of their pieces, outlives the
 * ripple.  Memory: two numbers a weight, 12 a scalar. */
PLEATS_NODISCARD pleats_status pleats_ripple_init(pleats_ctx *ctx,
                                                  pleats_ripple *ripple,
                                                  const pleats_net *net);
void pleats_ripple_clear(pleats_ctx *ctx, pleats_ripple *ripple);

/* Of a unit of step `step`, with the pieces piece [n_units] behind it: what
 * pleats_ripple_of says of later scalars is of this unit then. */
PLEATS_NODISCARD pleats_status pleats_ripple_run(pleats_ctx *ctx,
                                                 pleats_ripple *ripple,
                                                 pleats_idx step,
                                                 pleats_idx unit,
                                                 const pleats_idx *piece);

/* How a scalar moves, within *error. */
static inline double pleats_ripple_of(const pleats_ripple *ripple,
                                      pleats_idx scalar, double *error)
{
    *error = ripple->forms.error[scalar];
    return *pleats_forms_entry(&ripple->forms, scalar);
}

#endif
