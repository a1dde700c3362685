/* Sums of forms in two doubles each, against rational arithmetic: what is
 * stored, and all that it may stand for, is as near to the true sum as the
 * bound says.  Sums are made to cancel, to be rounded the same way each time,
 * and to come near both ends of the range of doubles. */
#include "unit.h"

#include "base/perturb.h"
#include "forms/exact_forms.h"
#include "forms/fine.h"
#include "rng.h"

#include <float.h>
#include <gmp.h>
#include <math.h>
#include <stdlib.h>

enum { CASES = 1600, MOST_TERMS = 40, MOST_ROWS = 20, MOST_WIDTH = 9 };

/* Rows over n forms, all of which are off by their errors as far as can be. */
typedef struct {
    size_t n, width, n_rows, rows;
    double *weight, *size, *bias; /* as in pleats_fine_rows */
    double *high, *low, *error;   /* [n x width], [n x width], [n] */
    bool has_tiny;
} problem;

static void problem_init(problem *p, size_t n, size_t width, size_t n_rows)
{
    const size_t rows = n_rows == 1 ? 1 : (n_rows + 7) / 8 * 8;
    *p = (problem){.n = n, .width = width, .n_rows = n_rows, .rows = rows};
    p->weight = need_memory(n * rows + 1, sizeof *p->weight);
    p->size = need_memory(rows, sizeof *p->size);
    p->bias = need_memory(rows, sizeof *p->bias);
    p->high = need_memory(n * width + 1, sizeof *p->high);
    p->low = need_memory(n * width + 1, sizeof *p->low);
    p->error = need_memory(n + 1, sizeof *p->error);
}

static void problem_clear(problem *p)
{
    free(p->weight);
    free(p->size);
    free(p->bias);
    free(p->high);
    free(p->low);
    free(p->error);
}

/* What row i's entry c would be if every form were off by all of its error, in
 * the entry `off`, and the way that moves the row up. */
static void true_entry(const problem *p, size_t i, size_t c, size_t off,
                       mpq_t out)
{
    mpq_t weight, form, part;
    mpq_inits(weight, form, part, NULL);
    mpq_set_d(out, c + 1 == p->width ? p->bias[i] : 0);
    for (size_t j = 0; j < p->n; j++) {
        const double w = p->weight[j * p->rows + i];
        mpq_set_d(weight, w);
        mpq_set_d(form, p->high[j * p->width + c]);
        mpq_set_d(part, p->low[j * p->width + c]);
        mpq_add(form, form, part);
        mpq_set_d(part, w < 0 ? -p->error[j] : p->error[j]);
        if (c == off)
            mpq_add(form, form, part);
        mpq_mul(form, form, weight);
        mpq_add(out, out, form);
    }
    mpq_clears(weight, form, part, NULL);
}

/* Whether row i is within its bound, when the forms are off in one entry. */
static bool row_holds(const problem *p, const pleats_fine_sums *s, size_t i,
                      size_t off)
{
    mpq_t sum, want, part;
    bool small = true;
    mpq_inits(sum, want, part, NULL);
    for (size_t c = 0; c < p->width; c++) {
        const double high = s->high[c * p->rows + i];
        const double low = s->low[c * p->rows + i];
        true_entry(p, i, c, off, want);
        mpq_set_d(part, high);
        mpq_sub(want, want, part);
        mpq_set_d(part, low);
        mpq_sub(want, want, part);
        mpq_abs(want, want);
        mpq_add(sum, sum, want);
        small = small && high + low == high;
    }
    mpq_set_d(part, s->error[i]);
    const bool near = mpq_cmp(sum, part) <= 0;
    mpq_clears(sum, want, part, NULL);
    return near && small;
}

static double largest(const double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fabs(x[i]) > most ? fabs(x[i]) : most;
    return most;
}

static void run(pleats_ctx *ctx, problem *p, pleats_fine_sums *s)
{
    pleats_fine_term *term = need_memory(p->n + 1, sizeof *term);
    for (size_t i = 0; i < p->rows; i++) {
        double size = 0;
        for (size_t j = 0; j < p->n; j++) {
            const double w = p->weight[j * p->rows + i];
            size += fabs(w);
            p->has_tiny = p->has_tiny || pleats_forms_is_tiny(w);
        }
        p->size[i] = pleats_round_up(size);
    }
    for (size_t j = 0; j < p->n; j++) {
        const double *high = p->high + j * p->width;
        const double *low = p->low + j * p->width;
        term[j] = (pleats_fine_term){j,
                                     high,
                                     low,
                                     p->error[j],
                                     largest(high, p->width),
                                     largest(low, p->width)};
    }
    const pleats_fine_rows rows = {p->n_rows, p->rows, p->weight,
                                   p->size,   p->bias, p->has_tiny};
    need_ok(ctx, pleats_fine_sums_init(ctx, s, p->width, p->rows));
    pleats_fine_sums_run(s, &rows, p->n, term);
    free(term);
}

