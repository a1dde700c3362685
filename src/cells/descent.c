#include "cells/descent.h"

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

static void call_tick(pleats_descent *d)
{
    if (d->tick)
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
    if (s->kind == PLEATS_STEP_PL) {
        TRY(pleats_unit_narrow(d->space, &l->cell, s, open, &at));
        n = 2;
    } else {
        TRY(pleats_grow(d->space->ctx, &d->candidate, &d->candidate_capacity,
                        (size_t)pleats_step_pieces(s, open->unit),
                        sizeof *d->candidate));
        TRY(pleats_unit_candidates(d->space, &l->cell, s, open, d->candidate,
                                   &n));
    }
    if (open->lo < open->hi) {
        l->at = at;
        l->n_children = n;
        if (s->kind == PLEATS_STEP_MAX)
            TRY(keep_candidates(d, l));
    }
done:
    return status;
}

/* The unit has its piece in the level's cell. */
static void settle(pleats_descent *d, pleats_level *l, pleats_idx unit,
                   pleats_idx piece)
{
    d->space->piece[pleats_level_step(d, l)->first_unit + unit] = piece;
    (void)pleats_sums_note(&l->sums, &d->space->forms, unit, piece);
}

/* Asks the level's n units, the last one first, so that what splits the cell is
 * known of the first one that does; keeps those that cut it. */
static pleats_status ask_all(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = d->open + l->first;
    size_t kept = l->n;
    const size_t ticks = d->space->engine == PLEATS_ENGINE_VERTICES ? 64 : 8;
    for (size_t i = l->n; i > 0 && !d->stop; i--) {
        pleats_open_unit unit = open[i - 1];
        if (unit.lo < unit.hi)
            TRY(ask(d, l, &unit));
        if (unit.lo < unit.hi) {
            open[--kept] = unit;
        } else {
            settle(d, l, unit.unit, unit.lo);
        }
        if (i % ticks == 0)
            call_tick(d);
    }
    pleats_sums_add(&l->sums, &d->space->forms,
                    d->space->piece + pleats_level_step(d, l)->first_unit);
    l->n -= kept;
    l->n_children = l->n ? l->n_children : 0;
    l->n_made = l->next = 0;
    l->end = l->n_children;
    for (size_t i = 0; i < l->n; i++)
        open[i] = open[kept + i];
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

/* Goes on to the next step that has units, and lists them. */
static pleats_status open_step(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_space *space = d->space;
    const pleats_sums sums = l->sums;
    pleats_idx from = l->step;
    l->step = pleats_unit_step_from(space->net, from + 1);
    l->n = 0;
    if (from >= 0)
        pleats_exact_forms_changed(&space->exact, from);
    l->sums = d->spare;
    d->spare = sums;
    if (l->step >= 0 || d->ahead->makes_outputs)
        TRY(set_forms(space, &sums, from, l->step));
    TRY(pleats_sums_start(space->ctx, d->ahead, &l->sums, &space->forms,
                          l->step));
    if (l->step < 0)
        goto done;
    TRY(pleats_grow(space->ctx, &d->open, &d->open_capacity,
                    l->first + (size_t)pleats_level_step(d, l)->n_out,
                    sizeof *d->open));
    list_units(d, l, &sums);
done:
    return status;
}

pleats_status pleats_descent_advance(pleats_descent *d)
{
    pleats_status status = PLEATS_OK;
    pleats_level *l = pleats_descent_top(d);
    while (l->n == 0 && l->step >= 0 && !d->stop) {
        TRY(pleats_check_work(d->space->ctx, WORK_OF_A_STEP));
        TRY(open_step(d, l));
        if (l->step >= 0)
            TRY(ask_all(d, l));
    }
done:
    return status;
}

/* A level on top of the last one, for child `number` of it: its list is that of
 * the parent. */
static pleats_status push_level(pleats_descent *d, pleats_idx number)
{
    pleats_status status = PLEATS_OK;
    pleats_level *parent, *child;
    TRY(pleats_grow(d->space->ctx, &d->level, &d->level_capacity, d->depth + 1,
                    sizeof *d->level));
    child = &d->level[d->depth];
    child->number = number;
    child->next = child->end = child->n_made = child->n_children = 0;
    child->first = child->n = 0;
    child->step = -1;
    child->share = 1;
    child->sums.columns = NULL;
    if (d->depth > 0) {
        parent = &d->level[d->depth - 1];
        TRY(pleats_sums_inherit(d->space->ctx, &child->sums, &parent->sums,
                                &d->space->forms, d->depth,
                                number + 1 == parent->n_children));
        child->step = parent->step;
        child->share = parent->share / parent->n_children;
        child->first = parent->first + parent->n;
        child->n = parent->n;
        TRY(pleats_grow(d->space->ctx, &d->open, &d->open_capacity,
                        child->first + child->n, sizeof *d->open));
        for (size_t i = 0; i < child->n; i++)
            d->open[child->first + i] = d->open[parent->first + i];
    }
    d->depth++;
done:
    return status;
}

/* Child 0 or 1: the negative or positive side of the plane.  Cutting may make
 * more of the parent's vertices known, so that all sides are made in their
 * order, whichever are asked for. */
static pleats_status make_pl_child(pleats_descent *d, pleats_level *parent,
                                   pleats_level *child)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = &d->open[child->first];
    const pleats_hyperplane plane =
        pleats_unit_plane(pleats_level_step(d, parent), open->unit, parent->at);
    for (; parent->n_made <= child->number; parent->n_made++)
        TRY(pleats_cell_restrict(d->space, &parent->cell, plane,
                                 parent->n_made ? 1 : -1, &child->cell));
    if (child->number)
        open->lo = parent->at + 1;
    else
        open->hi = parent->at;
done:
    return status;
}

