/* The public face of surveys. */
#include "pleats/survey.h"

#include "api/engine.h"
#include "read/rows.h"
#include "survey/survey.h"

pleats_status pleats_survey(pleats_ctx *ctx, const pleats_net *net,
                            const pleats_domain *domain,
                            const pleats_survey_options *options,
                            const pleats_limits *limits,
                            pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_survey_options o;
    pleats_watch watch = {0};
    *out = (pleats_survey_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    if (o.rows && o.rows->n_inputs != net->n_inputs)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the network has %d inputs, the rows have %d",
                        net->n_inputs, o.rows->n_inputs));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    const pleats_survey_task task = {.paranoid = o.paranoid,
                                     .exact_volumes = o.exact_volumes,
                                     .engine = pleats_engine_of(o.engine),
                                     .limits = watch.limits,
                                     .rows = o.rows};
    TRY(pleats_survey_run(ctx, net, domain, &task, out));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_survey_result_clear(pleats_ctx *ctx, pleats_survey_result *r)
{
    for (int32_t i = 0; i < r->n_classes && r->classes; i++)
        pleats_release(ctx, r->classes[i].exact_volume);
    pleats_release(ctx, r->regions);
    pleats_release(ctx, r->classes);
    pleats_release(ctx, r->layer);
    pleats_release(ctx, r->state);
    pleats_release(ctx, r->active);
    pleats_release(ctx, r->domain_volume);
    pleats_release(ctx, r->volume_gram);
    pleats_release(ctx, r->volume.bin);
    pleats_release(ctx, r->diameter.bin);
    pleats_release(ctx, r->slope.bin);
    pleats_release(ctx, r->distance.bin);
    pleats_release(ctx, r->in_region);
    *r = (pleats_survey_result){0};
}
