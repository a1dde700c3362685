/* Half-spaces that follow from others or nearly do: row_i = sum y_j row_j + a
 * number, some of the y and the number being tiny, of either sign or 0, against
 * the oracle.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "local/point.h"
#include "local/proof.h"

#include "cases.h"
#include "cell_check.h"
#include "need.h"
#include "slack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 8000, MOST = 4, WIDTH = MOST + 1 };

static uint64_t n_proven, n_by_bounds, n_not;

/* 0, or a number of either sign down to 2^-40. */
static double tiny(rng *r)
{
    double x = ldexp(1, -rng_int(r, 12, 40));
    return rng_one_in(r, 5) ? 0 : rng_one_in(r, 2) ? x : -x;
}

/* k rows whose constants are positive, some of them nearly parallel, and a last
 * one that is their sum but for rounding. */
static void draw_rows(rng *r, size_t k, double *rows)
{
    double *last = rows + k * (k + 1);
    size_t one = (size_t)rng_int(r, 0, (int32_t)k - 1);
    bool is_near = rng_one_in(r, 2), is_flat = rng_one_in(r, 2);
    double apart = ldexp(1, -rng_int(r, 4, 26));
    int bits = rng_one_in(r, 2) ? 5 : 53;
    for (size_t j = 0; j <= k; j++)
        last[j] = j == k && !rng_one_in(r, 4) ? tiny(r) : 0;
    for (size_t i = 0; i < k; i++) {
        double y = is_near && i == one ? tiny(r) : rng_int(r, 1, 7) / 4.0;
        for (size_t j = 0; j <= k; j++) {
            double x = j == k ? rng_int(r, 1, 8) / 8.0 : rng_real(r, bits);
            if (is_flat && i > 0)
                x = rows[j] + apart * x;
            rows[i * (k + 1) + j] = x;
            last[j] += y * x;
        }
    }
}

/* Whether the last half-space holds wherever the others do. */
static bool follows(pleats_ctx *ctx, pleats_region *region)
{
    const size_t k = (size_t)region->k;
    forms all;
    forms_init(&all, k);
    for (pleats_idx i = 0; i < region->n; i++) {
        mpz_t *row = NULL;
        need_ok(ctx, pleats_region_row(region, i, &row));
        mpq_t *form = forms_add(&all);
        for (size_t j = 0; j <= k; j++) {
            mpq_set_z(form[j == k ? 0 : j + 1], row[j]);
            if (i + 1 == region->n)
                mpq_neg(form[j == k ? 0 : j + 1], form[j == k ? 0 : j + 1]);
        }
    }
    bool does = slack_sign(&all, NULL) <= 0;
    forms_clear(&all);
    return does;
}

static const char *check(pleats_ctx *ctx, pleats_region *region)
{
    pleats_idx listed[MOST], k = region->k;
    bool proven, by_bounds;
    if (region->n != k + 1) /* one is constant, and none */
        return NULL;
    for (pleats_idx i = 0; i < k; i++)
        listed[i] = i;
    need_ok(ctx,
            pleats_prove_redundant(region, k, k, listed, &proven, &by_bounds));
    n_proven += proven;
    n_by_bounds += by_bounds;
    n_not += !proven;
    if (proven != follows(ctx, region))
        return by_bounds ? "proven by bounds" : "proven";
    return NULL;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    arrangement a;
    pleats_region region = {0};
    pleats_coordinates about = {0};
    pleats_pattern_facts facts = {0};
    double rows[WIDTH * WIDTH], origin[MOST] = {0};
    pleats_idx piece[WIDTH];
    mpz_t *point = NULL;
    size_t k = rng_one_in(&r, 3) ? 1 : (size_t)rng_int(&r, 1, MOST);
    draw_rows(&r, k, rows);
    arrangement_init(ctx, &a, k, k + 1, rows, 0);
    need_ok(ctx, pleats_integers_new(ctx, k + 1, &point));
    need_ok(ctx, pleats_point_set(ctx, (pleats_idx)k, origin, point));
    need_ok(ctx, pleats_pattern_at(ctx, a.net, &a.frame.coordinates, point,
                                   piece, &facts));
    need_ok(ctx, pleats_coordinates_about(ctx, &a.frame.coordinates, point,
                                          false, &about));
    need_ok(ctx, pleats_region_init(ctx, &region, a.net, piece, &about, NULL,
                                    point));
    const char *wrong = facts.n_ties > 0 ? NULL : check(ctx, &region);
    if (wrong)
        fprintf(stderr, "seed %llu, dimension %zu: %s\n",
                (unsigned long long)seed, k, wrong);
    pleats_pattern_facts_clear(ctx, &facts);
    pleats_coordinates_clear(ctx, &about);
    pleats_region_clear(&region);
    pleats_integers_free(ctx, point, k + 1);
    arrangement_clear(&a);
    bool clean = pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return clean && !wrong;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    printf("%llu follow, %llu of them by bounds, %llu do not\n",
           (unsigned long long)n_proven, (unsigned long long)n_by_bounds,
           (unsigned long long)n_not);
    return failures > 0;
}
