/* Which entries of an axis a resized axis reads, and with which weights: exact
 * rationals, by the definition of Resize.  Linear and cubic interpolation are
 * one formula: entry i has the weight kernel(s (i - x)) around the position x
 * of the result, s = min(scale, 1) with antialiasing and 1 without. */
#ifndef PLEATS_ONNX_RESAMPLE_H
#define PLEATS_ONNX_RESAMPLE_H

#include "onnx/pick.h"

typedef enum {
    PLEATS_HALF_PIXEL,
    PLEATS_PYTORCH_HALF_PIXEL,
    PLEATS_HALF_PIXEL_SYMMETRIC,
    PLEATS_TF_HALF_PIXEL,
    PLEATS_ASYMMETRIC,
    PLEATS_ALIGN_CORNERS,
    PLEATS_CROP_AND_RESIZE,
    PLEATS_N_COORDINATES
} pleats_coordinates;

typedef enum {
    PLEATS_ROUND_PREFER_FLOOR,
    PLEATS_ROUND_PREFER_CEIL,
    PLEATS_FLOOR,
    PLEATS_CEIL,
    PLEATS_N_ROUNDINGS
} pleats_rounding;

typedef enum {
    PLEATS_NEAREST,
    PLEATS_LINEAR,
    PLEATS_CUBIC,
    PLEATS_N_MODES
} pleats_resize_mode;

typedef struct {
    pleats_resize_mode mode;
    pleats_coordinates how;
    pleats_rounding round_by;
    bool antialias, exclude_outside;
    double cubic_a;
} pleats_resampling;

/* One axis: of size `in`, it becomes one of size `out` with `scale`. */
typedef struct {
    int64_t in, out;
    bool unchanged; /* entry j is entry j */
    mpq_t scale, roi_start, roi_end;
} pleats_resample_axis;

void pleats_resample_axis_init(pleats_resample_axis *axis);
void pleats_resample_axis_clear(pleats_resample_axis *axis);
/* What entry j of the result is a mean of; `*outside` when it is the
 * extrapolation value instead.  `taps` is zeroed or was filled before. */
PLEATS_NODISCARD pleats_status
pleats_resample_taps(pleats_ctx *ctx, const pleats_resampling *r,
                     const pleats_resample_axis *axis, int64_t j,
                     pleats_mix *taps, bool *outside);
/* The taps of a position `x` given directly, with an unbounded axis: entries
 * may be outside 0 .. in - 1. */
PLEATS_NODISCARD pleats_status pleats_resample_at(pleats_ctx *ctx,
                                                  const pleats_resampling *r,
                                                  const mpq_t x,
                                                  const mpq_t squeeze,
                                                  pleats_mix *taps);
/* The entry nearest to position x. */
PLEATS_NODISCARD pleats_status pleats_resample_round(pleats_ctx *ctx,
                                                     pleats_rounding by,
                                                     const mpq_t x,
                                                     int64_t *out);

#endif
