/* Errors of forms where one part of them is nearly all: the rounding of a bias
 * beside terms that are tiny, of terms beside no bias, of what underflows. */
#include "base/perturb.h"
#include "unit.h"

#include "cells/ahead.h"
#include "form_check.h"
#include "rng.h"

#include <float.h>
#include <math.h>

enum { CASES = 3000, WIDTH = 2, INPUTS = 5 };

/* gamma(n) is at least n u / (1 - n u), u being half of the last bit of 1. */
static void rounding_factors(void **state)
{
    mpq_t want, got, one;
    (void)state;
    mpq_inits(want, got, one, NULL);
    mpq_set_ui(one, 1, 1);
    for (pleats_idx n = 1; n < 1 << 24; n += n / 3 + 1) {
        mpq_set_d(want, DBL_EPSILON / 2);
        mpq_set_si(got, n, 1);
        mpq_mul(want, want, got);
        mpq_sub(got, one, want);
        mpq_div(want, want, got);
        mpq_set_d(got, pleats_gamma(n));
        assert_true(mpq_cmp(got, want) >= 0);
        mpq_set_d(want, (n + 8) * DBL_EPSILON);
        assert_true(mpq_cmp(got, want) <= 0);
    }
    mpq_clears(want, got, one, NULL);
}

static void sums_of_nothing(void **state)
{
    (void)state;
    assert_true(pleats_round_up(0) > 0);
    assert_true(pleats_round_up(0x1p-1070) > 0x1p-970);
    assert_true(pleats_round_up(1) > 1 + 0x1p-24);
}

typedef struct {
    pleats_net *net;
    pleats_coordinates coordinates;
    pleats_forms plain, summed;
    pleats_exact_forms exact;
    pleats_idx piece[2 * INPUTS];
    pleats_ahead ahead;
    pleats_sums sums;
    pleats_noted noted;
} stage;

/* Inputs (a_i t + b_i) / 3, ReLUs, one row of them and its ReLU. */
static void stage_init(pleats_ctx *ctx, rng *r, stage *s, const double *weight,
                       double bias)
{
    static double at[] = {0}, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, at, slope, intercept};
    pleats_idx in[INPUTS], which[INPUTS] = {0}, out = 0;
    *s = (stage){0};
    need_ok(ctx, pleats_net_new(ctx, INPUTS, &s->net));
    for (pleats_idx i = 0; i < INPUTS; i++)
        in[i] = i;
    need_ok(ctx, pleats_net_add_pl(ctx, s->net, NULL, INPUTS, in, 1, &relu,
                                   which, &out));
    for (pleats_idx i = 0; i < INPUTS; i++)
        in[i] = out + i;
    need_ok(ctx, pleats_net_add_dense(ctx, s->net, NULL, 1, INPUTS, in, weight,
                                      &bias, &out));
    need_ok(ctx, pleats_net_add_pl(ctx, s->net, NULL, 1, &out, 1, &relu, which,
                                   &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, s->net, 1, &out));
    s->coordinates = (pleats_coordinates){.n_inputs = INPUTS, .k = 1};
    need_ok(ctx, pleats_integers_new(ctx, INPUTS * WIDTH, &s->coordinates.num));
    mpz_init_set_ui(s->coordinates.den, 3);
    for (size_t i = 0; i < INPUTS * WIDTH; i++)
        mpz_set_si(s->coordinates.num[i], rng_int(r, -1000000, 1000000));
    for (size_t i = 0; i < INPUTS; i++)
        s->piece[i] = 1;
    need_ok(ctx, pleats_forms_init(ctx, &s->plain, s->net, &s->coordinates));
    need_ok(ctx, pleats_forms_init(ctx, &s->summed, s->net, &s->coordinates));
    need_ok(ctx, pleats_exact_forms_init(ctx, &s->exact, s->net,
                                         &s->coordinates, s->piece));
    need_ok(ctx, pleats_ahead_init(ctx, &s->ahead, s->net, NULL, false));
    need_ok(ctx, pleats_noted_init(ctx, &s->noted, s->net));
}

static void stage_clear(pleats_ctx *ctx, stage *s)
{
    pleats_sums_clear(ctx, &s->sums);
    pleats_noted_clear(ctx, &s->noted);
    pleats_ahead_clear(ctx, &s->ahead);
    pleats_exact_forms_clear(ctx, &s->exact);
    pleats_forms_clear(ctx, &s->plain);
    pleats_forms_clear(ctx, &s->summed);
    pleats_integers_free(ctx, s->coordinates.num, INPUTS * WIDTH);
    mpz_clear(s->coordinates.den);
    pleats_net_clear(ctx, s->net);
}

