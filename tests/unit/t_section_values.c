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
    *t = (pleats_value_table){.dim = 2,
                              .n = 4,
                              .n_planes = PLANES,
                              .width = 8,
                              .n_words = 1,
                              .n_edges = 4};
    need_ok(ctx, pleats_grow(ctx, &t->row, &t->row_capacity, 4 * 16,
                             sizeof *t->row));
    need_ok(ctx, pleats_grow(ctx, &t->on, &t->on_capacity, 4, sizeof *t->on));
    need_ok(ctx,
            pleats_grow(ctx, &t->edge, &t->edge_capacity, 4, sizeof *t->edge));
    need_ok(ctx, pleats_grow(ctx, &s->x.crossed, &s->x.crossed_capacity, 8,
                             sizeof *s->x.crossed));
    need_ok(ctx, pleats_grow(ctx, &s->x.place, &s->x.place_capacity, 8,
                             sizeof *s->x.place));
    need_ok(ctx, pleats_grow(ctx, &s->x.cut, &s->x.cut_capacity, 8,
                             sizeof *s->x.cut));
    need_ok(ctx, pleats_grow(ctx, &s->x.seen, &s->x.seen_capacity, 24,
                             sizeof *s->x.seen));
    for (size_t i = 0; i < 4; i++) {
        t->on[i] = (uint64_t)1 << i | (uint64_t)1 << (i + 1) % 4;
        t->edge[i] = (pleats_edge){(pleats_idx)i, (pleats_idx)(i + 1) % 4};
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
        const double *p = s->truth[s->x.crossed[e].p];
        const double *q = s->truth[s->x.crossed[e].q];
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

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(values_are_within_their_bounds, ctx),
    };
    return RUN(tests, ctx);
}
