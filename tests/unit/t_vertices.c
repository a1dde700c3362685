/* Cells held by their vertices whose vertices everyone knows. */
#include "cell_check.h"
#include "unit.h"

#include "base/perturb.h"

#include "pleats/pleats.h"

#include <math.h>

enum { MOST = 128, MOST_ROWS = 4 * MOST, ALMOST_PARALLEL = 4000 };

typedef struct {
    arrangement a;
    pleats_cell cell;
} body;

/* The part of the box, or of R^k, on the positive side of the first `some` of
 * the rows. */
static void carve_some(pleats_ctx *ctx, body *b, size_t k, size_t some,
                       size_t n, const double *rows, bool boxed)
{
    *b = (body){0};
    arrangement_init(ctx, &b->a, k, n, rows, boxed);
    pleats_space *s = &b->a.space;
    need_ok(ctx, pleats_cell_root(s, &b->cell));
    for (size_t i = 0; i < some; i++) {
        pleats_hyperplane plane = arrangement_plane(&b->a, i, -1, 0);
        bool has[2];
        need_ok(ctx, pleats_cell_sides(s, &b->cell, plane, has));
        if (has[0] && has[1])
            need_ok(ctx, pleats_cell_restrict(s, &b->cell, plane, 1, &b->cell));
        else
            assert_true(has[1]);
    }
}

static void carve(pleats_ctx *ctx, body *b, size_t k, size_t n,
                  const double *rows, bool boxed)
{
    carve_some(ctx, b, k, n, n, rows, boxed);
}

static void finish(body *b)
{
    pleats_cell_clear(b->a.ctx, &b->cell);
    arrangement_clear(&b->a);
}

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

