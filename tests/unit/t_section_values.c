/* Values between the ends of an edge: each is off by no more than its bound,
 * against fractions. */
#include "unit.h"

#include "cells/section_values.h"
#include "rng.h"

#include <gmp.h>
#include <math.h>

enum { PLANES = 6, CASES = 400 };

/* A square with PLANES columns, by hand: true values and what is known of
 * them. */
typedef struct {
    pleats_section_values x;
    pleats_space space;
    double truth[4][PLANES];
} square;

static void square_init(pleats_ctx *ctx, square *s)
{
    *s = (square){.space.ctx = ctx};
    need_ok(ctx, pleats_grow(ctx, &s->x.table, &s->x.n, 3, sizeof *s->x.table));
    pleats_value_table *t = &s->x.table[0];
    *t = (pleats_value_table){
        .dim = 2, .n = 4, .n_planes = PLANES, .width = 8, .n_words = 1};
    need_ok(ctx, pleats_grow(ctx, &t->row, &t->row_capacity, (size_t)4 * 16,
                             sizeof *t->row));
    need_ok(ctx, pleats_grow(ctx, &t->on, &t->on_capacity, 4, sizeof *t->on));
    for (size_t i = 0; i < 4; i++) {
        t->on[i] = (uint64_t)1 << i | (uint64_t)1 << (i + 1) % 4;
        for (size_t j = 0; j < 8; j++)
            t->row[i * 16 + j] = 1;
    }
}

/* How a case draws values: the last plane's cross two edges. */
static void draw(square *s, rng *r, int kind)
{
    pleats_value_table *t = &s->x.table[0];
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < PLANES; j++) {
            double truth = rng_real(r, 20);
            double bound = ldexp(1, -rng_int(r, 12, 30));
            if (kind == 1) /* nearly the same at all corners, and exact */
                truth = 1 + ldexp(rng_real(r, 20), -20);
            if (j + 1 == PLANES)
                truth = (i == 1 ? 1 : -1) * (1 + fabs(truth));
            if (kind == 1 || (kind == 2 && j + 1 < PLANES))
                bound = 0;
            if (kind == 3 && (i % 2 || j + 1 == PLANES))
                bound = 0;
            if (kind == 4 && (i % 2 == 0 || j + 1 == PLANES))
                bound = 0;
            s->truth[i][j] = truth;
            t->row[i * 16 + j] = truth + (rng_one_in(r, 2) ? bound : -bound);
            t->row[i * 16 + 8 + j] = bound;
        }
}

/* Whether value +- bound holds p + fp / (fp - fq) (q - p). */
static bool holds(double value, double bound, double fp, double fq, double p,
                  double q)
{
    mpq_t truth, share, other;
    mpq_inits(truth, share, other, NULL);
    mpq_set_d(share, fp);
    mpq_set_d(other, fq);
    mpq_sub(other, share, other);
    mpq_div(share, share, other);
    mpq_set_d(truth, q);
    mpq_set_d(other, p);
    mpq_sub(truth, truth, other);
    mpq_mul(truth, truth, share);
    mpq_add(truth, truth, other);
    mpq_set_d(other, value);
    mpq_sub(truth, truth, other);
    mpq_abs(truth, truth);
    mpq_set_d(other, bound);
    const bool good = mpq_cmp(truth, other) <= 0;
    mpq_clears(truth, share, other, NULL);
    return good;
}

/* The rows of the section with the last plane, of which there are two. */
static void check_rows(const square *s)
{
    const pleats_value_table *t = &s->x.table[1];
    const size_t last = PLANES - 1;
    assert_true(t->n == 2 && t->width == 8 && t->dim == 1);
    for (size_t e = 0; e < 2; e++) {
        const double *p = s->truth[s->x.crossed.edge[e].p];
        const double *q = s->truth[s->x.crossed.edge[e].q];
        assert_true((p[last] > 0) != (q[last] > 0));
        for (size_t j = 0; j < last; j++)
            assert_true(holds(t->row[e * 16 + j], t->row[e * 16 + 8 + j],
                              p[last], q[last], p[j], q[j]));
        assert_true(__builtin_popcountll(t->on[e]) == 1);
    }
}

static void values_are_within_their_bounds(void **state)
{
    pleats_ctx *ctx = *state;
    square s;
    rng r = {1};
    square_init(ctx, &s);
    for (int i = 0; i < CASES; i++) {
        uint64_t regions;
        bool known;
        draw(&s, &r, i % 5);
        need_ok(ctx, pleats_section_values_count(&s.space, &s.x, PLANES - 1,
                                                 &regions, &known));
        check_rows(&s);
    }
    pleats_section_values_clear(ctx, &s.x);
}

