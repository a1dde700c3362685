/* Forms that are summed up column by column on the way down, on random networks
 * with random pieces, units coming in any order and in groups, and sums that
 * are made of those of the layer before at once, some in a random box that
 * tells of units' pieces: as near to the exact forms as their error bounds say,
 * and 0 where they claim to be exact.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "form_check.h"
#include "mlp.h"
#include "need.h"
#include "random_layers.h"
#include "random_net.h"
#include "show.h"

#include "cells/ahead.h"
#include "forms/exact_forms.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 10000, MOST_COORDINATES = 4 };

static uint64_t n_passed, n_in_box;

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
    pleats_noted noted;
    bool *is_set;    /* [n_scalars] */
    bool leaves_out; /* what an open unit reads is of no use, it says */
    bool is_off;     /* bounds of sums that were passed, or pieces in a box */
} columns_case;

static void draw_coordinates(rng *r, pleats_idx n_inputs, pleats_coordinates *c)
{
    *c = (pleats_coordinates){
        .n_inputs = n_inputs,
        .k = rng_one_in(r, 2) ? 2 : rng_int(r, 1, MOST_COORDINATES)};
    const size_t n = (size_t)n_inputs * ((size_t)c->k + 1);
    c->num = need_memory(n, sizeof *c->num);
    mpz_init_set_ui(c->den, rng_one_in(r, 2) ? 3 : 1);
    for (size_t i = 0; i < n; i++) {
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
    need_ok(c->ctx, pleats_sums_inherit(c->ctx, &child, &c->sums, &c->forms, 0,
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

/* Half of the units are open: their pieces are negative in `first` [units];
 * lists them. */
static pleats_idx draw_open(columns_case *c, const pleats_step *s,
                            pleats_idx *first, pleats_idx *open)
{
    const pleats_idx *piece = c->piece + s->first_unit;
    const int32_t one_of = rng_one_in(c->r, 3) ? 16 : 2;
    pleats_idx n_open = 0;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        first[i] = piece[i] > 1 || s->kind != PLEATS_STEP_PL ||
                           rng_one_in(c->r, one_of)
                       ? -1
                       : piece[i];
        if (first[i] < 0)
            open[n_open++] = i;
    }
    return n_open;
}

/* Units that were open, one by one. */
static void settle_open(columns_case *c, const pleats_step *s,
                        pleats_idx n_open, const pleats_idx *open)
{
    const pleats_idx *piece = c->piece + s->first_unit;
    int32_t *order = need_memory((size_t)n_open, sizeof *order);
    rng_order(c->r, n_open, order);
    for (pleats_idx i = 0; i < n_open; i++) {
        const pleats_idx unit = open[order[i]];
        (void)pleats_sums_note(&c->sums, &c->noted, &c->forms, unit,
                               piece[unit]);
        if (rng_one_in(c->r, 3))
            pleats_sums_add(&c->sums, &c->noted, &c->forms, piece);
        if (c->noted.n == 0 && rng_one_in(c->r, 3))
            inherit(c);
    }
    pleats_sums_add(&c->sums, &c->noted, &c->forms, piece);
    free(order);
}

/* Some units at once, in the step's order, the others one by one. */
static void settle_units(columns_case *c, const pleats_step *s)
{
    const size_t n = (size_t)s->n_out;
    pleats_idx *used = need_memory(n, sizeof *used);
    pleats_idx *open = need_memory(n, sizeof *open);
    pleats_idx *first = need_memory(n, sizeof *first);
    const pleats_idx n_open = draw_open(c, s, first, open);
    const pleats_idx n_used = pleats_sums_note_all(
        &c->sums, &c->noted, &c->forms, s, first, n_open, open, used);
    c->leaves_out = c->leaves_out || !are_used(s, n_open, open, n_used, used);
    pleats_sums_add(&c->sums, &c->noted, &c->forms, c->piece + s->first_unit);
    settle_open(c, s, n_open, open);
    free(used);
    free(open);
    free(first);
}

/* What sum |weight| (error + gamma magnitude) + gamma |bias| is for a row of
 * the sums behind, over units with the passing piece. */
static double bound_behind(const columns_case *c, const pleats_columns *from,
                           const double *sum, const pleats_idx *piece,
                           size_t row)
{
    const pleats_columns *to = from->behind;
    const size_t rows = pleats_columns_rows(from), k = (size_t)c->forms.k;
    long double all = (long double)c->forms.gamma * to->bias_size[row];
    for (pleats_idx i = 0; i < to->units->n_out; i++) {
        const double *at = sum + (to->units->in[i] - from->target->out);
        long double size = 0;
        const double w = to->weight[(size_t)i * pleats_columns_rows(to) + row];
        for (size_t e = 0; e <= k; e++)
            size += fabsl(at[e * rows]);
        const long double error = at[(k + 1) * rows];
        if (piece[i] == from->passing && (error != 0 || from->has_tiny))
            all += fabsl(w) * (error + c->forms.gamma * size + 0x1p-960);
    }
    return (double)all;
}

/* Whether the bounds of sums that were passed are what they should be: those of
 * forms are rounded up.  (Known forms have bounds of their own.) */
static bool bounds_are_right(const columns_case *c, const pleats_columns *from,
                             const double *expected, const double *sum)
{
    const pleats_columns *to = from->behind;
    const double *bound =
        sum + ((size_t)c->forms.k + 1) * pleats_columns_rows(to);
    for (pleats_idx i = 0; i < to->target->n_out; i++) {
        const bool is_tiny =
            from->has_tiny || (expected[i] > 0 && expected[i] < 0x1p-900);
        const bool is_rounded_up = to->bias_size[i] == 0 && !is_tiny;
        const double least =
            expected[i] * (is_rounded_up ? 1 + 0x1p-21 : 1 - 0x1p-50);
        const double most =
            is_tiny || from->has_tiny ? INFINITY : expected[i] * (1 + 0x1p-17);
        if (PLEATS_PERTURB || to->knows_forms || !isfinite(bound[i]) ||
            (expected[i] > 0 && expected[i] < 0x1p-1000))
            continue;
        if (!(bound[i] >= least && bound[i] <= most))
            return false;
    }
    return true;
}

/* A box in the plane, and errors of sums that make up for much of their values
 * at its centre. */
static void draw_box(columns_case *c, const pleats_columns *from,
                     double *centre, double *half)
{
    const size_t rows = pleats_columns_rows(from);
    const double size = ldexp(1, -rng_int(c->r, 0, 8));
    for (size_t e = 0; e < 3; e++) {
        centre[e] = rng_real(c->r, 53);
        half[e] = size * fabs(rng_real(c->r, 53));
    }
    for (size_t i = 0; i < (size_t)from->target->n_out; i++) {
        double *at = c->sums.sum + i, value = 0;
        for (size_t e = 0; e < 3; e++)
            value += at[e * rows] * centre[e];
        if (rng_one_in(c->r, 4) && isfinite(value))
            at[3 * rows] += 2 * fabs(value * rng_real(c->r, 53));
    }
}

/* Whether a unit's piece holds in the whole box, or where there is none, it is
 * not plain to see. */
static bool piece_is_right(const columns_case *c, const pleats_columns *from,
                           pleats_idx i, const double *centre,
                           const double *half, pleats_idx piece)
{
    const size_t rows = pleats_columns_rows(from);
    const double *at = c->sums.sum + i;
    long double value = 0, size = 0, reach = at[3 * rows];
    for (size_t e = 0; e < 3; e++) {
        value += (long double)at[e * rows] * centre[e];
        reach += fabsl(at[e * rows]) * half[e];
        size += fabsl(at[e * rows]);
    }
    if (piece >= 0)
        return fabsl(value) > reach && piece == (value > 0);
    reach = reach * (1 + 0x1p-18L) + 8 * c->forms.gamma * size + 0x1p-900L;
    return !(fabsl(value) > reach) || size > 0x1p1000L || reach > 0x1p1000L;
}

/* Passes the sums on in a random box: sets the pieces `first` of the units, and
 * lists those that it leaves open, whose number is the result. */
static pleats_idx pass_in_box(columns_case *c, const pleats_columns *from,
                              pleats_idx *first, pleats_idx *open, double *sum)
{
    const pleats_step *s = from->behind->units;
    double centre[3], half[3], wide[3];
    draw_box(c, from, centre, half);
    for (size_t e = 0; e < 3; e++)
        wide[e] = half[e] + c->forms.gamma;
    const pleats_form_box box = {centre, wide};
    pleats_idx n_open = 0;
    const bool any = pleats_columns_pass_box(from, &c->forms, &box, first,
                                             &c->noted, c->sums.sum, sum);
    for (pleats_idx i = 0; i < s->n_out; i++) {
        c->is_off =
            c->is_off || !piece_is_right(c, from, i, centre, half, first[i]);
        if (first[i] < 0)
            open[n_open++] = i;
        else
            c->piece[s->first_unit + i] = first[i];
    }
    c->is_off = c->is_off || (n_open > 0 && !any);
    n_in_box += (uint64_t)(s->n_out - n_open);
    return n_open;
}

/* From the sums, all of whose units are settled, to those behind them: no forms
 * are set but of what open units read. */
static void pass(columns_case *c)
{
    const pleats_columns *from = c->sums.columns;
    const pleats_step *s = from->behind->units;
    const pleats_form_sums sums =
        pleats_columns_sums(from, &c->forms, c->sums.sum);
    const bool in_box =
        pleats_columns_fit_box(from, &c->forms) && rng_one_in(c->r, 2);
    pleats_idx *open = need_memory((size_t)s->n_out, sizeof *open);
    pleats_idx *first = need_memory((size_t)s->n_out, sizeof *first);
    pleats_sums next = {0};
    need_ok(c->ctx,
            pleats_sums_prepare(c->ctx, &next, &c->forms, from->behind));
    const pleats_idx n_open = in_box
                                  ? pass_in_box(c, from, first, open, next.sum)
                                  : draw_open(c, s, first, open);
    poison(c, from->target);
    poison(c, s);
    for (pleats_idx i = 0; i < n_open; i++) {
        pleats_forms_set_some(&c->forms, 1, &s->in[open[i]], &sums);
        c->is_set[s->in[open[i]]] = true;
    }
    const size_t rows = (size_t)from->behind->target->n_out;
    double *expected = need_memory(rows, sizeof *expected);
    for (size_t i = 0; i < rows; i++)
        expected[i] = bound_behind(c, from, c->sums.sum, first, i);
    if (!in_box)
        pleats_columns_pass(from, &c->forms, first, &c->noted, c->sums.sum,
                            next.sum);
    c->is_off = c->is_off || !bounds_are_right(c, from, expected, next.sum);
    free(expected);
    pleats_sums_clear(c->ctx, &c->sums);
    c->sums = next;
    settle_open(c, s, n_open, open);
    free(open);
    free(first);
    n_passed++;
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
    if (!columns->hides_units)
        mark(c, s);
    for (; columns->behind && !rng_one_in(c->r, 4); columns = columns->behind) {
        if (columns->behind->affine != columns->behind->target)
            poison(c, columns->behind->affine);
        pass(c);
    }
    finish(c, columns);
    return (pleats_idx)(columns->target - c->net->step);
}

/* Bounds that overflow promise nothing, if they do so step by step, too. */
static bool bound_holds(columns_case *c, pleats_idx i)
{
    if (!isfinite(c->forms.error[i]) || !isfinite(c->forms.magnitude[i]))
        return !isfinite(c->plain.error[i]);
    return form_holds(c->ctx, &c->forms, &c->exact, i);
}

/* Dense layers of units that pass their input on or are 0, on either side of
 * 0. */
static pleats_net *random_chain(pleats_ctx *ctx, rng *r, int32_t n_inputs)
{
    int32_t width[] = {n_inputs, rng_int(r, 1, 20), rng_int(r, 1, 80),
                       rng_int(r, 1, 20), 1};
    mlp m;
    mlp_init(&m, 4, width);
    for (int32_t l = 0; l < 4; l++) {
        const numbers kind = rng_one_in(r, 2)
                                 ? NUMBERS_EXTREME
                                 : (numbers)rng_int(r, 0, N_NUMBERS - 1);
        random_rows(r, kind, rng_one_in(r, 2), width[l + 1], width[l],
                    m.weight[l], m.bias[l]);
    }
    pleats_net *net = mlp_build(ctx, &m);
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s) && rng_one_in(r, 2))
            s->function[0].slope[0] = 1, s->function[0].slope[1] = 0;
    }
    mlp_clear(&m);
    return net;
}

