/* The public face of the search for weights with many regions. */
#include "pleats/search.h"

#include "api/text.h"
#include "pleats/bounds.h"
#include "pleats/make.h"
#include "sample/climb.h"

#include <string.h>

static pleats_climb_task task_of(const pleats_search_options *o,
                                 const pleats_limits *limits)
{
    return (pleats_climb_task){.starts =
                                   o->starts ? o->starts : PLEATS_SEARCH_STARTS,
                               .patience = o->patience,
                               .seed = o->seed,
                               .pieces = o->pieces,
                               .most = o->most ? o->most : 1000000,
                               .record = o->record,
                               .limits = *limits};
}

static pleats_status find_upper(pleats_ctx *ctx, const pleats_spec *spec,
                                mpz_t upper, pleats_search_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_bounds_result bounds = {0};
    TRY(pleats_bounds_of(ctx, spec, NULL, NULL, &bounds));
    out->upper = bounds.best_upper;
    bounds.best_upper = NULL;
    if (out->upper)
        mpz_set_str(upper, out->upper, 10);
done:
    pleats_bounds_result_clear(ctx, &bounds);
    return status;
}

static pleats_status publish(pleats_ctx *ctx, pleats_climb *climb,
                             pleats_search_result *out)
{
    pleats_status status = PLEATS_OK;
    if (mpz_sgn(climb->best) > 0)
        TRY(pleats_integer_text(ctx, climb->best, &out->best));
    out->start = climb->start;
    out->starts = climb->starts;
    out->counts = climb->counts;
    out->net = climb->net;
    climb->net = NULL;
    out->is_exact =
        out->best && out->upper && strcmp(out->best, out->upper) == 0;
    out->complete = climb->complete || out->is_exact;
    out->stopped = out->complete ? PLEATS_STOP_NONE : pleats_ctx_limit(ctx);
done:
    return status;
}

pleats_status pleats_search(pleats_ctx *ctx, const pleats_spec *spec,
                            const pleats_search_options *options,
                            const pleats_limits *limits,
                            pleats_search_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_search_options o;
    pleats_watch watch = {0};
    pleats_climb_task task;
    pleats_climb climb = {0};
    mpz_t upper;
    *out = (pleats_search_result){0};
    mpz_init(upper);
    mpz_init(climb.best);
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(find_upper(ctx, spec, upper, out));
    task = task_of(&o, &watch.limits);
    task.target = out->upper ? upper : NULL;
    TRY(pleats_climb_run(ctx, spec, &task, &climb));
    TRY(publish(ctx, &climb, out));
    out->seconds = o.record ? pleats_record_seconds(o.record)
                            : pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_climb_clear(ctx, &climb);
    mpz_clear(climb.best);
    mpz_clear(upper);
    return status;
}

pleats_status pleats_search_write(pleats_ctx *ctx, pleats_search_result *result,
                                  pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    pleats_net *made = NULL;
    pleats_set_ending(ctx, true);
    TRY(pleats_net_write(ctx, result->net, out, &made));
    pleats_net_free(ctx, result->net);
    result->net = made;
done:
    pleats_set_ending(ctx, false);
    return status;
}

void pleats_search_result_clear(pleats_ctx *ctx, pleats_search_result *result)
{
    pleats_release(ctx, result->best);
    pleats_release(ctx, result->upper);
    pleats_net_free(ctx, result->net);
    *result = (pleats_search_result){0};
}
