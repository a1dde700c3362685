/* The flat graph becomes steps of a network, node by node. */
#ifndef PLEATS_ONNX_TRANSLATE_H
#define PLEATS_ONNX_TRANSLATE_H

#include "net/net.h"
#include "pleats/net.h"

#include <onnx.pb-c.h>

/* `path` (may be NULL) is the model's file, for its external data. */
PLEATS_NODISCARD pleats_status pleats_translate(
    pleats_ctx *ctx, const Onnx__ModelProto *model, const char *path,
    const pleats_load_options *options, pleats_give pleats_net **out);

#endif
