/* The networks of fold plans; see spec/folds.h.
 *
 * What a site hands on is read as a few *virtual* channels: channel v is
 * constant + sum over k of coefficient[k] (physical channel first(v) + k), and
 * perhaps a share of the group's unit that is 1 everywhere.  Virtual channels
 * run over an interval of some length about some centre. */
#include "spec/folds.h"

#include "base/rng.h"
#include "forms/exact_sums.h"
#include "spec/of_spec.h"

#include <math.h>

/* What stands before a layer. */
typedef struct {
    pleats_fold fold; /* how it was made; of the input: one unit a channel */
    int64_t filters;  /* physical channels */
    bool is_input;
    double length; /* of the interval */
    double scale;  /* what the units' sum counts: an average pool's size */
    int64_t positions;
} image;

typedef struct {
    const pleats_spec *spec;
    const pleats_fold_plan *plan;
    pleats_fold_sites sites;
    image before;
    pleats_idx site; /* the next one */
    pleats_rng rng;
} builder;

/* Unit k of a fold, relu(weight x + bias), counts `coefficient` times. */
typedef struct {
    double weight, bias, coefficient;
} fold_unit;

/* A fold of [lo, lo + length] that is 0 at its left end and zigzags between 0
 * and `length`: breakpoints lo + k length / p, all units looking right; with
 * `is_extra` lo = 0, breakpoints (2 k + 1) length / (2 p + 1), and unit 2 looks
 * left. */
static fold_unit unit_of(const pleats_fold *f, double lo, double length,
                         int64_t k)
{
    const double p = (double)f->units, at = (double)k;
    if (f->is_extra) {
        double side = k == 2 ? -1 : 1;
        return (fold_unit){side * (2 * p + 1), -side * (2 * at + 1) * length,
                           k == 0       ? -1.5
                           : k % 2 == 1 ? 1
                                        : -1};
    }
    if (k == 0)
        return (fold_unit){p, -p * lo, 1};
    return (fold_unit){2 * p, -2 * (p * lo + at * length), k % 2 == 0 ? 1 : -1};
}

/* Left end of what the site at work folds: units below a pool are all inactive
 * on the first quarter, so that a closed candidate can stay there. */
static double left_end(const builder *b, bool is_pooled)
{
    return is_pooled ? b->before.length / 4 : 0;
}

/* ---- reading virtual channels ---- */

static int64_t blocks_of(const image *i)
{
    return i->fold.groups;
}

/* Physical channel of unit 0 of virtual channel v. */
static int64_t first_of(const image *i, int64_t v)
{
    const int64_t in_block = i->fold.channels / blocks_of(i);
    return v / in_block * (i->filters / blocks_of(i)) +
           v % in_block * i->fold.units;
}

/* The unit of v's group that is 1. */
static int64_t constant_of(const image *i, int64_t v)
{
    const int64_t in_block = i->fold.channels / blocks_of(i);
    return (v / in_block + 1) * (i->filters / blocks_of(i)) - 1;
}

static double coefficient_of(const image *i, int64_t k)
{
    return i->is_input ? 1 : unit_of(&i->fold, 0, 0, k).coefficient * i->scale;
}

/* Where weights of one unit of a layer are. */
typedef struct {
    pleats_parameters *p;
    int64_t unit, row,
        places;    /* row: weights of a unit; places: of a channel */
    int64_t first; /* the first channel that the unit sees */
} target;

static pleats_status put_physical(pleats_ctx *ctx, const target *t,
                                  int64_t channel, int64_t place, double value)
{
    double *weight = t->p->weight + t->unit * t->row;
    return pleats_add_product(
        ctx, &weight[(channel - t->first) * t->places + place], 1, value);
}

/* Adds `value` times virtual channel v at a place, less its centre if
 * `is_centred`. */
static pleats_status put(pleats_ctx *ctx, const builder *b, const target *t,
                         int64_t v, int64_t place, double value,
                         bool is_centred)
{
    pleats_status status = PLEATS_OK;
    const image *i = &b->before;
    double constant = i->fold.is_extra ? 5 * i->length : 0;
    if (is_centred)
        constant -= i->length / 2;
    for (int64_t k = 0; k < i->fold.units; k++) {
        double product = 0;
        TRY(pleats_add_product(ctx, &product, value, coefficient_of(i, k)));
        TRY(put_physical(ctx, t, first_of(i, v) + k, place, product));
    }
    double product = 0;
    TRY(pleats_add_product(ctx, &product, value, constant));
    if (i->fold.has_constant)
        TRY(put_physical(ctx, t, constant_of(i, v), place, product));
    else
        TRY(pleats_add_product(ctx, &t->p->bias[t->unit], 1, product));
done:
    return status;
}

