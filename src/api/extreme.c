#include "api/extreme.h"

#include "api/text.h"
#include "exact/rational.h"

pleats_status pleats_fraction_texts(pleats_ctx *ctx, size_t n, mpq_t *q,
                                    char ***out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, n, sizeof **out, out));
    for (size_t i = 0; i < n; i++)
        TRY(pleats_fraction_text(ctx, q[i], &(*out)[i]));
done:
    return status;
}

void pleats_texts_free(pleats_ctx *ctx, size_t n, char **text)
{
    for (size_t i = 0; text && i < n; i++)
        pleats_release(ctx, text[i]);
    pleats_release(ctx, text);
}

static pleats_status copy_pattern(pleats_ctx *ctx, size_t n,
                                  const pleats_idx *piece, int32_t **out)
{
    pleats_status status = PLEATS_OK;
    *out = NULL;
    if (!piece)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, n + 1, sizeof **out, out));
    for (size_t i = 0; i < n; i++)
        (*out)[i] = piece[i];
done:
    return status;
}

pleats_status pleats_optimum_point(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_optimum *found, char ***point,
                                   double **input, int32_t **pattern)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)net->n_inputs;
    TRY(pleats_fraction_texts(ctx, n, found->x, point));
    TRY(pleats_alloc(ctx, n, sizeof **input, input));
    for (size_t i = 0; i < n; i++)
        (*input)[i] = pleats_rational_to_double(found->x[i]);
    TRY(copy_pattern(ctx, (size_t)net->n_units, found->piece, pattern));
done:
    return status;
}
