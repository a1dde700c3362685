#include "theory/bounds/fold_plan.h"

#include "theory/bounds/pool_weights.h"
#include "theory/layer/certified.h"
#include "theory/sums.h"
#include "theory/windows.h"

#include <math.h>

/* Coordinates of fully connected folds that are tried. */
enum { MOST_COORDINATES = 4096 };

typedef struct {
    pleats_ctx *ctx;
    const pleats_spec *spec;
    pleats_fold_sites sites;
    bool relu_only;
    pleats_fold_plan best;
    bool is_found;
    double best_bits;
    mpz_t value;
} search;

static const pleats_layer_spec *layer_of(const search *s, pleats_idx i)
{
    return &s->spec->layer[i];
}

static const pleats_layer_spec *affine_of(const search *s, pleats_idx site)
{
    return layer_of(s, s->sites.at[site].affine);
}

/* A pool as windows of one channel's cells. */
static pleats_conv_layer windows_of(const pleats_layer_spec *pool)
{
    pleats_conv_layer windows = {.in = pool->in, .conv = pool->conv};
    if (pool->kind == PLEATS_LAYER_GAP)
        windows.conv = (pleats_conv_spec){.filters = 1, .groups = 1};
    for (pleats_idx d = 0; d < pool->in.n_spatial; d++)
        if (pool->kind == PLEATS_LAYER_GAP) {
            windows.conv.kernel[d] = pool->in.size[d];
            windows.conv.stride[d] = windows.conv.dilation[d] = 1;
        }
    return windows;
}

/* log2 of the ways to choose an open candidate for every window and channel of
 * a site's pool, 0 without one; and (unless NULL) value *= these ways. */
static double multiply_choices(const search *s, const pleats_fold_site *site,
                               int64_t channels, mpz_ptr value)
{
    double bits = 0;
    mpz_t ways;
    if (site->pool < 0)
        return 0;
    pleats_conv_layer pool = windows_of(layer_of(s, site->pool));
    pool.in.channels = channels;
    mpz_init(ways);
    pleats_pool_patterns(&pool, &bits, value ? ways : NULL);
    if (value)
        mpz_mul(value, value, ways);
    mpz_clear(ways);
    return bits;
}

/* log2 of the product of all folds of a plan, and (unless NULL) value *= it;
 * *available gets the coordinates that the arrangement reads.  -1 when some
 * site cannot fold. */
static double multiply_folds(const search *s, const pleats_fold_plan *plan,
                             mpz_ptr value, int64_t *available)
{
    double bits = 0;
    *available = pleats_shape_count(&s->spec->input);
    for (pleats_idx i = 0; i < plan->last; i++) {
        pleats_fold f;
        if (pleats_fold_of(s->spec, &s->sites, plan, i, *available, &f))
            return -1;
        bits += (double)f.coordinates * log2((double)f.pieces);
        bits += multiply_choices(s, &s->sites.at[i], f.channels, value);
        if (value && bits < PLEATS_MOST_BITS)
            pleats_multiply_power(value, f.pieces, f.coordinates);
        *available = f.coordinates;
    }
    return bits;
}

/* The arrangement as a layer of its own. */
static pleats_conv_layer
arrangement_of(const search *s, const pleats_fold_plan *plan, int64_t available)
{
    const pleats_layer_spec *l = affine_of(s, plan->last);
    const bool is_conv = l->kind == PLEATS_LAYER_CONV;
    pleats_conv_layer layer = {
        .in = l->in,
        .conv = l->conv,
        .pieces = layer_of(s, s->sites.at[plan->last].act)->pieces};
    if (is_conv && plan->last > 0)
        layer.in.channels = plan->channels;
    if (!is_conv) {
        layer.in = (pleats_shape){.channels = available, .size = {1, 1, 1}};
        layer.conv = (pleats_conv_spec){
            .filters = l->out.channels, .groups = 1, .has_bias = l->has_bias};
    }
    return layer;
}

