#include "theory/bounds/stack.h"

/* What stands between the last item and the layer that is being read. */
typedef struct {
    int64_t size;     /* of what the last item handed on */
    int64_t rank;     /* of the affine map since then: at most */
    int64_t n_linear; /* convolutions and fully connected layers since the
                         last units */
    const pleats_layer_spec *last; /* the last of them, NULL when something
                                      other than BN or FLATTEN came after */
    bool has_bn;                   /* a normalisation after it */
    bool is_flat; /* nothing since units whose flat pieces are their extremes */
    bool is_direct; /* nothing but one of them since the input */
    size_t skip;    /* innermost open SKIP + 1; 0: none */
} reader;

static pleats_status push(pleats_ctx *ctx, pleats_stack *stack,
                          const pleats_item *item)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &stack->item, &stack->capacity, stack->n_items + 1,
                    sizeof *stack->item));
    stack->item[stack->n_items++] = *item;
done:
    return status;
}

/* An item for the affine map since the last item, if it can lower the rank
 * more than `bound`, which the next item sees by itself. */
static pleats_status push_linear(pleats_ctx *ctx, pleats_stack *stack,
                                 reader *r, int64_t bound)
{
    pleats_status status = PLEATS_OK;
    if (r->rank < pleats_lesser(r->size, bound) && !stack->has_general)
        TRY(push(ctx, stack,
                 &(pleats_item){.kind = PLEATS_ITEM_LINEAR, .n = r->rank}));
    r->size = pleats_lesser(r->size, r->rank);
done:
    return status;
}

static void describe_fc(const pleats_layer_spec *fc, pleats_item *item)
{
    item->reads = PLEATS_READS_FC;
    item->has_bias = fc->has_bias;
    item->conv.in = (pleats_shape){.channels = pleats_shape_count(&fc->in)};
    item->conv.conv =
        (pleats_conv_spec){.filters = item->n, .groups = 1, .has_bias = true};
}

static void describe_reads(const reader *r, pleats_item *item)
{
    if (!r->last)
        return;
    if (r->last->kind == PLEATS_LAYER_FC) {
        describe_fc(r->last, item);
    } else {
        item->reads = PLEATS_READS_CONV;
        item->has_bias = r->last->conv.has_bias;
        item->conv.in = r->last->in;
        item->conv.conv = r->last->conv;
    }
    item->has_bias |= r->has_bn;
    item->conv.pieces = item->pieces;
}

/* Pieces of slope 0; one piece at least carries dimension. */
static int64_t flat_of(const pleats_layer_spec *layer)
{
    if (layer->kind != PLEATS_LAYER_ACTIVATION)
        return 0;
    return pleats_lesser(layer->flat, layer->pieces - 1);
}

static pleats_status add_units(pleats_ctx *ctx, pleats_stack *stack, reader *r,
                               const pleats_layer_spec *layer)
{
    pleats_status status = PLEATS_OK;
    if (layer->n_units == 0)
        return PLEATS_OK;
    bool is_max = layer->kind == PLEATS_LAYER_MAXOUT ||
                  layer->kind == PLEATS_LAYER_MAXPOOL;
    int64_t pieces = layer->pieces;
    if (layer->kind == PLEATS_LAYER_MAXOUT)
        pieces = layer->rank;
    if (layer->kind == PLEATS_LAYER_MAXPOOL) {
        pieces = 1;
        for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
            if (__builtin_mul_overflow(pieces, layer->conv.kernel[d], &pieces))
                TRY(pleats_fail(ctx, PLEATS_INVALID,
                                "a pool's window is too large"));
    }
    bool is_relu = layer->kind == PLEATS_LAYER_ACTIVATION &&
                   layer->activation == PLEATS_ACT_RELU && pieces == 2;
    pleats_item item = {.kind = PLEATS_ITEM_UNITS,
                        .n = layer->n_units,
                        .pieces = pieces,
                        .undecided = layer->n_units,
                        .is_max = is_max,
                        .is_relu = is_relu,
                        .flat = flat_of(layer),
                        .pools_flat =
                            r->is_flat && layer->kind == PLEATS_LAYER_MAXPOOL,
                        .keeps_rank = stack->has_general};
    if (!is_max || (layer->kind == PLEATS_LAYER_MAXOUT && r->last &&
                    r->last->kind == PLEATS_LAYER_FC))
        describe_reads(r, &item);
    if (layer->kind == PLEATS_LAYER_MAXPOOL) {
        item.conv.in = layer->in;
        item.conv.conv = layer->conv;
    }
    r->is_flat = layer->kind == PLEATS_LAYER_ACTIVATION &&
                 layer->activation != PLEATS_ACT_PL && item.flat > 0;
    if (stack->n_unit_layers == 0)
        stack->is_first_direct = r->is_direct && item.reads != PLEATS_READS_ANY;
    if (is_max || !r->last || r->n_linear != 1)
        stack->is_chain = false;
    stack->has_max |= is_max;
    stack->n_unit_layers++;
    TRY(push_linear(ctx, stack, r, item.n));
    TRY(push(ctx, stack, &item));
    r->size = r->rank = stack->has_general ? stack->dimension : item.n;
    r->n_linear = 0;
    r->is_direct = false;
    r->last = NULL;
    r->has_bn = false;
done:
    return status;
}

