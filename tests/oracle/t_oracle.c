/* The oracle itself against counts known by hand or from the literature. */
#include "brute.h"
#include "domains.h"
#include "mlp.h"
#include "need.h"
#include "rng.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { LIMIT = 4096 };

/* Frees both net and domain. */
static void expect(pleats_ctx *ctx, pleats_net *net, pleats_domain *domain,
                   oracle_counts want)
{
    oracle_counts got;
    assert_true(oracle_count(net, domain, LIMIT, &got));
    assert_int_equal(got.dimension, want.dimension);
    assert_int_equal(got.regions, want.regions);
    assert_int_equal(got.pieces, want.pieces);
    assert_int_equal(got.maps, want.maps);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
}

/* The regions of an arrangement on all of R^k. */
static void expect_regions(pleats_ctx *ctx, int32_t n, int32_t k,
                           const double *rows, size_t regions)
{
    pleats_net *net = arrangement_net(ctx, n, k, rows);
    pleats_domain *all = domain_all(ctx, k);
    oracle_counts got;
    assert_true(oracle_count(net, all, LIMIT, &got));
    assert_int_equal(got.regions, regions);
    assert_true(got.regions >= got.pieces && got.pieces >= got.maps);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, all);
}

static void lines(void **state)
{
    static const double parallel[] = {1, 2, 0, 2, 4, 1, -1, -2, 5, 1, 2, -3};
    static const double grid[] = {1, 0, 0,  1, 0, -1, 0, 1,
                                  0, 0, -1, 2, 0, 1,  3};
    static const double central[] = {1, 0, 0, 0, 1, 0, 1, 1, 0, 1, -1, 0};
    static const double same[] = {1, 1, 1, 2, 2, 2, -3, -3, -3, 0, 0, 1};
    static const double generic[] = {1,  0, 0,  0, 1, 0, 1, 1,
                                     -1, 1, -2, 5, 3, 1, 7};
    expect_regions(*state, 4, 2, parallel, 5);
    expect_regions(*state, 5, 2, grid, 12);
    expect_regions(*state, 4, 2, central, 8);
    expect_regions(*state, 4, 2, same, 2);
    expect_regions(*state, 5, 2, generic, 16);
}

/* Hyperplanes x_i - x_j = 0 .. levels-1 for i < j: (with 1 level) the braid
 * arrangement with n! regions, (with 2) that of Shi with (n + 1)^(n - 1). */
static void expect_differences(pleats_ctx *ctx, int32_t n, int32_t levels,
                               size_t regions)
{
    double rows[12 * 5] = {0};
    int32_t m = 0;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = i + 1; j < n; j++)
            for (int32_t l = 0; l < levels; l++, m++) {
                double *row = rows + (size_t)m * (size_t)(n + 1);
                row[i] = 1;
                row[j] = -1;
                row[n] = -l;
            }
    expect_regions(ctx, m, n, rows, regions);
}

static void reflection_arrangements(void **state)
{
    expect_differences(*state, 3, 1, 6);
    expect_differences(*state, 4, 1, 24);
    expect_differences(*state, 3, 2, 16);
    expect_differences(*state, 4, 2, 125);
}

static pleats_net *conv_net(pleats_ctx *ctx, pleats_idx side, pleats_idx pad,
                            pleats_idx filters, uint64_t seed)
{
    pleats_net *net = NULL;
    pleats_idx in[25], out = 0, width = side + 2 * pad, units[16];
    double weight[8], bias[2];
    rng r = {seed};
    pleats_conv_shape shape = {1,      1,      filters, 2, {width, width},
                               {2, 2}, {1, 1}, {1, 1}};
    for (pleats_idx i = 0; i < width * width; i++) {
        pleats_idx y = i / width - pad, x = i % width - pad;
        bool is_inside = y >= 0 && y < side && x >= 0 && x < side;
        in[i] = is_inside ? y * side + x : -1;
    }
    for (pleats_idx i = 0; i < 4 * filters; i++)
        weight[i] = rng_real(&r, 12);
    for (pleats_idx i = 0; i < filters; i++)
        bias[i] = rng_real(&r, 12);
    need_ok(ctx, pleats_net_new(ctx, side * side, &net));
    need_ok(ctx, pleats_net_add_conv(ctx, net, NULL, &shape, in, weight, bias,
                                     &out));
    pleats_idx n = net->n_scalars - out;
    for (pleats_idx i = 0; i < n; i++)
        units[i] = out + i;
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, n, units, 1,
                                   activation_function(ACT_RELU), NULL, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    return net;
}

static void expect_conv(pleats_ctx *ctx, pleats_net *net, size_t regions)
{
    pleats_domain *all = domain_all(ctx, net->n_inputs);
    oracle_regions found;
    int dimension;
    assert_true(oracle_regions_find(net, all, LIMIT, &found, &dimension));
    assert_int_equal(found.n, regions);
    oracle_regions_clear(&found);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, all);
}

/* 3x3 inputs, two 2x2 filters: 255, one less than the formula that forgets
 * that filters are shared.  2x2 inputs padded by 1, one filter: 223. */
static void convolutions(void **state)
{
    expect_conv(*state, conv_net(*state, 3, 0, 2, 1), 255);
    expect_conv(*state, conv_net(*state, 2, 1, 1, 2), 223);
}

