#include "count/seen.h"

#include "cells/task.h"
#include "cells/walk.h"
#include "par/numbered.h"

#include <stdatomic.h>
#include <stdlib.h>

/* For a record and for threads that are asked for the search is cut into so
 * many subtrees or more, where there are as many: what a checkpoint lacks is a
 * part of one for each thread.  To name them takes the way down several times,
 * so that otherwise the whole is one. */
enum { SUBTREES = 1024, DEEPER = 6 };

/* One worker: its room, and what it saw in the subtree at hand. */
typedef struct {
    struct search *all;
    pleats_space space;
    pleats_look look;
} looking;

typedef struct search {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_frame *frame;
    const pleats_seen_task *task;
    pleats_seen *out;
    pleats_ahead ahead;
    pleats_team team;
    looking *worker; /* [team.n] */
    pleats_origin origin;
    pleats_parcels subtrees; /* the trials */
    _Atomic uint64_t regions;
    atomic_bool is_full;  /* no more may be looked at */
    pthread_mutex_t lock; /* of out */
} search;

/* Takes a place among the regions that may be looked at. */
static bool may_look(search *all)
{
    const uint64_t most = all->task->limits.cells;
    if (most == 0 || atomic_fetch_add(&all->regions, 1) < most)
        return true;
    atomic_store(&all->is_full, true);
    return false;
}

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    looking *l = state;
    (void)cell;
    (void)share;
    *stop = !may_look(l->all);
    return *stop ? PLEATS_OK : pleats_look_at(&l->look, space);
}

/* ---- workers ---- */

static pleats_status worker_begin(search *all, looking *l, pleats_ctx *ctx)
{
    pleats_status status = PLEATS_OK;
    const pleats_frame *frame = all->frame;
    l->all = all;
    TRY(pleats_look_init(ctx, &l->look, all->net, frame, all->task->is_asked));
    TRY(pleats_space_init(ctx, &l->space, all->net, frame,
                          pleats_engine_for(frame), false));
    TRY(pleats_space_begin_near(&l->space, all->ahead.n_fine, false));
done:
    return status;
}

static void worker_end(pleats_ctx *ctx, looking *l)
{
    if (!l->all)
        return;
    if (l->space.ctx)
        pleats_space_clear(&l->space);
    pleats_look_clear(ctx, &l->look);
}

/* ---- subtrees ---- */

/* "REGIONS HEX": the pieces of all units, a bit each. */
static pleats_status note_subtree(pleats_ctx *ctx, const looking *l,
                                  uint64_t number)
{
    pleats_status status = PLEATS_OK;
    const size_t n = l->all->out->n_pieces;
    pleats_text text = {0};
    unsigned char *bits = NULL;
    if (!l->all->task->record)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, n / 8 + 1, 1, &bits));
    for (size_t p = 0; p < n; p++)
        bits[p / 8] |= (unsigned char)(l->look.seen.gives[p] << p % 8);
    TRY(pleats_text_put(ctx, &text, "%llu ",
                        (unsigned long long)l->look.seen.regions));
    TRY(pleats_text_hex(ctx, &text, bits, n / 8 + 1));
    TRY(pleats_record_put(ctx, l->all->task->record, number, true, text.byte));
done:
    pleats_release(ctx, text.byte);
    pleats_release(ctx, bits);
    return status;
}

/* *is_there: the record has the subtree, which is then as if it had been looked
 * at. */
static pleats_status take_subtree(pleats_ctx *ctx, looking *l, uint64_t number,
                                  bool *is_there)
{
    pleats_status status = PLEATS_OK;
    const size_t n = l->all->out->n_pieces;
    unsigned char *bits = NULL;
    const char *text =
        pleats_record_find(l->all->task->record, number, is_there);
    char *at = (char *)text; /* only read */
    if (!text)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, n / 8 + 1, 1, &bits));
    if (!*is_there ||
        !pleats_read_whole(&at, ' ', UINT64_MAX, &l->look.seen.regions) ||
        !pleats_read_hex(at, bits, n / 8 + 1))
        TRY(pleats_record_refuse(ctx, number));
    for (size_t p = 0; p < n; p++)
        l->look.seen.gives[p] = bits[p / 8] >> p % 8 & 1;
done:
    pleats_release(ctx, bits);
    return status;
}

/* What was seen in a subtree, or in a part of one, counts. */
static void add_subtree(looking *l)
{
    pthread_mutex_lock(&l->all->lock);
    pleats_seen_join(l->all->out, &l->look.seen);
    pthread_mutex_unlock(&l->all->lock);
}

static pleats_status look_at_subtree(pleats_ctx *ctx, looking *l,
                                     uint64_t number)
{
    pleats_status status = PLEATS_OK;
    search *all = l->all;
    const pleats_visitor visitor = {.region = on_region, .state = l};
    pleats_task task = {0};
    bool complete = false;
    TRY(pleats_task_read(ctx, &all->subtrees.task[number], &all->origin,
                         &task));
    status =
        pleats_walk_alone(&l->space, &all->ahead, &visitor, &task, &complete);
    if (status == PLEATS_OK && complete)
        status = note_subtree(ctx, l, number);
    if (status == PLEATS_OK || status == PLEATS_LIMIT)
        add_subtree(l);
done:
    pleats_task_clear(ctx, &task);
    return status;
}

