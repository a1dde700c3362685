/* Any bytes as a VNN-LIB file: a domain or a refusal, and a property or a
 * refusal, no crash, no leak. */
#include "fuzz.h"
#include "read/vnnlib.h"

#include <stdlib.h>

enum { INPUTS = 2, OUTPUTS = 2 };

/* No more cases than there are in all, each with a domain of one part. */
static pleats_status property(pleats_ctx *ctx, const char *path)
{
    pleats_vnnlib_property p;
    pleats_status status =
        pleats_vnnlib_read_property(ctx, path, INPUTS, OUTPUTS, &p);
    if (status == PLEATS_OK && p.n > (size_t)p.n_all)
        abort();
    for (size_t i = 0; status == PLEATS_OK && i < p.n; i++)
        if (p.at[i].domain->n_parts != 1)
            abort();
    pleats_vnnlib_property_clear(ctx, &p);
    return status;
}

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_domain *domain = NULL;
    pleats_status status = pleats_vnnlib_parse(ctx, (const char *)data, size,
                                               path, INPUTS, &domain);
    if ((status == PLEATS_OK) != (domain != NULL))
        abort();
    pleats_domain_clear(ctx, domain);
    return status == PLEATS_INTERNAL ? status : property(ctx, path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, true, try);
}