/* One input, one hidden ReLU layer with w x + b, and output weights c. */
static pleats_net *bends(pleats_ctx *ctx, int32_t n, const double *w,
                         const double *b, const double *c)
{
    mlp m;
    mlp_init(&m, 2, (int32_t[]){1, n, 1});
    for (int32_t i = 0; i < n; i++) {
        m.weight[0][i] = w[i];
        m.bias[0][i] = b[i];
        m.weight[1][i] = c[i];
    }
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

static void one_input(void **state)
{
    static const double both[] = {1, -1}, ones[] = {1, 1, 1};
    static const double zeros[] = {0, 0}, shift[] = {0, -1, -2};
    static const double hat[] = {1, -2, 1};
    expect(*state, bends(*state, 2, both, zeros, both), domain_all(*state, 1),
           (oracle_counts){1, 2, 1, 1});
    expect(*state, bends(*state, 3, ones, shift, hat), domain_all(*state, 1),
           (oracle_counts){1, 4, 4, 3});
    expect(*state, bends(*state, 3, ones, shift, hat),
           domain_boxes(*state, 1, "1/2 1"), (oracle_counts){1, 1, 1, 1});
    expect(*state, bends(*state, 3, ones, shift, hat),
           domain_boxes(*state, 1, "1/3 -"), (oracle_counts){1, 3, 3, 3});
    expect(*state, bends(*state, 3, ones, shift, hat),
           domain_boxes(*state, 1, "1 1"), (oracle_counts){0, 1, 1, 1});
    expect(*state, bends(*state, 3, ones, shift, hat),
           domain_boxes(*state, 1, "1 1/2"), (oracle_counts){-1, 0, 0, 0});
    expect(*state, bends(*state, 3, ones, shift, hat),
           domain_boxes(*state, 1, "-1 1/2;1/4 3/2;5 7"),
           (oracle_counts){1, 4, 0, 0});
}

/* relu(max(min(x, y), min(-x, -y))) is 0 on two opposite quadrants that meet
 * in one point only, and each of x, y, -x, -y on half of another quadrant. */
static pleats_net *crossed_net(pleats_ctx *ctx)
{
    static const double minus[] = {-1, 0, 0, -1};
    static const pleats_idx first[] = {0, 1, 2, 3};
    pleats_net *net = NULL;
    pleats_idx in[4], out = 0;
    need_ok(ctx, pleats_net_new(ctx, 2, &net));
    need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 2, 2, first, minus, NULL,
                                      &out));
    need_ok(ctx, pleats_net_add_max(ctx, net, NULL, true, 2,
                                    (pleats_idx[]){0, 2, 4}, first, &out));
    in[0] = out;
    in[1] = out + 1;
    need_ok(ctx, pleats_net_add_max(ctx, net, NULL, false, 1,
                                    (pleats_idx[]){0, 2}, in, &out));
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &out, 1,
                                   activation_function(ACT_RELU), NULL, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    return net;
}

static void pieces_that_touch_in_a_point(void **state)
{
    expect(*state, crossed_net(*state), domain_all(*state, 2),
           (oracle_counts){2, 8, 6, 5});
    expect(*state, crossed_net(*state), domain_boxes(*state, 2, "-1 0 0 1"),
           (oracle_counts){2, 2, 1, 1});
}

/* On x = y both minima tie, then both maxima: the first candidate wins. */
static void ties_on_a_line(void **state)
{
    expect(*state, crossed_net(*state), domain_affine(*state, 2, 1, "0 0;1 1"),
           (oracle_counts){1, 2, 2, 2});
    expect(*state, crossed_net(*state), domain_affine(*state, 2, 1, "0 0;1 -1"),
           (oracle_counts){1, 2, 1, 1});
    expect(*state, crossed_net(*state),
           domain_affine(*state, 2, 2, "0 0;1 1;2 2"),
           (oracle_counts){1, 2, 2, 2});
    expect(*state, crossed_net(*state), domain_affine(*state, 2, 1, "3 1;0 0"),
           (oracle_counts){0, 1, 1, 1});
}

static void flat_and_empty_domains(void **state)
{
    static const double grid[] = {1, 0, 0, 1, 0, -1, 0, 1, 0, 0, 1, -1};
    static const struct {
        const char *rows;
        oracle_counts want;
    } table[] = {
        {"1 1 2;-1 0 0;0 -1 0", {2, 3, 3, 3}},
        {"1 1 1/2;-1 -1 -1/2;-1 0 1;1 0 1", {1, 4, 4, 4}},
        {"1 1 0;-1 0 0;0 -1 0", {0, 1, 1, 1}},
        {"1 1 -1;-1 0 0;0 -1 0", {-1, 0, 0, 0}},
        {"0 0 -1", {-1, 0, 0, 0}},
        {"0 0 0;1 0 1/3", {2, 6, 6, 6}},
        {"1 0 0;-1 0 0", {1, 3, 3, 3}},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        expect(*state, arrangement_net(*state, 4, 2, grid),
               domain_polytope(*state, 2, table[i].rows), table[i].want);
    expect(*state, arrangement_net(*state, 4, 2, grid),
           domain_boxes(*state, 2, "0 0 -1 2"), (oracle_counts){1, 3, 3, 3});
    expect(*state, arrangement_net(*state, 4, 2, grid),
           domain_boxes(*state, 2, "-1 1/2 -1 1/2;0 2 0 2"),
           (oracle_counts){2, 7, 0, 0});
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(lines, ctx),
        cmocka_unit_test_prestate(reflection_arrangements, ctx),
        cmocka_unit_test_prestate(convolutions, ctx),
        cmocka_unit_test_prestate(one_input, ctx),
        cmocka_unit_test_prestate(pieces_that_touch_in_a_point, ctx),
        cmocka_unit_test_prestate(ties_on_a_line, ctx),
        cmocka_unit_test_prestate(flat_and_empty_domains, ctx),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    failures += pleats_ctx_live_bytes(ctx) != 0;
    pleats_ctx_free(ctx);
    return failures;
}
