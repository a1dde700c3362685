#include "cells/walk.h"

#include "cells/ahead.h"
#include "cells/sections.h"
#include "cells/sift.h"
#include "cells/unit.h"

/* One cell on the way down, with the units of its step that cut it.  The first
 * of them splits it; its children are made one by one. */
typedef struct {
    pleats_cell cell;
    pleats_sums sums;
    pleats_idx step; /* of units; -1: none left */
    double share;    /* of the whole tree */
    size_t first, n; /* its units: walk.open[first .. first + n - 1] */
    pleats_idx next, n_children; /* 0 children: not split (yet) */
    pleats_idx at;               /* PL: the plane after piece `at` splits it */
    pleats_idx *candidate;       /* MAX: [n_children] */
    size_t candidate_capacity;
} level;

typedef struct {
    pleats_space *space;
    const pleats_visitor *visitor;
    level *level; /* [depth] */
    size_t depth, level_capacity;
    pleats_open_unit *open; /* a stack of lists, one for each level */
    size_t open_capacity;
    pleats_idx *candidate; /* of the MAX unit that was asked last */
    size_t candidate_capacity;
    pleats_ahead ahead;
    pleats_sums spare; /* of the step that a level comes from */
    pleats_sift sift;
    pleats_sections sections;
    pleats_idx last; /* the last step of units, -1: none */
    double done;     /* share of the tree */
    bool stop;
} walk;

static pleats_idx next_unit_step(const pleats_net *net, pleats_idx from)
{
    while (from < net->n_steps && pleats_step_is_affine(&net->step[from]))
        from++;
    return from < net->n_steps ? from : -1;
}

/* Works out the forms from the units of step `from`, all of which have pieces
 * (or from the inputs, -1), up to those that step `to` of units reads. */
static void run_forms(pleats_space *s, pleats_idx from, pleats_idx to)
{
    for (pleats_idx i = from < 0 ? 0 : from; i < to; i++)
        pleats_forms_run(&s->forms, &s->net->step[i], s->piece);
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

static pleats_status keep_candidates(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(w->space->ctx, &l->candidate, &l->candidate_capacity,
                    (size_t)l->n_children, sizeof *l->candidate));
    for (pleats_idx i = 0; i < l->n_children; i++)
        l->candidate[i] = w->candidate[i];
done:
    return status;
}

/* Asks one unit; lo = hi afterwards: it does not cut the cell.  Else the level
 * has what splits it by this unit. */
static pleats_status ask(walk *w, level *l, pleats_open_unit *open)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = step_of(w, l);
    pleats_idx at = 0, n = 0;
    if (s->kind == PLEATS_STEP_PL) {
        TRY(pleats_unit_narrow(w->space, &l->cell, s, open, &at));
        n = 2;
    } else {
        TRY(pleats_grow(w->space->ctx, &w->candidate, &w->candidate_capacity,
                        (size_t)pleats_step_pieces(s, open->unit),
                        sizeof *w->candidate));
        TRY(pleats_unit_candidates(w->space, &l->cell, s, open, w->candidate,
                                   &n));
    }
    if (open->lo < open->hi) {
        l->at = at;
        l->n_children = n;
        if (s->kind == PLEATS_STEP_MAX)
            TRY(keep_candidates(w, l));
    }
done:
    return status;
}

/* The unit has its piece in the level's cell. */
static void settle(walk *w, level *l, pleats_idx unit, pleats_idx piece)
{
    w->space->piece[step_of(w, l)->first_unit + unit] = piece;
    (void)pleats_sums_note(&l->sums, &w->space->forms, unit, piece);
}

/* Asks the level's n units, the last one first, so that what splits the cell is
 * known of the first one that does; keeps those that cut it. */
static pleats_status ask_all(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = w->open + l->first;
    size_t kept = l->n;
    const size_t ticks = w->space->engine == PLEATS_ENGINE_VERTICES ? 64 : 1;
    l->next = 0;
    for (size_t i = l->n; i > 0 && !w->stop; i--) {
        pleats_open_unit unit = open[i - 1];
        if (unit.lo < unit.hi)
            TRY(ask(w, l, &unit));
        if (unit.lo < unit.hi) {
            open[--kept] = unit;
        } else {
            settle(w, l, unit.unit, unit.lo);
        }
        if (i % ticks == 0)
            tick(w);
    }
    pleats_sums_add(&l->sums, &w->space->forms,
                    w->space->piece + step_of(w, l)->first_unit);
    l->n -= kept;
    l->n_children = l->n ? l->n_children : 0;
    for (size_t i = 0; i < l->n; i++)
        open[i] = open[kept + i];
done:
    return status;
}

