#include "cert/cert_walk.h"

#include "cells/ahead.h"
#include "cells/unit.h"
#include "cert/cert_point.h"
#include "exact/integers.h"
#include "forms/fine.h"

#include <stdlib.h>

/* A guess, so that the clock is looked at. */
enum { WORK_OF_A_CELL = 100000 };

/* One cell on the way down. */
typedef struct {
    pleats_cell cell;
    pleats_idx step;  /* of the units on its list; n_steps: none is left */
    pleats_idx n_ids; /* walls that the certificate has numbers for */
    size_t first, n;  /* its units: open[first .. first + n - 1] */
    double share;     /* of the tree */
    pleats_idx at, n_children, next;
    pleats_idx *candidate; /* [n_children] of a maximum */
    size_t candidate_capacity;
} level;

typedef struct {
    pleats_space space;
    pleats_certifier certifier;
    pleats_sink *sink;
    const pleats_certified *visit;
    level *level; /* [depth] */
    size_t depth, level_capacity;
    pleats_open_unit *open;
    size_t open_capacity;
    pleats_idx most_candidates;
    pleats_idx *candidate;  /* room: [most_candidates] */
    pleats_idx *equal;      /* [most_candidates] an earlier one that is the
                               same, or itself */
    mpz_t *point;           /* [k + 1] */
    double *mean, *rounded; /* [k] */
    double done;
} walk;

static const pleats_step *step_of(const walk *w, const level *l)
{
    return &w->space.net->step[l->step];
}

/* ---- facts ---- */

/* Writes that no point of the cell is above (below) breakpoint `at`. */
static pleats_status write_side(walk *w, level *l, pleats_idx unit,
                                pleats_idx at, bool above)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = step_of(w, l);
    TRY(pleats_certifier_prove(&w->certifier, &l->cell,
                               pleats_unit_plane(s, unit, at), above));
    TRY(pleats_sink_fact(w->sink, s->first_unit + unit, at, above,
                         &w->certifier.y));
done:
    return status;
}

/* Writes what of a PL unit is known in the cell and was not before. */
static pleats_status write_pieces(walk *w, level *l,
                                  const pleats_open_unit *before,
                                  const pleats_open_unit *now)
{
    pleats_status status = PLEATS_OK;
    if (now->lo > before->lo)
        TRY(write_side(w, l, now->unit, now->lo - 1, false));
    if (now->hi < before->hi)
        TRY(write_side(w, l, now->unit, now->hi, true));
done:
    return status;
}

/* The same of a maximum: who is beaten, by the winner, or by whom w->equal
 * names. */
static pleats_status write_beaten(walk *w, level *l,
                                  const pleats_open_unit *before,
                                  const pleats_open_unit *now,
                                  pleats_idx winner)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = step_of(w, l);
    const uint64_t all = now->beaten & ~before->beaten;
    for (pleats_idx i = 0; i < pleats_step_pieces(s, now->unit); i++) {
        if (!(all >> i & 1))
            continue;
        const pleats_idx by = w->equal[i] < i ? w->equal[i] : winner;
        TRY(pleats_certifier_prove(&w->certifier, &l->cell,
                                   pleats_unit_duel(s, now->unit, i, by),
                                   true));
        TRY(pleats_sink_beaten(w->sink, s->first_unit + now->unit, i, by,
                               &w->certifier.y));
    }
done:
    return status;
}

static int compare(const void *a, const void *b)
{
    const pleats_idx *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Those that are left, in ascending order. */
static pleats_status keep_candidates(walk *w, level *l, pleats_idx n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(w->space.ctx, &l->candidate, &l->candidate_capacity,
                    (size_t)n, sizeof *l->candidate));
    for (pleats_idx i = 0; i < n; i++)
        l->candidate[i] = w->candidate[i];
    qsort(l->candidate, (size_t)n, sizeof *l->candidate, compare);
done:
    return status;
}

/* Of candidates that are one form, the first is left: a split says that one
 * exceeds all others.  w->candidate [*n] are those that are left. */
