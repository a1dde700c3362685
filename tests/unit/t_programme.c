/* Programmes that look at few of their rows, against all rows at once. */
#include "cells/programme.h"

#include "exact/integers.h"
#include "need.h"
#include "rng.h"
#include "unit.h"

enum { MOST_ROWS = 300 };

/* A part of m rows of small integers about the origin, many of them equal,
 * parallel or through one point; for some, only one row bounds x_0 from
 * below. */
static pleats_domain *random_rows(pleats_ctx *ctx, rng *r, pleats_idx k,
                                  pleats_idx m)
{
    const int size = rng_int(r, 1, 20), least = rng_int(r, -1, 3);
    const pleats_idx only = rng_one_in(r, 3) ? rng_int(r, 0, m - 1) : -1;
    pleats_domain *d = NULL;
    pleats_part *p = NULL;
    need_ok(ctx, pleats_domain_new(ctx, k, "rows", &d));
    need_ok(ctx, pleats_domain_add_part(ctx, d, k, m, false, &p));
    for (pleats_idx i = 0; i < m; i++) {
        for (pleats_idx j = 0; j < k; j++)
            mpq_set_si(p->a[i * k + j], rng_int(r, -size, size), 1);
        if (only >= 0)
            mpq_abs(p->a[i * k], p->a[i * k]);
        mpq_set_si(p->b[i], rng_int(r, least, least + size), 1);
    }
    if (only >= 0)
        mpq_set_si(p->a[only * k], -1, 1);
    return d;
}

/* Maximises over all rows of the programme at once. */
static pleats_exact_end solve_all(pleats_ctx *ctx, const pleats_programme *p,
                                  mpz_t *objective, mpq_t value)
{
    const size_t width = (size_t)p->k + 2;
    pleats_exact_lp lp = {0};
    pleats_exact_end end;
    need_ok(ctx, pleats_exact_lp_init(ctx, &lp, p->k + 1, p->boxed, p->m));
    for (pleats_idx i = 0; i < p->m; i++)
        pleats_exact_lp_set_row(&lp, i, p->row + (size_t)i * width);
    pleats_exact_lp_set_objective(&lp, objective);
    need_ok(ctx, pleats_exact_lp_solve(ctx, &lp, false, &end));
    pleats_exact_lp_value(&lp, mpq_numref(value));
    mpz_set(mpq_denref(value), lp.det);
    mpq_canonicalize(value);
    pleats_exact_lp_clear(ctx, &lp);
    return end;
}

static void check_programme(pleats_ctx *ctx, rng *r, size_t *n_partial)
{
    const pleats_idx k = rng_int(r, 1, 4), m = rng_int(r, 1, MOST_ROWS);
    const size_t width = (size_t)k + 2;
    pleats_domain *d = random_rows(ctx, r, k, m);
    pleats_draft draft = {0};
    pleats_programme p = {0};
    mpz_t *objective = NULL;
    mpq_t got, want;
    mpq_init(got);
    mpq_init(want);
    need_ok(ctx, pleats_integers_new(ctx, width, &objective));
    need_ok(ctx, pleats_draft_init(ctx, &draft, k, &d->part[0]));
    need_ok(ctx, pleats_programme_init(ctx, &p, &draft,
                                       (unsigned long)rng_int(r, 0, 1)));
    for (int tries = 0; tries < 4; tries++) {
        pleats_exact_end end, end_all;
        for (size_t c = 0; c < width; c++)
            mpz_set_si(objective[c], rng_int(r, -3, 3));
        end_all = solve_all(ctx, &p, objective, want);
        need_ok(ctx, pleats_programme_solve(ctx, &p, objective, &end));
        assert_true((end == PLEATS_EXACT_OPTIMAL) ==
                    (end_all == PLEATS_EXACT_OPTIMAL));
        if (end != PLEATS_EXACT_OPTIMAL)
            continue;
        pleats_exact_lp_value(&p.lp, mpq_numref(got));
        mpz_set(mpq_denref(got), p.lp.det);
        mpq_canonicalize(got);
        assert_true(mpq_equal(got, want));
        *n_partial += p.n_taken < p.m;
    }
    pleats_programme_clear(ctx, &p);
    pleats_draft_clear(ctx, &draft);
    pleats_integers_free(ctx, objective, width);
    pleats_domain_clear(ctx, d);
    mpq_clear(got);
    mpq_clear(want);
}

static void optima_on_some_rows_are_those_on_all(void **state)
{
    rng r = {1};
    size_t n_partial = 0;
    (void)state;
    pleats_ctx *ctx = need_ctx();
    for (int i = 0; i < 150; i++)
        check_programme(ctx, &r, &n_partial);
    assert_true(n_partial > 20);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optima_on_some_rows_are_those_on_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
