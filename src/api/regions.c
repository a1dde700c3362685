/* The public face of the visitor of regions. */
#include "pleats/regions.h"

#include "api/engine.h"
#include "api/text.h"
#include "local/regions.h"
#include "net/pattern.h"

enum { USUAL_BATCH = 256 };

static pleats_status check(pleats_ctx *ctx, const pleats_regions_options *o,
                           pleats_region_batch_fn visit)
{
    if (o->want & ~(unsigned)PLEATS_REGION_ALL || o->batch < 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "what is wanted must be of PLEATS_REGION_..., and a "
                           "batch at least 1 region");
    if (o->of > 0 && pleats_check_part(ctx, o->part, o->of) != PLEATS_OK)
        return PLEATS_INVALID;
    if (!visit)
        return pleats_fail(ctx, PLEATS_INVALID, "the visitor is NULL");
    return PLEATS_OK;
}

pleats_status pleats_regions(pleats_ctx *ctx, const pleats_net *net,
                             const pleats_domain *domain,
                             const pleats_regions_options *options,
                             const pleats_limits *limits,
                             pleats_region_batch_fn visit, void *state,
                             pleats_regions_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_regions_options o;
    pleats_watch watch = {0};
    pleats_regions_tally tally = {0};
    *out = (pleats_regions_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(check(ctx, &o, visit));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    const pleats_regions_task task = {.want = o.want ? o.want
                                                     : PLEATS_REGION_PATTERN,
                                      .batch = o.batch ? o.batch : USUAL_BATCH,
                                      .any_thread = o.any_thread,
                                      .paranoid = o.paranoid,
                                      .engine = pleats_engine_of(o.engine),
                                      .limits = watch.limits,
                                      .part = o.part,
                                      .of = o.of,
                                      .visit = visit,
                                      .state = state};
    TRY(pleats_regions_visit(ctx, net, domain, &task, &tally));
    pleats_set_ending(ctx, true);
    TRY(pleats_count_text(ctx, tally.regions, &out->regions));
    out->label = tally.complete ? PLEATS_EXACT : PLEATS_LOWER;
    out->stopped = tally.stopped;
    out->dimension = tally.dimension;
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_regions_result_clear(pleats_ctx *ctx, pleats_regions_result *result)
{
    pleats_release(ctx, result->regions);
    *result = (pleats_regions_result){0};
}

int32_t pleats_pattern_bytes(const pleats_net *net)
{
    return (int32_t)pleats_pattern_size(net);
}
