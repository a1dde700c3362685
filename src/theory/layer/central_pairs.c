/* The pairs (S, T), unit after unit: each joins S or T or neither.  A unit in
 * the span of S ends the branch, for S then has a broken circuit. */
#include "theory/layer/central_ways.h"

#include <string.h>

typedef struct {
    pleats_ctx *ctx;
    pleats_effort *effort;
    size_t n_units, n_columns;
    uint64_t *normal;         /* [n_units x n_columns] */
    uint64_t *row;            /* [n_columns] scratch */
    pleats_echelon zero, all; /* S, S u T */
    uint64_t *found;          /* [n_columns + 1] pairs by size of T */
} search;

/* Whether the unit is independent of the vectors; it then is one of them.
 * Never when the effort has ended. */
static bool push(search *s, pleats_echelon *echelon, size_t unit)
{
    const size_t products = (size_t)(echelon->rank + 1) * s->n_columns;
    if (!pleats_effort_spend(s->ctx, s->effort, products))
        return false;
    memcpy(s->row, s->normal + unit * s->n_columns,
           s->n_columns * sizeof *s->row);
    bool is_new = pleats_echelon_push(echelon, s->row);
    s->effort->negative += !is_new;
    return is_new;
}

static void choose(search *s, size_t unit)
{
    if (unit == s->n_units) {
        s->found[s->all.rank - s->zero.rank]++;
        return;
    }
    if (!push(s, &s->zero, unit))
        return;
    const bool may_join = push(s, &s->all, unit);
    if (may_join)
        choose(s, unit + 1);
    pleats_echelon_pop(&s->zero);
    if (may_join) {
        choose(s, unit + 1);
        pleats_echelon_pop(&s->all);
    }
    choose(s, unit + 1);
}

/* Whether all units are independent: then every pair counts. */
static bool all_are_independent(search *s)
{
    size_t n = 0;
    while (n < s->n_units && n < s->n_columns && push(s, &s->all, n))
        n++;
    s->all.rank = 0;
    return n == s->n_units;
}

static void sum_up(const search *s, long others, mpz_t regions)
{
    mpz_set_ui(regions, 0);
    for (size_t t = s->n_columns + 1; t-- > 0;) {
        mpz_mul_si(regions, regions, others);
        mpz_add_ui(regions, regions, s->found[t]);
    }
    if (mpz_sgn(regions) == 0)
        mpz_set_ui(regions, 1);
}

static void search_clear(search *s)
{
    pleats_echelon_clear(s->ctx, &s->zero);
    pleats_echelon_clear(s->ctx, &s->all);
    pleats_release(s->ctx, s->normal);
    pleats_release(s->ctx, s->row);
    pleats_release(s->ctx, s->found);
}

pleats_status pleats_pairs_regions(pleats_ctx *ctx,
                                   const pleats_normals *normals, long others,
                                   pleats_effort *effort, mpz_t regions)
{
    enum { MOST_UNITS = 4096 };
    pleats_status status = PLEATS_OK;
    search s = {
        .ctx = ctx, .effort = effort, .n_columns = (size_t)normals->n_columns};
    const pleats_idx windows = normals->n_windows;
    const double units = (double)windows * (double)normals->n_filters;
    if (units > MOST_UNITS || s.n_columns > MOST_UNITS)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "more than %d units or inputs whose windows overlap",
                           MOST_UNITS);
    s.n_units = (size_t)units;
    TRY(pleats_alloc(ctx, s.n_units * s.n_columns, sizeof *s.normal,
                     &s.normal));
    TRY(pleats_alloc(ctx, s.n_columns, sizeof *s.row, &s.row));
    TRY(pleats_alloc(ctx, s.n_columns + 1, sizeof *s.found, &s.found));
    TRY(pleats_echelon_init(ctx, &s.zero, normals->n_columns));
    TRY(pleats_echelon_init(ctx, &s.all, normals->n_columns));
    for (size_t i = 0; i < s.n_units; i++)
        pleats_normals_row(normals, (int64_t)i / windows,
                           (pleats_idx)(i % (size_t)windows),
                           s.normal + i * s.n_columns);
    if (all_are_independent(&s))
        mpz_ui_pow_ui(regions, (unsigned long)others + 2, s.n_units);
    else {
        choose(&s, 0);
        sum_up(&s, others, regions);
    }
done:
    search_clear(&s);
    return status;
}
