#include "cells/descent.h"

#include "forms/near.h"

#include <stdlib.h>

/* A guess, so that long chains of small steps look at the clock. */
enum { WORK_OF_A_STEP = 1000 };

pleats_idx pleats_unit_step_from(const pleats_net *net, pleats_idx from)
{
    while (from < net->n_steps && pleats_step_is_affine(&net->step[from]))
        from++;
    return from < net->n_steps ? from : -1;
}

pleats_status pleats_run_forms(pleats_space *s, pleats_idx from, pleats_idx to)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = from < 0 ? 0 : from; i < to; i++)
        TRY(pleats_forms_run(s->ctx, &s->forms, &s->net->step[i], s->piece));
done:
    return status;
}

/* Between two questions, of which this is number i. */
static void call_tick(pleats_descent *d, size_t i)
{
    const size_t apart = d->space->engine == PLEATS_ENGINE_VERTICES ? 64 : 8;
    if (d->tick && i % apart == 0)
        d->tick(d->tick_state, d->done, &d->stop);
}

static pleats_status keep_candidates(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(d->space->ctx, &l->candidate, &l->candidate_capacity,
                    (size_t)l->n_children, sizeof *l->candidate));
    for (pleats_idx i = 0; i < l->n_children; i++)
        l->candidate[i] = d->candidate[i];
done:
    return status;
}

/* Asks one unit; lo = hi afterwards: it does not cut the cell.  Else the level
 * has what splits it by this unit. */
static pleats_status ask(pleats_descent *d, pleats_level *l,
                         pleats_open_unit *open)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = pleats_level_step(d, l);
    pleats_idx at = 0, n = 0;
    TRY(pleats_unit_ask(d->space, &l->cell, s, open, &at, d->candidate, &n));
    if (open->lo < open->hi) {
        l->at = at;
        l->n_children = n;
        if (s->kind == PLEATS_STEP_MAX)
            TRY(keep_candidates(d, l));
    }
done:
    return status;
}

/* Who reads the level's units and is asked early. */
static const pleats_readers *readers_of(const pleats_descent *d,
                                        const pleats_level *l)
{
    return &d->ahead->readers[l->step];
}

/* A unit of step `s`, whose sums these are, has its piece in the top level's
 * cell.  Its form is set where its readers are asked early. */
static void settle(pleats_descent *d, const pleats_step *s, pleats_sums *sums,
                   pleats_idx unit, pleats_idx piece)
{
    pleats_space *space = d->space;
    space->piece[s->first_unit + unit] = piece;
    (void)pleats_sums_note(sums, &space->forms, unit, piece);
    if (d->ahead->readers[s - space->net->step].next)
        pleats_forms_run_unit(&space->forms, s, unit, piece);
}

/* Asks the level's n units, the last one first, so that what splits the cell is
 * known of the first one that does; keeps those that cut it. */
static pleats_status ask_list(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = pleats_level_step(d, l);
    const bool is_read = readers_of(d, l)->next;
    pleats_open_unit *open = d->open + l->first;
    size_t kept = l->n;
    for (size_t i = l->n; i > 0 && !d->stop; i--) {
        pleats_open_unit unit = open[i - 1];
        TRY(ask(d, l, &unit));
        if (unit.lo < unit.hi) {
            open[--kept] = unit;
        } else {
            settle(d, s, &l->sums, unit.unit, unit.lo);
            if (is_read)
                TRY(pleats_early_note(d->space->ctx, &d->early, unit.unit));
        }
        call_tick(d, i);
    }
    pleats_sums_add(&l->sums, &d->space->forms,
                    d->space->piece + s->first_unit);
    l->n -= kept;
    l->n_children = l->n ? l->n_children : 0;
    l->n_made = l->next = 0;
    l->end = l->n_children;
    for (size_t i = 0; i < l->n; i++)
        open[i] = open[kept + i];
done:
    return status;
}

