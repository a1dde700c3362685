#include "cells/walk.h"

#include "cells/unit.h"

#include <string.h>

/* One cell on the way down.  Units of its step are asked in their order; once
 * one has split it, its children are made one by one, and go on from there. */
typedef struct {
    pleats_cell cell;
    pleats_idx step;       /* of units, the one being asked; -1: none left */
    pleats_open_unit open; /* the unit to ask next */
    double share;          /* of the whole tree */

    bool is_split;
    pleats_idx at; /* PL: the plane after piece `at` splits it */
    pleats_idx next, n_children;
    pleats_idx *candidate; /* MAX: [n_children] */
    size_t candidate_capacity;
    bool has_point[2]; /* PL: witnesses for the children */
    double *point;     /* [2 x k] */
} level;

typedef struct {
    pleats_space *space;
    const pleats_visitor *visitor;
    level *level; /* [depth] */
    size_t depth, level_capacity;
    double done; /* share of the tree */
    bool stop;
} walk;

static pleats_idx next_unit_step(const pleats_net *net, pleats_idx from)
{
    while (from < net->n_steps && pleats_step_is_affine(&net->step[from]))
        from++;
    return from < net->n_steps ? from : -1;
}

/* Goes from the units of step `from`, all of which have pieces (or from the
 * inputs, -1), to the next step of units, working out the forms on the way. */
static pleats_idx go_on(pleats_space *s, pleats_idx from)
{
    pleats_idx to = next_unit_step(s->net, from + 1);
    if (from >= 0)
        pleats_exact_forms_changed(&s->exact, from);
    for (pleats_idx i = from < 0 ? 0 : from; i < to; i++)
        pleats_forms_run(&s->forms, &s->net->step[i], s->piece);
    return to;
}

static void tick(walk *w)
{
    if (w->visitor->tick)
        w->visitor->tick(w->visitor->state, w->done, &w->stop);
}

static const pleats_step *step_of(const walk *w, const level *l)
{
    return &w->space->net->step[l->step];
}

/* The level's unit has this piece: the next one is to be asked. */
static void settle(walk *w, level *l, pleats_idx piece)
{
    const pleats_step *s = step_of(w, l);
    w->space->piece[s->first_unit + l->open.unit] = piece;
    if (l->open.unit + 1 < s->n_out)
        l->open = pleats_open_unit_of(s, l->open.unit + 1);
    else
        l->open.unit = s->n_out;
}

/* Goes to the level's first step of units after `from`. */
static void open_step(walk *w, level *l, pleats_idx from)
{
    l->step = go_on(w->space, from);
    l->open.unit = 0;
    if (l->step >= 0 && step_of(w, l)->n_out > 0)
        l->open = pleats_open_unit_of(step_of(w, l), 0);
}

/* Asks a PL unit; notes the split, or its piece. */
static pleats_status ask_pl(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_space *space = w->space;
    size_t k = (size_t)space->frame->k;
    pleats_sides sides = {0};
    TRY(pleats_unit_narrow(space, &l->cell, step_of(w, l), &l->open,
                           &l->is_split, &l->at, &sides));
    if (!l->is_split) {
        settle(w, l, l->open.lo);
        goto done;
    }
    l->n_children = 2;
    if (!l->point)
        TRY(pleats_alloc(space->ctx, 2 * k, sizeof *l->point, &l->point));
    for (int side = 0; side < 2; side++) {
        l->has_point[side] = sides.point[side] != NULL;
        if (l->has_point[side])
            memcpy(l->point + (size_t)side * k, sides.point[side],
                   k * sizeof *l->point);
    }
done:
    return status;
}

/* Asks a MAX unit; notes the split, or its piece. */
static pleats_status ask_max(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_space *space = w->space;
    TRY(pleats_grow(space->ctx, &l->candidate, &l->candidate_capacity,
                    (size_t)l->open.hi + 1, sizeof *l->candidate));
    TRY(pleats_unit_candidates(space, &l->cell, step_of(w, l), l->open.unit,
                               l->candidate, &l->n_children));
    l->is_split = l->n_children > 1;
    if (!l->is_split)
        settle(w, l, l->candidate[0]);
done:
    return status;
}

/* Asks the level's units, step after step, until one splits the cell or none
 * is left. */
static pleats_status advance(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    while (l->step >= 0 && !l->is_split && !w->stop) {
        if (l->open.unit == step_of(w, l)->n_out) {
            open_step(w, l, l->step);
            continue;
        }
        tick(w);
        if (step_of(w, l)->kind == PLEATS_STEP_PL)
            TRY(ask_pl(w, l));
        else
            TRY(ask_max(w, l));
    }
done:
    return status;
}

