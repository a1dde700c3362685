/* From a step of units, all of which have their pieces in a cell, to the next
 * one. */
#include "cells/descent.h"

#include "forms/near.h"

#include <stdlib.h>

/* A guess, so that long chains of small steps look at the clock. */
enum { WORK_OF_A_STEP = 1000 };

/* Puts the units of the level's step `s` that the sift has left open on the
 * list; they have no piece. */
static pleats_status put_on_list(pleats_descent *d, const pleats_level *l,
                                 const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    const size_t n = l->n;
    const pleats_idx *unit = d->sift.open;
    pleats_idx *piece = d->space->piece + s->first_unit;
    TRY(pleats_grow(d->space->ctx, &d->open, &d->open_capacity, l->first + n,
                    sizeof *d->open));
    pleats_open_unit *open = d->open + l->first;
    for (size_t i = 0; i < n; i++) {
        open[i] = pleats_open_unit_of(s, unit[i]);
        piece[unit[i]] = 0;
    }
done:
    return status;
}

/* The same, if there are such units. */
static inline pleats_status list_units(pleats_descent *d, pleats_level *l,
                                       const pleats_step *s)
{
    l->n = (size_t)d->sift.n_open;
    d->space->by_bounds += (uint64_t)s->n_out - l->n;
    return l->n > 0 ? put_on_list(d, l, s) : PLEATS_OK;
}

/* Whether the sums of the step behind the level's are made of the level's sums
 * at once, and kept in `spare`. */
static inline pleats_status can_pass(pleats_descent *d, const pleats_level *l,
                                     bool *can)
{
    pleats_status status = PLEATS_OK;
    const pleats_columns *c = l->sums.columns;
    *can = false;
    if (!c || !c->behind)
        return PLEATS_OK;
    TRY(pleats_sums_prepare(d->space->ctx, &d->spare, &d->space->forms,
                            c->behind));
    *can = d->spare.columns;
done:
    return status;
}

/* Sets the forms of what open units of step `s` read, which are the level's
 * sums; of what all units read, where a level below may be without sums and run
 * the step form by form. */
static void set_read(pleats_descent *d, const pleats_level *l,
                     const pleats_step *s)
{
    pleats_forms *f = &d->space->forms;
    const pleats_columns *c = l->sums.columns;
    const pleats_form_sums sums = pleats_columns_sums(c, f, l->sums.sum);
    const pleats_idx n = d->sift.n_open;
    pleats_idx *used = d->sift.used;
    for (pleats_idx i = 0; i < n; i++)
        used[i] = s->in[d->sift.open[i]];
    if (pleats_sums_are_kept(c->behind, f, d->depth + (size_t)n))
        pleats_forms_set_some(f, n, used, &sums);
    else
        pleats_columns_finish(c, f, l->sums.sum, 0, NULL);
}

/* Settles the units of step `s`, which read the level's sums, as far as the box
 * does; those behind them go to `spare`. */
static void pass_in_box(pleats_descent *d, const pleats_level *l,
                        const pleats_step *s)
{
    pleats_space *space = d->space;
    const pleats_form_box box = {d->sift.centre, d->sift.half};
    pleats_idx *piece = space->piece + s->first_unit;
    d->sift.n_open = 0;
    if (pleats_columns_pass_box(l->sums.columns, &space->forms, &box, piece,
                                &d->noted, l->sums.sum, d->spare.sum))
        pleats_sift_list(&d->sift, piece, s->n_out);
    if (d->sift.n_open > 0)
        set_read(d, l, s);
}

/* The same, one after the other. */
static void pass_by_pieces(pleats_descent *d, const pleats_level *l,
                           const pleats_step *s)
{
    pleats_space *space = d->space;
    const pleats_columns *c = l->sums.columns;
    const pleats_form_sums sums =
        pleats_columns_sums(c, &space->forms, l->sums.sum);
    pleats_sift_step(&d->sift, space, &l->cell, s, &sums);
    if (d->sift.n_open > 0)
        set_read(d, l, s);
    pleats_columns_pass(c, &space->forms, space->piece + s->first_unit,
                        &d->noted, l->sums.sum, d->spare.sum);
}

