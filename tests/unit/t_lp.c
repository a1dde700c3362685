#include "lp/lp.h"
#include "rng.h"
#include "unit.h"

#include <math.h>

static const bool both_boxed[] = {true, true}, none_boxed[] = {false, false};
static const bool second_boxed[] = {false, true};

static void add_rows(pleats_ctx *ctx, pleats_lp *lp, pleats_idx n,
                     const double (*row)[3])
{
    for (pleats_idx i = 0; i < n; i++)
        assert_int_equal(pleats_lp_add_row(ctx, lp, row[i]), PLEATS_OK);
    pleats_lp_settle(lp);
}

static void expect_near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-12 * (1 + fabs(want))))
        fail_msg("%.17g is not %.17g", got, want);
}

static void expect_maximum(pleats_lp *lp, const double *objective, double value,
                           double x, double y)
{
    double t[2];
    assert_int_equal(pleats_lp_maximize(lp, objective, INFINITY),
                     PLEATS_LP_OPTIMAL);
    expect_near(pleats_lp_value(lp), value);
    pleats_lp_vertex(lp, t);
    expect_near(t[0], x);
    expect_near(t[1], y);
}

static void a_box_alone(void **state)
{
    pleats_lp lp = {0};
    double t[2];
    assert_int_equal(pleats_lp_init(*state, &lp, 2, both_boxed), PLEATS_OK);
    pleats_lp_vertex(&lp, t);
    expect_near(t[0], -1);
    expect_near(t[1], -1);
    expect_maximum(&lp, (double[]){1, 2, 0}, 3, 1, 1);
    expect_maximum(&lp, (double[]){-1, 3, 0.5}, 4.5, -1, 1);
    expect_maximum(&lp, (double[]){-1, -1, 0}, 2, -1, -1);
    pleats_lp_clear(*state, &lp);
}

/* x + y <= 1 in the box: the maximum of x + 2 y is 2 at (0, 1), where the
 * row's multiplier is 1 and the box takes care of y. */
static void one_row(void **state)
{
    static const double row[][3] = {{-1, -1, 1}};
    pleats_lp lp = {0};
    double multiplier;
    assert_int_equal(pleats_lp_init(*state, &lp, 2, both_boxed), PLEATS_OK);
    add_rows(*state, &lp, 1, row);
    expect_maximum(&lp, (double[]){1, 2, 0}, 2, 0, 1);
    pleats_lp_multipliers(&lp, &multiplier);
    expect_near(multiplier, 1);
    pleats_lp_clear(*state, &lp);
}

/* Free coordinates: the triangle x >= 0, y >= 0, 2 x + y <= 4. */
static void free_coordinates(void **state)
{
    static const double row[][3] = {{1, 0, 0}, {0, 1, 0}, {-2, -1, 4}};
    pleats_lp lp = {0};
    double multiplier[3];
    assert_int_equal(pleats_lp_init(*state, &lp, 2, none_boxed), PLEATS_OK);
    add_rows(*state, &lp, 3, row);
    expect_maximum(&lp, (double[]){3, 1, 0}, 6, 2, 0);
    pleats_lp_multipliers(&lp, multiplier);
    expect_near(multiplier[0], 0);
    expect_near(multiplier[1], 0.5);
    expect_near(multiplier[2], 1.5);
    expect_maximum(&lp, (double[]){1, 1, 1}, 5, 0, 4);
    expect_maximum(&lp, (double[]){-1, -1, 0}, 0, 0, 0);
    pleats_lp_clear(*state, &lp);
}

static void degenerate_vertices(void **state)
{
    static const double row[][3] = {{1, 0, 0},   {0, 1, 0},   {1, 1, 0},
                                    {2, 1, 0},   {-1, -1, 2}, {-1, -1, 2},
                                    {-2, -1, 3}, {-1, -2, 3}, {0, 0, 0}};
    pleats_lp lp = {0};
    assert_int_equal(pleats_lp_init(*state, &lp, 2, none_boxed), PLEATS_OK);
    add_rows(*state, &lp, 9, row);
    expect_maximum(&lp, (double[]){1, 1, 0}, 2, 1, 1);
    expect_maximum(&lp, (double[]){-1, -1, 0}, 0, 0, 0);
    expect_maximum(&lp, (double[]){3, 2, 0}, 5, 1, 1);
    pleats_lp_clear(*state, &lp);
}

static void no_maximum(void **state)
{
    static const double row[][3] = {{1, 0, 0}, {1, -1, 5}};
    static const double objective[] = {1, 1, 0};
    pleats_lp lp = {0};
    assert_int_equal(pleats_lp_init(*state, &lp, 2, second_boxed), PLEATS_OK);
    add_rows(*state, &lp, 2, row);
    assert_int_equal(pleats_lp_maximize(&lp, objective, INFINITY),
                     PLEATS_LP_UNBOUNDED);
    expect_maximum(&lp, (double[]){-1, 1, 0}, 1, 0, 1);
    pleats_lp_clear(*state, &lp);
}

