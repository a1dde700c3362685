/* Constants by the handlers of variable tensors: the steps that an operator
 * becomes are evaluated exactly. */
#ifndef PLEATS_ONNX_FOLD_H
#define PLEATS_ONNX_FOLD_H

#include "onnx/ops.h"

/* Runs the handler with input 0 as scalars of a network of its own; all inputs
 * are constant, and so are then the outputs. */
PLEATS_NODISCARD pleats_status pleats_fold_steps(pleats_call *c,
                                                 pleats_op_fn run);

#endif
