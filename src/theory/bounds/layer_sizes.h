/* Numbers of independent sets of the units of one layer, for bounds. */
#ifndef PLEATS_THEORY_BOUNDS_LAYER_SIZES_H
#define PLEATS_THEORY_BOUNDS_LAYER_SIZES_H

#include "theory/bounds/stack.h"

/* at[j] >= the number of independent j-sets of normals that the layer's units
 * can have with any weights, j = 0 .. j_max.  The K-type numbers where the
 * frontier programme is within reach, of small layers (unless `is_published`:
 * the formula is wanted) without the sets that relations between filters make
 * dependent; else (*is_capped) the coefficients of
 * (sum over t <= s of C(d_1, t) x^t)^positions, s being the cells of a window:
 * at most s units of one position are independent; else C(n, j).
 * Cost: the programme's, or j_max x s products. */
PLEATS_NODISCARD pleats_status pleats_layer_sizes(
    pleats_ctx *ctx, const pleats_item *item, int64_t j_max, bool is_published,
    pleats_independence *out, bool *is_capped);

/* Positions of the output of a convolution; 1 for a fully connected layer. */
int64_t pleats_layer_positions(const pleats_item *item);

/* Input cells that one window of one group covers at most. */
int64_t pleats_layer_window(const pleats_conv_layer *layer);

#endif
