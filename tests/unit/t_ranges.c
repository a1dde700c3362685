/* Ranges of units on boxes whose truth is plain to see: what each effort must
 * and must not find out. */
#include "activations.h"
#include "base/perturb.h"
#include "domains.h"
#include "meter.h"
#include "ranges/ranges.h"
#include "ranges/relaxation.h"
#include "rng.h"
#include "unit.h"

#include <math.h>

static const pleats_idx none = -1;

/* How much wider than the truth a bound may be: moved numbers make it twice as
 * wide where a radius is in the error. */
static const double SLACK = PLEATS_PERTURB ? 2 : 1e-9;

static pleats_net *net_of(pleats_ctx *ctx, pleats_idx n_inputs)
{
    pleats_net *net = NULL;
    need_ok(ctx, pleats_net_new(ctx, n_inputs, &net));
    return net;
}

/* The new scalar  a s + b t + bias;  t may be `none`. */
static pleats_idx add_sum(pleats_ctx *ctx, pleats_net *net, double a,
                          pleats_idx s, double b, pleats_idx t, double bias)
{
    const pleats_idx start[] = {0, t == none ? 1 : 2}, in[] = {s, t};
    const double weight[] = {a, b};
    pleats_idx out = 0;
    need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 1, start, in, weight,
                                       &bias, NULL, &out));
    return out;
}

static pleats_idx add_function(pleats_ctx *ctx, pleats_net *net,
                               const pleats_pl *f, pleats_idx in)
{
    pleats_idx out = 0;
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &in, 1, f, NULL, &out));
    return out;
}

static pleats_idx add_relu(pleats_ctx *ctx, pleats_net *net, pleats_idx in)
{
    return add_function(ctx, net, activation_function(ACT_RELU), in);
}

static pleats_idx add_max(pleats_ctx *ctx, pleats_net *net, bool is_min,
                          pleats_idx a, pleats_idx b)
{
    const pleats_idx start[] = {0, 2}, in[] = {a, b};
    pleats_idx out = 0;
    need_ok(ctx,
            pleats_net_add_max(ctx, net, NULL, is_min, 1, start, in, &out));
    return out;
}

static pleats_ranges ranges_of(pleats_ctx *ctx, const pleats_net *net,
                               const char *box, pleats_ranges_effort effort)
{
    pleats_ranges ranges = {0};
    pleats_domain *domain = domain_boxes(ctx, net->n_inputs, box);
    need_ok(ctx, pleats_ranges_find(ctx, net, domain, effort, &ranges));
    pleats_domain_clear(ctx, domain);
    return ranges;
}

/* The last unit has two pieces for all that less than `effort` knows, and one,
 * `piece`, for `effort` and more.  Takes the network. */
static void expect_stable_from(pleats_ctx *ctx, pleats_net *net,
                               const char *box, pleats_ranges_effort effort,
                               pleats_idx piece)
{
    for (int e = 0; e <= PLEATS_RANGES_BY_PROGRAMMES; e++) {
        pleats_ranges r = ranges_of(ctx, net, box, (pleats_ranges_effort)e);
        const pleats_range *unit = &r.unit[net->n_units - 1];
        assert_int_equal(unit->n, e < (int)effort ? 2 : 1);
        if (unit->n == 1)
            assert_int_equal(unit->first, piece);
        pleats_ranges_clear(ctx, &r);
    }
    pleats_net_clear(ctx, net);
}

/* relu(x) + relu(-x) = |x| <= 1; intervals allow 2. */
static void units_cancel(void **state)
{
    pleats_net *net = net_of(*state, 1);
    pleats_idx minus = add_sum(*state, net, -1, 0, 0, none, 0);
    pleats_idx a = add_relu(*state, net, 0), b = add_relu(*state, net, minus);
    add_relu(*state, net, add_sum(*state, net, 1, a, 1, b, -1.25));
    expect_stable_from(*state, net, "-1 1", PLEATS_RANGES_BY_FORMS, 0);
}

/* (x + y) - (x - y) - 2 y = 0 */
static void affine_steps_cancel(void **state)
{
    pleats_net *net = net_of(*state, 2);
    pleats_idx a = add_sum(*state, net, 1, 0, 1, 1, 0);
    pleats_idx b = add_sum(*state, net, 1, 0, -1, 1, 0);
    pleats_idx c = add_sum(*state, net, 1, a, -1, b, 0.0625);
    add_relu(*state, net, add_sum(*state, net, 1, c, -2, 1, 0));
    expect_stable_from(*state, net, "-1 1 -3 5", PLEATS_RANGES_BY_FORMS, 1);
}

