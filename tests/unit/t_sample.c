/* The parts of sampling: streams, points, the table of hashes, estimates, and
 * what small networks must give. */
#include "unit.h"

#include "domains.h"
#include "mlp.h"
#include "sample/normal.h"
#include "sample/richness.h"
#include "sample/sampler.h"
#include "sample/table.h"

#include <math.h>

/* Ten points: two kinds once, one twice, two three times: coverage 8/10; five
 * kinds and 9/10 * 4/2 unseen. */
static void richness_by_hand(void **state)
{
    (void)state;
    pleats_richness r = pleats_richness_of(10, 5, 2, 1);
    assert_true(fabs(r.coverage - 0.8) < 1e-15);
    assert_true(fabs(r.richness - 6.8) < 1e-14);
    r = pleats_richness_of(4, 4, 4, 0); /* 4 + 3/4 * 4 * 3 / 2 */
    assert_true(r.coverage == 0);
    assert_true(fabs(r.richness - 8.5) < 1e-14);
    r = pleats_richness_of(1, 1, 1, 0);
    assert_true(r.richness == 1);
    r = pleats_richness_of(0, 0, 0, 0);
    assert_true(r.coverage == 0 && r.richness == 0);
    r = pleats_richness_of(100, 3, 0, 0);
    assert_true(r.coverage == 1 && r.richness == 3);
}

/* splitmix64 of 0 begins with these numbers [Vigna]; stream 0 of seed 0 is
 * them, xored with the four that splitmix64 gives from the first of them. */
static void streams_start_as_documented(void **state)
{
    static const uint64_t of_zero[] = {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4,
                                       0x06c45d188009454f, 0xf88bb8a8724c81ec};
    pleats_rng stream, other;
    (void)state;
    pleats_rng_stream(&stream, 0, 0);
    pleats_rng_init(&other, of_zero[0]);
    for (int i = 0; i < 4; i++)
        assert_true(stream.state[i] == (of_zero[i] ^ other.state[i]));
}

static void streams_differ(void **state)
{
    enum { STREAMS = 2000 };
    static uint64_t first[STREAMS];
    (void)state;
    for (uint64_t i = 0; i < STREAMS; i++) {
        pleats_rng rng;
        pleats_rng_stream(&rng, 7, i);
        first[i] = pleats_rng_next(&rng);
        for (uint64_t j = 0; j < i; j++)
            assert_true(first[i] != first[j]);
    }
}

/* A table of n hashes, hash i added i % 3 + 1 times. */
static void table_counts_and_grows(void **state)
{
    enum { N = 30000 };
    pleats_ctx *ctx = *state;
    pleats_hash_table t = {0};
    for (int round = 0; round < 3; round++)
        for (uint64_t i = 0; i < N; i++)
            if ((int)(i % 3) >= round)
                assert_int_equal(pleats_hash_table_add(
                                     ctx, &t, (pleats_hash){i % 50, i * i}),
                                 PLEATS_OK);
    assert_int_equal(t.n, N);
    assert_int_equal(t.n_once, N / 3);
    assert_int_equal(t.n_twice, N / 3);
    for (int again = 0; again < 300; again++)
        assert_int_equal(pleats_hash_table_add(ctx, &t, (pleats_hash){0, 0}),
                         PLEATS_OK);
    assert_int_equal(t.n, N);
    pleats_hash_table_clear(ctx, &t);
}

/* Lanes are points: the numbers are those of each point's own stream. */
static void lanes_have_streams_of_their_own(void **state)
{
    pleats_ctx *ctx = *state;
    double value[3 * PLEATS_LANES];
    pleats_domain *box = domain_boxes(ctx, 3, "0 1 -2 6 5 5");
    pleats_points p = {.kind = PLEATS_POINTS_UNIFORM, .seed = 11};
    assert_int_equal(pleats_points_init(ctx, &p, 3, box), PLEATS_OK);
    pleats_points_draw(&p, 100, NULL, value);
    for (int l = 0; l < PLEATS_LANES; l++) {
        pleats_rng rng;
        pleats_rng_stream(&rng, 11, 100 + (uint64_t)l);
        assert_true(value[l] == pleats_rng_uniform(&rng));
        assert_true(value[PLEATS_LANES + l] ==
                    -2 + 8 * pleats_rng_uniform(&rng));
        assert_true(value[2 * PLEATS_LANES + l] == 5);
    }
    pleats_points_clear(ctx, &p);
    pleats_domain_clear(ctx, box);
}

