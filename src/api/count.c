#include "pleats/count.h"

#include "api/engine.h"
#include "api/text.h"
#include "count/count.h"

#include <stdio.h>
#include <string.h>

pleats_engine pleats_engine_of(pleats_count_engine engine)
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
                           const pleats_limits *limits,
                           pleats_count_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_count_options o;
    pleats_watch watch = {0};
    pleats_count_task task = {0};
    pleats_tally tally = {0};
    *out = (pleats_count_result){0};
    mpz_init(tally.regions);
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    task = (pleats_count_task){.pieces = o.pieces,
                               .maps = o.maps,
                               .paranoid = o.paranoid,
                               .engine = pleats_engine_of(o.engine),
                               .limits = watch.limits};
    TRY(pleats_count_regions(ctx, net, domain, &task, &tally));
    TRY(pleats_integer_text(ctx, tally.regions, &out->regions));
    if (o.pieces)
        TRY(pleats_count_text(ctx, tally.pieces, &out->pieces));
    if (o.maps)
        TRY(pleats_count_text(ctx, tally.maps, &out->maps));
    out->label = tally.complete ? PLEATS_EXACT : PLEATS_LOWER;
    out->stopped = tally.stopped;
    out->dimension = tally.dimension;
    out->by_bounds = tally.by_bounds;
    out->by_exact = tally.by_exact;
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
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
