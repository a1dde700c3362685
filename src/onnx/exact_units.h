/* Units whose functions have parameters that are no doubles.
 *
 * f(x) = gain * u(rate * x + shift) + slope * x + intercept, where the unit u
 * has doubles for parameters and as many pieces as f, in the same order: one
 * that bends at 0 (and 1), or where f does when these are doubles. */
#ifndef PLEATS_ONNX_EXACT_UNITS_H
#define PLEATS_ONNX_EXACT_UNITS_H

#include "onnx/call.h"

bool pleats_units_are_doubles(const pleats_units *u);

/* Emits affine steps, the units and affine steps for scalars [x.n], all above
 * -1.  Functions of several breakpoints are refused when no such u exists. */
PLEATS_NODISCARD pleats_status pleats_emit_exact_units(
    const pleats_call *c, const pleats_units *u, const pleats_step_label *label,
    const pleats_idx *scalars, pleats_tensor *out);

#endif