/* The share of the normal distribution below the number for u is u + 2^-54: by
 * the complementary error function, which was not used to make it. */
static void normal_numbers_have_their_share(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        double u[PLEATS_LANES], share[PLEATS_LANES];
        for (int l = 0; l < PLEATS_LANES; l++) {
            int bits = i % 53 + 1;
            double least = ldexp(1, -bits) * (1 + i / 53 + l * 57);
            u[l] = least - floor(least);
            u[l] = ldexp(floor(ldexp(u[l], 53)), -53);
            share[l] = u[l];
        }
        pleats_normal_lanes(u);
        for (int l = 0; l < PLEATS_LANES; l++) {
            double below = erfc(-u[l] / sqrt(2)) / 2;
            double above = erfc(u[l] / sqrt(2)) / 2;
            double p = share[l] + 0x1p-54, rest = (1 - share[l]) - 0x1p-54;
            double off = p < 0.5 ? below / p - 1 : above / rest - 1;
            assert_true(fabs(u[l]) < PLEATS_MOST_NORMAL);
            if (!(fabs(off) < 1e-13))
                fail_msg("share %.17g: %.17g is off by %g", p, u[l], off);
        }
    }
}

/* Differences between terms of Halton's sequence do not depend on the shift:
 * 1/2, 1/4, 3/4, 1/8 in base 2 and 1/3, 2/3, 1/9, 4/9 in base 3. */
static void sequence_is_haltons(void **state)
{
    static const double two[] = {0, 0.5, 0.25, 0.75, 0.125};
    static const double three[] = {0, 1. / 3, 2. / 3, 1. / 9, 4. / 9};
    pleats_ctx *ctx = *state;
    double value[2 * PLEATS_LANES];
    pleats_domain *box = domain_boxes(ctx, 2, "0 1 0 1");
    pleats_points p = {.kind = PLEATS_POINTS_SEQUENCE, .seed = 3};
    assert_int_equal(pleats_points_init(ctx, &p, 2, box), PLEATS_OK);
    pleats_points_draw(&p, 0, NULL, value);
    for (int l = 0; l < 5; l++) {
        double x = value[l] - value[0] - two[l];
        double y = value[PLEATS_LANES + l] - value[PLEATS_LANES] - three[l];
        assert_true(fabs(x - nearbyint(x)) < 1e-15);
        assert_true(fabs(y - nearbyint(y)) < 1e-15);
    }
    pleats_points_clear(ctx, &p);
    pleats_domain_clear(ctx, box);
}

static pleats_sample_tally sample(pleats_ctx *ctx, const pleats_net *net,
                                  pleats_points *p, pleats_domain *domain,
                                  uint64_t n)
{
    const pleats_sample_task task = {.points = n, .limits.threads = 2};
    pleats_sample_tally t;
    assert_int_equal(pleats_points_init(ctx, p, net->n_inputs, domain),
                     PLEATS_OK);
    assert_int_equal(pleats_sample_patterns(ctx, net, p, &task, &t), PLEATS_OK);
    pleats_points_clear(ctx, p);
    pleats_domain_clear(ctx, domain);
    return t;
}

/* Two lines through the origin cut the plane in four; the points of the axes
 * are on walls, and all others are told. */
static void points_on_walls_are_left_out(void **state)
{
    static const double axes[] = {1, 0, 0, 0, 1, 0};
    static const double row[] = {0, 0, 1, 0, 0, -3, 1, 1, -1, 1, -1, -1, 1, -1};
    pleats_ctx *ctx = *state;
    pleats_net *net = arrangement_net(ctx, 2, 2, axes);
    pleats_points p = {.kind = PLEATS_POINTS_ROWS, .row = row, .n_rows = 7};
    pleats_sample_tally t = sample(ctx, net, &p, NULL, 7);
    assert_int_equal(t.patterns, 4);
    assert_int_equal(t.points, 4);
    assert_int_equal(t.on_walls, 3);
    assert_int_equal(t.undecided, 0);
    pleats_net_clear(ctx, net);
}

/* Dead units, and the difference of equal units, are at a breakpoint
 * everywhere: no point is on a wall for it. */
