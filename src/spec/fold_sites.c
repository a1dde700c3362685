/* Where a chain can fold, and into how many pieces; see spec/folds.h. */
#include "spec/folds.h"

#include "exact/int128.h"

int64_t pleats_shape_positions(const pleats_shape *shape)
{
    return pleats_shape_count(shape) / shape->channels;
}

static bool is_affine(const pleats_layer_spec *l)
{
    return l->kind == PLEATS_LAYER_CONV || l->kind == PLEATS_LAYER_FC;
}

static bool is_pool(const pleats_layer_spec *l)
{
    return l->kind == PLEATS_LAYER_MAXPOOL || l->kind == PLEATS_LAYER_AVGPOOL ||
           l->kind == PLEATS_LAYER_GAP;
}

static bool is_silent(const pleats_layer_spec *l)
{
    return l->kind == PLEATS_LAYER_FLATTEN || l->kind == PLEATS_LAYER_BN;
}

static pleats_idx behind_branch(const pleats_spec *spec, pleats_idx i)
{
    int depth = 0;
    do {
        depth += spec->layer[i].kind == PLEATS_LAYER_RES_BEGIN;
        depth -= spec->layer[i].kind == PLEATS_LAYER_RES_END;
        i++;
    } while (depth > 0);
    return i;
}

/* Whether a branch that begins at `i` gives 0 everywhere when its weights are
 * 0: a last affine layer makes it so, and what is behind that keeps a 0.
 * `is_zero`: whether the branch reads 0 alone. */
static bool can_add_nothing(const pleats_spec *spec, pleats_idx i, bool is_zero)
{
    for (i++; spec->layer[i].kind != PLEATS_LAYER_RES_END; i++) {
        const pleats_layer_spec *l = &spec->layer[i];
        if (l->kind == PLEATS_LAYER_RES_BEGIN) {
            is_zero = can_add_nothing(spec, i, is_zero) && is_zero;
            i = behind_branch(spec, i) - 1;
        } else if (is_affine(l)) {
            is_zero = true;
        } else if (l->kind == PLEATS_LAYER_ACTIVATION &&
                   l->activation == PLEATS_ACT_PL) {
            is_zero = false;
        }
    }
    return is_zero;
}

/* The activation that makes the affine layer at `i` a site, -1: none. */
static pleats_idx units_of(const pleats_spec *spec, pleats_idx i)
{
    for (i++; i < spec->n_layers && is_silent(&spec->layer[i]);)
        i++;
    return i < spec->n_layers && spec->layer[i].kind == PLEATS_LAYER_ACTIVATION
               ? i
               : -1;
}

/* Takes the layers from *at that are no site: silent ones, residual branches
 * that can add nothing, and ReLU on what is not negative. */
static void pass_by(const pleats_spec *spec, const pleats_fold_sites *sites,
                    pleats_idx *at)
{
    while (*at < spec->n_layers) {
        const pleats_layer_spec *l = &spec->layer[*at];
        bool is_same = l->kind == PLEATS_LAYER_ACTIVATION &&
                       l->activation == PLEATS_ACT_RELU && sites->n > 0 &&
                       spec->layer[sites->at[sites->n - 1].act].activation ==
                           PLEATS_ACT_RELU;
        if (l->kind == PLEATS_LAYER_RES_BEGIN &&
            can_add_nothing(spec, *at, false))
            *at = behind_branch(spec, *at);
        else if (is_silent(l) || is_same)
            ++*at;
        else
            return;
    }
}

pleats_status pleats_fold_sites_find(pleats_ctx *ctx, const pleats_spec *spec,
                                     pleats_fold_sites *out)
{
    pleats_status status = PLEATS_OK;
    size_t capacity = 0;
    *out = (pleats_fold_sites){0};
    for (pleats_idx i = 0; !out->end;) {
        pass_by(spec, out, &i);
        if (i == spec->n_layers)
            break;
        pleats_idx act = is_affine(&spec->layer[i]) ? units_of(spec, i) : -1;
        if (act < 0) {
            out->end = "a layer that is no convolution or fully connected one "
                       "with units on it, or a residual branch that adds "
                       "something whatever its weights are";
            break;
        }
        TRY(pleats_grow(ctx, &out->at, &capacity, (size_t)out->n + 1,
                        sizeof *out->at));
        pleats_fold_site *site = &out->at[out->n++];
        *site = (pleats_fold_site){i, act, -1};
        i = act + 1;
        if (i < spec->n_layers && is_pool(&spec->layer[i]))
            site->pool = i++;
    }
done:
    if (status != PLEATS_OK)
        pleats_fold_sites_clear(ctx, out);
    return status;
}

void pleats_fold_sites_clear(pleats_ctx *ctx, pleats_fold_sites *sites)
{
    pleats_release(ctx, sites->at);
    *sites = (pleats_fold_sites){0};
}

/* ---- one fold ---- */

static bool is_padded(const pleats_layer_spec *l)
{
    for (pleats_idx d = 0; l->kind == PLEATS_LAYER_CONV && d < l->in.n_spatial;
         d++)
        if (l->conv.pad_lo[d] > 0 || l->conv.pad_hi[d] > 0)
            return true;
    return false;
}

