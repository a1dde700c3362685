#include "pleats/estimate.h"

#include "api/text.h"
#include "sample/estimate.h"
#include "sample/mean.h"

#include <stdlib.h>
#include <string.h>

static void fill(pleats_mean_options *o)
{
    o->trials = o->trials ? o->trials : PLEATS_MEAN_TRIALS;
    o->level = o->level > 0 ? o->level : 0.95;
    o->most = o->most ? o->most : 1000000;
    o->sweeps = o->sweeps ? o->sweeps : 200;
}

static pleats_status take_rows(pleats_ctx *ctx, const pleats_mean *mean,
                               pleats_mean_result *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, mean->n, sizeof *out->row, &out->row));
    for (uint64_t i = 0; i < mean->n; i++) {
        const pleats_mean_trial *t = &mean->trial[i];
        pleats_mean_row *row = &out->row[out->n];
        if (!t->made)
            continue;
        *row = (pleats_mean_row){i, t->seed, t->exact, NULL};
        out->n++;
        out->n_exact += t->exact;
        TRY(pleats_integer_text(ctx, t->regions, &row->regions));
    }
done:
    return status;
}

static int compare(const void *a, const void *b)
{
    mpz_srcptr const *x = a, *y = b;
    return mpz_cmp(*x, *y);
}

/* The least number that the share of all is not above. */
static pleats_status take_quantiles(pleats_ctx *ctx, const pleats_mean *mean,
                                    pleats_mean_result *out)
{
    static const unsigned percent[PLEATS_MEAN_QUANTILES] = {0,  5,  25, 50,
                                                            75, 95, 100};
    pleats_status status = PLEATS_OK;
    mpz_srcptr *sorted = NULL;
    uint64_t n = 0;
    TRY(pleats_alloc(ctx, mean->n, sizeof *sorted, &sorted));
    for (uint64_t i = 0; i < mean->n; i++)
        if (mean->trial[i].made)
            sorted[n++] = mean->trial[i].regions;
    qsort(sorted, n, sizeof *sorted, compare);
    for (size_t q = 0; q < PLEATS_MEAN_QUANTILES; q++) {
        uint64_t at = (n * percent[q] + 99) / 100;
        TRY(pleats_integer_text(ctx, sorted[at > 0 ? at - 1 : 0],
                                &out->quantile[q]));
    }
done:
    pleats_release(ctx, sorted);
    return status;
}

static pleats_status take_moments(pleats_ctx *ctx, const pleats_mean *mean,
                                  double level, pleats_mean_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_estimate e = {0};
    long double *x = NULL;
    uint64_t n = 0;
    TRY(pleats_alloc(ctx, mean->n, sizeof *x, &x));
    for (uint64_t i = 0; i < mean->n; i++)
        if (mean->trial[i].made)
            x[n++] = mpz_get_d(mean->trial[i].regions);
    pleats_estimate_from(x, n, level, &e);
    out->mean = (double)e.mean;
    out->deviation = (double)e.deviation;
    out->lo = (double)e.lo;
    out->hi = (double)e.hi;
    out->is_constant =
        strcmp(out->quantile[0], out->quantile[PLEATS_MEAN_QUANTILES - 1]) == 0;
done:
    pleats_release(ctx, x);
    return status;
}

pleats_status pleats_mean_regions(pleats_ctx *ctx, const pleats_spec *spec,
                                  const pleats_domain *domain,
                                  const pleats_mean_options *options,
                                  const pleats_limits *limits,
                                  pleats_mean_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_mean_options o;
    pleats_watch watch = {0};
    pleats_mean mean = {0};
    *out = (pleats_mean_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    fill(&o);
    if (o.trials < 2 || !(o.level < 1))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "an interval needs at least 2 trials and a level below "
                        "1"));
    const pleats_mean_task task = {.init = o.init,
                                   .trials = o.trials,
                                   .most = o.most,
                                   .sweeps = o.sweeps,
                                   .record = o.record,
                                   .limits = watch.limits};
    TRY(pleats_mean_make(ctx, spec, domain, &task, &mean));
    out->stopped = mean.stopped;
    TRY(take_rows(ctx, &mean, out));
    if (out->n < 2 && !pleats_record_is_for_a_part(o.record))
        TRY(pleats_fail(ctx, PLEATS_LIMIT,
                        "there was not time for two trials"));
    if (out->n >= 2) {
        TRY(take_quantiles(ctx, &mean, out));
        TRY(take_moments(ctx, &mean, o.level, out));
    }
    out->seconds = o.record ? pleats_record_seconds(o.record)
                            : pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_mean_clear(ctx, &mean);
    return status;
}

void pleats_mean_result_clear(pleats_ctx *ctx, pleats_mean_result *r)
{
    for (uint64_t i = 0; i < r->n; i++)
        pleats_release(ctx, r->row[i].regions);
    pleats_release(ctx, r->row);
    for (size_t q = 0; q < PLEATS_MEAN_QUANTILES; q++)
        pleats_release(ctx, r->quantile[q]);
    *r = (pleats_mean_result){0};
}
