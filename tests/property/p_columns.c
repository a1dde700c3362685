/* Forms that are summed up column by column on the way down, on random networks
 * with random pieces, units coming in any order and in groups: as near to the
 * exact forms as their error bounds say, and 0 where they claim to be exact.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "form_check.h"
#include "need.h"
#include "random_layers.h"
#include "random_net.h"
#include "show.h"

#include "cells/ahead.h"
#include "forms/exact_forms.h"

#include <math.h>
#include <stdlib.h>

enum { CASES = 10000, COORDINATES = 3, WIDTH = COORDINATES + 1 };

typedef struct {
    pleats_ctx *ctx;
    rng *r;
    pleats_net *net;
    pleats_coordinates coordinates;
    pleats_idx *piece;
    pleats_forms forms, plain; /* by columns, step by step */
    pleats_exact_forms exact;
    pleats_ahead ahead;
    pleats_sums sums;
    bool *is_set;    /* [n_scalars] */
    bool leaves_out; /* what an open unit reads is of no use, it says */
} columns_case;

static void draw_coordinates(rng *r, pleats_idx n_inputs, pleats_coordinates *c)
{
    *c = (pleats_coordinates){.n_inputs = n_inputs, .k = COORDINATES};
    c->num = need_memory((size_t)n_inputs * WIDTH, sizeof *c->num);
    mpz_init_set_ui(c->den, rng_one_in(r, 2) ? 3 : 1);
    for (size_t i = 0; i < (size_t)n_inputs * WIDTH; i++) {
        mpz_init_set_si(c->num[i], rng_int(r, -3, 3));
        if (rng_one_in(r, 10))
            mpz_mul_2exp(c->num[i], c->num[i], 60);
    }
}

/* Forms that nobody may read. */
static void poison(columns_case *c, const pleats_step *s)
{
    for (pleats_idx i = s->out; i < s->out + s->n_out; i++) {
        for (size_t j = 0; j < c->forms.stride; j++)
            c->forms.entry[(size_t)i * c->forms.stride + j] = NAN;
        c->forms.error[i] = c->forms.magnitude[i] = NAN;
        c->is_set[i] = false;
    }
}

static void mark(columns_case *c, const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_out; i++)
        c->is_set[s->out + i] = true;
}

/* The sums move on to a child, as they are or as a copy. */
static void inherit(columns_case *c)
{
    pleats_sums child = {0};
    need_ok(c->ctx, pleats_sums_inherit(c->ctx, &child, &c->sums, &c->forms, 1,
                                        rng_one_in(c->r, 2)));
    pleats_sums_clear(c->ctx, &c->sums);
    c->sums = child;
}

/* What open units read is asked about, so that its form has to be set. */
static bool are_used(const pleats_step *s, pleats_idx n_open,
                     const pleats_idx *open, pleats_idx n,
                     const pleats_idx *used)
{
    for (pleats_idx i = 0; s->kind == PLEATS_STEP_PL && i < n_open; i++) {
        pleats_idx at = 0;
        while (at < n && used[at] != s->in[open[i]])
            at++;
        if (at == n)
            return false;
    }
    return true;
}

/* Some units at once, in the step's order, the others one by one. */
static void settle_units(columns_case *c, const pleats_step *s)
{
    const pleats_idx n = s->n_out, *piece = c->piece + s->first_unit;
    pleats_idx *used = need_memory((size_t)n, sizeof *used);
    int32_t *order = need_memory((size_t)n, sizeof *order);
    pleats_idx *open = need_memory((size_t)n, sizeof *open), n_open = 0;
    int8_t *first = need_memory((size_t)n, sizeof *first);
    for (pleats_idx i = 0; i < n; i++) {
        first[i] =
            piece[i] > 1 || s->kind != PLEATS_STEP_PL || rng_one_in(c->r, 2)
                ? -1
                : (int8_t)piece[i];
        if (first[i] < 0)
            open[n_open++] = i;
    }
    const pleats_idx n_used =
        pleats_sums_note_all(&c->sums, &c->forms, s, first, n_open, open, used);
    c->leaves_out = c->leaves_out || !are_used(s, n_open, open, n_used, used);
    pleats_sums_add(&c->sums, &c->forms, piece);
    rng_order(c->r, n, order);
    for (pleats_idx i = 0; i < n; i++) {
        if (first[order[i]] >= 0)
            continue;
        (void)pleats_sums_note(&c->sums, &c->forms, order[i], piece[order[i]]);
        if (rng_one_in(c->r, 3))
            pleats_sums_add(&c->sums, &c->forms, piece);
        if (c->sums.n == 0 && rng_one_in(c->r, 3))
            inherit(c);
    }
    pleats_sums_add(&c->sums, &c->forms, piece);
    free(used);
    free(open);
    free(order);
    free(first);
}

/* The forms of the target: of all outputs, or of some. */
static void finish(columns_case *c, const pleats_columns *columns)
{
    const pleats_step *s = columns->target;
    pleats_idx n = 0, *some = need_memory((size_t)s->n_out, sizeof *some);
    poison(c, s);
    if (columns->is_private && rng_one_in(c->r, 2)) {
        for (pleats_idx i = 0; i < s->n_out; i++)
            if (rng_one_in(c->r, 2))
                some[n++] = s->out + i;
        pleats_columns_finish(columns, &c->forms, c->sums.sum, n, some);
    }
    for (pleats_idx i = 0; i < n; i++)
        c->is_set[some[i]] = true;
    free(some);
    if (n > 0 && columns->target + 1 == c->net->step + c->net->n_steps)
        return;
    pleats_columns_finish(columns, &c->forms, c->sums.sum, 0, NULL);
    mark(c, s);
}

