/* The exact generic count: independent sets of neurons under shared filters,
 * enumerated.  [docs/theory.md 3.2] */
#ifndef PLEATS_THEORY_LAYER_GENERIC_H
#define PLEATS_THEORY_LAYER_GENERIC_H

#include "theory/modular.h"

/* What an enumeration may cost, and what it did. */
typedef struct {
    uint64_t budget;   /* steps, about 0.1 us each; 0: no bound */
    uint64_t seed;     /* of the random filters */
    uint64_t spent;    /* out: steps */
    uint64_t negative; /* out: sets that were found dependent */
    bool complete;     /* out: false when stopped: the numbers are from below */
} pleats_effort;

/* Counts the work of `products` multiplications.  Whether one may go on; when
 * not, the effort is no longer complete. */
bool pleats_effort_spend(pleats_ctx *ctx, pleats_effort *effort,
                         size_t products);

/* The probability, at most, that a count whose dependent sets are only known
 * modulo the prime is too small; `rank`: the largest size of a set. */
double pleats_effort_error(const pleats_effort *effort, size_t rank);

/* Numbers of independent sets by size, for generic shared filters.  Every set
 * that is counted is independent, proven; the numbers are wrong (too small)
 * with probability below negative * n / 2^61, n the largest size.  When the
 * effort ends before the work the numbers are lower bounds.  Uses that
 * filters may be permuted and the windows reflected. */
PLEATS_NODISCARD pleats_status
pleats_generic_sizes(pleats_ctx *ctx, const pleats_conv_layer *layer,
                     pleats_effort *effort, pleats_independence *out);

#endif