/* The least blocks into which the groups of all convolutions up to the plan's
 * last one part the channels. */
static int64_t groups_of(const pleats_spec *spec,
                         const pleats_fold_sites *sites,
                         const pleats_fold_plan *plan)
{
    int64_t groups = 1;
    for (pleats_idx i = 0; i <= plan->last; i++) {
        const pleats_layer_spec *l = &spec->layer[sites->at[i].affine];
        int64_t own = l->kind == PLEATS_LAYER_CONV ? l->conv.groups : 1;
        groups = groups /
                 (int64_t)pleats_uint64_gcd((uint64_t)groups, (uint64_t)own) *
                 own;
    }
    return groups;
}

/* The tap that reads a real cell at every position, along each axis the one
 * that the padding suggests. */
static bool find_tap(const pleats_layer_spec *l, int64_t *tap)
{
    *tap = 0;
    for (pleats_idx d = 0; d < l->in.n_spatial; d++) {
        const pleats_conv_spec *c = &l->conv;
        int64_t k = (c->pad_lo[d] + c->dilation[d] - 1) / c->dilation[d];
        int64_t last = (l->out.size[d] - 1) * c->stride[d] - c->pad_lo[d] +
                       k * c->dilation[d];
        if (k >= c->kernel[d] || last >= l->in.size[d])
            return false;
        *tap = *tap * c->kernel[d] + k;
    }
    return true;
}

/* Pieces that m units fold an interval into. */
static int64_t pieces_of(const pleats_layer_spec *act, int64_t m,
                         bool is_pooled, bool *is_extra)
{
    *is_extra = act->activation == PLEATS_ACT_RELU && m >= 3 && !is_pooled;
    if (act->activation == PLEATS_ACT_HARDTANH ||
        act->activation == PLEATS_ACT_RELU6)
        return 2 * m - 1;
    return *is_extra ? m + 1 : m;
}

static const char *check_pool(const pleats_layer_spec *act,
                              const pleats_layer_spec *pool, bool has_constant)
{
    const bool is_average = pool->kind != PLEATS_LAYER_MAXPOOL;
    if (act->activation != PLEATS_ACT_RELU)
        return "units below a pool are no ReLU";
    for (pleats_idx d = 0;
         pool->kind != PLEATS_LAYER_GAP && d < pool->in.n_spatial; d++) {
        if (pool->conv.stride[d] < pool->conv.kernel[d])
            return "windows of a pool overlap";
        if (is_average && has_constant &&
            (pool->conv.pad_lo[d] > 0 || pool->conv.pad_hi[d] > 0))
            return "an average pool is padded";
    }
    return NULL;
}

/* Blocks, units and tap of a convolution that folds. */
static const char *fold_grid(const pleats_layer_spec *l,
                             const pleats_fold_plan *plan, pleats_fold *out)
{
    const int64_t in_block = out->groups > 0 ? plan->channels / out->groups : 0;
    if (in_block < 1 || l->in.channels % out->groups ||
        l->out.channels % out->groups || plan->channels % out->groups)
        return "its groups do not part the channels evenly";
    if (!find_tap(l, &out->tap))
        return "no tap of a convolution reads a real cell everywhere";
    out->channels = plan->channels;
    out->units = (l->out.channels / out->groups - out->has_constant) / in_block;
    return NULL;
}

const char *pleats_fold_of(const pleats_spec *spec,
                           const pleats_fold_sites *sites,
                           const pleats_fold_plan *plan, pleats_idx i,
                           int64_t available, pleats_fold *out)
{
    const pleats_fold_site *site = &sites->at[i];
    const pleats_layer_spec *l = &spec->layer[site->affine];
    const pleats_layer_spec *act = &spec->layer[site->act];
    const pleats_layer_spec *pool =
        site->pool >= 0 ? &spec->layer[site->pool] : NULL;
    const bool is_conv = l->kind == PLEATS_LAYER_CONV;
    const char *why = NULL;
    *out = (pleats_fold){.positions = 1};
    out->groups = is_conv ? groups_of(spec, sites, plan) : 1;
    out->has_constant =
        i + 1 == plan->last && is_padded(&spec->layer[sites->at[i + 1].affine]);
    if (!(is_conv ? l->conv.has_bias : l->has_bias))
        return "a layer that folds has no biases";
    if (pool)
        why = check_pool(act, pool, out->has_constant);
    if (!why && is_conv)
        why = fold_grid(l, plan, out);
    if (why)
        return why;
    if (is_conv) {
        out->positions = pleats_shape_positions(pool ? &pool->out : &l->out);
    } else {
        out->channels = plan->coordinates;
        out->units = (l->out.channels - out->has_constant) / out->channels;
        /* The coordinates come from those that are there. */
        if (out->channels > available)
            return "there are less coordinates than it is to fold";
    }
    out->coordinates = out->channels * out->positions;
    out->pieces = pieces_of(act, out->units, pool != NULL, &out->is_extra);
    return out->units < 1 ? "a layer has too few units or filters" : NULL;
}
