/* Numbers that a file stores: initialisers and the values of Constant nodes,
 * in the file itself or in a file beside it. */
#ifndef PLEATS_ONNX_STORED_H
#define PLEATS_ONNX_STORED_H

#include "onnx/tensor.h"

#include <onnx.pb-c.h>

/* The tensor in `t`: floats of 4 to 64 bits become real, integers of 2 to 64
 * bits and BOOL integer; other types are refused.  `model_path` (may be NULL)
 * is the model's file, whose folder external data must lie in. */
PLEATS_NODISCARD pleats_status pleats_stored_read(pleats_ctx *ctx,
                                                  const Onnx__TensorProto *t,
                                                  const char *model_path,
                                                  pleats_tensor *out);
/* The same for a sparse tensor, which becomes dense. */
PLEATS_NODISCARD pleats_status
pleats_stored_read_sparse(pleats_ctx *ctx, const Onnx__SparseTensorProto *t,
                          const char *model_path, pleats_tensor *out);

/* "FLOAT16" for 10. */
const char *pleats_stored_type_name(int32_t data_type);
/* Remarks that arithmetic over the reals does not round to the type when it is
 * a float of fewer than 32 bits. */
PLEATS_NODISCARD pleats_status pleats_stored_remark(pleats_ctx *ctx,
                                                    int32_t data_type);
/* Whether it is a type of integers, BOOL included. */
bool pleats_stored_type_is_integer(int32_t data_type);
/* How many bits its numbers have, negative when they are signed; 0 for other
 * types. */
int pleats_stored_integer_bits(int32_t data_type);

/* The n bytes that the external_data entries of `t` name, from a regular file
 * under the model's folder, reached without `..` and without a symbolic
 * link. */
PLEATS_NODISCARD pleats_status pleats_external_read(
    pleats_ctx *ctx, const Onnx__TensorProto *t, const char *model_path,
    size_t n, pleats_give unsigned char **out);

#endif
