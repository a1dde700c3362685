/* Patterns, packed: units in their order, each with as many bits as its number
 * of pieces needs, from the lowest bit of the first byte on. */
#ifndef PLEATS_NET_PATTERN_H
#define PLEATS_NET_PATTERN_H

#include "net/net.h"
#include "pleats/regions.h"

/* Bits that tell so many pieces apart. */
unsigned pleats_piece_bits(pleats_idx pieces);
/* Puts the lowest bits of a piece behind the first *at bits of bytes, which are
 * 0 there, and counts them. */
void pleats_piece_pack(unsigned char *bytes, size_t *at, pleats_idx piece,
                       unsigned bits);
/* The way back. */
pleats_idx pleats_piece_unpack(const unsigned char *bytes, size_t *at,
                               unsigned bits);

/* Bytes of a packed pattern. */
size_t pleats_pattern_size(const pleats_net *net);
/* piece [n_units] to pattern, whose bytes are 0; back: pleats_pattern_unpack.
 */
void pleats_pattern_pack(const pleats_net *net, const pleats_idx *piece,
                         unsigned char *pattern);

#endif
