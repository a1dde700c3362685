/* Any bytes as a VNN-LIB file: a domain or a refusal, no crash, no leak. */
#include "meter.h"
#include "onnx/vnnlib.h"

#include <stdlib.h>

enum { MEMORY_LIMIT = 64 << 20, INPUTS = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    meter m = {0};
    pleats_allocator a = meter_allocator(&m);
    pleats_ctx *ctx = NULL;
    pleats_domain *domain = NULL;
    if (pleats_ctx_new(&a, &ctx) != PLEATS_OK)
        return 0;
    pleats_ctx_set_memory_limit(ctx, MEMORY_LIMIT);
    pleats_status status = pleats_vnnlib_parse(ctx, (const char *)data, size,
                                               "fuzzed", INPUTS, &domain);
    if ((status == PLEATS_OK) != (domain != NULL) || status == PLEATS_INTERNAL)
        abort();
    pleats_domain_clear(ctx, domain);
    pleats_ctx_free(ctx);
    if (m.blocks != 0 || m.live != 0 || m.is_unsound)
        abort();
    return 0;
}
