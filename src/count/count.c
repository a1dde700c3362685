#include "count/count.h"

#include "cells/frame_check.h"
#include "count/counter.h"
#include "count/one_layer.h"
#include "count/spread.h"

#include <string.h>

static pleats_engine engine_for(const pleats_counting *c)
{
    const pleats_frame *frame = &c->parts.frame[c->current];
    return c->task->engine != PLEATS_ENGINE_AUTO ? c->task->engine
                                                 : pleats_engine_for(frame);
}

/* A worker's part: walks one subtree. */
static pleats_status walk_task(void *state, pleats_crew *crew,
                               pleats_idx worker, pleats_ctx *ctx,
                               const pleats_parcel *task, bool *stop)
{
    pleats_status status = PLEATS_OK;
    pleats_counting *c = state;
    pleats_counter *w = &c->counter[worker];
    const pleats_visitor visitor = pleats_counter_visitor(w);
    bool complete = false;
    w->crew = crew;
    TRY(pleats_counter_enter(w, ctx, engine_for(c)));
    TRY(pleats_task_read(ctx, task, &c->origin, &w->task));
    status = pleats_walk(&w->space[c->current], &c->ahead, &visitor, &w->task,
                         crew, &complete);
    w->before += w->share;
    w->share = 0;
done:
    w->crew = NULL;
    *stop = !complete;
    return status;
}

static void wait_for_others(void *state)
{
    pleats_counting_report(state, pleats_now());
}

/* Walks the current part with all workers. */
static pleats_status walk_part(pleats_counting *c, bool *complete)
{
    pleats_status status = PLEATS_OK;
    const pleats_job job = {&c->team, c, walk_task, wait_for_others};
    pleats_task root = {.budget = c->task->budget};
    pleats_parcel parcel = {0};
    TRY(pleats_origin_of(c->ctx, c->counter[0].hasher, c->net,
                         &c->parts.frame[c->current], &c->origin));
    root.origin = c->origin;
    TRY(pleats_task_write(c->ctx, &root, &parcel));
    TRY(pleats_crew_run(&job, &parcel, complete));
done:
    pleats_release(c->ctx, parcel.byte);
    return status;
}

static pleats_status join_region(void *state, pleats_counter *w, size_t region)
{
    pleats_counting *c = state;
    return pleats_joining_do(&c->joining, &w->space[c->current], w->hasher,
                             region);
}

/* Joins all regions of the current part to pieces. */
static pleats_status join_part(pleats_counting *c, pleats_tally *tally,
                               bool *complete)
{
    pleats_status status = PLEATS_OK;
    const pleats_spread spread = {c, join_region, c};
    TRY(pleats_joining_init(c->ctx, &c->joining, &c->list, &c->lock));
    TRY(pleats_spread_run(&spread, c->list.patterns.n, complete));
    tally->pieces = c->joining.pieces;
done:
    pleats_joining_clear(c->ctx, &c->joining);
    return status;
}

static pleats_status check_engine(const pleats_counting *c)
{
    pleats_idx k = c->parts.frame[c->current].k;
    if (c->task->engine != PLEATS_ENGINE_VERTICES ||
        k <= PLEATS_VERTICES_DIMENSION)
        return PLEATS_OK;
    return pleats_fail(c->ctx, PLEATS_INVALID,
                       "cells are held by their vertices up to dimension %d; "
                       "this domain has dimension %d",
                       PLEATS_VERTICES_DIMENSION, k);
}

static pleats_status count_part(pleats_counting *c, bool *complete)
{
    pleats_status status = PLEATS_OK;
    pleats_counter *first = &c->counter[0];
    const pleats_frame *frame = &c->parts.frame[c->current];
    *complete = false;
    TRY(check_engine(c));
    TRY(pleats_counter_enter(first, c->ctx, engine_for(c)));
    if (c->task->engine == PLEATS_ENGINE_AUTO &&
        !pleats_counting_must_visit(c) && pleats_is_one_layer(c->net, frame)) {
        TRY(pleats_one_layer_count(&first->space[c->current], &c->team,
                                   first->regions));
        *complete = true;
    } else {
        TRY(walk_part(c, complete));
    }
    for (pleats_idx i = 0; i < c->n_counters; i++)
        pleats_counter_leave(&c->counter[i]);
done:
    return status;
}