static int64_t units_of(const pleats_conv_layer *layer,
                        const pleats_layer_spec *l)
{
    return l->kind == PLEATS_LAYER_CONV ? pleats_shape_count(&l->out)
                                        : layer->conv.filters;
}

/* value = sum over t = 1 .. m of k (t + 1)^(k-1), and 1. */
static void count_window(int64_t k, int64_t m, mpz_t value)
{
    mpz_t power;
    mpz_init(power);
    mpz_set_ui(value, 0);
    for (int64_t t = 1; t <= m; t++) {
        mpz_ui_pow_ui(power, (unsigned long)(t + 1), (unsigned long)(k - 1));
        mpz_add(value, value, power);
    }
    mpz_mul_si(value, value, k);
    mpz_add_ui(value, value, 1);
    mpz_clear(power);
}

/* value = what a last site gives that does not cut by generic hyperplanes but
 * sees each coordinate by one tap, at m thresholds, below a max-pool of
 * disjoint windows: of the k candidates of a window the largest is above t
 * thresholds, in k (t + 1)^(k-1) ways with the choice of the largest, or all
 * are below all.  0 when it cannot. */
static void count_pooled(const search *s, const pleats_fold_plan *plan,
                         int64_t available, mpz_t value)
{
    const pleats_fold_site *site = &s->sites.at[plan->last];
    const pleats_layer_spec *pool =
        site->pool >= 0 ? layer_of(s, site->pool) : NULL;
    pleats_fold f;
    mpz_set_ui(value, 0);
    if (!pool || pool->kind != PLEATS_LAYER_MAXPOOL ||
        affine_of(s, plan->last)->kind != PLEATS_LAYER_CONV ||
        pleats_fold_of(s->spec, &s->sites, plan, plan->last, available, &f))
        return;
    const pleats_conv_layer windows = windows_of(pool);
    mpz_t one;
    mpz_init(one);
    mpz_set_ui(value, 1);
    for (int64_t w = 0; w < f.positions; w++) {
        int64_t rest = w, k = 1, from = 0;
        for (pleats_idx d = pool->in.n_spatial - 1; d >= 0; d--) {
            k *= pleats_window_width(&windows, d, rest % pool->out.size[d],
                                     &from);
            rest /= pool->out.size[d];
        }
        count_window(k, f.units, one);
        mpz_mul(value, value, one);
    }
    mpz_pow_ui(value, value, (unsigned long)f.channels);
    mpz_clear(one);
}

/* Tries a plan unless even the numbers of generic hyperplanes leave it behind
 * the best so far. */
static pleats_status try_plan(search *s, const pleats_fold_plan *plan)
{
    pleats_status status = PLEATS_OK;
    int64_t available = 0;
    const double folds = multiply_folds(s, plan, NULL, &available);
    const pleats_conv_layer layer = arrangement_of(s, plan, available);
    const int64_t units = units_of(&layer, affine_of(s, plan->last));
    const double most = pleats_zaslavsky_bits(
        units, pleats_shape_count(&layer.in), layer.pieces - 1);
    mpz_t value, pooled;
    mpz_init(value);
    mpz_init(pooled);
    if (folds < 0 || folds + most >= PLEATS_MOST_BITS ||
        (s->is_found && folds + most + 1 < s->best_bits) ||
        !layer.conv.has_bias)
        goto done;
    TRY(pleats_certified_regions(s->ctx, &layer, value, NULL));
    count_pooled(s, plan, available, pooled);
    const bool is_below_pool = mpz_cmp(pooled, value) > 0;
    if (is_below_pool)
        mpz_swap(pooled, value);
    multiply_folds(s, plan, value, &available);
    if (s->is_found && mpz_cmp(value, s->value) <= 0)
        goto done;
    mpz_swap(value, s->value);
    s->best_bits = (double)mpz_sizeinbase(s->value, 2);
    s->best = *plan;
    s->best.is_below_pool = is_below_pool;
    s->is_found = true;
done:
    mpz_clear(value);
    mpz_clear(pooled);
    return status;
}

