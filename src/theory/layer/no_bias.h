/* The regions of one layer when its biases are 0. */
#ifndef PLEATS_THEORY_LAYER_NO_BIAS_H
#define PLEATS_THEORY_LAYER_NO_BIAS_H

#include "theory/layer/one_layer.h"
#include "theory/windows.h"

/* Fills in nonzero_breaks, no_bias and no_bias_upper; the formula, the generic
 * number with its bounds, and the sizes are there already.  Limits are
 * forgiven. */
PLEATS_NODISCARD pleats_status pleats_find_no_bias(
    pleats_ctx *ctx, pleats_one_layer *one, const pleats_conv_layer *layer,
    const pleats_windows *windows, const pleats_one_layer_task *task);

#endif
