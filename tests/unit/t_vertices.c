/* Cells held by their vertices whose vertices everyone knows. */
#include "body.h"

enum { MOST = 128, MOST_ROWS = 4 * MOST };

/* Vertices, rays and lines of the part that is left. */
static void expect_parts(body *b, pleats_idx points, pleats_idx rays,
                         pleats_idx lines)
{
    pleats_vertices *v = &b->cell.vertices;
    pleats_idx n = 0;
    for (pleats_idx i = 0; i < v->n; i++) {
        mpz_t *x = NULL;
        need_ok(b->a.ctx, pleats_vertices_solve(&b->a.space, v, i, &x));
        n += mpz_sgn(x[b->a.k]) != 0;
    }
    assert_int_equal(n, points);
    assert_int_equal(v->n - n, rays);
    assert_int_equal(v->n_lines, lines);
    assert_int_equal(v->dim + v->n_lines, b->a.k);
}

static void expect_body(pleats_ctx *ctx, size_t k, size_t n, const double *rows,
                        bool boxed, pleats_idx points, pleats_idx rays,
                        pleats_idx lines)
{
    body b;
    carve(ctx, &b, k, n, rows, boxed);
    expect_parts(&b, points, rays, lines);
    finish(&b);
}

static void boxes_and_spaces(void **state)
{
    const double far[9] = {0, 0, 0, 0, 0, 0, 0, 0, 1};
    for (size_t k = 1; k <= 8; k++) {
        const double *row = far + 8 - k;
        expect_body(*state, k, 1, row, true, 1 << k, 0, 0);
        expect_body(*state, k, 1, row, false, 1, 0, (pleats_idx)k);
    }
}

/* x_j > 0 for all j, then the sum of all below 1. */
static void orthants_and_simplices(void **state)
{
    for (size_t k = 1; k <= 6; k++) {
        double rows[7 * 7] = {0};
        pleats_idx d = (pleats_idx)k;
        for (size_t i = 0; i < k; i++) {
            rows[i * (k + 1) + i] = 1;
            rows[k * (k + 1) + i] = -1;
        }
        rows[k * (k + 1) + k] = 1;
        expect_body(*state, k, 1, rows, false, 1, 1, d - 1);
        expect_body(*state, k, k, rows, false, 1, d, 0);
        expect_body(*state, k, k + 1, rows, false, d + 1, 0, 0);
        expect_body(*state, k, k + 1, rows, true, d + 1, 0, 0);
    }
}

static void slabs(void **state)
{
    const double rows[] = {1, 2, 3, 1, -1, -2, -3, 1, 0, 1, 1, 5};
    expect_body(*state, 3, 2, rows, false, 2, 0, 2);
    expect_body(*state, 3, 3, rows, false, 2, 1, 1);
}

static void halves_of_a_cube(void **state)
{
    const double corner[] = {1, 1, 1, -1}, rest[] = {-1, -1, -1, 1};
    const double prism[] = {1, 1, 0, 0}, hexagon[] = {1, 1, 1, 0};
    const double facet[] = {1, 0, 0, 1}, vertex[] = {1, 1, 1, 3};
    expect_body(*state, 3, 1, corner, true, 4, 0, 0);
    expect_body(*state, 3, 1, rest, true, 7, 0, 0);
    expect_body(*state, 3, 1, prism, true, 6, 0, 0);
    expect_body(*state, 3, 1, hexagon, true, 10, 0, 0);
    expect_body(*state, 3, 1, facet, true, 8, 0, 0);
    expect_body(*state, 3, 1, vertex, true, 8, 0, 0);
}