/* The row's form by terms and by columns. */
static void check_row(pleats_ctx *ctx, rng *r, const double *weight,
                      double bias)
{
    stage s;
    stage_init(ctx, r, &s, weight, bias);
    const pleats_step *row = &s.net->step[1];
    for (pleats_idx i = 0; i < 2; i++)
        need_ok(ctx, pleats_forms_run(ctx, &s.plain, &s.net->step[i], s.piece));
    assert_true(form_holds(ctx, &s.plain, &s.exact, row->out));
    need_ok(ctx, pleats_sums_start(ctx, &s.ahead, &s.sums, &s.summed, 0));
    assert_non_null(s.sums.columns);
    for (pleats_idx i = 0; i < INPUTS; i++)
        (void)pleats_sums_note(&s.sums, &s.noted, &s.summed, i, 1);
    pleats_sums_add(&s.sums, &s.noted, &s.summed, s.piece);
    pleats_columns_finish(s.sums.columns, &s.summed, s.sums.sum, 0, NULL);
    assert_true(form_holds(ctx, &s.summed, &s.exact, row->out));
    stage_clear(ctx, &s);
}

/* Terms of all sizes, from as large as the bias to nothing beside it. */
static void rows_of_all_sizes(void **state)
{
    rng r = {9};
    for (int again = 0; again < CASES; again++) {
        double weight[INPUTS], bias = ldexp(rng_real(&r, 53), 20);
        int size = rng_int(&r, -50, 0);
        for (size_t i = 0; i < INPUTS; i++)
            weight[i] = rng_one_in(&r, 3) ? 0 : ldexp(rng_real(&r, 53), size);
        check_row(*state, &r, weight, rng_one_in(&r, 4) ? 0 : bias);
    }
}

/* Products that underflow are not lost. */
static void rows_that_underflow(void **state)
{
    rng r = {10};
    for (int again = 0; again < CASES / 10; again++) {
        double weight[INPUTS];
        for (size_t i = 0; i < INPUTS; i++)
            weight[i] = ldexp(rng_real(&r, 53), -rng_int(&r, 1000, 1090));
        double bias = rng_one_in(&r, 2) ? 0 : ldexp(rng_real(&r, 53), -1060);
        check_row(*state, &r, weight, bias);
    }
}

/* A bias of which nothing is left in the bound is no form of zeros. */
static void tiny_biases(void **state)
{
    rng r = {11};
    const double weight[INPUTS] = {0};
    for (int exponent = -1074; exponent < -900; exponent++)
        check_row(*state, &r, weight, ldexp(1, exponent));
}

/* A ReLU that is off, times 1, and to that a tiny multiple of the input is
 * added: the sum is not 0, although nothing is left in its bound. */
static void tiny_multiples_of_what_is_known(void **state)
{
    static double at[] = {0}, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, at, slope, intercept};
    const pleats_idx which = 0, start[] = {0, 2}, off[] = {0, 0};
    pleats_ctx *ctx = *state;
    for (int exponent = -1074; exponent < -900; exponent++) {
        const double one = 1, weight[] = {1, ldexp(1, exponent)};
        pleats_net *net = NULL;
        pleats_coordinates c = {.n_inputs = 1, .k = 1};
        pleats_forms f;
        pleats_ahead ahead;
        pleats_sums sums = {0};
        pleats_noted noted;
        pleats_idx in[] = {0, 0}, out = 0;
        need_ok(ctx, pleats_net_new(ctx, 1, &net));
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, in, 1, &relu, &which,
                                       &out));
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 1, 1, &out, &one,
                                          NULL, &in[0]));
        need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 1, start, in, weight,
                                           NULL, NULL, &in[1]));
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &in[1], 1, &relu,
                                       &which, &out));
        need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
        need_ok(ctx, pleats_integers_new(ctx, 2, &c.num));
        mpz_set_ui(c.num[0], 1);
        mpz_init_set_ui(c.den, 1);
        need_ok(ctx, pleats_forms_init(ctx, &f, net, &c));
        need_ok(ctx, pleats_ahead_init(ctx, &ahead, net, NULL, false));
        need_ok(ctx, pleats_noted_init(ctx, &noted, net));
        need_ok(ctx, pleats_sums_start(ctx, &ahead, &sums, &f, 0));
        assert_true(sums.columns && sums.columns->target == &net->step[2]);
        (void)pleats_sums_note(&sums, &noted, &f, 0, 0);
        pleats_sums_add(&sums, &noted, &f, off);
        pleats_columns_finish(sums.columns, &f, sums.sum, 0, NULL);
        assert_true(PLEATS_PERTURB ||
                    pleats_forms_entry(&f, in[1])[0] == weight[1]);
        assert_true(f.magnitude[in[1]] >= weight[1]);
        pleats_sums_clear(ctx, &sums);
        pleats_noted_clear(ctx, &noted);
        pleats_ahead_clear(ctx, &ahead);
        pleats_forms_clear(ctx, &f);
        pleats_integers_free(ctx, c.num, 2);
        mpz_clear(c.den);
        pleats_net_clear(ctx, net);
    }
}

