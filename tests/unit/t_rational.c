#include "exact/rational.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "rng.h"

/* Parses `text` and compares with num/den as GMP reads it. */
static void expect_parse(pleats_ctx *ctx, const char *text, const char *want)
{
    mpq_t got, value;
    mpq_init(got);
    mpq_init(value);
    assert_int_equal(mpq_set_str(value, want, 10), 0);
    mpq_canonicalize(value);
    assert_int_equal(pleats_rational_parse(ctx, text, strlen(text), got),
                     PLEATS_OK);
    assert_true(mpq_equal(got, value));
    mpq_clear(got);
    mpq_clear(value);
}

static void numbers_are_exact(void **state)
{
    static const char *table[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"12", "12"},
        {"+7", "7"},
        {"-0.1", "-1/10"},
        {"0.10", "1/10"},
        {".5", "1/2"},
        {"5.", "5"},
        {"1e-3", "1/1000"},
        {"-2.5E+2", "-250"},
        {"1/3", "1/3"},
        {"-6/4", "-3/2"},
        {"1e0", "1"},
        {"0e999", "0"},
        {"007", "7"},
        {"3.141592653589793238462643383279502884197",
         "3141592653589793238462643383279502884197/"
         "1000000000000000000000000000000000000000"},
        {"123456789012345678901234567890/7",
         "123456789012345678901234567890/7"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        expect_parse(*state, table[i][0], table[i][1]);
}

static void large_exponents(void **state)
{
    mpq_t got, want;
    mpq_init(got);
    mpq_init(want);
    assert_int_equal(pleats_rational_parse(*state, "1e4096", 6, got),
                     PLEATS_OK);
    mpz_ui_pow_ui(mpq_numref(want), 10, 4096);
    assert_true(mpq_equal(got, want));
    assert_int_equal(pleats_rational_parse(*state, "1e-4096", 7, got),
                     PLEATS_OK);
    mpq_inv(want, want);
    assert_true(mpq_equal(got, want));
    mpq_clear(got);
    mpq_clear(want);
}

static void other_texts_are_refused(void **state)
{
    static const char *table[] = {
        "",
        "-",
        "+",
        ".",
        "e5",
        "1e",
        "1e+",
        "--1",
        "1-2",
        "1/0",
        "-3/00",
        "1/",
        "/2",
        "1/2/3",
        "1.5/2",
        "1/-2",
        "1/2.5",
        "0x10",
        "inf",
        "nan",
        "NaN",
        "1 2",
        " 1",
        "1 ",
        "1,5",
        "1e5.0",
        "1e4097",
        "1e-4097",
        "1e99999999999999999999",
        "1..2",
        "1e1/2",
        "½",
    };
    mpq_t got;
    mpq_init(got);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (pleats_rational_parse(*state, table[i], strlen(table[i]), got) !=
            PLEATS_INVALID)
            fail_msg("'%s' was taken for a number", table[i]);
    mpq_clear(got);
}

/* Only the first `length` bytes count, and a zero byte is no digit. */
static void lengths_count(void **state)
{
    mpq_t got;
    mpq_init(got);
    assert_int_equal(pleats_rational_parse(*state, "123", 2, got), PLEATS_OK);
    assert_int_equal(mpq_cmp_ui(got, 12, 1), 0);
    assert_int_equal(pleats_rational_parse(*state, "1/23", 3, got), PLEATS_OK);
    assert_int_equal(mpq_cmp_ui(got, 1, 2), 0);
    assert_int_equal(pleats_rational_parse(*state, "1\0002", 3, got),
                     PLEATS_INVALID);
    char *digits = need_memory(PLEATS_NUMBER_CHARS + 1, 1);
    memset(digits, '9', PLEATS_NUMBER_CHARS + 1);
    assert_int_equal(
        pleats_rational_parse(*state, digits, PLEATS_NUMBER_CHARS, got),
        PLEATS_OK);
    assert_int_equal(
        pleats_rational_parse(*state, digits, PLEATS_NUMBER_CHARS + 1, got),
        PLEATS_INVALID);
    free(digits);
    mpq_clear(got);
}

static void doubles_are_taken_exactly(void **state)
{
    static const double table[] = {0.0,     -0.0,      0.1,    -1.5,   DBL_MAX,
                                   DBL_MIN, 0x1p-1074, 0x1p53, 1.0 / 3};
    mpq_t got;
    mpq_init(got);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(pleats_rational_set_double(*state, table[i], got),
                         PLEATS_OK);
        assert_true(pleats_rational_to_double(got) == table[i]);
    }
    assert_int_equal(pleats_rational_set_double(*state, 0.1, got), PLEATS_OK);
    assert_int_equal(mpz_cmp_ui(mpq_numref(got), 3602879701896397), 0);
    assert_int_equal(pleats_rational_set_double(*state, NAN, got),
                     PLEATS_INVALID);
    assert_int_equal(pleats_rational_set_double(*state, -INFINITY, got),
                     PLEATS_INVALID);
    mpq_clear(got);
}