/* The number of a candidate's map; the lock is held. */
static pleats_status note_digest(pleats_counting *c, pleats_ctx *ctx,
                                 const pleats_digest *map, size_t *number)
{
    pleats_status status = PLEATS_OK;
    size_t among;
    bool is_new;
    TRY(pleats_digest_set_add(ctx, &c->digests, map, &among, &is_new));
    *number = c->groups.n_alone + among;
done:
    return status;
}

/* What is to be known of region `region` of the group at hand: its map, where
 * others may have the same, and for pieces its pattern. */
static pleats_status tell_map(void *state, pleats_counter *w, size_t region)
{
    pleats_status status = PLEATS_OK;
    pleats_counting *c = state;
    pleats_map_group *g;
    pleats_digest map, pattern;
    size_t number = c->groups.number[region];
    if (number != SIZE_MAX && !c->task->pieces)
        return PLEATS_OK;
    TRY(pleats_counter_take_region(w, c->current, region, &g));
    if (number == SIZE_MAX)
        TRY(pleats_map_digest(w->ctx, &g->forms, w->hasher, &map));
    if (c->task->pieces)
        pleats_pattern_digest(c->net->n_units, g->piece, w->hasher, &pattern);
    pthread_mutex_lock(&c->lock);
    if (number == SIZE_MAX)
        status = note_digest(c, w->ctx, &map, &number);
    if (c->task->pieces && status == PLEATS_OK)
        status = pleats_region_list_add(w->ctx, &c->list, c->net->n_units,
                                        g->piece, number, &pattern);
    pthread_mutex_unlock(&c->lock);
done:
    return status;
}

/* Counts the maps of the parts that have the current one as their leader; for
 * pieces, joins its regions. */
static pleats_status count_group(pleats_counting *c, pleats_tally *tally,
                                 bool *complete)
{
    pleats_status status = PLEATS_OK;
    const pleats_map_list **list = NULL;
    const pleats_spread spread = {c, tell_map, c};
    TRY(pleats_alloc(c->ctx, (size_t)c->n_counters, sizeof *list, &list));
    for (pleats_idx i = 0; i < c->n_counters; i++)
        list[i] = &c->counter[i].group[c->current].seen;
    TRY(pleats_map_groups_find(c->ctx, c->n_counters, list, &c->groups));
    if (*complete)
        TRY(pleats_spread_run(&spread, c->groups.n, complete));
    tally->maps +=
        *complete ? c->groups.n_alone + c->digests.n : c->groups.n_least;
    if (*complete && c->task->pieces)
        TRY(join_part(c, tally, complete));
done:
    pleats_release(c->ctx, list);
    pleats_digest_set_clear(c->ctx, &c->digests);
    pleats_map_groups_clear(c->ctx, &c->groups);
    return status;
}

static pleats_status count_maps(pleats_counting *c, pleats_tally *tally,
                                bool *complete)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = c->current;
    for (c->current = 0; c->current < n; c->current++)
        if (c->parts.leader[c->current] == c->current)
            TRY(count_group(c, tally, complete));
done:
    return status;
}

static pleats_status check_task(const pleats_counting *c,
                                const pleats_domain *domain)
{
    if (c->net->n_inputs != domain->n_inputs)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "the domain has %d inputs, the network %d",
                           domain->n_inputs, c->net->n_inputs);
    return PLEATS_OK;
}

/* What all workers share, when the parts are there. */
static pleats_status prepare(pleats_counting *c)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)pleats_watch_threads(&c->task->limits);
    const bool is_plain = c->task->paranoid || c->parts.n == 0;
    TRY(pleats_ahead_init(c->ctx, &c->ahead, c->net,
                          is_plain ? NULL : &c->parts.frame[0].coordinates,
                          c->task->maps || c->task->pieces));
    c->team = (pleats_team){.n = (pleats_idx)n, .eager = c->task->eager};
    TRY(pleats_alloc(c->ctx, n, sizeof *c->team.ctx, &c->team.ctx));
    c->team.ctx[0] = c->ctx;
    TRY(pleats_alloc(c->ctx, n, sizeof *c->counter, &c->counter));
    for (pleats_idx i = 0; i < (pleats_idx)n; i++) {
        c->n_counters++;
        TRY(pleats_counter_init(&c->counter[i], c, i));
    }
done:
    return status;
}

