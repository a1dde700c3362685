/* A union's answer does not depend on how the union is written.
 *
 * The set is made of cells, edges and corners of a grid in the plane, so that
 * what covers what is known without geometry.  It is written in a random way:
 * rectangles that overlap, split or hold one another, segments and points that
 * are covered and some that are not, in any order, as bounds or, sheared, as
 * rows.  The truth is the oracle's for the cells one by one, for the edges that
 * no cell covers, line by line, and one for each corner that nothing covers. */
#include "brute.h"
#include "cases.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"

#include "pleats/pleats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 150, N = 3, MOST_REGIONS = 400 };

typedef struct {
    bool cell[N][N];        /* [i][j] from x_i to x_(i+1), y_j to ... */
    bool edge[2][N][N + 1]; /* [axis][i][j]: along axis from i, at j */
    bool corner[N + 1][N + 1];
    bool sheared;
    mpq_t at[2][N + 1]; /* increasing */
} grid;

/* ---- what is in the closed set ---- */

static bool has_cell(const grid *g, int i, int j)
{
    return i >= 0 && i < N && j >= 0 && j < N && g->cell[i][j];
}

static bool is_edge_covered(const grid *g, int axis, int i, int j)
{
    return axis == 0 ? has_cell(g, i, j) || has_cell(g, i, j - 1)
                     : has_cell(g, j, i) || has_cell(g, j - 1, i);
}

static bool has_edge(const grid *g, int axis, int i, int j)
{
    return i >= 0 && i < N &&
           (g->edge[axis][i][j] || is_edge_covered(g, axis, i, j));
}

static bool is_corner_covered(const grid *g, int i, int j)
{
    return has_edge(g, 0, i, j) || has_edge(g, 0, i - 1, j) ||
           has_edge(g, 1, j, i) || has_edge(g, 1, j - 1, i);
}

/* ---- writing ---- */

/* [x_a, x_b] x [y_c, y_d]; sheared: the second interval is of x + y. */
static void add_box(pleats_ctx *ctx, const grid *g, pleats_domain *d,
                    const int *box)
{
    pleats_part *p = NULL;
    need_ok(ctx,
            pleats_domain_add_part(ctx, d, 2, g->sheared ? 2 : 0, false, &p));
    pleats_part_set_lo(p, 0, g->at[0][box[0]]);
    pleats_part_set_hi(p, 0, g->at[0][box[1]]);
    if (!g->sheared) {
        pleats_part_set_lo(p, 1, g->at[1][box[2]]);
        pleats_part_set_hi(p, 1, g->at[1][box[3]]);
        return;
    }
    for (int s = 0; s < 2; s++) {
        mpq_set_si(p->a[2 * s], s ? 2 : -2, 3);
        mpq_set_si(p->a[2 * s + 1], s ? 2 : -2, 3);
        mpq_mul(p->b[s], p->a[2 * s], g->at[1][box[2 + s]]);
    }
}

/* A random rectangle of the set that holds cell (i, j). */
static void grow_cell(rng *r, const grid *g, int i, int j, int *box)
{
    memcpy(box, (int[]){i, i + 1, j, j + 1}, 4 * sizeof *box);
    for (int tries = rng_int(r, 0, 5); tries > 0; tries--) {
        int side = rng_int(r, 0, 3), next[4];
        bool all = true;
        memcpy(next, box, sizeof next);
        next[side] += side % 2 ? 1 : -1;
        for (int a = next[0]; a < next[1]; a++)
            for (int b = next[2]; b < next[3]; b++)
                all = all && has_cell(g, a, b);
        if (all)
            memcpy(box, next, sizeof next);
    }
}

/* A random segment of the set that holds an edge. */
static void grow_edge(rng *r, const grid *g, int axis, int i, int j, int *box)
{
    int from = i, to = i + 1;
    while (has_edge(g, axis, from - 1, j) && rng_one_in(r, 2))
        from--;
    while (has_edge(g, axis, to, j) && rng_one_in(r, 2))
        to++;
    memcpy(box + (axis ? 2 : 0), (int[]){from, to}, 2 * sizeof *box);
    memcpy(box + (axis ? 0 : 2), (int[]){j, j}, 2 * sizeof *box);
}

static void shuffle(rng *r, pleats_domain *d)
{
    for (pleats_idx i = d->n_parts - 1; i > 0; i--) {
        pleats_idx j = rng_int(r, 0, i);
        pleats_part swap = d->part[i];
        d->part[i] = d->part[j];
        d->part[j] = swap;
    }
}

