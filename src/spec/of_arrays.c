/* A network from a caller's arrays: each layer becomes one of a spec, which
 * infers the shapes; the parameters are then copied in. */
#include "spec/of_arrays.h"

#include "base/file.h"
#include "spec/of_spec.h"

#include <gmp.h>
#include <math.h>
#include <stdio.h>

static pleats_status blame(pleats_ctx *ctx, pleats_status status, int32_t i)
{
    return status == PLEATS_OK ? PLEATS_OK
                               : pleats_blame(ctx, status, "layer %d", i);
}

/* ---- shapes ---- */

static int64_t or_one(int32_t size)
{
    return size ? size : 1;
}

static pleats_status fill_window(pleats_ctx *ctx, const pleats_layer_arrays *a,
                                 pleats_idx n_spatial, pleats_layer_spec *l)
{
    const bool is_conv = a->type == PLEATS_CONV;
    for (pleats_idx d = 0; d < PLEATS_MAX_SPATIAL; d++) {
        const bool is_there = d < n_spatial;
        if (is_there &&
            (a->kernel[d] < 1 || a->stride[d] < 0 || a->pad_before[d] < 0 ||
             a->pad_behind[d] < 0 || a->dilation[d] < 0))
            return pleats_fail(ctx, PLEATS_INVALID,
                               "axis %d has kernel %d, stride %d, padding %d "
                               "and %d, dilation %d: a kernel is at least 1, "
                               "the others at least 0",
                               d, a->kernel[d], a->stride[d], a->pad_before[d],
                               a->pad_behind[d], a->dilation[d]);
        l->conv.kernel[d] = is_there ? a->kernel[d] : 1;
        l->conv.stride[d] = !is_there ? 1
                            : is_conv ? or_one(a->stride[d])
                                      : a->stride[d];
        l->conv.pad_lo[d] = is_there ? a->pad_before[d] : 0;
        l->conv.pad_hi[d] = is_there ? a->pad_behind[d] : 0;
        l->conv.dilation[d] = is_conv && is_there ? or_one(a->dilation[d]) : 1;
    }
    return PLEATS_OK;
}

static pleats_status fill_layer(pleats_ctx *ctx, const pleats_layer_arrays *a,
                                const pleats_shape *in, pleats_layer_spec *l)
{
    pleats_status status = PLEATS_OK;
    *l = (pleats_layer_spec){.kind = PLEATS_LAYER_ACTIVATION,
                             .activation = PLEATS_ACT_RELU};
    switch (a->type) {
    case PLEATS_AFFINE:
        l->kind = PLEATS_LAYER_FC;
        l->out.channels = a->n_out;
        l->has_bias = a->bias != NULL;
        break;
    case PLEATS_CONV:
        l->kind = PLEATS_LAYER_CONV;
        l->conv.filters = a->n_out;
        l->conv.groups = or_one(a->groups);
        l->conv.has_bias = a->bias != NULL;
        TRY(fill_window(ctx, a, in->n_spatial, l));
        break;
    case PLEATS_MAX_POOL:
    case PLEATS_AVERAGE_POOL:
        l->kind = a->type == PLEATS_MAX_POOL ? PLEATS_LAYER_MAXPOOL
                                             : PLEATS_LAYER_AVGPOOL;
        TRY(fill_window(ctx, a, in->n_spatial, l));
        break;
    case PLEATS_MAXOUT:
        l->kind = PLEATS_LAYER_MAXOUT;
        l->rank = a->rank;
        break;
    case PLEATS_RELU:
    case PLEATS_LEAKY_RELU:
    case PLEATS_ABS:
    case PLEATS_CLIP:
    case PLEATS_PIECEWISE:
        break;
    default:
        TRY(pleats_fail(ctx, PLEATS_INVALID, "%d is no type of layer",
                        (int)a->type));
    }
    if ((a->type == PLEATS_AFFINE || a->type == PLEATS_CONV) && !a->weight)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "its weight is NULL"));
done:
    return status;
}

static pleats_status input_shape(pleats_ctx *ctx, int32_t n_dims,
                                 const int64_t *dims, pleats_shape *shape)
{
    if (n_dims < 1 || n_dims > 1 + PLEATS_MAX_SPATIAL)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%d sizes of the input: {n} or {channels, size, "
                           "...} with up to %d sizes",
                           n_dims, PLEATS_MAX_SPATIAL);
    *shape = (pleats_shape){dims[0], n_dims - 1, {1, 1, 1}};
    for (int32_t d = 1; d < n_dims; d++)
        shape->size[d - 1] = dims[d];
    return PLEATS_OK;
}

/* ---- functions of one scalar ---- */

enum { CLIP_PIECES = 3 };

/* The function of a layer of units of one scalar; its arrays are lent. */
typedef struct {
    double at[CLIP_PIECES - 1], slope[CLIP_PIECES], intercept[CLIP_PIECES];
    pleats_pl function;
} unit_function;

static void set_two(unit_function *u, double below, double above)
{
    u->slope[0] = below;
    u->slope[1] = above;
    u->function.n_breaks = 1;
}

static void fill_function(const pleats_layer_arrays *a, unit_function *u)
{
    *u = (unit_function){0};
    u->function = (pleats_pl){0, u->at, u->slope, u->intercept};
    switch (a->type) {
    case PLEATS_LEAKY_RELU:
        set_two(u, a->alpha, 1);
        break;
    case PLEATS_ABS:
        set_two(u, -1, 1);
        break;
    case PLEATS_CLIP:
        u->function.n_breaks = CLIP_PIECES - 1;
        u->at[0] = u->intercept[0] = a->lo;
        u->at[1] = u->intercept[2] = a->hi;
        u->slope[1] = 1;
        break;
    case PLEATS_PIECEWISE:
        u->function = (pleats_pl){a->n_breaks, (double *)a->breaks,
                                  (double *)a->slopes, (double *)a->intercepts};
        break;
    default:
        set_two(u, 0, 1);
    }
}

