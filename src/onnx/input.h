/* The shape of the network's input. */
#ifndef PLEATS_ONNX_INPUT_H
#define PLEATS_ONNX_INPUT_H

#include "onnx/graph.h"
#include "onnx/tensor.h"

/* The input's shape: sizes in the file, then those of `text` ("1,1,28,28" or
 * "H=28,W=28"; may be NULL), then 1 for a first axis without a size.  Types
 * other than FLOAT and DOUBLE are remarked upon. */
PLEATS_NODISCARD pleats_status
pleats_input_shape(pleats_ctx *ctx, const Onnx__ValueInfoProto *input,
                   const char *text, pleats_tensor_shape *out);

/* Whether the file says that the input holds integers. */
bool pleats_input_is_integer(const Onnx__ValueInfoProto *input);

#endif
