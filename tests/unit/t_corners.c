/* What corners of pictures are told apart and placed by. */
#include "unit.h"

#include "cells/vertex_names.h"
#include "draw/plane/axes.h"
#include "draw/plane/corners.h"

#include "pleats/pleats.h"

static pleats_idx cross(pleats_vertex_names *names, pleats_idx p, pleats_idx q,
                        pleats_idx a, pleats_idx b, double at)
{
    pleats_idx name = -1;
    need_ok(names->ctx, pleats_vertex_names_cross(
                            names, p, q, (pleats_hyperplane){a, b, at}, &name));
    return name;
}

/* A name for each edge and plane, whichever end comes first. */
static void names(void **state)
{
    pleats_vertex_names n;
    pleats_idx corner[3];
    pleats_vertex_names_init(*state, &n);
    for (size_t i = 0; i < 3; i++)
        need_ok(*state, pleats_vertex_names_add(&n, &corner[i]));
    const pleats_idx p = corner[0], q = corner[1], r = corner[2];
    const pleats_idx first = cross(&n, p, q, 7, -1, 0);
    assert_true(first != p && first != q && first != r);
    assert_int_equal(cross(&n, q, p, 7, -1, 0), first);
    const pleats_idx other[] = {
        cross(&n, p, r, 7, -1, 0),   cross(&n, r, q, 7, -1, 0),
        cross(&n, p, q, 8, -1, 0),   cross(&n, p, q, 7, 2, 0),
        cross(&n, p, q, 7, -1, 0.5), cross(&n, p, first, 7, -1, 0)};
    const pleats_idx n_other = sizeof other / sizeof *other;
    for (pleats_idx i = 0; i < n_other; i++) {
        assert_true(other[i] > first);
        for (pleats_idx j = 0; j < i; j++)
            assert_true(other[i] != other[j]);
    }
    assert_int_equal(n.n, 3 + 1 + n_other);
    pleats_vertex_names_clear(&n);
}

/* So many that the table grows, and that one is looked for behind others. */
static void many_names(void **state)
{
    pleats_vertex_names n;
    pleats_idx end[2];
    pleats_vertex_names_init(*state, &n);
    for (size_t i = 0; i < 2; i++)
        need_ok(*state, pleats_vertex_names_add(&n, &end[i]));
    for (pleats_idx i = 0; i < 5000; i++)
        assert_int_equal(cross(&n, end[0], end[1], i, -1, 0), 2 + i);
    for (pleats_idx i = 0; i < 5000; i++)
        assert_int_equal(cross(&n, end[1], end[0], i, -1, 0), 2 + i);
    for (pleats_idx i = 0; i < 5000; i++)
        assert_int_equal(cross(&n, end[0], end[1], 7, i, 0), 5002 + i);
    pleats_vertex_names_clear(&n);
}

/* The corner at a vertex of that name with x0 = `at`, off by at most `error`.
 */
static size_t find(pleats_corners *c, pleats_idx name, double at, double error)
{
    pleats_frame frame = {.k = 2};
    pleats_space space = {.ctx = c->ctx, .frame = &frame};
    double point[12] = {at, 0, 0, 0, 0, 0, 0, 0, 1}, errors[4] = {error};
    uint64_t on = 0;
    pleats_vertex_id id = 0;
    pleats_vertices cell = {.dim = 2,
                            .n = 1,
                            .pad = 4,
                            .point = point,
                            .error = errors,
                            .n_words = 1,
                            .on = &on,
                            .id = &id,
                            .name = &name};
    size_t number = SIZE_MAX;
    need_ok(c->ctx, pleats_corners_find(c, &space, &cell, 0, &number));
    return number;
}

/* Two names that doubles do not tell apart, on both sides of a square's side,
 * whichever of the two places is the one known badly. */
static void unclear_corners(void **state)
{
    const double near = 0x1p-40, bad = 0x1p-32, good = 0x1p-50;
    for (int i = 0; i < 2; i++) {
        pleats_corners c;
        pleats_corners_init(*state, &c, false);
        assert_int_equal(find(&c, 0, -near, i ? bad : good), 0);
        assert_int_equal(find(&c, 0, -near, i ? bad : good), 0);
        assert_int_equal(find(&c, 1, 0.5, good), 1);
        assert_int_equal(find(&c, 2, 64 * bad, good), 2);
        assert_false(c.unclear);
        (void)find(&c, 3, near, i ? good : bad);
        assert_true(c.unclear);
        pleats_corners_clear(&c);
    }
}

/* On the axes of a box as large as doubles: what is a little outside of it has
 * no place. */
static void places(void **state)
{
    const double most = 0x1.fffffffffffffp1023;
    const double lo[] = {-most, -most}, hi[] = {most, most};
    pleats_domain *box = NULL;
    pleats_frame frame;
    pleats_axes axes;
    double at[2];
    need_ok(*state, pleats_domain_box(*state, 2, pleats_doubles(lo),
                                      pleats_doubles(hi), &box));
    need_ok(*state, pleats_frame_init(*state, &frame, box, &box->part[0]));
    need_ok(*state, pleats_axes_init(*state, &axes, &box->part[0], &frame));
    assert_true(pleats_axes_place(&axes, (double[]){0.5, -0.25}, at));
    assert_true(at[0] == most / 2 && at[1] == -most / 4);
    assert_false(pleats_axes_place(&axes, (double[]){1 + 0x1p-30, 0}, at));
    assert_false(pleats_axes_place(&axes, (double[]){0, -1 - 0x1p-30}, at));
    pleats_axes_clear(*state, &axes);
    pleats_frame_clear(*state, &frame);
    pleats_domain_free(*state, box);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(names, ctx),
        cmocka_unit_test_prestate(many_names, ctx),
        cmocka_unit_test_prestate(unclear_corners, ctx),
        cmocka_unit_test_prestate(places, ctx),
    };
    return RUN(tests, ctx);
}
