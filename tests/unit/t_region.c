/* Half-spaces about a point in doubles, and distances: as near to the true ones
 * as they say. */
#include "local/metric.h"
#include "local/point.h"

#include "activations.h"
#include "domains.h"
#include "exact/integers.h"
#include "rng.h"
#include "unit.h"

#include "form_check.h"

#include <math.h>

enum { INPUTS = 3, ROWS = 6, TERMS = 5, CASES = 400 };

typedef struct {
    pleats_net *net;
    pleats_domain *domain;
    pleats_frame frame;
    pleats_region region;
    pleats_idx piece[ROWS];
    mpz_t *point;
} stage;

/* Rows that read some inputs twice, some of them divided; ReLUs behind them. */
static pleats_net *make_net(pleats_ctx *ctx, rng *r)
{
    static double at[] = {0}, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, at, slope, intercept};
    pleats_net *net = NULL;
    pleats_idx start[ROWS + 1], in[ROWS * TERMS], all[ROWS], out = 0;
    pleats_idx which[ROWS] = {0};
    double weight[ROWS * TERMS], bias[ROWS], divisor[ROWS];
    need_ok(ctx, pleats_net_new(ctx, INPUTS, &net));
    for (pleats_idx i = 0; i <= ROWS; i++)
        start[i] = i * TERMS;
    for (pleats_idx i = 0; i < ROWS * TERMS; i++) {
        in[i] = i / TERMS < ROWS / 2 ? i % TERMS % INPUTS : rng_int(r, 0, 2);
        weight[i] = rng_real(r, 53);
        if (i / TERMS < ROWS / 2 && i / TERMS > 0 && i % TERMS >= INPUTS)
            weight[i] = 0;
    }
    for (pleats_idx i = 0; i < ROWS; i++) {
        bias[i] = rng_one_in(r, 3) ? 0 : rng_real(r, 53);
        divisor[i] = i % 3 == 2 ? 3 : 1;
        if (i == 2)
            bias[i] = 0;
    }
    need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, ROWS, start, in, weight,
                                       bias, divisor, &out));
    for (pleats_idx i = 0; i < ROWS; i++)
        all[i] = out + i;
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, ROWS, all, 1, &relu, which,
                                   &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    return net;
}

static void stage_init(pleats_ctx *ctx, rng *r, stage *s, const char *domain,
                       const double *t)
{
    pleats_coordinates about = {0};
    pleats_pattern_facts facts = {0};
    *s = (stage){.net = make_net(ctx, r)};
    s->domain =
        domain ? domain_polytope(ctx, INPUTS, domain) : domain_all(ctx, INPUTS);
    need_ok(ctx,
            pleats_frame_init(ctx, &s->frame, s->domain, &s->domain->part[0]));
    need_ok(ctx, pleats_integers_new(ctx, INPUTS + 1, &s->point));
    need_ok(ctx, pleats_point_set(ctx, INPUTS, t, s->point));
    if (rng_one_in(r, 2)) /* thirds: no doubles */
        mpz_mul_ui(s->point[INPUTS], s->point[INPUTS], 3);
    need_ok(ctx, pleats_pattern_at(ctx, s->net, &s->frame.coordinates, s->point,
                                   s->piece, &facts));
    pleats_pattern_facts_clear(ctx, &facts);
    need_ok(ctx, pleats_coordinates_about(ctx, &s->frame.coordinates, s->point,
                                          false, &about));
    need_ok(ctx, pleats_region_init(ctx, &s->region, s->net, s->piece, &about,
                                    domain ? &s->frame : NULL, s->point));
    pleats_coordinates_clear(ctx, &about);
}

static void stage_clear(pleats_ctx *ctx, stage *s)
{
    pleats_region_clear(&s->region);
    pleats_integers_free(ctx, s->point, INPUTS + 1);
    pleats_frame_clear(ctx, &s->frame);
    pleats_domain_clear(ctx, s->domain);
    pleats_net_clear(ctx, s->net);
}

static void rows_of_inputs(void **state)
{
    rng r = {1};
    for (int again = 0; again < CASES; again++) {
        stage s;
        double t[INPUTS];
        for (size_t j = 0; j < INPUTS; j++)
            t[j] = ldexp(rng_real(&r, 53), again % 2 ? 10 : -10);
        stage_init(*state, &r, &s, NULL, t);
        const pleats_step *rows = &s.net->step[0];
        for (pleats_idx i = 0; i < rows->n_out; i++)
            assert_true(form_holds(*state, &s.region.forms, &s.region.exact,
                                   rows->out + i));
        stage_clear(*state, &s);
    }
}

