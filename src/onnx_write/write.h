/* The ONNX writer: a network of scalars becomes a model file. */
#ifndef PLEATS_ONNX_WRITE_WRITE_H
#define PLEATS_ONNX_WRITE_WRITE_H

#include "net/net.h"

/* Opset 13, IR 7; FLOAT where all parameters are float32 values, else DOUBLE.
 * Padded convolutions and pools are recognised; other ways to read scalars
 * become Concat and Gather.  Release the bytes [n].  PLEATS_INVALID for
 * functions that no operators give without rounding. */
PLEATS_NODISCARD pleats_status pleats_onnx_print(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 unsigned char **bytes,
                                                 size_t *n);

#endif
