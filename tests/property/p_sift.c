/* Pieces that a box around a cell settles, against the oracle's cones: what is
 * settled is so in the whole cell.  The forms in doubles are mostly wrong, by
 * as much as they claim to be at most; they come row by row or entry by entry,
 * for units that bend at 0, elsewhere, and twice.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "activations.h"
#include "cases.h"
#include "cell_check.h"
#include "need.h"
#include "random_net.h"

#include "cells/sift.h"

#include <stdio.h>
#include <stdlib.h>

enum { CASES = 1500, MOST_PLANES = 40, MOST_WIDTH = 6, CUTS = 6 };

static double quarter[] = {0.25}, slope[] = {0, 1}, intercept[] = {0, -0.25};
static const pleats_pl late = {1, quarter, slope, intercept};

static uint64_t n_asked, n_settled;

typedef struct {
    arrangement a;
    rng r;
    pleats_cell cell;
    cone known;
    pleats_sift sift;
    const char *wrong;
} sift_case;

/* The forms entry by entry, in memory that the caller frees. */
static pleats_form_sums by_entries(const sift_case *c)
{
    const pleats_forms *f = &c->a.space.forms;
    const pleats_step *s = &c->a.net->step[0];
    size_t rows = (c->a.n + 7) / 8 * 8, entries = c->a.k + 2;
    double *all = need_memory(rows * entries, sizeof *all);
    for (size_t i = 0; i < c->a.n; i++)
        for (size_t j = 0; j < entries; j++)
            all[j * rows + i] =
                pleats_forms_entry(f, s->out + (pleats_idx)i)[j];
    return (pleats_form_sums){s->out, all, 1, rows, true};
}

/* Whether unit i has its piece in the whole cell. */
static void check_unit(sift_case *c, const pleats_step *s, size_t i)
{
    const pleats_pl *f = pleats_step_function(s, (pleats_idx)i);
    const pleats_idx piece = c->a.space.piece[i];
    n_asked++;
    if (piece < 0)
        return;
    n_settled++;
    cone above, below;
    if (f->n_breaks != 1) {
        c->wrong = "a unit with two breakpoints is settled";
        return;
    }
    size_t row = (size_t)(s->in[i] - c->a.net->step[0].out);
    sides found = arrangement_split(&c->a, &c->known,
                                    arrangement_plane(&c->a, row, -1, f->at[0]),
                                    &above, &below);
    if (found == SIDE_BOTH) {
        cone_clear(&above);
        cone_clear(&below);
    }
    if (found != (piece > 0 ? SIDE_POSITIVE : SIDE_NEGATIVE))
        c->wrong = "a unit has the other piece somewhere";
}

static void check(sift_case *c)
{
    const pleats_step *s = &c->a.net->step[1];
    c->sift.has_box = false;
    for (int columns = 0; columns < 2; columns++) {
        pleats_form_sums sums = by_entries(c);
        pleats_idx open = 0;
        for (size_t i = 0; i < c->a.n; i++)
            c->a.space.piece[i] = 7;
        pleats_sift_step(&c->sift, &c->a.space, &c->cell, s,
                         columns ? &sums : NULL);
        for (size_t i = 0; i < c->a.n && !c->wrong; i++) {
            check_unit(c, s, i);
            if (c->a.space.piece[i] < 0 &&
                (open >= c->sift.n_open ||
                 c->sift.open[open++] != (pleats_idx)i))
                c->wrong = "an open unit is not on the list";
        }
        if (open != c->sift.n_open && !c->wrong)
            c->wrong = "a settled unit is on the list";
        free((void *)(uintptr_t)sums.entry);
    }
}

/* Cuts cell and cone by a plane of the arrangement. */
static void cut(sift_case *c)
{
    bool has[2], up = rng_one_in(&c->r, 2);
    size_t i = (size_t)rng_int(&c->r, 0, (int32_t)c->a.n - 1);
    pleats_hyperplane plane =
        arrangement_plane(&c->a, i, -1, 0.5 * rng_real(&c->r, 8));
    cone above, below;
    if (arrangement_split(&c->a, &c->known, plane, &above, &below) != SIDE_BOTH)
        return;
    need_ok(c->a.ctx, pleats_cell_sides(&c->a.space, &c->cell, plane, has));
    need_ok(c->a.ctx, pleats_cell_restrict(&c->a.space, &c->cell, plane,
                                           up ? 1 : -1, &c->cell));
    cone_clear(&c->known);
    c->known = up ? above : below;
    cone_clear(up ? &below : &above);
}

static void draw_rows(rng *r, size_t n, size_t k, double *rows)
{
    static const numbers kinds[] = {NUMBERS_SHORT, NUMBERS_DOUBLE,
                                    NUMBERS_INTEGER};
    numbers kind = kinds[rng_int(r, 0, 2)];
    for (size_t i = 0; i < n * (k + 1); i++)
        rows[i] = random_number(r, kind);
}

/* Units read their rows in any order. */
static void shuffle(rng *r, pleats_step *s)
{
    int32_t *order = need_memory((size_t)s->n_out, sizeof *order);
    pleats_idx first = s->in[0];
    rng_order(r, s->n_out, order);
    for (pleats_idx i = 0; i < s->n_out; i++)
        s->in[i] = first + order[i];
    free(order);
}

static void run_cells(sift_case *c)
{
    need_ok(c->a.ctx, pleats_cell_root(&c->a.space, &c->cell));
    arrangement_cone(&c->a, &c->known);
    check(c);
    for (int again = 0; again < CUTS && !c->wrong; again++) {
        cut(c);
        check(c);
    }
    cone_clear(&c->known);
    pleats_cell_clear(c->a.ctx, &c->cell);
}

static bool run_case(uint64_t seed)
{
    static const unsigned box[] = {0, 1, 1, 3};
    sift_case c = {.r = {seed}};
    double rows[MOST_PLANES * MOST_WIDTH];
    pleats_ctx *ctx = need_ctx();
    size_t k = (size_t)rng_int(&c.r, 1, 5);
    size_t n = (size_t)rng_int(&c.r, 1, k < 4 ? MOST_PLANES : 20);
    draw_rows(&c.r, n, k, rows);
    arrangement_init(ctx, &c.a, k, n, rows, box[rng_int(&c.r, 0, 3)]);
    if (!rng_one_in(&c.r, 4))
        arrangement_loosen(&c.a, &c.r);
    pleats_step *s = &c.a.net->step[1];
    pleats_pl *own = s->function;
    pleats_pl other = rng_one_in(&c.r, 4)   ? *activation_function(ACT_HARDTANH)
                      : rng_one_in(&c.r, 2) ? late
                                            : *own;
    s->function = &other;
    if (rng_one_in(&c.r, 4))
        shuffle(&c.r, s);
    need_ok(ctx, pleats_sift_init(ctx, &c.sift, c.a.net, (pleats_idx)k));
    run_cells(&c);
    if (c.wrong)
        fprintf(stderr, "seed %llu, dimension %zu: %s\n",
                (unsigned long long)seed, k, c.wrong);
    pleats_sift_clear(ctx, &c.sift);
    s->function = own;
    arrangement_clear(&c.a);
    bool clean = pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return clean && !c.wrong;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    bool is_one_case = number_from_environment("PLEATS_TEST_SEED", 0) > 0;
    printf("%llu of %llu settled\n", (unsigned long long)n_settled,
           (unsigned long long)n_asked);
    return failures > 0 || (!is_one_case && n_settled < n_asked / 8);
}
