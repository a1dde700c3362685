#include "lp/exact_lp.h"
#include "rng.h"
#include "unit.h"

static const bool both_boxed[] = {true, true}, none_boxed[] = {false, false};

/* A programme of k = 2 with small integer rows. */
static void set_up(pleats_ctx *ctx, pleats_exact_lp *lp, const bool *boxed,
                   pleats_idx m, const long *row)
{
    mpz_t z[3];
    for (int j = 0; j < 3; j++)
        mpz_init(z[j]);
    assert_int_equal(pleats_exact_lp_init(ctx, lp, 2, boxed, m), PLEATS_OK);
    for (pleats_idx i = 0; i < m; i++) {
        for (int j = 0; j < 3; j++)
            mpz_set_si(z[j], row[3 * i + j]);
        pleats_exact_lp_set_row(lp, i, z);
    }
    for (int j = 0; j < 3; j++)
        mpz_clear(z[j]);
}

static pleats_exact_end solve(pleats_ctx *ctx, pleats_exact_lp *lp,
                              const long *objective, bool sign_only)
{
    pleats_exact_end end;
    mpz_t z[3];
    for (int j = 0; j < 3; j++)
        mpz_init_set_si(z[j], objective[j]);
    pleats_exact_lp_set_objective(lp, z);
    for (int j = 0; j < 3; j++)
        mpz_clear(z[j]);
    assert_int_equal(pleats_exact_lp_solve(ctx, lp, sign_only, &end),
                     PLEATS_OK);
    return end;
}

/* num / lp->det == p / q */
static void expect_fraction(const pleats_exact_lp *lp, const mpz_t num, long p,
                            long q)
{
    mpz_t left, right;
    mpz_init(left);
    mpz_init(right);
    mpz_mul_si(left, num, q);
    mpz_mul_si(right, lp->det, p);
    assert_true(mpz_sgn(lp->det) > 0);
    assert_int_equal(mpz_cmp(left, right), 0);
    mpz_clear(left);
    mpz_clear(right);
}

static void expect_optimum(const pleats_exact_lp *lp, long p, long q)
{
    mpz_t num;
    mpz_init(num);
    pleats_exact_lp_value(lp, num);
    expect_fraction(lp, num, p, q);
    mpz_clear(num);
}

/* 2 x + 3 y <= 1 and 3 x + 2 y <= 1 in the box: x + y is at most 2/5, at
 * (1/5, 1/5); x alone at most 1, at y <= -1/1. */
static void fractions(void **state)
{
    static const long row[][3] = {{-2, -3, 1}, {-3, -2, 1}, {1, 0, 1}};
    pleats_exact_lp lp = {0};
    mpz_t vertex[2];
    mpz_init(vertex[0]);
    mpz_init(vertex[1]);
    set_up(*state, &lp, both_boxed, 3, row[0]);
    assert_int_equal(solve(*state, &lp, (long[]){1, 1, 0}, false),
                     PLEATS_EXACT_OPTIMAL);
    expect_optimum(&lp, 2, 5);
    pleats_exact_lp_vertex(&lp, vertex);
    expect_fraction(&lp, vertex[0], 1, 5);
    expect_fraction(&lp, vertex[1], 1, 5);
    assert_true(pleats_exact_lp_is_binding(&lp, 0));
    assert_true(pleats_exact_lp_is_binding(&lp, 1));
    assert_false(pleats_exact_lp_is_binding(&lp, 2));
    assert_int_equal(solve(*state, &lp, (long[]){7, 0, -7}, false),
                     PLEATS_EXACT_OPTIMAL);
    expect_optimum(&lp, 0, 1);
    pleats_exact_lp_clear(*state, &lp);
    mpz_clear(vertex[0]);
    mpz_clear(vertex[1]);
}

