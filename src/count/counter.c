#include "count/counter.h"

#include "net/pattern.h"

#include <string.h>

/* The clock is looked at once for so many regions. */
enum { REGIONS_PER_LOOK = 32 };

#define PROGRESS_EVERY 0.2

pleats_status pleats_counter_init(pleats_counter *w, pleats_counting *c,
                                  pleats_idx number)
{
    pleats_status status = PLEATS_OK;
    w->c = c;
    w->number = number;
    w->ctx = c->ctx;
    mpz_init(w->regions);
    atomic_init(&w->seen_regions, 0);
    atomic_init(&w->seen_share, 0);
    TRY(pleats_alloc(c->ctx, (size_t)c->parts.n, sizeof *w->space, &w->space));
    TRY(pleats_alloc(c->ctx, (size_t)c->parts.n, sizeof *w->group, &w->group));
done:
    return status;
}

static void clear_forms(pleats_ctx *ctx, pleats_map_group *g)
{
    if (g->forms.net)
        pleats_exact_forms_clear(ctx, &g->forms);
    pleats_release(ctx, g->piece);
    pleats_release(ctx, g->next);
    g->forms = (pleats_exact_forms){0};
    g->piece = g->next = NULL;
}

static void clear_group(pleats_ctx *ctx, pleats_map_group *g)
{
    pleats_map_list_clear(ctx, &g->seen);
    clear_forms(ctx, g);
}

void pleats_counter_clear(pleats_counter *w)
{
    if (!w->c)
        return;
    pleats_ctx *ctx = w->c->ctx;
    for (pleats_idx i = 0; i < w->c->parts.n; i++) {
        if (w->space)
            pleats_space_clear(&w->space[i]);
        if (w->group)
            clear_group(ctx, &w->group[i]);
    }
    pleats_release(ctx, w->space);
    pleats_release(ctx, w->group);
    pleats_hasher_free(ctx, w->hasher);
    pleats_task_clear(ctx, &w->task);
    mpz_clear(w->regions);
}

static pleats_status make_space(pleats_counter *w, pleats_idx part,
                                pleats_engine engine)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = &w->space[part];
    TRY(pleats_space_init(w->ctx, s, w->c->net, &w->c->parts.frame[part],
                          engine, w->c->task->paranoid));
    s->is_repeatable = w->c->task->visit != NULL;
    TRY(pleats_space_begin_near(s, w->c->ahead.n_fine,
                                w->c->ahead.makes_outputs));
done:
    if (status != PLEATS_OK)
        pleats_space_clear(s);
    return status;
}

/* The space of a part, made when it is first asked for. */
static pleats_status need_space(pleats_counter *w, pleats_idx part,
                                pleats_engine engine, pleats_space **out)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = *out = &w->space[part];
    if (!s->ctx)
        TRY(make_space(w, part, engine));
    s->engine = engine;
done:
    return status;
}

pleats_status pleats_counter_enter(pleats_counter *w, pleats_ctx *ctx,
                                   pleats_engine engine)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = NULL;
    w->ctx = ctx;
    if (!w->hasher)
        TRY(pleats_hasher_new(ctx, &w->hasher));
    TRY(need_space(w, w->c->current, engine, &s));
done:
    return status;
}

void pleats_counter_leave(pleats_counter *w)
{
    w->before = 0;
    atomic_store_explicit(&w->seen_share, 0, memory_order_relaxed);
}

/* ---- limits and progress ---- */

void pleats_counting_report(pleats_counting *c, double now)
{
    const memory_order relaxed = memory_order_relaxed;
    uint64_t regions = 0;
    double share = 0;
    if (!c->task->limits.progress || now - c->reported <= PROGRESS_EVERY)
        return;
    c->reported = now;
    for (pleats_idx i = 0; i < c->n_counters; i++) {
        regions += atomic_load_explicit(&c->counter[i].seen_regions, relaxed);
        share += atomic_load_explicit(&c->counter[i].seen_share, relaxed);
    }
    const pleats_progress progress = {.found = regions,
                                      .share = c->done + share / c->parts.n};
    c->task->limits.progress(c->task->limits.progress_state, &progress);
}

static void stop_because(pleats_counter *w, pleats_stop reason, bool *stop)
{
    *stop = true;
    pthread_mutex_lock(&w->c->lock);
    if (!w->c->stopped)
        w->c->stopped = reason;
    pthread_mutex_unlock(&w->c->lock);
}

static void look(pleats_counter *w, bool *stop)
{
    const memory_order relaxed = memory_order_relaxed;
    double now = pleats_now();
    const pleats_stop reason = pleats_stop_reason(w->ctx);
    if (reason)
        stop_because(w, reason, stop);
    if (w->crew) {
        pleats_crew_look(w->crew, now);
        *stop = *stop || pleats_crew_is_stopping(w->crew);
    }
    atomic_store_explicit(&w->seen_regions, mpz_get_ui(w->regions), relaxed);
    atomic_store_explicit(&w->seen_share, w->before + w->share, relaxed);
    if (w->number == 0)
        pleats_counting_report(w->c, now);
}

/* Looks when it is time to, after n more regions. */
static void look_after(pleats_counter *w, uint64_t n, bool *stop)
{
    const bool is_due = n >= w->until_look;
    w->until_look = is_due ? REGIONS_PER_LOOK : w->until_look - n;
    if (is_due)
        look(w, stop);
}

static void on_tick(void *state, double share, bool *stop)
{
    pleats_counter *w = state;
    w->share = share;
    look(w, stop);
}

/* ---- regions ---- */

