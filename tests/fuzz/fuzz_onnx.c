/* Any bytes as an ONNX file: a network or a refusal, no crash, no leak. */
#include "meter.h"
#include "need.h"
#include "onnx/onnx.h"

#include <stdlib.h>

enum { MEMORY_LIMIT = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const pleats_load_options options = {.shape = size % 2 ? "1,3,8,8" : NULL,
                                         .logits = size % 3 == 0};
    meter m = {0};
    pleats_allocator a = meter_allocator(&m);
    pleats_ctx *ctx = NULL;
    pleats_net *net = NULL;
    if (pleats_ctx_new(&a, &ctx) != PLEATS_OK)
        return 0;
    pleats_ctx_set_memory_limit(ctx, MEMORY_LIMIT);
    pleats_status status =
        pleats_onnx_parse(ctx, data, size, NULL, &options, &net);
    if ((status == PLEATS_OK) != (net != NULL) || status == PLEATS_INTERNAL)
        abort();
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    if (m.blocks != 0 || m.live != 0 || m.is_unsound)
        abort();
    return 0;
}