/* Step `k` of units and the affine step after it by its columns. */
static pleats_idx run_columns(columns_case *c, pleats_idx k)
{
    const pleats_step *s = &c->net->step[k];
    need_ok(c->ctx,
            pleats_sums_start(c->ctx, &c->ahead, &c->sums, &c->forms, k));
    const pleats_columns *columns = c->sums.columns;
    if (!columns) {
        need_ok(c->ctx, pleats_forms_run(c->ctx, &c->forms, s, c->piece));
        mark(c, s);
        return k;
    }
    poison(c, s);
    if (columns->affine != columns->target)
        poison(c, columns->affine);
    settle_units(c, s);
    finish(c, columns);
    if (!columns->hides_units)
        mark(c, s);
    return (pleats_idx)(columns->target - c->net->step);
}

/* Bounds that overflow promise nothing, if they do so step by step, too. */
static bool bound_holds(columns_case *c, pleats_idx i)
{
    if (!isfinite(c->forms.error[i]) || !isfinite(c->forms.magnitude[i]))
        return !isfinite(c->plain.error[i]);
    return form_holds(c->ctx, &c->forms, &c->exact, i);
}

static void case_init(rng *r, columns_case *c)
{
    pleats_idx n_inputs = rng_int(r, 1, 4);
    *c = (columns_case){.ctx = need_ctx(), .r = r};
    if (rng_one_in(r, 4))
        c->net = random_net(c->ctx, r, n_inputs, 20);
    else if (rng_one_in(r, 3))
        c->net = random_wide_conv(c->ctx, r, n_inputs);
    else
        c->net = random_layers(c->ctx, r, n_inputs, 1, 24);
    if (rng_one_in(r, 2))
        change_divisors(r, c->net);
    draw_coordinates(r, n_inputs, &c->coordinates);
    c->piece = need_memory((size_t)c->net->n_units, sizeof *c->piece);
    c->is_set = need_memory((size_t)c->net->n_scalars, sizeof *c->is_set);
    need_ok(c->ctx,
            pleats_forms_init(c->ctx, &c->forms, c->net, &c->coordinates));
    need_ok(c->ctx,
            pleats_forms_init(c->ctx, &c->plain, c->net, &c->coordinates));
    need_ok(c->ctx, pleats_exact_forms_init(c->ctx, &c->exact, c->net,
                                            &c->coordinates, c->piece));
    need_ok(c->ctx, pleats_ahead_init(c->ctx, &c->ahead, c->net, NULL, false));
    for (pleats_idx k = 0; k < c->net->n_steps; k++) {
        const pleats_step *s = &c->net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++)
            c->piece[s->first_unit + i] =
                rng_int(r, 0, pleats_step_pieces(s, i) - 1);
    }
}

static bool case_clear(columns_case *c)
{
    pleats_sums_clear(c->ctx, &c->sums);
    pleats_ahead_clear(c->ctx, &c->ahead);
    pleats_exact_forms_clear(c->ctx, &c->exact);
    pleats_forms_clear(c->ctx, &c->forms);
    pleats_forms_clear(c->ctx, &c->plain);
    for (size_t i = 0; i < (size_t)c->coordinates.n_inputs * WIDTH; i++)
        mpz_clear(c->coordinates.num[i]);
    mpz_clear(c->coordinates.den);
    free(c->coordinates.num);
    free(c->piece);
    free(c->is_set);
    pleats_net_clear(c->ctx, c->net);
    bool clean = pleats_ctx_live_bytes(c->ctx) == 0;
    pleats_ctx_free(c->ctx);
    return clean;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    columns_case c;
    bool good = true;
    case_init(&r, &c);
    for (pleats_idx k = 0; k < c.net->n_steps; k++)
        need_ok(c.ctx,
                pleats_forms_run(c.ctx, &c.plain, &c.net->step[k], c.piece));
    for (pleats_idx k = 0; k < c.net->n_steps; k++) {
        const pleats_step *s = &c.net->step[k];
        if (pleats_step_is_affine(s)) {
            need_ok(c.ctx, pleats_forms_run(c.ctx, &c.forms, s, c.piece));
            mark(&c, s);
        } else {
            k = run_columns(&c, k);
        }
    }
    if (c.leaves_out)
        fprintf(stderr, "seed %llu: what an open unit reads is left out\n",
                (unsigned long long)seed);
    good = !c.leaves_out;
    for (pleats_idx i = 0; i < c.net->n_scalars; i++)
        if (c.is_set[i] && !bound_holds(&c, i)) {
            fprintf(stderr, "seed %llu: s%d is wrong: error %g, magnitude %g\n",
                    (unsigned long long)seed, i, c.forms.error[i],
                    c.forms.magnitude[i]);
            if (good)
                show_net(stderr, c.net);
            good = false;
        }
    return case_clear(&c) && good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
