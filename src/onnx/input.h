/* The shapes of the network's inputs. */
#ifndef PLEATS_ONNX_INPUT_H
#define PLEATS_ONNX_INPUT_H

#include "onnx/graph.h"
#include "onnx/tensor.h"

/* out [graph->n_inputs]: sizes in the file, then those of `text` ("1,1,28,28",
 * one list for each input with semicolons between them, or "H=28,W=28" for all
 * of them; may be NULL), then 1 for a first axis without a size.  A first axis
 * of several rows becomes 1 where `text` says so, with a remark.
 * Types other than FLOAT and DOUBLE are remarked upon. */
PLEATS_NODISCARD pleats_status pleats_input_shapes(pleats_ctx *ctx,
                                                   const pleats_graph *graph,
                                                   const char *text,
                                                   pleats_tensor_shape *out);

/* Whether the file says that the input holds integers. */
bool pleats_input_is_integer(const Onnx__ValueInfoProto *input);

#endif
