#include "cert/cert_walk.h"

#include "base/hash.h"
#include "cells/ahead.h"
#include "cert/cert_ask.h"
#include "cert/cert_point.h"
#include "exact/integers.h"
#include "forms/fine.h"

/* A guess, so that the clock is looked at. */
enum { WORK_OF_A_CELL = 100000 };

/* Goes on to the next step that has units, and lists them. */
static pleats_status open_step(pleats_cert_walker *w, pleats_cert_level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = &w->space;
    const pleats_net *net = s->net;
    if (l->step >= 0)
        pleats_exact_forms_changed(&s->exact, l->step);
    for (bool has = false; !has;) {
        if (l->step >= 0)
            TRY(pleats_forms_run(s->ctx, &s->forms, pleats_cert_step(w, l),
                                 s->piece));
        if (++l->step == net->n_steps)
            break;
        has = !pleats_step_is_affine(pleats_cert_step(w, l));
    }
    if (l->step == net->n_steps)
        return PLEATS_OK;
    l->n = (size_t)pleats_cert_step(w, l)->n_out;
    TRY(pleats_grow(s->ctx, &w->open, &w->open_capacity, l->first + l->n,
                    sizeof *w->open));
    for (size_t i = 0; i < l->n; i++)
        w->open[l->first + i] =
            pleats_open_unit_of(pleats_cert_step(w, l), (pleats_idx)i);
done:
    return status;
}

/* Says whose the cell on top is: by a hash of the way to it. */
static pleats_status write_owner(pleats_cert_walker *w, bool *is_own)
{
    pleats_status status = PLEATS_OK;
    const pleats_cert_deal *d = w->deal;
    uint64_t hash = 0;
    for (size_t i = 0; i + 1 < w->depth; i++)
        hash = pleats_hash_add(hash, (uint64_t)w->level[i].next);
    TRY(pleats_sink_part(w->sink, hash % d->of));
    *is_own = hash % d->of == d->part;
done:
    return status;
}

/* The cell is a region.  One above the cells that are dealt out is dealt out
 * itself. */
static pleats_status write_region(pleats_cert_walker *w, pleats_cert_level *l)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = w->space.frame->k;
    bool is_own = true;
    if (w->deal->of > 1 && w->depth <= w->deal->depth)
        TRY(write_owner(w, &is_own));
    if (!is_own)
        return PLEATS_OK;
    TRY(pleats_cert_point(&w->space, &l->cell, w->mean, w->rounded, w->point));
    TRY(pleats_sink_point(w->sink, k, w->point, w->point[k]));
    TRY(w->visit->region(w->visit->state, &w->space));
done:
    return status;
}

/* ---- the way down ---- */

static pleats_cert_level *top(const pleats_cert_walker *w)
{
    return &w->level[w->depth - 1];
}

/* Takes the top level off; what is left of its share is done. */
static void pop(pleats_cert_walker *w)
{
    w->done += top(w)->share;
    w->depth--;
    if (w->visit->tick)
        w->visit->tick(w->visit->state, w->done);
}

/* A level on top whose list is that of the one below, or empty. */
static pleats_status push(pleats_cert_walker *w)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(w->space.ctx, &w->level, &w->level_capacity, w->depth + 1,
                    sizeof *w->level));
    TRY(pleats_grow(w->space.ctx, &w->place->child, &w->place->capacity,
                    w->depth + 1, sizeof *w->place->child));
    pleats_cert_level *l = &w->level[w->depth++];
    if (w->depth == 1) {
        l->share = 1;
        l->step = -1;
        l->n_ids = w->space.frame->m;
        return PLEATS_OK;
    }
    pleats_cert_level *parent = l - 1;
    const size_t first = parent->first + parent->n;
    TRY(pleats_grow(w->space.ctx, &w->open, &w->open_capacity,
                    first + parent->n, sizeof *w->open));
    for (size_t i = 0; i < parent->n; i++)
        w->open[first + i] = w->open[parent->first + i];
    l->step = parent->step;
    l->n_ids = parent->n_ids;
    l->first = first;
    l->n = parent->n;
    l->share = parent->share / (parent->n_children - (parent->next - 1));
    parent->share -= l->share;
