#include "cells/body.h"

#include "exact/integers.h"
#include "exact/rational.h"

void pleats_body_clear(pleats_ctx *ctx, pleats_body *b)
{
    pleats_release(ctx, b->boxed);
    pleats_rational_array_free(ctx, (size_t)b->m * pleats_body_width(b),
                               b->row);
    pleats_rational_array_free(ctx, (size_t)b->n * pleats_body_width(b), b->x);
}

pleats_status pleats_body_new(pleats_ctx *ctx, pleats_body *b, pleats_idx n,
                              pleats_idx k, pleats_idx m)
{
    pleats_status status = PLEATS_OK;
    *b = (pleats_body){.k = k};
    TRY(pleats_alloc(ctx, (size_t)k + 1, sizeof *b->boxed, &b->boxed));
    TRY(pleats_rational_array(ctx, (size_t)m * pleats_body_width(b), &b->row));
    b->m = m;
    TRY(pleats_rational_array(ctx, (size_t)n * pleats_body_width(b), &b->x));
    b->n = n;
done:
    return status;
}

void pleats_prover_clear(pleats_prover *p)
{
    size_t width = pleats_body_width(p->b);
    pleats_exact_lp_clear(p->ctx, &p->lp);
    pleats_integers_free(p->ctx, p->row, width);
    pleats_integers_free(p->ctx, p->sum, width);
    pleats_integers_free(p->ctx, p->all, (size_t)p->b->m * width);
    pleats_rational_array_free(p->ctx, width, p->form);
    pleats_rational_array_free(p->ctx, width, p->part);
}

/* z [width] = a positive multiple of q. */
static void to_integers(mpq_t *q, size_t width, mpz_t *z)
{
    mpz_t common;
    mpz_init_set_ui(common, 1);
    for (size_t c = 0; c < width; c++)
        mpz_lcm(common, common, mpq_denref(q[c]));
    for (size_t c = 0; c < width; c++) {
        mpz_divexact(z[c], common, mpq_denref(q[c]));
        mpz_mul(z[c], z[c], mpq_numref(q[c]));
    }
    mpz_clear(common);
}

pleats_status pleats_prover_init(pleats_ctx *ctx, pleats_prover *p,
                                 const pleats_body *b)
{
    pleats_status status = PLEATS_OK;
    size_t width = pleats_body_width(b);
    *p = (pleats_prover){.ctx = ctx, .b = b};
    TRY(pleats_integers_new(ctx, width, &p->row));
    TRY(pleats_integers_new(ctx, width, &p->sum));
    TRY(pleats_integers_new(ctx, (size_t)b->m * width, &p->all));
    TRY(pleats_rational_array(ctx, width, &p->form));
    TRY(pleats_rational_array(ctx, width, &p->part));
    for (size_t i = 0; i < (size_t)b->m; i++)
        to_integers(b->row + i * width, width, p->all + i * width);
    TRY(pleats_exact_lp_init(ctx, &p->lp, b->k, b->boxed, b->m));
    for (pleats_idx i = 0; i < b->m; i++)
        pleats_exact_lp_set_row(&p->lp, i, p->all + (size_t)i * width);
done:
    return status;
}

bool pleats_prover_is_proven(pleats_prover *p)
{
    const pleats_exact_lp *lp = &p->lp;
    size_t k = (size_t)p->b->k, width = k + 1;
    mpz_t *last = lp->entry + (size_t)lp->m * width, y;
    bool good = mpz_sgn(lp->det) > 0;
    mpz_init(y);
    for (size_t c = 0; c < width; c++)
        mpz_mul(p->sum[c], p->row[c], lp->det);
    for (size_t q = 0; q < k; q++) {
        size_t v = (size_t)lp->nonbasic[q];
        mpz_neg(y, last[q]);
        good = good && mpz_sgn(y) >= 0;
        if (mpz_sgn(y) == 0)
            continue;
        for (size_t c = 0; v >= k && c < width; c++)
            mpz_addmul(p->sum[c], y, p->all[(v - k) * width + c]);
        if (v >= k)
            continue;
        good = good && p->b->boxed[v];
        mpz_add(p->sum[k], p->sum[k], y);
        (lp->flipped[v] ? mpz_sub : mpz_add)(p->sum[v], p->sum[v], y);
    }
    for (size_t c = 0; c < k; c++)
        good = good && mpz_sgn(p->sum[c]) == 0;
    good = good && mpz_sgn(p->sum[k]) <= 0;
    mpz_clear(y);
    return good;
}

pleats_status pleats_prover_holds(pleats_prover *p, bool *out)
{
    pleats_status status = PLEATS_OK;
    size_t width = pleats_body_width(p->b);
    pleats_exact_end end;
    to_integers(p->form, width, p->row);
    for (size_t c = 0; c < width; c++)
        mpz_neg(p->row[c], p->row[c]);
    pleats_exact_lp_set_objective(&p->lp, p->row);
    TRY(pleats_exact_lp_solve(p->ctx, &p->lp, true, &end));
    *out = end == PLEATS_EXACT_NEGATIVE && pleats_prover_is_proven(p);
done:
    return status;
}