static pleats_status drop_equals(walk *w, level *l, pleats_open_unit *open,
                                 pleats_idx *n)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = step_of(w, l);
    pleats_idx *c = w->candidate;
    pleats_idx kept = 1;
    for (pleats_idx i = 1; i < *n; i++) {
        bool is_new = true;
        for (pleats_idx j = 1; j < kept && is_new; j++) {
            bool has[2] = {false, false};
            const pleats_hyperplane plane =
                pleats_unit_duel(s, open->unit, c[i], c[j]);
            if (w->space.same[plane.a] != w->space.same[plane.b])
                TRY(pleats_cell_sides(&w->space, &l->cell, plane, has));
            is_new = has[0] || has[1];
            if (!is_new)
                w->equal[c[i]] = c[j];
        }
        if (is_new)
            c[kept++] = c[i];
        else
            open->beaten |= (uint64_t)1 << c[i];
    }
    *n = kept;
done:
    return status;
}

/* Asks a unit and writes what comes of it; the first that stays open is what
 * splits the cell. */
static pleats_status ask_unit(walk *w, level *l, pleats_open_unit *open,
                              bool is_first)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = step_of(w, l);
    const pleats_open_unit before = *open;
    pleats_idx at = 0, n = 0;
    for (pleats_idx i = 0; i < w->most_candidates; i++)
        w->equal[i] = i;
    TRY(pleats_unit_ask(&w->space, &l->cell, s, open, &at, w->candidate, &n));
    if (s->kind == PLEATS_STEP_MAX && open->lo < open->hi && is_first)
        TRY(drop_equals(w, l, open, &n));
    if (s->kind == PLEATS_STEP_PL)
        TRY(write_pieces(w, l, &before, open));
    else if (open->beaten != before.beaten)
        TRY(write_beaten(w, l, &before, open, w->candidate[0]));
    if (open->lo == open->hi) {
        w->space.piece[s->first_unit + open->unit] = open->lo;
    } else if (is_first) {
        l->at = at;
        l->n_children = n;
        if (s->kind == PLEATS_STEP_MAX)
            TRY(keep_candidates(w, l, n));
    }
done:
    return status;
}

/* Asks the units on the level's list and keeps those that cut the cell. */
static pleats_status ask_list(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = w->open + l->first;
    size_t kept = 0;
    l->n_children = l->next = 0;
    for (size_t i = 0; i < l->n; i++) {
        TRY(ask_unit(w, l, &open[i], kept == 0));
        if (open[i].lo < open[i].hi)
            open[kept++] = open[i];
    }
    l->n = kept;
done:
    return status;
}

/* Goes on to the next step that has units, and lists them. */
static pleats_status open_step(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = &w->space;
    const pleats_net *net = s->net;
    if (l->step >= 0)
        pleats_exact_forms_changed(&s->exact, l->step);
    for (bool has = false; !has;) {
        if (l->step >= 0)
            TRY(pleats_forms_run(s->ctx, &s->forms, step_of(w, l), s->piece));
        if (++l->step == net->n_steps)
            break;
        has = !pleats_step_is_affine(step_of(w, l));
    }
    if (l->step == net->n_steps)
        return PLEATS_OK;
    l->n = (size_t)step_of(w, l)->n_out;
    TRY(pleats_grow(s->ctx, &w->open, &w->open_capacity, l->first + l->n,
                    sizeof *w->open));
    for (size_t i = 0; i < l->n; i++)
        w->open[l->first + i] =
            pleats_open_unit_of(step_of(w, l), (pleats_idx)i);
done:
    return status;
}

/* The cell is a region. */
static pleats_status write_region(walk *w, level *l)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = w->space.frame->k;
    TRY(pleats_cert_point(&w->space, &l->cell, w->mean, w->rounded, w->point));
    TRY(pleats_sink_point(w->sink, k, w->point, w->point[k]));
    TRY(w->visit->region(w->visit->state, &w->space));
