/* Networks along a line, as they are drawn: as many cells as there are regions,
 * in their order; curves with the network's values; breakpoints where units
 * change their pieces, and nowhere else.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "domains.h"
#include "need.h"
#include "random_layers.h"
#include "random_mlp.h"
#include "random_net.h"

#include "draw/plane/line.h"
#include "pleats/pleats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 200, MOST_CELLS = 2000 };

/* Evaluation in doubles has no digits left beside steeper pieces. */
#define STEEP 1e6

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *domain;
    pleats_line line;
    const char *wrong;
} line_case;

static double greatest(const double *value, size_t n)
{
    double most = 1;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(value[i]));
    return most;
}

/* Whether no curve is too steep to be evaluated in doubles. */
static bool is_tame(const pleats_line *x)
{
    size_t points = x->n_cells + 1;
    for (size_t i = 0; i < points * (size_t)x->net->n_outputs; i++) {
        size_t at = i % points;
        double rise = at ? fabs(x->value[i] - x->value[i - 1]) : 0;
        if (at && !(rise <= STEEP * (x->at[at] - x->at[at - 1])))
            return false;
    }
    return true;
}

/* The outputs at every end of a cell, and between: curves are straight there.
 */
static bool values_are_right(const line_case *c)
{
    const pleats_line *x = &c->line;
    size_t n = (size_t)pleats_net_n_outputs(c->net), points = x->n_cells + 1;
    double *y = need_memory(n, sizeof *y);
    bool right = true;
    for (size_t i = 0; i < 2 * x->n_cells; i++) {
        size_t left = i / 2, next = i % 2 ? left + 1 : left;
        double at = (x->at[left] + x->at[next]) / 2;
        if (pleats_net_eval(c->ctx, c->net, &at, y, NULL) != PLEATS_OK)
            continue;
        for (size_t o = 0; o < n; o++) {
            const double *value = x->value + o * points;
            double there = (value[left] + value[next]) / 2;
            right =
                right && fabs(there - y[o]) < 1e-6 * greatest(value, points);
        }
    }
    free(y);
    return right;
}

static bool is_drawn(const pleats_line *x, pleats_idx layer, size_t point)
{
    for (size_t i = 0; i < x->n_breaks; i++)
        if (x->at_break[i].layer == layer && x->at_break[i].point == point)
            return true;
    return false;
}

/* Compares the layers that change a piece from the middle of a cell to that of
 * the next one with those drawn.  False: none is drawn. */
static bool compare_breaks(const line_case *c, size_t left, size_t *same,
                           size_t *different)
{
    const pleats_line *x = &c->line;
    size_t units = (size_t)x->net->n_units;
    int32_t *piece = need_memory(2 * units, sizeof *piece);
    double *y = need_memory((size_t)x->net->n_outputs, sizeof *y);
    bool any = false, wide = true;
    for (size_t i = 0; i < 2; i++) {
        double at = (x->at[left + i] + x->at[left + i + 1]) / 2;
        wide = wide && x->at[left + i + 1] - x->at[left + i] > 1e-9;
        need_ok(c->ctx,
                pleats_net_eval(c->ctx, c->net, &at, y, piece + i * units));
    }
    for (pleats_idx layer = 1; layer <= x->layers.n; layer++) {
        const pleats_unit_layer *l = &x->layers.layer[layer - 1];
        bool changes = memcmp(piece + l->first, piece + units + l->first,
                              (size_t)l->n * sizeof *piece) != 0;
        bool drawn = is_drawn(x, layer, left + 1);
        any = any || drawn;
        if (wide)
            ++*(drawn == changes ? same : different);
    }
    free(piece);
    free(y);
    return any;
}

/* Where a unit's input is 0 on a whole cell, evaluation may see either piece:
 * a few layers may differ. */
static bool breaks_are_right(const line_case *c)
{
    size_t same = 0, different = 0;
    for (size_t i = 0; i + 1 < c->line.n_cells; i++)
        if (!compare_breaks(c, i, &same, &different))
            return false;
    return different * 10 <= same + 30;
}

static void check(line_case *c)
{
    const pleats_line *x = &c->line;
    pleats_count_result count;
    need_ok(c->ctx,
            pleats_count(c->ctx, c->net, c->domain, NULL, NULL, &count));
    if (strtoull(count.regions, NULL, 10) != x->n_cells)
        c->wrong = "number of cells";
    else if (x->at[0] != -2 || x->at[x->n_cells] != 3)
        c->wrong = "ends";
    else if (is_tame(x) && !values_are_right(c))
        c->wrong = "values";
    else if (is_tame(x) && !breaks_are_right(c))
        c->wrong = "breakpoints";
    for (size_t i = 0; i < x->n_cells && !c->wrong; i++)
        if (!(x->at[i] <= x->at[i + 1]))
            c->wrong = "order";
    pleats_count_result_clear(c->ctx, &count);
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    line_case c = {.ctx = need_ctx()};
    if (rng_one_in(&r, 2)) {
        mlp m;
        random_mlp(&r, 1, rng_one_in(&r, 3), &m);
        c.net = mlp_build(c.ctx, &m);
        mlp_clear(&m);
    } else {
        c.net = random_layers(c.ctx, &r, 1, 2, 10);
    }
    c.domain = domain_boxes(c.ctx, 1, "-2 3");
    pleats_status status =
        pleats_line_init(c.ctx, &c.line, c.net, c.domain, MOST_CELLS);
    if (status == PLEATS_OK)
        check(&c);
    else if (status != PLEATS_LIMIT)
        c.wrong = pleats_ctx_message(c.ctx);
    if (c.wrong)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, c.wrong);
    pleats_line_clear(&c.line);
    pleats_net_clear(c.ctx, c.net);
    pleats_domain_clear(c.ctx, c.domain);
    bool clean = pleats_ctx_live_bytes(c.ctx) == 0;
    if (!clean)
        fprintf(stderr, "seed %llu: memory\n", (unsigned long long)seed);
    bool good = clean && !c.wrong;
    pleats_ctx_free(c.ctx);
    return good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
