/* Sets of neurons that are dependent for a proven reason: convolution commutes
 * [docs/theory.md 3.3, 3.8]. */
#ifndef PLEATS_THEORY_LAYER_RELATIONS_H
#define PLEATS_THEORY_LAYER_RELATIONS_H

#include "theory/layer/conv_layer.h"

/* Numbers of K-type sets by size, those left out that the relations (1) of
 * docs/theory.md 3.3 make dependent for all filters: independent sets are no
 * more.  No randomness is left in it.  *is_done is false, and nothing set, when
 * there are no such relations (they are for one input channel, stride and
 * dilation 1, no groups), more than 63 neurons or inputs, or more than `budget`
 * sets. */
PLEATS_NODISCARD pleats_status
pleats_sizes_above(pleats_ctx *ctx, const pleats_conv_layer *layer,
                   uint64_t budget, pleats_independence *out, bool *is_done);

#endif