/* The sign of w . t + bias. */
static int exact_sign(const double *w, const double *t, double bias)
{
    mpq_t sum, a, b;
    mpq_inits(sum, a, b, NULL);
    mpq_set_d(sum, bias);
    for (size_t j = 0; j < INPUTS; j++) {
        mpq_set_d(a, w[j]);
        mpq_set_d(b, t[j]);
        mpq_mul(a, a, b);
        mpq_add(sum, sum, a);
    }
    int sign = mpq_sgn(sum);
    mpq_clears(sum, a, b, NULL);
    return sign;
}

static void check_pattern(pleats_ctx *ctx, const double *w, const double *t,
                          double bias)
{
    static const pleats_idx start[] = {0, INPUTS}, in[] = {0, 1, 2};
    pleats_pattern_facts facts = {0};
    pleats_net *net = NULL;
    pleats_domain *all = domain_all(ctx, INPUTS);
    pleats_frame frame;
    pleats_idx out = 0, piece = -1;
    mpz_t *point = NULL;
    need_ok(ctx, pleats_net_new(ctx, INPUTS, &net));
    need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 1, start, in, w, &bias,
                                       NULL, &out));
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &out, 1,
                                   activation_function(ACT_RELU), NULL, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    need_ok(ctx, pleats_frame_init(ctx, &frame, all, &all->part[0]));
    need_ok(ctx, pleats_integers_new(ctx, INPUTS + 1, &point));
    need_ok(ctx, pleats_point_set(ctx, INPUTS, t, point));
    need_ok(ctx, pleats_pattern_at(ctx, net, &frame.coordinates, point, &piece,
                                   &facts));
    int sign = exact_sign(w, t, bias);
    assert_int_equal(piece, sign > 0);
    assert_int_equal(facts.n_ties, sign == 0);
    pleats_pattern_facts_clear(ctx, &facts);
    pleats_integers_free(ctx, point, INPUTS + 1);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
}

/* Planes that pass a point within the rounding of their values there. */
static void patterns_next_to_a_plane(void **state)
{
    rng r = {3};
    for (int again = 0; again < CASES; again++) {
        double w[INPUTS], t[INPUTS], sum = 0;
        for (size_t j = 0; j < INPUTS; j++) {
            w[j] = rng_real(&r, 53);
            t[j] = rng_real(&r, 53);
            sum += w[j] * t[j];
        }
        for (int off = -2; off <= 2; off++)
            check_pattern(*state, w, t, -sum * (1 + off * 0x1p-53));
    }
}

/* Some multiple of the exact row is as near to the doubles as their error. */
static void check_side(pleats_ctx *ctx, stage *s, pleats_idx i)
{
    const double *entry = pleats_region_entry(&s->region, i);
    const pleats_bounds b = s->region.bounds[i];
    mpz_t *row = NULL;
    mpq_t lo, hi, least, most, number;
    bool any = false;
    need_ok(ctx, pleats_region_row(&s->region, i, &row));
    mpq_inits(lo, hi, least, most, number, NULL);
    for (size_t c = 0; c <= INPUTS; c++) {
        if (mpz_sgn(row[c]) == 0) {
            assert_true(fabs(entry[c]) <= b.error);
            continue;
        }
        mpq_set_d(lo, entry[c]);
        mpq_set(hi, lo);
        mpq_set_d(number, b.error);
        mpq_sub(lo, lo, number);
        mpq_add(hi, hi, number);
        mpq_set_z(number, row[c]);
        mpq_div(lo, lo, number);
        mpq_div(hi, hi, number);
        if (mpz_sgn(row[c]) < 0)
            mpq_swap(lo, hi);
        if (!any || mpq_cmp(lo, least) > 0)
            mpq_set(least, lo);
        if (!any || mpq_cmp(hi, most) < 0)
            mpq_set(most, hi);
        any = true;
    }
    assert_true(any && mpq_cmp(least, most) <= 0 && mpq_sgn(most) > 0);
    assert_true(b.tolerance >= b.error + 3 * 0x1p-53 * b.magnitude);
    mpq_clears(lo, hi, least, most, number, NULL);
}

static void sides_of_the_domain(void **state)
{
    rng r = {2};
    for (int again = 0; again < CASES / 4; again++) {
        stage s;
        double t[INPUTS];
        for (size_t j = 0; j < INPUTS; j++)
            t[j] = 0.1 * rng_real(&r, 53);
        stage_init(*state, &r, &s,
                   "1/3 1/7 1 9; -1 1/3 1/11 7; 1/3 -1 -1/3 5; 0 -1/7 1/9 8;"
                   "-1/13 0 -1/3 4",
                   t);
        assert_true(s.region.n >= s.region.n_units + 5);
        for (pleats_idx i = s.region.n_units; i < s.region.n; i++)
            check_side(*state, &s, i);
        stage_clear(*state, &s);
    }
}

