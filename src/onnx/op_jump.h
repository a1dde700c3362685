/* Comparisons with variable tensors, and what is made of them.
 *
 * A comparison jumps, so it is no step of a network.  It is kept as a function
 * of the scalar that is compared, and so is what is made of it by logic, sums
 * and products, until the result is continuous in every element: then it
 * becomes units.  What still jumps where another operator reads it is
 * refused. */
#ifndef PLEATS_ONNX_OP_JUMP_H
#define PLEATS_ONNX_OP_JUMP_H

#include "onnx/ops.h"

/* The handler of the node when one of its inputs may jump, or when it compares
 * variable inputs; NULL: the table's own is right.  Refuses operators that have
 * none for an input that jumps. */
PLEATS_NODISCARD pleats_status pleats_jump_handler(const pleats_call *c,
                                                   pleats_op_fn *out);
/* Whether the operator has such a handler, and whether it makes jumps of
 * inputs that do not. */
bool pleats_jump_takes(const char *op);
bool pleats_jump_makes(const char *op);
/* Fails: `what` jumps in the first element that does. */
PLEATS_NODISCARD pleats_status pleats_jump_refuse(const pleats_call *c,
                                                  const char *what,
                                                  const pleats_tensor *t);

#endif
