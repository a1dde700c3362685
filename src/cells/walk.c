#include "cells/walk.h"

#include "cells/walk_share.h"

/* Sections of a cell that may have so many regions are shared. */
enum { MANY_REGIONS = 2000 };

/* Between two cells. */
static pleats_status look_around(pleats_walker *w)
{
    uint64_t budget = w->task->budget;
    if (!w->crew)
        return pleats_check_stop(w->space->ctx);
    if (pleats_crew_is_stopping(w->crew))
        w->descent.stop = true;
    if (w->descent.depth == 0 || w->descent.stop)
        return PLEATS_OK;
    if (budget && w->leaves >= budget)
        return pleats_walk_hand_back(w);
    return pleats_crew_is_hungry(w->crew) ? pleats_walk_feed(w) : PLEATS_OK;
}

/* ---- walking ---- */

/* Asks about the top level's cell, all of which is asked or nothing. */
static pleats_status advance(pleats_walker *w)
{
    pleats_descent *d = &w->descent;
    const pleats_status status = pleats_descent_advance(d);
    if (status != PLEATS_OK || d->stop)
        pleats_walk_forget_children(pleats_descent_top(d));
    return status;
}

/* Takes levels off whose children have all been visited; makes the next child
 * of the one that is then on top and puts it there. */
static pleats_status next_child(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_descent *d = &w->descent;
    pleats_level *top = pleats_descent_top(d);
    bool any;
    for (; top->next == top->end; top--)
        if (--d->depth == 0)
            return PLEATS_OK;
    const size_t depth = d->depth;
    status = pleats_descent_child(d, top->next++, &any);
    if (status != PLEATS_OK && d->depth == depth)
        d->level[depth - 1].next--;
    if ((status != PLEATS_OK || d->stop) && d->depth > depth)
        pleats_walk_forget_children(pleats_descent_top(d));
    return status;
}

/* What is left of the cell that is being counted; returns what is not. */
static uint64_t keep_sections(pleats_walker *w,
                              const pleats_section_range *range)
{
    if (range->end < SIZE_MAX) {
        w->first = range->first;
        w->end = range->end;
    }
    return range->whole;
}

/* Of n planes in general position that all cut a cell: sets of up to dim of
 * them. */
static double most_regions(size_t n, pleats_idx dim)
{
    double sets = 1, sum = 1;
    for (pleats_idx j = 1; j <= dim; j++) {
        sets *= ((double)n - j + 1) / j;
        sum += sets;
    }
    return sum;
}

/* Counts the regions of the top level's cell, or those that the task asks for.
 * What was found before a reason to stop counts, too.  *is_over: it was all. */
static pleats_status count_regions(pleats_walker *w, pleats_level *l,
                                   bool *is_over)
{
    pleats_status status = PLEATS_OK;
    pleats_descent *d = &w->descent;
    const pleats_task *t = w->task;
    const bool is_part = t->end > 0;
    const bool is_shared =
        most_regions(l->n, l->cell.vertices.dim) >= MANY_REGIONS;
    pleats_section_range range = {
        .first = is_part ? (size_t)t->first : 0,
        .end = is_part ? (size_t)t->end : SIZE_MAX,
        .between = is_shared ? pleats_walk_share_sections : NULL,
        .state = w};
    uint64_t regions = 0;
    const pleats_status counted = pleats_sections_count(
        w->space, &w->sections, &l->cell, pleats_level_step(d, l),
        d->open + l->first, l->n, &range, &regions);
    *is_over = counted == PLEATS_OK && range.first == range.end;
    d->stop = d->stop || !*is_over;
    if (!*is_over && pleats_walk_keeps(w))
        regions = keep_sections(w, &range);
    if (counted == PLEATS_OK || counted == PLEATS_LIMIT)
        TRY(w->visitor->regions(w->visitor->state, regions, d->done, &d->stop));
    status = counted;
done:
    return status;
}

/* Ends the top level: its cell is one region, or cut into some by the units on
 * its list. */
static pleats_status end_level(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_descent *d = &w->descent;
    pleats_level *l = pleats_descent_top(d);
    const pleats_visitor *v = w->visitor;
    bool is_over = true;
    d->done += w->task->end > 0 ? 0 : l->share;
    w->leaves++;
    if (l->n > 0)
        TRY(count_regions(w, l, &is_over));
    else if (v->regions)
        TRY(v->regions(v->state, 1, d->done, &d->stop));
    else
        TRY(v->region(v->state, w->space, &l->cell, d->done, &d->stop));
    d->depth -= is_over;
done:
    return status;
}

/* Goes down to the task's subtree, which is then all that is left to do.  Who
 * gave the task away had asked all questions on the way but for the last
 * cell's. */
static pleats_status go_down(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    const pleats_task *t = w->task;
    pleats_space *s = w->space;
    pleats_descent *d = &w->descent;
    const uint64_t by_bounds = s->by_bounds, by_exact = s->by_exact;
    bool any = true;
    TRY(pleats_descent_root(d));
    for (size_t i = 0; i < t->n && !d->stop; i++) {
        TRY(pleats_descent_advance(d));
        pleats_level *top = pleats_descent_top(d);
        if (t->child[i] >= top->n_children && !d->stop)
            TRY(pleats_fail(s->ctx, PLEATS_INVALID,
                            "a task is about child %d of a cell with %d",
                            t->child[i], top->n_children));
        if (d->stop)
            break;
        top->next = top->end;
        if (i + 1 == t->n) {
            s->by_bounds = by_bounds;
            s->by_exact = by_exact;
            d->done = 0;
        }
        TRY(pleats_descent_child(d, t->child[i], &any));
        if (!any && i + 1 < t->n)
            TRY(pleats_fail(s->ctx, PLEATS_INVALID,
                            "a task goes through an empty cell"));
    }
done:
    return status;
}