done:
    return status;
}

/* Makes the top level the part of its parent on one side of the breakpoint. */
static pleats_status make_side(pleats_cert_walker *w, pleats_idx child)
{
    pleats_status status = PLEATS_OK;
    pleats_cert_level *l = top(w), *parent = l - 1;
    pleats_open_unit *open = &w->open[l->first];
    const pleats_hyperplane plane =
        pleats_unit_plane(pleats_cert_step(w, l), open->unit, parent->at);
    bool has[2];
    if (child == 0)
        TRY(pleats_cell_sides(&w->space, &parent->cell, plane, has));
    TRY(pleats_cell_restrict(&w->space, &parent->cell, plane, child ? 1 : -1,
                             &l->cell));
    TRY(pleats_certifier_name_wall(&w->certifier, l->n_ids++));
    if (child)
        open->lo = parent->at + 1;
    else
        open->hi = parent->at;
done:
    return status;
}

/* The cell has no points where candidate i beats j, its wall number `id`: says
 * so with that wall in the place of the form. */
static pleats_status write_nowhere(pleats_cert_walker *w, pleats_cert_level *l,
                                   pleats_hyperplane plane, pleats_idx id)
{
    pleats_status status = PLEATS_OK;
    pleats_multipliers *y = &w->certifier.y;
    TRY(pleats_certifier_prove(&w->certifier, &l->cell, plane, true));
    if (y->n == 0) {
        TRY(pleats_multipliers_room(w->space.ctx, y, 1));
        mpz_set_ui(y->y[0].m, 1);
        y->y[0].exponent = 0;
    }
    y->y[0].wall = id;
    pleats_multipliers_sort(y);
    TRY(pleats_sink_nowhere(w->sink, y));
done:
    return status;
}

/* Makes the top level the part of its parent where a candidate beats all others
 * that are left; *any: whether there is one. */
static pleats_status make_winner(pleats_cert_walker *w, pleats_idx child,
                                 bool *any)
{
    pleats_status status = PLEATS_OK;
    pleats_cert_level *l = top(w), *parent = l - 1;
    const pleats_step *s = pleats_cert_step(w, l);
    pleats_open_unit *open = &w->open[l->first];
    const pleats_idx winner = parent->candidate[child];
    *any = true;
    pleats_walls_cut_back(&w->space.walls, parent->cell.n_walls);
    TRY(pleats_cell_copy(&w->space, &l->cell, &parent->cell));
    for (pleats_idx i = 0; i < parent->n_children && *any; i++) {
        bool has[2];
        if (i == child)
            continue;
        const pleats_hyperplane plane =
            pleats_unit_duel(s, open->unit, winner, parent->candidate[i]);
        TRY(pleats_cell_sides(&w->space, &l->cell, plane, has));
        if (has[0] && has[1]) {
            TRY(pleats_cell_restrict(&w->space, &l->cell, plane, 1, &l->cell));
            TRY(pleats_certifier_name_wall(&w->certifier, l->n_ids));
        } else if (!has[1]) {
            TRY(write_nowhere(w, l, plane, l->n_ids));
            *any = false;
        }
        l->n_ids++;
    }
    open->lo = open->hi = winner;
done:
    return status;
}

/* Settles a unit whose piece its split gave. */
static void settle_first(pleats_cert_walker *w, pleats_cert_level *l)
{
    const pleats_open_unit *open = &w->open[l->first];
    if (open->lo < open->hi)
        return;
    w->space.piece[pleats_cert_step(w, l)->first_unit + open->unit] = open->lo;
    l->first++;
    l->n--;
}

/* Goes into the next child of the top level, which has one. */
static pleats_status next_child(pleats_cert_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_cert_level *l = top(w);
    bool any = true;
    const pleats_idx child = l->next++;
    TRY(push(w));
    l = top(w);
    if (pleats_cert_step(w, l)->kind == PLEATS_STEP_PL)
        TRY(make_side(w, child));
    else
        TRY(make_winner(w, child, &any));
    if (!any) {
        pop(w);
        return PLEATS_OK;
    }
    settle_first(w, l);
    TRY(pleats_cert_ask(w, l));
done:
    return status;
}