done:
    return status;
}

/* ---- the way down ---- */

static level *top(const walk *w)
{
    return &w->level[w->depth - 1];
}

/* Takes the top level off; what is left of its share is done. */
static void pop(walk *w)
{
    w->done += top(w)->share;
    w->depth--;
    if (w->visit->tick)
        w->visit->tick(w->visit->state, w->done);
}

/* A level on top whose list is that of the one below, or empty. */
static pleats_status push(walk *w)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(w->space.ctx, &w->level, &w->level_capacity, w->depth + 1,
                    sizeof *w->level));
    level *l = &w->level[w->depth++];
    if (w->depth == 1) {
        l->share = 1;
        l->step = -1;
        l->n_ids = w->space.frame->m;
        return PLEATS_OK;
    }
    level *parent = l - 1;
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
static pleats_status make_side(walk *w, pleats_idx child)
{
    pleats_status status = PLEATS_OK;
    level *l = top(w), *parent = l - 1;
    pleats_open_unit *open = &w->open[l->first];
    const pleats_hyperplane plane =
        pleats_unit_plane(step_of(w, l), open->unit, parent->at);
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
static pleats_status write_nowhere(walk *w, level *l, pleats_hyperplane plane,
                                   pleats_idx id)
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
static pleats_status make_winner(walk *w, pleats_idx child, bool *any)
{
    pleats_status status = PLEATS_OK;
    level *l = top(w), *parent = l - 1;
    const pleats_step *s = step_of(w, l);
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
static void settle_first(walk *w, level *l)
{
    const pleats_open_unit *open = &w->open[l->first];
    if (open->lo < open->hi)
        return;
    w->space.piece[step_of(w, l)->first_unit + open->unit] = open->lo;
    l->first++;
    l->n--;
}

static pleats_status next_child(walk *w)
{
    pleats_status status = PLEATS_OK;
    level *l = top(w);
    bool any = true;
    if (l->next == l->n_children) {
        pop(w);
        return PLEATS_OK;
    }
    const pleats_idx child = l->next++;
    TRY(push(w));
    l = top(w);
    if (step_of(w, l)->kind == PLEATS_STEP_PL)
        TRY(make_side(w, child));
    else
        TRY(make_winner(w, child, &any));
    if (!any) {
        pop(w);
        return PLEATS_OK;
    }
    settle_first(w, l);
    TRY(ask_list(w, l));
done:
    return status;
}

/* Goes on in the top level's cell until a unit splits it, or it is a region. */
static pleats_status advance(walk *w)
{
    pleats_status status = PLEATS_OK;
    level *l = top(w);
    const pleats_step *s;
    while (l->n == 0 && l->step < w->space.net->n_steps) {
        TRY(open_step(w, l));
        TRY(ask_list(w, l));
    }
    if (l->n == 0) {
        TRY(write_region(w, l));
        pop(w);
        return PLEATS_OK;
    }
    s = step_of(w, l);
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

static pleats_status begin(walk *w, pleats_ctx *ctx, const pleats_net *net,
                           const pleats_frame *frame)
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

static void end(walk *w, pleats_ctx *ctx, pleats_idx k)
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

pleats_status pleats_cert_walk(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame,
                               const pleats_certified *visit, pleats_sink *sink,
                               uint64_t *n_exact)
{
    pleats_status status = PLEATS_OK;
    walk w = {.sink = sink, .visit = visit};
    TRY(begin(&w, ctx, net, frame));
    TRY(push(&w));
    TRY(pleats_cell_root(&w.space, &top(&w)->cell));
    TRY(advance(&w));
    while (w.depth > 0) {
        const size_t depth = w.depth;
        TRY(pleats_check_work(ctx, WORK_OF_A_CELL));
        TRY(next_child(&w));
        if (w.depth > depth)
            TRY(advance(&w));
    }
    *n_exact += w.certifier.n_exact;
done:
    end(&w, ctx, frame->k);
    return status;
}
