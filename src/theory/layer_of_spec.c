#include "theory/one_layer.h"

/* Whether a layer between the affine one and the activation changes nothing
 * that a count would see. */
static bool is_silent(pleats_layer_kind kind)
{
    return kind == PLEATS_LAYER_FLATTEN || kind == PLEATS_LAYER_BN;
}

static bool is_affine(pleats_layer_kind kind)
{
    return kind == PLEATS_LAYER_CONV || kind == PLEATS_LAYER_FC;
}

/* The layer that `act` (a place in the spec) sits on, or NULL. */
static const pleats_layer_spec *layer_below(const pleats_spec *spec,
                                            pleats_idx act)
{
    pleats_idx at = act - 1;
    while (at >= 0 && is_silent(spec->layer[at].kind))
        at--;
    if (at < 0 || !is_affine(spec->layer[at].kind))
        return NULL;
    const pleats_layer_spec *affine = &spec->layer[at--];
    while (at >= 0 && spec->layer[at].kind == PLEATS_LAYER_FLATTEN)
        at--;
    if (at >= 0 && spec->layer[at].kind != PLEATS_LAYER_ACTIVATION &&
        spec->layer[at].kind != PLEATS_LAYER_MAXPOOL &&
        spec->layer[at].kind != PLEATS_LAYER_MAXOUT)
        return NULL;
    return affine;
}

static pleats_break breaks_of(const pleats_layer_spec *act)
{
    switch (act->activation) {
    case PLEATS_ACT_RELU:
    case PLEATS_ACT_LEAKYRELU:
    case PLEATS_ACT_ABS:
        return PLEATS_BREAK_ONE_ZERO;
    case PLEATS_ACT_HARDTANH:
        return PLEATS_BREAK_NONZERO;
    default:
        return PLEATS_BREAK_OTHER;
    }
}

pleats_status pleats_layer_of_spec(pleats_ctx *ctx, const pleats_spec *spec,
                                   int64_t i, pleats_conv_layer *layer,
                                   pleats_break *breaks)
{
    pleats_idx at = 0;
    for (int64_t seen = 0; at < spec->n_layers; at++)
        if (spec->layer[at].kind == PLEATS_LAYER_ACTIVATION && seen++ == i)
            break;
    if (at == spec->n_layers)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the architecture has no activation number %lld",
                           (long long)i + 1);
    const pleats_layer_spec *act = &spec->layer[at];
    const pleats_layer_spec *affine = layer_below(spec, at);
    if (!affine)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "activation number %lld must sit on one convolution "
                           "or fully connected layer of the input or of units; "
                           "counts for one layer need that",
                           (long long)i + 1);
    const bool is_normalised = spec->layer[at - 1].kind == PLEATS_LAYER_BN;
    *layer = (pleats_conv_layer){
        .in = affine->in, .conv = affine->conv, .pieces = act->pieces};
    if (affine->kind == PLEATS_LAYER_FC) {
        layer->in = (pleats_shape){.channels = pleats_shape_count(&affine->in)};
        layer->conv =
            (pleats_conv_spec){.filters = pleats_shape_count(&affine->out),
                               .groups = 1,
                               .has_bias = affine->has_bias};
    }
    layer->conv.has_bias |= is_normalised;
    *breaks = breaks_of(act);
    return PLEATS_OK;
}