static void check(pleats_ctx *ctx, problem *p)
{
    pleats_fine_sums s;
    run(ctx, p, &s);
    for (size_t i = 0; i < p->n_rows; i++) {
        assert_true(isfinite(s.error[i]));
        assert_true(row_holds(p, &s, i, 0));
        assert_true(row_holds(p, &s, i, p->width - 1));
        double size = 0, low_size = 0;
        for (size_t c = 0; c < p->width; c++) {
            size += fabs(s.high[c * p->rows + i]);
            low_size += fabs(s.low[c * p->rows + i]);
        }
        assert_true(s.size[i] == size && s.low_size[i] == low_size);
    }
    pleats_fine_sums_clear(ctx, &s);
}

/* A double of 53 random bits about 2^exponent. */
static double draw(rng *r, int exponent)
{
    const double x = (double)(rng_next(r) >> 11) * 0x1p-53 + 0.5;
    return ldexp(rng_one_in(r, 2) ? x : -x, exponent);
}

/* Each form is, but for its last bits, what another one is, with the opposite
 * weight. */
static void make_cancel(problem *p, rng *r)
{
    for (size_t j = 0; j + 1 < p->n; j += 2) {
        for (size_t i = 0; i < p->n_rows; i++)
            p->weight[(j + 1) * p->rows + i] = -p->weight[j * p->rows + i];
        for (size_t c = 0; c < p->width; c++) {
            const double x = p->high[j * p->width + c];
            p->high[(j + 1) * p->width + c] =
                rng_one_in(r, 2) ? x : x * (1 + rng_int(r, 1, 3) * DBL_EPSILON);
        }
    }
}

/* Weights about 2^exponent, forms about 1 with low parts about 2^-apart. */
static void draw_problem(problem *p, rng *r, int exponent, int spread)
{
    static const int apart[] = {54, 54, 60, 30, 3};
    const int by = apart[rng_int(r, 0, 4)];
    for (size_t j = 0; j < p->n; j++) {
        const int size = rng_int(r, -spread, spread);
        for (size_t i = 0; i < p->n_rows; i++)
            p->weight[j * p->rows + i] =
                rng_one_in(r, 5) ? 0 : draw(r, exponent);
        for (size_t c = 0; c < p->width; c++) {
            p->high[j * p->width + c] = draw(r, size);
            p->low[j * p->width + c] =
                rng_one_in(r, 3) ? 0 : draw(r, size - by);
        }
        p->error[j] =
            rng_one_in(r, 2) ? 0 : fabs(draw(r, size - rng_int(r, 50, 110)));
    }
    for (size_t i = 0; i < p->n_rows; i++)
        p->bias[i] = rng_one_in(r, 3) ? 0 : draw(r, rng_int(r, -60, 5));
    if (rng_one_in(r, 2))
        make_cancel(p, r);
}

static void sums_are_near(void **state)
{
    rng r = {1};
    for (int i = 0; i < CASES; i++) {
        problem p;
        problem_init(&p, (size_t)rng_int(&r, 0, MOST_TERMS),
                     (size_t)rng_int(&r, 1, MOST_WIDTH),
                     (size_t)rng_int(&r, 1, MOST_ROWS));
        draw_problem(&p, &r, 0, rng_one_in(&r, 3) ? 40 : 2);
        check(*state, &p);
        problem_clear(&p);
    }
}

/* Weights that vanish beside the least error; products that do. */
static void small_weights(void **state)
{
    static const int exponent[] = {-110, -300, -600, -900, -1000, -1060, 300};
    rng r = {2};
    for (int i = 0; i < CASES; i++) {
        problem p;
        problem_init(&p, (size_t)rng_int(&r, 1, 8), 2, 3);
        draw_problem(&p, &r, exponent[rng_int(&r, 0, 6)], 40);
        for (size_t j = 0; rng_one_in(&r, 2) && j < p.n_rows; j++)
            p.bias[j] = 0;
        check(*state, &p);
        problem_clear(&p);
    }
}

