/* Sums of numbers in two doubles each, against rational arithmetic: what comes
 * out is as near to the true sum as the bound says.  Sums are made to cancel,
 * and to be rounded the same way each time. */
#include "unit.h"

#include "forms/fine.h"
#include "forms/ripple_sums.h"
#include "rng.h"

#include <float.h>
#include <gmp.h>
#include <math.h>
#include <stdlib.h>

enum { CASES = 800, MOST_TERMS = 40, MOST_ROWS = 70 };

/* Rows over n numbers, and in `eight` eight rows of them each with its own. */
typedef struct {
    size_t n, rows;
    double *weight;     /* [n x rows] */
    double *high, *low; /* [n] */
} problem;

static void problem_init(problem *p, size_t n, size_t rows)
{
    *p = (problem){.n = n, .rows = rows};
    p->weight = need_memory(n * rows + 1, sizeof *p->weight);
    p->high = need_memory(n + 9, sizeof *p->high);
    p->low = need_memory(n + 9, sizeof *p->low);
}

static void problem_clear(problem *p)
{
    free(p->weight);
    free(p->high);
    free(p->low);
}

/* Bounds of sum |weight high| and sum |weight low|. */
static void find_sizes(const problem *p, double *size, double *low_size)
{
    *size = *low_size = 0;
    for (size_t i = 0; i < p->rows; i++) {
        double high = 0, low = 0;
        for (size_t j = 0; j < p->n; j++) {
            high += fabs(p->weight[j * p->rows + i] * p->high[j]);
            low += fabs(p->weight[j * p->rows + i] * p->low[j]);
        }
        *size = fmax(*size, pleats_round_up(high));
        *low_size = fmax(*low_size, pleats_round_up(low));
    }
}

/* How far high + low is from the sum of row i. */
static void find_off(const problem *p, size_t i, double high, double low,
                     mpq_t off)
{
    mpq_t weight, part;
    mpq_inits(weight, part, NULL);
    mpq_set_d(off, -high);
    mpq_set_d(part, -low);
    mpq_add(off, off, part);
    for (size_t j = 0; j < p->n; j++) {
        mpq_set_d(weight, p->weight[j * p->rows + i]);
        mpq_set_d(part, p->high[j]);
        mpq_mul(part, part, weight);
        mpq_add(off, off, part);
        mpq_set_d(part, p->low[j]);
        mpq_mul(part, part, weight);
        mpq_add(off, off, part);
    }
    mpq_abs(off, off);
    mpq_clears(weight, part, NULL);
}

static void compare(const problem *p, size_t i, double high, double low,
                    double error)
{
    mpq_t off, bound;
    mpq_inits(off, bound, NULL);
    find_off(p, i, high, low, off);
    mpq_set_d(bound, error);
    assert_true(mpq_cmp(off, bound) <= 0);
    assert_true(high + low == high);
    mpq_clears(off, bound, NULL);
}

static void check_rows(const problem *p, double start, double error)
{
    const size_t n = (p->n + 7) / 8 * 8, first = n / 16 * 8;
    double *high = need_memory(p->rows, sizeof *high);
    double *low = need_memory(p->rows, sizeof *low);
    double most = 0, most_low = 0;
    pleats_ripple_term *term = need_memory(n + 1, sizeof *term);
    for (size_t j = 0; j < n; j++) /* the second half from one row on */
        term[j] = j < p->n ? (pleats_ripple_term){p->high[j], p->low[j],
                                                  p->weight + j * p->rows}
                           : (pleats_ripple_term){0, 0, p->weight};
    for (size_t j = first; j < n; j++)
        term[j].weight -= j < p->n ? p->rows : 0;
    for (size_t j = p->n; j < n; j++)
        term[j].weight = term[0].weight;
    const pleats_ripple_terms terms[] = {{term, first, 0},
                                         {term + first, n - first, p->rows}};
    if (first > 0)
        pleats_ripple_sums(p->rows, start, 2, terms, high, low, &most,
                           &most_low);
    for (size_t i = 0; i < p->rows && first > 0; i++) {
        compare(p, i, high[i], low[i], error);
        assert_true(fabs(high[i]) <= most && fabs(low[i]) <= most_low);
    }
    free(term);
    free(high);
    free(low);
}

