/* Convolutions: padding and inserted zeros become entries -1. */
#include "onnx/ops.h"
#include "onnx/window.h"

#include <string.h>

/* Position `at` of the padded axis k comes from position `at - first` of the
 * input spread out by `spread`; both are 0 .. elsewhere. */
typedef struct {
    int64_t size[PLEATS_MAX_SPATIAL];   /* of the padded axes */
    int64_t first[PLEATS_MAX_SPATIAL];  /* where the input's entry 0 lies */
    int64_t spread[PLEATS_MAX_SPATIAL]; /* how far its entries lie apart */
} frame;

/* One convolution for each batch entry. */
typedef struct {
    const pleats_tensor *x; /* [batch, groups * in_channels, spatial...] */
    pleats_window window;
    frame frame;
    pleats_conv_shape conv;
    const double *weight, *bias;
    int64_t n_parameters;
} convolution;

/* x with its spatial axes in the frame, -1 elsewhere. */
static pleats_status frame_input(const pleats_call *c, const convolution *v,
                                 const pleats_tensor *x, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_selection s = {0};
    pleats_tensor_shape shape = x->shape;
    int64_t stride[PLEATS_MAX_RANK];
    const pleats_idx nothing = -1;
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < v->window.n; k++)
        shape.dim[k + 2] = v->frame.size[k];
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_selection_new(c->ctx, &shape, &s));
    pleats_selection_ramp(&s, 0, 0, stride[0]);
    pleats_selection_ramp(&s, 1, 0, stride[1]);
    for (int k = 0; k < v->window.n; k++)
        for (int64_t j = 0; j < v->frame.size[k]; j++) {
            int64_t from = j - v->frame.first[k], step = v->frame.spread[k];
            bool inside =
                from >= 0 && from % step == 0 && from / step < v->window.in[k];
            s.offset[k + 2][j] = inside ? from / step * stride[k + 2] : -1;
        }
    TRY(pleats_tensor_select(c->ctx, x, &s, &nothing, out));
done:
    pleats_selection_clear(c->ctx, &s);
    return status;
}

static pleats_status emit(const pleats_call *c, convolution *v)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor scalars = {0}, in = {0}, one = {0};
    pleats_tensor_shape shape = {0}, single = {0};
    int64_t batch = v->x->shape.dim[0];
    int64_t channels = (int64_t)v->conv.groups * v->conv.out_channels;
    v->conv.n_spatial = v->window.n;
    for (int k = 0; k < PLEATS_MAX_SPATIAL; k++) {
        if (v->frame.size[k] > PLEATS_MAX_ELEMENTS)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its padding is too large"));
        v->conv.in_size[k] = (pleats_idx)v->frame.size[k];
        v->conv.kernel[k] = (pleats_idx)v->window.kernel[k];
        v->conv.stride[k] = (pleats_idx)v->window.stride[k];
        v->conv.dilation[k] = (pleats_idx)v->window.dilation[k];
    }
    TRY(pleats_window_shape(c, &v->window, batch, channels, &shape));
    TRY(pleats_window_shape(c, &v->window, 1, channels, &single));
    TRY(pleats_call_scalars(c, v->x, true, &scalars));
    TRY(frame_input(c, v, &scalars, &in));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &shape, c->out));
    for (int64_t b = 0; b < batch && single.n; b++) {
        TRY(pleats_emit_conv(c, &v->conv, in.scalar + b * (in.shape.n / batch),
                             v->weight, v->bias, b ? 0 : v->n_parameters,
                             &single, &one));
        memcpy(c->out->scalar + b * single.n, one.scalar,
               (size_t)single.n * sizeof *one.scalar);
        pleats_tensor_clear(c->ctx, &one);
    }
done:
    pleats_tensor_clear(c->ctx, &scalars);
    pleats_tensor_clear(c->ctx, &in);
    pleats_tensor_clear(c->ctx, &one);
    return status;
}

/* Reads x, the weights, the bias and the groups that both kinds share; the
 * weights' axis 0 must be `fixed` channels of x (transposed) or free. */