/* Enters the next step then. */
static inline pleats_status pass_step(pleats_descent *d, pleats_level *l)
{
    const pleats_columns *c = l->sums.columns;
    const pleats_step *s = c->behind->units;
    if (pleats_columns_fit_box(c, &d->space->forms) &&
        pleats_sift_has_box(&d->sift, d->space, &l->cell))
        pass_in_box(d, l, s);
    else
        pass_by_pieces(d, l, s);
    l->step = c->behind->step;
    const pleats_sums from = l->sums;
    l->sums = d->spare;
    d->spare = from;
    return list_units(d, l, s);
}

/* Notes the pieces of the level's step `s` and sets the forms that are of use,
 * of what its units read, where `before` holds these still (NULL: it does not),
 * and of those that are read early. */
static void set_used(pleats_descent *d, const pleats_level *l,
                     const pleats_step *s, const pleats_sums *before)
{
    pleats_forms *f = &d->space->forms;
    const pleats_idx *piece = d->space->piece + s->first_unit;
    const pleats_idx n =
        pleats_sums_note_all(&l->sums, &d->noted, f, s, piece, d->sift.n_open,
                             d->sift.open, d->sift.used);
    const bool is_listed = l->sums.columns || l->step == d->end;
    if (before)
        pleats_columns_finish(before->columns, f, before->sum, n,
                              is_listed ? d->sift.used : NULL);
    if (pleats_level_readers(d, l)->next)
        for (pleats_idx i = 0; i < s->n_out; i++)
            if (piece[i] >= 0)
                pleats_forms_run_unit(f, s, i, piece[i]);
}

/* Lists the units of the level's step; `before`: sums of the step before, which
 * may hold the forms still.  A region needs none. */
static pleats_status enter_units(pleats_descent *d, pleats_level *l,
                                 const pleats_sums *before)
{
    const pleats_step *s = pleats_level_step(d, l);
    pleats_space *space = d->space;
    const pleats_columns *c = before->columns;
    const bool has_sums = c && c->is_private;
    pleats_form_sums sums;
    if (has_sums)
        sums = pleats_columns_sums(c, &space->forms, before->sum);
    pleats_sift_step(&d->sift, space, &l->cell, s, has_sums ? &sums : NULL);
    if (d->sift.n_open > 0 || l->step != d->end)
        set_used(d, l, s, has_sums ? before : NULL);
    return list_units(d, l, s);
}

/* Sets the forms between the units of step `from`, whose sums these are, and
 * step `to` (-1: the end), but for those that are set when their step is
 * sifted. */
static pleats_status set_forms(pleats_space *s, const pleats_sums *sums,
                               pleats_idx from, pleats_idx to)
{
    pleats_status status = PLEATS_OK;
    const pleats_columns *c = sums->columns;
    if (!c)
        TRY(pleats_run_forms(s, from, to < 0 ? s->net->n_steps : to));
    else if (!c->is_private)
        pleats_columns_finish(c, &s->forms, sums->sum, 0, NULL);
done:
    return status;
}

/* The sums of the step behind the level's, when that is asked early, unless
 * what is known before its units rests on units that are open. */
static pleats_status start_early(pleats_descent *d, pleats_level *l)
{
    l->n_early = 0;
    l->early_sums.columns = NULL;
    if (l->step < 0 || !pleats_level_readers(d, l)->next)
        return PLEATS_OK;
    const pleats_columns *c = &d->ahead->columns[l->step + 1];
    if (c->target != c->affine)
        return PLEATS_OK;
    return pleats_sums_start(d->space->ctx, d->ahead, &l->early_sums,
                             &d->space->forms, l->step + 1);
}

/* Enters the step whose units were asked early: its list and its sums are
 * there. */
