/* Elements that are functions of one scalar become a tensor. */
#ifndef PLEATS_ONNX_JUMP_RESULT_H
#define PLEATS_ONNX_JUMP_RESULT_H

#include "onnx/piecewise.h"

/* Element i is function[i] of scalar on[i], plus the scalar plus[i] unless that
 * is -1. */
typedef struct {
    pleats_tensor_shape shape;
    pleats_idx *on, *function, *plus; /* [shape.n] */
} pleats_jump_result;

PLEATS_NODISCARD pleats_status
pleats_jump_result_new(const pleats_call *c, const pleats_tensor_shape *shape,
                       pleats_jump_result *out);
void pleats_jump_result_clear(pleats_ctx *ctx, pleats_jump_result *r);

/* Constants where all are; units where none jumps; else of sort JUMP, which is
 * refused where something is added to it. */
PLEATS_NODISCARD pleats_status pleats_jump_result_emit(
    const pleats_call *c, const pleats_jump_result *r, pleats_tensor *out);

#endif
