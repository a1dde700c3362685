#include "api/text.h"

#include <inttypes.h>
#include <stdio.h>

pleats_status pleats_integer_text(pleats_ctx *ctx, const mpz_t z, char **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, mpz_sizeinbase(z, 10) + 2, 1, out));
    mpz_get_str(*out, 10, z);
done:
    return status;
}

pleats_status pleats_count_text(pleats_ctx *ctx, uint64_t n, char **out)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, n);
    return pleats_strdup(ctx, text, out);
}
