/* Which rows of a step are multiples of one another. */
#include "activations.h"
#include "rng.h"
#include "unit.h"

#include "exact/integers.h"
#include "forms/parallel.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 64 };

/* The groups of a dense step with rows weight [n x 2], bias, relative to its
 * first output. */
static void dense_groups(pleats_ctx *ctx, pleats_idx n, const double *weight,
                         const double *bias, pleats_idx *group)
{
    pleats_net *net = NULL;
    pleats_idx out, in[] = {0, 1}, all[MOST + 2];
    assert_int_equal(pleats_net_new(ctx, 2, &net), PLEATS_OK);
    assert_int_equal(
        pleats_net_add_dense(ctx, net, NULL, n, 2, in, weight, bias, &out),
        PLEATS_OK);
    assert_int_equal(pleats_net_find_parallel(ctx, net, all), PLEATS_OK);
    assert_int_equal(all[0], -1);
    assert_int_equal(all[1], -1);
    for (pleats_idx i = 0; i < n; i++)
        group[i] = all[out + i] < 0 ? -1 : all[out + i] - out;
    pleats_net_clear(ctx, net);
}

static void expect(void **state, pleats_idx n, const double *weight,
                   const double *bias, const pleats_idx *want)
{
    pleats_idx got[MOST];
    dense_groups(*state, n, weight, bias, got);
    for (pleats_idx i = 0; i < n; i++)
        assert_int_equal(got[i], want[i]);
}

static void multiples_are_found(void **state)
{
    const double w[] = {1, 2, 3, 6, -0.5, -1, 1, 2, 2, 4, 0, 2, 0, -3};
    const double b[] = {3, 9, -1.5, 4, 8, 5, -7.5};
    expect(state, 7, w, b, (pleats_idx[]){0, 0, 0, 3, 3, 5, 5});
}

static void others_are_alone(void **state)
{
    const double w[] = {0, 0, 0, 0, 1, 2, 2, 4, 1, -2, 0, 1, 1, 0};
    const double b[] = {0, 1, 3, 7, 3, 0, 0};
    expect(state, 7, w, b, (pleats_idx[]){-1, -1, -1, -1, -1, -1, -1});
}

/* Rounded quotients are equal, but the rows are not multiples. */
static void rounding_makes_no_multiples(void **state)
{
    const double third = 1.0 / 3;
    const double w[] = {3, 1, 1, third, 6, 2, -2, -2 * third, 30, 10};
    expect(state, 5, w, NULL, (pleats_idx[]){0, 1, 0, 1, 0});
    const double tenth[] = {10, 1, 1, 0.1};
    expect(state, 2, tenth, NULL, (pleats_idx[]){-1, -1});
    expect(state, 2, (double[]){3, 3, 1, 1}, (double[]){1, third},
           (pleats_idx[]){-1, -1});
    expect(state, 2, (double[]){1, 1, 1, 1}, (double[]){1, nextafter(1, 2)},
           (pleats_idx[]){-1, -1});
}

/* Quotients that vanish are equal; the rows have the same odd parts. */
static void vanishing_quotients_are_told_apart(void **state)
{
    const double w[] = {0x1p600,  0x1p-600, 0x1p600,
                        0x1p-610, 0x1p590,  0x1p-610};
    expect(state, 3, w, NULL, (pleats_idx[]){0, -1, 0});
}

static void no_bias_is_zero(void **state)
{
    const double w[] = {1, 2, 2, 4};
    expect(state, 2, w, NULL, (pleats_idx[]){0, 0});
    expect(state, 2, w, (double[]){0, -0.0}, (pleats_idx[]){0, 0});
    expect(state, 2, w, (double[]){0, 0x1p-1074}, (pleats_idx[]){-1, -1});
}

