#include "net/pattern.h"

unsigned pleats_piece_bits(pleats_idx pieces)
{
    unsigned bits = 0;
    while (((int64_t)1 << bits) < pieces)
        bits++;
    return bits;
}

void pleats_piece_pack(unsigned char *bytes, size_t *at, pleats_idx piece,
                       unsigned bits)
{
    for (unsigned b = 0; b < bits; b++, ++*at)
        if (piece >> b & 1)
            bytes[*at / 8] |= (unsigned char)(1u << *at % 8);
}

pleats_idx pleats_piece_unpack(const unsigned char *bytes, size_t *at,
                               unsigned bits)
{
    unsigned piece = 0;
    for (unsigned b = 0; b < bits; b++, ++*at)
        piece |= (unsigned)(bytes[*at / 8] >> *at % 8 & 1) << b;
    return (pleats_idx)piece;
}

size_t pleats_pattern_size(const pleats_net *net)
{
    size_t bits = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++)
            bits += pleats_piece_bits(pleats_step_pieces(s, u));
    }
    return (bits + 7) / 8;
}

/* Packs the pieces of n units that have two each. */
static void pack_pairs(unsigned char *pattern, size_t *at,
                       const pleats_idx *piece, pleats_idx n)
{
    const unsigned shift = *at % 8;
    unsigned char *to = pattern + *at / 8;
    pleats_idx u = 0;
    for (; u + 8 <= n; u += 8, to++) {
        unsigned eight = 0;
        for (unsigned b = 0; b < 8; b++)
            eight |= (unsigned)piece[u + (pleats_idx)b] << b;
        eight <<= shift;
        to[0] |= (unsigned char)eight;
        if (shift)
            to[1] |= (unsigned char)(eight >> 8);
    }
    *at += (size_t)u;
    for (; u < n; u++)
        pleats_piece_pack(pattern, at, piece[u], 1);
}

void pleats_pattern_pack(const pleats_net *net, const pleats_idx *piece,
                         unsigned char *pattern)
{
    size_t at = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        const pleats_idx *of_step = piece + s->first_unit;
        if (pleats_step_is_affine(s))
            continue;
        if (pleats_step_is_plain(s)) {
            pack_pairs(pattern, &at, of_step, s->n_out);
            continue;
        }
        for (pleats_idx u = 0; u < s->n_out; u++)
            pleats_piece_pack(pattern, &at, of_step[u],
                              pleats_piece_bits(pleats_step_pieces(s, u)));
    }
}

void pleats_pattern_unpack(const pleats_net *net, const unsigned char *pattern,
                           pleats_idx *piece)
{
    size_t at = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++)
            piece[s->first_unit + u] = pleats_piece_unpack(
                pattern, &at, pleats_piece_bits(pleats_step_pieces(s, u)));
    }
}
