/* Any bytes as a .nnet file: a network or a refusal, no crash, no leak. */
#include "fuzz.h"
#include "read/nnet.h"

#include <stdlib.h>

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_net *net = NULL;
    (void)path;
    pleats_status status =
        pleats_nnet_parse(ctx, (const char *)data, size, &net);
    if ((status == PLEATS_OK) != (net != NULL))
        abort();
    pleats_net_clear(ctx, net);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, false, try);
}