static void extreme_numbers_are_exact(void **state)
{
    const double w[] = {0x3p-1074, 0x1p-1074, 3,        1, 0x1p-1000,
                        0x1p1000,  0x1p-999,  0x1p1001, 3, 0x1p-1074};
    expect(state, 5, w, NULL, (pleats_idx[]){0, 0, 2, 2, -1});
}

/* Channel 1 is 3 times channel 0 in both groups; channel 2 of the first group
 * is the second group's channel 0 and reads other inputs. */
static void channels_of_a_group(void **state)
{
    pleats_ctx *ctx = *state;
    const double w[] = {1, 2, 3, 6, 5, 1, 5, 1, 15, 3, 1, 2};
    const double b[] = {1, 3, 2, 2, 6, 1};
    const pleats_idx in[] = {0, 1, 2, -1, 3, 4, 5, -1};
    const pleats_conv_shape shape = {2, 1, 3, 1, {4}, {2}, {1}, {1}};
    pleats_net *net = NULL;
    pleats_idx out, group[6 + 18];
    assert_int_equal(pleats_net_new(ctx, 6, &net), PLEATS_OK);
    assert_int_equal(
        pleats_net_add_conv(ctx, net, NULL, &shape, in, w, b, &out), PLEATS_OK);
    assert_int_equal(pleats_net_find_parallel(ctx, net, group), PLEATS_OK);
    for (pleats_idx p = 0; p < 3; p++) {
        const pleats_idx *at = group + out + p;
        assert_int_equal(at[0], out + p);
        assert_int_equal(at[3], out + p);
        assert_int_equal(at[6], -1);
        assert_int_equal(at[9], out + 9 + p);
        assert_int_equal(at[12], out + 9 + p);
        assert_int_equal(at[15], -1);
    }
    pleats_net_clear(ctx, net);
}

/* Small integers: multiples are told by products without rounding. */
static void many_small_rows(void **state)
{
    rng r = {7};
    for (int again = 0; again < 200; again++) {
        double w[2 * MOST], b[MOST];
        pleats_idx want[MOST], n = rng_int(&r, 1, MOST);
        for (pleats_idx i = 0; i < n; i++) {
            w[2 * i] = rng_int(&r, -3, 3);
            w[2 * i + 1] = rng_int(&r, -3, 3);
            b[i] = rng_int(&r, -3, 3);
            want[i] = -1;
        }
        for (pleats_idx i = 0; i < n; i++)
            for (pleats_idx j = 0; j < i && want[i] < 0; j++) {
                bool flat = w[2 * i] == 0 && w[2 * i + 1] == 0;
                bool none = w[2 * j] == 0 && w[2 * j + 1] == 0;
                if (!flat && !none &&
                    w[2 * i] * w[2 * j + 1] == w[2 * j] * w[2 * i + 1] &&
                    w[2 * i] * b[j] == w[2 * j] * b[i] &&
                    w[2 * i + 1] * b[j] == w[2 * j + 1] * b[i])
                    want[i] = want[j] = j;
            }
        expect(state, n, w, b, want);
    }
}

/* Rows of zeros, of which a pruned layer has many, cost no more than others. */
static void many_rows_of_zeros(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_idx n = 200000, in[] = {0};
    double *w = need_memory((size_t)n, sizeof *w);
    double *b = need_memory((size_t)n, sizeof *b);
    pleats_idx *group = need_memory((size_t)n + 1, sizeof *group), out;
    pleats_net *net = NULL;
    double start = pleats_now();
    for (pleats_idx i = 0; i < n; i++)
        b[i] = i % 2;
    w[n - 2] = w[n - 4] = 3;
    need_ok(ctx, pleats_net_new(ctx, 1, &net));
    need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, n, 1, in, w, b, &out));
    need_ok(ctx, pleats_net_find_parallel(ctx, net, group));
    assert_true(pleats_now() - start < 5);
    for (pleats_idx i = 0; i < n; i++)
        assert_int_equal(group[out + i], w[i] != 0 ? out + n - 4 : -1);
    pleats_net_clear(ctx, net);
    free(w);
    free(b);
    free(group);
}

