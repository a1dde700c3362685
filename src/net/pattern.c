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

void pleats_pattern_pack(const pleats_net *net, const pleats_idx *piece,
                         unsigned char *pattern)
{
    size_t at = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            const unsigned bits = pleats_piece_bits(pleats_step_pieces(s, u));
            pleats_piece_pack(pattern, &at, piece[s->first_unit + u], bits);
        }
    }
}

void pleats_pattern_unpack(const pleats_net *net, const unsigned char *pattern,
                           pleats_idx *piece)
{
    size_t at = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            const unsigned bits = pleats_piece_bits(pleats_step_pieces(s, u));
            unsigned p = 0;
            for (unsigned b = 0; b < bits; b++, at++)
                p |= (unsigned)(pattern[at / 8] >> at % 8 & 1) << b;
            piece[s->first_unit + u] = (pleats_idx)p;
        }
    }
}