/* Goes on in the top level's cell until a unit splits it, or it is a region. */
static pleats_status advance(pleats_cert_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_cert_level *l = top(w);
    const pleats_step *s;
    while (l->n == 0 && l->step < w->space.net->n_steps) {
        TRY(open_step(w, l));
        TRY(pleats_cert_ask(w, l));
    }
    if (l->n == 0) {
        TRY(write_region(w, l));
        pop(w);
        return PLEATS_OK;
    }
    s = pleats_cert_step(w, l);
    TRY(pleats_sink_split(w->sink, s->first_unit + w->open[l->first].unit,
                          s->kind == PLEATS_STEP_PL ? l->at : -1));
done:
    return status;
}

/* The largest number of candidates of a maximum. */
static pleats_idx most_candidates(const pleats_net *net)
{
    pleats_idx most = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; s->kind == PLEATS_STEP_MAX && u < s->n_out; u++)
            if (pleats_step_pieces(s, u) > most)
                most = pleats_step_pieces(s, u);
    }
    return most;
}

static pleats_status begin(pleats_cert_walker *w, pleats_ctx *ctx,
                           const pleats_net *net, const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_fine = 0;
    w->most_candidates = most_candidates(net);
    TRY(pleats_space_init(ctx, &w->space, net, frame, PLEATS_ENGINE_PROGRAMME,
                          false));
    TRY(pleats_fine_plan(ctx, net, &frame->coordinates, &n_fine));
    TRY(pleats_space_begin_fine(&w->space, n_fine));
    TRY(pleats_certifier_init(&w->certifier, &w->space));
    TRY(pleats_alloc(ctx, (size_t)w->most_candidates, sizeof *w->candidate,
                     &w->candidate));
    TRY(pleats_alloc(ctx, (size_t)w->most_candidates, sizeof *w->equal,
                     &w->equal));
    TRY(pleats_integers_new(ctx, (size_t)frame->k + 1, &w->point));
    TRY(pleats_alloc(ctx, (size_t)frame->k, sizeof *w->mean, &w->mean));
    TRY(pleats_alloc(ctx, (size_t)frame->k, sizeof *w->rounded, &w->rounded));
done:
    return status;
}

static void end(pleats_cert_walker *w, pleats_ctx *ctx, pleats_idx k)
{
    for (size_t i = 0; i < w->level_capacity; i++) {
        pleats_cell_clear(ctx, &w->level[i].cell);
        pleats_release(ctx, w->level[i].candidate);
    }
    pleats_release(ctx, w->level);
    pleats_release(ctx, w->open);
    pleats_release(ctx, w->candidate);
    pleats_release(ctx, w->equal);
    pleats_integers_free(ctx, w->point, (size_t)k + 1);
    pleats_release(ctx, w->mean);
    pleats_release(ctx, w->rounded);
    pleats_certifier_clear(&w->certifier);
    pleats_space_clear(&w->space);
}

/* Deals the cell on top out, where it is at the depth for that, and leaves it
 * when it is another's. */
static pleats_status deal_out(pleats_cert_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_cert_deal *d = w->deal;
    bool is_own = true;
    if (d->of == 1 || w->depth != d->depth + 1)
        return PLEATS_OK;
    d->n_dealt++;
    TRY(write_owner(w, &is_own));
    if (!is_own)
        pop(w);
done:
    return status;
}

/* Forgets what was asked since lines were last taken. */
static void forget_costs(pleats_cert_walker *w)
{
    w->certifier.n_exact = w->space.by_bounds = w->space.by_exact = 0;
}

/* Leaves the cell on top when somebody else goes into it. */
static pleats_status offer(pleats_cert_walker *w)
{
    pleats_status status = PLEATS_OK;
    const pleats_certified *v = w->visit;
    bool is_own = true;
    if (!v->cell || !w->is_there || w->depth != v->depth + 1)
        return PLEATS_OK;
    TRY(v->cell(v->state, &is_own));
    if (is_own)
        return PLEATS_OK;
    pleats_sink_empty(w->sink);
    forget_costs(w);
    pop(w);
done:
    return status;
}

