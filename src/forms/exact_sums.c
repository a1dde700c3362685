#include "forms/exact_sums.h"

#include <math.h>

pleats_status pleats_add_product(pleats_ctx *ctx, double *sum, double a,
                                 double b)
{
    double product = a * b, result = *sum + product;
    double part = result - *sum;
    double lost = (*sum - (result - part)) + (product - part);
    if (fma(a, b, -product) != 0 || lost != 0 || !isfinite(result))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the construction's weights need more than 53 bits "
                           "for this architecture: take fewer inputs or units");
    *sum = result;
    return PLEATS_OK;
}
