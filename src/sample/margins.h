/* How far doubles can be off, for all points of a set at once.
 *
 * With |x_i| <= magnitude and an error of at most `error` for every input, each
 * scalar's values have such bounds too, by the same running error analysis as
 * forms/forms.h, over absolute values of the weights.  They hold whatever
 * pieces are chosen, because units are continuous: a wrong piece next to a
 * breakpoint changes a value by no more than its input is off. */
#ifndef PLEATS_SAMPLE_MARGINS_H
#define PLEATS_SAMPLE_MARGINS_H

#include "base/perturb.h"
#include "net/net.h"

/* Bounds of values, as stored and true ones, and of their difference.  An error
 * of 0 says that the value is right; infinite and NaN bounds say nothing. */
typedef struct {
    double *magnitude; /* [n_scalars] */
    double *error;     /* [n_scalars] */
    bool *is_constant; /* [n_scalars] no input has a part in it */
#if PLEATS_PERTURB
    double *room; /* [n_scalars] how far values are moved; NULL or lent */
#endif
} pleats_margins;

/* Those of the inputs are 0 at first, for the caller to set. */
PLEATS_NODISCARD pleats_status pleats_margins_init(pleats_ctx *ctx,
                                                   pleats_margins *margins,
                                                   const pleats_net *net);
void pleats_margins_clear(pleats_ctx *ctx, pleats_margins *margins);

/* All other scalars, from the inputs.  scratch [most terms of a row].  Cost:
 * one pass over the terms. */
void pleats_margins_run(pleats_margins *margins, const pleats_net *net,
                        pleats_idx *scratch);

/* The piece of unit i of a step is that of the true values when its input (PL)
 * is farther than this from its breakpoints, or its winner (MAX) is farther
 * than this from all others; negative: always. */
double pleats_margins_unit(const pleats_margins *margins,
                           const pleats_step *step, pleats_idx i);

/* Whether a value 0 of this unit says that its input was on a piece that is 0
 * throughout (if that piece is the true one): then it is exactly 0. */
bool pleats_margins_zero_is_exact(const pleats_step *step, pleats_idx i);

#endif