static pleats_status add_skip(pleats_ctx *ctx, pleats_stack *stack, reader *r)
{
    pleats_status status = PLEATS_OK;
    stack->has_skip = true;
    stack->is_chain = false;
    r->is_flat = false;
    r->is_direct = false;
    r->last = NULL;
    TRY(push_linear(ctx, stack, r, INT64_MAX));
    if (stack->has_general)
        goto done;
    /* While the branch is open, n holds the enclosing skip. */
    TRY(push(ctx, stack,
             &(pleats_item){.kind = PLEATS_ITEM_SKIP, .n = (int64_t)r->skip}));
    r->skip = stack->n_items;
done:
    return status;
}

static void end_skip(pleats_stack *stack, reader *r,
                     const pleats_layer_spec *layer)
{
    r->last = NULL;
    r->is_flat = false;
    r->size = r->rank = pleats_shape_count(&layer->out);
    if (r->skip == 0)
        return;
    pleats_item *skip = &stack->item[r->skip - 1];
    skip->end = stack->n_items;
    r->skip = (size_t)skip->n;
    skip->n = 0;
}

static pleats_status add_layer(pleats_ctx *ctx, pleats_stack *stack, reader *r,
                               const pleats_layer_spec *layer)
{
    switch (layer->kind) {
    case PLEATS_LAYER_ACTIVATION:
    case PLEATS_LAYER_MAXOUT:
    case PLEATS_LAYER_GENERAL:
        return add_units(ctx, stack, r, layer);
    case PLEATS_LAYER_MAXPOOL:
        stack->has_pool = true;
        return add_units(ctx, stack, r, layer);
    case PLEATS_LAYER_RES_BEGIN:
        return add_skip(ctx, stack, r);
    case PLEATS_LAYER_RES_END:
        end_skip(stack, r, layer);
        return PLEATS_OK;
    case PLEATS_LAYER_CONV:
    case PLEATS_LAYER_FC:
        r->is_direct &= r->n_linear++ == 0;
        r->last = layer;
        r->has_bn = false;
        break;
    case PLEATS_LAYER_AVGPOOL:
    case PLEATS_LAYER_GAP:
        stack->has_pool = true;
        stack->is_chain = false;
        r->is_direct = false;
        r->last = NULL;
        break;
    case PLEATS_LAYER_BN:
        if (!r->last) /* before a convolution that pads, it is no part of it */
            stack->is_chain = r->is_direct = false;
        r->has_bn = true;
        break;
    case PLEATS_LAYER_FLATTEN:
        break;
    }
    r->is_flat = false;
    r->rank = pleats_lesser(r->rank, pleats_shape_count(&layer->out));
    return PLEATS_OK;
}

pleats_status pleats_stack_of_spec(pleats_ctx *ctx, const pleats_spec *spec,
                                   pleats_stack *out)
{
    pleats_status status = PLEATS_OK;
    int64_t n = pleats_shape_count(&spec->input);
    reader r = {.size = n, .rank = n, .is_direct = true};
    *out = (pleats_stack){
        .spec = spec, .dimension = n, .input = spec->input, .is_chain = true};
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        if (spec->layer[i].kind == PLEATS_LAYER_GENERAL)
            out->has_general = true;
    if (out->has_general)
        out->is_chain = false;
    for (pleats_idx i = 0; i < spec->n_layers; i++)
        TRY(add_layer(ctx, out, &r, &spec->layer[i]));
    if (r.skip != 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a residual branch is not closed"));
done:
    if (status != PLEATS_OK)
        pleats_stack_clear(ctx, out);
    return status;
}

void pleats_stack_clear(pleats_ctx *ctx, pleats_stack *stack)
{
    pleats_release(ctx, stack->item);
    *stack = (pleats_stack){0};
}

const pleats_item *pleats_stack_units(const pleats_stack *stack, size_t i)
{
    for (size_t k = 0; k < stack->n_items; k++)
        if (stack->item[k].kind == PLEATS_ITEM_UNITS && i-- == 0)
            return &stack->item[k];
    return NULL;
}

static size_t count_relu(const pleats_stack *stack)
{
    size_t n = 0;
    for (size_t k = 0; k < stack->n_items; k++)
        n += stack->item[k].kind == PLEATS_ITEM_UNITS && stack->item[k].is_relu;
    return n;
}

bool pleats_stack_is_relu(const pleats_stack *stack)
{
    return count_relu(stack) == stack->n_unit_layers;
}

bool pleats_stack_has_relu(const pleats_stack *stack)
{
    return count_relu(stack) > 0;
}
