/* The public face of sampling. */
#include "pleats/sample.h"

#include "read/rows.h"
#include "sample/richness.h"
#include "sample/sampler.h"

#include <math.h>

enum { USUAL_POINTS = 100000 };

static pleats_points_kind kind_of(pleats_sample_source source)
{
    switch (source) {
    case PLEATS_SAMPLE_SEQUENCE:
        return PLEATS_POINTS_SEQUENCE;
    case PLEATS_SAMPLE_GAUSSIAN:
        return PLEATS_POINTS_GAUSSIAN;
    case PLEATS_SAMPLE_ROWS:
        return PLEATS_POINTS_ROWS;
    default:
        return PLEATS_POINTS_UNIFORM;
    }
}

static pleats_status check_options(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_domain *domain,
                                   const pleats_sample_options *o)
{
    if (!isfinite(o->scale) || o->scale < 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a scale of %g: it must be a number above 0",
                           o->scale);
    if (o->source == PLEATS_SAMPLE_ROWS) {
        if (!o->rows || o->rows->count == 0)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "there are no rows to take points from");
        if (o->rows->n_inputs != net->n_inputs)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "the rows have %d numbers, the network %d "
                               "inputs",
                               o->rows->n_inputs, net->n_inputs);
    }
    if ((o->source == PLEATS_SAMPLE_UNIFORM ||
         o->source == PLEATS_SAMPLE_SEQUENCE) &&
        !domain)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "points in a domain need the domain");
    return PLEATS_OK;
}

static uint64_t n_points(const pleats_sample_options *o)
{
    uint64_t rows =
        o->source == PLEATS_SAMPLE_ROWS ? (uint64_t)o->rows->count : 0;
    if (o->points == 0)
        return rows ? rows : USUAL_POINTS;
    return rows && rows < o->points ? rows : o->points;
}

static void fill_result(const pleats_sample_tally *t, pleats_sample_result *out)
{
    pleats_richness r =
        pleats_richness_of(t->points, t->patterns, t->once, t->twice);
    *out = (pleats_sample_result){.points = t->points,
                                  .patterns = t->patterns,
                                  .singletons = t->once,
                                  .doubletons = t->twice,
                                  .coverage = r.coverage,
                                  .richness = r.richness,
                                  .is_saturated = t->patterns > t->points / 2 &&
                                                  t->points > 1,
                                  .by_exact = t->by_exact,
                                  .on_walls = t->on_walls,
                                  .undecided = t->undecided,
                                  .stopped = t->stopped};
}

pleats_status pleats_sample(pleats_ctx *ctx, const pleats_net *net,
                            const pleats_domain *domain,
                            const pleats_sample_options *options,
                            const pleats_limits *limits,
                            pleats_sample_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_sample_options o;
    pleats_watch watch = {0};
    pleats_points points = {0};
    pleats_sample_tally tally = {0};
    *out = (pleats_sample_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(check_options(ctx, net, domain, &o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    points = (pleats_points){.kind = kind_of(o.source),
                             .seed = o.seed,
                             .scale = o.scale > 0 ? o.scale : 1,
                             .row = o.rows ? o.rows->data : NULL,
                             .n_rows = o.rows ? (uint64_t)o.rows->count : 0};
    TRY(pleats_points_init(ctx, &points, net->n_inputs, domain));
    const pleats_sample_task task = {
        .points = n_points(&o), .batch = o.batch, .limits = watch.limits};
    TRY(pleats_sample_patterns(ctx, net, &points, &task, &tally));
    fill_result(&tally, out);
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_points_clear(ctx, &points);
    return status;
}