/* relu(x) - x/4 >= 0, for which relu(x) >= 0 and relu(x) >= x are needed; and
 * the same upside down. */
static void lower_lines(void **state)
{
    pleats_net *net = net_of(*state, 1);
    pleats_idx a = add_relu(*state, net, 0);
    add_relu(*state, net, add_sum(*state, net, 1, a, -0.25, 0, 0x1p-6));
    expect_stable_from(*state, net, "-1 1", PLEATS_RANGES_BY_PROGRAMMES, 1);
    net = net_of(*state, 1);
    a = add_relu(*state, net, 0);
    add_relu(*state, net, add_sum(*state, net, -1, a, 0.25, 0, -0x1p-6));
    expect_stable_from(*state, net, "-1 1", PLEATS_RANGES_BY_PROGRAMMES, 0);
}

/* min(x, 0) - x/4 <= 0, of a concave unit with two slopes. */
static void upper_lines(void **state)
{
    static double at[] = {0}, slope[] = {1, 0}, intercept[] = {0, 0};
    static const pleats_pl concave = {1, at, slope, intercept};
    pleats_net *net = net_of(*state, 1);
    pleats_idx a = add_function(*state, net, &concave, 0);
    add_relu(*state, net, add_sum(*state, net, 1, a, -0.25, 0, -0x1p-6));
    expect_stable_from(*state, net, "-1 1", PLEATS_RANGES_BY_PROGRAMMES, 0);
}

/* x always beats x - 1; relu(x) always beats x/4 - 1/64. */
static void maxima_decided(void **state)
{
    for (int is_min = 0; is_min < 2; is_min++) {
        pleats_net *net = net_of(*state, 1);
        pleats_idx less = add_sum(*state, net, 1, 0, 0, none, -1);
        add_max(*state, net, is_min, 0, less);
        expect_stable_from(*state, net, "0 2", PLEATS_RANGES_BY_FORMS, is_min);
        net = net_of(*state, 1);
        less = add_sum(*state, net, 0.25, 0, 0, none, -0x1p-6);
        add_max(*state, net, is_min, less, add_relu(*state, net, 0));
        expect_stable_from(*state, net, "-1 1", PLEATS_RANGES_BY_PROGRAMMES,
                           !is_min);
    }
}

/* max(x, y) >= (x + y) / 2 >= min(x, y): only both rows of a maximum say so. */
static void maxima_as_inputs(void **state)
{
    for (int is_min = 0; is_min < 2; is_min++) {
        pleats_net *net = net_of(*state, 2);
        pleats_idx m = add_max(*state, net, is_min, 0, 1);
        pleats_idx half = add_sum(*state, net, 0.5, 0, 0.5, 1, 0);
        double bias = is_min ? -0x1p-6 : 0x1p-6;
        add_relu(*state, net, add_sum(*state, net, 1, m, -1, half, bias));
        expect_stable_from(*state, net, "-1 1 -1 1",
                           PLEATS_RANGES_BY_PROGRAMMES, !is_min);
    }
}

/* Breakpoints at the very ends of a unit's interval are not crossed. */
static void breakpoints_at_ends(void **state)
{
    static const struct {
        activation function;
        const char *box;
        pleats_idx first, n;
        int64_t passing, constant;
    } unit[] = {
        {ACT_RELU, "0 1", 1, 1, 1, 0},      {ACT_RELU, "-1 0", 0, 1, 0, 1},
        {ACT_RELU, "0 0", 0, 1, 0, 1},      {ACT_RELU, "-1/3 1/3", 0, 2, 0, 0},
        {ACT_LEAKY, "-1 0", 0, 1, 1, 0},    {ACT_LEAKY, "1 1", 1, 1, 0, 1},
        {ACT_HARDTANH, "-1 1", 1, 1, 1, 0}, {ACT_HARDTANH, "1 2", 2, 1, 0, 1},
        {ACT_HARDTANH, "0 2", 1, 2, 0, 0},  {ACT_HARDTANH, "-2 2", 0, 3, 0, 0},
        {ACT_CLIP01, "-1 0", 0, 1, 0, 1},   {ACT_ABS, "0 1/3", 1, 1, 1, 0},
    };
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++)
        for (int e = 0; e <= PLEATS_RANGES_BY_PROGRAMMES; e++) {
            pleats_net *net = net_of(*state, 1);
            add_function(*state, net, activation_function(unit[i].function), 0);
            pleats_ranges r =
                ranges_of(*state, net, unit[i].box, (pleats_ranges_effort)e);
            pleats_range_counts counts = pleats_ranges_count(&r, net->step);
            assert_int_equal(r.unit[0].first, unit[i].first);
            assert_int_equal(r.unit[0].n, unit[i].n);
            assert_int_equal(counts.passing, unit[i].passing);
            assert_int_equal(counts.constant, unit[i].constant);
            assert_int_equal(counts.undecided, unit[i].n > 1);
            pleats_ranges_clear(*state, &r);
            pleats_net_clear(*state, net);
        }
}