static void infeasible(void **state)
{
    static const long outside[][3] = {{1, 0, -2}};
    static const long apart[][3] = {{1, 1, -1}, {-1, -1, 0}};
    pleats_exact_lp lp = {0};
    set_up(*state, &lp, both_boxed, 1, outside[0]);
    assert_int_equal(solve(*state, &lp, (long[]){0, 0, 0}, false),
                     PLEATS_EXACT_INFEASIBLE);
    set_up(*state, &lp, none_boxed, 2, apart[0]);
    assert_int_equal(solve(*state, &lp, (long[]){0, 0, 0}, false),
                     PLEATS_EXACT_INFEASIBLE);
    pleats_exact_end end = solve(*state, &lp, (long[]){1, 0, 5}, true);
    assert_true(end == PLEATS_EXACT_INFEASIBLE ||
                end == PLEATS_EXACT_NEGATIVE || end == PLEATS_EXACT_UNBOUNDED);
    pleats_exact_lp_clear(*state, &lp);
}

static void unbounded(void **state)
{
    static const long row[][3] = {{1, 0, 0}, {0, 1, 0}};
    pleats_exact_lp lp = {0};
    set_up(*state, &lp, none_boxed, 2, row[0]);
    assert_int_equal(solve(*state, &lp, (long[]){1, -1, 0}, false),
                     PLEATS_EXACT_UNBOUNDED);
    assert_int_equal(solve(*state, &lp, (long[]){-1, -1, 3}, false),
                     PLEATS_EXACT_OPTIMAL);
    expect_optimum(&lp, 3, 1);
    pleats_exact_lp_clear(*state, &lp);
}

/* Rows that meet in one point, twice the same, with and without content. */
static void degenerate(void **state)
{
    static const long row[][3] = {{1, 0, 0},   {0, 1, 0},   {1, 1, 0},
                                  {5, 5, 0},   {-1, -1, 2}, {-3, -3, 6},
                                  {-2, -1, 3}, {-1, -2, 3}, {0, 0, 0}};
    pleats_exact_lp lp = {0};
    set_up(*state, &lp, none_boxed, 9, row[0]);
    assert_int_equal(solve(*state, &lp, (long[]){1, 1, 0}, false),
                     PLEATS_EXACT_OPTIMAL);
    expect_optimum(&lp, 2, 1);
    assert_int_equal(solve(*state, &lp, (long[]){-1, -1, 0}, false),
                     PLEATS_EXACT_OPTIMAL);
    expect_optimum(&lp, 0, 1);
    pleats_exact_lp_clear(*state, &lp);
}

/* The maximum over the box is exactly 0, a little above, a little below. */
static void signs(void **state)
{
    static const struct {
        long objective[3];
        bool positive;
    } table[] = {
        {{1000000, 1, -1000001}, false},
        {{1000000, 1, -1000000}, true},
        {{1000000, 1, -1000002}, false},
        {{0, 0, 0}, false},
        {{0, 0, 1}, true},
        {{-1, 0, -1}, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        pleats_exact_lp lp = {0};
        set_up(*state, &lp, both_boxed, 0, NULL);
        pleats_exact_end end = solve(*state, &lp, table[i].objective, true);
        if (end == PLEATS_EXACT_OPTIMAL) {
            mpz_t value;
            mpz_init(value);
            pleats_exact_lp_value(&lp, value);
            assert_int_equal(mpz_sgn(value) > 0, table[i].positive);
            mpz_clear(value);
        } else
            assert_int_equal(end, table[i].positive ? PLEATS_EXACT_POSITIVE
                                                    : PLEATS_EXACT_NEGATIVE);
        pleats_exact_lp_clear(*state, &lp);
    }
}

/* The best vertex of a polygon, found by trying all pairs of its lines, as
 * best / *den; false when the polygon is empty. */
static bool best_vertex(int n, long (*line)[3], const long *objective,
                        long *best, long *den)
{
    bool found = false;
    for (int a = 0; a < n; a++)
        for (int b = 0; b < a; b++) {
            const long *p = line[a], *q = line[b];
            long det = p[0] * q[1] - p[1] * q[0];
            long x = p[1] * q[2] - p[2] * q[1], y = p[2] * q[0] - p[0] * q[2];
            bool inside = det != 0;
            if (det < 0)
                x = -x, y = -y, det = -det;
            for (int i = 0; i < n && inside; i++)
                inside =
                    line[i][0] * x + line[i][1] * y + line[i][2] * det >= 0;
            long value =
                objective[0] * x + objective[1] * y + objective[2] * det;
            if (inside && (!found || value * *den > *best * det)) {
                *best = value;
                *den = det;
                found = true;
            }
        }
    return found;
}

static void random_polygons(void **state)
{
    static const long box[4][3] = {
        {1, 0, 1}, {-1, 0, 1}, {0, 1, 1}, {0, -1, 1}};
    pleats_exact_lp lp = {0};
    rng r = {3};
    int empty = 0;
    for (int round = 0; round < 1000; round++) {
        long line[10][3], objective[3], best = 0, den = 1;
        memcpy(line, box, sizeof box);
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 3; j++)
                line[4 + i][j] = rng_int(&r, -3, 3) + (j == 2);
        for (int j = 0; j < 3; j++)
            objective[j] = rng_int(&r, -3, 3);
        bool found = best_vertex(10, line, objective, &best, &den);
        empty += !found;
        set_up(*state, &lp, both_boxed, 6, line[4]);
        pleats_exact_end end = solve(*state, &lp, objective, true);
        if (found)
            assert_true(end == PLEATS_EXACT_OPTIMAL ||
                        (end == PLEATS_EXACT_POSITIVE) == (best > 0));
        else
            assert_true(end != PLEATS_EXACT_POSITIVE &&
                        end != PLEATS_EXACT_OPTIMAL);
        end = solve(*state, &lp, objective, false);
        assert_int_equal(end == PLEATS_EXACT_OPTIMAL, found);
        if (found)
            expect_optimum(&lp, best, den);
    }
    assert_true(empty > 50 && empty < 950);
    pleats_exact_lp_clear(*state, &lp);
}

