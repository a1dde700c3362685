#include "cells/sift.h"

#include "base/doubles.h"
#include "base/wide.h"

#include <string.h>

#define LANES 4
#include "base/kind.h"
#include "forms/box_signs.h"

/* Whether all units have one breakpoint, at 0, and read scalars one after the
 * other. */
static bool are_relus(const pleats_step *s)
{
    if (s->n_out == 0 || s->which || s->function[0].n_breaks != 1 ||
        s->function[0].at[0] != 0)
        return false;
    for (pleats_idx i = 1; i < s->n_out; i++)
        if (s->in[i] != s->in[0] + i)
            return false;
    return true;
}

pleats_status pleats_sift_init(pleats_ctx *ctx, pleats_sift *x,
                               const pleats_net *net, pleats_idx k)
{
    pleats_status status = PLEATS_OK;
    const size_t most = (size_t)pleats_net_most_units(net);
    *x = (pleats_sift){.net = net};
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *x->is_plain,
                     &x->is_plain));
    for (pleats_idx i = 0; i < net->n_steps; i++)
        x->is_plain[i] =
            net->step[i].kind == PLEATS_STEP_PL && are_relus(&net->step[i]);
    size_t room = ((size_t)k + 5) / 4 * 4;
    TRY(pleats_alloc(ctx, room, sizeof *x->centre, &x->centre));
    TRY(pleats_alloc(ctx, room, sizeof *x->half, &x->half));
    TRY(pleats_alloc(ctx, most, sizeof *x->open, &x->open));
    TRY(pleats_alloc(ctx, most, sizeof *x->used, &x->used));
done:
    return status;
}

void pleats_sift_clear(pleats_ctx *ctx, pleats_sift *x)
{
    pleats_release(ctx, x->centre);
    pleats_release(ctx, x->half);
    pleats_release(ctx, x->is_plain);
    pleats_release(ctx, x->open);
    pleats_release(ctx, x->used);
    *x = (pleats_sift){0};
}

/* Forms in a box. */
typedef struct {
    const double *centre, *half;
    size_t k;
    const pleats_form_sums *sums;
} rows;