/* The first eight rows, each with terms of its own. */
static void check_eights(problem *p, double start, double error)
{
    pleats_ripple_eight *term = need_memory(p->n + 1, sizeof *term);
    for (size_t j = 0; j < p->n; j++)
        for (size_t i = 0; i < 8; i++) {
            term[j].weight[i] = i < p->rows ? p->weight[j * p->rows + i] : 0;
            term[j].at[i] = (pleats_idx)j;
        }
    pleats_ripple_sum_eights(start, p->n, term, p->high, p->low, p->n + 1);
    for (size_t i = 0; i < 8 && i < p->rows; i++)
        compare(p, i, p->high[p->n + 1 + i], p->low[p->n + 1 + i], error);
    free(term);
}

static void check(problem *p)
{
    double size, low_size;
    find_sizes(p, &size, &low_size);
    const double start = pleats_fine_start_of(size);
    const double error =
        pleats_round_up(pleats_ripple_rounding(p->n, start, low_size));
    check_rows(p, start, error);
    check_eights(p, start, error);
}

static double draw(rng *r, int exponent)
{
    const double x = (double)(rng_next(r) >> 11) * 0x1p-53 + 0.5;
    return ldexp(rng_one_in(r, 2) ? x : -x, exponent);
}

static void draw_problem(problem *p, rng *r, int spread)
{
    const bool cancels = rng_one_in(r, 2);
    for (size_t j = 0; j < p->n; j++) {
        const int size = rng_int(r, -spread, spread);
        p->high[j] = draw(r, size);
        p->low[j] = rng_one_in(r, 3) ? 0 : draw(r, size - rng_int(r, 54, 60));
        for (size_t i = 0; i < p->rows; i++)
            p->weight[j * p->rows + i] = rng_one_in(r, 5) ? 0 : draw(r, 0);
        if (j % 2 == 0 || !cancels)
            continue;
        p->high[j] = p->high[j - 1] * (1 + rng_int(r, 0, 3) * DBL_EPSILON);
        for (size_t i = 0; i < p->rows; i++)
            p->weight[j * p->rows + i] = -p->weight[(j - 1) * p->rows + i];
    }
}

static void sums_are_near(void **state)
{
    rng r = {1};
    (void)state;
    for (int i = 0; i < CASES; i++) {
        problem p;
        problem_init(&p, (size_t)rng_int(&r, 1, MOST_TERMS),
                     (size_t)rng_int(&r, 1, MOST_ROWS));
        draw_problem(&p, &r, rng_one_in(&r, 3) ? 40 : 2);
        check(&p);
        problem_clear(&p);
    }
}

/* 1 + n * 0.99 u in the low parts: every addition leaves the 1 as it is. */
static void low_parts_are_rounded_the_same_way(void **state)
{
    problem p;
    mpq_t off, least;
    (void)state;
    problem_init(&p, 96, 8);
    for (size_t j = 0; j < p.n; j++) {
        p.low[j] = 1;
        for (size_t i = 0; i < 8; i++)
            p.weight[j * 8 + i] = j == 0 ? 1 : 0.99 * DBL_EPSILON / 2;
    }
    check(&p);
    mpq_inits(off, least, NULL);
    find_off(&p, 0, p.high[p.n + 1], p.low[p.n + 1], off);
    mpq_set_d(least, 90 * DBL_EPSILON / 2);
    assert_true(mpq_cmp(off, least) > 0);
    mpq_clears(off, least, NULL);
    problem_clear(&p);
}

/* What rounding takes from the large sum is nearly half of its last bit, and
 * the same way, in each of many terms: the lost parts' sum grows with them. */
static void lost_parts_add_up(void **state)
{
    rng r = {3};
    problem p;
    (void)state;
    problem_init(&p, 8192, 8);
    for (size_t j = 0; j < p.n; j++) {
        const bool is_first = j == 0;
        p.high[j] = is_first ? 1 : 1 + draw(&r, -10);
        for (size_t i = 0; i < 8; i++)
            p.weight[j * 8 + i] =
                is_first ? 1 : 0x1p-50 * (0.45 + draw(&r, -10));
    }
    check(&p);
    problem_clear(&p);
}

static void rows_have_sizes(void **state)
{
    const double weight[] = {1, -2, -3, 4, 0.5, -0.25};
    const pleats_ripple_term term[] = {
        {0, 0, weight}, {0, 0, weight + 2}, {0, 0, weight + 4}};
    (void)state;
    assert_true(pleats_ripple_sizes(2, 3, term) == 6.25);
    assert_true(pleats_ripple_sizes(1, 3, term) == 4.5);
    assert_true(pleats_ripple_sizes(2, 0, term) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_near),
        cmocka_unit_test(low_parts_are_rounded_the_same_way),
        cmocka_unit_test(lost_parts_add_up),
        cmocka_unit_test(rows_have_sizes),
    };
    return RUN(tests, need_ctx());
}