/* ReLUs, a row of them, a ReLU, and a row that reads this, and the first row or
 * ReLUs, too: who reads what decides what may be left out. */
static void who_reads_the_sums(void **state)
{
    static double at[] = {0}, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, at, slope, intercept};
    const double weight[] = {1, 2};
    const pleats_idx which = 0;
    pleats_ctx *ctx = *state;
    for (int reads = 0; reads < 3; reads++) {
        pleats_net *net = NULL;
        pleats_columns c;
        pleats_idx in = 0, units = 0, row = 0, last = 0, out = 0;
        need_ok(ctx, pleats_net_new(ctx, 1, &net));
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &in, 1, &relu, &which,
                                       &units));
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 1, 1, &units, weight,
                                          NULL, &row));
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &row, 1, &relu,
                                       &which, &last));
        const pleats_idx both[] = {last, reads == 1 ? row : units};
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 1, reads ? 2 : 1,
                                          both, weight, NULL, &out));
        need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
        pleats_idx readers[4];
        need_ok(ctx, pleats_find_readers(ctx, net, false, readers));
        need_ok(ctx, pleats_columns_init(ctx, &c, net, readers, 0, false));
        assert_true(c.affine == &net->step[1]);
        assert_int_equal(c.is_private, reads != 1);
        assert_int_equal(c.hides_units, reads != 2);
        pleats_columns_clear(ctx, &c);
        pleats_net_clear(ctx, net);
    }
}

/* Sums that are made of those before at once: when nothing but that needs the
 * forms of the first sums, and of the units behind them. */
static void who_follows_the_sums(void **state)
{
    static double at[] = {0}, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, at, slope, intercept};
    const double weight[] = {1, 2};
    pleats_ctx *ctx = *state;
    for (int reads = 0; reads < 3; reads++) {
        pleats_net *net = NULL;
        pleats_ahead ahead;
        pleats_idx row[3] = {0}, units[3] = {0}, in = 0, out;
        need_ok(ctx, pleats_net_new(ctx, 1, &net));
        for (int i = 0; i < 3; i++) {
            need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &in, 1, &relu,
                                           NULL, &units[i]));
            const pleats_idx read[] = {units[i],
                                       reads == 1 ? row[0] : units[1]};
            const bool is_last = i == 2;
            need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 1,
                                              is_last && reads ? 2 : 1, read,
                                              weight, NULL, &row[i]));
            in = row[i];
        }
        out = row[2];
        need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
        need_ok(ctx, pleats_ahead_init(ctx, &ahead, net, NULL, true));
        assert_ptr_equal(ahead.columns[0].behind,
                         reads ? NULL : &ahead.columns[2]);
        pleats_ahead_clear(ctx, &ahead);
        pleats_net_clear(ctx, net);
    }
}

/* Sums that a box is put to where they lie: those of units that bend at 0 and
 * read all of them, in their order. */