static void what_is_constant_is_no_wall(void **state)
{
    static const int32_t width[] = {1, 3, 2, 1};
    pleats_ctx *ctx = *state;
    mlp m;
    mlp_init(&m, 3, width);
    mlp_row(&m, 0, 0)[0] = mlp_row(&m, 0, 1)[0] = 1. / 3;
    m.bias[0][0] = m.bias[0][1] = 0.1;
    mlp_row(&m, 1, 0)[0] = 0.3;
    mlp_row(&m, 1, 0)[1] = -0.3;
    mlp_row(&m, 1, 1)[2] = 5;
    pleats_net *net = mlp_build(ctx, &m);
    pleats_points p = {.kind = PLEATS_POINTS_UNIFORM};
    pleats_sample_tally t =
        sample(ctx, net, &p, domain_boxes(ctx, 1, "-1 1"), 500);
    assert_int_equal(t.points, 500);
    assert_int_equal(t.patterns, 2);
    assert_true(t.by_exact > 0);
    mlp_clear(&m);
    pleats_net_clear(ctx, net);
}

static void expect_refusal(pleats_ctx *ctx, pleats_points_kind kind,
                           pleats_domain *domain, const char *what)
{
    pleats_points p = {.kind = kind};
    assert_int_equal(pleats_points_init(ctx, &p, domain->n_inputs, domain),
                     PLEATS_INVALID);
    if (!strstr(pleats_ctx_message(ctx), what))
        fail_msg("%s does not say %s", pleats_ctx_message(ctx), what);
    pleats_points_clear(ctx, &p);
    pleats_domain_clear(ctx, domain);
}

static void domains_are_refused_by_name(void **state)
{
    pleats_ctx *ctx = *state;
    expect_refusal(ctx, PLEATS_POINTS_UNIFORM, domain_all(ctx, 2), "unbounded");
    expect_refusal(ctx, PLEATS_POINTS_UNIFORM, domain_boxes(ctx, 1, "0 1; 2 3"),
                   "union of 2");
    expect_refusal(ctx, PLEATS_POINTS_UNIFORM, domain_polytope(ctx, 2, "1 1 1"),
                   "constraints");
    expect_refusal(ctx, PLEATS_POINTS_SEQUENCE, domain_all(ctx, 65),
                   "dimensions");
}

/* The table cannot grow: what was found counts. */
static void memory_limit_gives_a_partial_result(void **state)
{
    enum { UNITS = 120 };
    double rows[UNITS][3];
    pleats_ctx *ctx = *state;
    for (int i = 0; i < UNITS; i++) {
        rows[i][0] = cos(i);
        rows[i][1] = sin(i);
        rows[i][2] = sin(3.0 * i);
    }
    pleats_net *net = arrangement_net(ctx, UNITS, 2, &rows[0][0]);
    pleats_points p = {.kind = PLEATS_POINTS_GAUSSIAN, .scale = 2};
    pleats_sample_tally whole = sample(ctx, net, &p, NULL, 100000);
    assert_int_equal(whole.stopped, PLEATS_STOP_NONE);
    assert_true(whole.patterns > 2000);
    p = (pleats_points){.kind = PLEATS_POINTS_GAUSSIAN, .scale = 2};
    pleats_ctx_set_memory_limit(ctx, pleats_ctx_live_bytes(ctx) + 160000);
    pleats_sample_tally part = sample(ctx, net, &p, NULL, 100000);
    pleats_ctx_set_memory_limit(ctx, (size_t)8 << 30);
    assert_int_equal(part.stopped, PLEATS_STOP_MEMORY);
    assert_true(part.patterns > 0 && part.patterns < whole.patterns);
    pleats_net_clear(ctx, net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(richness_by_hand),
        cmocka_unit_test(streams_start_as_documented),
        cmocka_unit_test(streams_differ),
        cmocka_unit_test(normal_numbers_have_their_share),
        cmocka_unit_test_prestate(table_counts_and_grows, ctx),
        cmocka_unit_test_prestate(lanes_have_streams_of_their_own, ctx),
        cmocka_unit_test_prestate(sequence_is_haltons, ctx),
        cmocka_unit_test_prestate(points_on_walls_are_left_out, ctx),
        cmocka_unit_test_prestate(what_is_constant_is_no_wall, ctx),
        cmocka_unit_test_prestate(domains_are_refused_by_name, ctx),
        cmocka_unit_test_prestate(memory_limit_gives_a_partial_result, ctx)};
    return RUN(tests, ctx);
}
