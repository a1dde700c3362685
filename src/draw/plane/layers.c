#include "draw/plane/layers.h"

#include "net/pattern.h"

#include <string.h>

/* Of unit u of a step. */
static pleats_idx pieces_of(const pleats_step *s, pleats_idx u)
{
    return s->kind == PLEATS_STEP_MAX
               ? s->start[u + 1] - s->start[u]
               : pleats_step_function(s, u)->n_breaks + 1;
}

pleats_status pleats_layers_init(pleats_ctx *ctx, pleats_layers *l,
                                 const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    *l = (pleats_layers){0};
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *l->of, &l->of));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *l->layer, &l->layer));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) || s->n_out == 0)
            continue;
        pleats_unit_layer *layer = &l->layer[l->n++];
        *layer = (pleats_unit_layer){s->first_unit, s->n_out, 0};
        for (pleats_idx u = 0; u < s->n_out; u++) {
            const pleats_idx bits =
                (pleats_idx)pleats_piece_bits(pieces_of(s, u));
            layer->bits = bits > layer->bits ? bits : layer->bits;
            l->of[s->first_unit + u] = l->n;
        }
    }
done:
    return status;
}

/* Of the first n layers. */
static size_t bits_of(const pleats_layers *l, pleats_idx n)
{
    size_t bits = 0;
    for (pleats_idx i = 0; i < n; i++)
        bits += (size_t)l->layer[i].n * (size_t)l->layer[i].bits;
    return bits;
}

size_t pleats_layers_pattern_bytes(const pleats_layers *l)
{
    return (bits_of(l, l->n) + 7) / 8;
}

void pleats_layers_pack(const pleats_layers *l, const pleats_idx *piece,
                        unsigned char *bytes)
{
    size_t at = 0, n_bytes = pleats_layers_pattern_bytes(l);
    if (n_bytes > 0)
        memset(bytes, 0, n_bytes);
    for (pleats_idx i = 0; i < l->n; i++)
        for (pleats_idx u = 0; u < l->layer[i].n; u++)
            pleats_piece_pack(bytes, &at, piece[l->layer[i].first + u],
                              (unsigned)l->layer[i].bits);
}

void pleats_layers_unpack(const pleats_layers *l, const unsigned char *bytes,
                          pleats_idx *piece)
{
    size_t at = 0;
    for (pleats_idx i = 0; i < l->n; i++)
        for (pleats_idx u = 0; u < l->layer[i].n; u++)
            piece[l->layer[i].first + u] =
                pleats_piece_unpack(bytes, &at, (unsigned)l->layer[i].bits);
}

bool pleats_layers_differ(const pleats_layers *l, pleats_idx layer,
                          const unsigned char *a, const unsigned char *b)
{
    for (size_t i = bits_of(l, layer - 1); i < bits_of(l, layer); i++)
        if ((a[i / 8] ^ b[i / 8]) >> i % 8 & 1)
            return true;
    return false;
}

void pleats_layers_clear(pleats_ctx *ctx, pleats_layers *l)
{
    pleats_release(ctx, l->of);
    pleats_release(ctx, l->layer);
    *l = (pleats_layers){0};
}