/* In the square [-1, 1]^2 with x + y <= 1: inside, on a side, outside. */
static void sides_of_a_frame(void **state)
{
    static const struct {
        double x, y;
        int side;
    } at[] = {{0, 0, 1},      {1, -0.5, 0}, {-1, -1, 0},   {0.5, 0.5, 0},
              {1, 0.5, -1},   {2, -2, -1},  {-1.5, 0, -1}, {0.75, 0.5, -1},
              {-0.5, 0.5, 1}, {0, 1, 0}};
    pleats_ctx *ctx = *state;
    pleats_domain *domain = domain_boxes(ctx, 2, "-1 1 -1 1");
    pleats_frame frame;
    mpz_t row[3], *point = NULL;
    need_ok(ctx, pleats_frame_init(ctx, &frame, domain, &domain->part[0]));
    need_ok(ctx, pleats_integers_new(ctx, 3, &point));
    mpz_init_set_si(row[0], -1);
    mpz_init_set_si(row[1], -1);
    mpz_init_set_si(row[2], 1);
    pleats_frame cut = frame;
    cut.m = 1;
    cut.row = row;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        need_ok(ctx,
                pleats_point_set(ctx, 2, (double[]){at[i].x, at[i].y}, point));
        assert_int_equal(pleats_frame_side(&cut, point), at[i].side);
    }
    for (int j = 0; j < 3; j++)
        mpz_clear(row[j]);
    pleats_integers_free(ctx, point, 3);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, domain);
}

/* Points of a box of which one input is fixed: t_0, t_2 = the middles' and the
 * sides' places, exactly, also for inputs of very different sizes. */
static void points_of_a_box(void **state)
{
    static const struct {
        double x[3];
        bool found, on_side;
        double t[2]; /* [-1, 1] each, where there is a point */
    } at[] = {{{2, 0.375, 0}, true, false, {0, 0}},
              {{3, 0.375, -0x1p-40}, true, false, {0.5, -0.5}},
              {{1.5, 0.375, 0x1p-39}, true, true, {-0.25, 1}},
              {{4, 0.375, 0x1p-100}, true, true, {1, 0x1p-61}},
              {{2, 0x1.8000000000001p-2, 0}, false, false, {0}},
              {{2, 0, 0}, false, false, {0}},
              {{4.5, 0.375, 0}, false, false, {0}},
              {{2, 0.375, -0x1.8p-39}, false, false, {0}}};
    pleats_ctx *ctx = *state;
    pleats_domain *domain =
        domain_boxes(ctx, 3, "0 4 3/8 3/8 -1/549755813888 1/549755813888");
    pleats_frame frame;
    mpz_t *point = NULL;
    mpq_t t, want;
    mpq_inits(t, want, NULL);
    need_ok(ctx, pleats_frame_init(ctx, &frame, domain, &domain->part[0]));
    assert_int_equal(frame.k, 2);
    need_ok(ctx, pleats_integers_new(ctx, 3, &point));
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        bool found, on_side;
        need_ok(ctx,
                pleats_point_of(ctx, &frame, at[i].x, point, &found, &on_side));
        assert_int_equal(found, at[i].found);
        assert_int_equal(on_side, at[i].on_side);
        for (int j = 0; found && j < 2; j++) {
            mpq_set_num(t, point[j]);
            mpq_set_den(t, point[2]);
            mpq_canonicalize(t);
            mpq_set_d(want, at[i].t[j]);
            assert_true(mpq_equal(t, want));
        }
    }
    mpq_clears(t, want, NULL);
    pleats_integers_free(ctx, point, 3);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, domain);
}

static void rationals_from_below(void **state)
{
    rng r = {3};
    mpq_t q, back;
    (void)state;
    mpq_inits(q, back, NULL);
    for (int again = 0; again < 5000; again++) {
        mpq_set_si(q, rng_int(&r, 0, 1000000),
                   (unsigned long)rng_int(&r, 1, 1000000));
        mpq_canonicalize(q);
        double x = pleats_rational_below(q);
        mpq_set_d(back, x);
        assert_true(mpq_cmp(back, q) <= 0);
        mpq_set_d(back, nextafter(nextafter(x, INFINITY), INFINITY));
        assert_true(mpq_cmp(back, q) > 0);
    }
    mpq_clears(q, back, NULL);
}

/* x = 2 s, y = 3 s, z = 5 t / 4: a step of s moves x and y, the larger counts;
 * and no ball is known where an input depends on two coordinates. */
