#include "count/counting.h"

#include "cells/frame_check.h"
#include "cells/hull.h"
#include "count/one_layer.h"
#include "count/spread.h"

#include <string.h>

/* With so many units in the last step most of the work is in its sections
 * (docs/performance.md). */
enum { WIDE_STEP = 12 };

/* Whether most regions of the part are counted without being made, which cells
 * that are held by their vertices can be. */
static bool is_for_sections(const pleats_counting *c)
{
    const pleats_net *net = c->net;
    const pleats_step *last = NULL;
    int n_steps = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i])) {
            last = &net->step[i];
            n_steps++;
        }
    return n_steps == 2 && last->kind == PLEATS_STEP_PL &&
           last->n_out >= WIDE_STEP && !pleats_counting_must_visit(c);
}

/* Whether vertices are the faster engine for one dimension more than otherwise
 * (docs/performance.md). */
static bool is_for_vertices(const pleats_counting *c, const pleats_frame *frame)
{
    if (frame->bounded)
        return frame->k == PLEATS_VERTICES_MOST_BOUNDED + 1 &&
               is_for_sections(c);
    return frame->k == PLEATS_VERTICES_MOST + 1 &&
           pleats_frame_n_sides(frame) == 0 && !pleats_counting_must_visit(c);
}

pleats_engine pleats_engine_of_part(const pleats_counting *c)
{
    const pleats_frame *frame = &c->parts.frame[c->current];
    if (c->task->engine != PLEATS_ENGINE_AUTO)
        return c->task->engine;
    return is_for_vertices(c, frame) ? PLEATS_ENGINE_VERTICES
                                     : pleats_engine_for(frame);
}

static pleats_status begin_task(pleats_counter *w, pleats_ctx *ctx,
                                const pleats_parcel *task)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_counter_enter(w, ctx, pleats_engine_of_part(w->c)));
    TRY(pleats_task_read(ctx, task, &w->c->origin, &w->task));
done:
    return status;
}

/* The task as it was. */
static void give_back(pleats_crew *crew, pleats_ctx *ctx,
                      const pleats_parcel *task)
{
    pleats_status status = PLEATS_OK;
    pleats_parcel copy = {.n = task->n};
    TRY(pleats_alloc(ctx, task->n, 1, &copy.byte));
    memcpy(copy.byte, task->byte, task->n);
    TRY(pleats_crew_give(crew, ctx, copy));
done:
    if (status != PLEATS_OK)
        pleats_crew_tear(crew);
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
    status = begin_task(w, ctx, task);
    if (status == PLEATS_LIMIT && crew->keeps)
        give_back(crew, ctx, task);
    TRY(status);
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
    pleats_parcel root = {0};
    if (c->left) {
        c->origin = c->origins[c->current];
        TRY(pleats_crew_go_on(&job, &c->left[c->current], complete));
    } else {
        TRY(pleats_origin_of(c->ctx, c->counter[0].hasher, c->net,
                             &c->parts.frame[c->current], &c->origin));
        TRY(pleats_root_task(c->ctx, &c->origin, c->task->budget, &root));
        TRY(pleats_crew_run(&job, &root, complete));
    }
done:
    pleats_release(c->ctx, root.byte);
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
    TRY(pleats_counter_enter(first, c->ctx, pleats_engine_of_part(c)));
    if (c->task->engine == PLEATS_ENGINE_AUTO && !c->left &&
        !pleats_counting_must_visit(c) && pleats_is_one_layer(c->net, frame)) {
        TRY(pleats_one_layer_count(&first->space[c->current], &c->team,
                                   first->regions));
        first->before = 1;
        *complete = true;
    } else {
        TRY(walk_part(c, complete));
    }
done:
    for (pleats_idx i = 0; i < c->n_counters; i++) {
        c->done += c->counter[i].before / c->parts.n;
        pleats_counter_leave(&c->counter[i]);
    }
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

/* The digest of the map of region `region` of the group at hand. */
static pleats_status digest_map(void *state, pleats_counter *w, size_t region)
{
    pleats_status status = PLEATS_OK;
    pleats_counting *c = state;
    pleats_map_group *g;
    pleats_digest map;
    size_t among;
    bool is_new;
    TRY(pleats_counter_take_region(w, c->current, region, &g));
    TRY(pleats_map_digest(w->ctx, &g->forms, w->hasher, &map));
    pthread_mutex_lock(&c->lock);
    status = pleats_digest_set_add(w->ctx, &c->digests, &map, &among, &is_new);
    pthread_mutex_unlock(&c->lock);
done:
    return status;
}

pleats_status pleats_counting_digests(pleats_counting *c,
                                      pleats_digest_set *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_spread spread = {c, digest_map, c};
    pleats_hasher *hasher = NULL;
    size_t n = 0, among;
    bool complete = false, is_new;
    for (pleats_idx i = 0; i < c->n_counters; i++)
        n += c->counter[i].group[c->current].seen.n;
    TRY(pleats_hasher_new(c->ctx, &hasher));
    TRY(pleats_spread_run(&spread, n, &complete));
    if (!complete)
        TRY(pleats_check_stop(c->ctx));
    for (size_t i = 0; i < c->digests.n; i++) {
        pleats_digest both;
        pleats_hasher_add(hasher, &c->current, sizeof c->current);
        pleats_hasher_add(hasher, c->digests.member[i].byte,
                          PLEATS_DIGEST_BYTES);
        pleats_hasher_end(hasher, &both);
        TRY(pleats_digest_set_add(c->ctx, out, &both, &among, &is_new));
    }
done:
    pleats_digest_set_clear(c->ctx, &c->digests);
    pleats_hasher_free(c->ctx, hasher);
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
                          c->task->maps || c->task->pieces ||
                              c->task->outputs));
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

