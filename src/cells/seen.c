#include "cells/seen.h"

#include "cells/walk.h"

typedef struct {
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
    return PLEATS_OK;
}

pleats_status pleats_seen_find(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame, uint64_t most,
                               pleats_seen *out)
{
    pleats_status status = PLEATS_OK;
    looking l = {most, out};
    const pleats_visitor visitor = {.region = on_region, .state = &l};
    pleats_space space = {0};
    pleats_ahead ahead = {0};
    *out = (pleats_seen){0};
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *out->piece,
                     &out->piece));
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *out->changes,
                     &out->changes));
    for (pleats_idx u = 0; u < net->n_units; u++)
        out->piece[u] = -1;
    TRY(pleats_space_init(ctx, &space, net, frame, pleats_engine_for(frame),
                          false));
    TRY(pleats_ahead_init(ctx, &ahead, net));
    status = pleats_walk_alone(&space, &ahead, &visitor, &out->complete);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx))
        status = PLEATS_OK;
done:
    if (space.ctx)
        pleats_space_clear(&space);
    if (ahead.net)
        pleats_ahead_clear(ctx, &ahead);
    return status;
}

void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen)
{
    pleats_release(ctx, seen->piece);
    pleats_release(ctx, seen->changes);
    *seen = (pleats_seen){0};
}
