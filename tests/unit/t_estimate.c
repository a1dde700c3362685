#include "sample/estimate.h"
#include "sample/student.h"
#include "unit.h"

#include <math.h>

/* 1, 2, 3, 4, 5: mean 3, variance 2.5; Student's t with 4 degrees of freedom at
 * 97.5 % is 2.776445 (any table). */
static void interval_of_five(void **state)
{
    const long double x[] = {1, 2, 3, 4, 5};
    pleats_estimate e = {0};
    (void)state;
    pleats_estimate_from(x, 5, 0.95, &e);
    double half = 2.776445 * sqrt(2.5 / 5);
    assert_int_equal(e.sweeps, 5);
    assert_true(fabsl(e.mean - 3) < 1e-12L);
    assert_true(fabsl(e.deviation - sqrtl(2.5L)) < 1e-12L);
    assert_true(fabs((double)e.lo - (3 - half)) < 1e-5);
    assert_true(fabs((double)e.hi - (3 + half)) < 1e-5);
    assert_true(fabs(e.rel_error - half / 3) < 1e-6);
    assert_false(e.is_constant);
}

/* 400 results in 20 batches of 20: the batches' means are 0.5 .. 19.5 shifted
 * by 100, t with 19 degrees of freedom at 97.5 % is 2.093024. */
static void interval_of_batches(void **state)
{
    long double x[400];
    pleats_estimate e = {0};
    (void)state;
    for (int i = 0; i < 400; i++)
        x[i] = 100 + i / 20 + i % 2;
    pleats_estimate_from(x, 400, 0.95, &e);
    double spread = sqrt((20 * 20 - 1) / 12.0 * 20 / 19);
    double half = 2.093024 * spread / sqrt(20);
    assert_true(fabsl(e.mean - 110) < 1e-12L);
    assert_true(fabs((double)(e.hi - e.lo) - 2 * half) < 1e-5);
}

/* Two-sided 95 % and 99 % points of the usual table. */
static void quantiles_of_student(void **state)
{
    static const struct {
        unsigned freedom;
        double at95, at99;
    } row[] = {{1, 12.7062, 63.6567},  {2, 4.30265, 9.92484},
               {3, 3.18245, 5.84091},  {4, 2.77645, 4.60409},
               {9, 2.26216, 3.24984},  {10, 2.22814, 3.16927},
               {19, 2.09302, 2.86093}, {30, 2.04227, 2.75000}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double a = pleats_student_quantile(0.95, row[i].freedom);
        double b = pleats_student_quantile(0.99, row[i].freedom);
        assert_true(fabs(a / row[i].at95 - 1) < 1e-5);
        assert_true(fabs(b / row[i].at99 - 1) < 1e-5);
    }
}

/* An interval of a count does not go below 1, and of equal results is one
 * number. */
static void ends_of_intervals(void **state)
{
    const long double wide[] = {1, 100}, same[] = {7, 7, 7};
    pleats_estimate e = {0};
    (void)state;
    pleats_estimate_from(wide, 2, 0.95, &e);
    assert_true(e.lo == 1);
    pleats_estimate_from(same, 3, 0.95, &e);
    assert_true(e.is_constant && e.lo == 7 && e.hi == 7);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(interval_of_five, ctx),
        cmocka_unit_test_prestate(interval_of_batches, ctx),
        cmocka_unit_test_prestate(quantiles_of_student, ctx),
        cmocka_unit_test_prestate(ends_of_intervals, ctx),
    };
    return RUN(tests, ctx);
}