/* +-x +-y +-z < 1, then a plane through four, two and no vertices. */
static void cross_polytopes(void **state)
{
    double rows[9 * 4];
    const double last[3][4] = {{1, 0, 0, 0}, {1, 1, 0, 0}, {4, 2, 1, 0}};
    const pleats_idx points[] = {5, 6, 3 + 6};
    for (size_t i = 0; i < 8; i++) {
        for (size_t j = 0; j < 3; j++)
            rows[4 * i + j] = i >> j & 1 ? 1 : -1;
        rows[4 * i + 3] = 1;
    }
    expect_body(*state, 3, 8, rows, false, 6, 0, 0);
    expect_body(*state, 3, 8, rows, true, 6, 0, 0);
    for (size_t p = 0; p < 3; p++) {
        memcpy(rows + 32, last[p], sizeof last[p]);
        expect_body(*state, 3, 9, rows, true, points[p], 0, 0);
    }
}

/* Above all tangents of a parabola at -50 .. 50: more walls than a word has
 * bits, all of them facets. */
static void tangents_of_a_parabola(void **state)
{
    double rows[3 * 101];
    body b;
    for (int i = 0; i < 101; i++) {
        double at = (i * 37) % 101 - 50;
        rows[3 * i] = -2 * at;
        rows[3 * i + 1] = 1;
        rows[3 * i + 2] = at * at;
    }
    carve(*state, &b, 2, 101, rows, false);
    expect_parts(&b, 100, 2, 0);
    assert_true(b.cell.vertices.n_words >= 2);
    for (pleats_idx i = 0; i < b.cell.vertices.n; i++) {
        mpz_t *x;
        need_ok(*state,
                pleats_vertices_solve(&b.a.space, &b.cell.vertices, i, &x));
        double w = mpz_get_d(x[2]), u = mpz_get_d(x[0]) / w;
        if (w != 0) {
            assert_true(u - floor(u) == 0.5);
            assert_true(mpz_get_d(x[1]) / w == u * u - 0.25);
        }
    }
    finish(&b);
}

/* As many walls as a word has bits, all of them facets, and one more: above the
 * tangents of a parabola at 1 .. 63, a line that cuts off 30 vertices. */
static void the_65th_wall_of_a_polygon(void **state)
{
    double rows[3 * 64] = {0};
    body b;
    for (int i = 0; i < 63; i++) {
        const double at = i + 1;
        rows[3 * i] = -2 * at;
        rows[3 * i + 1] = 1;
        rows[3 * i + 2] = at * at;
    }
    rows[3 * 63] = 1;
    rows[3 * 63 + 2] = -31;
    carve_some(*state, &b, 2, 64, 63, rows, false);
    pleats_space *s = &b.a.space;
    const pleats_hyperplane plane = arrangement_plane(&b.a, 63, -1, 0);
    pleats_cell part[2] = {0};
    assert_int_equal(b.cell.vertices.n_slots, 64);
    for (int side = 0; side < 2; side++) {
        need_ok(*state, pleats_cell_restrict(s, &b.cell, plane, side ? 1 : -1,
                                             &part[side]));
        const pleats_vertices *v = &part[side].vertices;
        assert_int_equal(v->n, side ? 35 : 33);
        assert_int_equal(v->n_words, 2);
        for (pleats_idx i = 0; i < v->n; i++) {
            const uint64_t *on = pleats_vertices_walls(v, i);
            assert_int_equal(
                __builtin_popcountll(on[0]) + __builtin_popcountll(on[1]), 2);
            assert_int_equal(pleats_vertices_walls(v, i)[1], i >= v->n - 2);
        }
        pleats_cell_clear(*state, &part[side]);
    }
    finish(&b);
}

/* Above the tangent planes of a paraboloid at a 9 x 9 grid: every vertex is on
 * four walls. */
static void tangents_of_a_paraboloid(void **state)
{
    double rows[4 * 81];
    for (int i = 0; i < 81; i++) {
        int at = (i * 37) % 81, x = at % 9 - 4, y = at / 9 - 4;
        const double row[] = {-2 * x, -2 * y, 1, x * x + y * y};
        memcpy(rows + 4 * (size_t)i, row, sizeof row);
    }
    expect_body(*state, 3, 81, rows, false, 64, 4, 0);
}

