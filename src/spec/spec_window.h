/* The windows of pools, recognised from what their steps read. */
#ifndef PLEATS_SPEC_SPEC_WINDOW_H
#define PLEATS_SPEC_SPEC_WINDOW_H

#include "spec/spec.h"

/* Rows of scalars, [start[i], start[i+1]) of `in`, over a tensor of shape
 * `shape` whose scalars are first, first + 1, ... */
typedef struct {
    const pleats_step *step; /* SPARSE or MAX */
    pleats_shape shape;
    pleats_idx first;
} pleats_windows;

/* Whether the rows are one whole plane for each channel, in order. */
bool pleats_windows_are_planes(const pleats_windows *w);

/* Whether row (c, p) reads channels c k .. c k + k - 1 at position p, in
 * order; *rank gets k. */
bool pleats_windows_are_channels(const pleats_windows *w, int64_t *rank);

/* Whether the rows are windows that slide over every channel, in row-major
 * order; kernel, stride and pads go to *out: symmetric pads where they explain
 * the windows, and where an axis has one window only, a stride of the kernel.
 * Cost: the terms, and for each axis its size times the number of windows. */
bool pleats_windows_slide(const pleats_windows *w, pleats_conv_spec *out);

#endif
