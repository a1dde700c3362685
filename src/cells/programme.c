#include "cells/programme.h"

#include "exact/integers.h"

/* Rows that a programme begins with; up to so many there is nothing to gain. */
enum { FIRST_ROWS = 64 };

void pleats_programme_clear(pleats_ctx *ctx, pleats_programme *p)
{
    size_t width = (size_t)p->k + 2;
    pleats_integers_free(ctx, p->row, (size_t)p->m * width);
    pleats_integers_free(ctx, p->vertex, width);
    pleats_release(ctx, p->boxed);
    pleats_release(ctx, p->taken);
    pleats_release(ctx, p->is_taken);
    pleats_exact_lp_clear(ctx, &p->lp);
    *p = (pleats_programme){0};
}

static mpz_t *row_of(const pleats_programme *p, pleats_idx i)
{
    return p->row + (size_t)i * ((size_t)p->k + 2);
}

static void take(pleats_programme *p, pleats_idx i)
{
    p->is_taken[i] = true;
    p->taken[p->n_taken++] = i;
    p->is_loaded = false;
}

/* Takes up to n more rows, spread over those that are left. */
static void take_some(pleats_programme *p, pleats_idx n)
{
    pleats_idx left = p->m - p->n_taken, seen = 0, taken = 0;
    n = n < left ? n : left;
    for (pleats_idx i = 0; i < p->m && taken < n; i++) {
        if (p->is_taken[i])
            continue;
        if ((int64_t)seen++ * n / left >= taken) {
            take(p, i);
            taken++;
        }
    }
}

pleats_status pleats_programme_init(pleats_ctx *ctx, pleats_programme *p,
                                    const pleats_draft *d, unsigned long more)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)d->k, m = (size_t)d->m, width = k + 2;
    p->k = d->k;
    p->m = d->m;
    TRY(pleats_integers_new(ctx, m * width, &p->row));
    TRY(pleats_integers_new(ctx, width, &p->vertex));
    TRY(pleats_alloc(ctx, k + 1, sizeof *p->boxed, &p->boxed));
    TRY(pleats_alloc(ctx, m, sizeof *p->taken, &p->taken));
    TRY(pleats_alloc(ctx, m, sizeof *p->is_taken, &p->is_taken));
    for (size_t j = 0; j < k; j++)
        p->boxed[j] = d->boxed[j];
    p->boxed[k] = true;
    for (pleats_idx i = 0; i < d->m; i++) {
        mpz_t *row = row_of(p, i);
        pleats_draft_row(d, i, row);
        mpz_sub_ui(row[k + 1], row[k], more);
        mpz_set_si(row[k], -1);
    }
    take_some(p, FIRST_ROWS);
done:
    return status;
}

static pleats_status load(pleats_ctx *ctx, pleats_programme *p)
{
    pleats_status status = PLEATS_OK;
    if (p->is_loaded)
        return PLEATS_OK;
    TRY(pleats_exact_lp_init(ctx, &p->lp, p->k + 1, p->boxed, p->n_taken));
    for (pleats_idx i = 0; i < p->n_taken; i++)
        pleats_exact_lp_set_row(&p->lp, i, row_of(p, p->taken[i]));
    p->is_loaded = true;
done:
    return status;
}

/* Takes up the row that the vertex violates most; *all: it violates none. */
static void take_violated(pleats_programme *p, bool *all)
{
    const size_t k = (size_t)p->k;
    pleats_idx worst = -1;
    mpz_t value, least;
    mpz_init(value);
    mpz_init(least);
    pleats_exact_lp_vertex(&p->lp, p->vertex);
    mpz_set(p->vertex[k + 1], p->lp.det);
    for (pleats_idx i = 0; i < p->m; i++) {
        const mpz_t *row = (const mpz_t *)row_of(p, i);
        if (p->is_taken[i])
            continue;
        mpz_mul(value, row[0], p->vertex[0]);
        for (size_t c = 1; c < k + 2; c++)
            mpz_addmul(value, row[c], p->vertex[c]);
        if (mpz_cmp(value, least) < 0) {
            mpz_swap(value, least);
            worst = i;
        }
    }
    mpz_clear(value);
    mpz_clear(least);
    *all = worst < 0;
    if (worst >= 0)
        take(p, worst);
}

pleats_status pleats_programme_solve(pleats_ctx *ctx, pleats_programme *p,
                                     mpz_t *objective, pleats_exact_end *end)
{
    pleats_status status = PLEATS_OK;
    bool is_done = false;
    while (!is_done) {
        TRY(load(ctx, p));
        pleats_exact_lp_set_objective(&p->lp, objective);
        TRY(pleats_exact_lp_solve(ctx, &p->lp, false, end));
        is_done = p->n_taken == p->m || *end == PLEATS_EXACT_INFEASIBLE;
        if (!is_done && *end == PLEATS_EXACT_OPTIMAL)
            take_violated(p, &is_done);
        else if (!is_done)
            take_some(p, p->n_taken);
    }
done:
    return status;
}

pleats_idx pleats_programme_binding(const pleats_programme *p)
{
    for (pleats_idx i = 0; i < p->n_taken; i++)
        if (pleats_exact_lp_is_binding(&p->lp, i))
            return p->taken[i];
    return -1;
}
