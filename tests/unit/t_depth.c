#include "lp/depth.h"
#include "rng.h"
#include "unit.h"

#include <math.h>

static const bool both_boxed[] = {true, true}, none_boxed[] = {false, false};

/* Rows a x + b y + c, whose weights are |a| + |b| + |c|. */
static void set_rows(pleats_ctx *ctx, pleats_depth *d, const bool *boxed,
                     size_t n, const double (*row)[3])
{
    need_ok(ctx, pleats_depth_init(ctx, d, 2, boxed));
    for (size_t i = 0; i < n; i++)
        need_ok(ctx, pleats_depth_add_row(ctx, d, row[i],
                                          fabs(row[i][0]) + fabs(row[i][1]) +
                                              fabs(row[i][2])));
}

static void expect_near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-12 * (1 + fabs(want))))
        fail_msg("%.17g is not %.17g", got, want);
}

static void expect_depth(pleats_depth *d, double depth)
{
    assert_int_equal(pleats_depth_solve(d, -INFINITY), PLEATS_DEPTH_FOUND);
    expect_near(d->bound, depth);
}

/* Without rows nothing limits the depth but 1; x >= 1/2 in the box leaves
 * x - 1/2 = (3/2) depth at x = 1. */
static void in_a_box(void **state)
{
    static const double row[][3] = {{1, 0, -0.5}};
    pleats_depth d = {0};
    double t[2];
    set_rows(*state, &d, both_boxed, 0, row);
    expect_depth(&d, 1);
    set_rows(*state, &d, both_boxed, 1, row);
    expect_depth(&d, 1. / 3);
    pleats_depth_vertex(&d, t);
    expect_near(t[0], 1);
    assert_true(fabs(t[1]) <= 1);
    pleats_depth_clear(*state, &d);
}

/* x >= 1/2 and -x >= 1/2: their sum says -1 >= 3 depth. */
static void nowhere(void **state)
{
    static const double row[][3] = {{1, 0, -0.5}, {-1, 0, -0.5}};
    pleats_depth d = {0};
    double y[2];
    set_rows(*state, &d, both_boxed, 2, row);
    expect_depth(&d, -1. / 3);
    pleats_depth_multipliers(&d, y);
    expect_near(y[0], 1. / 3);
    expect_near(y[1], 1. / 3);
    set_rows(*state, &d, both_boxed, 2, row);
    assert_int_equal(pleats_depth_solve(&d, -0.25), PLEATS_DEPTH_LOW);
    assert_true(d.bound < -0.25);
    pleats_depth_clear(*state, &d);
}

/* The triangle x >= 0, y >= 0, x + y <= 1 without a box: x = y = depth and
 * 1 - 2 depth = 3 depth.  Half a plane has any depth. */
static void without_a_box(void **state)
{
    static const double row[][3] = {{1, 0, 0}, {0, 1, 0}, {-1, -1, 1}};
    pleats_depth d = {0};
    double t[2], y[3];
    set_rows(*state, &d, none_boxed, 3, row);
    expect_depth(&d, 0.2);
    pleats_depth_vertex(&d, t);
    pleats_depth_multipliers(&d, y);
    for (int i = 0; i < 3; i++)
        expect_near(y[i], 0.2);
    expect_near(t[0], 0.2);
    expect_near(t[1], 0.2);
    set_rows(*state, &d, none_boxed, 1, row);
    expect_depth(&d, 1);
    pleats_depth_vertex(&d, t);
    assert_true(t[0] >= 1 - 1e-12);
    pleats_depth_clear(*state, &d);
}

/* A copy goes its own way; its basis brings the vertex back. */
static void copies_and_bases(void **state)
{
    static const double row[][3] = {{1, 0, -0.5}, {-1, -1, 1}};
    pleats_depth d = {0}, copy = {0}, fresh = {0};
    double t[2], again[2];
    set_rows(*state, &d, both_boxed, 1, row);
    expect_depth(&d, 1. / 3);
    need_ok(*state, pleats_depth_copy(*state, &copy, &d));
    need_ok(*state, pleats_depth_add_row(*state, &copy, row[1], 3));
    expect_depth(&copy, 1. / 3);
    assert_int_equal(d.m, 1);
    pleats_depth_vertex(&copy, t);
    assert_true(1 - t[0] - t[1] >= 1 - 1e-12);
    set_rows(*state, &fresh, both_boxed, 2, row);
    pleats_depth_set_basis(&fresh, &copy);
    assert_int_equal(fresh.n_pivots, 0);
    pleats_depth_vertex(&fresh, again);
    expect_near(again[0], t[0]);
    expect_near(again[1], t[1]);
    expect_near(fresh.bound, copy.bound);
    pleats_depth_clear(*state, &d);
    pleats_depth_clear(*state, &copy);
    pleats_depth_clear(*state, &fresh);
}

enum { K = 5, ROWS = 12 };

/* Optimality by its definition: the vertex has the depth, and the multipliers
 * prove that nothing is deeper. */
static void check_optimum(const pleats_depth *d, double (*row)[K + 1],
                          const double *weight)
{
    double t[K], y[ROWS], proven = 0, weights = 0;
    pleats_depth_vertex(d, t);
    pleats_depth_multipliers(d, y);
    for (int i = 0; i < ROWS; i++) {
        double slack = row[i][K];
        for (int j = 0; j < K; j++)
            slack += row[i][j] * t[j];
        assert_true(slack >= weight[i] * d->bound - 1e-9);
        assert_true(y[i] >= 0);
        proven += y[i] * row[i][K];
        weights += y[i] * weight[i];
    }
    for (int j = 0; j < K; j++) {
        double left = 0;
        for (int i = 0; i < ROWS; i++)
            left += y[i] * row[i][j];
        assert_true(fabs(t[j]) <= 1 + 1e-9);
        proven += fabs(left);
    }
    if (d->bound < 1 - 1e-9)
        expect_near(weights, 1);
    assert_true(proven <= d->bound * weights + 1e-9);
}

/* Rows are added one by one, so that most starts are warm. */
static void random_programmes(void **state)
{
    static const bool boxed[K] = {true, true, true, true, true};
    rng r = {5};
    pleats_depth d = {0};
    int n_empty = 0;
    for (int round = 0; round < 300; round++) {
        double row[ROWS][K + 1] = {0}, weight[ROWS] = {0};
        const bool small = rng_one_in(&r, 2);
        need_ok(*state, pleats_depth_init(*state, &d, K, boxed));
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j <= K; j++) {
                row[i][j] = small ? rng_int(&r, -1, 1) : rng_real(&r, 53);
                weight[i] += fabs(row[i][j]);
            }
            if (small)
                weight[i] += 1;
            need_ok(*state,
                    pleats_depth_add_row(*state, &d, row[i], weight[i]));
            assert_int_equal(pleats_depth_solve(&d, -INFINITY),
                             PLEATS_DEPTH_FOUND);
        }
        n_empty += d.bound < 0;
        check_optimum(&d, row, weight);
    }
    assert_in_range(n_empty, 30, 270);
    pleats_depth_clear(*state, &d);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(in_a_box, ctx),
        cmocka_unit_test_prestate(nowhere, ctx),
        cmocka_unit_test_prestate(without_a_box, ctx),
        cmocka_unit_test_prestate(copies_and_bases, ctx),
        cmocka_unit_test_prestate(random_programmes, ctx),
    };
    return RUN(tests, ctx);
}
