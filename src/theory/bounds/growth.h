/* How bounds grow with the numbers of filters and units [docs/theory.md 6.1].
 */
#ifndef PLEATS_THEORY_BOUNDS_GROWTH_H
#define PLEATS_THEORY_BOUNDS_GROWTH_H

#include "theory/bounds/stack.h"

/* For layer l of units let d_l be its filters, or its units where it is fully
 * connected; of a pool, its channels.  As all d_l grow, the maximum is at most
 * a constant times prod d_l^upper[l] and at least a constant times prod
 * d_l^lower[l]. */
typedef struct {
    size_t n;
    int64_t *upper, *lower; /* [n]; lower NULL: no construction applies */
} pleats_growth;

/* n = 0 for a stack that is no chain. */
PLEATS_NODISCARD pleats_status pleats_growth_find(pleats_ctx *ctx,
                                                  const pleats_stack *stack,
                                                  pleats_growth *out);
void pleats_growth_clear(pleats_ctx *ctx, pleats_growth *growth);

#endif