static bool is_linear(pleats_ctx *ctx, double bias, double shift,
                      activation act)
{
    pleats_net *net = NULL;
    pleats_coordinates c = {.n_inputs = 1, .k = 1};
    pleats_idx out;
    mpz_t num[2];
    assert_int_equal(pleats_net_new(ctx, 1, &net), PLEATS_OK);
    assert_int_equal(pleats_net_add_dense(ctx, net, NULL, 1, 1,
                                          (pleats_idx[]){0}, (double[]){2},
                                          &bias, &out),
                     PLEATS_OK);
    assert_int_equal(pleats_net_add_pl(ctx, net, NULL, 1, &out, 1,
                                       activation_function(act), NULL, &out),
                     PLEATS_OK);
    mpz_init_set_ui(num[0], 1);
    mpz_init_set_d(num[1], shift);
    mpz_init_set_ui(c.den, 1);
    c.num = num;
    bool found = pleats_net_is_linear(net, &c);
    mpz_clear(num[0]);
    mpz_clear(num[1]);
    mpz_clear(c.den);
    pleats_net_clear(ctx, net);
    return found;
}

static void linear_networks(void **state)
{
    pleats_ctx *ctx = *state;
    assert_true(is_linear(ctx, 0, 0, ACT_RELU));
    assert_true(is_linear(ctx, 0, 0, ACT_ABS));
    assert_true(is_linear(ctx, 0, 0, ACT_LEAKY));
    assert_false(is_linear(ctx, 1, 0, ACT_RELU));
    assert_false(is_linear(ctx, 0, 1, ACT_RELU));
    assert_false(is_linear(ctx, 0, 0, ACT_HARDTANH));
    assert_false(is_linear(ctx, 0, 0, ACT_CLIP01));
    assert_false(is_linear(ctx, 0, 0, ACT_SHRINK));
}

/* |x| + 1 bends at 0 but is not 0 there. */
static void an_intercept_is_not_linear(void **state)
{
    static double at[] = {0}, slope[] = {-1, 1};
    const pleats_idx in = 0, which = 0;
    pleats_coordinates c = {.n_inputs = 1, .k = 1};
    assert_int_equal(pleats_integers_new(*state, 2, &c.num), PLEATS_OK);
    mpz_set_ui(c.num[0], 1);
    for (int offset = 0; offset < 2; offset++) {
        double intercept[] = {offset, offset};
        const pleats_pl f = {1, at, slope, intercept};
        pleats_net *net = NULL;
        pleats_idx out = 0;
        assert_int_equal(pleats_net_new(*state, 1, &net), PLEATS_OK);
        assert_int_equal(
            pleats_net_add_pl(*state, net, NULL, 1, &in, 1, &f, &which, &out),
            PLEATS_OK);
        assert_int_equal(pleats_net_is_linear(net, &c), offset == 0);
        pleats_net_clear(*state, net);
    }
    pleats_integers_free(*state, c.num, 2);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(multiples_are_found, ctx),
        cmocka_unit_test_prestate(others_are_alone, ctx),
        cmocka_unit_test_prestate(rounding_makes_no_multiples, ctx),
        cmocka_unit_test_prestate(vanishing_quotients_are_told_apart, ctx),
        cmocka_unit_test_prestate(no_bias_is_zero, ctx),
        cmocka_unit_test_prestate(extreme_numbers_are_exact, ctx),
        cmocka_unit_test_prestate(channels_of_a_group, ctx),
        cmocka_unit_test_prestate(many_small_rows, ctx),
        cmocka_unit_test_prestate(many_rows_of_zeros, ctx),
        cmocka_unit_test_prestate(linear_networks, ctx),
        cmocka_unit_test_prestate(an_intercept_is_not_linear, ctx),
    };
    return RUN(tests, ctx);
}
