/* Resize and Upsample, nearest: a choice of elements. */
#include "onnx/ops.h"

#include <math.h>

typedef enum {
    HALF_PIXEL,
    PYTORCH_HALF_PIXEL,
    HALF_PIXEL_SYMMETRIC,
    TF_HALF_PIXEL,
    ASYMMETRIC,
    ALIGN_CORNERS,
    N_COORDINATES
} coordinates;

typedef enum {
    ROUND_PREFER_FLOOR,
    ROUND_PREFER_CEIL,
    FLOOR,
    CEIL,
    N_ROUNDINGS
} rounding;

/* How one axis of size `in` becomes one of size `out`: position x of the
 * result is near x * up / down; 1 / scale or, where sizes are given, the exact
 * in / out. */
typedef struct {
    int64_t in, out;
    double up, down;
} axis_scale;

static int64_t source(coordinates how, rounding round_by, const axis_scale *a,
                      int64_t j)
{
    double x = (double)j, in = (double)a->in, out = (double)a->out;
    double at = 0;
    switch (how) {
    case PYTORCH_HALF_PIXEL:
        at = a->out > 1 ? (x + 0.5) * a->up / a->down - 0.5 : 0;
        break;
    case HALF_PIXEL_SYMMETRIC:
        at = in / 2 * (1 - out * a->up / (a->down * in)) +
             (x + 0.5) * a->up / a->down - 0.5;
        break;
    case TF_HALF_PIXEL:
        at = (x + 0.5) * a->up / a->down;
        break;
    case ASYMMETRIC:
        at = x * a->up / a->down;
        break;
    case ALIGN_CORNERS:
        at = a->out > 1 ? x * (in - 1) / (out - 1) : 0;
        break;
    default:
        at = (x + 0.5) * a->up / a->down - 0.5;
    }
    at = round_by == FLOOR               ? floor(at)
         : round_by == CEIL              ? ceil(at)
         : round_by == ROUND_PREFER_CEIL ? floor(at + 0.5)
                                         : ceil(at - 0.5);
    return at < 0 ? 0 : at >= in ? a->in - 1 : (int64_t)at;
}

static pleats_status read_modes(const pleats_call *c, coordinates *how,
                                rounding *round_by)
{
    pleats_status status = PLEATS_OK;
    static const char *const hows[] = {
        "half_pixel",           "pytorch_half_pixel", "half_pixel_symmetric",
        "tf_half_pixel_for_nn", "asymmetric",         "align_corners"};
    static const char *const roundings[] = {
        "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
    static const char *const nearest = "nearest", *const stretch = "stretch";
    bool old = c->opset < 11;
    int chosen = 0;
    TRY(pleats_call_choose(c, "mode", nearest, 1, &nearest, &chosen));
    TRY(pleats_call_choose(c, "keep_aspect_ratio_policy", stretch, 1, &stretch,
                           &chosen));
    TRY(pleats_call_choose(c, "coordinate_transformation_mode",
                           old ? "asymmetric" : "half_pixel", N_COORDINATES,
                           hows, &chosen));
    *how = (coordinates)chosen;
    TRY(pleats_call_choose(c, "nearest_mode",
                           old ? "floor" : "round_prefer_floor", N_ROUNDINGS,
                           roundings, &chosen));
    *round_by = (rounding)chosen;
done:
    return status;
}

/* The n scales: attribute `scales` of Upsample in opset 8, input 1 before opset
 * 11, then input 2. */
static pleats_status read_scales(const pleats_call *c, size_t n, double *scale)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    const Onnx__AttributeProto *a =
        c->opset < 9 ? pleats_node_attribute(c->graph, c->node, "scales")
                     : NULL;
    size_t found = 0;
    if (c->opset < 9) {
        found = a ? a->n_floats : 0;
    } else {
        TRY(pleats_call_const(c, c->opset < 11 ? 1 : 2, PLEATS_TENSOR_REAL,
                              &t));
        found = (size_t)t->shape.n;
    }
    if (found != n)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it has %zu scales, not %zu",
                        found, n));
    for (size_t i = 0; i < n; i++)
        scale[i] = t ? pleats_number_nearest(c->pool, t->real[i])
                     : (double)a->floats[i];
done:
    return status;
}

/* Scales, or sizes from input 3; `axes` says for which axes.  The size that a
 * scale gives is reckoned in floats, as runtimes do. */
static pleats_status read_sizes(const pleats_call *c,
                                const pleats_tensor_shape *x, axis_scale *a)
{
    pleats_status status = PLEATS_OK;
    pleats_ints sizes = {0}, axes = {0};
    double scale[PLEATS_MAX_RANK] = {0};
    size_t n = (size_t)x->rank;
    TRY(pleats_call_list(c, 3, NULL, &sizes));
    TRY(pleats_call_ints(c, "axes", &axes));
    if (axes.present)
        n = axes.n;
    if (n > (size_t)x->rank || (sizes.n && sizes.n != n))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%zu sizes for %zu of %d axes",
                        sizes.n, n, x->rank));
    if (!sizes.n)
        TRY(read_scales(c, n, scale));
    for (int k = 0; k < x->rank; k++)
        a[k] = (axis_scale){x->dim[k], x->dim[k], 1, 1};
    for (size_t i = 0; i < n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.present ? axes.v[i] : (int64_t)i, x->rank,
                        &k));
        double in = (double)x->dim[k];
        double out = sizes.n ? (double)sizes.v[i]
                             : (double)floorf((float)in * (float)scale[i]);
        if (!(out >= 1) || !(out <= (double)PLEATS_MAX_ELEMENTS) || in < 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a scale or size of axis %d is out of range", k));
        a[k].out = (int64_t)out;
        a[k].up = sizes.n ? in : 1;
        a[k].down = sizes.n ? out : scale[i];
    }
done:
    return status;
}

pleats_status pleats_op_resize(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_selection s = {0};
    pleats_tensor_shape shape = {0};
    axis_scale a[PLEATS_MAX_RANK];
    int64_t stride[PLEATS_MAX_RANK];
    coordinates how = HALF_PIXEL;
    rounding round_by = FLOOR;
    TRY(pleats_call_need(c, 0, &x));
    TRY(read_modes(c, &how, &round_by));
    TRY(read_sizes(c, &x->shape, a));
    shape = x->shape;
    for (int k = 0; k < shape.rank; k++)
        shape.dim[k] = a[k].out;
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_selection_new(c->ctx, &shape, &s));
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < shape.rank; k++)
        for (int64_t j = 0; j < shape.dim[k]; j++)
            s.offset[k][j] =
                (a[k].up == a[k].down ? j : source(how, round_by, &a[k], j)) *
                stride[k];
    TRY(pleats_tensor_select(c->ctx, x, &s, NULL, c->out));
done:
    pleats_selection_clear(c->ctx, &s);
    return status;
}