/* A level on top of the last one, for a child of it. */
static pleats_status push_level(walk *w, level **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(w->space->ctx, &w->level, &w->level_capacity, w->depth + 1,
                    sizeof *w->level));
    *out = &w->level[w->depth];
    (*out)->is_split = false;
    (*out)->next = (*out)->n_children = 0;
    w->depth++;
done:
    return status;
}

/* Child 0 or 1: the negative or positive side of the plane. */
static pleats_status make_pl_child(walk *w, level *parent, level *child,
                                   pleats_idx side)
{
    pleats_status status = PLEATS_OK;
    pleats_space *space = w->space;
    pleats_sides sides = {.has = {true, true}};
    if (parent->has_point[side])
        sides.point[side] =
            parent->point + (size_t)side * (size_t)space->frame->k;
    TRY(pleats_cell_restrict(
        space, &parent->cell,
        pleats_unit_plane(step_of(w, parent), parent->open.unit, parent->at),
        side ? 1 : -1, &sides, &child->cell));
    if (side)
        child->open.lo = parent->at + 1;
    else
        child->open.hi = parent->at;
    if (child->open.lo == child->open.hi)
        settle(w, child, child->open.lo);
done:
    return status;
}

/* The child where candidate number `i` wins; *any: false when nowhere. */
static pleats_status make_max_child(walk *w, level *parent, level *child,
                                    pleats_idx i, bool *any)
{
    pleats_status status = PLEATS_OK;
    pleats_space *space = w->space;
    pleats_walls_cut_back(&space->walls, parent->cell.n_walls);
    TRY(pleats_cell_copy(space, &child->cell, &parent->cell));
    TRY(pleats_unit_restrict_to_winner(
        space, &child->cell, step_of(w, parent), parent->open.unit,
        parent->n_children, parent->candidate, parent->candidate[i], any));
    settle(w, child, parent->candidate[i]);
done:
    return status;
}

/* Makes the next child of the top level and puts it on top, or takes the
 * level off when there is none. */
static pleats_status next_child(walk *w)
{
    pleats_status status = PLEATS_OK;
    level *child = NULL, *parent = &w->level[w->depth - 1];
    bool any = true;
    if (parent->next == parent->n_children) {
        w->depth--;
        return PLEATS_OK;
    }
    TRY(push_level(w, &child));
    parent = &w->level[w->depth - 2];
    child->step = parent->step;
    child->open = parent->open;
    child->share = parent->share / parent->n_children;
    if (step_of(w, parent)->kind == PLEATS_STEP_PL)
        TRY(make_pl_child(w, parent, child, parent->next++));
    else
        TRY(make_max_child(w, parent, child, parent->next++, &any));
    if (!any) {
        w->done += child->share;
        w->depth--;
    }
done:
    return status;
}

static pleats_status push_root(walk *w)
{
    pleats_status status = PLEATS_OK;
    level *root = NULL;
    TRY(push_level(w, &root));
    root->share = 1;
    TRY(pleats_cell_root(w->space, &root->cell));
    open_step(w, root, -1);
done:
    return status;
}

static void clear_walk(walk *w)
{
    pleats_ctx *ctx = w->space->ctx;
    for (size_t i = 0; i < w->level_capacity; i++) {
        pleats_cell_clear(ctx, &w->level[i].cell);
        pleats_release(ctx, w->level[i].candidate);
        pleats_release(ctx, w->level[i].point);
    }
    pleats_release(ctx, w->level);
}

pleats_status pleats_walk(pleats_space *space, const pleats_visitor *visitor,
                          bool *complete)
{
    pleats_status status = PLEATS_OK;
    walk w = {.space = space, .visitor = visitor};
    *complete = false;
    TRY(push_root(&w));
    while (w.depth && !w.stop) {
        level *l = &w.level[w.depth - 1];
        if (!l->is_split)
            TRY(advance(&w, l));
        if (w.stop)
            break;
        if (l->is_split) {
            TRY(next_child(&w));
            continue;
        }
        w.done += l->share;
        TRY(visitor->region(visitor->state, space, &l->cell, w.done, &w.stop));
        w.depth--;
    }
    *complete = w.depth == 0;
done:
    clear_walk(&w);
    return status;
}

pleats_status pleats_walk_pattern(pleats_space *space, const pleats_idx *piece,
                                  pleats_cell *cell, bool *has)
{
    pleats_status status = PLEATS_OK;
    *has = true;
    TRY(pleats_cell_root(space, cell));
    for (pleats_idx step = go_on(space, -1); step >= 0 && *has;
         step = go_on(space, step)) {
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