/* A free coordinate that no row holds: its value has no bound either way. */
static void nothing_holds_a_coordinate(void **state)
{
    static const long row[][3] = {{1, 0, 1}, {-1, 0, 1}};
    static const long up[] = {0, 1, 0}, down[] = {0, -1, -5};
    static const long along[] = {1, 0, 0};
    pleats_exact_lp lp = {0};
    for (int sign_only = 0; sign_only < 2; sign_only++) {
        set_up(*state, &lp, none_boxed, 2, row[0]);
        assert_int_equal(solve(*state, &lp, up, sign_only),
                         PLEATS_EXACT_UNBOUNDED);
        assert_int_equal(solve(*state, &lp, down, sign_only),
                         PLEATS_EXACT_UNBOUNDED);
    }
    assert_int_equal(solve(*state, &lp, along, false), PLEATS_EXACT_OPTIMAL);
    expect_optimum(&lp, 1, 1);
    pleats_exact_lp_clear(*state, &lp);
}

/* A cancelled context: no end is claimed. */
static void stops_when_asked(void **state)
{
    static const long row[][3] = {{-2, -3, 1}, {-3, -2, 1}};
    pleats_exact_lp lp = {0};
    pleats_exact_end end;
    pleats_ctx *ctx = NULL;
    (void)state;
    assert_int_equal(pleats_ctx_new(NULL, &ctx), PLEATS_OK);
    set_up(ctx, &lp, both_boxed, 2, row[0]);
    pleats_ctx_cancel(ctx);
    mpz_t z[3];
    for (int j = 0; j < 3; j++)
        mpz_init_set_si(z[j], j < 2);
    pleats_exact_lp_set_objective(&lp, z);
    assert_int_equal(pleats_exact_lp_solve(ctx, &lp, false, &end),
                     PLEATS_LIMIT);
    for (int j = 0; j < 3; j++)
        mpz_clear(z[j]);
    pleats_exact_lp_clear(ctx, &lp);
    pleats_ctx_free(ctx);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(fractions, ctx),
        cmocka_unit_test_prestate(infeasible, ctx),
        cmocka_unit_test_prestate(unbounded, ctx),
        cmocka_unit_test_prestate(nothing_holds_a_coordinate, ctx),
        cmocka_unit_test_prestate(degenerate, ctx),
        cmocka_unit_test_prestate(signs, ctx),
        cmocka_unit_test_prestate(random_polygons, ctx),
        cmocka_unit_test(stops_when_asked),
    };
    return RUN(tests, ctx);
}