static target target_of(const builder *b, const pleats_layer_spec *l,
                        pleats_parameters *p, int64_t unit)
{
    target t = {.p = p, .unit = unit};
    t.row = (int64_t)p->n_weights / l->out.channels;
    if (l->kind == PLEATS_LAYER_CONV) {
        const int64_t in_group = l->in.channels / l->conv.groups;
        t.places = t.row / in_group;
        t.first = unit / (l->out.channels / l->conv.groups) * in_group;
    } else {
        t.places = b->before.positions;
    }
    return t;
}

/* ---- layers ---- */

static pleats_status fill_fold(pleats_ctx *ctx, builder *b,
                               const pleats_layer_spec *l, const pleats_fold *f,
                               double lo, pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    const bool is_conv = l->kind == PLEATS_LAYER_CONV;
    const double length = b->before.length - lo;
    image made = {.fold = *f, .filters = l->out.channels};
    for (int64_t v = 0; v < f->channels; v++) {
        int64_t from = is_conv ? v : v / b->before.positions;
        int64_t place = is_conv ? f->tap : v % b->before.positions;
        for (int64_t k = 0; k < f->units; k++) {
            fold_unit u = unit_of(f, lo, length, k);
            target t = target_of(b, l, p, first_of(&made, v) + k);
            TRY(put(ctx, b, &t, from, place, u.weight, false));
            TRY(pleats_add_product(ctx, &p->bias[t.unit], 1, u.bias));
        }
        if (f->has_constant)
            p->bias[constant_of(&made, v)] = 1;
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

/* Random hyperplanes near the centre, so near that all their regions meet the
 * cube.  Virtual channels that a unit's group does not see are left out. */
static pleats_status fill_arrangement(pleats_ctx *ctx, builder *b,
                                      const pleats_layer_spec *l,
                                      pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    const image *i = &b->before;
    const int64_t groups = l->kind == PLEATS_LAYER_CONV ? l->conv.groups : 1;
    for (int64_t unit = 0; unit < l->out.channels; unit++) {
        target t = target_of(b, l, p, unit);
        const int64_t group = unit / (l->out.channels / groups);
        const double side = b->plan->flips >> unit % 64 & 1 ? -1 : 1;
        for (int64_t v = 0; v < i->fold.channels; v++)
            for (int64_t place = 0; place < t.places; place++)
                if (v / (i->fold.channels / groups) == group)
                    TRY(put(ctx, b, &t, v, place, side * draw(b), true));
        if (p->n_biases > 0)
            TRY(pleats_add_product(ctx, &p->bias[unit], side * draw(b),
                                   0x1p-24));
    }
done:
    return status;
}

/* Unit k of each coordinate is active above the threshold k + 1 of as many as
 * there are units, or a few more. */
static pleats_status fill_thresholds(pleats_ctx *ctx, builder *b,
                                     const pleats_layer_spec *l,
                                     pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    pleats_fold f = {0};
    const char *why =
        pleats_fold_of(b->spec, &b->sites, b->plan, b->site,
                       b->before.fold.channels * b->before.positions, &f);
    double parts = 1;
    if (why)
        return pleats_fail(ctx, PLEATS_INVALID, "thresholds below a pool: %s",
                           why);
    while (parts < (double)(f.units + 1))
        parts *= 2;
    const image made = {.fold = f, .filters = l->out.channels};
    for (int64_t v = 0; v < f.channels; v++)
        for (int64_t k = 0; k < f.units; k++) {
            target t = target_of(b, l, p, first_of(&made, v) + k);
            TRY(put(ctx, b, &t, v, f.tap, 1, false));
            TRY(pleats_add_product(ctx, &p->bias[t.unit],
                                   -(double)(k + 1) / parts, b->before.length));
        }
done:
    return status;
}

/* Cells that an average pool adds up; 1: none. */
static double scale_of(const pleats_spec *spec, const pleats_fold_site *site)
{
    if (site->pool < 0)
        return 1;
    const pleats_layer_spec *pool = &spec->layer[site->pool];
    if (pool->kind == PLEATS_LAYER_MAXPOOL)
        return 1;
    double scale = 1;
    for (pleats_idx d = 0; d < pool->in.n_spatial; d++)
        scale *=
            (double)(pool->kind == PLEATS_LAYER_GAP ? pool->in.size[d]
                                                    : pool->conv.kernel[d]);
    return scale;
}

static bool is_power_of_two(double x)
{
    int exponent = 0;
    return frexp(x, &exponent) == 0.5;
}

static pleats_status fill_site(pleats_ctx *ctx, builder *b,
                               const pleats_layer_spec *l, pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_fold_site *site = &b->sites.at[b->site];
    pleats_fold f = {0};
    if (b->site == b->plan->last) {
        status = b->plan->is_below_pool ? fill_thresholds(ctx, b, l, p)
                                        : fill_arrangement(ctx, b, l, p);
        b->site++;
        return status;
    }
    const char *why =
        pleats_fold_of(b->spec, &b->sites, b->plan, b->site,
                       b->before.fold.channels * b->before.positions, &f);
    const double lo = left_end(b, site->pool >= 0);
    if (!why && !is_power_of_two(scale_of(b->spec, site)))
        why = "an average over a number of cells that is no power of two is "
              "rounded";
    if (why)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "layer %d cannot fold: %s",
                        site->affine + 1, why));
    TRY(fill_fold(ctx, b, l, &f, lo, p));
    b->before = (image){.fold = f,
                        .filters = l->out.channels,
                        .length = b->before.length - lo,
                        .scale = scale_of(b->spec, site),
                        .positions = f.positions};
    b->site++;
done:
    return status;
}

