#include "pleats/certificate.h"

#include "api/engine.h"
#include "api/text.h"
#include "cert/cert.h"

#include <errno.h>
#include <stdlib.h>

/* A certificate's regions are visited one by one, so their number fits. */
static pleats_status read_claim(pleats_ctx *ctx, const char *regions,
                                uint64_t *claim)
{
    errno = 0;
    *claim = strtoull(regions, NULL, 10);
    if (errno == ERANGE)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "%s regions are too many for a certificate",
                           regions);
    return PLEATS_OK;
}

/* What is certified of a part is what its file has, or would have, had nothing
 * stopped it. */
static pleats_status tell_part(pleats_ctx *ctx, const pleats_cert_result *made,
                               pleats_certificate_result *result)
{
    pleats_count_result *count = &result->count;
    count->label = result->stopped ? PLEATS_LOWER : PLEATS_EXACT;
    count->stopped = result->stopped;
    count->dimension = made->dimension;
    count->by_bounds = made->by_bounds;
    count->by_exact = made->by_exact;
    count->seconds = result->seconds;
    return pleats_count_text(ctx, made->regions, &count->regions);
}

/* The certificate of what was counted, or of a part. */
static pleats_status write_it(pleats_ctx *ctx, const pleats_net *net,
                              const pleats_domain *domain,
                              const pleats_cert_task *task, pleats_output *out,
                              pleats_certificate_result *result)
{
    pleats_cert_result made;
    const double started = pleats_now();
    pleats_status status =
        pleats_cert_write(ctx, net, domain, task, out, &made);
    result->lines = made.tally.lines;
    result->splits = made.tally.splits;
    result->points = made.tally.points;
    result->multipliers = made.tally.multipliers;
    result->by_exact = made.n_exact;
    result->seconds = pleats_now() - started;
    if (status == PLEATS_LIMIT)
        result->stopped =
            made.is_full ? PLEATS_STOP_CELLS : pleats_ctx_limit(ctx);
    if (status == PLEATS_LIMIT && result->stopped)
        status = PLEATS_OK;
    return status == PLEATS_OK && task->of > 1 ? tell_part(ctx, &made, result)
                                               : status;
}

pleats_status pleats_certificate_write(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_certificate_options *options, const pleats_limits *limits,
    pleats_output *out, pleats_certificate_result *result)
{
    pleats_status status = PLEATS_OK;
    pleats_certificate_options o;
    pleats_watch watch = {0};
    pleats_cert_task task = {0};
    *result = (pleats_certificate_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    task = (pleats_cert_task){.is_text = o.form == PLEATS_CERTIFICATE_TEXT,
                              .part = o.part,
                              .of = o.of > 0 ? o.of : 1,
                              .limits = watch.limits};
    TRY(pleats_check_part(ctx, task.part, task.of));
    TRY(pleats_cert_check(ctx, net, domain, task.of));
    if (task.of == 1) {
        TRY(pleats_count(ctx, net, domain, NULL, limits, &result->count));
        result->stopped = result->count.stopped;
        if (result->stopped)
            goto done;
        TRY(read_claim(ctx, result->count.regions, &task.claim));
    }
    status = write_it(ctx, net, domain, &task, out, result);
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_certificate_result_clear(pleats_ctx *ctx,
                                     pleats_certificate_result *result)
{
    pleats_count_result_clear(ctx, &result->count);
    *result = (pleats_certificate_result){0};
}