/* relu(relu(x)): the second one never bends anything, though its input is its
 * breakpoint on half of the box. */
static void relu_of_relu(void **state)
{
    pleats_net *net = net_of(*state, 1);
    add_relu(*state, net, add_relu(*state, net, 0));
    expect_stable_from(*state, net, "-1 1", PLEATS_RANGES_BY_INTERVALS, 1);
}

static void dimension(void **state)
{
    static const struct {
        const char *box;
        pleats_idx dimension;
    } cases[] = {{"0 1 0 1", 2}, {"1/3 1/3 0 1/7", 1}, {"1/3 1/3 2 2", 0}};
    for (size_t i = 0; i < 3; i++) {
        pleats_net *net = net_of(*state, 2);
        add_relu(*state, net, add_sum(*state, net, 1, 0, 1, 1, 0.25));
        pleats_ranges r =
            ranges_of(*state, net, cases[i].box, PLEATS_RANGES_BY_PROGRAMMES);
        assert_int_equal(r.dimension, cases[i].dimension);
        assert_int_equal(r.unit[0].n, 1);
        assert_int_equal(r.unit[0].first, 1);
        pleats_ranges_clear(*state, &r);
        pleats_net_clear(*state, net);
    }
}

/* sign * (slope x + c - tilt x) <= sign * bound, exactly. */
static bool is_within(const pleats_pl *f, double x, double tilt, int sign,
                      double bound)
{
    mpq_t value, number;
    mpq_init(value);
    mpq_init(number);
    mpq_set_d(value, f->slope[0]);
    mpq_set_d(number, tilt);
    mpq_sub(value, value, number);
    mpq_set_d(number, x);
    mpq_mul(value, value, number);
    mpq_set_d(number, f->intercept[0]);
    mpq_add(value, value, number);
    mpq_set_d(number, bound);
    bool is_within = sign * mpq_cmp(value, number) <= 0;
    mpq_clear(value);
    mpq_clear(number);
    return is_within;
}

/* Lines of random doubles, some of which are short: the ends hold exactly, and
 * are off by a few roundings at most, unless numbers are moved. */
static void lines_round_outwards(void **state)
{
    rng r = {1};
    (void)state;
    for (int i = 0; i < 20000; i++) {
        int bits = rng_one_in(&r, 2) ? 53 : 20;
        double slope = 8 * rng_real(&r, bits);
        double c = rng_one_in(&r, 2) ? 0 : rng_real(&r, 53);
        double tilt = rng_one_in(&r, 2) ? 0 : rng_real(&r, bits);
        double a = rng_one_in(&r, 4) ? rng_int(&r, 0, 1) : rng_real(&r, bits);
        double b = rng_one_in(&r, 4) ? 0 : ldexp(rng_real(&r, bits), -30);
        pleats_interval x = {fmin(a, b), fmax(a, b)};
        const pleats_pl f = {0, NULL, &slope, &c};
        pleats_interval y = pleats_interval_of_piece(&f, 0, x, tilt);
        assert_true(is_within(&f, x.lo, tilt, 1, y.hi));
        assert_true(is_within(&f, x.hi, tilt, 1, y.hi));
        assert_true(is_within(&f, x.lo, tilt, -1, y.lo));
        assert_true(is_within(&f, x.hi, tilt, -1, y.lo));
        if (!PLEATS_PERTURB)
            assert_true(y.hi - y.lo <=
                        fabs(slope - tilt) * (x.hi - x.lo) + 1e-13);
    }
}

