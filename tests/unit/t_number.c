/* Exact numbers of constants.  Expected values: doubles that are exact, and
 * fractions written down. */
#include "onnx/number.h"
#include "unit.h"

#include <float.h>

typedef struct {
    pleats_ctx *ctx;
    pleats_pool pool;
} state;

static void begin(state *s)
{
    assert_int_equal(pleats_ctx_new(NULL, &s->ctx), PLEATS_OK);
    pleats_pool_init(s->ctx, &s->pool);
}

static void end(state *s)
{
    assert_int_equal(pleats_pool_take_status(&s->pool), PLEATS_OK);
    pleats_pool_clear(&s->pool);
    assert_int_equal(pleats_ctx_live_bytes(s->ctx), 0);
    pleats_ctx_free(s->ctx);
}

/* x is the fraction that `text` says. */
static void expect(const state *s, pleats_number x, const char *text)
{
    mpq_t got, want;
    mpq_inits(got, want, NULL);
    assert_int_equal(mpq_set_str(want, text, 10), 0);
    mpq_canonicalize(want);
    pleats_number_get(&s->pool, x, got);
    assert_true(mpq_equal(got, want));
    mpq_clears(got, want, NULL);
}

static void arithmetic_is_exact(void **unused)
{
    (void)unused;
    state s;
    begin(&s);
    pleats_number third = pleats_number_div(&s.pool, 1, 3);
    assert_true(pleats_number_is_rational(third));
    assert_true(pleats_number_is_finite(third));
    assert_false(pleats_number_is_nan(third));
    expect(&s, third, "1/3");
    expect(&s, pleats_number_mul(&s.pool, third, third), "1/9");
    expect(&s, pleats_number_neg(&s.pool, third), "-1/3");
    expect(&s, pleats_number_add(&s.pool, 0x1p60, 1), "1152921504606846977");
    expect(&s, pleats_number_mul(&s.pool, 0x1.0000001p0, 0x1.0000001p30),
           "72057594574798849/67108864");
    expect(&s, pleats_number_of_integer(&s.pool, INT64_MAX),
           "9223372036854775807");
    expect(&s,
           pleats_number_dot(&s.pool, 2, (double[]){third, 2},
                             (double[]){6, third}, 0x1p-60),
           "9223372036854775811/3458764513820540928");
    end(&s);
}

/* What is a double has no other form, so that numbers compare as they are. */
static void doubles_stay_doubles(void **unused)
{
    (void)unused;
    state s;
    begin(&s);
    pleats_number third = pleats_number_div(&s.pool, 1, 3);
    assert_true(pleats_number_mul(&s.pool, third, 3) == 1);
    assert_true(pleats_number_add(&s.pool,
                                  pleats_number_add(&s.pool, 0x1p60, 1),
                                  -0x1p60) == 1);
    pleats_number tiny = pleats_number_mul(&s.pool, 1e-300, 1e-300);
    assert_true(pleats_number_is_rational(tiny));
    assert_true(pleats_number_div(&s.pool, tiny, 1e-300) == 1e-300);
    pleats_number huge = pleats_number_add(&s.pool, DBL_MAX, DBL_MAX);
    assert_true(pleats_number_div(&s.pool, huge, 2) == DBL_MAX);
    assert_true(pleats_number_add(&s.pool, third, INFINITY) == INFINITY);
    assert_true(pleats_number_is_nan(pleats_number_mul(&s.pool, 0, INFINITY)));
    assert_true(pleats_number_div(&s.pool, 1, 0) == INFINITY);
    end(&s);
}

/* A product below all doubles is no 0. */
static void products_below_the_range_are_numbers(void **unused)
{
    (void)unused;
    state s;
    begin(&s);
    pleats_number tiny = pleats_number_mul(&s.pool, 0x1p-600, 0x1p-600);
    assert_true(pleats_number_is_rational(tiny));
    assert_true(pleats_number_div(&s.pool, tiny, 0x1p-600) == 0x1p-600);
    end(&s);
}

/* A denominator is taken apart into doubles: each is a divisor. */
static void factors_of_denominators_are_doubles(void **unused)
{
    (void)unused;
    state s;
    mpz_t left, factor;
    begin(&s);
    mpz_init(left);
    mpz_init(factor);
    mpz_ui_pow_ui(left, 3, 80);
    while (mpz_cmp_ui(left, 1) > 0) {
        mpz_set(factor, left);
        double by = pleats_pool_take_factor(&s.pool, left);
        assert_true(by > 1);
        mpz_divexact(factor, factor, left);
        assert_int_equal(mpz_cmp_d(factor, by), 0);
    }
    mpz_clear(left);
    mpz_clear(factor);
    end(&s);
}

