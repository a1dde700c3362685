#include "local/solver.h"

pleats_status pleats_solver_init(pleats_ctx *ctx, pleats_solver *s, size_t k,
                                 size_t width)
{
    pleats_status status = PLEATS_OK;
    *s = (pleats_solver){.k = k, .width = width};
    TRY(pleats_alloc(ctx, k, sizeof(mpq_t *), &s->row));
    TRY(pleats_rational_array(ctx, width, &s->spare));
done:
    return status;
}

void pleats_solver_clear(pleats_ctx *ctx, pleats_solver *s)
{
    for (size_t j = 0; s->row && j < s->k; j++)
        pleats_rational_array_free(ctx, s->width, s->row[j]);
    pleats_release(ctx, s->row);
    pleats_rational_array_free(ctx, s->width, s->spare);
    *s = (pleats_solver){0};
}

/* from -= from[j] * row */
static void take_out(mpq_t *from, mpq_t *row, size_t j, size_t width)
{
    mpq_t factor, part;
    mpq_init(factor);
    mpq_init(part);
    mpq_set(factor, from[j]);
    for (size_t c = 0; c < width && mpq_sgn(factor) != 0; c++) {
        if (mpq_sgn(row[c]) == 0)
            continue;
        mpq_mul(part, factor, row[c]);
        mpq_sub(from[c], from[c], part);
    }
    mpq_clear(factor);
    mpq_clear(part);
}

pleats_status pleats_solver_take_in(pleats_ctx *ctx, pleats_solver *s,
                                    size_t *pivot)
{
    pleats_status status = PLEATS_OK;
    size_t at = 0;
    for (size_t j = 0; j < s->k; j++)
        if (s->row[j] && mpq_sgn(s->spare[j]) != 0)
            take_out(s->spare, s->row[j], j, s->width);
    while (at < s->k && mpq_sgn(s->spare[at]) == 0)
        at++;
    *pivot = at;
    if (at == s->k)
        return PLEATS_OK;
    mpq_t *row = NULL, lead;
    TRY(pleats_rational_array(ctx, s->width, &row));
    s->row[at] = row;
    mpq_init(lead);
    mpq_set(lead, s->spare[at]);
    for (size_t c = 0; c < s->width; c++)
        if (mpq_sgn(s->spare[c]) != 0)
            mpq_div(row[c], s->spare[c], lead);
    mpq_clear(lead);
    for (size_t j = 0; j < s->k; j++)
        if (j != at && s->row[j] && mpq_sgn(s->row[j][at]) != 0)
            take_out(s->row[j], row, at, s->width);
done:
    return status;
}