/* Settles the units of the level's step that a box around the cell does, and
 * puts the others on the list; `before`: sums of the step before, which hold
 * the forms still, of which those that are of use are set. */
static void list_units(walk *w, level *l, const pleats_sums *before)
{
    const pleats_step *s = step_of(w, l);
    pleats_space *space = w->space;
    const pleats_columns *c = before->columns;
    bool has_sums = c && c->is_private;
    pleats_idx *piece = space->piece + s->first_unit;
    pleats_sift_step(&w->sift, space, &l->cell, s,
                     has_sums ? before->sum : space->forms.entry,
                     has_sums ? c->target->out : 0);
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_idx p = w->sift.piece[i];
        piece[i] = p;
        if (p < 0)
            w->open[l->first + l->n++] = pleats_open_unit_of(s, i);
    }
    pleats_idx n = pleats_sums_note_all(&l->sums, &space->forms, s,
                                        w->sift.piece, w->sift.used);
    if (has_sums)
        pleats_columns_finish(
            c, &space->forms, before->sum, n,
            l->step == w->last || l->sums.columns ? w->sift.used : NULL);
    space->by_bounds += (uint64_t)s->n_out - l->n;
}

/* Goes on to the next step that has units, and lists them. */
static pleats_status open_step(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_space *space = w->space;
    const pleats_sums sums = l->sums;
    pleats_idx from = l->step;
    l->step = next_unit_step(space->net, from + 1);
    l->n = 0;
    if (from >= 0)
        pleats_exact_forms_changed(&space->exact, from);
    l->sums = w->spare;
    w->spare = sums;
    TRY(pleats_sums_start(space->ctx, &w->ahead, &l->sums, &space->forms,
                          l->step));
    if (l->step < 0)
        goto done;
    if (!sums.columns)
        run_forms(space, from, l->step);
    else if (!sums.columns->is_private)
        pleats_columns_finish(sums.columns, &space->forms, sums.sum, 0, NULL);
    TRY(pleats_grow(space->ctx, &w->open, &w->open_capacity,
                    l->first + (size_t)step_of(w, l)->n_out, sizeof *w->open));
    list_units(w, l, &sums);
done:
    return status;
}

/* Goes down to the level's first step that has units which cut the cell. */
static pleats_status advance(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    while (l->n == 0 && l->step >= 0 && !w->stop) {
        TRY(open_step(w, l));
        if (l->step >= 0)
            TRY(ask_all(w, l));
    }
done:
    return status;
}

/* A level on top of the last one, for a child of it: its list is that of the
 * parent. */
static pleats_status push_level(walk *w, level **out)
{
    pleats_status status = PLEATS_OK;
    level *parent, *child;
    TRY(pleats_grow(w->space->ctx, &w->level, &w->level_capacity, w->depth + 1,
                    sizeof *w->level));
    child = *out = &w->level[w->depth];
    child->next = child->n_children = 0;
    child->first = child->n = 0;
    child->step = -1;
    child->share = 1;
    child->sums.columns = NULL;
    if (w->depth > 0) {
        parent = &w->level[w->depth - 1];
        TRY(pleats_sums_inherit(w->space->ctx, &child->sums, &parent->sums,
                                &w->space->forms, w->depth,
                                parent->next + 1 == parent->n_children));
        child->step = parent->step;
        child->share = parent->share / parent->n_children;
        child->first = parent->first + parent->n;
        child->n = parent->n;
        TRY(pleats_grow(w->space->ctx, &w->open, &w->open_capacity,
                        child->first + child->n, sizeof *w->open));
        for (size_t i = 0; i < child->n; i++)
            w->open[child->first + i] = w->open[parent->first + i];
    }
    w->depth++;
done:
    return status;
}

