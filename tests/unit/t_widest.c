/* Lengths in coordinates that are not orthogonal, and balls in the inputs: that
 * what is said is on the safe side, exactly. */
#include "local/widest.h"

#include "exact/integers.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/* x = s / den: numbers of more bits than doubles have. */
static void long_numbers(void **state)
{
    pleats_ctx *ctx = *state;
    const long den = (1L << 60) - 1;
    pleats_coordinates c = {.n_inputs = 1, .k = 1};
    pleats_metric m;
    need_ok(ctx, pleats_integers_new(ctx, 2, &c.num));
    mpz_set_ui(c.num[0], 1);
    mpz_init_set_si(c.den, den);
    need_ok(ctx, pleats_metric_init(ctx, &m, &c));
    assert_true(m.is_known);
    assert_true(pleats_metric_norm_above(&m, (long double[]){1}) > den);
    assert_true(m.farthest > den);
    pleats_metric_clear(ctx, &m);
    pleats_integers_free(ctx, c.num, 2);
    mpz_clear(c.den);
}

/* x = num t / den, two inputs of two coordinates, times 10^(+-power). */
static void square_of(pleats_ctx *ctx, const long *num, int power,
                      pleats_coordinates *c)
{
    mpz_t scale;
    *c = (pleats_coordinates){.n_inputs = 2, .k = 2};
    mpz_init(scale);
    mpz_ui_pow_ui(scale, 10, (unsigned long)abs(power));
    need_ok(ctx, pleats_integers_new(ctx, 6, &c->num));
    mpz_init_set_ui(c->den, 1);
    for (int i = 0; i < 4; i++)
        mpz_set_si(c->num[i / 2 * 3 + i % 2], num[i]);
    for (int i = 0; i < 6 && power > 0; i++)
        mpz_mul(c->num[i], c->num[i], scale);
    if (power < 0)
        mpz_set(c->den, scale);
    mpz_clear(scale);
}

static void clear(pleats_ctx *ctx, pleats_coordinates *c, size_t n)
{
    pleats_integers_free(ctx, c->num, n);
    mpz_clear(c->den);
}

static long double norm_above(pleats_ctx *ctx, const long *num, int power,
                              long double a, long double b)
{
    pleats_metric m;
    pleats_coordinates c;
    square_of(ctx, num, power, &c);
    need_ok(ctx, pleats_metric_init(ctx, &m, &c));
    assert_false(m.is_known);
    assert_true(pleats_metric_has_length(&m));
    const long double norm =
        pleats_metric_norm_above(&m, (long double[]){a, b});
    pleats_metric_clear(ctx, &m);
    clear(ctx, &c, 6);
    return norm;
}

/* x = (s + t, t): s + t is x_0, and t is x_1; 3 s - 2 t is 3 x_0 - 5 x_1. */
static void slopes(void **state)
{
    pleats_ctx *ctx = *state;
    const long num[] = {1, 1, 0, 1};
    const long double grain = 1 + 0x1p-30L;
    const long double is[] = {norm_above(ctx, num, 0, 1, 1),
                              norm_above(ctx, num, 0, 0, 1),
                              norm_above(ctx, num, 0, 3, -2)};
    const long double want[] = {1, 1, sqrtl(34)};
    for (int i = 0; i < 3; i++)
        assert_true(is[i] >= want[i] && is[i] <= want[i] * grain);
}

/* x = (s + t, t / 2^31 ..) nearly on a line: s + t still has slope 1. */
static void nearly_parallel(void **state)
{
    const long num[] = {1L << 40, 1L << 40, 0, 3};
    assert_true(norm_above(*state, num, 0, 1, 1) >= 0x1p-40L);
}

/* Beyond the range of long doubles nothing is known. */
static void far_away(void **state)
{
    const long num[] = {1, 1, 0, 1};
    const int far[] = {2600, -2600};
    for (int i = 0; i < 2; i++)
        assert_true(norm_above(*state, num, far[i], 1, 2) == INFINITY);
}

/* x = s / 3 in n inputs: whether all x nearer than the radius to what is
 * returned are nearer to the true ones than `radius`, exactly. */
static void check_ball(pleats_ctx *ctx, size_t n, unsigned long den, double s,
                       double radius, bool is_there)
{
    pleats_coordinates c = {.n_inputs = (pleats_idx)n, .k = 1};
    double x[100], left = radius;
    mpq_t off, part, square;
    mpq_inits(off, part, square, NULL);
    need_ok(ctx, pleats_integers_new(ctx, 2 * n, &c.num));
    mpz_init_set_ui(c.den, den);
    for (size_t i = 0; i < n; i++)
        mpz_set_ui(c.num[2 * i], 1);
    need_ok(ctx, pleats_ball_in_inputs(ctx, &c, &s, x, &left));
    assert_int_equal(left > 0, is_there);
    for (size_t i = 0; i < n && left > 0; i++) {
        mpq_set_d(off, s);
        mpq_set_ui(part, 1, den);
        mpq_mul(off, off, part);
        mpq_set_d(part, x[i]);
        mpq_sub(off, off, part);
        mpq_mul(off, off, off);
        mpq_add(square, square, off);
    }
    if (left > 0) { /* sqrt(square) + left <= radius */
        mpq_set_d(off, radius);
        mpq_set_d(part, left);
        mpq_sub(off, off, part);
        assert_true(mpq_sgn(off) >= 0);
        mpq_mul(off, off, off);
        assert_true(mpq_cmp(square, off) <= 0);
    }
    mpq_clears(off, part, square, NULL);
    clear(ctx, &c, 2 * n);
}

static void balls_in_inputs(void **state)
{
    check_ball(*state, 1, 3, 1, 0.5, true);
    check_ball(*state, 9, 3, 1, 0.5, true);
    check_ball(*state, 1, 3, 1, 1e-20, false);
    check_ball(*state, 1, 3, 1, 1e6, true);
    check_ball(*state, 100, 3, 0x1p-1074, 0x1p-1071, false);
    check_ball(*state, 1, 3, INFINITY, 1, false);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(long_numbers, ctx),
        cmocka_unit_test_prestate(slopes, ctx),
        cmocka_unit_test_prestate(nearly_parallel, ctx),
        cmocka_unit_test_prestate(far_away, ctx),
        cmocka_unit_test_prestate(balls_in_inputs, ctx),
    };
    return RUN(tests, ctx);
}