static void case_init(rng *r, columns_case *c)
{
    pleats_idx n_inputs = rng_int(r, 1, 4);
    *c = (columns_case){.ctx = need_ctx(), .r = r};
    if (rng_one_in(r, 4))
        c->net = random_net(c->ctx, r, n_inputs, 20);
    else if (rng_one_in(r, 3))
        c->net = random_wide_conv(c->ctx, r, n_inputs);
    else if (rng_one_in(r, 2))
        c->net = random_chain(c->ctx, r, n_inputs);
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
    need_ok(c->ctx, pleats_noted_init(c->ctx, &c->noted, c->net));
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
    pleats_noted_clear(c->ctx, &c->noted);
    pleats_ahead_clear(c->ctx, &c->ahead);
    pleats_exact_forms_clear(c->ctx, &c->exact);
    pleats_forms_clear(c->ctx, &c->forms);
    pleats_forms_clear(c->ctx, &c->plain);
    const size_t n = (size_t)c->coordinates.n_inputs;
    for (size_t i = 0; i < n * ((size_t)c->coordinates.k + 1); i++)
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
    for (pleats_idx k = 0; k < c.net->n_steps; k++) {
        const pleats_step *s = &c.net->step[k];
        if (pleats_step_is_affine(s)) {
            need_ok(c.ctx, pleats_forms_run(c.ctx, &c.forms, s, c.piece));
            mark(&c, s);
        } else {
            k = run_columns(&c, k);
        }
    }
    for (pleats_idx k = 0; k < c.net->n_steps; k++)
        need_ok(c.ctx,
                pleats_forms_run(c.ctx, &c.plain, &c.net->step[k], c.piece));
    if (c.leaves_out)
        fprintf(stderr, "seed %llu: what an open unit reads is left out\n",
                (unsigned long long)seed);
    if (c.is_off)
        fprintf(stderr, "seed %llu: sums that were passed are wrong\n",
                (unsigned long long)seed);
    good = !c.leaves_out && !c.is_off;
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
    const uint64_t failures = failed_cases(CASES, run_case);
    const bool is_one_case = number_from_environment("PLEATS_TEST_SEED", 0) > 0;
    printf("%llu layers passed, %llu units told by a box\n",
           (unsigned long long)n_passed, (unsigned long long)n_in_box);
    return failures > 0 || (!is_one_case && (n_passed == 0 || n_in_box == 0));
}
