#include "pleats/estimate.h"

#include "sample/estimate.h"

#include <stdio.h>

static pleats_estimate_options filled(const pleats_estimate_options *options)
{
    pleats_estimate_options o = {0};
    if (options)
        o = *options;
    o.level = o.level > 0 ? o.level : 0.95;
    o.rel_error = o.rel_error > 0 ? o.rel_error : 0.05;
    o.sweeps = o.sweeps ? o.sweeps : 100000;
    if (o.exact_time == 0)
        o.exact_time = o.time_limit > 0 ? o.time_limit / 10 : 1;
    return o;
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

static pleats_status count(pleats_ctx *ctx, const pleats_net *net,
                           const pleats_domain *domain,
                           const pleats_estimate_options *o,
                           pleats_estimate_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_count_options options = {.threads = o->threads,
                                          .time_limit = o->exact_time};
    pleats_count_result result = {0};
    TRY(pleats_count(ctx, net, domain, &options, &result));
    out->exact = result.complete;
    TRY(pleats_strdup(ctx, result.regions,
                      result.complete ? &out->regions : &out->lower));
done:
    pleats_count_result_clear(ctx, &result);
    return status;
}

static pleats_status text_of(pleats_ctx *ctx, long double x, char **out)
{
    char text[48];
    snprintf(text, sizeof text, "%.6Lg", x);
    return pleats_strdup(ctx, text, out);
}

static pleats_status estimate(pleats_ctx *ctx, const pleats_net *net,
                              const pleats_domain *domain,
                              const pleats_estimate_options *o, double started,
                              pleats_estimate_result *out)
{
    pleats_status status = PLEATS_OK;
    double left = o->time_limit - (pleats_now() - started);
    const pleats_estimate_task task = {
        .seed = o->seed,
        .level = o->level,
        .rel_error = o->rel_error,
        .most = o->sweeps,
        .threads = o->threads,
        .time_limit = o->time_limit > 0 ? (left > 1e-3 ? left : 1e-3) : 0,
        .progress = o->progress,
        .progress_state = o->progress_state};
    pleats_estimate e;
    TRY(pleats_estimate_regions(ctx, net, domain, &task, &e));
    TRY(text_of(ctx, e.mean, &out->regions));
    TRY(text_of(ctx, e.lo, &out->lo));
    TRY(text_of(ctx, e.hi, &out->hi));
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
    const char *reason = pleats_ctx_limit(ctx);
    if (status != PLEATS_LIMIT || !out->lower)
        return status;
    out->is_lower = true;
    out->stopped = reason ? reason : "sweep limit";
    return pleats_strdup(ctx, out->lower, &out->regions);
}

pleats_status pleats_estimate_count(pleats_ctx *ctx, const pleats_net *net,
                                    const pleats_domain *domain,
                                    const pleats_estimate_options *options,
                                    pleats_estimate_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_estimate_options o = filled(options);
    const double started = pleats_now();
    *out = (pleats_estimate_result){0};
    TRY(check(ctx, &o));
    if (o.exact_time > 0)
        TRY(count(ctx, net, domain, &o, out));
    if (!out->exact)
        TRY(or_lower(ctx, estimate(ctx, net, domain, &o, started, out), out));
    out->seconds = pleats_now() - started;
done:
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
