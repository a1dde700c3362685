/* Which layer of units a wall comes from. */
#ifndef PLEATS_LOCAL_WALL_LAYERS_H
#define PLEATS_LOCAL_WALL_LAYERS_H

#include "cells/walls.h"

/* The units that read each scalar. */
typedef struct {
    const pleats_net *net; /* lent */
    size_t *start;         /* [n_scalars + 1] of a scalar's readers */
    pleats_idx *layer;     /* [n readers], ascending; layers of units are
                              numbered from 0 */
    pleats_idx *unit;      /* [n readers] local to the layer's step */
    pleats_idx n_layers;
    pleats_idx *step; /* [n_layers] */
} pleats_wall_layers;

PLEATS_NODISCARD pleats_status pleats_wall_layers_init(
    pleats_ctx *ctx, pleats_wall_layers *layers, const pleats_net *net);
void pleats_wall_layers_clear(pleats_ctx *ctx, pleats_wall_layers *layers);

/* The first layer that has the plane, -1: none; *unit (may be NULL): its first
 * unit that does. */
pleats_idx pleats_layer_of_wall(const pleats_wall_layers *layers,
                                pleats_hyperplane plane, pleats_idx *unit);

#endif