/* The child where the candidate of its number wins; *any: false when nowhere.
 */
static pleats_status make_max_child(pleats_descent *d, pleats_level *parent,
                                    pleats_level *child, bool *any)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = &d->open[child->first];
    pleats_idx winner = parent->candidate[child->number];
    pleats_walls_cut_back(&d->space->walls, parent->cell.n_walls);
    TRY(pleats_cell_copy(d->space, &child->cell, &parent->cell));
    TRY(pleats_unit_restrict_to_winner(
        d->space, &child->cell, pleats_level_step(d, parent), open->unit,
        parent->n_children, parent->candidate, winner, any));
    open->lo = open->hi = winner;
done:
    return status;
}

pleats_status pleats_descent_child(pleats_descent *d, pleats_idx number,
                                   bool *any)
{
    pleats_status status = PLEATS_OK;
    pleats_level *child, *parent;
    *any = true;
    TRY(push_level(d, number));
    child = pleats_descent_top(d);
    parent = child - 1;
    if (pleats_level_step(d, parent)->kind == PLEATS_STEP_PL)
        TRY(make_pl_child(d, parent, child));
    else
        TRY(make_max_child(d, parent, child, any));
    if (*any) {
        TRY(ask_all(d, child));
    } else {
        d->done += child->share;
        d->depth--;
    }
done:
    return status;
}

pleats_status pleats_descent_root(pleats_descent *d)
{
    pleats_status status = PLEATS_OK;
    pleats_level *root;
    TRY(push_level(d, 0));
    root = pleats_descent_top(d);
    TRY(pleats_cell_root(d->space, &root->cell));
    TRY(open_step(d, root));
    if (root->step >= 0)
        TRY(ask_all(d, root));
done:
    return status;
}

pleats_status pleats_descent_init(pleats_descent *d, pleats_space *space,
                                  const pleats_ahead *ahead,
                                  pleats_tick_fn tick, void *tick_state)
{
    const pleats_net *net = space->net;
    *d = (pleats_descent){.space = space,
                          .ahead = ahead,
                          .tick = tick,
                          .tick_state = tick_state,
                          .last = -1};
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i]) && net->step[i].n_out > 0)
            d->last = i;
    return pleats_sift_init(space->ctx, &d->sift, net, space->frame->k);
}

void pleats_descent_clear(pleats_descent *d)
{
    pleats_ctx *ctx = d->space->ctx;
    for (size_t i = 0; i < d->level_capacity; i++) {
        pleats_cell_clear(ctx, &d->level[i].cell);
        pleats_sums_clear(ctx, &d->level[i].sums);
        pleats_release(ctx, d->level[i].candidate);
    }
    pleats_release(ctx, d->level);
    pleats_release(ctx, d->open);
    pleats_release(ctx, d->candidate);
    pleats_sums_clear(ctx, &d->spare);
    pleats_sift_clear(ctx, &d->sift);
}