static pleats_status read(const pleats_call *c, bool transposed, convolution *v,
                          const pleats_tensor **weight)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *bias = NULL;
    int64_t groups = 1, channels = 0, outer = 0, inner = 0, n_out = 0;
    TRY(pleats_call_need(c, 0, &v->x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_REAL, weight));
    TRY(pleats_call_int(c, "group", 1, &groups));
    TRY(pleats_window_read(c, &v->x->shape, &(*weight)->shape, &v->window));
    channels = v->x->shape.dim[1];
    outer = (*weight)->shape.dim[0];
    inner = (*weight)->shape.dim[1];
    if (groups < 1 || outer < 1 || inner < 1 || outer % groups ||
        channels % groups || channels != (transposed ? outer : inner * groups))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "%lld channels in %lld groups do not fit weights of "
                        "[%lld, %lld, ..]",
                        (long long)channels, (long long)groups,
                        (long long)outer, (long long)inner));
    v->conv.groups = (pleats_idx)groups;
    v->conv.in_channels = (pleats_idx)(channels / groups);
    v->conv.out_channels = (pleats_idx)(transposed ? inner : outer / groups);
    n_out = groups * v->conv.out_channels;
    v->n_parameters = (*weight)->shape.n;
    if (pleats_call_in(c, 2)) {
        TRY(pleats_call_const(c, 2, PLEATS_TENSOR_REAL, &bias));
        if (bias->shape.n != n_out)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its bias has %lld numbers for %lld channels",
                            (long long)bias->shape.n, (long long)n_out));
        v->bias = bias->real;
        v->n_parameters += n_out;
    }
done:
    return status;
}

pleats_status pleats_op_conv(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *weight = NULL;
    convolution v = {0};
    TRY(read(c, false, &v, &weight));
    TRY(pleats_window_slide(c, &v.window));
    for (int k = 0; k < PLEATS_MAX_SPATIAL; k++) {
        v.frame.size[k] = v.window.in[k] + v.window.lo[k] + v.window.hi[k];
        v.frame.first[k] = v.window.lo[k];
        v.frame.spread[k] = 1;
    }
    v.weight = weight->real;
    TRY(emit(c, &v));
done:
    return status;
}

/* The size of the result and the padding, which is cut from it. */
static pleats_status transposed_sizes(const pleats_call *c, pleats_window *w)
{
    pleats_status status = PLEATS_OK;
    pleats_ints extra = {0}, wanted = {0};
    pleats_padding how = PLEATS_PAD_STATED;
    bool same = false;
    TRY(pleats_call_ints(c, "output_padding", &extra));
    TRY(pleats_call_ints(c, "output_shape", &wanted));
    TRY(pleats_window_pads(c, w, &how));
    same = how >= PLEATS_PAD_SAME_UPPER;
    if ((extra.present && extra.n != (size_t)w->n) ||
        (wanted.present && wanted.n != (size_t)w->n))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "output_padding or output_shape do not fit its axes"));
    for (int k = 0; k < w->n; k++) {
        int64_t more = extra.present ? extra.v[k] : 0;
        int64_t full =
            (w->in[k] - 1) * w->stride[k] + pleats_window_reach(w, k);
        int64_t out = wanted.present ? wanted.v[k]
                      : same         ? w->in[k] * w->stride[k]
                                     : full;
        if (more < 0 || more > PLEATS_MAX_ELEMENTS || out < 1 ||
            out > full + more)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "output_padding or output_shape out of range"));
        if (wanted.present || same)
            pleats_window_share(w, k, full + more - out, how);
        w->out[k] = full + more - w->lo[k] - w->hi[k];
        if (w->out[k] < 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its padding leaves nothing"));
    }
done:
    return status;
}

/* Weights [groups * in, out, kernel...] of a transposed convolution as
 * [groups * out, in, kernel reversed...] of the convolution that does the
 * same. */
static pleats_status flip_weights(const pleats_call *c, const convolution *v,
                                  const pleats_tensor *weight,
                                  pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    int64_t n_in = v->conv.in_channels, n_out = v->conv.out_channels;
    int64_t area = weight->shape.n / (weight->shape.dim[0] * n_out);
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &weight->shape, out));
    for (int64_t g = 0; g < v->conv.groups; g++)
        for (int64_t i = 0; i < n_in; i++)
            for (int64_t o = 0; o < n_out; o++)
                for (int64_t k = 0; k < area; k++)
                    out->real[((g * n_out + o) * n_in + i) * area + k] =
                        weight->real[((g * n_in + i) * n_out + o) * area +
                                     area - 1 - k];
done:
    return status;
}

pleats_status pleats_op_conv_transpose(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *weight = NULL;
    pleats_tensor flipped = {0};
    convolution v = {0};
    TRY(read(c, true, &v, &weight));
    TRY(transposed_sizes(c, &v.window));
    TRY(flip_weights(c, &v, weight, &flipped));
    for (int k = 0; k < PLEATS_MAX_SPATIAL; k++) {
        int64_t reach = pleats_window_reach(&v.window, k);
        v.frame.size[k] = v.window.out[k] + reach - 1;
        v.frame.first[k] = reach - 1 - v.window.lo[k];
        v.frame.spread[k] = v.window.stride[k];
        v.window.stride[k] = 1;
    }
    v.weight = flipped.real;
    TRY(emit(c, &v));
done:
    pleats_tensor_clear(c->ctx, &flipped);
    return status;
}
