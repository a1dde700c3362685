/* The networks behind the lower bounds.
 *
 * Seen from behind its ReLUs, a hidden layer of folds returns d_0 channels on
 * its grid of positions: channel c is constant + sum_k coefficient_k h_(cp+k).
 * So every layer is made in two moves: filters on d_0 channels are chosen as if
 * these were its input, and then composed with the sums of the layer before. */
#include "base/rng.h"
#include "forms/exact_sums.h"
#include "pleats/make.h"
#include "spec/of_spec.h"

#include <math.h>

typedef struct {
    pleats_construction kind;
    pleats_idx last;  /* the affine layer of the last hidden units */
    int64_t channels; /* d_0 */
    int64_t filters;  /* of the layer before, d_0 for the first */
    int64_t folds;    /* p of the layer before, 0 for the first */
    pleats_rng rng;
} builder;

/* ---- folds ---- */

/* Unit k of p, relu(weight x + bias), counts `coefficient` times in the fold.
 */
typedef struct {
    double weight, bias, coefficient;
} fold_unit;

/* Montufar's fold is 0 left of 0 and zigzags with slopes p, -p, ... from there,
 * the breakpoints being 0, 1/p, ..., (p-1)/p. */
static fold_unit plain_unit(int64_t p, int64_t k)
{
    double sign = k % 2 == 0 ? 1 : -1;
    return k == 0 ? (fold_unit){(double)p, 0, 1}
                  : (fold_unit){(double)(2 * p), (double)(-2 * k), sign};
}

/* Serra's fold has breakpoints (2 k + 1) / m, k = 0 .. p-1, m = 2 p + 1.  Its
 * unit 2 looks left, which gives the piece left of all breakpoints the slope m;
 * the others have slopes -m/2, m/2, ... in turn.  So all p + 1 pieces cover
 * [0, 1]: one on [0, 1/m], the others on intervals of length 2/m. */
static fold_unit extra_unit(int64_t p, int64_t k)
{
    double side = k == 2 ? -1 : 1;
    double coefficient = k == 0 ? -1.5 : k % 2 == 1 ? 1 : -1;
    return (fold_unit){side * (double)(2 * p + 1), -side * (double)(2 * k + 1),
                       coefficient};
}

static fold_unit unit_of(const builder *b, int64_t p, int64_t k)
{
    return b->kind == PLEATS_FOLDS_SERRA ? extra_unit(p, k) : plain_unit(p, k);
}

/* What a fold adds to the sum of its units, so that it maps 0 to 0. */
static double constant_of(const builder *b)
{
    return b->kind == PLEATS_FOLDS_SERRA ? 5 : 0;
}

/* ---- layers ---- */

/* Adds `value` at entry `tap` of channel `channel` (of d_0) to filter `unit`.
 */
static pleats_status put(pleats_ctx *ctx, const builder *b,
                         pleats_parameters *p, int64_t unit, int64_t channel,
                         int64_t tap, double value)
{
    pleats_status status = PLEATS_OK;
    int64_t row = (int64_t)(p->n_weights / p->n_biases);
    int64_t taps = row / b->filters;
    double *weight = p->weight + unit * row + tap;
    if (b->folds == 0)
        return pleats_add_product(ctx, &weight[channel * taps], 1, value);
    for (int64_t k = 0; k < b->folds; k++)
        TRY(pleats_add_product(ctx, &weight[(channel * b->folds + k) * taps],
                               value, unit_of(b, b->folds, k).coefficient));
    TRY(pleats_add_product(ctx, &p->bias[unit], value, constant_of(b)));
done:
    return status;
}

/* Group c of p filters folds the first entry of channel c in each window. */
static pleats_status fill_folds(pleats_ctx *ctx, const builder *b,
                                int64_t folds, pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    for (int64_t unit = 0; unit < b->channels * folds; unit++) {
        fold_unit f = unit_of(b, folds, unit % folds);
        TRY(put(ctx, b, p, unit, unit / folds, 0, f.weight));
        TRY(pleats_add_product(ctx, &p->bias[unit], 1, f.bias));
    }
done:
    return status;
}

/* Hyperplane sum_j t^j (x_j - 1/2) = e t^n, j = 0 .. n-1, for every unit's own
 * node t in [-1, 1].  Any n of them have independent normals and no n + 1 share
 * a point (Vandermonde).  The vertex of nodes t_1 .. t_n has x_j - 1/2 =
 * +-e s_(n-j)(t_1 .. t_n), s being elementary symmetric, which is below 1/2 for
 * e = 2^-(n+1): all vertices, and so all regions, meet the open cube. */
static pleats_status fill_moment_curve(pleats_ctx *ctx, const builder *b,
                                       pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    int64_t units = (int64_t)p->n_biases, half = units / 2;
    int64_t taps = (int64_t)p->n_weights / units / b->filters;
    int64_t n = b->channels * taps;
    double scale = 1;
    while (scale < (double)half)
        scale *= 2;
    for (int64_t unit = 0; unit < units; unit++) {
        double node = (double)(unit - half) / scale, power = 1;
        for (int64_t j = 0; j < n; j++) {
            double next = 0;
            TRY(put(ctx, b, p, unit, j / taps, j % taps, power));
            TRY(pleats_add_product(ctx, &p->bias[unit], power, -0.5));
            TRY(pleats_add_product(ctx, &next, power, node));
            power = next;
        }
        TRY(pleats_add_product(ctx, &p->bias[unit], power,
                               -ldexp(1, -(int)n - 1)));
    }
done:
    return status;
}

