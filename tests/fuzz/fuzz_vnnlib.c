/* Any bytes as a VNN-LIB file: a domain or a refusal, no crash, no leak. */
#include "fuzz.h"
#include "read/vnnlib.h"

#include <stdlib.h>

enum { INPUTS = 2 };

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_domain *domain = NULL;
    pleats_status status = pleats_vnnlib_parse(ctx, (const char *)data, size,
                                               path, INPUTS, &domain);
    if ((status == PLEATS_OK) != (domain != NULL))
        abort();
    pleats_domain_clear(ctx, domain);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, false, try);
}