/* strtod rounds decimals to the nearest double. */
static void decimals_round_as_strtod_does(void **state)
{
    static const char *table[] = {
        "0.1",
        "1e23",
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740993.000000000000001",
        "4.9e-324",
        "2.4e-324",
        "2.5e-324",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1e309",
        "1e-400",
        "-1e4000",
        "-1e-4000",
        "0.3333333333333333148296162562473909929394721984863281250001",
    };
    mpq_t got;
    mpq_init(got);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(
            pleats_rational_parse(*state, table[i], strlen(table[i]), got),
            PLEATS_OK);
        double value = pleats_rational_to_double(got);
        double want = strtod(table[i], NULL);
        if (value != want)
            fail_msg("%s became %a, not %a", table[i], value, want);
    }
    mpq_clear(got);
}

/* The nearest double is within half a step of its neighbours: for random
 * fractions, |value - q| is no larger than for the doubles next to it. */
static void fractions_round_to_nearest(void **state)
{
    rng r = {1};
    mpq_t q, distance, other;
    mpq_init(q);
    mpq_init(distance);
    mpq_init(other);
    (void)state;
    for (int i = 0; i < 2000; i++) {
        mpz_set_ui(mpq_numref(q), rng_next(&r) >> rng_int(&r, 0, 60));
        mpz_set_ui(mpq_denref(q), (rng_next(&r) >> rng_int(&r, 0, 60)) | 1);
        mpq_canonicalize(q);
        if (rng_one_in(&r, 3))
            mpq_div_2exp(q, q, (mp_bitcnt_t)rng_int(&r, 900, 1080));
        double value = pleats_rational_to_double(q);
        mpq_set_d(distance, value);
        mpq_sub(distance, distance, q);
        mpq_abs(distance, distance);
        for (int side = -1; side <= 1; side += 2) {
            mpq_set_d(other, nextafter(value, side * HUGE_VAL));
            mpq_sub(other, other, q);
            mpq_abs(other, other);
            assert_true(mpq_cmp(distance, other) <= 0);
        }
    }
    mpq_clear(q);
    mpq_clear(distance);
    mpq_clear(other);
}

static void expect_text(pleats_ctx *ctx, const char *value, const char *want)
{
    mpq_t q;
    char *text = NULL;
    mpq_init(q);
    assert_int_equal(mpq_set_str(q, value, 10), 0);
    mpq_canonicalize(q);
    assert_int_equal(pleats_rational_text(ctx, q, &text), PLEATS_OK);
    assert_string_equal(text, want);
    pleats_release(ctx, text);
    mpq_clear(q);
}

static void texts_for_people(void **state)
{
    static const char *table[][2] = {
        {"0", "0"},
        {"-1", "-1"},
        {"1/2", "0.5"},
        {"-1/10", "-0.1"},
        {"1/3", "1/3"},
        {"-22/7", "-22/7"},
        {"1/8", "0.125"},
        {"5/4", "1.25"},
        {"1/1000", "0.001"},
        {"100", "100"},
        {"-1001/1000", "-1.001"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        expect_text(*state, table[i][0], table[i][1]);
}

/* What is not short is rounded and says so. */
static void long_numbers_are_marked(void **state)
{
    mpq_t q;
    char *text = NULL;
    mpq_init(q);
    mpz_ui_pow_ui(mpq_numref(q), 7, 100);
    mpz_ui_pow_ui(mpq_denref(q), 3, 100);
    assert_int_equal(pleats_rational_text(*state, q, &text), PLEATS_OK);
    assert_int_equal(text[0], '~');
    assert_true(fabs(strtod(text + 1, NULL) / pow(7.0 / 3, 100) - 1) < 1e-8);
    pleats_release(*state, text);
    mpq_clear(q);
}

static void arrays(void **state)
{
    mpq_t *array = NULL;
    assert_int_equal(pleats_rational_array(*state, 3, &array), PLEATS_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(mpq_sgn(array[i]), 0);
    mpq_set_ui(array[1], 1, 3);
    pleats_rational_array_free(*state, 3, array);
    assert_int_equal(pleats_rational_array(*state, 0, &array), PLEATS_OK);
    assert_null(array);
    pleats_rational_array_free(*state, 0, array);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(numbers_are_exact, ctx),
        cmocka_unit_test_prestate(large_exponents, ctx),
        cmocka_unit_test_prestate(other_texts_are_refused, ctx),
        cmocka_unit_test_prestate(lengths_count, ctx),
        cmocka_unit_test_prestate(doubles_are_taken_exactly, ctx),
        cmocka_unit_test_prestate(decimals_round_as_strtod_does, ctx),
        cmocka_unit_test_prestate(fractions_round_to_nearest, ctx),
        cmocka_unit_test_prestate(texts_for_people, ctx),
        cmocka_unit_test_prestate(long_numbers_are_marked, ctx),
        cmocka_unit_test_prestate(arrays, ctx),
    };
    return RUN(tests, ctx);
}