/* ---- columns that are left ---- */

/* A cube, whose corner i has side i >> axis & 1 of each axis. */
static void cube_init(pleats_ctx *ctx, pleats_section_values *x)
{
    *x = (pleats_section_values){0};
    need_ok(ctx, pleats_grow(ctx, &x->table, &x->n, 4, sizeof *x->table));
    pleats_value_table *t = &x->table[0];
    *t = (pleats_value_table){
        .dim = 3, .n = 8, .n_planes = PLANES, .width = 8, .n_words = 1};
    need_ok(ctx, pleats_grow(ctx, &t->row, &t->row_capacity, (size_t)8 * 16,
                             sizeof *t->row));
    need_ok(ctx, pleats_grow(ctx, &t->on, &t->on_capacity, 8, sizeof *t->on));
    for (pleats_idx i = 0; i < 8; i++)
        for (pleats_idx axis = 0; axis < 3; axis++)
            t->on[i] |= (uint64_t)1 << (2 * axis + (i >> axis & 1));
}

/* Planes x . normal = at on the cube [-1, 1]^3; the last one is x_0 = 1/8.
 * Every second column is known badly. */
static void draw_planes(pleats_section_values *x, rng *r,
                        double truth[8][PLANES])
{
    pleats_value_table *t = &x->table[0];
    for (size_t j = 0; j < PLANES; j++) {
        const bool is_last = j + 1 == PLANES;
        double normal[3];
        for (size_t c = 0; c < 3; c++)
            normal[c] = is_last ? c == 0 : rng_real(r, 12);
        const double at = is_last ? 0.125 : 2 * rng_real(r, 12);
        for (size_t i = 0; i < 8; i++) {
            const double bound = j % 2 ? 0x1p-14 : 0x1p-40;
            truth[i][j] = -at;
            for (size_t c = 0; c < 3; c++)
                truth[i][j] += i >> c & 1 ? normal[c] : -normal[c];
            t->row[i * 16 + j] = truth[i][j] + (i % 3 ? bound : -bound);
            t->row[i * 16 + 8 + j] = bound;
        }
    }
    for (size_t i = 0; i < 8; i++)
        for (size_t j = PLANES; j < 8; j++)
            t->row[i * 16 + j] = 1;
}

/* Which planes cut the square x_0 = 1/8, by its corners. */
static size_t find_cuts(double truth[8][PLANES], size_t *cut)
{
    size_t n = 0;
    for (size_t j = 0; j + 1 < PLANES; j++) {
        int above = 0;
        for (size_t i = 0; i < 8; i += 2)
            above += 7 * truth[i][j] + 9 * truth[i + 1][j] > 0;
        cut[n] = j;
        n += above > 0 && above < 4;
    }
    return n;
}

/* What is left of a section's table are the columns of the planes that cut it,
 * with their bounds. */
static void columns_that_are_left(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_space space = {.ctx = ctx};
    pleats_section_values x;
    size_t n_looked = 0;
    rng r = {2};
    cube_init(ctx, &x);
    for (int i = 0; i < CASES; i++) {
        double truth[8][PLANES];
        size_t cut[PLANES];
        uint64_t regions;
        bool known;
        draw_planes(&x, &r, truth);
        need_ok(ctx, pleats_section_values_count(&space, &x, PLANES - 1,
                                                 &regions, &known));
        const size_t n = find_cuts(truth, cut);
        const pleats_value_table *t = &x.table[1];
        if (!known || n < 2)
            continue;
        assert_int_equal(t->n_planes, n);
        for (size_t e = 0; e < 4; e++)
            for (size_t j = 0; j < n; j++, n_looked++)
                assert_true(holds(
                    t->row[e * 2 * t->width + j],
                    t->row[(2 * e + 1) * t->width + j],
                    truth[2 * e][PLANES - 1], truth[2 * e + 1][PLANES - 1],
                    truth[2 * e][cut[j]], truth[2 * e + 1][cut[j]]));
    }
    assert_true(n_looked > 1000);
    pleats_section_values_clear(ctx, &x);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(values_are_within_their_bounds, ctx),
        cmocka_unit_test_prestate(columns_that_are_left, ctx),
    };
    return RUN(tests, ctx);
}
