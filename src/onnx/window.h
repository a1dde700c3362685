/* Sliding windows of convolutions and pools. */
#ifndef PLEATS_ONNX_WINDOW_H
#define PLEATS_ONNX_WINDOW_H

#include "onnx/call.h"

/* Along each axis, window o covers positions o * stride - lo + t * dilation,
 * t = 0 .. kernel-1; positions outside 0 .. in-1 are padding.  Entries beyond
 * the n axes are those of an axis of size 1. */
typedef struct {
    int n; /* spatial axes, 1 .. PLEATS_MAX_SPATIAL */
    int64_t in[PLEATS_MAX_SPATIAL], out[PLEATS_MAX_SPATIAL];
    int64_t kernel[PLEATS_MAX_SPATIAL], stride[PLEATS_MAX_SPATIAL];
    int64_t dilation[PLEATS_MAX_SPATIAL];
    int64_t lo[PLEATS_MAX_SPATIAL], hi[PLEATS_MAX_SPATIAL];
} pleats_window;

/* The sizes of x [batch, channels, spatial...] and the attributes of the node;
 * `weight` is the shape [.., .., kernel...], NULL: attribute kernel_shape. */
PLEATS_NODISCARD pleats_status
pleats_window_read(const pleats_call *c, const pleats_tensor_shape *x,
                   const pleats_tensor_shape *weight, pleats_window *out);
/* Padding and `out` of windows that slide over `in`: attributes auto_pad,
 * pads, ceil_mode. */
PLEATS_NODISCARD pleats_status pleats_window_slide(const pleats_call *c,
                                                   pleats_window *w);
/* Attribute auto_pad; with PLEATS_PAD_STATED also attribute pads, into lo and
 * hi. */
typedef enum {
    PLEATS_PAD_STATED,
    PLEATS_PAD_NONE,
    PLEATS_PAD_SAME_UPPER,
    PLEATS_PAD_SAME_LOWER,
    PLEATS_N_PADS
} pleats_padding;
PLEATS_NODISCARD pleats_status pleats_window_pads(const pleats_call *c,
                                                  pleats_window *w,
                                                  pleats_padding *how);
/* Shares `total` entries of padding of axis k among lo and hi; an odd one goes
 * to hi with PLEATS_PAD_SAME_UPPER, else to lo. */
void pleats_window_share(pleats_window *w, int k, int64_t total,
                         pleats_padding how);
/* [batch, channels, out...] */
PLEATS_NODISCARD pleats_status pleats_window_shape(const pleats_call *c,
                                                   const pleats_window *w,
                                                   int64_t batch,
                                                   int64_t channels,
                                                   pleats_tensor_shape *out);

/* How far a window reaches along axis k. */
static inline int64_t pleats_window_reach(const pleats_window *w, int k)
{
    return (w->kernel[k] - 1) * w->dilation[k] + 1;
}

#endif