/* Whether an earlier part of the same group has the region too. */
static pleats_status is_known(pleats_counter *w, const pleats_idx *piece,
                              bool *known)
{
    pleats_status status = PLEATS_OK;
    const pleats_parts *parts = &w->c->parts;
    pleats_idx current = w->c->current;
    *known = false;
    for (pleats_idx i = 0; i < current && !*known; i++) {
        pleats_cell cell = {0};
        pleats_space *space = NULL;
        if (parts->leader[i] != parts->leader[current])
            continue;
        TRY(need_space(w, i, PLEATS_ENGINE_PROGRAMME, &space));
        status = pleats_walk_pattern(space, piece, &cell, known);
        pleats_cell_clear(w->ctx, &cell);
        TRY(status);
    }
done:
    return status;
}

static pleats_status need_group(pleats_counter *w, pleats_idx leader)
{
    pleats_status status = PLEATS_OK;
    pleats_map_group *g = &w->group[leader];
    const pleats_net *net = w->c->net;
    if (g->piece)
        return PLEATS_OK;
    TRY(pleats_alloc(w->ctx, (size_t)net->n_units + 1, sizeof *g->piece,
                     &g->piece));
    TRY(pleats_alloc(w->ctx, (size_t)net->n_units + 1, sizeof *g->next,
                     &g->next));
    TRY(pleats_exact_forms_init(w->ctx, &g->forms, net,
                                &w->c->parts.frame[leader].coordinates,
                                g->piece));
done:
    if (status != PLEATS_OK)
        clear_forms(w->ctx, g);
    return status;
}

/* Tells the group's forms of the new pattern, from the first step that it
 * changes. */
static void set_pattern(pleats_map_group *g, const pleats_net *net,
                        const pleats_idx *piece)
{
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) ||
            memcmp(g->piece + s->first_unit, piece + s->first_unit,
                   (size_t)s->n_out * sizeof *piece) == 0)
            continue;
        pleats_exact_forms_changed(&g->forms, i);
        break;
    }
    if (net->n_units)
        memcpy(g->piece, piece, (size_t)net->n_units * sizeof *piece);
}

pleats_status pleats_counter_take_region(pleats_counter *w, pleats_idx leader,
                                         size_t region, pleats_map_group **out)
{
    pleats_status status = PLEATS_OK;
    const pleats_counter *by = w->c->counter;
    pleats_map_group *g = *out = &w->group[leader];
    for (; region >= by->group[leader].seen.n; by++)
        region -= by->group[leader].seen.n;
    const pleats_map_list *seen = &by->group[leader].seen;
    TRY(need_group(w, leader));
    pleats_pattern_unpack(w->c->net, seen->pattern + region * seen->bytes,
                          g->next);
    set_pattern(g, w->c->net, g->next);
done:
    return status;
}

/* Notes a region for its map, whose outputs' forms the walk has left behind:
 * in the coordinates of the part, which are those of the group where that has
 * no other part. */
static pleats_status note_map(pleats_counter *w, const pleats_space *space)
{
    const pleats_counting *c = w->c;
    pleats_map_interval interval = PLEATS_MAP_UNKNOWN;
    if (c->parts.n == 1 && !c->task->paranoid)
        interval = pleats_map_interval_of(&space->forms);
    return pleats_map_list_add(w->ctx,
                               &w->group[c->parts.leader[c->current]].seen,
                               c->net, interval, space->piece);
}

/* Whether one more region may be counted; the last one that may be stops the
 * work. */
static bool is_within_limit(pleats_counter *w, bool *stop)
{
    uint64_t most = w->c->task->limits.cells, before;
    if (most == 0)
        return true;
    before = atomic_fetch_add_explicit(&w->c->regions, 1, memory_order_relaxed);
    if (before + 1 >= most)
        stop_because(w, PLEATS_STOP_CELLS, stop);
    return before < most;
}

static pleats_status visit(pleats_counter *w, pleats_space *space,
                           pleats_cell *cell, bool *stop)
{
    pleats_status status = PLEATS_OK;
    const pleats_count_task *t = w->c->task;
    bool is_over = false;
    TRY(t->visit(t->visit_state, w->number, space, cell, &is_over));
    if (is_over)
        stop_because(w, PLEATS_STOP_VISITOR, stop);
done:
    return status;
}

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    pleats_counter *w = state;
    bool known = false;
    w->share = share;
    TRY(is_known(w, space->piece, &known));
    if (!known && is_within_limit(w, stop)) {
        if (w->c->task->maps || w->c->task->pieces)
            TRY(note_map(w, space));
        mpz_add_ui(w->regions, w->regions, 1);
        if (w->c->task->visit)
            TRY(visit(w, space, cell, stop));
    } else if (!known && w->crew && w->crew->keeps) {
        status = PLEATS_LIMIT; /* it is still to be counted */
    }
    look_after(w, 1, stop);
done:
    return status;
}

/* Regions that were counted together. */
static pleats_status on_regions(void *state, uint64_t n, double share,
                                bool *stop)
{
    pleats_counter *w = state;
    const uint64_t most = w->c->task->limits.cells;
    w->share = share;
    mpz_add_ui(w->regions, w->regions, n);
    if (most > 0 &&
        atomic_fetch_add_explicit(&w->c->regions, n, memory_order_relaxed) +
                n >=
            most)
        stop_because(w, PLEATS_STOP_CELLS, stop);
    look_after(w, n, stop);
    return PLEATS_OK;
}

bool pleats_counting_must_visit(const pleats_counting *c)
{
    return c->task->maps || c->task->pieces || c->task->visit ||
           (c->task->limits.cells && !c->left) || c->parts.n > 1;
}

pleats_visitor pleats_counter_visitor(pleats_counter *w)
{
    bool each = pleats_counting_must_visit(w->c);
    return (pleats_visitor){on_region, each ? NULL : on_regions, on_tick, w};
}