static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *p)
{
    builder *b = state;
    const bool is_behind = b->site > b->plan->last;
    if (!is_behind && b->sites.at[b->site].affine == index)
        return fill_site(ctx, b, &spec->layer[index], p);
    const bool is_one = is_behind || spec->layer[index].kind == PLEATS_LAYER_BN;
    for (size_t i = 0; is_one && i < p->n_weights; i++)
        p->weight[i] = 1;
    return PLEATS_OK;
}

/* All sites up to the last one must be ReLU. */
static pleats_status check(pleats_ctx *ctx, const builder *b)
{
    const pleats_fold_plan *plan = b->plan;
    if (plan->last < 0 || plan->last >= b->sites.n)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the architecture has no layer of units %d that "
                           "folds lead to",
                           plan->last + 1);
    for (pleats_idx i = 0; i <= plan->last; i++)
        if (b->spec->layer[b->sites.at[i].act].activation != PLEATS_ACT_RELU)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "layer %d: this construction has relu alone",
                               b->sites.at[i].act + 1);
    return PLEATS_OK;
}

pleats_status pleats_net_fold(pleats_ctx *ctx, const pleats_spec *spec,
                              const pleats_fold_plan *plan, uint64_t seed,
                              pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    builder b = {.spec = spec, .plan = plan};
    *out = NULL;
    TRY(pleats_fold_sites_find(ctx, spec, &b.sites));
    TRY(check(ctx, &b));
    const pleats_layer_spec *first = &spec->layer[b.sites.at[0].affine];
    const int64_t channels = first->kind == PLEATS_LAYER_CONV
                                 ? plan->channels
                                 : spec->input.channels;
    b.before = (image){.fold = {.units = 1, .channels = channels, .groups = 1},
                       .filters = spec->input.channels,
                       .is_input = true,
                       .length = 1,
                       .scale = 1,
                       .positions = pleats_shape_positions(&spec->input)};
    pleats_fold f = {.groups = 1};
    if (plan->last > 0 && first->kind == PLEATS_LAYER_CONV &&
        !pleats_fold_of(spec, &b.sites, plan, 0, INT64_MAX, &f))
        b.before.fold.groups = f.groups;
    if (plan->last == 0 && first->kind == PLEATS_LAYER_CONV)
        b.before.fold.groups = first->conv.groups;
    pleats_rng_init(&b.rng, seed);
    TRY(pleats_net_of_spec(ctx, spec, fill, &b, out));
done:
    pleats_fold_sites_clear(ctx, &b.sites);
    return status;
}
