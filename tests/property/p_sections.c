/* Regions of a cell counted by sections, against the oracle's cones split by
 * one plane after the other: planes with common points, the same plane again,
 * units with several breakpoints, on boxes, R^k and parts of them.  In half of
 * the cases the planes' forms in doubles are wrong, by as much as they claim to
 * be at most.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "activations.h"
#include "cases.h"
#include "cell_check.h"
#include "need.h"
#include "random_net.h"

#include "base/perturb.h"
#include "cells/sections.h"

#include <stdio.h>
#include <stdlib.h>

enum { CASES = 8000, MOST_UNITS = 9, MOST_WIDTH = 6, MOST_PLANES = 1000 };

/* A list of cones, each split by each plane that cuts it. */
typedef struct {
    cone *cone;
    size_t n, room;
} parts;

static void split_all(const arrangement *a, parts *p, pleats_hyperplane plane)
{
    for (size_t i = 0, n = p->n; i < n; i++) {
        cone above, below;
        if (arrangement_split(a, &p->cone[i], plane, &above, &below) !=
            SIDE_BOTH)
            continue;
        if (p->n == p->room)
            p->cone =
                need_more(p->cone, p->room = 2 * p->n + 4, sizeof *p->cone);
        cone_clear(&p->cone[i]);
        p->cone[i] = above;
        p->cone[p->n++] = below;
    }
}

/* The units that cut the cell; the sections ask only of units with several
 * breakpoints which of these do. */
static size_t list_open(arrangement *a, pleats_cell *cell,
                        const pleats_step *step, pleats_open_unit *open)
{
    size_t n = 0;
    for (pleats_idx i = 0; i < step->n_out; i++) {
        bool has[2] = {true, true};
        open[n] = pleats_open_unit_of(step, i);
        if (open[n].hi == 1)
            need_ok(a->ctx,
                    pleats_cell_sides(&a->space, cell,
                                      pleats_unit_plane(step, i, 0), has));
        n += has[0] && has[1];
    }
    return n;
}

/* The cell and the cone become one side of plane 0. */
static void cut_first(arrangement *a, pleats_cell *cell, cone *known, bool up)
{
    cone above, below;
    bool has[2];
    pleats_hyperplane plane = arrangement_plane(a, 0, -1, 0.25);
    if (arrangement_split(a, known, plane, &above, &below) != SIDE_BOTH)
        return;
    need_ok(a->ctx, pleats_cell_sides(&a->space, cell, plane, has));
    need_ok(a->ctx,
            pleats_cell_restrict(&a->space, cell, plane, up ? 1 : -1, cell));
    cone_clear(known);
    *known = up ? above : below;
    cone_clear(up ? &below : &above);
}

/* The count by ranges of so many planes, the verdicts it took. */
static uint64_t count_in_parts(arrangement *a, pleats_cell *cell,
                               const pleats_step *step,
                               const pleats_open_unit *open, size_t n,
                               size_t size, uint64_t *verdicts)
{
    pleats_sections sections = {0};
    uint64_t sum = 0, before = a->space.by_bounds + a->space.by_exact;
    bool is_last = false;
    for (size_t first = 0; !is_last; first += size) {
        pleats_section_range range = {first, first + size, NULL, NULL, 0};
        uint64_t regions;
        need_ok(a->ctx, pleats_sections_count(&a->space, &sections, cell, step,
                                              open, n, &range, &regions));
        sum += regions;
        is_last = range.end < first + size;
    }
    pleats_sections_clear(a->ctx, &sections);
    *verdicts = a->space.by_bounds + a->space.by_exact - before;
    return sum;
}

static bool counts_agree(arrangement *a, pleats_cell *cell, const cone *known,
                         const pleats_step *step, uint64_t seed)
{
    pleats_open_unit open[MOST_UNITS];
    parts p = {.cone = need_memory(4, sizeof(cone)), .n = 1, .room = 4};
    uint64_t got[2], verdicts[2];
    p.cone[0] = *known;
    for (pleats_idx i = 0; i < step->n_out; i++)
        for (pleats_idx at = 0; at < pleats_step_pieces(step, i) - 1; at++)
            split_all(a, &p, pleats_unit_plane(step, i, at));
    size_t n = list_open(a, cell, step, open);
    got[0] = count_in_parts(a, cell, step, open, n, MOST_PLANES, &verdicts[0]);
    got[1] = count_in_parts(a, cell, step, open, n, 1 + seed % 3, &verdicts[1]);
    if (got[0] != p.n || got[1] != p.n)
        fprintf(stderr, "seed %llu, dimension %zu: %llu and %llu, not %zu\n",
                (unsigned long long)seed, a->k, (unsigned long long)got[0],
                (unsigned long long)got[1], p.n);
    bool good = got[0] == p.n && got[1] == p.n &&
                (verdicts[0] == verdicts[1] || PLEATS_PERTURB);
    for (size_t i = 0; i < p.n; i++)
        cone_clear(&p.cone[i]);
    free(p.cone);
    return good;
}

static void draw_rows(rng *r, size_t n, size_t k, double *rows)
{
    static const numbers kinds[] = {NUMBERS_SHORT, NUMBERS_DOUBLE,
                                    NUMBERS_INTEGER, NUMBERS_SIGN,
                                    NUMBERS_SCALED};
    double weight[MOST_UNITS * MOST_WIDTH], bias[MOST_UNITS];
    random_rows(r, kinds[rng_int(r, 0, 4)], rng_one_in(r, 4), (pleats_idx)n,
                (pleats_idx)k, weight, bias);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k; j++)
            rows[i * (k + 1) + j] = weight[i * k + j];
        rows[i * (k + 1) + k] = bias[i];
    }
}

static bool run_case(uint64_t seed)
{
    static const unsigned box[] = {0, 0, 1, 3};
    rng r = {seed};
    double rows[MOST_UNITS * MOST_WIDTH];
    pleats_ctx *ctx = need_ctx();
    arrangement a;
    cone known;
    pleats_cell cell = {0};
    size_t k = (size_t)rng_int(&r, 1, 4);
    size_t n = (size_t)rng_int(&r, 1, k < 4 ? MOST_UNITS : 6);
    draw_rows(&r, n, k, rows);
    arrangement_init(ctx, &a, k, n, rows, box[rng_int(&r, 0, 3)]);
    if (rng_one_in(&r, 2))
        arrangement_loosen(&a, &r);
    a.space.paranoid = rng_one_in(&r, 8);
    need_ok(ctx, pleats_cell_root(&a.space, &cell));
    arrangement_cone(&a, &known);
    if (rng_one_in(&r, 2))
        cut_first(&a, &cell, &known, rng_one_in(&r, 2));
    activation act = rng_one_in(&r, 2)
                         ? ACT_RELU
                         : (activation)rng_int(&r, 0, N_ACTIVATIONS - 1);
    pleats_step step = a.net->step[1];
    pleats_pl function = *activation_function(act);
    step.function = &function;
    bool good = counts_agree(&a, &cell, &known, &step, seed);
    pleats_cell_clear(ctx, &cell);
    arrangement_clear(&a);
    good = good && pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
