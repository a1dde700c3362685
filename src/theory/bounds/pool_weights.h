/* Units with flat pieces below a max-pool [docs/theory.md 4.4].
 *
 * In a region whose active units are the set s a window with a active
 * candidates is one of max(1, a) pieces, so all windows have at most
 * prod_w max(1, a_w(s)) joint patterns. */
#ifndef PLEATS_THEORY_BOUNDS_POOL_WEIGHTS_H
#define PLEATS_THEORY_BOUNDS_POOL_WEIGHTS_H

#include "theory/bounds/stack.h"

/* at[j], j = 0 .. most, gets at least
 *   sum over the sets B of j units of f^j prod_w max(1, a_w(all but B)),
 * f the flat pieces of a unit, exactly that when windows are disjoint; windows
 * that overlap those counted so are put at their sizes.  Cost: most x size of
 * a window, and products of polynomials of degree most where windows at the
 * border are smaller. */
PLEATS_NODISCARD pleats_status
pleats_pool_weights(pleats_ctx *ctx, const pleats_conv_layer *pool,
                    int64_t flat, int64_t most, pleats_give mpz_t **at);
/* value = the product of the sizes of all windows, log2 of it in *bits; only
 * the latter when `value` is NULL. */
void pleats_pool_patterns(const pleats_conv_layer *pool, double *bits,
                          mpz_t value);

#endif