/* Whether pieces p and p + 1 meet at the breakpoint between them. */
static bool pieces_meet(const pleats_pl *f, pleats_idx p)
{
    mpq_t sum, term, at;
    mpq_inits(sum, term, at, NULL);
    mpq_set_d(at, f->at[p]);
    mpq_set_d(term, f->slope[p]);
    mpq_mul(sum, term, at);
    mpq_set_d(term, f->slope[p + 1]);
    mpq_mul(term, term, at);
    mpq_sub(sum, sum, term);
    mpq_set_d(term, f->intercept[p]);
    mpq_add(sum, sum, term);
    mpq_set_d(term, f->intercept[p + 1]);
    const bool meet = mpq_equal(sum, term);
    mpq_clears(sum, term, at, NULL);
    return meet;
}

static pleats_status check_function(pleats_ctx *ctx,
                                    const pleats_layer_arrays *a)
{
    unit_function u;
    if (a->type == PLEATS_PIECEWISE &&
        (a->n_breaks < 0 || (a->n_breaks > 0 && !a->breaks) || !a->slopes ||
         !a->intercepts))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a function needs breaks, slopes and intercepts");
    fill_function(a, &u);
    const pleats_pl *f = &u.function;
    for (pleats_idx p = 0; p <= f->n_breaks; p++)
        if (!isfinite(f->slope[p]) || !isfinite(f->intercept[p]) ||
            (p > 0 && !isfinite(f->at[p - 1])))
            return pleats_fail(ctx, PLEATS_INVALID,
                               "piece %d of its function is not finite", p);
    for (pleats_idx p = 1; p < f->n_breaks; p++)
        if (!(f->at[p - 1] < f->at[p]))
            return pleats_fail(ctx, PLEATS_INVALID,
                               "breakpoint %d is not above the one before", p);
    for (pleats_idx p = 0; p < f->n_breaks; p++)
        if (!pieces_meet(f, p))
            return pleats_fail(ctx, PLEATS_INVALID,
                               "its function jumps at breakpoint %d", p);
    return PLEATS_OK;
}

/* ---- parameters ---- */

typedef struct {
    const pleats_layer_arrays *layer;
    const pleats_idx *from; /* [layers of the spec] number among `layer` */
    unit_function unit;     /* that was asked for last */
} arrays;

static pleats_status copy_numbers(pleats_ctx *ctx, const char *name,
                                  const double *from, size_t n, double *to)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(from[i]))
            return pleats_fail(ctx, PLEATS_INVALID, "%s[%zu] is not finite",
                               name, i);
        to[i] = from[i];
    }
    return PLEATS_OK;
}

static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    const arrays *all = state;
    const pleats_layer_arrays *a = &all->layer[all->from[index]];
    (void)spec;
    TRY(copy_numbers(ctx, "weight", a->weight, p->n_weights, p->weight));
    TRY(copy_numbers(ctx, "bias", a->bias, p->n_biases, p->bias));
done:
    return blame(ctx, status, all->from[index]);
}

static void give_function(void *state, pleats_idx index, pleats_pl *function)
{
    arrays *all = state;
    fill_function(&all->layer[all->from[index]], &all->unit);
    *function = all->unit.function;
}

/* ---- the whole ---- */

/* from: see arrays; room for 2 n_layers. */
static pleats_status make_spec(pleats_ctx *ctx, const pleats_shape *input,
                               int32_t n_layers,
                               const pleats_layer_arrays *layer,
                               pleats_idx *from, pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_spec_new(ctx, input, out));
    for (int32_t i = 0; i < n_layers; i++) {
        pleats_layer_spec l;
        const pleats_shape in = pleats_spec_output(*out);
        const pleats_idx before = (*out)->n_layers;
        TRY(blame(ctx, fill_layer(ctx, &layer[i], &in, &l), i));
        if (l.kind == PLEATS_LAYER_ACTIVATION)
            TRY(blame(ctx, check_function(ctx, &layer[i]), i));
        TRY(blame(ctx, pleats_spec_add(ctx, *out, &l), i));
        for (pleats_idx j = before; j < (*out)->n_layers; j++)
            from[j] = i;
    }
    TRY(pleats_spec_end(ctx, *out, "arrays"));
done:
    return status;
}

pleats_status pleats_net_of_arrays(pleats_ctx *ctx, int32_t n_dims,
                                   const int64_t *dims, int32_t n_layers,
                                   const pleats_layer_arrays *layer,
                                   pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_shape input;
    pleats_idx *from = NULL;
    *out = NULL;
    if (n_layers < 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "%d layers", n_layers));
    TRY(input_shape(ctx, n_dims, dims, &input));
    TRY(pleats_alloc(ctx, 2 * (size_t)n_layers, sizeof *from, &from));
    TRY(make_spec(ctx, &input, n_layers, layer, from, &spec));
    arrays all = {.layer = layer, .from = from};
    TRY(pleats_net_of_spec_with(ctx, spec, fill, give_function, &all, out));
done:
    pleats_spec_clear(ctx, spec);
    pleats_release(ctx, from);
    return status;
}
