#include "theory/layer/independence.h"

#include "exact/integers.h"

void pleats_independence_clear(pleats_ctx *ctx, pleats_independence *sizes)
{
    pleats_integers_free(ctx, sizes->at, sizes->n + 1);
    *sizes = (pleats_independence){0};
}

pleats_status pleats_independence_set(pleats_ctx *ctx, pleats_independence *out,
                                      mpz_t *at, size_t n)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_independence){0};
    while (n > 0 && mpz_sgn(at[n]) == 0)
        n--;
    TRY(pleats_integers_new(ctx, n + 1, &out->at));
    out->n = n;
    for (size_t j = 0; j <= n; j++)
        mpz_set(out->at[j], at[j]);
done:
    return status;
}

pleats_status pleats_independence_multiply(pleats_ctx *ctx,
                                           pleats_independence *a,
                                           const pleats_independence *b)
{
    pleats_status status = PLEATS_OK;
    mpz_t *product = NULL;
    TRY(pleats_integers_new(ctx, a->n + b->n + 1, &product));
    for (size_t i = 0; i <= a->n; i++)
        for (size_t j = 0; j <= b->n; j++)
            mpz_addmul(product[i + j], a->at[i], b->at[j]);
    pleats_integers_free(ctx, a->at, a->n + 1);
    a->at = product;
    a->n += b->n;
done:
    return status;
}

void pleats_independence_sum(const pleats_independence *sizes, long q,
                             int64_t most, mpz_t sum)
{
    mpz_set_ui(sum, 0);
    for (size_t j = sizes->n + 1; j-- > 0;) {
        mpz_mul_si(sum, sum, q);
        if (most < 0 || j <= (uint64_t)most)
            mpz_add(sum, sum, sizes->at[j]);
    }
}