static void comparisons_are_exact(void **unused)
{
    (void)unused;
    state s;
    begin(&s);
    pleats_number third = pleats_number_div(&s.pool, 1, 3);
    double near = pleats_number_nearest(&s.pool, third);
    assert_true(near == 1.0 / 3);
    assert_int_equal(pleats_number_compare(&s.pool, third, near), 1);
    assert_int_equal(pleats_number_compare(&s.pool, near, third), -1);
    assert_int_equal(pleats_number_compare(&s.pool, third, third), 0);
    assert_int_equal(pleats_number_compare(&s.pool, third, INFINITY), -1);
    assert_int_equal(pleats_number_compare(&s.pool, -INFINITY, third), -1);
    assert_int_equal(pleats_number_compare(&s.pool, NAN, third), 2);
    end(&s);
}

static void roots_are_exact_or_counted(void **unused)
{
    (void)unused;
    state s;
    begin(&s);
    pleats_number q = pleats_number_div(&s.pool, 4, 9);
    expect(&s, pleats_number_sqrt(&s.pool, q), "2/3");
    assert_int_equal(s.pool.n_rounded, 0);
    for (double x = 2; x < 1e200; x *= 1.7e10)
        assert_true(pleats_number_sqrt(&s.pool, x) == sqrt(x));
    assert_true(s.pool.n_rounded > 5);
    assert_true(pleats_number_sqrt(&s.pool, DBL_TRUE_MIN) ==
                sqrt(DBL_TRUE_MIN));
    end(&s);
}

/* Roots a little above or below the middle between two doubles are rounded by
 * which of both it is, however little that may be: (1 + 2^-53)^2 +- 2^-2000. */
static void roots_near_the_middle(void **unused)
{
    (void)unused;
    state s;
    mpq_t middle, little;
    begin(&s);
    mpq_inits(middle, little, NULL);
    mpq_set_ui(middle, 1, 1);
    mpq_div_2exp(little, middle, 53);
    mpq_add(middle, middle, little);
    mpq_mul(middle, middle, middle);
    mpq_set_ui(little, 1, 1);
    mpq_div_2exp(little, little, 2000);
    mpq_add(middle, middle, little);
    assert_true(
        pleats_number_sqrt(&s.pool, pleats_number_put(&s.pool, middle)) ==
        1 + 0x1p-52);
    mpq_sub(middle, middle, little);
    mpq_sub(middle, middle, little);
    assert_true(
        pleats_number_sqrt(&s.pool, pleats_number_put(&s.pool, middle)) == 1);
    assert_int_equal(s.pool.n_rounded, 2);
    mpq_clears(middle, little, NULL);
    end(&s);
}

/* A NaN of a file is never the name of a rational. */
static void strangers_are_no_names(void **unused)
{
    (void)unused;
    state s;
    begin(&s);
    pleats_number third = pleats_number_div(&s.pool, 1, 3);
    assert_true(pleats_number_is_nan(pleats_number_of(third)));
    assert_true(pleats_number_is_nan(third + 1));
    assert_true(pleats_number_is_nan(third * 2));
    assert_true(pleats_number_is_nan(-third));
    end(&s);
}

static void denominators_are_taken_apart(void **unused)
{
    (void)unused;
    state s;
    mpz_t d;
    begin(&s);
    pleats_number a = 9007199254740881, b = 9007199254740847; /* primes */
    pleats_number x = pleats_number_div(&s.pool, 1, a);
    x = pleats_number_div(&s.pool, x, b);
    mpz_init(d);
    mpz_set(d, mpq_denref(pleats_number_rational(&s.pool, x)));
    double f = pleats_pool_take_factor(&s.pool, d);
    double g = pleats_pool_take_factor(&s.pool, d);
    assert_true((f == a && g == b) || (f == b && g == a));
    assert_int_equal(mpz_cmp_ui(d, 1), 0);
    mpz_set_str(d, "170141183460469231731687303715884105727", 10); /* prime */
    assert_true(pleats_pool_take_factor(&s.pool, d) == 0);
    mpz_clear(d);
    end(&s);
}

static void long_numbers_are_refused(void **unused)
{
    (void)unused;
    state s;
    begin(&s);
    pleats_number x = 3;
    for (int i = 0; i < 17; i++)
        x = pleats_number_mul(&s.pool, x, x);
    assert_true(pleats_number_is_nan(x));
    assert_int_equal(pleats_pool_take_status(&s.pool), PLEATS_INVALID);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_is_exact),
        cmocka_unit_test(doubles_stay_doubles),
        cmocka_unit_test(products_below_the_range_are_numbers),
        cmocka_unit_test(factors_of_denominators_are_doubles),
        cmocka_unit_test(comparisons_are_exact),
        cmocka_unit_test(roots_are_exact_or_counted),
        cmocka_unit_test(roots_near_the_middle),
        cmocka_unit_test(strangers_are_no_names),
        cmocka_unit_test(denominators_are_taken_apart),
        cmocka_unit_test(long_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