/* A row without terms is its bias, and says so. */
static void rows_without_terms_are_exact(void **state)
{
    const double bias[] = {1.25, -0x1p-1000, 0, 0x1.fffffffffffffp+900,
                           3,    0,          0, 0};
    const double none[8] = {0};
    const double high[] = {1, 2}, low[] = {0x1p-60, 0};
    const pleats_fine_term term = {0, high, low, 0, 3, 0x1p-60};
    const pleats_fine_rows rows = {5, 8, none, none, bias, false};
    pleats_fine_sums s;
    need_ok(*state, pleats_fine_sums_init(*state, &s, 2, 8));
    for (size_t n = 0; n < 2; n++) {
        pleats_fine_sums_run(&s, &rows, n, &term);
        for (size_t i = 0; i < 5; i++) {
            assert_true(s.high[i] == 0 && s.low[i] == 0);
            assert_true(s.high[8 + i] == bias[i] && s.low[8 + i] == 0);
            assert_true(s.error[i] == 0);
        }
    }
    pleats_fine_sums_clear(*state, &s);
}

/* 1 + n * 0.99 u in the low parts: every addition leaves the 1 as it is, in
 * every entry. */
static void low_parts_are_rounded_the_same_way(void **state)
{
    const size_t width = 4;
    problem p;
    pleats_fine_sums s;
    mpq_t sum, want, part;
    mpq_inits(sum, want, part, NULL);
    problem_init(&p, 100, width, 1);
    for (size_t j = 0; j < p.n; j++) {
        p.weight[j] = j == 0 ? 1 : 0.99 * DBL_EPSILON / 2;
        for (size_t c = 0; c < width; c++)
            p.low[j * width + c] = 1;
    }
    run(*state, &p, &s);
    for (size_t c = 0; c < width; c++) {
        true_entry(&p, 0, c, 0, want);
        mpq_set_d(part, s.high[c]);
        mpq_sub(want, want, part);
        mpq_set_d(part, s.low[c]);
        mpq_sub(want, want, part);
        mpq_add(sum, sum, want);
    }
    mpq_set_d(want, 390 * DBL_EPSILON / 2);
    assert_true(mpq_cmp(sum, want) > 0);
    mpq_set_d(want, s.error[0]);
    assert_true(mpq_cmp(sum, want) <= 0);
    mpq_clears(sum, want, part, NULL);
    pleats_fine_sums_clear(*state, &s);
    problem_clear(&p);
}

/* What rounding takes from the large sum is nearly half of its last bit, and
 * the same way, in each of many terms: the lost parts' sum grows with them. */
static void lost_parts_add_up(void **state)
{
    rng r = {3};
    problem p;
    problem_init(&p, 8192, 1, 1);
    p.bias[0] = 1; /* sums from 6 on, with last bit 2^-50 */
    for (size_t j = 0; j < p.n; j++) {
        p.weight[j] = 0x1p-50 * (0.45 + draw(&r, -10));
        p.high[j] = 1 + draw(&r, -10);
    }
    check(*state, &p);
    problem_clear(&p);
}

static void what_overflows_is_not_known(void **state)
{
    static const double large[] = {0x1p1000, DBL_MAX, INFINITY, NAN};
    for (size_t i = 0; i < 4; i++)
        for (int at = 0; at < 3; at++) {
            const double weight[] = {at == 0 ? large[i] : 0x1p600, 0};
            const double bias = at == 2 ? large[i] : 0, low = 0;
            const double high = at == 1 ? large[i] : 0x1p600;
            const double size = fabs(weight[0]);
            const pleats_fine_rows rows = {1, 1, weight, &size, &bias, false};
            const pleats_fine_term term = {0, &high, &low, 0, fabs(high), 0};
            pleats_fine_sums s;
            need_ok(*state, pleats_fine_sums_init(*state, &s, 1, 1));
            pleats_fine_sums_run(&s, &rows, 1, &term);
            assert_true(!isfinite(s.error[0]));
            pleats_fine_sums_clear(*state, &s);
        }
}

/* The form of (bias + sum of weight * (a_j t + b_j)) / divisor, a_j and b_j
 * having 53 bits, against the exact one. */