static pleats_status do_subtree(void *state, pleats_idx worker, pleats_ctx *ctx,
                                uint64_t number)
{
    pleats_status status = PLEATS_OK;
    search *all = state;
    looking *l = &all->worker[worker];
    bool is_there = false;
    if (atomic_load(&all->is_full))
        return PLEATS_OK;
    if (!l->all)
        TRY(worker_begin(all, l, ctx));
    pleats_seen_forget(&l->look.seen);
    TRY(take_subtree(ctx, l, number, &is_there));
    if (is_there)
        add_subtree(l);
    else
        TRY(look_at_subtree(ctx, l, number));
done:
    return status;
}

static pleats_status add_name(void *state, const pleats_task *task,
                              size_t n_planes)
{
    pleats_status status = PLEATS_OK;
    search *all = state;
    pleats_parcel parcel = {0};
    (void)n_planes;
    TRY(pleats_task_write(all->ctx, task, &parcel));
    TRY(pleats_parcels_add(all->ctx, &all->subtrees, &parcel));
done:
    pleats_release(all->ctx, parcel.byte);
    return status;
}

/* Names the subtrees at the least depth that has enough of them, or all. */
static pleats_status name_subtrees(search *all)
{
    pleats_status status = PLEATS_OK;
    const pleats_visitor visitor = {.region = on_region};
    pleats_hasher *hasher = NULL;
    const size_t enough =
        all->task->record || all->task->limits.threads > 1 ? SUBTREES : 1;
    size_t before = 0;
    TRY(pleats_hasher_new(all->ctx, &hasher));
    TRY(pleats_origin_of(all->ctx, hasher, all->net, all->frame, &all->origin));
    for (size_t depth = 0;
         depth == 0 || (all->subtrees.n < enough && all->subtrees.n > before);
         depth += DEEPER) {
        before = all->subtrees.n;
        pleats_parcels_clear(all->ctx, &all->subtrees);
        TRY(pleats_walk_names(&all->worker[0].space, &all->ahead, &visitor,
                              &all->origin, depth, add_name, all));
    }
done:
    pleats_hasher_free(all->ctx, hasher);
    return status;
}

/* ---- all of it ---- */

static pleats_status start(search *all)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_seen_init(all->ctx, all->out, all->net));
    TRY(pleats_ahead_init(all->ctx, &all->ahead, all->net,
                          &all->frame->coordinates, false));
    TRY(pleats_team_init(all->ctx, &all->team, &all->task->limits));
    TRY(pleats_alloc(all->ctx, (size_t)all->team.n, sizeof *all->worker,
                     &all->worker));
    TRY(worker_begin(all, &all->worker[0], all->ctx));
done:
    return status;
}

/* The units that are asked for are part of what the answer depends on. */
static pleats_status begin_record(search *all)
{
    pleats_status status = PLEATS_OK;
    pleats_text identity = {0};
    char hex[PLEATS_DIGEST_DIGITS + 1];
    if (!all->task->record)
        return PLEATS_OK;
    TRY(pleats_digest_text(all->ctx, all->task->is_asked,
                           (size_t)all->net->n_units * sizeof(bool), hex));
    TRY(pleats_record_identity(all->ctx, &identity, "stable"));
    TRY(pleats_text_put(all->ctx, &identity, "units %s\n", hex));
    TRY(pleats_origin_text(all->ctx, all->net, all->frame, &identity));
    TRY(pleats_record_begin(all->ctx, all->task->record, &identity));
done:
    pleats_release(all->ctx, identity.byte);
    return status;
}

static void end(search *all)
{
    for (pleats_idx i = 0; all->worker && i < all->team.n; i++)
        worker_end(all->team.ctx[i] ? all->team.ctx[i] : all->ctx,
                   &all->worker[i]);
    pleats_release(all->ctx, all->worker);
    pleats_parcels_clear(all->ctx, &all->subtrees);
    pleats_team_clear(all->ctx, &all->team);
    if (all->ahead.net)
        pleats_ahead_clear(all->ctx, &all->ahead);
    pleats_record_end(all->task->record);
    pthread_mutex_destroy(&all->lock);
}

pleats_status pleats_seen_find(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame,
                               const pleats_seen_task *task, pleats_seen *out)
{
    pleats_status status = PLEATS_OK;
    search all = {
        .ctx = ctx, .net = net, .frame = frame, .task = task, .out = out};
    *out = (pleats_seen){0};
    pthread_mutex_init(&all.lock, NULL);
    TRY(start(&all));
    TRY(begin_record(&all));
    TRY(name_subtrees(&all));
    TRY(pleats_numbered_run(&all.team, 0, all.subtrees.n, do_subtree, &all,
                            &task->limits));
    out->complete = !atomic_load(&all.is_full);
done:
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx))
        status = PLEATS_OK;
    end(&all);
    return status;
}
