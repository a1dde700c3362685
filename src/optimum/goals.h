/* Linear functions of a network's inputs and outputs, as scalars of a network.
 *
 * A goal with rational coefficients is, times a positive integer, a row over
 * the network's scalars with doubles for weights: a large integer is a sum of
 * doubles, for each of which the row reads its scalar once. So whatever works
 * out scalars, in intervals, forms or exactly, works out goals. */
#ifndef PLEATS_OPTIMUM_GOALS_H
#define PLEATS_OPTIMUM_GOALS_H

#include "net/net.h"

#include <gmp.h>

typedef struct {
    const pleats_net *of; /* lent */
    pleats_net net;       /* `of`, and steps that make the goals */
    pleats_idx n;
    pleats_idx *scalar; /* [n] of net: scale times the goal */
    mpz_t *scale;       /* [n] > 0 */
} pleats_goals;

/* Goal i is row_i . (x, y, 1), row [n x (n_inputs + n_outputs + 1)].
 * PLEATS_INVALID when its numbers are too long to be doubles. */
PLEATS_NODISCARD pleats_status pleats_goals_init(pleats_ctx *ctx,
                                                 pleats_goals *goals,
                                                 const pleats_net *net,
                                                 pleats_idx n, mpq_t *row);
void pleats_goals_clear(pleats_ctx *ctx, pleats_goals *goals);

#endif
