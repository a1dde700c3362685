/* The published formula in its several forms; see theory/layer/conv_layer.h. */
#ifndef PLEATS_THEORY_LAYER_FORMULA_H
#define PLEATS_THEORY_LAYER_FORMULA_H

#include "theory/layer/frontier.h"

/* sum over the demands of prod C(filters, t) base^t 2^(shift t) over all
 * components and groups; `filters` are those of one group.  With shift > 0 the
 * sum for shift 0 must be below 2^shift. */
PLEATS_NODISCARD pleats_status pleats_formula_sum(
    pleats_ctx *ctx, const pleats_windows *windows, int64_t filters,
    int64_t base, unsigned long shift, pleats_frontier_cost *cost, mpz_t sum);

/* pleats_formula_sizes at a cost; `filters` are those of one group. */
PLEATS_NODISCARD pleats_status pleats_formula_sizes_within(
    pleats_ctx *ctx, const pleats_windows *windows, int64_t filters,
    pleats_frontier_cost *cost, pleats_independence *out);

/* Splits a number sum_j a_j 2^(shift j), 0 <= a_j < 2^shift, into the a_j. */
PLEATS_NODISCARD pleats_status pleats_sizes_of_packed(pleats_ctx *ctx,
                                                      const mpz_t packed,
                                                      unsigned long shift,
                                                      pleats_independence *out);

/* Inputs that the layer sees: the rank that K-type sets can have, and the
 * degree of the formula in the number of filters.  [docs/theory.md 3.4] */
int64_t pleats_windows_rank(const pleats_windows *windows);

/* binomial[k], k = 0 .. rank: the formula is sum_k binomial[k] C(d, k), d the
 * filters of one group.  `n` gets rank + 1.  Cost: rank + 1 formulas. */
PLEATS_NODISCARD pleats_status pleats_formula_polynomial(
    pleats_ctx *ctx, const pleats_windows *windows, int64_t base,
    pleats_frontier_cost *cost, pleats_give mpz_t **binomial, size_t *n);

/* monomial[k] [n] from binomial[k] [n]. */
PLEATS_NODISCARD pleats_status pleats_binomial_to_monomial(
    pleats_ctx *ctx, mpz_t *binomial, size_t n, pleats_give mpq_t **monomial);

#endif
