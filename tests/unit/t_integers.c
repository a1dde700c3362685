#include "exact/integers.h"
#include "unit.h"

#include <float.h>
#include <math.h>

static void doubles_taken_apart(void **state)
{
    static const struct {
        double x;
        int64_t mantissa;
        int exponent;
    } table[] = {
        {0, 0, 0},
        {1, 1, 0},
        {-12, -3, 2},
        {0.375, 3, -3},
        {0x1p-1074, 1, -1074},
        {-0x1p1023, -1, 1023},
        {0.1, 0xccccccccccccd, -55},
        {DBL_MAX, 0x1fffffffffffff, 971},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        pleats_dyadic d = pleats_dyadic_of(table[i].x);
        assert_int_equal(d.mantissa, table[i].mantissa);
        assert_int_equal(d.exponent, table[i].exponent);
    }
}

static void expect_integer(const mpz_t got, const char *want)
{
    char text[128];
    assert_true(mpz_sizeinbase(got, 10) < sizeof text - 2);
    assert_string_equal(mpz_get_str(text, 10, got), want);
}

static void shifts_and_contents(void **state)
{
    mpz_t *z = NULL;
    assert_int_equal(pleats_integers_new(*state, 3, &z), PLEATS_OK);
    pleats_integer_set_shifted(z[0], -3, 70);
    expect_integer(z[0], "-3541774862152233910272");
    mpz_set_si(z[0], -12);
    mpz_set_si(z[1], 0);
    mpz_set_si(z[2], 30);
    pleats_integers_make_primitive(z, 3);
    expect_integer(z[0], "-2");
    expect_integer(z[1], "0");
    expect_integer(z[2], "5");
    mpz_set_si(z[0], -24);
    mpz_set_si(z[2], 40);
    assert_int_equal(pleats_integers_take_twos(z, 3), 3);
    expect_integer(z[0], "-3");
    expect_integer(z[1], "0");
    expect_integer(z[2], "5");
    mpz_set_si(z[0], 0);
    mpz_set_si(z[2], 0);
    pleats_integers_make_primitive(z, 3);
    assert_int_equal(pleats_integers_take_twos(z, 3), 0);
    expect_integer(z[0], "0");
    mpz_set_si(z[0], -6);
    pleats_integers_make_primitive(z, 1);
    expect_integer(z[0], "-1");
    pleats_integers_free(*state, z, 3);
}

static void expect_quotient(const mpz_t num, const mpz_t den, double want,
                            bool want_exact)
{
    bool exact = !want_exact;
    assert_true(pleats_quotient_to_double(num, den, &exact) == want);
    assert_int_equal(exact, want_exact);
    assert_true(pleats_quotient_to_double(num, den, NULL) == want);
}

static void quotients(void **state)
{
    mpz_t num, den;
    (void)state;
    mpz_init_set_si(num, -1);
    mpz_init_set_ui(den, 3);
    expect_quotient(num, den, -1.0 / 3, false);
    mpz_set_ui(den, 8);
    expect_quotient(num, den, -0.125, true);
    mpz_ui_pow_ui(den, 2, 1074);
    expect_quotient(num, den, -0x1p-1074, true);
    mpz_ui_pow_ui(den, 2, 5000);
    expect_quotient(num, den, 0, false);
    expect_quotient(den, den, 1, true);
    mpz_set_ui(num, 1);
    expect_quotient(den, num, INFINITY, false);
    mpz_set_ui(num, 1);
    mpz_mul_2exp(num, num, 1024);
    mpz_set_ui(den, 1);
    expect_quotient(num, den, INFINITY, false);
    mpz_mul_2exp(den, den, 1);
    expect_quotient(num, den, 0x1p1023, true);
    mpz_set_ui(num, 0);
    expect_quotient(num, den, 0, true);
    mpz_clear(num);
    mpz_clear(den);
}

/* 3 x - 2 y + c at (2^-60, 3/2 2^-60), where 3 x = 2 y. */
static void signs_at_points(void **state)
{
    static const double t[] = {0x1p-60, 0x1.8p-60};
    mpz_t form[3];
    (void)state;
    mpz_init_set_si(form[0], 3);
    mpz_init_set_si(form[1], -2);
    mpz_init_set_si(form[2], 0);
    assert_int_equal(pleats_sign_at(form, 2, t), 0);
    mpz_set_si(form[2], -1);
    assert_int_equal(pleats_sign_at(form, 2, t), -1);
    mpz_set_si(form[2], 0);
    mpz_set_si(form[0], 4);
    assert_int_equal(pleats_sign_at(form, 2, t), 1);
    assert_int_equal(pleats_sign_at(form, 2, (double[]){1e300, -1e-300}), 1);
    for (int j = 0; j < 3; j++)
        mpz_clear(form[j]);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_taken_apart),
        cmocka_unit_test_prestate(shifts_and_contents, ctx),
        cmocka_unit_test(quotients),
        cmocka_unit_test(signs_at_points),
    };
    return RUN(tests, ctx);
}