static pleats_status count_parts(pleats_counting *c,
                                 const pleats_domain *domain,
                                 pleats_tally *tally)
{
    pleats_status status = PLEATS_OK;
    bool complete = true;
    TRY(check_task(c, domain));
    TRY(pleats_parts_init(c->ctx, &c->parts, domain));
    if (c->task->paranoid)
        TRY(pleats_frames_check(c->ctx, domain));
    if (c->task->pieces && c->parts.n > 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "affine pieces are counted on one polytope; this "
                        "domain is a union of %d (ask for regions or maps)",
                        c->parts.n));
    if (c->parts.n == 0)
        TRY(pleats_remark(c->ctx, "the domain is empty"));
    TRY(prepare(c));
    for (; c->current < c->parts.n && complete; c->current++) {
        if (c->parts.frame[c->current].k > tally->dimension)
            tally->dimension = c->parts.frame[c->current].k;
        TRY(count_part(c, &complete));
    }
    if (c->task->maps || c->task->pieces)
        TRY(count_maps(c, tally, &complete));
    tally->complete = complete;
done:
    return status;
}

/* Adds up what the workers found. */
static void gather(pleats_counting *c, pleats_tally *tally)
{
    for (pleats_idx i = 0; i < c->n_counters; i++) {
        const pleats_counter *w = &c->counter[i];
        mpz_add(tally->regions, tally->regions, w->regions);
        for (pleats_idx p = 0; w->space && p < c->parts.n; p++) {
            tally->by_bounds += w->space[p].by_bounds;
            tally->by_exact += w->space[p].by_exact;
        }
    }
    if (c->task->pieces && !tally->complete)
        tally->pieces = tally->maps;
}

/* Whether coordinate j, of a part without rows, has values. */
static bool has_values(const pleats_part *p, pleats_idx j)
{
    bool is_open = p->is_open && (p->is_open[j] || p->is_open[p->k + j]);
    return !p->has_lo[j] || !p->has_hi[j] ||
           mpq_cmp(p->lo[j], p->hi[j]) < (is_open ? 0 : 1);
}

/* Whether some part is a box with points; others take work to tell. */
static bool is_plainly_there(const pleats_domain *domain)
{
    for (pleats_idx i = 0; i < domain->n_parts; i++) {
        const pleats_part *p = &domain->part[i];
        bool has_points = p->m == 0;
        for (pleats_idx j = 0; j < p->k && has_points; j++)
            has_points = has_values(p, j);
        if (has_points)
            return true;
    }
    return false;
}

/* A domain with points has a region, hence a piece and a map, also when work
 * ends before the first one is found. */
static void raise_to_one(pleats_tally *tally)
{
    if (mpz_sgn(tally->regions) == 0)
        mpz_set_ui(tally->regions, 1);
    tally->pieces = tally->pieces ? tally->pieces : 1;
    tally->maps = tally->maps ? tally->maps : 1;
}

static void clear_counting(pleats_counting *c)
{
    pleats_ctx *ctx = c->ctx;
    for (pleats_idx i = 0; i < c->n_counters; i++)
        pleats_counter_clear(&c->counter[i]);
    for (pleats_idx i = 1; c->team.ctx && i < c->team.n; i++)
        pleats_ctx_join(ctx, c->team.ctx[i]);
    pleats_digest_set_clear(ctx, &c->digests);
    pleats_map_groups_clear(ctx, &c->groups);
    pleats_release(ctx, c->counter);
    pleats_release(ctx, c->team.ctx);
    pleats_ahead_clear(ctx, &c->ahead);
    pleats_region_list_clear(ctx, &c->list);
    pleats_parts_clear(ctx, &c->parts);
    pthread_mutex_destroy(&c->lock);
}

/* A reason to stop that came up in the middle of a question ends the work like
 * one between two questions: what was found counts. */
pleats_status pleats_count_regions(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_domain *domain,
                                   const pleats_count_task *task,
                                   pleats_tally *tally)
{
    pleats_counting c = {.ctx = ctx, .net = net, .task = task};
    pthread_mutex_init(&c.lock, NULL);
    atomic_init(&c.regions, 0);
    mpz_set_ui(tally->regions, 0);
    tally->dimension = -1;
    tally->complete = false;
    pleats_status status = count_parts(&c, domain, tally);
    tally->stopped = c.stopped;
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx)) {
        tally->stopped = pleats_ctx_limit(ctx);
        status = PLEATS_OK;
    }
    if (tally->complete)
        tally->stopped = PLEATS_STOP_NONE;
    gather(&c, tally);
    if (!tally->complete && (c.parts.n > 0 || is_plainly_there(domain)))
        raise_to_one(tally);
    clear_counting(&c);
    return status;
}
