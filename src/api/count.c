#include "pleats/pleats.h"

#include "api/text.h"
#include "cells/count.h"

#include <stdio.h>
#include <string.h>

static pleats_status text_of_size(pleats_ctx *ctx, size_t n, char **out)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", n);
    return pleats_strdup(ctx, text, out);
}

static pleats_engine engine_of(pleats_count_engine engine)
{
    switch (engine) {
    case PLEATS_COUNT_BY_VERTICES:
        return PLEATS_ENGINE_VERTICES;
    case PLEATS_COUNT_BY_PROGRAMMES:
        return PLEATS_ENGINE_PROGRAMME;
    default:
        return PLEATS_ENGINE_AUTO;
    }
}

pleats_status pleats_count(pleats_ctx *ctx, const pleats_net *net,
                           const pleats_domain *domain,
                           const pleats_count_options *options,
                           pleats_count_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_count_options none = {0};
    const pleats_count_options *o = options ? options : &none;
    const pleats_count_task task = {.pieces = o->pieces,
                                    .maps = o->maps,
                                    .paranoid = o->paranoid,
                                    .engine = engine_of(o->engine),
                                    .threads = o->threads,
                                    .time_limit = o->time_limit,
                                    .max_cells = o->max_cells,
                                    .progress = o->progress,
                                    .progress_state = o->progress_state};
    pleats_tally tally = {0};
    double started = pleats_now();
    *out = (pleats_count_result){0};
    mpz_init(tally.regions);
    TRY(pleats_count_regions(ctx, net, domain, &task, &tally));
    TRY(pleats_integer_text(ctx, tally.regions, &out->regions));
    if (o->pieces)
        TRY(text_of_size(ctx, tally.pieces, &out->pieces));
    if (o->maps)
        TRY(text_of_size(ctx, tally.maps, &out->maps));
    out->complete = tally.complete;
    out->stopped = tally.stopped;
    out->dimension = tally.dimension;
    out->by_bounds = tally.by_bounds;
    out->by_exact = tally.by_exact;
    out->seconds = pleats_now() - started;
done:
    mpz_clear(tally.regions);
    return status;
}

void pleats_count_result_clear(pleats_ctx *ctx, pleats_count_result *result)
{
    pleats_release(ctx, result->regions);
    pleats_release(ctx, result->pieces);
    pleats_release(ctx, result->maps);
    *result = (pleats_count_result){0};
}
