#include "theory/layer/one_layer.h"

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

/* The place of what the activation at `act` sits on, -1: the input. */
static pleats_idx place_below(const pleats_spec *spec, pleats_idx act)
{
    pleats_idx at = act - 1;
    while (at >= 0 && is_silent(spec->layer[at].kind))
        at--;
    return at;
}

/* Whether the layer at `at` reads the input of the network, all of it. */
static bool is_first(const pleats_spec *spec, pleats_idx at)
{
    do
        at--;
    while (at >= 0 && (spec->layer[at].kind == PLEATS_LAYER_FLATTEN ||
                       spec->layer[at].kind == PLEATS_LAYER_RES_BEGIN));
    return at < 0;
}

/* What is no layer to count. */
static const char *name_of(const pleats_spec *spec, pleats_idx at)
{
    if (at < 0)
        return "the input";
    switch (spec->layer[at].kind) {
    case PLEATS_LAYER_AVGPOOL:
    case PLEATS_LAYER_GAP:
        return "an average pool";
    case PLEATS_LAYER_RES_BEGIN:
        return "the input of a residual branch";
    case PLEATS_LAYER_RES_END:
        return "the sum of a residual branch and its input";
    default:
        return "other units";
    }
}

static pleats_break breaks_of(const pleats_layer_spec *act)
{
    switch (act->activation) {
    case PLEATS_ACT_RELU:
    case PLEATS_ACT_LEAKYRELU:
    case PLEATS_ACT_ABS:
    case PLEATS_ACT_RELU6:
        return PLEATS_BREAK_ZERO;
    case PLEATS_ACT_HARDTANH:
        return PLEATS_BREAK_NONZERO;
    default:
        return PLEATS_BREAK_UNKNOWN;
    }
}

/* Layers of units have numbers, but for max-pools right on other units. */
static bool counts(const pleats_spec *spec, pleats_idx at)
{
    const pleats_layer_spec *l = &spec->layer[at];
    return l->n_units > 0 &&
           !(l->kind == PLEATS_LAYER_MAXPOOL && at > 0 && l[-1].n_units > 0);
}

pleats_status pleats_layer_of_spec(pleats_ctx *ctx, const pleats_spec *spec,
                                   int64_t i, pleats_placed_layer *out)
{
    pleats_idx at = 0;
    if (!pleats_spec_is_chain(spec))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the network is no chain of layers; counts for one "
                           "layer need the shape of a layer");
    for (int64_t seen = 0; at < spec->n_layers; at++)
        if (counts(spec, at) && seen++ == i)
            break;
    if (at == spec->n_layers)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the architecture has no activation number %lld",
                           (long long)i + 1);
    const pleats_layer_spec *act = &spec->layer[at];
    const pleats_idx below = place_below(spec, at);
    if (below < 0 || !is_affine(spec->layer[below].kind))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "activation number %lld sits on %s; counts for one "
                           "layer need a convolution or fully connected layer "
                           "there",
                           (long long)i + 1, name_of(spec, below));
    const pleats_layer_spec *affine = &spec->layer[below];
    pleats_conv_layer *layer = &out->layer;
    *layer = (pleats_conv_layer){
        .in = affine->in, .conv = affine->conv, .pieces = act->pieces};
    if (affine->kind == PLEATS_LAYER_FC) {
        layer->in = (pleats_shape){.channels = pleats_shape_count(&affine->in)};
        layer->conv =
            (pleats_conv_spec){.filters = pleats_shape_count(&affine->out),
                               .groups = 1,
                               .has_bias = affine->has_bias};
    }
    for (pleats_idx j = below + 1; j < at; j++)
        layer->conv.has_bias |= spec->layer[j].kind == PLEATS_LAYER_BN;
    out->breaks = breaks_of(act);
    out->is_first = is_first(spec, below);
    return PLEATS_OK;
}