/* Whether a fully connected layer folds before the arrangement. */
static bool folds_vector(const search *s, pleats_idx last)
{
    for (pleats_idx i = 0; i < last; i++)
        if (affine_of(s, i)->kind == PLEATS_LAYER_FC)
            return true;
    return false;
}

static bool fits(const search *s, pleats_idx last)
{
    for (pleats_idx i = 0; s->relu_only && i <= last; i++)
        if (layer_of(s, s->sites.at[i].act)->activation != PLEATS_ACT_RELU)
            return false;
    return true;
}

/* log2 of folds and of the generic number of a last fully connected layer. */
static double weigh(const search *s, const pleats_fold_plan *plan)
{
    int64_t available = 0;
    const double folds = multiply_folds(s, plan, NULL, &available);
    const pleats_conv_layer layer = arrangement_of(s, plan, available);
    return folds < 0 ? -1
                     : folds + pleats_zaslavsky_bits(
                                   units_of(&layer, affine_of(s, plan->last)),
                                   available, layer.pieces - 1);
}

/* The numbers of coordinates whose bound seems best: those within two bits of
 * the best one by logarithms. */
static pleats_status try_coordinates(search *s, pleats_fold_plan plan)
{
    pleats_status status = PLEATS_OK;
    double best = -1;
    int64_t most = MOST_COORDINATES;
    if (!folds_vector(s, plan.last))
        return try_plan(s, &plan);
    for (pleats_idx i = 0; i < plan.last; i++)
        if (affine_of(s, i)->kind == PLEATS_LAYER_FC &&
            affine_of(s, i)->out.channels < most)
            most = affine_of(s, i)->out.channels;
    for (plan.coordinates = 1; plan.coordinates <= most; plan.coordinates++) {
        double bits = weigh(s, &plan);
        best = bits > best ? bits : best;
    }
    for (plan.coordinates = 1; best >= 0 && plan.coordinates <= most;
         plan.coordinates++)
        if (weigh(s, &plan) >= best - 2)
            TRY(try_plan(s, &plan));
done:
    return status;
}

/* All groups together, of one, two and all channels each. */
static pleats_status try_last(search *s, pleats_idx last)
{
    pleats_status status = PLEATS_OK;
    const int64_t channels = s->spec->input.channels;
    int64_t groups = 1;
    for (pleats_idx i = 0; i <= last; i++)
        if (affine_of(s, i)->kind == PLEATS_LAYER_CONV &&
            affine_of(s, i)->conv.groups > groups)
            groups = affine_of(s, i)->conv.groups;
    const int64_t tried[] = {channels, groups, 2 * groups};
    for (int i = 0; i < 3; i++) {
        const pleats_fold_plan plan = {
            .last = last, .channels = tried[i], .coordinates = 1};
        bool is_new = tried[i] <= channels;
        for (int k = 0; k < i; k++)
            is_new = is_new && tried[k] != tried[i];
        if (is_new)
            TRY(try_coordinates(s, plan));
        if (last == 0)
            break;
    }
done:
    return status;
}

pleats_status pleats_fold_plan_best(pleats_ctx *ctx, const pleats_spec *spec,
                                    bool relu_only, pleats_fold_plan *plan,
                                    mpz_t value, bool *is_found)
{
    pleats_status status = PLEATS_OK;
    search s = {.ctx = ctx, .spec = spec, .relu_only = relu_only};
    mpz_init(s.value);
    TRY(pleats_fold_sites_find(ctx, spec, &s.sites));
    for (pleats_idx last = s.sites.n - 1; last >= 0; last--)
        if (fits(&s, last))
            TRY(try_last(&s, last));
    *plan = s.best;
    *is_found = s.is_found;
    mpz_set(value, s.value);
done:
    pleats_fold_sites_clear(ctx, &s.sites);
    mpz_clear(s.value);
    return status;
}
