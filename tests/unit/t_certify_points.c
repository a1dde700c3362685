/* What the programme engine takes for a proof that there are points, on cells
 * and points that are made up. */
#include "certify_stage.h"
#include "unit.h"

#include <math.h>

static void signs_at_far_points(void **state)
{
    const double form[] = {1, -1, 0.5};
    const double near[] = {0.25, 0.5}, far[] = {0x1p40, 0x1p40};
    const double beyond[] = {1.7e308, -1.7e308}, lost[] = {INFINITY, INFINITY};
    stage s;
    pleats_bounds b;
    stage_init(*state, &s);
    ask(&s, form, 0x1p-30);
    b = s.a.space.question.bounds;
    assert_int_equal(pleats_certain_sign(&s.a.space, form, b, near), 1);
    assert_int_equal(pleats_certain_sign(&s.a.space, form, b, far), 0);
    assert_int_equal(pleats_certain_sign(&s.a.space, form, b, beyond), 0);
    assert_int_equal(pleats_certain_sign(&s.a.space, form, b, lost), 0);
    ask(&s, form, 0.25);
    b = s.a.space.question.bounds;
    assert_int_equal(pleats_certain_sign(&s.a.space, form, b, near), 0);
    stage_clear(&s);
}

/* The cell's only point. */
static void put_witness(stage *s, double x, double y)
{
    s->cell.pool.n = 0;
    need_ok(s->a.ctx, pleats_witnesses_add(s->a.ctx, &s->cell.pool, K,
                                           (double[]){x, y}, 0));
}

/* Whether a point is found on the way to (x, y). */
static bool finds(stage *s, bool positive, double x, double y, bool exactly)
{
    bool inside;
    need_ok(s->a.ctx,
            pleats_certify_between(&s->a.space, &s->cell, positive,
                                   (double[]){x, y}, exactly, &inside));
    return inside;
}

/* From (0, 0) to a vertex on the box: the point found is inside of box and
 * walls and on its side of the plane, strictly. */
static void points_on_the_way(void **state)
{
    const double form[] = {1, 0, -0.25}, wall[] = {-1, 0, 0.25};
    const double half[] = {-1, 0, 0.5};
    stage s;
    stage_init(*state, &s);
    const double *found = s.a.space.lp.found;
    ask(&s, form, 0);
    assert_false(finds(&s, true, 1, 1, false));
    put_witness(&s, 0, 0);
    assert_true(finds(&s, true, 1, 1, false));
    assert_true(found[0] > 0.25 && found[0] < 1);
    add_wall(&s, wall, 0, 0);
    assert_false(finds(&s, true, 1, 1, false));
    drop_walls(&s);
    add_wall(&s, half, 0.3, 0);
    assert_false(finds(&s, true, 1, 1, false));
    drop_walls(&s);
    ask(&s, (double[]){1, 0, -1}, 0);
    assert_false(finds(&s, true, 2, 0, false));
    put_witness(&s, 0.5, 0);
    ask(&s, (double[]){1, 0, 0}, 0);
    assert_false(finds(&s, false, 0.5, 1, false));
    stage_clear(&s);
}

static void set_objective(stage *s, long x, long y, long one)
{
    mpz_set_si(s->a.space.question.objective[0], x);
    mpz_set_si(s->a.space.question.objective[1], y);
    mpz_set_si(s->a.space.question.objective[2], one);
    s->a.space.question.has_objective = true;
}

/* A point that is exactly on the box, on a wall or on the plane is not inside,
 * also where exact arithmetic is asked. */
static void points_on_walls(void **state)
{
    const double wall[] = {1, 0, -0.5}, none[] = {0, 0, 1};
    stage s;
    stage_init(*state, &s);
    for (int exactly = 0; exactly < 2; exactly++) {
        set_objective(&s, 2, 0, -1);
        put_witness(&s, 0.5, 0);
        ask(&s, wall, 0);
        assert_false(finds(&s, true, 0.5, 0, exactly));
        assert_false(finds(&s, false, 0.5, 0, exactly));
        put_witness(&s, 1, 0);
        ask(&s, none, 0);
        assert_false(finds(&s, true, 1, 0, exactly));
    }
    stage_clear(&s);
}

/* Where the bound does not tell, the exact form does, on its own side. */
static void points_by_exact_signs(void **state)
{
    const double form[] = {1, 0, -0.25};
    stage s;
    stage_init(*state, &s);
    const double *found = s.a.space.lp.found;
    put_witness(&s, 0, 0);
    ask(&s, form, 4);
    set_objective(&s, 4, 0, -1);
    assert_false(finds(&s, true, 0.5, 0, false));
    assert_true(finds(&s, true, 0.5, 0, true) && found[0] > 0.25);
    assert_true(finds(&s, false, -0.5, 0, true) && found[0] < 0.25);
    put_witness(&s, 0.5, 0);
    assert_false(finds(&s, false, 0.5, 0, true));
    stage_clear(&s);
}

/* A deepest point on the box moves off it, towards the middle, and stays on its
 * side of a plane that does not hold the middle. */
static void deep_points(void **state)
{
    bool inside;
    stage s;
    stage_init(*state, &s);
    pleats_depth *d = &s.a.space.lp.asked;
    for (pleats_idx j = 0; j < K; j++) {
        d->place[j] = j;
        d->flipped[j] = true;
    }
    ask(&s, (double[]){1, 0, -0.75}, 0);
    need_ok(*state, pleats_certify_deep(&s.a.space, &s.cell, true, &inside));
    assert_true(inside);
    assert_true(s.a.space.lp.found[0] > 0.75 && s.a.space.lp.found[0] < 1);
    ask(&s, (double[]){1, 0, -0.75}, 0.3);
    need_ok(*state, pleats_certify_deep(&s.a.space, &s.cell, true, &inside));
    assert_false(inside);
    ask(&s, (double[]){1, 0, -1}, 0);
    need_ok(*state, pleats_certify_deep(&s.a.space, &s.cell, true, &inside));
    assert_false(inside);
    stage_clear(&s);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(signs_at_far_points, ctx),
        cmocka_unit_test_prestate(points_on_the_way, ctx),
        cmocka_unit_test_prestate(points_on_walls, ctx),
        cmocka_unit_test_prestate(points_by_exact_signs, ctx),
        cmocka_unit_test_prestate(deep_points, ctx),
    };
    return RUN(tests, ctx);
}
