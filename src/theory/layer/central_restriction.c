/* Hyperplanes h_1, h_2, .. through 0 are added one by one: h_i cuts as many
 * regions in two as the restrictions of h_1 .. h_(i-1) to it leave on it, equal
 * restrictions counting once.  As long as normals are independent, the regions
 * double; on a line there are 2, in a plane two for each hyperplane. */
#include "theory/layer/central_ways.h"

#include "theory/layer/family.h"

#include <string.h>

enum { MOST_ENTRIES = 1 << 24, PRODUCTS_OF_AN_INVERSE = 122 };

typedef struct {
    pleats_ctx *ctx;
    pleats_effort *effort;
    size_t n_columns;
    uint64_t *row; /* [n_columns] scratch */
} counter;

/* Scales the row so that its first entry that is not 0 becomes 1.  False when
 * there is none. */
static bool make_monic(uint64_t *row, size_t n)
{
    size_t first = 0;
    while (first < n && row[first] == 0)
        first++;
    if (first == n)
        return false;
    uint64_t inverse = pleats_mod_inverse(row[first]);
    for (size_t i = first; i < n; i++)
        row[i] = pleats_mod_multiply(row[i], inverse);
    return true;
}

static bool may_go_on(counter *c)
{
    return pleats_effort_spend(c->ctx, c->effort,
                               2 * c->n_columns + PRODUCTS_OF_AN_INVERSE);
}

/* The first i of the rows, restricted to row i. */
static pleats_status restrict_to(counter *c, const pleats_family *rows,
                                 size_t i, pleats_family *out)
{
    pleats_status status = PLEATS_OK;
    const uint64_t *by = pleats_family_set(rows, i);
    const size_t n = c->n_columns;
    size_t pivot = 0;
    while (by[pivot] == 0)
        pivot++;
    *out = (pleats_family){.n_words = n};
    for (size_t j = 0; j < i && may_go_on(c); j++) {
        memcpy(c->row, pleats_family_set(rows, j), n * sizeof *c->row);
        if (c->row[pivot])
            pleats_mod_reduce(c->row, by, c->row[pivot], (pleats_idx)n);
        const size_t before = out->n;
        if (make_monic(c->row, n))
            TRY(pleats_family_add(c->ctx, out, c->row, SIZE_MAX));
        c->effort->negative += out->n == before;
    }
done:
    return status;
}

/* How many rows at the front are independent. */
static pleats_status independent_rows(counter *c, const pleats_family *rows,
                                      size_t *n)
{
    pleats_status status = PLEATS_OK;
    pleats_echelon echelon = {0};
    *n = 0;
    TRY(pleats_echelon_init(c->ctx, &echelon, (pleats_idx)c->n_columns));
    for (; *n < rows->n; ++*n) {
        size_t products = (*n + 1) * c->n_columns;
        if (!pleats_effort_spend(c->ctx, c->effort, products))
            break;
        memcpy(c->row, pleats_family_set(rows, *n),
               c->n_columns * sizeof *c->row);
        if (!pleats_echelon_push(&echelon, c->row)) {
            c->effort->negative++;
            break;
        }
    }
done:
    pleats_echelon_clear(c->ctx, &echelon);
    return status;
}

/* regions += those of the rows, different ones, in a space of dimension at
 * most `dimension` modulo what all are 0 on. */
static pleats_status add_regions(counter *c, const pleats_family *rows,
                                 size_t dimension, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    pleats_family less = {0};
    size_t n = 0;
    mpz_t power;
    mpz_init_set_ui(power, 1);
    if (rows->n > 0 && dimension <= 2) {
        mpz_add_ui(regions, regions, 2 * (unsigned long)rows->n);
        goto done;
    }
    TRY(independent_rows(c, rows, &n));
    mpz_mul_2exp(power, power, n);
    mpz_add(regions, regions, power);
    for (size_t i = n; i < rows->n && c->effort->complete; i++) {
        TRY(restrict_to(c, rows, i, &less));
        if (c->effort->complete)
            TRY(add_regions(c, &less, dimension - 1, regions));
        pleats_family_clear(c->ctx, &less);
    }
done:
    mpz_clear(power);
    pleats_family_clear(c->ctx, &less);
    return status;
}

/* The hyperplanes of the units; with `breaks` > 0 parallel ones for each, at
 * random levels that belong to its filter, and the one at infinity. */
static pleats_status add_rows(counter *c, const pleats_normals *normals,
                              size_t breaks, pleats_rng *rng,
                              pleats_family *rows)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)normals->n_columns;
    const size_t copies = breaks > 0 ? breaks : 1;
    uint64_t *row = NULL, *level = NULL;
    TRY(pleats_alloc(c->ctx, n + 1, sizeof *row, &row));
    TRY(pleats_alloc(c->ctx, copies, sizeof *level, &level));
    row[n] = 1;
    if (breaks > 0)
        TRY(pleats_family_add(c->ctx, rows, row, SIZE_MAX));
    for (int64_t k = 0; k < normals->n_filters; k++) {
        for (size_t i = 0; i < breaks; i++)
            level[i] = pleats_rng_below(rng, PLEATS_PRIME);
        for (pleats_idx w = 0; w < normals->n_windows; w++)
            for (size_t i = 0; i < copies && may_go_on(c); i++) {
                pleats_normals_row(normals, k, w, row);
                row[n] = level[i];
                if (make_monic(row, rows->n_words))
                    TRY(pleats_family_add(c->ctx, rows, row, SIZE_MAX));
            }
    }
done:
    pleats_release(c->ctx, row);
    pleats_release(c->ctx, level);
    return status;
}

pleats_status pleats_restriction_regions(pleats_ctx *ctx,
                                         const pleats_normals *normals,
                                         long breaks, pleats_rng *rng,
                                         pleats_effort *effort, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    const double rows_needed = (double)normals->n_filters *
                               (double)normals->n_windows *
                               (double)(breaks > 0 ? breaks : 1);
    if (rows_needed * normals->n_columns > MOST_ENTRIES)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "%.0f hyperplanes in %d dimensions", rows_needed,
                           normals->n_columns);
    pleats_family rows = {.n_words = (size_t)normals->n_columns + (breaks > 0)};
    counter c = {ctx, effort, rows.n_words, NULL};
    mpz_set_ui(regions, 0);
    TRY(pleats_alloc(ctx, rows.n_words, sizeof *c.row, &c.row));
    TRY(add_rows(&c, normals, (size_t)breaks, rng, &rows));
    TRY(add_regions(&c, &rows, rows.n_words, regions));
    if (breaks > 0)
        mpz_fdiv_q_2exp(regions, regions, 1);
done:
    pleats_family_clear(ctx, &rows);
    pleats_release(ctx, c.row);
    return status;
}
