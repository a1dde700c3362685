#include "sample/estimate.h"
#include "sample/student.h"
#include "sample/sweep.h"
#include "unit.h"

#include "cells/parts.h"
#include "domains.h"
#include "mlp.h"
#include "rng.h"

#include <math.h>
#include <stdlib.h>

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

/* Two layers of random units in the plane. */
static pleats_net *random_layers(pleats_ctx *ctx)
{
    enum { WIDTH = 12 };
    rng r = {1};
    mlp m;
    mlp_init(&m, 3, (int32_t[]){2, WIDTH, WIDTH, 1});
    for (int32_t l = 0; l < 3; l++)
        for (int32_t i = 0; i < m.width[l + 1]; i++) {
            m.bias[l][i] = rng_int(&r, -99, 99);
            for (int32_t j = 0; j < m.width[l]; j++)
                mlp_row(&m, l, i)[j] = rng_int(&r, -99, 99);
        }
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

/* result [m - n] = those of sweeps n .. m - 1 of seed 0. */
static void sweep_alone(pleats_ctx *ctx, const pleats_net *net,
                        const pleats_domain *domain, uint64_t n, uint64_t m,
                        long double *result)
{
    pleats_parts parts = {0};
    pleats_ahead ahead = {0};
    pleats_sweep sweep;
    need_ok(ctx, pleats_parts_init(ctx, &parts, domain));
    need_ok(ctx, pleats_ahead_init(ctx, &ahead, net, NULL, false));
    need_ok(ctx, pleats_sweep_init(ctx, &sweep, net, parts.frame, &ahead));
    for (uint64_t i = n; i < m; i++) {
        pleats_rng stream;
        pleats_rng_stream(&stream, 0, i);
        need_ok(ctx, pleats_sweep_run(&sweep, &stream, &result[i - n]));
    }
    pleats_sweep_clear(&sweep);
    pleats_ahead_clear(ctx, &ahead);
    pleats_parts_clear(ctx, &parts);
}

/* What the sweeps that were ended by their own result say is no estimate: their
 * mean is too low. Where the goal is reached, the estimate is that of as many
 * later sweeps, and of all where it is not. */
static void the_sweeps_of_an_estimate(void **state)
{
    static const struct {
        double goal;
        uint64_t most, from, to;
        pleats_stop stopped;
    } rows[] = {{1, 1 << 20, 256, 512, PLEATS_STOP_NONE},
                {1e-9, 300, 0, 300, PLEATS_STOP_SWEEPS}};
    pleats_ctx *ctx = *state;
    pleats_net *net = random_layers(ctx);
    pleats_domain *all = domain_all(ctx, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const uint64_t n = rows[i].to - rows[i].from;
        const pleats_estimate_task task = {.level = 0.95,
                                           .rel_error = rows[i].goal,
                                           .most = rows[i].most,
                                           .limits.threads = 1};
        long double *result = need_memory(n, sizeof *result), sum = 0;
        pleats_estimate e;
        need_ok(ctx, pleats_estimate_regions(ctx, net, all, &task, &e));
        sweep_alone(ctx, net, all, rows[i].from, rows[i].to, result);
        for (uint64_t j = 0; j < n; j++)
            sum += result[j];
        assert_true(e.sweeps == n);
        assert_true(fabsl(e.mean * (long double)n / sum - 1) < 1e-12L);
        assert_false(e.is_constant);
        assert_int_equal(e.stopped, rows[i].stopped);
        free(result);
    }
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(interval_of_five, ctx),
        cmocka_unit_test_prestate(interval_of_batches, ctx),
        cmocka_unit_test_prestate(quantiles_of_student, ctx),
        cmocka_unit_test_prestate(ends_of_intervals, ctx),
        cmocka_unit_test_prestate(the_sweeps_of_an_estimate, ctx),
    };
    return RUN(tests, ctx);
}