/* Only of such a cell can some sections be a task. */
static pleats_status check_sections(pleats_walker *w)
{
    const pleats_descent *d = &w->descent;
    const pleats_level *top = pleats_descent_top(d);
    if (d->depth <= w->task->n || (top->n > 0 && pleats_walk_can_count(w, top)))
        return PLEATS_OK;
    return pleats_fail(w->space->ctx, PLEATS_INVALID,
                       "a task is about sections of a cell that has none");
}

/* Gives back what is left when work ends with `why`, which it returns, unless
 * there was no room for that. */
static pleats_status end_early(pleats_walker *w, pleats_status why)
{
    const pleats_status given = pleats_walk_give_rest(w);
    if (given != PLEATS_OK)
        pleats_crew_tear(w->crew);
    return why == PLEATS_OK ? given : why;
}

/* Walks all of the task.  *complete: false when somebody stopped it. */
static pleats_status run(pleats_walker *w, const pleats_ahead *ahead,
                         pleats_tick_fn tick, void *tick_state, bool *complete)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = w->space;
    pleats_descent *d = &w->descent;
    const uint64_t by_bounds = s->by_bounds, by_exact = s->by_exact;
    *complete = false;
    TRY(pleats_descent_init(d, s, ahead, tick, tick_state));
    w->first = w->task->first;
    w->end = w->task->end;
    pleats_walk_begin(w);
    TRY(go_down(w));
    w->is_down = !d->stop;
    while (d->depth && !d->stop) {
        const pleats_level *top = pleats_descent_top(d);
        if (top->n_children == 0)
            TRY(advance(w));
        if (d->stop)
            break;
        if (w->task->end > 0) { /* all of it was asked by who gave it away */
            s->by_bounds = by_bounds;
            s->by_exact = by_exact;
            TRY(check_sections(w));
        }
        const bool is_parent = pleats_walk_has_children(w, top);
        if (w->name && (!is_parent || d->depth > w->name_depth))
            TRY(pleats_walk_name_top(w));
        else if (is_parent)
            TRY(next_child(w));
        else
            TRY(end_level(w));
        TRY(look_around(w));
    }
    *complete = d->depth == 0;
done:
    if (pleats_walk_keeps(w) && !*complete &&
        (status == PLEATS_OK || status == PLEATS_LIMIT))
        status = end_early(w, status);
    pleats_descent_clear(d);
    pleats_sections_clear(s->ctx, &w->sections);
    pleats_task_clear(s->ctx, &w->part);
    return status;
}

pleats_status pleats_walk(pleats_space *space, const pleats_ahead *ahead,
                          const pleats_visitor *visitor,
                          const pleats_task *task, pleats_crew *crew,
                          bool *complete)
{
    pleats_walker w = {
        .space = space, .visitor = visitor, .task = task, .crew = crew};
    return run(&w, ahead, visitor->tick, visitor->state, complete);
}

static void ask_context(void *ctx, double share, bool *stop)
{
    (void)share;
    *stop = *stop || pleats_stop_reason(ctx);
}

pleats_status pleats_walk_alone(pleats_space *space, const pleats_ahead *ahead,
                                const pleats_visitor *visitor,
                                const pleats_task *task, bool *complete)
{
    pleats_status status = PLEATS_OK;
    const pleats_task root = {0};
    pleats_walker w = {
        .space = space, .visitor = visitor, .task = task ? task : &root};
    TRY(run(&w, ahead, ask_context, space->ctx, complete));
    TRY(pleats_check_stop(space->ctx));
done:
    return status;
}

pleats_status pleats_walk_names(pleats_space *space, const pleats_ahead *ahead,
                                const pleats_visitor *visitor,
                                const pleats_origin *origin, size_t depth,
                                pleats_subtree_fn name, void *state)
{
    pleats_status status = PLEATS_OK;
    const pleats_task root = {.origin = *origin};
    pleats_walker w = {.space = space,
                       .visitor = visitor,
                       .task = &root,
                       .name = name,
                       .name_state = state,
                       .name_depth = depth};
    bool complete = false;
    TRY(run(&w, ahead, ask_context, space->ctx, &complete));
    if (!complete)
        TRY(pleats_check_stop(space->ctx));
done:
    return status;
}

pleats_status pleats_walk_pattern(pleats_space *space, const pleats_idx *piece,
                                  pleats_cell *cell, bool *has)
{
    pleats_status status = PLEATS_OK;
    *has = true;
    TRY(pleats_cell_root(space, cell));
    for (pleats_idx from = -1, step; *has; from = step) {
        step = pleats_unit_step_from(space->net, from + 1);
        if (from >= 0)
            pleats_exact_forms_changed(&space->exact, from);
        if (step < 0)
            break;
        TRY(pleats_run_forms(space, from, step));
        const pleats_step *s = &space->net->step[step];
        for (pleats_idx i = 0; i < s->n_out && *has; i++) {
            pleats_idx p = piece[s->first_unit + i];
            TRY(pleats_unit_restrict_to_piece(space, cell, s, i, p, has));
            space->piece[s->first_unit + i] = p;
        }
    }
done:
    return status;
}
