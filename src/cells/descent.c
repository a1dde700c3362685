#include "cells/descent.h"

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

/* Between two questions, of which this is number i: those of programmes take
 * longer. */
static inline void call_tick(pleats_descent *d, size_t i)
{
    if (i % 8 == 0 && d->tick &&
        (i % 64 == 0 || d->space->engine == PLEATS_ENGINE_PROGRAMME))
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

/* Asks one unit of the level's step `s`; lo = hi afterwards: it does not cut
 * the cell.  Else the level has what splits it by this unit. */
static pleats_status ask(pleats_descent *d, pleats_level *l,
                         const pleats_step *s, pleats_open_unit *open)
{
    pleats_status status = PLEATS_OK;
    pleats_idx at, n;
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

/* A unit of step `s`, whose sums these are, has its piece in the top level's
 * cell.  Its form is set where its readers are asked early. */
static void settle(pleats_descent *d, const pleats_step *s, bool is_read,
                   pleats_sums *sums, pleats_idx unit, pleats_idx piece)
{
    pleats_forms *forms = &d->space->forms;
    d->space->piece[s->first_unit + unit] = piece;
    (void)pleats_sums_note(sums, &d->noted, forms, unit, piece);
    if (is_read)
        pleats_forms_run_unit(forms, s, unit, piece);
}

/* Asks the level's n units, the last one first, so that what splits the cell is
 * known of the first one that does; keeps those that cut it. */
static pleats_status ask_list(pleats_descent *d, pleats_level *l, bool is_read)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = pleats_level_step(d, l);
    pleats_open_unit *open = d->open + l->first;
    size_t kept = l->n;
    for (size_t i = l->n; i > 0 && !d->stop; i--) {
        pleats_open_unit *unit = &open[i - 1];
        TRY(ask(d, l, s, unit));
        if (unit->lo < unit->hi) {
            open[--kept] = *unit;
        } else {
            settle(d, s, is_read, &l->sums, unit->unit, unit->lo);
            if (is_read)
                TRY(pleats_early_note(d->space->ctx, &d->early, unit->unit));
        }
        call_tick(d, i);
    }
    pleats_sums_add(&l->sums, &d->noted, &d->space->forms,
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
    const pleats_step *next = pleats_level_readers(d, l)->next;
    const bool is_read = d->ahead->readers[l->step + 1].next;
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
            settle(d, next, is_read, &l->early_sums, unit.unit, unit.lo);
        call_tick(d, i);
    }
    l->n_early = kept;
    pleats_sums_add(&l->early_sums, &d->noted, &d->space->forms,
                    d->space->piece + next->first_unit);
done:
    return status;
}

/* Asks what can be asked early in the level's cell; when it is the last one of
 * its step, that is left to the next one. */
static pleats_status look_early(pleats_descent *d, pleats_level *l, bool is_new)
{
    pleats_status status = PLEATS_OK;
    const pleats_readers *readers = pleats_level_readers(d, l);
    bool has[2];
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
    const bool is_read = pleats_level_readers(d, l)->next;
    TRY(ask_list(d, l, is_read));
    if (is_read && !d->stop)
        TRY(look_early(d, l, is_new));
done:
    return status;
}

/* Whether there is a question in the level, or an answer that was noted. */
static bool has_questions(const pleats_descent *d, const pleats_level *l)
{
    return l->step >= 0 &&
           (l->n > 0 || d->noted.n > 0 || pleats_level_readers(d, l)->next);
}

/* Opens the top level's next step, and asks what there is to ask in it. */
static pleats_status enter_step(pleats_descent *d, pleats_level *l)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_descent_open_step(d, l));
    if (has_questions(d, l))
        TRY(pleats_descent_ask(d, l, true));
done:
    return status;
}

pleats_status pleats_descent_advance(pleats_descent *d)
{
    pleats_status status = PLEATS_OK;
    pleats_level *l = pleats_descent_top(d);
    d->sift.has_box = false;
    if (l->step >= 0)
        pleats_exact_forms_changed(&d->space->exact, l->step);
    while (l->n == 0 && l->step != d->end && !d->stop)
        TRY(enter_step(d, l));
done:
    return status;
}

pleats_status pleats_descent_root(pleats_descent *d)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(d->space->ctx, &d->level, &d->level_capacity, 1,
                    sizeof *d->level));
    pleats_level *root = d->level;
    d->depth = 1;
    root->number = root->start = 0;
    root->next = root->end = root->n_children = 0;
    root->step = -1;
    root->share = 1;
    root->first = root->n = 0;
    root->early_first = root->n_early = 0;
    root->sums.columns = root->early_sums.columns = NULL;
    TRY(pleats_cell_root(d->space, &root->cell));
    d->sift.has_box = false;
    TRY(enter_step(d, root));
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
    d->end = ahead->makes_outputs ? -1 : d->last;
    TRY(pleats_alloc(space->ctx, (size_t)most, sizeof *d->candidate,
                     &d->candidate));
    TRY(pleats_early_init(space->ctx, &d->early, net));
    TRY(pleats_sift_init(space->ctx, &d->sift, net, space->frame->k));
    TRY(pleats_noted_init(space->ctx, &d->noted, net));
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
    pleats_noted_clear(ctx, &d->noted);
}
