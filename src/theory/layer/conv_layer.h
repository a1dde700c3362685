/* One layer of units on a convolution (or fully connected layer) of the input:
 * the object of all one-layer counts. */
#ifndef PLEATS_THEORY_LAYER_CONV_LAYER_H
#define PLEATS_THEORY_LAYER_CONV_LAYER_H

#include "spec/spec.h"

#include <gmp.h>

/* A fully connected layer is a convolution whose kernel is the whole input. */
typedef struct {
    pleats_shape in;
    pleats_conv_spec conv;
    int64_t pieces; /* p >= 2 of the activation: q = p - 1 breakpoints a unit */
} pleats_conv_layer;

/* Numbers of independent sets of neurons by size: at[j], j = 0 .. n.  "K-type"
 * ones are those that Hall's condition admits (the published formula), "true"
 * ones are independent for generic shared filters.  [docs/theory.md 3.2:
 * regions = sum_j at[j] (p-1)^j.] */
typedef struct {
    size_t n;
    mpz_t *at; /* [n + 1] */
} pleats_independence;

void pleats_independence_clear(pleats_ctx *ctx, pleats_independence *sizes);

/* The K-type numbers by the frontier programme, swept along the longer side.
 * Cost: states x positions x filters; PLEATS_LIMIT beyond `max_states` (0: no
 * bound) states on a frontier.  *max_frontier (may be NULL) gets the largest
 * number of states. */
PLEATS_NODISCARD pleats_status pleats_formula_sizes(
    pleats_ctx *ctx, const pleats_conv_layer *layer, size_t max_states,
    pleats_independence *out, size_t *max_frontier);

/* The published formula R_N = sum over K of prod C(d_1, t) (p-1)^t alone, which
 * needs no polynomials: faster. */
PLEATS_NODISCARD pleats_status
pleats_formula_value(pleats_ctx *ctx, const pleats_conv_layer *layer,
                     size_t max_states, mpz_t value, size_t *max_frontier);

/* Whether the formula is proven exact for this geometry, whose sizes make
 * sense, and why (or why not): a sentence, static.  [docs/theory.md 3.2] */
bool pleats_formula_is_exact(const pleats_conv_layer *layer,
                             const char **reason);

#endif
