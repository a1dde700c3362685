/* What vertices in doubles are known up to: where a plane crosses an edge, and
 * where walls meet. */
#include "body.h"

#include "base/perturb.h"

#include "pleats/pleats.h"

#include <math.h>

enum { ALMOST_PARALLEL = 4000 };

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

/* The vertex of the plane in the part of the box that is nearest to (x, y). */
static pleats_idx nearest(const pleats_vertices *v, double x, double y)
{
    pleats_idx best = 0;
    double least = INFINITY;
    for (pleats_idx i = 0; i < v->n; i++) {
        const double off =
            fabs(v->point[i] - x) + fabs(v->point[v->pad + (size_t)i] - y);
        best = off < least ? i : best;
        least = off < least ? off : least;
    }
    return best;
}

/* An edge goes from (-1, -1) to (t, t), t small, which is off by (e, -e). Where
 * it crosses t_0 = 0, that moves the crossing by nearly 2 e: what the share of
 * the edge is known up to is only half of that. */
static void crossings_beside_moved_corners(void **state)
{
    const double t = 0x1p-6, e = 0x1p-20;
    for (int sign = -1; sign <= 1; sign += 2) {
        const double rows[] = {-1, 1, 0, -1, 0, t, sign, 0, 0};
        bool has[2];
        body b;
        carve_some(*state, &b, 2, 3, 2, rows, true);
        pleats_vertices *v = &b.cell.vertices;
        const pleats_hyperplane plane = arrangement_plane(&b.a, 2, -1, 0);
        const size_t corner = (size_t)nearest(v, t, t);
        v->point[corner] += e;
        v->point[v->pad + corner] -= e;
        v->error[corner] = e;
        need_ok(*state, pleats_cell_sides(&b.a.space, &b.cell, plane, has));
        need_ok(*state, pleats_cell_restrict(&b.a.space, &b.cell, plane, sign,
                                             &b.cell));
        assert_true(is_as_near_as_it_says(&b, nearest(v, 0, 0)));
        finish(&b);
    }
}

/* What is wrong with the parts of the box on either side of the second of two
 * rows, in the part of it on the positive side of the first one; NULL: nothing,
 * or that one does not cut the other. */
static const char *crossing_is_wrong(pleats_ctx *ctx, const double rows[6])
{
    const char *wrong = NULL;
    cone box, known[2], part[2] = {0};
    bool has[2];
    body b;
    carve_some(ctx, &b, 2, 2, 1, rows, true);
    pleats_space *s = &b.a.space;
    for (pleats_idx i = 0; i < 2; i++)
        store(&b, i, rows + 3 * (size_t)i, 0);
    const pleats_hyperplane wall = arrangement_plane(&b.a, 0, -1, 0);
    const pleats_hyperplane plane = arrangement_plane(&b.a, 1, -1, 0);
    arrangement_cone(&b.a, &box);
    assert_int_equal(arrangement_split(&b.a, &box, wall, &known[1], &known[0]),
                     SIDE_BOTH);
    need_ok(ctx, pleats_cell_sides(s, &b.cell, plane, has));
    const sides both =
        arrangement_split(&b.a, &known[1], plane, &part[1], &part[0]);
    assert_int_equal(both, (has[1] ? SIDE_POSITIVE : 0) |
                               (has[0] ? SIDE_NEGATIVE : 0));
    for (int side = 0; side < 2 && both == SIDE_BOTH; side++) {
        pleats_cell to = {0};
        need_ok(ctx,
                pleats_cell_restrict(s, &b.cell, plane, side ? 1 : -1, &to));
        wrong = wrong ? wrong
                      : cell_is_wrong(&b.a, &to.vertices, &part[side], false);
        pleats_cell_clear(ctx, &to);
        cone_clear(&part[side]);
    }
    cone_clear(&known[0]);
    cone_clear(&known[1]);
    cone_clear(&box);
    finish(&b);
    return wrong;
}

/* Lines that are known exactly, so that rounding is all that their crossing is
 * off by: almost parallel ones, also by rows so small that products of their
 * entries underflow. */
static void crossings_of_almost_parallel_lines(void **state)
{
    rng r = {2};
    for (int i = 0; i < ALMOST_PARALLEL; i++) {
        const double nearly = ldexp(1, -rng_int(&r, 0, 34));
        const double x = rng_real(&r, 20) / 2, y = rng_real(&r, 20) / 2;
        const int scale = rng_one_in(&r, 3) ? rng_int(&r, -535, -440) : 0;
        double rows[6];
        for (size_t j = 0; j < 2; j++) {
            rows[j] = rng_real(&r, 50);
            rows[3 + j] = rows[j] * (1 + rng_int(&r, -3, 3) * nearly);
        }
        rows[2] = -(rows[0] * x + rows[1] * y);
        rows[5] = -(rows[3] * x + rows[4] * y);
        for (size_t j = 0; j < 6; j++)
            rows[j] = ldexp(rows[j], scale);
        assert_null(crossing_is_wrong(*state, rows));
    }
}