static void sums_in_their_order(void **state)
{
    static double at[2][1] = {{0}, {1}}, slope[] = {0, 1}, intercept[2] = {0};
    static const struct {
        pleats_idx n, order[3], bend;
        bool fits;
    } cases[] = {{3, {0, 1, 2}, 0, true},
                 {3, {0, 1, 2}, 1, false},
                 {3, {0, 2, 1}, 0, false},
                 {2, {0, 1}, 0, false}};
    const double weight[] = {1, 2, 3};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const pleats_pl first = {1, at[0], slope, intercept};
        const pleats_pl second = {1, at[cases[i].bend], slope, intercept};
        const pleats_idx n = cases[i].n, in = 0;
        pleats_net *net = NULL;
        pleats_ahead ahead;
        pleats_idx units, row, out, read[3], last[3];
        need_ok(ctx, pleats_net_new(ctx, 1, &net));
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &in, 1, &first, NULL,
                                       &units));
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 3, 1, &units, weight,
                                          NULL, &row));
        for (pleats_idx j = 0; j < n; j++)
            read[j] = row + cases[i].order[j];
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, n, read, 1, &second,
                                       NULL, &units));
        for (pleats_idx j = 0; j < n; j++)
            last[j] = units + j;
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 1, n, last, weight,
                                          NULL, &out));
        need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
        need_ok(ctx, pleats_ahead_init(ctx, &ahead, net, NULL, true));
        assert_non_null(ahead.columns[0].behind);
        assert_int_equal(ahead.columns[0].is_in_order, cases[i].fits);
        pleats_ahead_clear(ctx, &ahead);
        pleats_net_clear(ctx, net);
    }
}

/* A number of a sum: most are ordinary, some 0, huge or no number. */
static double draw_number(rng *r)
{
    static const double rare[] = {0,         -0.0,     DBL_MAX, -DBL_MAX,
                                  0x1p-1070, INFINITY, NAN};
    return rng_one_in(r, 6) ? rare[rng_int(r, 0, 6)]
                            : ldexp(rng_real(r, 53), rng_int(r, -60, 60));
}

static void check_alike(const pleats_forms *a, const pleats_forms *b,
                        size_t scalar)
{
    const size_t at = scalar * a->stride;
    for (size_t c = 0; c < 4; c++)
        assert_true(a->entry[at + c] == b->entry[at + c] ||
                    (isnan(a->entry[at + c]) && isnan(b->entry[at + c])));
    assert_true(a->error[scalar] == b->error[scalar]);
    assert_true(a->magnitude[scalar] == b->magnitude[scalar]);
}

/* Forms in a plane that are set four at a time are those that are set one by
 * one; what is before and behind them stays. */
static void forms_in_a_plane(void **state)
{
    enum { MOST = 11, COLUMN = 16 };
    rng r = {1};
    (void)state;
    for (int i = 0; i < CASES && !PLEATS_PERTURB; i++) {
        const size_t n = (size_t)rng_int(&r, 0, MOST);
        double sum[4 * COLUMN], entry[2][4 * (MOST + 4)];
        double error[2][MOST + 4], magnitude[2][MOST + 4];
        pleats_idx scalar[MOST];
        pleats_form_sums sums = {2, sum, 1, COLUMN, rng_one_in(&r, 2)};
        for (size_t j = 0; j < 4 * COLUMN; j++)
            sum[j] = j < 3 * COLUMN ? draw_number(&r) : fabs(draw_number(&r));
        pleats_forms f[2];
        for (size_t j = 0; j < 2; j++) {
            f[j] = (pleats_forms){.k = 2,
                                  .stride = 4,
                                  .gamma = pleats_gamma(9),
                                  .entry = entry[j],
                                  .error = error[j],
                                  .magnitude = magnitude[j]};
            for (size_t c = 0; c < 4 * (MOST + 4); c++)
                entry[j][c] = error[j][c / 4] = magnitude[j][c / 4] = 7;
        }
        for (size_t j = 0; j < n; j++)
            scalar[j] = 2 + (pleats_idx)j;
        pleats_forms_set_some(&f[0], (pleats_idx)n, scalar, &sums);
        pleats_forms_set_plane(&f[1], (pleats_idx)n, &sums);
        for (size_t j = 0; j < MOST + 4; j++)
            check_alike(&f[0], &f[1], j);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(rounding_factors, ctx),
        cmocka_unit_test_prestate(sums_of_nothing, ctx),
        cmocka_unit_test_prestate(rows_of_all_sizes, ctx),
        cmocka_unit_test_prestate(rows_that_underflow, ctx),
        cmocka_unit_test_prestate(tiny_biases, ctx),
        cmocka_unit_test_prestate(tiny_multiples_of_what_is_known, ctx),
        cmocka_unit_test_prestate(who_reads_the_sums, ctx),
        cmocka_unit_test_prestate(who_follows_the_sums, ctx),
        cmocka_unit_test_prestate(sums_in_their_order, ctx),
        cmocka_unit_test_prestate(forms_in_a_plane, ctx),
    };
    return RUN(tests, ctx);
}
