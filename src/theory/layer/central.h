/* Regions of layers by cutting with one hyperplane after another: without
 * biases and with a breakpoint at 0 [docs/theory.md 3.5: with no other one, the
 * Tutte polynomial at (2, 0)], or with biases. */
#ifndef PLEATS_THEORY_LAYER_CENTRAL_H
#define PLEATS_THEORY_LAYER_CENTRAL_H

#include "theory/layer/generic.h"

/* Regions of a layer without biases, for generic shared filters, one breakpoint
 * of the activation being 0 and the other `pieces` - 2 not.  *is_modular (may
 * be NULL) says whether ranks modulo 2^61 - 1 took part; the number is then
 * proven from below, and too small with probability below negative * (n + 1) /
 * 2^61, n the inputs.  When the effort ends before the work, the number is a
 * lower bound. */
PLEATS_NODISCARD pleats_status
pleats_central_regions(pleats_ctx *ctx, const pleats_conv_layer *layer,
                       pleats_effort *effort, mpz_t regions, bool *is_modular);

/* Regions of a layer with generic shared filters and biases, likewise.  Few
 * steps where few sets of units are dependent, where an enumeration of the
 * independent ones takes many. */
PLEATS_NODISCARD pleats_status
pleats_restricted_regions(pleats_ctx *ctx, const pleats_conv_layer *layer,
                          pleats_effort *effort, mpz_t regions);

#endif
