/* Networks whose input has several rows that never meet. */
#ifndef PLEATS_ONNX_BATCH_H
#define PLEATS_ONNX_BATCH_H

#include "onnx/tensor.h"

/* A remark when the first axis of every input, shape [n], has the same size
 * above 1 and every scalar depends on one row alone: then regions of all rows
 * are counted jointly, a product.  One pass over the network. */
PLEATS_NODISCARD pleats_status
pleats_remark_batch(pleats_ctx *ctx, const pleats_net *net, pleats_idx n,
                    const pleats_tensor_shape *shape);

#endif
