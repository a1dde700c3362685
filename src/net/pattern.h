/* Patterns, packed: units in their order, each with as many bits as its number
 * of pieces needs, from the lowest bit of the first byte on. */
#ifndef PLEATS_NET_PATTERN_H
#define PLEATS_NET_PATTERN_H

#include "net/net.h"
#include "pleats/regions.h"

/* Bytes of a packed pattern. */
size_t pleats_pattern_size(const pleats_net *net);
/* piece [n_units] to pattern [size]; back: pleats_pattern_unpack. */
void pleats_pattern_pack(const pleats_net *net, const pleats_idx *piece,
                         unsigned char *pattern);

#endif
