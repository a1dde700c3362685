/* A network from a caller's arrays. */
#ifndef PLEATS_SPEC_OF_ARRAYS_H
#define PLEATS_SPEC_OF_ARRAYS_H

#include "net/net.h"

#include "pleats/net.h"

/* See pleats_net_from_arrays; each layer is whole here. */
PLEATS_NODISCARD pleats_status pleats_net_of_arrays(
    pleats_ctx *ctx, int32_t n_dims, const int64_t *dims, int32_t n_layers,
    const pleats_layer_arrays *layer, pleats_give pleats_net **out);

#endif
