/* Architectures to set beside a given one: the fully connected network with as
 * many parameters, and networks of other depths with as many.
 *
 * Both repeat a *block*, the layers of the given network up to and with its
 * first units, and end with its *tail*, the affine layers after its last units.
 * A network of width w has w filters or units in every block; its parameters
 * grow with w, so that the width that comes closest is found by halving. */
#include "spec/spec.h"

#include "pleats/spec.h"

typedef struct {
    pleats_ctx *ctx;
    pleats_shape input;
    const pleats_layer_spec *block, *tail;
    pleats_idx n_block, n_tail;
    int64_t depth;
} family;

enum { MOST_DEPTH = 1000 };

/* Layer `asked` with w filters or units. */
static pleats_layer_spec with_width(const family *f,
                                    const pleats_layer_spec *asked, int64_t w)
{
    const pleats_layer_spec *last = &f->block[f->n_block - 1];
    pleats_layer_spec layer = *asked;
    if (last->kind == PLEATS_LAYER_MAXOUT)
        w *= last->rank;
    if (layer.kind == PLEATS_LAYER_CONV)
        layer.conv.filters = w;
    if (layer.kind == PLEATS_LAYER_FC)
        layer.out.channels = w;
    return layer;
}

static pleats_status build(const family *f, int64_t w, pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    TRY(pleats_spec_new(f->ctx, &f->input, &spec));
    for (int64_t i = 0; i < f->depth; i++)
        for (pleats_idx j = 0; j < f->n_block; j++) {
            const pleats_layer_spec layer = with_width(f, &f->block[j], w);
            TRY(pleats_spec_add(f->ctx, spec, &layer));
        }
    for (pleats_idx j = 0; j < f->n_tail; j++)
        TRY(pleats_spec_add(f->ctx, spec, &f->tail[j]));
    TRY(pleats_spec_end(f->ctx, spec, NULL));
    *out = spec;
    spec = NULL;
done:
    pleats_spec_clear(f->ctx, spec);
    return status;
}

static pleats_status parameters_of(const family *f, int64_t w, int64_t *out)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    TRY(build(f, w, &spec));
    *out = pleats_spec_n_parameters(spec);
done:
    pleats_spec_clear(f->ctx, spec);
    return status;
}

/* The width >= 1 whose parameters are closest to `wanted`, the smaller one of
 * two.  Invariant: low has at most `wanted` (or is 1), high has more. */
static pleats_status closest(const family *f, int64_t wanted, pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    int64_t low = 1, high = 1, below = 0, above = 0;
    do {
        low = high;
        below = above;
        high *= 2;
        TRY(parameters_of(f, high, &above));
    } while (above <= wanted);
    if (low == 1)
        TRY(parameters_of(f, low, &below));
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        int64_t n = 0;
        TRY(parameters_of(f, middle, &n));
        if (n <= wanted) {
            low = middle;
            below = n;
        } else {
            high = middle;
            above = n;
        }
    }
    TRY(build(f, above - wanted < wanted - below ? high : low, out));
done:
    return status;
}

/* Whether a number of filters or units can be chosen in these layers. */
static bool has_weights(const pleats_layer_spec *layer, pleats_idx n)
{
    for (pleats_idx i = 0; i < n; i++)
        if (layer[i].kind == PLEATS_LAYER_CONV ||
            layer[i].kind == PLEATS_LAYER_FC ||
            layer[i].kind == PLEATS_LAYER_GENERAL)
            return true;
    return false;
}

static bool has_units(const pleats_layer_spec *layer)
{
    return layer->n_units > 0;
}

/* Block and tail of a spec. */
static pleats_status take_apart(pleats_ctx *ctx, const pleats_spec *spec,
                                family *out)
{
    const pleats_layer_spec *layer = spec->layer;
    pleats_idx n = 0, last = spec->n_layers;
    *out = (family){.ctx = ctx, .input = spec->input, .block = layer};
    while (n < spec->n_layers && !has_units(&layer[n]))
        n++;
    while (last > n && !has_units(&layer[last - 1]))
        last--;
    if (n == spec->n_layers)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s has no units; a network to compare needs a "
                           "layer of units",
                           spec->text);
    out->n_block = n + 1;
    out->tail = layer + last;
    out->n_tail = spec->n_layers - last;
    return PLEATS_OK;
}