pleats_status pleats_counting_begin(pleats_counting *c,
                                    const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    pthread_mutex_init(&c->lock, NULL);
    atomic_init(&c->regions, 0);
    c->has_lock = true;
    TRY(check_task(c, domain));
    TRY((c->task->visit ? pleats_parts_init
                        : pleats_parts_init_lifted)(c->ctx, &c->parts, domain));
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
done:
    return status;
}

pleats_status pleats_counting_run(pleats_counting *c, pleats_tally *tally)
{
    pleats_status status = PLEATS_OK;
    bool complete = true;
    c->stopped = PLEATS_STOP_NONE;
    atomic_store(&c->regions, 0);
    for (c->current = 0; c->current < c->parts.n && complete; c->current++) {
        const pleats_frame *frame = &c->parts.frame[c->current];
        const pleats_idx n = frame->coordinates.n_inputs;
        const pleats_idx dimension = frame->k < n ? frame->k : n;
        if (dimension > tally->dimension)
            tally->dimension = dimension;
        if (!c->left || c->left[c->current].n > 0)
            TRY(count_part(c, &complete));
    }
    if (c->task->maps || c->task->pieces)
        TRY(count_maps(c, tally, &complete));
    tally->complete = complete;
done:
    return status;
}

pleats_status pleats_counting_settle(const pleats_counting *c,
                                     pleats_status status, pleats_tally *tally)
{
    tally->stopped = c->stopped;
    if (status == PLEATS_LIMIT && !c->stopped)
        tally->stopped = pleats_ctx_limit(c->ctx);
    if (tally->complete)
        tally->stopped = PLEATS_STOP_NONE;
    return status == PLEATS_LIMIT && tally->stopped ? PLEATS_OK : status;
}

void pleats_counting_gather(const pleats_counting *c, pleats_tally *tally)
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

void pleats_counting_forget(pleats_counting *c)
{
    for (pleats_idx i = 0; i < c->n_counters; i++) {
        pleats_counter *w = &c->counter[i];
        mpz_set_ui(w->regions, 0);
        for (pleats_idx p = 0; p < c->parts.n; p++) {
            w->space[p].by_bounds = w->space[p].by_exact = 0;
            pleats_map_list_clear(w->ctx, &w->group[p].seen);
        }
    }
}

void pleats_counting_end(pleats_counting *c)
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
    if (c->has_lock)
        pthread_mutex_destroy(&c->lock);
}
