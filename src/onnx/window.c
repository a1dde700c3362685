#include "onnx/window.h"

#define MAX_SIZE PLEATS_MAX_ELEMENTS

/* A list attribute with one number in least .. MAX_SIZE for each of n places;
 * `otherwise` for all when it is missing. */
static pleats_status read_sizes(const pleats_call *c, const char *name, int n,
                                int64_t least, int64_t otherwise, int64_t *out)
{
    pleats_status status = PLEATS_OK;
    pleats_ints list = {0};
    TRY(pleats_call_ints(c, name, &list));
    if (list.present && list.n != (size_t)n)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its attribute '%s' has %zu numbers, not %d", name,
                        list.n, n));
    for (int k = 0; k < n; k++) {
        out[k] = list.present ? list.v[k] : otherwise;
        if (out[k] < least || out[k] > MAX_SIZE)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its attribute '%s' is missing or out of range",
                            name));
    }
done:
    return status;
}

pleats_status pleats_window_read(const pleats_call *c,
                                 const pleats_tensor_shape *x,
                                 const pleats_tensor_shape *weight,
                                 pleats_window *w)
{
    pleats_status status = PLEATS_OK;
    w->n = x->rank - 2;
    if (w->n < 1 || w->n > PLEATS_MAX_SPATIAL ||
        (weight && weight->rank != x->rank))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its input has %d axes%s; 3 to 5 are supported",
                        x->rank, weight ? ", as its weights must have" : ""));
    for (int k = 0; k < PLEATS_MAX_SPATIAL; k++) {
        w->in[k] = k < w->n ? x->dim[k + 2] : 1;
        w->out[k] = w->kernel[k] = w->stride[k] = w->dilation[k] = 1;
        w->lo[k] = w->hi[k] = 0;
    }
    TRY(read_sizes(c, "strides", w->n, 1, 1, w->stride));
    TRY(read_sizes(c, "dilations", w->n, 1, 1, w->dilation));
    TRY(read_sizes(c, "kernel_shape", w->n, 1, weight ? 1 : 0, w->kernel));
    for (int k = 0; weight && k < w->n; k++) {
        pleats_ints stated = {0};
        TRY(pleats_call_ints(c, "kernel_shape", &stated));
        if (weight->dim[k + 2] < 1 ||
            (stated.present && w->kernel[k] != weight->dim[k + 2]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its kernel_shape is not that of its weights"));
        w->kernel[k] = weight->dim[k + 2];
    }
done:
    return status;
}

pleats_status pleats_window_pads(const pleats_call *c, pleats_window *w,
                                 pleats_padding *how)
{
    pleats_status status = PLEATS_OK;
    static const char *const names[] = {"NOTSET", "VALID", "SAME_UPPER",
                                        "SAME_LOWER"};
    int64_t pads[2 * PLEATS_MAX_SPATIAL] = {0};
    int chosen = 0;
    TRY(pleats_call_choose(c, "auto_pad", "NOTSET", PLEATS_N_PADS, names,
                           &chosen));
    *how = (pleats_padding)chosen;
    if (*how == PLEATS_PAD_STATED)
        TRY(read_sizes(c, "pads", 2 * w->n, 0, 0, pads));
    for (int k = 0; k < w->n; k++) {
        w->lo[k] = pads[k];
        w->hi[k] = pads[w->n + k];
    }
done:
    return status;
}

void pleats_window_share(pleats_window *w, int k, int64_t total,
                         pleats_padding how)
{
    w->lo[k] = how == PLEATS_PAD_SAME_UPPER ? total / 2 : total - total / 2;
    w->hi[k] = total - w->lo[k];
}

/* With ceil_mode a last window may hang over the end, but must begin inside
 * the input or the padding before it. */
static int64_t count_windows(const pleats_window *w, int k, bool ceil_mode)
{
    int64_t room = w->in[k] + w->lo[k] + w->hi[k] - pleats_window_reach(w, k);
    if (ceil_mode)
        room += w->stride[k] - 1;
    int64_t n = room < 0 ? 0 : room / w->stride[k] + 1;
    if (ceil_mode && n && (n - 1) * w->stride[k] >= w->in[k] + w->lo[k])
        n--;
    return n;
}

pleats_status pleats_window_slide(const pleats_call *c, pleats_window *w)
{
    pleats_status status = PLEATS_OK;
    pleats_padding how = PLEATS_PAD_STATED;
    int64_t ceil_mode = 0;
    TRY(pleats_call_int(c, "ceil_mode", 0, &ceil_mode));
    TRY(pleats_window_pads(c, w, &how));
    for (int k = 0; k < w->n; k++) {
        if (how >= PLEATS_PAD_SAME_UPPER) {
            int64_t n = (w->in[k] + w->stride[k] - 1) / w->stride[k];
            int64_t pad =
                (n - 1) * w->stride[k] + pleats_window_reach(w, k) - w->in[k];
            if (pad < -(how == PLEATS_PAD_SAME_UPPER))
                TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                                "auto_pad with a stride above the kernel cuts "
                                "off %lld entries, on a side that is not "
                                "agreed upon (onnxruntime's Conv and pools "
                                "differ): write pads or a Slice",
                                (long long)-pad));
            pleats_window_share(w, k, pad < 0 ? 0 : pad, how);
            ceil_mode = 0;
        }
        w->out[k] = count_windows(w, k, ceil_mode != 0);
        if (w->out[k] < 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a window of %lld does not fit an axis of size "
                            "%lld",
                            (long long)pleats_window_reach(w, k),
                            (long long)w->in[k]));
    }
done:
    return status;
}

pleats_status pleats_window_shape(const pleats_call *c, const pleats_window *w,
                                  int64_t batch, int64_t channels,
                                  pleats_tensor_shape *out)
{
    int64_t dim[PLEATS_MAX_SPATIAL + 2] = {batch, channels};
    for (int k = 0; k < w->n; k++)
        dim[k + 2] = w->out[k];
    return pleats_shape_set(c->ctx, (size_t)w->n + 2, dim, out);
}