static void check_quotient(pleats_ctx *ctx, rng *r, pleats_idx n,
                           const double *weight, double bias, double divisor)
{
    static const pleats_idx in[] = {0, 1, 2};
    const pleats_idx start[] = {0, n};
    pleats_coordinates c = {.n_inputs = 3, .k = 1};
    pleats_net *net;
    pleats_forms f;
    pleats_exact_forms exact;
    const pleats_quotient *want;
    pleats_idx out, piece[1] = {0};
    mpq_t sum, entry, part;
    mpq_inits(sum, entry, part, NULL);
    need_ok(ctx, pleats_net_new(ctx, 3, &net));
    need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 1, start, in, weight,
                                       &bias, &divisor, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    need_ok(ctx, pleats_integers_new(ctx, 6, &c.num));
    mpz_init_set_ui(c.den, 1);
    for (size_t i = 0; i < 6; i++)
        mpz_set_d(c.num[i], draw(r, 53));
    need_ok(ctx, pleats_forms_init(ctx, &f, net, &c));
    need_ok(ctx, pleats_fine_init(ctx, &f, &c, 1));
    need_ok(ctx, pleats_exact_forms_init(ctx, &exact, net, &c, piece));
    need_ok(ctx, pleats_forms_run(ctx, &f, &net->step[0], piece));
    need_ok(ctx, pleats_exact_forms_need(ctx, &exact, out, &want));
    for (size_t i = 0; i < 2; i++) {
        mpq_set_z(entry, want->num[i]);
        mpz_set(mpq_denref(entry), want->den);
        mpq_canonicalize(entry);
        mpq_set_d(part, pleats_forms_entry(&f, out)[i]);
        mpq_sub(entry, entry, part);
        mpq_set_d(part, f.fine->low[(size_t)out * f.stride + i]);
        mpq_sub(entry, entry, part);
        mpq_abs(entry, entry);
        mpq_add(sum, sum, entry);
    }
    mpq_set_d(part, f.fine->error[out]);
    assert_true(mpq_cmp(sum, part) <= 0);
    mpq_clears(sum, entry, part, NULL);
    pleats_exact_forms_clear(ctx, &exact);
    pleats_forms_clear(ctx, &f);
    pleats_integers_free(ctx, c.num, 6);
    mpz_clear(c.den);
    pleats_net_clear(ctx, net);
}

/* A number that is exact and so small that what its quotient leaves is not. */
static void what_a_division_leaves_underflows(void **state)
{
    rng r = {4};
    for (int i = 0; i < 100; i++)
        check_quotient(*state, &r, 0, NULL, draw(&r, rng_int(&r, -1020, -900)),
                       draw(&r, rng_int(&r, -1000, -800)));
}

/* Products with the least error vanish, while the sum is rounded. */
static void rows_of_tiny_weights(void **state)
{
    rng r = {5};
    for (int i = 0; i < 100; i++) {
        const double weight[] = {draw(&r, -600), draw(&r, -610),
                                 draw(&r, -590)};
        check_quotient(*state, &r, 3, weight, 0, 1);
    }
}

static void check_alike(const pleats_forms *f, pleats_idx a, pleats_idx b)
{
    const double *x = pleats_forms_entry(f, a), *y = pleats_forms_entry(f, b);
    const double *low = f->fine->low;
    for (size_t c = 0; c < 4; c++)
        assert_true(x[c] == y[c] || (isnan(x[c]) && isnan(y[c])));
    for (size_t c = 0; c < 3; c++) {
        const double p = low[(size_t)a * f->stride + c];
        const double q = low[(size_t)b * f->stride + c];
        assert_true(p == q || (isnan(p) && isnan(q)));
    }
    assert_true(f->error[a] == f->error[b]);
    assert_true(f->magnitude[a] == f->magnitude[b]);
    assert_true(f->fine->error[a] == f->fine->error[b] ||
                isnan(f->fine->error[a]));
    assert_true(f->fine->made[a] == f->fine->made[b]);
}

/* Of seven rows in a plane the first four are taken at once and the others one
 * by one: three of either kind are the same, an ordinary one, one that is 0,
 * and one that overflows. */
