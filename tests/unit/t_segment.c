/* Points on a segment: those of different runs are different, whatever the
 * values are within their bounds. */
#include "unit.h"

#include "base/perturb.h"
#include "cells/segment.h"
#include "rng.h"

#include <math.h>

enum { CASES = 300, MOST = 400 };

/* Adds the point at `share`, of values that are off by up to `bound`. */
static void add(pleats_segment *x, rng *r, double share, double bound)
{
    pleats_segment_add(x, share + bound * rng_real(r, 20),
                       share - 1 + bound * rng_real(r, 20), bound, bound);
}

/* Draws n points, some of them the same. */
static void draw(pleats_segment *x, rng *r, double *share, size_t n)
{
    const int32_t places = rng_one_in(r, 2) ? 1 << 20 : rng_int(r, 2, 400);
    const double most = rng_one_in(r, 2) ? 0x1p-9 : 0x1p-24;
    const double part = rng_one_in(r, 3) ? 0x1p-8 : 1; /* crowded */
    for (size_t i = 0; i < n; i++) {
        share[i] = (part * rng_int(r, 1, places - 1) / places + 1) / (part + 2);
        add(x, r, share[i], ldexp(most, -rng_int(r, 0, 20)));
    }
}

/* The largest share of points first .. end - 1, or the least (sign -1). */
static double furthest(const pleats_segment *x, const double *share,
                       size_t first, size_t end, int sign)
{
    double most = -INFINITY;
    for (size_t i = first; i < end; i++)
        most = fmax(most, sign * share[x->point[i].plane]);
    return sign * most;
}

static void runs_are_apart(void **state)
{
    pleats_segment x = {0};
    double share[MOST];
    rng r = {1};
    size_t n_apart = 0, n_together = 0;
    for (int c = 0; c < CASES; c++) {
        const size_t n = (size_t)rng_int(&r, 1, c % 2 ? 12 : MOST);
        bool seen[MOST] = {false};
        double before = 0;
        need_ok(*state, pleats_segment_begin(*state, &x, n));
        draw(&x, &r, share, n);
        pleats_segment_sort(&x);
        assert_int_equal(x.n, n);
        for (size_t i = 0; i < n; i++) {
            assert_true(i == 0 || x.point[i - 1].low <= x.point[i].low);
            assert_false(seen[x.point[i].plane]);
            seen[x.point[i].plane] = true;
        }
        for (size_t i = 0, end; i < n; i = end) {
            end = pleats_segment_run(&x, i);
            assert_true(before < furthest(&x, share, i, end, -1));
            before = furthest(&x, share, i, end, 1);
            n_apart += end == i + 1;
            n_together += end > i + 1;
        }
    }
    assert_true(PLEATS_PERTURB || (n_apart > 1000 && n_together > 1000));
    pleats_segment_clear(*state, &x);
}

/* A point that is badly known reaches beyond the next one. */
static void runs_reach_far(void **state)
{
    pleats_segment x = {0};
    if (PLEATS_PERTURB)
        return;
    need_ok(*state, pleats_segment_begin(*state, &x, 4));
    pleats_segment_add(&x, 0.625, -0.375, 0x1p-30, 0x1p-30);
    pleats_segment_add(&x, 0.25, -0.75, 0x1p-30, 0x1p-30);
    pleats_segment_add(&x, 0.5, -0.5, 0.2, 0.2);
    pleats_segment_add(&x, 0.875, -0.125, 0x1p-30, 0x1p-30);
    pleats_segment_sort(&x);
    assert_int_equal(pleats_segment_run(&x, 0), 3);
    assert_int_equal(pleats_segment_run(&x, 3), 4);
    assert_int_equal(x.point[0].plane, 2);
    assert_int_equal(x.point[3].plane, 3);
    pleats_segment_clear(*state, &x);
}

/* It is not known on which side of the plane the first end is, or the second.
 */
static void points_that_may_be_anywhere(void **state)
{
    pleats_segment x = {0};
    for (int second = 0; second < 2; second++) {
        const double a = second ? 1 : 0x1p-40, b = second ? -0x1p-40 : -1;
        need_ok(*state, pleats_segment_begin(*state, &x, 3));
        pleats_segment_add(&x, 0.25, -0.75, 0x1p-30, 0x1p-30);
        pleats_segment_add(&x, 0.75, -0.25, 0x1p-30, 0x1p-30);
        pleats_segment_add(&x, a, b, 0x1p-30, 0x1p-30);
        pleats_segment_sort(&x);
        assert_int_equal(pleats_segment_run(&x, 0), 3);
    }
    pleats_segment_clear(*state, &x);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(runs_are_apart, ctx),
        cmocka_unit_test_prestate(runs_reach_far, ctx),
        cmocka_unit_test_prestate(points_that_may_be_anywhere, ctx),
    };
    return RUN(tests, ctx);
}