/* The same of lines at right angles whose entries have the same size, so that
 * two entries of their product do. */
static void crossings_at_the_rim(void **state)
{
    static const int sign[] = {1, 1, -1, -1, 1, 1};
    rng r = {3};
    for (int i = 0; i < ALMOST_PARALLEL; i++) {
        double rows[6];
        for (size_t j = 0; j < 6; j++)
            rows[j] = sign[j] * (1 + rng_real(&r, 50) / 16);
        assert_null(crossing_is_wrong(*state, rows));
    }
}

/* Whether the values that are there for the cell, once they are asked for, are
 * those of a plane at its generators as they are. */
static bool are_values_of(body *b, pleats_vertices *v, pleats_hyperplane plane)
{
    double had[2 * 8];
    pleats_space *s = &b->a.space;
    const size_t size = 2 * v->pad * sizeof *had;
    assert_true(size <= sizeof had);
    need_ok(b->a.ctx, pleats_vertices_evaluate(s, v));
    memcpy(had, s->vertices.value, size);
    pleats_vertices_ask(s, plane);
    need_ok(b->a.ctx, pleats_vertices_evaluate(s, v));
    return memcmp(had, s->vertices.value, size) == 0;
}

/* Values are found once for each question, and again where a cell's doubles
 * have changed. */
static void values_of_the_last_question(void **state)
{
    const double rows[] = {-1, 2, 0.5, 3, 1, 0.25, 1, 1, 0.125};
    mpz_t *x = NULL;
    body b;
    bool has[2];
    pleats_cell part[2] = {0};
    carve_some(*state, &b, 2, 3, 1, rows, true);
    pleats_space *s = &b.a.space;
    pleats_vertices *v = &b.cell.vertices;
    const pleats_hyperplane plane[] = {arrangement_plane(&b.a, 1, -1, 0),
                                       arrangement_plane(&b.a, 2, -1, 0)};
    for (int side = 0; side < 2; side++)
        need_ok(*state, pleats_cell_restrict(s, &b.cell, plane[0],
                                             side ? 1 : -1, &part[side]));
    for (pleats_idx i = 0; i < v->n; i++) {
        pleats_vertices_ask(s, plane[1]);
        need_ok(*state, pleats_vertices_evaluate(s, v));
        v->error[i] = 0.2;
        if (i % 2 == 0)
            assert_true(pleats_vertices_refine(s, v, i));
        else
            need_ok(*state, pleats_vertices_solve(s, v, i, &x));
        assert_true(are_values_of(&b, v, plane[1]));
    }
    need_ok(*state, pleats_cell_sides(s, &part[0], plane[0], has));
    assert_true(are_values_of(&b, &part[1].vertices, plane[0]));
    need_ok(*state, pleats_cell_sides(s, &part[0], plane[0], has));
    need_ok(*state, pleats_cell_copy(s, &part[0], &part[1]));
    assert_true(are_values_of(&b, &part[0].vertices, plane[0]));
    need_ok(*state, pleats_cell_sides(s, &b.cell, plane[1], has));
    need_ok(*state, pleats_cell_restrict(s, &b.cell, plane[0], -1, &part[0]));
    assert_true(are_values_of(&b, v, plane[0]));
    for (int side = 0; side < 2; side++)
        pleats_cell_clear(*state, &part[side]);
    finish(&b);
}

static void values_of_the_last_wall(void **state)
{
    const double rows[] = {3, 1, 0.25};
    body b;
    carve(*state, &b, 2, 1, rows, true);
    pleats_space *s = &b.a.space;
    const pleats_vertices *v = &b.cell.vertices;
    for (int side = 0; side < 4; side++) {
        need_ok(*state, pleats_vertices_ask_wall(s, PLEATS_WALL_OF_BOX - side));
        need_ok(*state, pleats_vertices_evaluate(s, v));
        for (size_t i = 0; i < v->pad; i++) {
            double value = 0;
            for (size_t j = 0; j < 3; j++)
                value += s->vertices.form.entry[j] * v->point[j * v->pad + i];
            assert_true(fabs(s->vertices.value[i] - value) <=
                        2 * s->vertices.value[v->pad + i]);
        }
    }
    finish(&b);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(shares_of_an_edge, ctx),
        cmocka_unit_test_prestate(uncertain_shares, ctx),
        cmocka_unit_test_prestate(crossings_out_of_range, ctx),
        cmocka_unit_test_prestate(corners_of_moved_walls, ctx),
        cmocka_unit_test_prestate(corners_of_almost_parallel_walls, ctx),
        cmocka_unit_test_prestate(crossings_beside_moved_corners, ctx),
        cmocka_unit_test_prestate(crossings_of_almost_parallel_lines, ctx),
        cmocka_unit_test_prestate(crossings_at_the_rim, ctx),
        cmocka_unit_test_prestate(values_of_the_last_question, ctx),
        cmocka_unit_test_prestate(values_of_the_last_wall, ctx),
    };
    return RUN(tests, ctx);
}