static void rows_that_are_taken_at_once(void **state)
{
    const double weight[2][7 * 2] = {
        {3, 0.1, 0, 0, 1, 2, 7, 1, 3, 0.1, 0, 0, 1, 2},
        {3, 0.1, 0, 0, DBL_MAX, 2, 7, 1, 3, 0.1, 0, 0, DBL_MAX, 2}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < 2 && !PLEATS_PERTURB; i++) {
        pleats_coordinates c = {.n_inputs = 2, .k = 2};
        const pleats_idx in[] = {0, 1};
        pleats_net *net;
        pleats_forms f;
        pleats_idx out, piece[1] = {0};
        need_ok(ctx, pleats_net_new(ctx, 2, &net));
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 7, 2, in, weight[i],
                                          NULL, &out));
        need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
        need_ok(ctx, pleats_integers_new(ctx, 6, &c.num));
        mpz_init_set_ui(c.den, 3);
        for (size_t j = 0; j < 6; j++)
            mpz_set_ui(c.num[j], 1 + 10 * j);
        need_ok(ctx, pleats_forms_init(ctx, &f, net, &c));
        need_ok(ctx, pleats_fine_init(ctx, &f, &c, 1));
        need_ok(ctx, pleats_forms_run(ctx, &f, &net->step[0], piece));
        assert_true(f.error[out] > 0 && f.fine->error[out] > 0);
        assert_true(pleats_forms_is_zero(&f, out + 1));
        for (pleats_idx j = 0; j < 3; j++)
            check_alike(&f, out + j, out + 4 + j);
        pleats_forms_clear(ctx, &f);
        pleats_integers_free(ctx, c.num, 6);
        mpz_clear(c.den);
        pleats_net_clear(ctx, net);
    }
}

/* Layers of ReLUs whose rows of n weights have variance 2 / n, on a square. */
static pleats_net *layers(pleats_ctx *ctx, pleats_idx width, pleats_idx depth)
{
    static double at[] = {0}, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, at, slope, intercept};
    pleats_idx *in = need_memory((size_t)width, sizeof *in), n = 2, out = 0;
    double *weight = need_memory((size_t)(width * width), sizeof *weight);
    rng r = {6};
    pleats_net *net;
    need_ok(ctx, pleats_net_new(ctx, n, &net));
    for (pleats_idx l = 0; l < depth; l++) {
        for (pleats_idx j = 0; j < n; j++)
            in[j] = out + j;
        for (pleats_idx j = 0; j < width * n; j++)
            weight[j] = rng_real(&r, 24) * sqrt(6.0 / n);
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, width, n, in, weight,
                                          NULL, &out));
        n = width;
        for (pleats_idx j = 0; j < n; j++)
            in[j] = out + j;
        need_ok(ctx,
                pleats_net_add_pl(ctx, net, NULL, n, in, 1, &relu, NULL, &out));
    }
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    free(in);
    free(weight);
    return net;
}

static pleats_idx plan(pleats_ctx *ctx, pleats_idx width, pleats_idx depth)
{
    pleats_net *net = layers(ctx, width, depth);
    pleats_coordinates c = {.n_inputs = 2, .k = 2};
    pleats_idx n_steps = 0;
    need_ok(ctx, pleats_integers_new(ctx, 6, &c.num));
    mpz_init_set_ui(c.den, 1);
    mpz_set_ui(c.num[0], 1);
    mpz_set_ui(c.num[4], 1);
    need_ok(ctx, pleats_fine_plan(ctx, net, &c, &n_steps));
    pleats_integers_free(ctx, c.num, 6);
    mpz_clear(c.den);
    pleats_net_clear(ctx, net);
    return n_steps;
}

/* Errors grow 2.3 times a layer of 16 units and 4.5 times one of 64: what a
 * dozen or half a dozen layers do to them is no matter. */
static void steps_of_deep_networks_are_fine(void **state)
{
    if (PLEATS_PERTURB || !pleats_fine_is_fast())
        skip();
    assert_int_equal(plan(*state, 64, 3), 0);
    assert_int_equal(plan(*state, 16, 10), 0);
    for (pleats_idx depth = 30; depth <= 60; depth += 10) {
        pleats_idx n = plan(*state, 16, depth);
        assert_in_range(n, 2 * (depth - 25), 2 * (depth - 10));
        assert_int_equal(n % 2, 1);
    }
    assert_in_range(plan(*state, 64, 20), 2 * 5, 2 * 14);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(sums_are_near, ctx),
        cmocka_unit_test_prestate(small_weights, ctx),
        cmocka_unit_test_prestate(rows_without_terms_are_exact, ctx),
        cmocka_unit_test_prestate(low_parts_are_rounded_the_same_way, ctx),
        cmocka_unit_test_prestate(lost_parts_add_up, ctx),
        cmocka_unit_test_prestate(what_overflows_is_not_known, ctx),
        cmocka_unit_test_prestate(what_a_division_leaves_underflows, ctx),
        cmocka_unit_test_prestate(rows_of_tiny_weights, ctx),
        cmocka_unit_test_prestate(rows_that_are_taken_at_once, ctx),
        cmocka_unit_test_prestate(steps_of_deep_networks_are_fine, ctx),
    };
    return RUN(tests, ctx);
}
