/* Any bytes as a model: a network or a refusal, no crash, no leak. */
#include "fuzz.h"
#include "onnx/onnx.h"

#include <stdlib.h>

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    const pleats_load_options options = {.shape = size % 2 ? "1,3,8,8" : NULL,
                                         .logits = size % 3 == 0};
    pleats_net *net = NULL;
    (void)path;
    pleats_status status =
        pleats_onnx_parse(ctx, data, size, NULL, &options, &net);
    if ((status == PLEATS_OK) != (net != NULL))
        abort();
    pleats_net_clear(ctx, net);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, false, try);
}
