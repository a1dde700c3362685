/* The layers of units of a network, as pictures number them: 1, 2, ... */
#ifndef PLEATS_DRAW_PLANE_LAYERS_H
#define PLEATS_DRAW_PLANE_LAYERS_H

#include "net/net.h"

typedef struct {
    pleats_idx first, n; /* its units */
    pleats_idx bits;     /* that tell their pieces apart */
} pleats_unit_layer;

typedef struct {
    pleats_idx n;
    pleats_unit_layer *layer; /* [n] */
    pleats_idx *of;           /* [n_units] 1 .. n */
} pleats_layers;

PLEATS_NODISCARD pleats_status pleats_layers_init(pleats_ctx *ctx,
                                                  pleats_layers *layers,
                                                  const pleats_net *net);
/* A pattern as bytes: the pieces of all units, each in its layer's number of
 * bits, the first one in the lowest bits of the first byte. */
size_t pleats_layers_pattern_bytes(const pleats_layers *layers);
void pleats_layers_pack(const pleats_layers *layers, const pleats_idx *piece,
                        unsigned char *bytes);
/* The way back. */
void pleats_layers_unpack(const pleats_layers *layers,
                          const unsigned char *bytes, pleats_idx *piece);

/* Whether two patterns differ in layer 1 .. n. */
bool pleats_layers_differ(const pleats_layers *layers, pleats_idx layer,
                          const unsigned char *a, const unsigned char *b);

void pleats_layers_clear(pleats_ctx *ctx, pleats_layers *layers);

#endif