pleats_status pleats_spec_scaled(pleats_ctx *ctx, const pleats_spec *spec,
                                 int64_t factor, pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *made = NULL;
    pleats_idx last = spec->n_layers;
    *out = NULL;
    while (last > 0 && spec->layer[last - 1].n_units == 0)
        last--;
    TRY(pleats_spec_new(ctx, &spec->input, &made));
    for (pleats_idx i = 0; i < spec->n_layers; i++) {
        pleats_layer_spec layer = spec->layer[i];
        int64_t *width = layer.kind == PLEATS_LAYER_CONV ? &layer.conv.filters
                         : layer.kind == PLEATS_LAYER_FC ? &layer.out.channels
                                                         : NULL;
        if (i < last && width && __builtin_mul_overflow(*width, factor, width))
            TRY(pleats_fail(ctx, PLEATS_INVALID, "a width is too large"));
        TRY(pleats_spec_add(ctx, made, &layer));
    }
    TRY(pleats_spec_end(ctx, made, NULL));
    *out = made;
    made = NULL;
done:
    pleats_spec_clear(ctx, made);
    return status;
}

int32_t pleats_spec_n_unit_layers(const pleats_spec *spec)
{
    int32_t n = 0;
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        n += has_units(&spec->layer[i]);
    return n;
}

int32_t pleats_spec_depth(const pleats_spec *spec)
{
    int32_t depth = 0;
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        depth += has_units(&spec->layer[i]) &&
                 spec->layer[i].kind != PLEATS_LAYER_MAXPOOL;
    return depth;
}

/* The first units that are no pool, for fully connected layers; ReLU where the
 * spec has none of that kind. */
static pleats_layer_spec first_activation(const pleats_spec *spec)
{
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        if (spec->layer[i].kind == PLEATS_LAYER_ACTIVATION ||
            spec->layer[i].kind == PLEATS_LAYER_MAXOUT)
            return spec->layer[i];
    return (pleats_layer_spec){.kind = PLEATS_LAYER_ACTIVATION};
}

pleats_status pleats_spec_match_fc(pleats_ctx *ctx, const pleats_spec *spec,
                                   int32_t depth, pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    family f = {0};
    *out = NULL;
    TRY(take_apart(ctx, spec, &f));
    const pleats_layer_spec block[2] = {
        {.kind = PLEATS_LAYER_FC, .has_bias = true}, first_activation(spec)};
    const pleats_shape output = pleats_spec_output(spec);
    const pleats_layer_spec tail = {
        .kind = PLEATS_LAYER_FC,
        .out = {.channels = pleats_shape_count(&output)},
        .has_bias = true};
    f.input = (pleats_shape){pleats_shape_count(&spec->input), 0, {1, 1, 1}};
    f.n_tail = has_weights(f.tail, f.n_tail);
    f.tail = &tail;
    f.block = block;
    f.n_block = 2;
    f.depth = depth > 0 ? depth : pleats_spec_depth(spec);
    TRY(closest(&f, pleats_spec_n_parameters(spec), out));
done:
    return status;
}

static bool can_repeat(const family *f)
{
    for (pleats_idx i = 0; i < f->n_block; i++)
        if (f->block[i].kind == PLEATS_LAYER_RES_BEGIN ||
            f->block[i].kind == PLEATS_LAYER_GENERAL ||
            (f->block[i].kind == PLEATS_LAYER_CONV &&
             f->block[i].conv.groups > 1))
            return false;
    return has_weights(f->block, f->n_block);
}

pleats_status pleats_spec_with_depth(pleats_ctx *ctx, const pleats_spec *spec,
                                     int32_t depth, int64_t budget,
                                     pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    family f = {0};
    *out = NULL;
    TRY(take_apart(ctx, spec, &f));
    f.depth = depth;
    if (depth < 1 || depth > MOST_DEPTH)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "a depth is 1 to %d, not %d",
                        MOST_DEPTH, depth));
    if (!can_repeat(&f))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s must begin with convolutions without groups or "
                        "fully connected layers, which other depths repeat",
                        spec->text));
    TRY(closest(&f, budget > 0 ? budget : pleats_spec_n_parameters(spec), out));
done:
    return status;
}