/* Asks the units on the early list; keeps those that cut the cell. */
static pleats_status ask_early(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *next = readers_of(d, l)->next;
    pleats_open_unit *open = d->early.open + l->early_first;
    size_t kept = 0;
    for (size_t i = 0; i < l->n_early && !d->stop; i++) {
        pleats_open_unit unit = open[i];
        pleats_idx at, n;
        TRY(pleats_unit_ask(d->space, &l->cell, next, &unit, &at, d->candidate,
                            &n));
        if (unit.lo < unit.hi)
            open[kept++] = unit;
        else
            settle(d, next, &l->early_sums, unit.unit, unit.lo);
        call_tick(d, i);
    }
    l->n_early = kept;
    pleats_sums_add(&l->early_sums, &d->space->forms,
                    d->space->piece + next->first_unit);
done:
    return status;
}

/* Asks what can be asked early in the level's cell; when it is the last one of
 * its step, that is left to the next one. */
static pleats_status look_early(pleats_descent *d, pleats_level *l, bool is_new)
{
    pleats_status status = PLEATS_OK;
    const pleats_readers *readers = readers_of(d, l);
    bool has[2];
    if (!readers->next || d->stop)
        return PLEATS_OK;
    pleats_exact_forms_changed(&d->space->exact, l->step);
    TRY(pleats_early_list(d->space->ctx, &d->early, readers, is_new,
                          d->open + l->first, l->n, l->early_first,
                          &l->n_early));
    if (l->n == 0 || l->n_early == 0)
        return PLEATS_OK;
    TRY(ask_early(d, l));
    if (pleats_level_step(d, l)->kind == PLEATS_STEP_PL)
        TRY(pleats_cell_sides(d->space, &l->cell,
                              pleats_unit_plane(pleats_level_step(d, l),
                                                d->open[l->first].unit, l->at),
                              has));
done:
    return status;
}

pleats_status pleats_descent_ask(pleats_descent *d, pleats_level *l,
                                 bool is_new)
{
    pleats_status status = PLEATS_OK;
    TRY(ask_list(d, l));
    TRY(look_early(d, l, is_new));
done:
    return status;
}

static void set_pieces(const int8_t *restrict sifted, pleats_idx n,
                       pleats_idx *restrict piece)
{
    for (pleats_idx i = 0; i < n; i++)
        piece[i] = sifted[i] > 0;
}

/* Settles the units of the level's step that a box around the cell does, and
 * puts the others on the list; `before`: sums of the step before, which hold
 * the forms still, of which those that are of use are set. */
