#include "theory/reading.h"

/* Whether the only window has all cells: along each axis one position whose
 * taps are as close as cells, or one cell with a tap on it. */
static bool is_full(const pleats_layer_spec *l)
{
    const pleats_conv_spec *c = &l->conv;
    if (l->kind != PLEATS_LAYER_CONV || c->groups != 1)
        return false;
    for (pleats_idx d = 0; d < l->in.n_spatial; d++) {
        const int64_t last = (c->kernel[d] - 1) * c->dilation[d] - c->pad_lo[d];
        if (l->out.size[d] != 1 || last < l->in.size[d] - 1 ||
            (c->dilation[d] > 1 &&
             (l->in.size[d] > 1 || c->pad_lo[d] % c->dilation[d] != 0)))
            return false;
    }
    return true;
}

/* Layers that do not mind a vector in place of one position. */
static bool takes_vector(const pleats_layer_spec *l)
{
    return is_full(l) || l->kind == PLEATS_LAYER_FC ||
           l->kind == PLEATS_LAYER_ACTIVATION || l->kind == PLEATS_LAYER_BN ||
           l->kind == PLEATS_LAYER_MAXOUT || l->kind == PLEATS_LAYER_GAP ||
           l->kind == PLEATS_LAYER_FLATTEN;
}

/* The first layer from which on all can be read so; n_layers: none. */
static pleats_idx first_full(const pleats_spec *spec)
{
    pleats_idx first = spec->n_layers;
    for (pleats_idx i = spec->n_layers - 1;
         i >= 0 && takes_vector(&spec->layer[i]); i--)
        if (is_full(&spec->layer[i]))
            first = i;
    return first;
}

static pleats_status add_read(pleats_ctx *ctx, pleats_spec *to,
                              const pleats_layer_spec *l, bool is_vector)
{
    pleats_layer_spec layer = *l;
    if (is_vector && l->kind == PLEATS_LAYER_GAP)
        return PLEATS_OK; /* of one position */
    if (is_vector && l->kind == PLEATS_LAYER_CONV)
        layer = (pleats_layer_spec){.kind = PLEATS_LAYER_FC,
                                    .out.channels = l->conv.filters,
                                    .has_bias = l->conv.has_bias};
    return pleats_spec_add(ctx, to, &layer);
}

pleats_status pleats_spec_plain(pleats_ctx *ctx, const pleats_spec *spec,
                                pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *made = NULL;
    const pleats_idx first = first_full(spec);
    *out = NULL;
    if (first == spec->n_layers)
        return PLEATS_OK;
    TRY(pleats_spec_new(ctx, &spec->input, &made));
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        TRY(add_read(ctx, made, &spec->layer[i], i >= first));
    TRY(pleats_spec_end(ctx, made, spec->text));
    *out = made;
    made = NULL;
done:
    pleats_spec_clear(ctx, made);
    return status;
}