/* Child 0 or 1: the negative or positive side of the plane. */
static pleats_status make_pl_child(walk *w, level *parent, level *child,
                                   pleats_idx side)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = &w->open[child->first];
    TRY(pleats_cell_restrict(
        w->space, &parent->cell,
        pleats_unit_plane(step_of(w, parent), open->unit, parent->at),
        side ? 1 : -1, &child->cell));
    if (side)
        open->lo = parent->at + 1;
    else
        open->hi = parent->at;
done:
    return status;
}

/* The child where candidate number `i` wins; *any: false when nowhere. */
static pleats_status make_max_child(walk *w, level *parent, level *child,
                                    pleats_idx i, bool *any)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = &w->open[child->first];
    pleats_walls_cut_back(&w->space->walls, parent->cell.n_walls);
    TRY(pleats_cell_copy(w->space, &child->cell, &parent->cell));
    TRY(pleats_unit_restrict_to_winner(
        w->space, &child->cell, step_of(w, parent), open->unit,
        parent->n_children, parent->candidate, parent->candidate[i], any));
    open->lo = open->hi = parent->candidate[i];
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
    if (step_of(w, parent)->kind == PLEATS_STEP_PL)
        TRY(make_pl_child(w, parent, child, parent->next++));
    else
        TRY(make_max_child(w, parent, child, parent->next++, &any));
    if (any) {
        TRY(ask_all(w, child));
    } else {
        w->done += child->share;
        w->depth--;
    }
done:
    return status;
}

static pleats_status push_root(walk *w)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = w->space->net;
    level *root = NULL;
    w->last = -1;
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i]) && net->step[i].n_out > 0)
            w->last = i;
    TRY(pleats_ahead_init(w->space->ctx, &w->ahead, net));
    TRY(pleats_sift_init(w->space->ctx, &w->sift, net, w->space->frame->k));
    TRY(push_level(w, &root));
    TRY(pleats_cell_root(w->space, &root->cell));
    TRY(open_step(w, root));
    if (root->step >= 0)
        TRY(ask_all(w, root));
done:
    return status;
}

static void clear_walk(walk *w)
{
    pleats_ctx *ctx = w->space->ctx;
    for (size_t i = 0; i < w->level_capacity; i++) {
        pleats_cell_clear(ctx, &w->level[i].cell);
        pleats_sums_clear(ctx, &w->level[i].sums);
        pleats_release(ctx, w->level[i].candidate);
    }
    pleats_release(ctx, w->level);
    pleats_release(ctx, w->open);
    pleats_release(ctx, w->candidate);
    pleats_sections_clear(ctx, &w->sections);
    pleats_sums_clear(ctx, &w->spare);
    pleats_ahead_clear(ctx, &w->ahead);
    pleats_sift_clear(ctx, &w->sift);
}

/* Whether the cell's regions can be counted without making them. */
static bool can_count(const walk *w, const level *l)
{
    return w->visitor->regions && l->step == w->last &&
           w->space->engine == PLEATS_ENGINE_VERTICES &&
           step_of(w, l)->kind == PLEATS_STEP_PL;
}

/* Ends the top level: its cell is one region, or cut into some by the units on
 * its list. */
static pleats_status end_level(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    const pleats_visitor *v = w->visitor;
    uint64_t regions = 1;
    w->done += l->share;
    if (l->n > 0)
        TRY(pleats_sections_count(w->space, &w->sections, &l->cell,
                                  step_of(w, l), w->open + l->first, l->n,
                                  &regions));
    if (v->regions)
        TRY(v->regions(v->state, regions, w->done, &w->stop));
    else
        TRY(v->region(v->state, w->space, &l->cell, w->done, &w->stop));
    w->depth--;
done:
    return status;
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
        if (l->n_children == 0)
            TRY(advance(&w, l));
        if (w.stop)
            break;
        if (l->n_children > 0 && !can_count(&w, l))
            TRY(next_child(&w));
        else
            TRY(end_level(&w, l));
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
    for (pleats_idx from = -1, step; *has; from = step) {
        step = next_unit_step(space->net, from + 1);
        if (from >= 0)
            pleats_exact_forms_changed(&space->exact, from);
        if (step < 0)
            break;
        run_forms(space, from, step);
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