/* Goes into the cell on top, if it is this part's. */
static pleats_status enter(pleats_cert_walker *w)
{
    pleats_status status = PLEATS_OK;
    const size_t depth = w->depth;
    TRY(offer(w));
    if (w->depth == depth)
        TRY(deal_out(w));
    if (w->depth == depth)
        TRY(advance(w));
done:
    return status;
}

/* The way to the next cell; there is room for it. */
static void note_place(const pleats_cert_walker *w)
{
    pleats_task *way = w->place;
    way->n = w->depth;
    for (size_t i = 0; i + 1 < way->n; i++)
        way->child[i] = w->level[i].next - 1;
    if (way->n > 0)
        way->child[way->n - 1] = w->level[way->n - 1].next;
}

/* Between two cells: levels that are done go, and lines may be taken. */
static pleats_status pause(pleats_cert_walker *w)
{
    pleats_status status = PLEATS_OK;
    pleats_cert_tally *tally = &w->sink->tally;
    while (w->depth > 0 && top(w)->next == top(w)->n_children)
        pop(w);
    tally->n_exact += w->certifier.n_exact;
    tally->by_bounds += w->space.by_bounds;
    tally->by_exact += w->space.by_exact;
    forget_costs(w);
    pleats_sink_mark(w->sink);
    note_place(w);
    if (w->visit->lines)
        TRY(w->visit->lines(w->visit->state, w->sink, w->place, w->depth));
done:
    return status;
}

/* Leaves out the next child of the top level, which is then as it is when the
 * walk comes back from there: of a plane's sides the first finds both, a winner
 * leaves its parent as it is. */
static pleats_status skip_child(pleats_cert_walker *w)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx child = top(w)->next++;
    TRY(push(w));
    if (pleats_cert_step(w, top(w))->kind == PLEATS_STEP_PL)
        TRY(make_side(w, child));
    pop(w);
done:
    return status;
}

/* Goes down the way, from the root, which was entered, to before its last cell,
 * and says nothing of it. */
static pleats_status go_down(pleats_cert_walker *w, const pleats_task *way)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < way->n; i++) {
        const bool is_last = i + 1 == way->n;
        if (w->depth != i + 1 ||
            way->child[i] >= top(w)->n_children + (is_last ? 1 : 0))
            TRY(pleats_fail(w->space.ctx, PLEATS_INVALID,
                            "the way to the next cell leads nowhere"));
        while (top(w)->next < way->child[i])
            TRY(skip_child(w));
        if (is_last)
            break;
        TRY(pleats_check_work(w->space.ctx, WORK_OF_A_CELL));
        TRY(next_child(w));
        if (w->depth > i + 1)
            TRY(enter(w));
    }
    forget_costs(w);
done:
    return status;
}

pleats_status pleats_cert_walk(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame,
                               pleats_cert_deal *deal,
                               const pleats_certified *visit, pleats_sink *sink,
                               pleats_task *place)
{
    pleats_status status = PLEATS_OK;
    pleats_cert_walker w = {
        .sink = sink, .visit = visit, .deal = deal, .place = place};
    const bool is_mute = sink->is_mute;
    w.is_there = place->n == 0;
    deal->n_dealt = 0;
    sink->is_mute = is_mute || !w.is_there;
    TRY(begin(&w, ctx, net, frame));
    TRY(push(&w));
    TRY(pleats_cell_root(&w.space, &top(&w)->cell));
    TRY(enter(&w));
    TRY(go_down(&w, place));
    sink->is_mute = is_mute;
    w.is_there = true;
    TRY(pause(&w));
    while (w.depth > 0) {
        const size_t depth = w.depth;
        TRY(pleats_check_work(ctx, WORK_OF_A_CELL));
        TRY(next_child(&w));
        if (w.depth > depth)
            TRY(enter(&w));
        TRY(pause(&w));
    }
done:
    pleats_sink_drop(sink);
    sink->is_mute = is_mute;
    end(&w, ctx, frame->k);
    return status;
}
