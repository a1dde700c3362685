/* Specs layer by layer. */
#include "spec/spec.h"

#include "spec/spec_layer.h"

void pleats_spec_clear(pleats_ctx *ctx, pleats_spec *spec)
{
    if (!spec)
        return;
    pleats_release(ctx, spec->layer);
    pleats_release(ctx, spec->text);
    pleats_release(ctx, spec);
}

pleats_status pleats_spec_new(pleats_ctx *ctx, const pleats_shape *input,
                              pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    *out = NULL;
    TRY(pleats_shape_check(ctx, input));
    TRY(pleats_alloc(ctx, 1, sizeof **out, out));
    (*out)->input = *input;
    for (pleats_idx d = input->n_spatial; d < PLEATS_MAX_SPATIAL; d++)
        (*out)->input.size[d] = 1;
done:
    return status;
}

pleats_shape pleats_spec_output(const pleats_spec *spec)
{
    return spec->n_layers ? spec->layer[spec->n_layers - 1].out : spec->input;
}

/* The innermost residual block that is open, NULL when there is none. */
static const pleats_layer_spec *open_block(const pleats_spec *spec)
{
    pleats_idx closed = 0;
    for (pleats_idx i = spec->n_layers; i-- > 0;) {
        if (spec->layer[i].kind == PLEATS_LAYER_RES_END)
            closed++;
        if (spec->layer[i].kind == PLEATS_LAYER_RES_BEGIN && closed-- == 0)
            return &spec->layer[i];
    }
    return NULL;
}

/* The branch must end with the shape that the block began with. */
static pleats_status check_block(pleats_ctx *ctx, const pleats_spec *spec)
{
    const pleats_layer_spec *begin = open_block(spec);
    const pleats_shape now = pleats_spec_output(spec);
    char from[PLEATS_SHAPE_CHARS], to[PLEATS_SHAPE_CHARS];
    if (!begin)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a residual block ends that did not begin");
    if (begin == &spec->layer[spec->n_layers - 1])
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a residual block needs at least one layer");
    if (pleats_shapes_agree(&begin->out, &now))
        return PLEATS_OK;
    pleats_shape_write(&begin->out, from);
    pleats_shape_write(&now, to);
    return pleats_fail(ctx, PLEATS_INVALID,
                       "the residual branch ends with shape %s, but must keep "
                       "the %s that it began with",
                       to, from);
}

/* The usual strides of a pool; kernels and such beyond the spatial axes are
 * those of an axis of size 1. */
static void fill_axes(pleats_layer_spec *layer)
{
    pleats_conv_spec *c = &layer->conv;
    const bool is_pool = layer->kind == PLEATS_LAYER_MAXPOOL ||
                         layer->kind == PLEATS_LAYER_AVGPOOL;
    if (!is_pool && layer->kind != PLEATS_LAYER_CONV)
        return;
    for (pleats_idx d = 0; is_pool && d < layer->in.n_spatial; d++)
        if (c->stride[d] == 0)
            c->stride[d] = c->kernel[d];
    for (pleats_idx d = layer->in.n_spatial; d < PLEATS_MAX_SPATIAL; d++) {
        c->kernel[d] = c->stride[d] = c->dilation[d] = 1;
        c->pad_lo[d] = c->pad_hi[d] = 0;
    }
}

pleats_status pleats_spec_add(pleats_ctx *ctx, pleats_spec *spec,
                              const pleats_layer_spec *asked)
{
    pleats_status status = PLEATS_OK;
    pleats_layer_spec layer = *asked;
    const pleats_layer_spec flatten = {.kind = PLEATS_LAYER_FLATTEN};
    layer.in = pleats_spec_output(spec);
    if (layer.kind == PLEATS_LAYER_FLATTEN && layer.in.n_spatial == 0)
        return PLEATS_OK;
    if (layer.kind == PLEATS_LAYER_FC && layer.in.n_spatial > 0) {
        TRY(pleats_spec_add(ctx, spec, &flatten));
        layer.in = pleats_spec_output(spec);
    }
    if (layer.kind == PLEATS_LAYER_RES_END)
        TRY(check_block(ctx, spec));
    fill_axes(&layer);
    if (spec->n_layers >= PLEATS_SPEC_MOST_LAYERS)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "more than %d layers",
                        PLEATS_SPEC_MOST_LAYERS));
    TRY(pleats_layer_infer(ctx, &layer));
    TRY(pleats_grow(ctx, &spec->layer, &spec->capacity,
                    (size_t)spec->n_layers + 1, sizeof *spec->layer));
    spec->layer[spec->n_layers++] = layer;
done:
    return status;
}

pleats_status pleats_spec_end(pleats_ctx *ctx, pleats_spec *spec,
                              const char *name)
{
    int64_t sum = 0;
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        if (__builtin_add_overflow(sum, spec->layer[i].n_parameters, &sum))
            return pleats_fail(ctx, PLEATS_INVALID,
                               "the spec has too many parameters");
    if (open_block(spec))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a residual block does not end");
    return name ? pleats_strdup(ctx, name, &spec->text)
                : pleats_spec_write(ctx, spec, &spec->text);
}

int64_t pleats_spec_n_parameters(const pleats_spec *spec)
{
    int64_t sum = 0;
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        sum += spec->layer[i].n_parameters;
    return sum;
}

int64_t pleats_spec_n_units(const pleats_spec *spec)
{
    int64_t sum = 0;
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        sum += spec->layer[i].n_units;
    return sum;
}

bool pleats_spec_is_relu(const pleats_spec *spec)
{
    for (pleats_idx i = 0; i < spec->n_layers; i++) {
        const pleats_layer_spec *l = &spec->layer[i];
        if (l->n_units > 0 && (l->kind != PLEATS_LAYER_ACTIVATION ||
                               l->activation != PLEATS_ACT_RELU))
            return false;
    }
    return true;
}

int64_t pleats_spec_maxout_rank(const pleats_spec *spec)
{
    int64_t rank = 0;
    for (pleats_idx i = 0; i < spec->n_layers; i++) {
        const pleats_layer_spec *l = &spec->layer[i];
        if (l->n_units == 0)
            continue;
        if (l->kind != PLEATS_LAYER_MAXOUT || (rank && l->rank != rank))
            return 0;
        rank = l->rank;
    }
    return rank;
}

bool pleats_spec_is_chain(const pleats_spec *spec)
{
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        if (spec->layer[i].kind == PLEATS_LAYER_GENERAL)
            return false;
    return true;
}
