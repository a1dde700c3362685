#include "cells/ahead.h"

#include "base/perturb.h"
#include "forms/fine.h"

#include <string.h>

/* Tells columns of those behind them. */
static pleats_status link_columns(pleats_ctx *ctx, pleats_ahead *a)
{
    pleats_status status = PLEATS_OK;
    pleats_columns *before = NULL;
    for (pleats_idx i = 0; i < a->net->n_steps; i++) {
        pleats_columns *c = &a->columns[i];
        if (pleats_step_is_affine(&a->net->step[i]))
            continue;
        if (before && before->affine && c->affine)
            TRY(pleats_columns_link(ctx, before, c));
        before = c;
    }
done:
    return status;
}

pleats_status pleats_ahead_init(pleats_ctx *ctx, pleats_ahead *a,
                                const pleats_net *net,
                                const pleats_coordinates *coordinates,
                                bool makes_outputs)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *last = NULL;
    *a = (pleats_ahead){.net = net, .makes_outputs = makes_outputs};
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *a->columns,
                     &a->columns));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *a->readers,
                     &a->readers));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *last, &last));
    TRY(pleats_find_readers(ctx, net, makes_outputs, last));
    if (coordinates)
        TRY(pleats_fine_plan(ctx, net, coordinates, &a->n_fine));
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i]) && i + 1 >= a->n_fine)
            TRY(pleats_columns_init(ctx, &a->columns[i], net, last, i,
                                    makes_outputs));
    TRY(link_columns(ctx, a));
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i]))
            TRY(pleats_readers_init(ctx, &a->readers[i], net, i));
done:
    pleats_release(ctx, last);
    return status;
}

void pleats_ahead_clear(pleats_ctx *ctx, pleats_ahead *a)
{
    for (pleats_idx i = 0; a->columns && i < a->net->n_steps; i++)
        pleats_columns_clear(ctx, &a->columns[i]);
    for (pleats_idx i = 0; a->readers && i < a->net->n_steps; i++)
        pleats_readers_clear(ctx, &a->readers[i]);
    pleats_release(ctx, a->columns);
    pleats_release(ctx, a->readers);
    *a = (pleats_ahead){0};
}

void pleats_sums_clear(pleats_ctx *ctx, pleats_sums *s)
{
    pleats_release(ctx, s->sum);
    *s = (pleats_sums){0};
}

pleats_status pleats_sums_start(pleats_ctx *ctx, const pleats_ahead *a,
                                pleats_sums *s, const pleats_forms *f,
                                pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_columns *c = step < 0 ? NULL : &a->columns[step];
    s->columns = NULL;
    if (!c || !c->affine)
        return PLEATS_OK;
    TRY(pleats_sums_prepare(ctx, s, f, c));
    if (s->columns)
        pleats_columns_start(c, f, s->sum);
done:
    return status;
}

bool pleats_sums_are_kept(const pleats_columns *c, const pleats_forms *f,
                          size_t depth)
{
    const size_t size = pleats_columns_size(c, f);
    const size_t most =
        PLEATS_PERTURB ? 16 * (size_t)pleats_perturb_number((double)size, 128)
                       : PLEATS_MOST_SUMS;
    return depth * size <= most;
}

pleats_status pleats_sums_take(pleats_ctx *ctx, pleats_sums *child,
                               pleats_sums *parent, const pleats_forms *f,
                               size_t depth, bool is_last)
{
    pleats_status status = PLEATS_OK;
    size_t size = pleats_columns_size(parent->columns, f);
    if (is_last) {
        const pleats_sums given = *parent;
        *parent = *child;
        *child = given;
    } else if (pleats_sums_are_kept(parent->columns, f, depth)) {
        TRY(pleats_grow(ctx, &child->sum, &child->capacity, size,
                        sizeof *child->sum));
        memcpy(child->sum, parent->sum, size * sizeof *child->sum);
        child->columns = parent->columns;
    }
done:
    return status;
}

/* Whether a unit's output is 0 on a piece. */
static bool is_flat(const pleats_step *s, pleats_idx i, pleats_idx piece)
{
    return s->kind == PLEATS_STEP_PL &&
           pleats_pl_is_flat(pleats_step_function(s, i), piece);
}

/* Whether it is the unit's input. */
static bool passes(const pleats_step *s, pleats_idx i, pleats_idx piece)
{
    return s->kind == PLEATS_STEP_PL &&
           pleats_pl_passes(pleats_step_function(s, i), piece);
}

bool pleats_columns_note(const pleats_columns *c, pleats_noted *noted,
                         pleats_forms *f, pleats_idx i, pleats_idx piece)
{
    if (!is_flat(c->units, i, piece)) {
        noted->unit[noted->n++] = i;
        return true;
    }
    if (!c->hides_units)
        pleats_forms_run_unit(f, c->units, i, piece);
    return false;
}

/* Notes units with one breakpoint, all of one function, by their pieces; as
 * many as half of the branches on a single unit would be guessed wrongly. */
static pleats_idx note_plain(const pleats_columns *c, pleats_noted *noted,
                             const pleats_idx *piece, pleats_idx *used)
{
    const pleats_step *s = c->units;
    const pleats_idx notes[3] = {0, c->adds[0], c->adds[1]};
    const pleats_idx reads[3] = {1, notes[1], notes[2]};
    const pleats_idx *in = s->in, n_out = s->n_out;
    pleats_idx *unit = noted->unit, n_read = 0, n_noted = noted->n;
    for (pleats_idx i = 0; i < n_out; i++) {
        used[n_read] = in[i];
        n_read += reads[piece[i] + 1];
        unit[n_noted] = i;
        n_noted += notes[piece[i] + 1];
    }
    noted->n = n_noted;
    return n_read;
}

pleats_idx pleats_sums_note_all(const pleats_sums *sums, pleats_noted *noted,
                                pleats_forms *f, const pleats_step *s,
                                const pleats_idx *piece, pleats_idx n_open,
                                const pleats_idx *open, pleats_idx *used)
{
    const pleats_columns *c = sums->columns;
    pleats_idx n = 0;
    if (c && c->is_plain)
        return note_plain(c, noted, piece, used);
    for (pleats_idx i = 0; c && i < s->n_out; i++)
        if (piece[i] < 0 || pleats_sums_note(sums, noted, f, i, piece[i]))
            used[n++] = s->kind == PLEATS_STEP_PL ? s->in[i] : 0;
    for (pleats_idx i = 0; !c && i < n_open; i++)
        used[i] = s->kind == PLEATS_STEP_PL ? s->in[open[i]] : 0;
    return c ? n : n_open;
}

void pleats_sums_add_noted(pleats_sums *s, pleats_noted *noted, pleats_forms *f,
                           const pleats_idx *piece)
{
    pleats_idx n = 0;
    const pleats_columns *c = s->columns;
    const pleats_step *units = c->units;
    for (pleats_idx j = 0; j < noted->n; j++) {
        pleats_idx i = noted->unit[j], source = units->out + i;
        if (c->is_plain ? c->passes[piece[i]]
                        : c->hides_units && passes(units, i, piece[i]))
            source = units->in[i];
        else
            pleats_forms_run_unit(f, units, i, piece[i]);
        if (pleats_forms_is_zero(f, source))
            continue;
        noted->unit[n] = i;
        noted->source[n++] = source;
    }
    noted->n = n;
    if (n > 0)
        pleats_columns_add(c, f, noted, s->sum);
    noted->n = 0;
}
