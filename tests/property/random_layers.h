/* Random layered networks whose affine steps come in all the ways that files
 * bring them: matrices, convolutions with groups, windows with divisors, with
 * biases in the step, in a step of their own, or none. */
#ifndef PLEATS_PROPERTY_RANDOM_LAYERS_H
#define PLEATS_PROPERTY_RANDOM_LAYERS_H

#include "net/net.h"
#include "rng.h"

/* 2 to 4 layers of `narrowest` to `widest` (at most 24) units; now and then a
 * layer adds up two earlier ones (residual), or ends in a maximum of pairs. */
pleats_net *random_layers(pleats_ctx *ctx, rng *r, pleats_idx n_inputs,
                          pleats_idx narrowest, pleats_idx widest);

/* Units behind which a convolution has several channels and more filters than
 * fill a vector: in one or two groups, windows that overlap, read a unit twice,
 * or padding. */
pleats_net *random_wide_conv(pleats_ctx *ctx, rng *r, pleats_idx n_inputs);

#endif
