/* Points of a cell, by what is said of them. */
#include "cells/witnesses.h"
#include "unit.h"

static void add(pleats_ctx *ctx, pleats_witnesses *w, double x, int side)
{
    need_ok(ctx, pleats_witnesses_add(ctx, w, 1, &x, side));
}

static double at(const pleats_witnesses *w, pleats_idx i)
{
    return *pleats_witnesses_point(w, i, 1);
}

/* A part gets the points that were on its side when the plane was kept; what
 * came later was on a side of another plane. */
static void points_of_parts(void **state)
{
    pleats_witnesses w = {0}, part = {0};
    add(*state, &w, 1, 1);
    add(*state, &w, -1, -1);
    add(*state, &w, 2, 1);
    add(*state, &w, 0, 0);
    pleats_witnesses_keep_sides(&w);
    add(*state, &w, 5, 1);
    need_ok(*state, pleats_witnesses_take(*state, &part, &w, 1, 1));
    assert_int_equal(part.n, 2);
    assert_true(at(&part, 0) == 1 && at(&part, 1) == 2);
    need_ok(*state, pleats_witnesses_take(*state, &part, &w, 1, 0));
    assert_int_equal(part.n, 5);
    need_ok(*state, pleats_witnesses_take(*state, &w, &w, 1, -1));
    assert_int_equal(w.n, 1);
    assert_true(at(&w, 0) == -1);
    pleats_witnesses_clear(*state, &w);
    pleats_witnesses_clear(*state, &part);
}

/* Of many points the oldest ones go, and with them what was known of them. */
static void the_oldest_go(void **state)
{
    pleats_witnesses w = {0};
    double mean;
    for (int i = 0; i < PLEATS_WITNESSES_MOST; i++)
        add(*state, &w, i, 1);
    pleats_witnesses_keep_sides(&w);
    add(*state, &w, 100, -1);
    add(*state, &w, 101, -1);
    assert_int_equal(w.n, PLEATS_WITNESSES_MOST);
    assert_true(at(&w, 0) == 100 && at(&w, 1) == 101 && at(&w, 2) == 2);
    need_ok(*state, pleats_witnesses_take(*state, &w, &w, 1, 1));
    assert_int_equal(w.n, PLEATS_WITNESSES_MOST - 2);
    assert_true(at(&w, 0) == 2);
    w.n = 2;
    pleats_witnesses_mean(&w, 1, &mean);
    assert_true(mean == 2.5);
    pleats_witnesses_clear(*state, &w);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(points_of_parts, ctx),
        cmocka_unit_test_prestate(the_oldest_go, ctx),
    };
    return RUN(tests, ctx);
}
