#include "cells/seen.h"

#include "cells/walk.h"

typedef struct {
    pleats_ctx *ctx;
    pleats_space space;
    pleats_ahead ahead;
    uint64_t most;
    pleats_seen *out;
} looking;

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    looking *l = state;
    pleats_seen *out = l->out;
    (void)cell;
    (void)share;
    for (pleats_idx u = 0; u < space->net->n_units; u++) {
        if (out->piece[u] < 0)
            out->piece[u] = space->piece[u];
        out->changes[u] = out->changes[u] || out->piece[u] != space->piece[u];
    }
    out->regions++;
    *stop = l->most > 0 && out->regions == l->most;
    return pleats_check_stop(l->ctx);
}

static void on_tick(void *state, double share, bool *stop)
{
    const looking *l = state;
    (void)share;
    *stop = *stop || pleats_stop_reason(l->ctx);
}

static pleats_status walk_all(void *state, pleats_crew *crew, pleats_idx worker,
                              pleats_ctx *ctx, const pleats_parcel *task,
                              bool *stop)
{
    looking *l = state;
    const pleats_visitor visitor = {
        .region = on_region, .tick = on_tick, .state = l};
    const pleats_task root = {0};
    (void)worker;
    (void)ctx;
    (void)task;
    (void)stop;
    return pleats_walk(&l->space, &l->ahead, &visitor, &root, crew,
                       &l->out->complete);
}

pleats_status pleats_seen_find(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame, uint64_t most,
                               pleats_seen *out)
{
    pleats_status status = PLEATS_OK;
    looking l = {.ctx = ctx, .most = most, .out = out};
    const pleats_team team = {.n = 1, .ctx = &ctx};
    const pleats_job job = {&team, &l, walk_all, NULL};
    const pleats_parcel all = {0};
    bool complete;
    *out = (pleats_seen){0};
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *out->piece,
                     &out->piece));
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *out->changes,
                     &out->changes));
    for (pleats_idx u = 0; u < net->n_units; u++)
        out->piece[u] = -1;
    TRY(pleats_space_init(ctx, &l.space, net, frame, pleats_engine_for(frame),
                          false));
    TRY(pleats_ahead_init(ctx, &l.ahead, net));
    status = pleats_crew_run(&job, &all, &complete);
    if (status == PLEATS_LIMIT && pleats_stop_reason(ctx))
        status = PLEATS_OK;
done:
    if (l.space.ctx)
        pleats_space_clear(&l.space);
    if (l.ahead.net)
        pleats_ahead_clear(ctx, &l.ahead);
    return status;
}

void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen)
{
    pleats_release(ctx, seen->piece);
    pleats_release(ctx, seen->changes);
    *seen = (pleats_seen){0};
}