/* sums = the sums of four rows of four. */
PLEATS_WITHIN void add_up(const four *p, const four *q, const four *r,
                          const four *t, four *sums)
{
    const four a = *p, b = *q, c = *r, d = *t;
    four ab = __builtin_shufflevector(a, b, 0, 4, 2, 6) +
              __builtin_shufflevector(a, b, 1, 5, 3, 7);
    four cd = __builtin_shufflevector(c, d, 0, 4, 2, 6) +
              __builtin_shufflevector(c, d, 1, 5, 3, 7);
    *sums = __builtin_shufflevector(ab, cd, 0, 1, 4, 5) +
            __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

static inline const double *form_of(const rows *x, pleats_idx scalar)
{
    return x->sums->entry + (size_t)(scalar - x->sums->first) * x->sums->row;
}

/* What has to be added up for one form at the centre, and for how far it
 * reaches from there: the bound of its error is weighed 0 and 1. */
PLEATS_WITHIN void look_at_one(const rows *x, const double *form, size_t stride,
                               four *value, four *reach)
{
    four v = {0}, r = {0};
    for (size_t c = 0; c < stride; c += 4) {
        four part = *(const four *)(form + c);
        v += part * *(const four *)(x->centre + c);
        r += (four)((four_bits)part & SIZE) * *(const four *)(x->half + c);
    }
    *value = v;
    *reach = r;
}

/* Four forms, `step` numbers apart. */
PLEATS_WITHIN void look_at_four(const rows *x, const double *form, size_t step,
                                size_t stride, four *value, four *reach)
{
    four v0, v1, v2, v3, r0, r1, r2, r3;
    look_at_one(x, form, stride, &v0, &r0);
    look_at_one(x, form + step, stride, &v1, &r1);
    look_at_one(x, form + 2 * step, stride, &v2, &r2);
    look_at_one(x, form + 3 * step, stride, &v3, &r3);
    add_up(&v0, &v1, &v2, &v3, value);
    add_up(&r0, &r1, &r2, &r3, reach);
}

/* Pieces of four units from their values at the centre and how far they reach
 * from there. */
PLEATS_WITHIN void tell_four(const four *v, const four *r, pleats_idx *piece)
{
    four_bits above, below;
    tell_signs_four(v, r, &above, &below);
    tell_pieces_four(&above, &below, piece);
}

/* Four units, whose forms lie one after the other, entry by entry. */
PLEATS_WITHIN void sift_four(const rows *x, const double *form, size_t stride,
                             pleats_idx *piece)
{
    four value, reach;
    look_at_four(x, form, stride, stride, &value, &reach);
    tell_four(&value, &reach, piece);
}

/* Plain steps; the last few units are left open. */
PLEATS_WIDE
static void sift_relus(const rows *x, const pleats_step *s, pleats_idx *piece)
{
    const double *form = form_of(x, s->in[0]);
    pleats_idx i = 0;
    if (x->sums->row == 4) {
        for (; i + 4 <= s->n_out; i += 4, form += 16)
            sift_four(x, form, 4, piece + i);
    } else {
        for (; i + 4 <= s->n_out; i += 4, form += 4 * x->sums->row)
            sift_four(x, form, x->sums->row, piece + i);
    }
    for (; i < s->n_out; i++)
        piece[i] = -1;
}

/* Eight units, whose forms' entries lie side by side.  To be inlined with k
 * known, where it pays. */
PLEATS_WITHIN void sift_eight(const rows *x, const double *entry, size_t k,
                              pleats_idx *piece)
{
    four v0 = {0}, v1 = {0}, r0 = {0}, r1 = {0};
    for (size_t c = 0; c <= k; c++, entry += x->sums->column) {
        const four p0 = *(const four *)entry;
        const four p1 = *(const four *)(entry + 4);
        v0 += p0 * x->centre[c];
        v1 += p1 * x->centre[c];
        r0 += (four)((four_bits)p0 & SIZE) * x->half[c];
        r1 += (four)((four_bits)p1 & SIZE) * x->half[c];
    }
    r0 += *(const four *)entry;
    r1 += *(const four *)(entry + 4);
    tell_four(&v0, &r0, piece);
    tell_four(&v1, &r1, piece + 4);
}

/* Plain steps whose forms lie entry by entry, all of them from the first one
 * on; what is after them, up to a multiple of 8, is of no consequence. */
PLEATS_WIDE
static void sift_columns(const rows *x, const pleats_step *s, pleats_idx *piece)
{
    const double *entry = x->sums->entry;
    const pleats_idx whole = s->n_out / 8 * 8, rest = s->n_out - whole;
    pleats_idx last[8];
    for (pleats_idx i = 0; x->k == 2 && i < whole; i += 8)
        sift_eight(x, entry + i, 2, piece + i);
    for (pleats_idx i = 0; x->k != 2 && i < whole; i += 8)
        sift_eight(x, entry + i, x->k, piece + i);
    if (rest == 0)
        return;
    sift_eight(x, entry + whole, x->k, last);
    memcpy(piece + whole, last, (size_t)rest * sizeof *last);
}

/* At every generator g of the cell the value is form . centre, give or take
 * |form| . half, the form's own error, and that of this sum. */
static pleats_idx sift_unit(const rows *x, const pleats_step *s, double gamma,
                            pleats_idx i)
{
    const pleats_pl *function = pleats_step_function(s, i);
    const double *entry = form_of(x, s->in[i]);
    if (function->n_breaks != 1)
        return -1;
    double at = function->at[0], value = -at * x->centre[x->k];
    double reach = fabs(at) * (x->half[x->k] + gamma);
    for (size_t c = 0; c <= x->k; c++, entry += x->sums->column) {
        value += *entry * x->centre[c];
        reach += fabs(*entry) * x->half[c];
    }
    reach = pleats_round_up(reach + *entry);
    const int sign = pleats_sign_beyond(value, reach);
    return sign == 0 ? -1 : sign > 0;
}

static void sift_units(const rows *x, const pleats_step *s, double gamma,
                       pleats_idx *piece)
{
    for (pleats_idx i = 0; i < s->n_out; i++)
        piece[i] = sift_unit(x, s, gamma, i);
}

/* Lists the units that are open; most are not, and are passed over by eight.
 * No branch on a single unit, which would be guessed wrongly. */
void pleats_sift_list(pleats_sift *x, const pleats_idx *piece, pleats_idx n)
{
    pleats_idx n_open = 0, i = 0;
    for (; i + 8 <= n; i += 8) {
        const pleats_idx *p = piece + i;
        if ((p[0] | p[1] | p[2] | p[3] | p[4] | p[5] | p[6] | p[7]) >= 0)
            continue;
        for (pleats_idx j = i; j < i + 8; j++) {
            x->open[n_open] = j;
            n_open += piece[j] < 0;
        }
    }
    for (; i < n; i++) {
        x->open[n_open] = i;
        n_open += piece[i] < 0;
    }
    x->n_open = n_open;
}

/* The forms of all scalars, one after the other. */
static pleats_form_sums all_forms(const pleats_forms *f)
{
    return (pleats_form_sums){.entry = f->entry, .row = f->stride, .column = 1};
}

/* With room for the rounding of sums of products with forms. */
bool pleats_sift_take_box(pleats_sift *x, const pleats_space *space,
                          const pleats_cell *cell)
{
    const pleats_forms *f = &space->forms;
    const double gamma = f->gamma;
    if (space->engine != PLEATS_ENGINE_VERTICES || space->paranoid ||
        cell->vertices.n_lines > 0)
        return false;
    pleats_vertices_box(space, &cell->vertices, x->centre, x->half);
    for (pleats_idx c = 0; c <= f->k; c++)
        x->half[c] += gamma;
    x->half[f->k + 1] = 1;
    x->has_box = true;
    return true;
}

pleats_idx pleats_sift_unit(const pleats_sift *x, const pleats_space *space,
                            const pleats_step *s, pleats_idx unit)
{
    const pleats_forms *f = &space->forms;
    const pleats_form_sums all = all_forms(f);
    const rows forms = {x->centre, x->half, (size_t)f->k, &all};
    return sift_unit(&forms, s, f->gamma, unit);
}

static void find_pieces(const pleats_sift *x, const pleats_forms *f,
                        const pleats_step *s, const pleats_form_sums *sums,
                        pleats_idx *piece)
{
    const rows forms = {x->centre, x->half, (size_t)f->k, sums};
    const bool is_plain = x->is_plain[s - x->net->step];
    if (is_plain && sums->column == 1)
        sift_relus(&forms, s, piece);
    else if (is_plain && s->in[0] == sums->first)
        sift_columns(&forms, s, piece);
    else
        sift_units(&forms, s, f->gamma, piece);
}

void pleats_sift_step(pleats_sift *x, pleats_space *space,
                      const pleats_cell *cell, const pleats_step *s,
                      const pleats_form_sums *sums)
{
    const pleats_form_sums all = all_forms(&space->forms);
    pleats_idx *piece = space->piece + s->first_unit;
    if (s->kind == PLEATS_STEP_PL && pleats_sift_has_box(x, space, cell))
        find_pieces(x, &space->forms, s, sums ? sums : &all, piece);
    else
        for (pleats_idx i = 0; i < s->n_out; i++)
            piece[i] = -1;
    pleats_sift_list(x, piece, s->n_out);
}
