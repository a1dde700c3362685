/* A max-pool on all of R^n [docs/theory.md 4.8].
 *
 * Which cell is the largest of each window: the acyclic orientations of the
 * hypergraph of windows, which are the vertices of the Minkowski sum of the
 * windows' simplices. */
#ifndef PLEATS_THEORY_LAYER_ORDERS_H
#define PLEATS_THEORY_LAYER_ORDERS_H

#include "theory/layer/conv_layer.h"

/* The regions of a max-pool (`conv` with its windows, of one channel) on its
 * own input: value^channels.  *fits is false when there are more cells than 30
 * or more steps than about 10^8. */
PLEATS_NODISCARD pleats_status pleats_pool_orders(pleats_ctx *ctx,
                                                  const pleats_conv_layer *pool,
                                                  mpz_t value, bool *fits);

#endif