/* Either end of an edge may be the one that is off. */
static void errors_of_a_crossing(void **state)
{
    const double rows[] = {1, 0, 0}, off_by = 0x1p-20;
    for (int end = 0; end < 2 && !PLEATS_PERTURB; end++) {
        body b;
        pleats_vertices to = {0};
        pleats_idx at[2] = {0};
        double share, off;
        carve_some(*state, &b, 2, 0, 1, rows, true);
        pleats_space *s = &b.a.space;
        pleats_vertices *v = &b.cell.vertices;
        need_ok(*state, pleats_vertices_reserve(s, &to, 1, 1));
        pleats_vertices_ask(s, arrangement_plane(&b.a, 0, -1, 0));
        need_ok(*state, pleats_vertices_evaluate(s, v));
        for (pleats_idx i = 0; i < v->n; i++)
            at[s->vertices.value[i] < 0] = i;
        v->error[at[end]] = off_by;
        need_ok(*state, pleats_vertices_evaluate(s, v));
        const double *value = s->vertices.value, *bound = value + v->pad;
        assert_true(pleats_vertices_crossing(value[at[0]], value[at[1]],
                                             bound[at[0]], bound[at[1]], &share,
                                             &off));
        pleats_vertices_cross(s, v, at[0], at[1], &to, 0);
        assert_true(to.error[0] >= off_by + 2 * off);
        pleats_vertices_clear(*state, &to);
        finish(&b);
    }
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
    carve_some(*state, &b, 2, 63, 64, rows, false);
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
            assert_int_equal(pleats_vertices_n_shared(v, i, i), 2);
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

/* Whether p / (p - q), with p and q moved by dp and dq, is within `off`. */
static bool is_near(double p, double dp, double q, double dq, double share,
                    double off)
{
    mpq_t x, y, z;
    mpq_inits(x, y, z, NULL);
    mpq_set_d(x, p);
    mpq_set_d(z, dp);
    mpq_add(x, x, z);
    mpq_set_d(y, q);
    mpq_set_d(z, dq);
    mpq_add(y, y, z);
    mpq_sub(y, x, y);
    mpq_div(x, x, y);
    mpq_set_d(z, share);
    mpq_sub(x, x, z);
    mpq_abs(x, x);
    mpq_set_d(z, off);
    bool near = mpq_cmp(x, z) <= 0;
    mpq_clears(x, y, z, NULL);
    return near;
}

/* Values that are known roughly, the worst case being all of their bounds. */
static void shares_of_an_edge(void **state)
{
    rng r = {11};
    int n = 0;
    (void)state;
    for (int again = 0; again < 20000; again++) {
        double p = ldexp(1 + rng_real(&r, 30), rng_int(&r, -9, 9));
        double q = -ldexp(1 + rng_real(&r, 30), rng_int(&r, -9, 9));
        double dp = ldexp(p * rng_real(&r, 30), -rng_int(&r, 0, 50));
        double dq = ldexp(q * rng_real(&r, 30), -rng_int(&r, 0, 50)), share,
               off;
        dp = rng_one_in(&r, 8) ? p * (1 - 0x1p-30) : fabs(dp);
        dq = rng_one_in(&r, 8) ? -q * (1 - 0x1p-30) : fabs(dq);
        if (!pleats_vertices_crossing(p, q, dp, dq, &share, &off))
            continue;
        n++;
        assert_true(is_near(p, dp, q, dq, share, off));
        assert_true(is_near(p, -dp, q, dq, share, off));
        assert_true(is_near(p, dp, q, -dq, share, off));
        assert_true(is_near(p, -dp, q, -dq, share, off));
        assert_true(pleats_vertices_crossing(q, p, dq, dp, &share, &off));
        assert_true(is_near(q, dq, p, -dp, share, off));
        assert_true(is_near(q, -dq, p, dp, share, off));
    }
    assert_true(n > 10000);
}

static void uncertain_shares(void **state)
{
    double share, off;
    (void)state;
    assert_false(pleats_vertices_crossing(1, -1, 1, 0, &share, &off));
    assert_false(pleats_vertices_crossing(1, -1, 0, 1, &share, &off));
    assert_false(pleats_vertices_crossing(1, 2, 0, 0, &share, &off));
    assert_false(pleats_vertices_crossing(-1, -2, 0, 0, &share, &off));
    assert_false(pleats_vertices_crossing(1, -1, INFINITY, 0, &share, &off));
    assert_false(pleats_vertices_crossing(1, NAN, 0, 0, &share, &off));
    assert_false(pleats_vertices_crossing(1e308, -1e308, 0, 0, &share, &off));
}

/* Values whose difference is beyond the range of doubles. */
static void crossings_out_of_range(void **state)
{
    pleats_ctx *ctx = *state;
    const double rows[] = {-1, 1, -0.5, 1e308, 0, 0.3e308};
    arrangement a;
    arrangement_init(ctx, &a, 2, 2, rows, true);
    for (int engine = PLEATS_COUNT_BY_VERTICES;
         engine <= PLEATS_COUNT_BY_PROGRAMMES; engine++) {
        pleats_count_options options = {.engine = (pleats_count_engine)engine};
        pleats_count_result result = {0};
        need_ok(ctx,
                pleats_count(ctx, a.net, a.domain, &options, NULL, &result));
        assert_string_equal(result.regions, "4");
        pleats_count_result_clear(ctx, &result);
    }
    arrangement_clear(&a);
}

/* The number of the vertex of a part of the plane; of generators, if none is.
 */
static pleats_idx corner_of(const pleats_vertices *v)
{
    pleats_idx corner = 0;
    while (corner < v->n && v->point[2 * v->pad + (size_t)corner] == 0)
        corner++;
    return corner;
}

/* Sets a vertex to a place that is off by at most 0.2, and as if no cell had
 * had it before. */
static void shake(body *b, pleats_idx corner, double x, double y)
{
    pleats_vertices *v = &b->cell.vertices;
    v->id[corner] = pleats_vertex_store_new(&b->a.space.vertices.store);
    v->point[(size_t)corner] = x;
    v->point[v->pad + (size_t)corner] = y;
    v->point[2 * v->pad + (size_t)corner] = 1;
    v->error[corner] = 0.2;
}

/* Sets row i in doubles, which is off by so much. */
static void store(body *b, pleats_idx i, const double row[3], double error)
{
    pleats_forms *f = &b->a.space.forms;
    const pleats_idx scalar = b->a.net->step[0].out + i;
    memcpy(f->entry + (size_t)scalar * f->stride, row, 3 * sizeof *row);
    pleats_forms_set_bounds(f, scalar, error,
                            fabs(row[0]) + fabs(row[1]) + fabs(row[2]));
}

/* In doubles the walls are t_0 = a and t_1 = a, the moved ones off by at most
 * s; the true ones, (1 - s) t_0 = a and s t_0 + t_1 = a, are off by just that.
 * They meet at (a + d, a - d), d = a s / (1 - s), or with one of them moved at
 * (a + d, a) or (a, (1 - s) a), which are no less far from (a, a) in any other
 * scale. */
static void expect_moved(pleats_ctx *ctx, bool first, bool second)
{
    const double a = 1023.0 / 1024, s = 1.0 / 128;
    const double off[2] = {first ? s : 0, second ? s : 0};
    const double rows[] = {1 - off[0], 0, -a, off[1], 1, -a};
    const double stored[2][3] = {{1, 0, -a}, {0, 1, -a}};
    body b;
    carve(ctx, &b, 2, 2, rows, false);
    pleats_vertices *v = &b.cell.vertices;
    const pleats_idx corner = corner_of(v);
    for (pleats_idx i = 0; i < 2; i++)
        store(&b, i, stored[i], off[i]);
    shake(&b, corner, a, a);
    assert_true(pleats_vertices_refine(&b.a.space, v, corner));
    assert_true(v->error[corner] >= (first ? a / 127 : a / 128));
    finish(&b);
}

static void corners_of_moved_walls(void **state)
{
    expect_moved(*state, true, true);
    expect_moved(*state, true, false);
    expect_moved(*state, false, true);
}

/* Whether the vertex is as near to the true one, which is worked out over the
 * integers, as it says: that one with its last entry, which is moved as the
 * others are where doubles are. */
static bool is_as_near_as_it_says(body *b, pleats_idx corner)
{
    pleats_vertices *v = &b->cell.vertices;
    const double error = (PLEATS_PERTURB ? 2 : 1) * v->error[corner];
    double g[3];
    mpz_t *x = NULL;
    mpq_t want, scale, have;
    bool near = true;
    mpq_inits(want, scale, have, NULL);
    for (size_t j = 0; j < 3; j++)
        g[j] = v->point[j * v->pad + (size_t)corner];
    need_ok(b->a.ctx, pleats_vertices_solve(&b->a.space, v, corner, &x));
    mpq_set_d(scale, g[2]);
    for (size_t j = 0; j < 2; j++) {
        mpz_set(mpq_numref(want), x[j]);
        mpz_set(mpq_denref(want), x[2]);
        mpq_canonicalize(want);
        mpq_mul(want, want, scale);
        mpq_set_d(have, g[j]);
        mpq_sub(want, want, have);
        mpq_abs(want, want);
        mpq_set_d(have, error);
        near = near && mpq_cmp(want, have) <= 0;
    }
    mpq_clears(want, scale, have, NULL);
    return near;
}

/* Walls that are known exactly and almost parallel, so that rounding is all
 * that a vertex is off by, and much; also through the origin, where residuals
 * do not show it. */
static void corners_of_almost_parallel_walls(void **state)
{
    rng r = {1};
    size_t n_refined = 0;
    for (int i = 0; i < ALMOST_PARALLEL; i++) {
        const double nearly = ldexp(1, -rng_int(&r, 10, 52));
        const double p[2] = {i % 2 ? rng_real(&r, 20) / 2 : 0,
                             i % 2 ? rng_real(&r, 20) / 2 : 0};
        double rows[6];
        body b;
        for (size_t j = 0; j < 2; j++) {
            rows[j] = 1 + rng_real(&r, 50) / 2;
            rows[3 + j] = rows[j] * (1 + rng_int(&r, -3, 3) * nearly);
        }
        rows[2] = -(rows[0] * p[0] + rows[1] * p[1]);
        rows[5] = -(rows[3] * p[0] + rows[4] * p[1]);
        carve(*state, &b, 2, 2, rows, false);
        store(&b, 0, rows, 0);
        store(&b, 1, rows + 3, 0);
        pleats_vertices *v = &b.cell.vertices;
        const pleats_idx corner = corner_of(v);
        if (corner < v->n)
            shake(&b, corner, p[0] + ldexp(rng_real(&r, 20), -20),
                  p[1] + ldexp(rng_real(&r, 20), -20));
        if (corner < v->n && pleats_vertices_refine(&b.a.space, v, corner)) {
            assert_true(is_as_near_as_it_says(&b, corner));
            n_refined++;
        }
        finish(&b);
    }
    assert_true(n_refined > ALMOST_PARALLEL / 4);
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
        cmocka_unit_test_prestate(errors_of_a_crossing, ctx),
        cmocka_unit_test_prestate(tangents_of_a_paraboloid, ctx),
        cmocka_unit_test_prestate(a_wall_that_touches_a_square, ctx),
        cmocka_unit_test_prestate(constant_forms, ctx),
        cmocka_unit_test_prestate(walls_are_dropped, ctx),
        cmocka_unit_test_prestate(shares_of_an_edge, ctx),
        cmocka_unit_test_prestate(uncertain_shares, ctx),
        cmocka_unit_test_prestate(crossings_out_of_range, ctx),
        cmocka_unit_test_prestate(corners_of_moved_walls, ctx),
        cmocka_unit_test_prestate(corners_of_almost_parallel_walls, ctx),
    };
    return RUN(tests, ctx);
}