/* A wall that cut once, and then touches the cell at a square alone: opposite
 * corners of the square are on three walls together, and share no edge. */
static void a_wall_that_touches_a_square(void **state)
{
    const double rows[] = {-1, -1, 0, 0, 1.5,  -1, 0, 0, 0, 0.75,
                           0,  -1, 0, 0, 0.75, 0,  0, 1, 1, 0};
    expect_body(*state, 4, 3, rows, true, 16, 0, 0);
    expect_body(*state, 4, 4, rows, true, 12, 0, 0);
}

/* The same of a cell with 71 walls, 64 of which touch a parabola in the plane
 * of the first two coordinates: a polygon with 67 corners times the square, and
 * times a triangle. */
static void a_wall_that_touches_one_of_many_squares(void **state)
{
    enum { TANGENTS = 64 };
    const double last[] = {-1, -1, 0, 0, 1.5,  -1, 0, 0, 0, 0.75,
                           0,  -1, 0, 0, 0.75, 0,  0, 1, 1, 0};
    double rows[5 * (TANGENTS + 4)];
    for (int i = 0; i < TANGENTS; i++) {
        const double at = 3 * (i - TANGENTS / 2) / 128.0;
        const double row[] = {-at / 2, 1, 0, 0, at * at / 4 + 1};
        memcpy(rows + 5 * (size_t)i, row, sizeof row);
    }
    memcpy(rows + 5 * (size_t)TANGENTS, last, sizeof last);
    expect_body(*state, 4, TANGENTS + 3, rows, true, 4 * 67, 0, 0);
    expect_body(*state, 4, TANGENTS + 4, rows, true, 3 * 67, 0, 0);
}

/* A form without coefficients is on one side of its breakpoint, or on none. */
static void constant_forms(void **state)
{
    const double rows[] = {0, 0, 0};
    arrangement a;
    pleats_cell cell = {0};
    arrangement_init(*state, &a, 2, 1, rows, true);
    need_ok(*state, pleats_cell_root(&a.space, &cell));
    for (int at = -1; at <= 1; at++) {
        bool has[2];
        need_ok(*state,
                pleats_cell_sides(&a.space, &cell,
                                  arrangement_plane(&a, 0, -1, at), has));
        assert_int_equal(has[0], at > 0);
        assert_int_equal(has[1], at < 0);
    }
    pleats_cell_clear(*state, &cell);
    arrangement_clear(&a);
}

/* Each wall makes the one before it needless. */
static void walls_are_dropped(void **state)
{
    double rows[MOST_ROWS];
    body b;
    for (int i = 0; i < MOST; i++) {
        rows[3 * i] = 1;
        rows[3 * i + 1] = 0;
        rows[3 * i + 2] = 1 - (i + 1) / (double)MOST;
    }
    carve(*state, &b, 2, MOST, rows, true);
    expect_parts(&b, 4, 0, 0);
    assert_int_equal(b.cell.vertices.n_words, 1);
    assert_true(b.cell.vertices.n_slots <= 64);
    finish(&b);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(boxes_and_spaces, ctx),
        cmocka_unit_test_prestate(orthants_and_simplices, ctx),
        cmocka_unit_test_prestate(slabs, ctx),
        cmocka_unit_test_prestate(halves_of_a_cube, ctx),
        cmocka_unit_test_prestate(cross_polytopes, ctx),
        cmocka_unit_test_prestate(tangents_of_a_parabola, ctx),
        cmocka_unit_test_prestate(the_65th_wall_of_a_polygon, ctx),
        cmocka_unit_test_prestate(tangents_of_a_paraboloid, ctx),
        cmocka_unit_test_prestate(a_wall_that_touches_a_square, ctx),
        cmocka_unit_test_prestate(a_wall_that_touches_one_of_many_squares, ctx),
        cmocka_unit_test_prestate(constant_forms, ctx),
        cmocka_unit_test_prestate(walls_are_dropped, ctx),
    };
    return RUN(tests, ctx);
}
