#include "base/doubles.h"
#include "unit.h"

static void what_is_not_a_number_is_not_known(void **state)
{
    (void)state;
    assert_true(pleats_larger(1, 2) == 2 && pleats_larger(2, 1) == 2);
    assert_true(pleats_smaller(1, 2) == 1 && pleats_smaller(2, 1) == 1);
    assert_true(pleats_larger(NAN, 1) == INFINITY);
    assert_true(pleats_larger(1, NAN) == INFINITY);
    assert_true(pleats_smaller(NAN, 1) == -INFINITY);
    assert_true(pleats_smaller(1, NAN) == -INFINITY);
    assert_true(pleats_larger(-INFINITY, 1) == 1);
    assert_true(pleats_smaller(INFINITY, 1) == 1);
}

static void signs_need_finite_values_and_bounds(void **state)
{
    (void)state;
    assert_int_equal(pleats_sign_beyond(3, 2), 1);
    assert_int_equal(pleats_sign_beyond(-3, 2), -1);
    assert_int_equal(pleats_sign_beyond(2, 2), 0);
    assert_int_equal(pleats_sign_beyond(0, 0), 0);
    assert_int_equal(pleats_sign_beyond(INFINITY, 2), 0);
    assert_int_equal(pleats_sign_beyond(-INFINITY, 2), 0);
    assert_int_equal(pleats_sign_beyond(NAN, 2), 0);
    assert_int_equal(pleats_sign_beyond(3, NAN), 0);
    assert_int_equal(pleats_sign_beyond(3, INFINITY), 0);
}

/* 3, 4 and 12 have length 13, at any scale. */
static void lengths_keep_their_digits(void **state)
{
    static const int scale[] = {0, 500, 1000, 1020, -500, -1000, -1020, -1070};
    (void)state;
    for (size_t i = 0; i < sizeof scale / sizeof *scale; i++) {
        const double x[] = {ldexp(3, scale[i]), ldexp(-4, scale[i]),
                            ldexp(12, scale[i])};
        assert_true(pleats_length(x, 3) == ldexp(13, scale[i]));
    }
    const double apart[] = {0x1p-1000, 0x1p1000}, none[] = {0, 0};
    const double bad[] = {1, NAN, 2}, large[] = {1, -INFINITY};
    assert_true(pleats_length(apart, 2) == 0x1p1000);
    assert_true(pleats_length(none, 2) == 0 && pleats_length(none, 0) == 0);
    assert_true(pleats_length(bad, 3) == INFINITY);
    assert_true(pleats_length(large, 2) == INFINITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_a_number_is_not_known),
        cmocka_unit_test(signs_need_finite_values_and_bounds),
        cmocka_unit_test(lengths_keep_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
