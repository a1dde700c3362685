/* From a level of the way down to a child of its cell. */
#include "cells/descent.h"

/* Copies a list of units to the one that begins where it ends. */
static pleats_status copy_list(pleats_ctx *ctx, pleats_open_unit **open,
                               size_t *capacity, size_t first, size_t n)
{
    pleats_status status = PLEATS_OK;
    if (n == 0)
        return PLEATS_OK;
    TRY(pleats_grow(ctx, open, capacity, first + 2 * n, sizeof **open));
    for (size_t i = 0; i < n; i++)
        (*open)[first + n + i] = (*open)[first + i];
done:
    return status;
}

/* Puts a level for child `number` of the top one on top of it: its lists are
 * those of the parent. */
static pleats_status push(pleats_descent *d, pleats_idx number)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = d->space->ctx;
    const pleats_forms *forms = &d->space->forms;
    const size_t depth = d->depth;
    TRY(pleats_grow(ctx, &d->level, &d->level_capacity, depth + 1,
                    sizeof *d->level));
    pleats_level *child = &d->level[depth], *parent = child - 1;
    const bool is_last = number + 1 == parent->n_children;
    child->number = number;
    child->next = child->end = child->n_children = 0;
    child->start = 0;
    child->step = parent->step;
    child->share = parent->share / parent->n_children;
    child->first = parent->first + parent->n;
    child->n = parent->n;
    child->early_first = parent->early_first + parent->n_early;
    child->n_early = parent->n_early;
    TRY(pleats_sums_inherit(ctx, &child->sums, &parent->sums, forms, depth,
                            is_last));
    TRY(pleats_sums_inherit(ctx, &child->early_sums, &parent->early_sums, forms,
                            depth, is_last));
    TRY(copy_list(ctx, &d->open, &d->open_capacity, parent->first, parent->n));
    TRY(copy_list(ctx, &d->early.open, &d->early.open_capacity,
                  parent->early_first, parent->n_early));
    d->depth++;
done:
    return status;
}

/* Segments are visited from one end of the line to the other, so that what is
 * known near a place (forms/near.h) is used before it is left. */
static bool is_segment(const pleats_space *s)
{
    return s->frame->k == 1 && s->frame->bounded &&
           s->engine == PLEATS_ENGINE_VERTICES;
}

/* Makes child number n_made of the parent.  Child 0 is the negative side of the
 * plane; of a segment that with its start, where the child starts, too: its
 * first end, while the other child has there the end that it does not share. */
static pleats_status make_side(pleats_descent *d, pleats_level *parent,
                               pleats_hyperplane plane, pleats_level *child)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = d->space;
    if (parent->n_made == 0) {
        TRY(pleats_cell_restrict(s, &parent->cell, plane, -1, &child->cell));
        parent->is_backward =
            is_segment(s) && s->vertices.sign[parent->start] > 0;
    }
    if (parent->n_made > 0 || parent->is_backward)
        TRY(pleats_cell_restrict(
            s, &parent->cell, plane,
            (parent->n_made > 0) == parent->is_backward ? -1 : 1,
            &child->cell));
    child->start = parent->n_made;
done:
    return status;
}

/* Child 0 or 1: a side of the plane.  Cutting may make more of the parent's
 * vertices known, so that all sides are made in their order, whichever are
 * asked for. */
static pleats_status make_pl_child(pleats_descent *d, pleats_level *parent,
                                   pleats_level *child)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = &d->open[child->first];
    const pleats_hyperplane plane =
        pleats_unit_plane(pleats_level_step(d, parent), open->unit, parent->at);
    for (; parent->n_made <= child->number; parent->n_made++)
        TRY(make_side(d, parent, plane, child));
    if ((child->number > 0) != parent->is_backward)
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
    TRY(push(d, number));
    child = pleats_descent_top(d);
    parent = child - 1;
    if (pleats_level_step(d, parent)->kind == PLEATS_STEP_PL)
        TRY(make_pl_child(d, parent, child));
    else
        TRY(make_max_child(d, parent, child, any));
    if (*any) {
        TRY(pleats_descent_ask(d, child, false));
    } else {
        d->done += child->share;
        d->depth--;
    }
done:
    return status;
}
