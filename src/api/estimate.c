#include "pleats/estimate.h"

#include "base/text.h"
#include "sample/estimate.h"

#include <stdio.h>

static void fill(pleats_estimate_options *o, const pleats_limits *limits)
{
    o->level = o->level > 0 ? o->level : 0.95;
    o->rel_error = o->rel_error > 0 ? o->rel_error : 0.05;
    o->sweeps = o->sweeps ? o->sweeps : 100000;
    if (o->exact_time == 0)
        o->exact_time = limits->seconds > 0 ? limits->seconds / 10 : 1;
}

static pleats_status check(pleats_ctx *ctx, const pleats_estimate_options *o)
{
    if (!(o->level < 1))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the level of confidence must be between 0 and 1");
    if (o->sweeps < 2)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "an interval needs at least 2 sweeps");
    return PLEATS_OK;
}

/* Counts for a while, unless a record says what that found. */
static pleats_status count_first(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_domain *domain,
                                 const pleats_estimate_options *o,
                                 const pleats_limits *limits,
                                 pleats_estimate_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_limits own = {.threads = limits->threads,
                               .seconds = o->exact_time};
    pleats_count_result result = {0};
    const char *found;
    TRY(pleats_estimate_find_count(ctx, o->record, &found));
    if (found) {
        out->label = PLEATS_LOWER;
        return pleats_strdup(ctx, found, &out->lower);
    }
    TRY(pleats_count(ctx, net, domain, NULL, &own, &result));
    out->label = result.label;
    TRY(pleats_strdup(ctx, result.regions,
                      result.label == PLEATS_EXACT ? &out->regions
                                                   : &out->lower));
    if (result.stopped == PLEATS_STOP_TIME && !pleats_ctx_limit(ctx))
        TRY(pleats_estimate_put_count(ctx, o->record, out->lower));
done:
    pleats_count_result_clear(ctx, &result);
    return status;
}

static pleats_status text_of(pleats_ctx *ctx, long double x, char **out)
{
    char text[48];
    pleats_format(text, sizeof text, "%.6Lg", x);
    return pleats_strdup(ctx, text, out);
}

static pleats_status estimate(pleats_ctx *ctx, const pleats_net *net,
                              const pleats_domain *domain,
                              const pleats_estimate_options *o,
                              const pleats_limits *limits,
                              pleats_estimate_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_estimate_task task = {.seed = o->seed,
                                       .level = o->level,
                                       .rel_error = o->rel_error,
                                       .most = o->sweeps,
                                       .record = o->record,
                                       .limits = *limits};
    pleats_estimate e;
    TRY(pleats_estimate_regions(ctx, net, domain, &task, &e));
    TRY(text_of(ctx, e.mean, &out->regions));
    TRY(text_of(ctx, e.lo, &out->lo));
    TRY(text_of(ctx, e.hi, &out->hi));
    out->label = PLEATS_ESTIMATE;
    out->mean = (double)e.mean;
    out->rel_error = e.rel_error;
    out->deviation = (double)(e.deviation / e.mean);
    out->sweeps = e.sweeps;
    out->is_constant = e.is_constant;
    out->stopped = e.stopped;
done:
    return status;
}

/* A limit before there was an estimate leaves the lower bound. */
static pleats_status or_lower(pleats_ctx *ctx, pleats_status status,
                              pleats_estimate_result *out)
{
    const pleats_stop reason = pleats_ctx_limit(ctx);
    if (status != PLEATS_LIMIT || !out->lower)
        return status;
    out->label = PLEATS_LOWER;
    out->stopped = reason ? reason : PLEATS_STOP_SWEEPS;
    return pleats_strdup(ctx, out->lower, &out->regions);
}

pleats_status pleats_estimate_count(pleats_ctx *ctx, const pleats_net *net,
                                    const pleats_domain *domain,
                                    const pleats_estimate_options *options,
                                    const pleats_limits *limits,
                                    pleats_estimate_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_estimate_options o = {0};
    pleats_watch watch = {0};
    const pleats_limits *l = &watch.limits;
    *out = (pleats_estimate_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    fill(&o, l);
    TRY(check(ctx, &o));
    TRY(pleats_estimate_record(ctx, net, domain, o.seed, o.record));
    if (o.exact_time > 0)
        TRY(count_first(ctx, net, domain, &o, l, out));
    if (out->label != PLEATS_EXACT)
        TRY(or_lower(ctx, estimate(ctx, net, domain, &o, l, out), out));
    out->seconds = o.record ? pleats_record_seconds(o.record)
                            : pleats_now() - watch.started;
done:
    pleats_record_end(o.record);
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_estimate_result_clear(pleats_ctx *ctx, pleats_estimate_result *r)
{
    pleats_release(ctx, r->regions);
    pleats_release(ctx, r->lo);
    pleats_release(ctx, r->hi);
    pleats_release(ctx, r->lower);
    *r = (pleats_estimate_result){0};
}
