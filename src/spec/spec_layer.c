/* What a layer makes of its input: shapes, units and parameters. */
#include "spec/spec_layer.h"

#include <stdio.h>
#include <string.h>

void pleats_sizes_write(pleats_idx n, const int64_t *size,
                        char text[PLEATS_SHAPE_CHARS])
{
    size_t used = 0;
    text[0] = '\0';
    for (pleats_idx d = 0; d < n; d++)
        used += (size_t)snprintf(text + used, PLEATS_SHAPE_CHARS - used,
                                 "%s%lld", d ? "x" : "", (long long)size[d]);
}

void pleats_shape_write(const pleats_shape *shape,
                        char text[PLEATS_SHAPE_CHARS])
{
    int64_t size[1 + PLEATS_MAX_SPATIAL] = {shape->channels};
    memcpy(size + 1, shape->size, sizeof shape->size);
    pleats_sizes_write(1 + shape->n_spatial, size, text);
}

bool pleats_shapes_agree(const pleats_shape *a, const pleats_shape *b)
{
    bool agree = a->channels == b->channels && a->n_spatial == b->n_spatial;
    for (pleats_idx d = 0; agree && d < a->n_spatial; d++)
        agree = a->size[d] == b->size[d];
    return agree;
}

pleats_status pleats_shape_check(pleats_ctx *ctx, const pleats_shape *shape)
{
    char text[PLEATS_SHAPE_CHARS];
    int64_t count = shape->channels;
    bool fits = shape->n_spatial >= 0 &&
                shape->n_spatial <= PLEATS_MAX_SPATIAL && count >= 1 &&
                count <= PLEATS_SPEC_MOST;
    for (pleats_idx d = 0; fits && d < shape->n_spatial; d++) {
        fits = shape->size[d] >= 1 && shape->size[d] <= PLEATS_SPEC_MOST;
        count = fits ? count * shape->size[d] : 0;
        fits = fits && count <= PLEATS_SPEC_MOST;
    }
    if (fits)
        return PLEATS_OK;
    pleats_shape_write(shape, text);
    return pleats_fail(ctx, PLEATS_INVALID,
                       "a shape %s is beyond what fits: 1 to %d scalars", text,
                       PLEATS_SPEC_MOST);
}

/* Sets out's sizes from windows that slide over `in`. */
static pleats_status slide(pleats_ctx *ctx, pleats_layer_spec *layer)
{
    const pleats_conv_spec *w = &layer->conv;
    const pleats_shape *in = &layer->in;
    char kernel[PLEATS_SHAPE_CHARS], shape[PLEATS_SHAPE_CHARS];
    int64_t reach[PLEATS_MAX_SPATIAL], padded[PLEATS_MAX_SPATIAL];
    bool fits = true;
    if (in->n_spatial == 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "needs a shape with spatial axes such as 1x8x8, "
                           "not a vector");
    for (pleats_idx d = 0; d < in->n_spatial; d++) {
        if (w->kernel[d] < 1 || w->stride[d] < 1 || w->dilation[d] < 1 ||
            w->pad_lo[d] < 0 || w->pad_hi[d] < 0 ||
            w->kernel[d] > PLEATS_SPEC_MOST ||
            w->stride[d] > PLEATS_SPEC_MOST ||
            w->dilation[d] > PLEATS_SPEC_MOST ||
            w->pad_lo[d] > PLEATS_SPEC_MOST || w->pad_hi[d] > PLEATS_SPEC_MOST)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "kernel, stride and dilation must be 1 to %d, "
                               "padding 0 to %d",
                               PLEATS_SPEC_MOST, PLEATS_SPEC_MOST);
        reach[d] = (w->kernel[d] - 1) * w->dilation[d] + 1;
        padded[d] = in->size[d] + w->pad_lo[d] + w->pad_hi[d];
        fits = fits && reach[d] <= padded[d];
        layer->out.size[d] = (padded[d] - reach[d]) / w->stride[d] + 1;
    }
    if (fits)
        return PLEATS_OK;
    pleats_sizes_write(in->n_spatial, reach, kernel);
    pleats_sizes_write(in->n_spatial, padded, shape);
    return pleats_fail(ctx, PLEATS_INVALID,
                       "the kernel reaches over %s, more than its padded "
                       "input %s",
                       kernel, shape);
}

