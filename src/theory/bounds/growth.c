#include "theory/bounds/growth.h"

#include "spec/folds.h"
#include "theory/layer/formula.h"
#include "theory/windows.h"

#include "pleats/spec.h"

/* Inputs that the windows of a layer see. */
static pleats_status seen_by(pleats_ctx *ctx, const pleats_conv_layer *layer,
                             int64_t *seen)
{
    pleats_status status = PLEATS_OK;
    pleats_windows windows = {0};
    *seen = pleats_shape_count(&layer->in);
    status = pleats_windows_init(ctx, &windows, layer);
    if (status == PLEATS_OK)
        *seen = pleats_windows_rank(&windows);
    else if (pleats_is_too_large(ctx, status))
        status = PLEATS_OK;
    pleats_windows_clear(ctx, &windows);
    return status;
}

/* A layer's regions on rank d are a polynomial of degree d in its units; the
 * first one sees no more inputs than its windows. */
static pleats_status find_upper(pleats_ctx *ctx, const pleats_stack *stack,
                                int64_t *upper)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < stack->n_unit_layers; i++) {
        const pleats_item *item = pleats_stack_units(stack, i);
        upper[i] = stack->dimension;
        if (item->reads == PLEATS_READS_CONV && i == 0 &&
            stack->is_first_direct) {
            int64_t seen = 0;
            TRY(seen_by(ctx, &item->conv, &seen));
            upper[i] = pleats_lesser(upper[i], seen);
        }
    }
done:
    return status;
}

/* A max-pool is a layer of units, which the constructions leave at 0. */
static size_t has_maxpool(const pleats_spec *spec, const pleats_fold_site *site)
{
    return site->pool >= 0 &&
           spec->layer[site->pool].kind == PLEATS_LAYER_MAXPOOL;
}

static size_t count_layers(const pleats_spec *spec,
                           const pleats_fold_sites *sites)
{
    size_t n = (size_t)sites->n;
    for (pleats_idx i = 0; i < sites->n; i++)
        n += has_maxpool(spec, &sites->at[i]);
    return n;
}

/* Every site of folds multiplies by its pieces for each coordinate, and the
 * last one is a layer of its own, with biases; looked at where there are units
 * enough. */
static pleats_status read_folds(pleats_ctx *ctx, const pleats_spec *spec,
                                size_t n, int64_t **lower)
{
    pleats_status status = PLEATS_OK;
    pleats_fold_sites sites = {0};
    pleats_fold_plan plan = {.channels = spec->input.channels};
    int64_t available = pleats_shape_count(&spec->input), *found = NULL;
    TRY(pleats_fold_sites_find(ctx, spec, &sites));
    if (sites.n == 0 || count_layers(spec, &sites) != n)
        goto done;
    plan.last = sites.n - 1;
    TRY(pleats_alloc(ctx, n, sizeof *found, &found));
    for (size_t i = 0, l = 0; i < (size_t)plan.last; i++, l++) {
        pleats_fold f;
        plan.coordinates = available;
        if (pleats_fold_of(spec, &sites, &plan, (pleats_idx)i, available, &f))
            goto done;
        available = f.coordinates;
        found[l] = available;
        l += has_maxpool(spec, &sites.at[i]);
    }
    const pleats_layer_spec *l = &spec->layer[sites.at[plan.last].affine];
    if (!(l->kind == PLEATS_LAYER_CONV ? l->conv.has_bias : l->has_bias))
        goto done;
    pleats_conv_layer last = {.in = l->in, .conv = l->conv, .pieces = 2};
    last.in.channels = plan.channels;
    if (l->kind == PLEATS_LAYER_CONV)
        TRY(seen_by(ctx, &last, &available));
    found[n - 1 - has_maxpool(spec, &sites.at[plan.last])] = available;
    *lower = found;
    found = NULL;
done:
    pleats_release(ctx, found);
    pleats_fold_sites_clear(ctx, &sites);
    return status;
}

static pleats_status find_lower(pleats_ctx *ctx, const pleats_stack *stack,
                                int64_t **lower)
{
    pleats_status status = PLEATS_OK;
    /* Units enough for all coordinates of a vector, or at least of a grid. */
    const int64_t factor[] = {8 * stack->dimension, 8 * stack->input.channels};
    pleats_spec *wide = NULL;
    for (int i = 0; i < 2 && !*lower; i++) {
        pleats_spec_clear(ctx, wide);
        wide = NULL;
        status = pleats_spec_scaled(ctx, stack->spec, factor[i], &wide);
        if (status == PLEATS_OK)
            TRY(read_folds(ctx, wide, stack->n_unit_layers, lower));
        else if (status == PLEATS_INVALID)
            status = PLEATS_OK;
        TRY(status);
    }
done:
    pleats_spec_clear(ctx, wide);
    return status;
}

pleats_status pleats_growth_find(pleats_ctx *ctx, const pleats_stack *stack,
                                 pleats_growth *out)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_growth){0};
    if (stack->has_general || stack->n_unit_layers == 0)
        return PLEATS_OK;
    out->n = stack->n_unit_layers;
    TRY(pleats_alloc(ctx, out->n, sizeof *out->upper, &out->upper));
    TRY(find_upper(ctx, stack, out->upper));
    TRY(find_lower(ctx, stack, &out->lower));
done:
    if (status != PLEATS_OK)
        pleats_growth_clear(ctx, out);
    return status;
}

void pleats_growth_clear(pleats_ctx *ctx, pleats_growth *growth)
{
    pleats_release(ctx, growth->upper);
    pleats_release(ctx, growth->lower);
    *growth = (pleats_growth){0};
}
