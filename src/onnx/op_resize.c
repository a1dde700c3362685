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

/* Which of the names the attribute is. */
static pleats_status choose(const pleats_call *c, const char *attribute,
                            const char *const *name, int n,
                            const char *otherwise, int *out)
{
    pleats_status status = PLEATS_OK;
    for (*out = 0; *out < n; (*out)++) {
        bool is = false;
        TRY(pleats_call_is(c, attribute, otherwise, name[*out], &is));
        if (is)
            return status;
    }
    TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its %s is not supported",
                    attribute));
done:
    return status;
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
    bool old = c->opset < 11, nearest = false, stretch = false;
    int chosen = 0;
    TRY(pleats_call_is(c, "mode", "nearest", "nearest", &nearest));
    TRY(pleats_call_is(c, "keep_aspect_ratio_policy", "stretch", "stretch",
                       &stretch));
    if (!nearest || !stretch)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "only mode nearest is supported, stretching"));
    TRY(choose(c, "coordinate_transformation_mode", hows, N_COORDINATES,
               old ? "asymmetric" : "half_pixel", &chosen));
    *how = (coordinates)chosen;
    TRY(choose(c, "nearest_mode", roundings, N_ROUNDINGS,
               old ? "floor" : "round_prefer_floor", &chosen));
    *round_by = (rounding)chosen;
done:
    return status;
}

/* Scales from input 1 or 2, or sizes from input 3; `axes` says for which axes.
 * The size that a scale gives is reckoned in floats, as runtimes do. */
static pleats_status read_scales(const pleats_call *c, const pleats_shape *x,
                                 axis_scale *a)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *scales = NULL;
    pleats_ints sizes = {0}, axes = {0};
    int k_scales = c->opset < 11 ? 1 : 2;
    size_t n = (size_t)x->rank;
    TRY(pleats_call_list(c, 3, NULL, &sizes));
    TRY(pleats_call_ints(c, "axes", &axes));
    if (pleats_call_in(c, k_scales) && !sizes.n)
        TRY(pleats_call_const(c, k_scales, PLEATS_TENSOR_REAL, &scales));
    if (axes.present)
        n = axes.n;
    if ((scales ? (size_t)scales->shape.n : sizes.n) != n)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it needs %zu scales or sizes",
                        n));
    for (int k = 0; k < x->rank; k++)
        a[k] = (axis_scale){x->dim[k], x->dim[k], 1, 1};
    for (size_t i = 0; i < n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.present ? axes.v[i] : (int64_t)i, x->rank,
                        &k));
        double in = (double)x->dim[k];
        double out = scales ? 0 : (double)sizes.v[i];
        if (scales)
            out = (double)floorf((float)in * (float)scales->real[i]);
        if (!(out >= 1) || !(out <= (double)PLEATS_MAX_ELEMENTS) || in < 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a scale or size of axis %d is out of range", k));
        a[k].out = (int64_t)out;
        a[k].up = scales ? 1 : in;
        a[k].down = scales ? scales->real[i] : out;
    }
done:
    return status;
}

pleats_status pleats_op_resize(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_selection s = {0};
    pleats_shape shape = {0};
    axis_scale a[PLEATS_MAX_RANK];
    int64_t stride[PLEATS_MAX_RANK];
    coordinates how = HALF_PIXEL;
    rounding round_by = FLOOR;
    TRY(pleats_call_need(c, 0, &x));
    TRY(read_modes(c, &how, &round_by));
    TRY(read_scales(c, &x->shape, a));
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
