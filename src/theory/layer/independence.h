/* Arithmetic with numbers of independent sets by size, as polynomials. */
#ifndef PLEATS_THEORY_LAYER_INDEPENDENCE_H
#define PLEATS_THEORY_LAYER_INDEPENDENCE_H

#include "theory/layer/conv_layer.h"

/* at [n + 1] becomes the numbers, without its zeros at the end; copied. */
PLEATS_NODISCARD pleats_status pleats_independence_set(pleats_ctx *ctx,
                                                       pleats_independence *out,
                                                       mpz_t *at, size_t n);
/* Those of a direct sum: a = a * b, as polynomials in the size. */
PLEATS_NODISCARD pleats_status pleats_independence_multiply(
    pleats_ctx *ctx, pleats_independence *a, const pleats_independence *b);

/* sum_j at[j] q^j over j <= most (negative: all): the regions of the layer
 * with q breakpoints a unit; with `most` = k those that a generic
 * k-dimensional affine slice meets; with q < 0 the characteristic polynomial
 * at 1, up to sign.  [docs/theory.md 2.3, 3.4] */
void pleats_independence_sum(const pleats_independence *sizes, long q,
                             int64_t most, mpz_t sum);

#endif