static void enough_is_enough(void **state)
{
    static const double row[][3] = {{-1, -1, 1}};
    pleats_lp lp = {0};
    double t[2];
    assert_int_equal(pleats_lp_init(*state, &lp, 2, both_boxed), PLEATS_OK);
    add_rows(*state, &lp, 1, row);
    assert_int_equal(pleats_lp_maximize(&lp, (double[]){1, 1, 0}, -0.5),
                     PLEATS_LP_ENOUGH);
    assert_true(pleats_lp_value(&lp) > -0.5);
    pleats_lp_vertex(&lp, t);
    assert_true(t[0] + t[1] <= 1 + 1e-12);
    assert_int_equal(pleats_lp_maximize(&lp, (double[]){1, 1, 0}, 1.5),
                     PLEATS_LP_OPTIMAL);
    expect_near(pleats_lp_value(&lp), 1);
    pleats_lp_clear(*state, &lp);
}

/* A copy goes its own way. */
static void copies(void **state)
{
    static const double row[][3] = {{-1, -1, 1}, {1, -2, 3}};
    pleats_lp lp = {0}, copy = {0};
    double t[2];
    assert_int_equal(pleats_lp_init(*state, &lp, 2, both_boxed), PLEATS_OK);
    add_rows(*state, &lp, 2, row);
    expect_maximum(&lp, (double[]){1, 4, 0}, 4, 0, 1);
    assert_int_equal(pleats_lp_copy(*state, &copy, &lp), PLEATS_OK);
    expect_maximum(&copy, (double[]){4, 1, 0}, 4, 1, 0);
    pleats_lp_vertex(&lp, t);
    expect_near(t[1], 1);
    pleats_lp_clear(*state, &copy);
    pleats_lp_clear(*state, &lp);
}

enum { K = 4, ROWS = 10 };

/* Optimality by its definition: the vertex satisfies every row and the box,
 * and with the multipliers the objective is bounded by the value. */
static void check_optimum(const pleats_lp *lp, double (*row)[K + 1],
                          const double *objective)
{
    double t[K], y[ROWS], bound = objective[K];
    pleats_lp_vertex(lp, t);
    pleats_lp_multipliers(lp, y);
    for (int i = 0; i < ROWS; i++) {
        double slack = row[i][K];
        for (int j = 0; j < K; j++)
            slack += row[i][j] * t[j];
        assert_true(slack >= -1e-9);
        assert_true(y[i] >= 0);
        bound += y[i] * row[i][K];
    }
    for (int j = 0; j < K; j++) {
        double left = objective[j];
        for (int i = 0; i < ROWS; i++)
            left += y[i] * row[i][j];
        assert_true(fabs(t[j]) <= 1 + 1e-9);
        bound += fabs(left);
    }
    assert_true(bound <= pleats_lp_value(lp) + 1e-9);
}

static void random_programmes(void **state)
{
    static const bool boxed[K] = {true, true, true, true};
    double row[ROWS][K + 1], objective[K + 1];
    pleats_lp lp = {0};
    rng r = {7};
    for (int round = 0; round < 300; round++) {
        bool small = rng_one_in(&r, 2);
        assert_int_equal(pleats_lp_init(*state, &lp, K, boxed), PLEATS_OK);
        for (int i = 0; i < ROWS; i++) {
            row[i][K] = small ? rng_int(&r, 0, 2) : fabs(rng_real(&r, 53));
            for (int j = 0; j < K; j++) {
                row[i][j] = small ? rng_int(&r, -1, 1) : rng_real(&r, 53);
                row[i][K] += row[i][j];
            }
            assert_int_equal(pleats_lp_add_row(*state, &lp, row[i]), PLEATS_OK);
        }
        pleats_lp_settle(&lp);
        for (int again = 0; again < 3; again++) {
            for (int j = 0; j <= K; j++)
                objective[j] = small ? rng_int(&r, -1, 1) : rng_real(&r, 53);
            assert_int_equal(pleats_lp_maximize(&lp, objective, INFINITY),
                             PLEATS_LP_OPTIMAL);
            check_optimum(&lp, row, objective);
        }
    }
    pleats_lp_clear(*state, &lp);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_box_alone, ctx),
        cmocka_unit_test_prestate(one_row, ctx),
        cmocka_unit_test_prestate(free_coordinates, ctx),
        cmocka_unit_test_prestate(degenerate_vertices, ctx),
        cmocka_unit_test_prestate(no_maximum, ctx),
        cmocka_unit_test_prestate(enough_is_enough, ctx),
        cmocka_unit_test_prestate(copies, ctx),
        cmocka_unit_test_prestate(random_programmes, ctx),
    };
    return RUN(tests, ctx);
}