static pleats_status take_early(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = pleats_level_step(d, l);
    const pleats_open_unit *open = d->early.open + l->early_first;
    const pleats_sums sums = l->sums;
    l->sums = l->early_sums;
    l->early_sums = sums;
    l->n = l->n_early;
    TRY(pleats_grow(d->space->ctx, &d->open, &d->open_capacity, l->first + l->n,
                    sizeof *d->open));
    for (size_t i = 0; i < l->n; i++)
        d->open[l->first + i] = open[i];
    if (l->sums.columns)
        return PLEATS_OK;
    TRY(pleats_sums_start(d->space->ctx, d->ahead, &l->sums, &d->space->forms,
                          l->step));
    for (pleats_idx i = 0, j = 0; l->sums.columns && i < s->n_out; i++) {
        const bool is_open = (size_t)j < l->n && open[j].unit == i;
        j += is_open;
        if (!is_open)
            (void)pleats_sums_note(&l->sums, &d->noted, &d->space->forms, i,
                                   d->space->piece[s->first_unit + i]);
    }
done:
    return status;
}

static int by_unit(const void *a, const void *b)
{
    const pleats_open_unit *x = a, *y = b;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

/* The same where forms are made near a reference: of the units that have one
 * those that the box does not settle are on the list. */
static pleats_status enter_near(pleats_descent *d, pleats_level *l,
                                pleats_idx from)
{
    pleats_status status = PLEATS_OK;
    pleats_space *space = d->space;
    const pleats_form_box box = {d->sift.centre, d->sift.half};
    l->sums.columns = NULL;
    if (l->step < 0 && !d->ahead->makes_outputs)
        return PLEATS_OK;
    (void)pleats_sift_has_box(&d->sift, space, &l->cell);
    if (l->step < 0)
        return pleats_near_leave(space->ctx, space->near, from, &box,
                                 space->piece, &space->forms);
    const pleats_step *s = pleats_level_step(d, l);
    TRY(pleats_near_enter(space->ctx, space->near, from, l->step, &box,
                          space->piece, &space->forms));
    const pleats_near_layer *layer = pleats_near_layer_of(space->near, l->step);
    TRY(pleats_grow(space->ctx, &d->open, &d->open_capacity,
                    l->first + (size_t)layer->n_seen, sizeof *d->open));
    for (pleats_idx i = 0; i < layer->n_seen; i++) {
        const pleats_idx unit = layer->close[i].unit;
        const pleats_idx piece = pleats_sift_unit(&d->sift, space, s, unit);
        if (piece < 0)
            d->open[l->first + l->n++] = pleats_open_unit_of(s, unit);
        else
            space->piece[s->first_unit + unit] = piece;
    }
    if (l->n > 1)
        qsort(d->open + l->first, l->n, sizeof *d->open, by_unit);
    space->by_bounds += (uint64_t)s->n_out - l->n;
done:
    return status;
}

/* Enters the step after all units of step `from` (-1: none) have their
 * pieces. */
static pleats_status enter_step(pleats_descent *d, pleats_level *l,
                                pleats_idx from)
{
    pleats_status status = PLEATS_OK;
    const pleats_sums before = l->sums;
    l->sums = d->spare;
    d->spare = before;
    if (l->step >= 0 || d->ahead->makes_outputs)
        TRY(set_forms(d->space, &before, from, l->step));
    TRY(pleats_sums_start(d->space->ctx, d->ahead, &l->sums, &d->space->forms,
                          l->step));
    if (l->step >= 0)
        TRY(enter_units(d, l, &before));
done:
    return status;
}

/* Goes through steps whose sums are made of those before them, up to one that
 * has open units, or that is not of this kind. */
static pleats_status pass_steps(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    while (l->n == 0) {
        bool can;
        TRY(can_pass(d, l, &can));
        if (!can)
            break;
        TRY(pleats_check_work(d->space->ctx, WORK_OF_A_STEP));
        TRY(pass_step(d, l));
    }
done:
    return status;
}

pleats_status pleats_descent_open_step(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    TRY(pass_steps(d, l));
    if (l->n > 0)
        return PLEATS_OK;
    const pleats_idx from = l->step;
    TRY(pleats_check_work(d->space->ctx, WORK_OF_A_STEP));
    l->step = pleats_unit_step_from(d->space->net, from + 1);
    if (from >= 0 && d->ahead->readers[from].next)
        TRY(take_early(d, l));
    else if (d->space->near)
        TRY(enter_near(d, l, from));
    else
        TRY(enter_step(d, l, from));
    TRY(start_early(d, l));
done:
    return status;
}