static pleats_status infer_conv(pleats_ctx *ctx, pleats_layer_spec *layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_conv_spec *c = &layer->conv;
    int64_t channels = layer->in.channels, taps = 1;
    TRY(slide(ctx, layer));
    if (c->filters < 1 || c->groups < 1 || c->filters > PLEATS_SPEC_MOST ||
        c->filters % c->groups || channels % c->groups)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%lld groups must divide %lld input channels and %lld "
                        "filters",
                        (long long)c->groups, (long long)channels,
                        (long long)c->filters));
    layer->out.channels = c->filters;
    taps = channels / c->groups;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        if (__builtin_mul_overflow(taps, c->kernel[d], &taps))
            taps = INT64_MAX;
    if (taps == INT64_MAX || __builtin_add_overflow(taps, c->has_bias, &taps) ||
        __builtin_mul_overflow(taps, c->filters, &layer->n_parameters))
        TRY(pleats_fail(ctx, PLEATS_INVALID, "its parameters are too many"));
done:
    return status;
}

static pleats_status infer_pool(pleats_ctx *ctx, pleats_layer_spec *layer)
{
    pleats_status status = PLEATS_OK;
    TRY(slide(ctx, layer));
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        if (layer->conv.pad_lo[d] >= layer->conv.kernel[d] ||
            layer->conv.pad_hi[d] >= layer->conv.kernel[d])
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "the padding of a pool must be smaller than its "
                            "kernel"));
done:
    return status;
}

static pleats_status infer_fc(pleats_ctx *ctx, pleats_layer_spec *layer)
{
    const int64_t n_in = pleats_shape_count(&layer->in);
    const pleats_shape out = {layer->out.channels, 0, {1, 1, 1}};
    pleats_status status = pleats_shape_check(ctx, &out);
    if (status != PLEATS_OK)
        return status;
    layer->out = out;
    layer->n_parameters = (n_in + layer->has_bias) * out.channels;
    return PLEATS_OK;
}

static pleats_status infer_activation(pleats_ctx *ctx, pleats_layer_spec *layer)
{
    const bool three = layer->activation == PLEATS_ACT_HARDTANH ||
                       layer->activation == PLEATS_ACT_RELU6;
    if (layer->activation != PLEATS_ACT_PL) {
        layer->pieces = three ? 3 : 2;
        layer->flat = three ? 2 : layer->activation == PLEATS_ACT_RELU;
    }
    if (layer->pieces < 2 || layer->pieces > PLEATS_SPEC_MOST)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "an activation has 2 to %d pieces, not %lld",
                           PLEATS_SPEC_MOST, (long long)layer->pieces);
    layer->n_units = pleats_shape_count(&layer->out);
    return PLEATS_OK;
}

static pleats_status infer_maxout(pleats_ctx *ctx, pleats_layer_spec *layer)
{
    if (layer->rank < 2 || layer->in.channels % layer->rank)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the rank of maxout must be 2 or more and divide "
                           "its %lld channels; %lld does not",
                           (long long)layer->in.channels,
                           (long long)layer->rank);
    layer->out.channels /= layer->rank;
    layer->n_units = pleats_shape_count(&layer->out);
    return PLEATS_OK;
}

/* A layer keeps the shape unless its kind says otherwise. */
pleats_status pleats_layer_infer(pleats_ctx *ctx, pleats_layer_spec *layer)
{
    pleats_status status = PLEATS_OK;
    const int64_t channels = layer->out.channels;
    if (layer->kind == PLEATS_LAYER_GENERAL) {
        layer->out = (pleats_shape){channels, 0, {1, 1, 1}};
        return pleats_shape_check(ctx, &layer->out);
    }
    layer->out = layer->in;
    layer->n_units = layer->n_parameters = 0;
    switch (layer->kind) {
    case PLEATS_LAYER_CONV:
        TRY(infer_conv(ctx, layer));
        break;
    case PLEATS_LAYER_FC:
        layer->out.channels = channels;
        TRY(infer_fc(ctx, layer));
        break;
    case PLEATS_LAYER_ACTIVATION:
        TRY(infer_activation(ctx, layer));
        break;
    case PLEATS_LAYER_MAXOUT:
        TRY(infer_maxout(ctx, layer));
        break;
    case PLEATS_LAYER_MAXPOOL:
    case PLEATS_LAYER_AVGPOOL:
        TRY(infer_pool(ctx, layer));
        layer->n_units = layer->kind == PLEATS_LAYER_MAXPOOL
                             ? pleats_shape_count(&layer->out)
                             : 0;
        break;
    case PLEATS_LAYER_GAP:
        layer->out = (pleats_shape){layer->in.channels, 0, {1, 1, 1}};
        break;
    case PLEATS_LAYER_FLATTEN:
        layer->out =
            (pleats_shape){pleats_shape_count(&layer->in), 0, {1, 1, 1}};
        break;
    case PLEATS_LAYER_BN:
        layer->n_parameters = 2 * layer->in.channels;
        break;
    default:
        break;
    }
    TRY(pleats_shape_check(ctx, &layer->out));
done:
    return status;
}
