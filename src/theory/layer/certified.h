/* Certified numbers of regions of one layer from below. */
#ifndef PLEATS_THEORY_LAYER_CERTIFIED_H
#define PLEATS_THEORY_LAYER_CERTIFIED_H

#include "theory/layer/conv_layer.h"

/* value <= the regions that the layer makes with generic shared filters and
 * biases, never the over-count of the published formula in 2-D
 * [docs/theory.md 3.2]. The formula where it is exact; else the larger one of:
 * the independent sets that an enumeration finds within a small budget; rows of
 * the output whose windows are disjoint, each a 1-D convolution, for which the
 * formula is exact [Theorem B], so that their product is the number for all of
 * them, along the best axis.  *how (may be NULL) says which. */
PLEATS_NODISCARD pleats_status
pleats_certified_regions(pleats_ctx *ctx, const pleats_conv_layer *layer,
                         mpz_t value, const char **how);

/* The same without biases, one breakpoint being 0 and the others not, from the
 * rows alone. */
PLEATS_NODISCARD pleats_status pleats_certified_unbiased(
    pleats_ctx *ctx, const pleats_conv_layer *layer, mpz_t value);

#endif
