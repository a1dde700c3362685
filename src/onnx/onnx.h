/* The ONNX reader: a model file becomes a network of scalars.
 *
 * Opset 6 to 26, IR 3 to 14.  Tensors exist only in this folder: reshaping,
 * slicing, padding and the like are settled while reading, integer arithmetic
 * and constants are folded, local functions are inlined, and nodes that lead
 * to no output are dropped. */
#ifndef PLEATS_ONNX_ONNX_H
#define PLEATS_ONNX_ONNX_H

#include "net/net.h"
#include "pleats/net.h"

#define PLEATS_ONNX_MAX_BYTES ((size_t)1 << 31)

/* Reads the file, ONNX or .nnet (read/nnet.h); `options` may be NULL.
 * PLEATS_INVALID with one line that starts with the path and names every
 * refused node.  Memory is bounded by the file's size and the context's limit.
 */
PLEATS_NODISCARD pleats_status pleats_onnx_load(
    pleats_ctx *ctx, const char *path, const pleats_load_options *options,
    pleats_give pleats_net **out);

/* The same for the bytes [n] of such a file, packed or not. */
PLEATS_NODISCARD pleats_status pleats_onnx_from_bytes(
    pleats_ctx *ctx, const void *bytes, size_t n, const char *name,
    const pleats_load_options *options, pleats_give pleats_net **out);

/* The same for a file's bytes [n].  `path` says where they came from; when it
 * is NULL, external data are refused. */
PLEATS_NODISCARD pleats_status pleats_onnx_parse(
    pleats_ctx *ctx, const unsigned char *bytes, size_t n, const char *path,
    const pleats_load_options *options, pleats_give pleats_net **out);

#endif