static void metrics(void **state)
{
    pleats_ctx *ctx = *state;
    const long num[2][9] = {{8, 0, 1, 12, 0, 1, 0, 5, 1},
                            {12, 0, 1, 8, 0, 1, 0, 5, 1}};
    pleats_coordinates c = {.n_inputs = 3, .k = 2};
    pleats_metric m;
    need_ok(ctx, pleats_integers_new(ctx, 9, &c.num));
    mpz_init_set_ui(c.den, 4);
    for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < 9; i++)
            mpz_set_si(c.num[i], num[turn][i]);
        need_ok(ctx, pleats_metric_init(ctx, &m, &c));
        assert_true(m.is_known);
        assert_int_equal(mpq_cmp_ui(m.least[0], 1, 3), 0);
        assert_int_equal(mpq_cmp_ui(m.least[1], 4, 5), 0);
        assert_true(fabsl(m.by_long[0] - 1 / sqrtl(13)) < 1e-15);
        pleats_metric_clear(ctx, &m);
    }
    mpz_set_si(c.num[7], 1);
    mpz_set_si(c.num[6], 1);
    need_ok(ctx, pleats_metric_init(ctx, &m, &c));
    assert_false(m.is_known);
    pleats_metric_clear(ctx, &m);
    pleats_integers_free(ctx, c.num, 9);
    mpz_clear(c.den);
}

/* h = ReLU(w x), then ReLU(h / 3 + h / 3 + h / 3 - h): 0 near the point
 * whatever doubles say, on its own wall, which is no half-space. */
static void a_unit_that_is_0(void **state)
{
    static double at[] = {0}, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, at, slope, intercept};
    pleats_ctx *ctx = *state;
    rng r = {4};
    for (int again = 0; again < 50; again++) {
        const double w = 1 + fabs(rng_real(&r, 53)), three = 3, t = 0.5;
        const double one = 1, ones[] = {1, 1, 1, -1};
        const pleats_idx start[] = {0, 1}, wide[] = {0, 4}, which = 0;
        pleats_idx in = 0, h = 0, part = 0, out = 0, piece[2];
        pleats_net *net = NULL;
        pleats_domain *domain = domain_all(ctx, 1);
        pleats_frame frame;
        pleats_region region;
        pleats_coordinates about = {0};
        pleats_pattern_facts facts = {0};
        mpz_t *point = NULL;
        need_ok(ctx, pleats_net_new(ctx, 1, &net));
        need_ok(ctx,
                pleats_net_add_dense(ctx, net, NULL, 1, 1, &in, &w, NULL, &h));
        need_ok(ctx,
                pleats_net_add_pl(ctx, net, NULL, 1, &h, 1, &relu, &which, &h));
        need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 1, start, &h, &one,
                                           NULL, &three, &part));
        need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 1, wide,
                                           (pleats_idx[]){part, part, part, h},
                                           ones, NULL, NULL, &out));
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &out, 1, &relu,
                                       &which, &out));
        need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
        need_ok(ctx, pleats_frame_init(ctx, &frame, domain, &domain->part[0]));
        need_ok(ctx, pleats_integers_new(ctx, 2, &point));
        need_ok(ctx, pleats_point_set(ctx, 1, &t, point));
        need_ok(ctx, pleats_pattern_at(ctx, net, &frame.coordinates, point,
                                       piece, &facts));
        pleats_pattern_facts_clear(ctx, &facts);
        need_ok(ctx, pleats_coordinates_about(ctx, &frame.coordinates, point,
                                              false, &about));
        need_ok(ctx, pleats_region_init(ctx, &region, net, piece, &about, NULL,
                                        point));
        assert_int_equal(region.n, 1);
        assert_int_equal(region.n_flat, 1);
        pleats_region_clear(&region);
        pleats_integers_free(ctx, point, 2);
        pleats_frame_clear(ctx, &frame);
        pleats_domain_clear(ctx, domain);
        pleats_net_clear(ctx, net);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(rows_of_inputs, ctx),
        cmocka_unit_test_prestate(patterns_next_to_a_plane, ctx),
        cmocka_unit_test_prestate(sides_of_the_domain, ctx),
        cmocka_unit_test_prestate(rationals_from_below, ctx),
        cmocka_unit_test_prestate(metrics, ctx),
        cmocka_unit_test_prestate(sides_of_a_frame, ctx),
        cmocka_unit_test_prestate(points_of_a_box, ctx),
        cmocka_unit_test_prestate(a_unit_that_is_0, ctx),
    };
    return RUN(tests, ctx);
}