/* 0.1 x up to 3, then 0.3: in doubles the two differ at 3, and which of them
 * the unit has there is for the pieces' order to say. */
static void both_pieces_at_a_breakpoint(void **state)
{
    static double at[] = {3}, slope[] = {0.1, 0}, intercept[] = {0, 0.3};
    static const pleats_pl f = {1, at, slope, intercept};
    const pleats_range second = {1, 1, 3, 4};
    pleats_interval y =
        pleats_interval_of_pieces(&f, &second, (pleats_interval){3, 4}, 0);
    (void)state;
    assert_true(y.lo <= 0.3 && y.hi > 0.3);
}

/* Without room for a coordinate, what a unit adds is an error of its form:
 * relu(x) = x/2 + 1/4 +- 1/4 on [-1, 1]. */
static void no_room(void **state)
{
    static const pleats_interval box[] = {{-1, 1}};
    static const bool moving[] = {true};
    const pleats_range both = {0, 2, -1, 1};
    pleats_net *net = net_of(*state, 1);
    pleats_relaxation r = {0};
    pleats_idx out = add_relu(*state, net, 0);
    for (pleats_idx k = 1; k < 3; k++) {
        need_ok(*state,
                pleats_relaxation_init(*state, &r, net, box, moving, k, true));
        pleats_relaxation_add_pl(&r, net->step, 0, &both);
        need_ok(*state, pleats_relaxation_add_pl_rows(&r, net->step, 0, &both));
        pleats_interval x = pleats_relaxation_bounds(&r, out);
        assert_true(x.hi >= 1 && x.hi < 1 + SLACK);
        assert_true(x.lo <= -0.5 && x.lo > -0.5 - SLACK);
        assert_int_equal(r.coordinate[out], k == 1 ? -1 : 1);
        assert_int_equal(r.lp.m, k == 1 ? 0 : 2);
        pleats_relaxation_clear(&r);
    }
    pleats_net_clear(*state, net);
}

/* 3000 units of two layers: too many forms, so that intervals remain. */
static void beyond_limits(void **state)
{
    enum { N = 3000 };
    pleats_net *net = net_of(*state, N);
    pleats_domain *box = NULL;
    pleats_idx in[N], out = 0;
    double started = pleats_now();
    for (pleats_idx i = 0; i < N; i++)
        in[i] = i;
    for (int layer = 0; layer < 2; layer++) {
        need_ok(*state, pleats_net_add_pl(*state, net, NULL, N, in, 1,
                                          activation_function(ACT_HARDTANH),
                                          NULL, &out));
        for (pleats_idx i = 0; i < N; i++)
            in[i] = out + i;
    }
    pleats_part *part = NULL;
    pleats_ranges r = {0};
    mpq_t side;
    mpq_init(side);
    need_ok(*state, pleats_domain_new(*state, N, "a box", &box));
    need_ok(*state, pleats_domain_add_part(*state, box, N, 0, false, &part));
    for (pleats_idx j = 0; j < N; j++) {
        mpq_set_si(side, 0, 1);
        pleats_part_set_lo(part, j, side);
        mpq_set_si(side, 2, 1);
        pleats_part_set_hi(part, j, side);
    }
    mpq_clear(side);
    need_ok(*state, pleats_ranges_find(*state, net, box,
                                       PLEATS_RANGES_BY_PROGRAMMES, &r));
    for (pleats_idx u = 0; u < N; u++) {
        assert_int_equal(r.unit[u].n, 2);
        assert_int_equal(r.unit[N + u].first, 1);
    }
    assert_true(pleats_now() - started < 1);
    pleats_ranges_clear(*state, &r);
    pleats_domain_clear(*state, box);
    pleats_net_clear(*state, net);
}

static void refusals(void **state)
{
    pleats_net *net = net_of(*state, 1);
    pleats_domain *bad[] = {domain_all(*state, 1),
                            domain_boxes(*state, 1, "0 -"),
                            domain_boxes(*state, 1, "0 1; 2 3"),
                            domain_polytope(*state, 1, "1 1; -1 1")};
    pleats_ranges r;
    add_relu(*state, net, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(pleats_ranges_find(*state, net, bad[i],
                                            PLEATS_RANGES_BY_INTERVALS, &r),
                         PLEATS_INVALID);
        pleats_ranges_clear(*state, &r);
        pleats_domain_clear(*state, bad[i]);
    }
    pleats_net_clear(*state, net);
}

