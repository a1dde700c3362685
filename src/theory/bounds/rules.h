/* What the rules share. */
#ifndef PLEATS_THEORY_BOUNDS_RULES_H
#define PLEATS_THEORY_BOUNDS_RULES_H

#include "theory/bounds/bounds.h"
#include "theory/bounds/recursion.h"

/* The rule does not apply, for this reason. */
pleats_status pleats_refuse_rule(pleats_finding *out, const char *why);

/* The value is what the recursion gives; `why` when it does, `why_capped` when
 * it had to replace something. */
PLEATS_NODISCARD pleats_status pleats_find_by_recursion(
    pleats_ctx *ctx, const pleats_stack *stack, pleats_recursion how,
    const char *why, const char *why_capped, pleats_finding *out);

/* The same by the geometry of each layer, with units that shrink on flat pieces
 * [docs/theory.md 4.1, 4.3] and, with `pools`, max-pools on them [4.4]. */
PLEATS_NODISCARD pleats_status pleats_find_by_matroids(
    pleats_ctx *ctx, const pleats_stack *stack, bool pools, const char *why,
    const char *why_capped, pleats_finding *out);

/* Whether n units of p pieces in rank at most d have numbers that fit. */
bool pleats_is_evaluable(const pleats_item *item, int64_t d);

/* value *= base^exponent; false, and nothing is done, if it would not fit. */
bool pleats_multiply_fits(mpz_t value, int64_t base, int64_t exponent);

#define PLEATS_WHY_TOO_LARGE                                                   \
    "it holds, but its numbers are too large to be worked out"

#endif