static void list_units(pleats_descent *d, pleats_level *l,
                       const pleats_sums *before)
{
    const pleats_step *s = pleats_level_step(d, l);
    pleats_space *space = d->space;
    const pleats_columns *c = before->columns;
    bool has_sums = c && c->is_private;
    pleats_idx *piece = space->piece + s->first_unit;
    pleats_form_sums sums;
    if (has_sums)
        sums = pleats_columns_sums(c, &space->forms, before->sum);
    pleats_sift_step(&d->sift, space, &l->cell, s, has_sums ? &sums : NULL);
    set_pieces(d->sift.piece, s->n_out, piece);
    l->n = (size_t)d->sift.n_open;
    for (size_t i = 0; i < l->n; i++)
        d->open[l->first + i] = pleats_open_unit_of(s, d->sift.open[i]);
    pleats_idx n =
        pleats_sums_note_all(&l->sums, &space->forms, s, d->sift.piece,
                             d->sift.n_open, d->sift.open, d->sift.used);
    if (has_sums)
        pleats_columns_finish(
            c, &space->forms, before->sum, n,
            l->sums.columns || (l->step == d->last && !d->ahead->makes_outputs)
                ? d->sift.used
                : NULL);
    for (pleats_idx i = 0; readers_of(d, l)->next && i < s->n_out; i++)
        if (d->sift.piece[i] >= 0)
            pleats_forms_run_unit(&space->forms, s, i, d->sift.piece[i]);
    space->by_bounds += (uint64_t)s->n_out - l->n;
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
    if (l->step < 0 || !readers_of(d, l)->next)
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
            (void)pleats_sums_note(&l->sums, &d->space->forms, i,
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
    const pleats_near_box box = {d->sift.centre, d->sift.half};
    l->sums.columns = NULL;
    if (l->step < 0 && !d->ahead->makes_outputs)
        return PLEATS_OK;
    pleats_sift_take_box(&d->sift, space, &l->cell);
    if (l->step < 0)
        return pleats_near_leave(space->ctx, space->near, from, &box,
                                 space->piece, &space->forms);
    const pleats_step *s = pleats_level_step(d, l);
    TRY(pleats_near_enter(space->ctx, space->near, from, l->step, &box,
                          space->piece, &space->forms));
    const pleats_near_layer *layer = pleats_near_layer_of(space->near, l->step);
    for (pleats_idx i = 0; i < layer->n_seen; i++) {
        const pleats_idx unit = layer->close[i].unit;
        const int8_t piece = pleats_sift_unit(&d->sift, space, s, unit);
        if (piece < 0)
            d->open[l->first + l->n++] = pleats_open_unit_of(s, unit);
        else
            space->piece[s->first_unit + unit] = piece > 0;
    }
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
    const pleats_sums sums = l->sums;
    l->sums = d->spare;
    d->spare = sums;
    if (l->step >= 0 || d->ahead->makes_outputs)
        TRY(set_forms(d->space, &sums, from, l->step));
    TRY(pleats_sums_start(d->space->ctx, d->ahead, &l->sums, &d->space->forms,
                          l->step));
    if (l->step >= 0)
        list_units(d, l, &sums);
done:
    return status;
}

/* Goes on to the next step that has units, and lists them. */
static pleats_status open_step(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx from = l->step;
    l->step = pleats_unit_step_from(d->space->net, from + 1);
    l->n = 0;
    if (from >= 0)
        pleats_exact_forms_changed(&d->space->exact, from);
    if (l->step >= 0)
        TRY(pleats_grow(d->space->ctx, &d->open, &d->open_capacity,
                        l->first + (size_t)pleats_level_step(d, l)->n_out,
                        sizeof *d->open));
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

pleats_status pleats_descent_advance(pleats_descent *d)
{
    pleats_status status = PLEATS_OK;
    pleats_level *l = pleats_descent_top(d);
    d->sift.has_box = false;
    while (l->n == 0 && l->step >= 0 && !d->stop) {
        TRY(pleats_check_work(d->space->ctx, WORK_OF_A_STEP));
        TRY(open_step(d, l));
        if (l->step >= 0)
            TRY(pleats_descent_ask(d, l, true));
    }
done:
    return status;
}

pleats_status pleats_descent_root(pleats_descent *d)
{
    pleats_status status = PLEATS_OK;
    pleats_level *root;
    TRY(pleats_descent_push(d, 0));
    root = pleats_descent_top(d);
    TRY(pleats_cell_root(d->space, &root->cell));
    d->sift.has_box = false;
    TRY(open_step(d, root));
    if (root->step >= 0)
        TRY(pleats_descent_ask(d, root, true));
done:
    return status;
}

pleats_status pleats_descent_init(pleats_descent *d, pleats_space *space,
                                  const pleats_ahead *ahead,
                                  pleats_tick_fn tick, void *tick_state)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = space->net;
    pleats_idx most = 0;
    *d = (pleats_descent){.space = space,
                          .ahead = ahead,
                          .tick = tick,
                          .tick_state = tick_state,
                          .last = -1};
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s) && s->n_out > 0)
            d->last = i;
        for (pleats_idx u = 0; s->kind == PLEATS_STEP_MAX && u < s->n_out; u++)
            if (pleats_step_pieces(s, u) > most)
                most = pleats_step_pieces(s, u);
    }
    TRY(pleats_alloc(space->ctx, (size_t)most, sizeof *d->candidate,
                     &d->candidate));
    TRY(pleats_early_init(space->ctx, &d->early, net));
    TRY(pleats_sift_init(space->ctx, &d->sift, net, space->frame->k));
done:
    return status;
}

void pleats_descent_clear(pleats_descent *d)
{
    pleats_ctx *ctx = d->space->ctx;
    for (size_t i = 0; i < d->level_capacity; i++) {
        pleats_cell_clear(ctx, &d->level[i].cell);
        pleats_sums_clear(ctx, &d->level[i].sums);
        pleats_sums_clear(ctx, &d->level[i].early_sums);
        pleats_release(ctx, d->level[i].candidate);
    }
    pleats_release(ctx, d->level);
    pleats_release(ctx, d->open);
    pleats_release(ctx, d->candidate);
    pleats_early_clear(ctx, &d->early);
    pleats_sums_clear(ctx, &d->spare);
    pleats_sift_clear(ctx, &d->sift);
}