/* A two-layer network with everything in it, and allocation k failing; or the
 * time over. */
static pleats_status find_once(pleats_ctx *ctx, double seconds)
{
    pleats_watch watch = {0};
    pleats_ranges r = {0};
    pleats_net *net = NULL;
    pleats_domain *box = NULL;
    pleats_status status = PLEATS_OK;
    const pleats_idx in[] = {0, 1}, start[] = {0, 2};
    const double weight[] = {1, -1, 1, 1};
    pleats_part *part = NULL;
    pleats_idx out = 0, pair[2];
    mpq_t one;
    mpq_init(one);
    TRY(pleats_net_new(ctx, 2, &net));
    TRY(pleats_net_add_dense(ctx, net, NULL, 2, 2, in, weight, NULL, &out));
    pair[0] = out;
    pair[1] = out + 1;
    TRY(pleats_net_add_pl(ctx, net, NULL, 2, pair, 1,
                          activation_function(ACT_RELU), NULL, &out));
    pair[0] = out;
    pair[1] = out + 1;
    TRY(pleats_net_add_max(ctx, net, NULL, false, 1, start, pair, &out));
    pair[0] = out;
    TRY(pleats_net_add_dense(ctx, net, NULL, 2, 2, pair, weight, NULL, &out));
    TRY(pleats_net_add_pl(ctx, net, NULL, 1, &out, 1,
                          activation_function(ACT_RELU), NULL, &out));
    TRY(pleats_domain_new(ctx, 2, "a box", &box));
    TRY(pleats_domain_add_part(ctx, box, 2, 0, false, &part));
    for (pleats_idx j = 0; j < 2; j++) {
        mpq_set_si(one, -1, 1);
        pleats_part_set_lo(part, j, one);
        mpq_set_si(one, 1, 1);
        pleats_part_set_hi(part, j, one);
    }
    TRY(pleats_watch_begin(ctx, &(pleats_limits){.seconds = seconds}, &watch));
    TRY(pleats_ranges_find(ctx, net, box, PLEATS_RANGES_BY_PROGRAMMES, &r));
    assert_int_equal(r.unit[0].n, 2);
done:
    mpq_clear(one);
    pleats_watch_end(ctx, &watch);
    pleats_ranges_clear(ctx, &r);
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
    return status;
}

static void no_memory(void **state)
{
    pleats_status status = PLEATS_NOMEM;
    (void)state;
    for (size_t k = 2; status != PLEATS_OK; k++) {
        meter m = {.fail_at = k};
        pleats_allocator allocator = meter_allocator(&m);
        pleats_ctx *ctx = NULL;
        assert_int_equal(pleats_ctx_new(&allocator, &ctx), PLEATS_OK);
        status = find_once(ctx, 0);
        assert_true(status == PLEATS_OK || status == PLEATS_NOMEM);
        pleats_ctx_free(ctx);
        assert_int_equal(m.live, 0);
        assert_false(m.is_unsound);
    }
}

static void stops(void **state)
{
    assert_int_equal(find_once(*state, 1e-9), PLEATS_LIMIT);
    assert_int_equal(find_once(*state, 0), PLEATS_OK);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(units_cancel, ctx),
        cmocka_unit_test_prestate(affine_steps_cancel, ctx),
        cmocka_unit_test_prestate(lower_lines, ctx),
        cmocka_unit_test_prestate(upper_lines, ctx),
        cmocka_unit_test_prestate(maxima_decided, ctx),
        cmocka_unit_test_prestate(maxima_as_inputs, ctx),
        cmocka_unit_test_prestate(breakpoints_at_ends, ctx),
        cmocka_unit_test_prestate(relu_of_relu, ctx),
        cmocka_unit_test_prestate(dimension, ctx),
        cmocka_unit_test_prestate(lines_round_outwards, ctx),
        cmocka_unit_test_prestate(both_pieces_at_a_breakpoint, ctx),
        cmocka_unit_test_prestate(no_room, ctx),
        cmocka_unit_test_prestate(beyond_limits, ctx),
        cmocka_unit_test_prestate(refusals, ctx),
        cmocka_unit_test_prestate(no_memory, ctx),
        cmocka_unit_test_prestate(stops, ctx),
    };
    return RUN(tests, ctx);
}
