/* One layer of maxima: maxout, or a max-pool that does not stand on units. */
#ifndef PLEATS_THEORY_LAYER_MAX_LAYER_H
#define PLEATS_THEORY_LAYER_MAX_LAYER_H

#include "theory/layer/one_layer.h"

/* The layer of the spec that is its i-th one of units (0 the first), max-pools
 * right on other units left out, when it takes maxima; else -1. */
pleats_idx pleats_max_layer_find(const pleats_spec *spec, int64_t i);

/* Fills in formula, generic and no_bias of `one` (all zeroed before; clear it)
 * for the layer at `at` on all of its own input. */
PLEATS_NODISCARD pleats_status pleats_max_layer_count(pleats_ctx *ctx,
                                                      const pleats_spec *spec,
                                                      pleats_idx at,
                                                      pleats_one_layer *one);

/* The most vertices of a Minkowski sum of m polytopes of k vertices each in
 * R^n, m, n >= 1: the regions of m maxima of k linear functions. */
void pleats_central_maxima(mpz_t out, int64_t m, int64_t k, int64_t n);

#endif