/* An odd multiple of 2^-16 in (-1, 1). */
static double draw(builder *b)
{
    int64_t odd = 2 * (int64_t)pleats_rng_below(&b->rng, 1 << 16) + 1;
    return (double)(odd - (1 << 16)) / (1 << 16);
}

/* Random filters v with sum v (x - 1/2) = e b at every position: one shared
 * bias serves since no window is cut off by padding.  e is so small that the
 * regions meet the cube. */
static pleats_status fill_random_filters(pleats_ctx *ctx, builder *b,
                                         pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    int64_t units = (int64_t)p->n_biases;
    int64_t taps = (int64_t)p->n_weights / units / b->filters;
    for (int64_t unit = 0; unit < units; unit++) {
        for (int64_t j = 0; j < b->channels * taps; j++) {
            double value = draw(b);
            TRY(put(ctx, b, p, unit, j / taps, j % taps, value));
            TRY(pleats_add_product(ctx, &p->bias[unit], value, -0.5));
        }
        TRY(pleats_add_product(ctx, &p->bias[unit], draw(b), -0x1p-20));
    }
done:
    return status;
}

static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    builder *b = state;
    const pleats_layer_spec *layer = &spec->layer[index];
    for (size_t i = 0; index > b->last && i < p->n_weights; i++)
        p->weight[i] = 1;
    if (index > b->last)
        return PLEATS_OK;
    if (index == b->last)
        return layer->kind == PLEATS_LAYER_FC ? fill_moment_curve(ctx, b, p)
                                              : fill_random_filters(ctx, b, p);
    int64_t folds = layer->out.channels / b->channels;
    TRY(fill_folds(ctx, b, folds, p));
    b->folds = folds;
    b->filters = layer->out.channels;
done:
    return status;
}

/* ---- which architectures fit ---- */

static bool is_affine(const pleats_layer_spec *l)
{
    return l->kind == PLEATS_LAYER_CONV || l->kind == PLEATS_LAYER_FC;
}

/* Finds the last hidden layer of a chain of affine layers and ReLUs. */
static pleats_status find_last(pleats_ctx *ctx, const pleats_spec *spec,
                               pleats_idx *last)
{
    pleats_idx open = -1;
    *last = -1;
    for (pleats_idx i = 0; i < spec->n_layers; i++) {
        const pleats_layer_spec *l = &spec->layer[i];
        if (l->kind == PLEATS_LAYER_FLATTEN)
            continue;
        bool ends = l->kind == PLEATS_LAYER_ACTIVATION &&
                    l->activation == PLEATS_ACT_RELU;
        if (open < 0 ? !is_affine(l) : !ends)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "layer %d: a construction has conv or fc layers "
                               "with relu after each, and at most one more "
                               "without at the end",
                               i + 1);
        *last = ends ? open : *last;
        open = ends ? -1 : i;
    }
    if (*last < 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a construction needs a layer with relu");
    return PLEATS_OK;
}

static const char *why_not(const builder *b, const pleats_layer_spec *l)
{
    const pleats_conv_spec *c = &l->conv;
    if (l->kind == PLEATS_LAYER_FC)
        return l->has_bias ? NULL : "it has no biases";
    if (b->kind == PLEATS_FOLDS_MONTUFAR)
        return "it is no fully connected one";
    for (pleats_idx d = 0; d < l->in.n_spatial; d++)
        if (c->pad_lo[d] > 0 || c->pad_hi[d] > 0)
            return "it is padded, for which the bound is not proven";
    return c->groups > 1 ? "it has groups"
           : c->has_bias ? NULL
                         : "it has no biases";
}

static pleats_status check_layer(pleats_ctx *ctx, const builder *b,
                                 const pleats_spec *spec, pleats_idx index)
{
    const pleats_layer_spec *l = &spec->layer[index];
    int64_t least = b->kind == PLEATS_FOLDS_SERRA ? 3 : 1;
    const char *why = is_affine(l) ? why_not(b, l) : NULL;
    if (why)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "layer %d does not fit the construction: %s",
                           index + 1, why);
    if (is_affine(l) && index < b->last &&
        l->out.channels / least < b->channels)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "layer %d has %lld units or filters; the "
                           "construction needs at least %lld for each of the "
                           "%lld input coordinates or channels",
                           index + 1, (long long)l->out.channels,
                           (long long)least, (long long)b->channels);
    return PLEATS_OK;
}

pleats_status pleats_net_construct(pleats_ctx *ctx, const pleats_spec *spec,
                                   pleats_construction construction,
                                   uint64_t seed, pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    builder b = {.kind = construction, .channels = spec->input.channels};
    bool has_conv = construction == PLEATS_FOLDS_XIONG;
    *out = NULL;
    TRY(find_last(ctx, spec, &b.last));
    for (pleats_idx i = 0; i <= b.last; i++)
        has_conv |= spec->layer[i].kind == PLEATS_LAYER_CONV;
    if (!has_conv)
        b.channels = pleats_shape_count(&spec->input);
    b.filters = b.channels;
    for (pleats_idx i = 0; i <= b.last; i++)
        TRY(check_layer(ctx, &b, spec, i));
    pleats_rng_init(&b.rng, seed);
    TRY(pleats_net_of_spec(ctx, spec, fill, &b, out));
done:
    return status;
}
