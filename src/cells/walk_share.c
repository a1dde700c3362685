#include "cells/walk_share.h"

#include <math.h>

void pleats_walk_begin(pleats_walker *w)
{
    const pleats_idx last = w->descent.last;
    w->counts = w->visitor->regions && last >= 0 &&
                w->space->engine == PLEATS_ENGINE_VERTICES &&
                w->space->net->step[last].kind == PLEATS_STEP_PL;
}

/* Makes w->part the cell of level i. */
static pleats_status begin_part(pleats_walker *w, size_t i)
{
    pleats_status status = PLEATS_OK;
    w->part.origin = w->task->origin;
    w->part.budget = w->task->budget;
    w->part.first = w->part.end = 0;
    w->part.n = 0;
    for (size_t j = 1; j <= i; j++)
        TRY(pleats_task_go(w->space->ctx, &w->part,
                           w->descent.level[j].number));
done:
    return status;
}

static pleats_status give_part(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_parcel parcel = {0};
    TRY(pleats_task_write(w->space->ctx, &w->part, &parcel));
    TRY(pleats_crew_give(w->crew, w->space->ctx, parcel));
done:
    return status;
}

/* Gives away the last child of level i that is still to be visited. */
static pleats_status give_last(pleats_walker *w, size_t i)
{
    pleats_status status = PLEATS_OK;
    pleats_level *level = &w->descent.level[i];
    TRY(begin_part(w, i));
    TRY(pleats_task_go(w->space->ctx, &w->part, level->end - 1));
    TRY(give_part(w));
    level->end--;
done:
    return status;
}

/* Gives away the children to come, on all levels. */
static pleats_status give_children(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    const pleats_descent *d = &w->descent;
    for (size_t i = 0; i < d->depth; i++)
        while (d->level[i].next < d->level[i].end)
            TRY(give_last(w, i));
done:
    return status;
}

/* Where sections first .. end - 1 of a cell fall into two halves of about the
 * same work, which grows with the (dim - 1)-th power of a section's number. */
static size_t halfway(size_t first, size_t end, double dim)
{
    const double below = pow((double)first, dim), all = pow((double)end, dim);
    return (size_t)pow((below + all) / 2, 1 / dim);
}

pleats_status pleats_walk_share_sections(void *state, size_t *first,
                                         size_t *end, bool *stop)
{
    pleats_status status = PLEATS_OK;
    pleats_walker *w = state;
    pleats_descent *d = &w->descent;
    if (d->tick)
        d->tick(d->tick_state, d->done, stop);
    if (*stop || !w->crew || !pleats_crew_is_hungry(w->crew))
        return PLEATS_OK;
    const size_t middle =
        halfway(*first, *end, pleats_descent_top(d)->cell.vertices.dim);
    if (middle <= *first || middle >= *end)
        return PLEATS_OK;
    TRY(begin_part(w, d->depth - 1));
    w->part.first = middle;
    w->part.end = *end;
    TRY(give_part(w));
    *end = middle;
done:
    return status;
}

pleats_status pleats_walk_feed(pleats_walker *w)
{
    const pleats_descent *d = &w->descent;
    const pleats_level *top = pleats_descent_top(d);
    size_t largest = SIZE_MAX;
    pleats_idx n_parts = !pleats_walk_has_children(w, top);
    for (size_t i = 0; i < d->depth && n_parts < 2; i++) {
        const pleats_level *l = &d->level[i];
        if (l->next == l->end || !pleats_walk_has_children(w, l))
            continue;
        largest = largest == SIZE_MAX ? i : largest;
        n_parts += l->end - l->next;
    }
    return largest != SIZE_MAX && n_parts > 1 ? give_last(w, largest)
                                              : PLEATS_OK;
}

void pleats_walk_forget_children(pleats_level *l)
{
    l->next = l->end = l->n_children = 0;
}

bool pleats_walk_keeps(const pleats_walker *w)
{
    return w->crew && w->crew->keeps;
}

/* Gives back the cell on top, or the sections of it that are left. */
static pleats_status give_top(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    TRY(begin_part(w, w->descent.depth - 1));
    w->part.first = w->first;
    w->part.end = w->end;
    TRY(give_part(w));
done:
    return status;
}

pleats_status pleats_walk_give_rest(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_descent *d = &w->descent;
    pleats_parcel parcel = {0};
    if (!w->is_down) {
        TRY(pleats_task_write(w->space->ctx, w->task, &parcel));
        TRY(pleats_crew_give(w->crew, w->space->ctx, parcel));
        return status;
    }
    if (d->depth > 0 && !pleats_walk_has_children(w, pleats_descent_top(d)))
        pleats_walk_forget_children(pleats_descent_top(d));
    TRY(give_children(w));
    if (d->depth > 0 && pleats_descent_top(d)->n_children == 0)
        TRY(give_top(w));
done:
    return status;
}

pleats_status pleats_walk_hand_back(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    TRY(give_children(w));
    w->descent.depth = 0;
done:
    return status;
}

/* Hyperplanes by which the cell's regions are counted, at most. */
static size_t count_planes(const pleats_walker *w, const pleats_level *l)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n && pleats_walk_can_count(w, l); i++) {
        const pleats_open_unit *open = &w->descent.open[l->first + i];
        n += (size_t)(open->hi - open->lo);
    }
    return n;
}

pleats_status pleats_walk_name_top(pleats_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_descent *d = &w->descent;
    TRY(begin_part(w, d->depth - 1));
    TRY(w->name(w->name_state, &w->part,
                count_planes(w, pleats_descent_top(d))));
    d->depth--;
done:
    return status;
}