/* All that must be written, and now and then what need not be. */
static pleats_domain *write_set(pleats_ctx *ctx, rng *r, const grid *g)
{
    pleats_domain *d = NULL;
    int box[4];
    need_ok(ctx, pleats_domain_new(ctx, 2, "union", &d));
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int n = g->cell[i][j] ? rng_int(r, 1, 2) : 0; n > 0; n--) {
                grow_cell(r, g, i, j, box);
                add_box(ctx, g, d, box);
            }
    for (int axis = 0; axis < 2; axis++)
        for (int i = 0; i < N; i++)
            for (int j = 0; j <= N; j++)
                if (g->edge[axis][i][j] ||
                    (has_edge(g, axis, i, j) && rng_one_in(r, 4))) {
                    grow_edge(r, g, axis, i, j, box);
                    add_box(ctx, g, d, box);
                }
    for (int i = 0; i <= N; i++)
        for (int j = 0; j <= N; j++)
            if (g->corner[i][j])
                add_box(ctx, g, d, (int[]){i, i, j, j});
    shuffle(r, d);
    return d;
}

/* ---- the truth ---- */

static size_t oracle_total(pleats_ctx *ctx, const pleats_net *net,
                           pleats_domain *d, bool *known)
{
    oracle_counts counts = {0};
    if (d->n_parts > 0)
        *known = *known && oracle_count(net, d, MOST_REGIONS, &counts);
    pleats_domain_clear(ctx, d);
    return counts.regions;
}

static size_t truth(pleats_ctx *ctx, const pleats_net *net, const grid *g,
                    bool *known)
{
    pleats_domain *d = NULL;
    size_t sum = 0;
    *known = true;
    need_ok(ctx, pleats_domain_new(ctx, 2, "cells", &d));
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            if (g->cell[i][j])
                add_box(ctx, g, d, (int[]){i, i + 1, j, j + 1});
    sum += oracle_total(ctx, net, d, known);
    for (int axis = 0; axis < 2; axis++)
        for (int j = 0; j <= N; j++) {
            need_ok(ctx, pleats_domain_new(ctx, 2, "edges", &d));
            for (int i = 0; i < N; i++)
                if (g->edge[axis][i][j] && !is_edge_covered(g, axis, i, j))
                    add_box(ctx, g, d,
                            axis ? (int[]){j, j, i, i + 1}
                                 : (int[]){i, i + 1, j, j});
            sum += oracle_total(ctx, net, d, known);
        }
    for (int i = 0; i <= N; i++)
        for (int j = 0; j <= N; j++)
            sum += g->corner[i][j] && !is_corner_covered(g, i, j);
    return sum;
}

/* ---- a case ---- */

static void draw_grid(rng *r, grid *g)
{
    const int dense = rng_int(r, 1, 4);
    mpq_t step;
    mpq_init(step);
    g->sheared = rng_one_in(r, 2);
    for (int axis = 0; axis < 2; axis++)
        for (int i = 0; i <= N; i++) {
            mpq_init(g->at[axis][i]);
            mpq_set_si(step, rng_int(r, 1, 9), (unsigned)rng_int(r, 1, 9));
            mpq_canonicalize(step);
            if (i == 0)
                mpq_neg(g->at[axis][i], step);
            else
                mpq_add(g->at[axis][i], g->at[axis][i - 1], step);
        }
    mpq_clear(step);
    for (int i = 0; i <= N; i++)
        for (int j = 0; j <= N; j++) {
            g->corner[i][j] = rng_one_in(r, 6);
            if (i < N && j < N)
                g->cell[i][j] = rng_one_in(r, dense);
            for (int axis = 0; axis < 2 && i < N; axis++)
                g->edge[axis][i][j] = rng_one_in(r, 5);
        }
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    grid g = {0};
    bool known = false, good = true;
    pleats_ctx *ctx = need_ctx();
    draw_grid(&r, &g);
    pleats_net *net = random_net(ctx, &r, 2, rng_int(&r, 2, 8));
    size_t want = truth(ctx, net, &g, &known);
    for (int way = 0; way < 4 && known; way++) {
        pleats_domain *d = write_set(ctx, &r, &g);
        pleats_count_options options = {.paranoid = way == 1};
        const pleats_limits limits = {.threads = 1};
        pleats_count_result got = {0};
        if (way >= 2)
            need_ok(ctx, pleats_domain_merge(ctx, d));
        need_ok(ctx, pleats_count(ctx, net, d, &options, &limits, &got));
        if (strtoull(got.regions, NULL, 10) != want) {
            fprintf(stderr, "seed %llu, way %d: %s regions, not %zu\n",
                    (unsigned long long)seed, way, got.regions, want);
            show_net(stderr, net);
            show_domain(stderr, d);
            good = false;
        }
        pleats_count_result_clear(ctx, &got);
        pleats_domain_clear(ctx, d);
    }
    pleats_net_clear(ctx, net);
    for (int axis = 0; axis < 2; axis++)
        for (int i = 0; i <= N; i++)
            mpq_clear(g.at[axis][i]);
    if (pleats_ctx_live_bytes(ctx) != 0 && pleats_ctx_n_remarks(ctx) == 0) {
        fprintf(stderr, "seed %llu: memory was not freed\n",
                (unsigned long long)seed);
        good = false;
    }
    pleats_ctx_free(ctx);
    return good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
