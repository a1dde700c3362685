#include "verbs/long_count.h"

#include "verbs/stretches.h"

#include <stdlib.h>

pleats_status long_begin(const session *s, const long_options *o,
                         const pleats_count_options *count,
                         const pleats_limits *limits, pleats_work **work)
{
    pleats_status status =
        pleats_work_new(s->ctx, s->net, s->domain, count, limits, work);
    if (status == PLEATS_OK && o->state.resume) {
        pleats_work_clear(*work);
        status = pleats_work_read(s->ctx, *work, o->state.resume);
    } else if (status == PLEATS_OK && o->has_shard) {
        status = pleats_work_shard(s->ctx, *work, o->part, o->of, NULL);
    }
    return status;
}

/* ---- as what can be put down ---- */

static pleats_status run_work(pleats_ctx *ctx, void *it,
                              const pleats_limits *limits)
{
    return pleats_work_run(ctx, it, limits);
}

static pleats_status save_work(pleats_ctx *ctx, void *it, const char *path)
{
    return pleats_work_write(ctx, it, path);
}

/* Regions so far, as far as 64 bits go.  Telling maps apart, when all regions
 * are found, has no steps to be put down between. */
static pleats_status look_at_work(pleats_ctx *ctx, void *it,
                                  stretched_state *state)
{
    const pleats_work *work = it;
    pleats_count_result r = {0};
    pleats_status status = pleats_work_result(ctx, work, &r);
    if (status == PLEATS_OK)
        *state = (stretched_state){.found = strtoull(r.regions, NULL, 10),
                                   .is_counted = true,
                                   .share = pleats_work_share(work),
                                   .stopped = r.stopped,
                                   .is_done = pleats_work_is_done(work),
                                   .has_steps = pleats_work_n_tasks(work) > 0};
    pleats_count_result_clear(ctx, &r);
    return status;
}

pleats_status long_write_digests(const session *s, pleats_work *work,
                                 const pleats_limits *limits,
                                 pleats_output *digests)
{
    if (!digests || !pleats_work_is_done(work))
        return PLEATS_OK;
    pleats_status status =
        pleats_work_write_maps(s->ctx, work, digests, limits);
    if (status == PLEATS_OK)
        status = pleats_output_commit(s->ctx, digests);
    return status;
}

pleats_status long_facts(const session *s, const pleats_work *work,
                         long_count_facts *facts)
{
    pleats_work_part(work, &facts->part, &facts->of);
    facts->share = pleats_work_share(work);
    return pleats_work_key(s->ctx, work, facts->key);
}

pleats_status long_count(const session *s, const long_options *o,
                         const pleats_count_options *count,
                         const pleats_limits *limits, long_count_facts *facts,
                         pleats_count_result *r)
{
    pleats_work *work = NULL;
    pleats_output *digests = NULL;
    pleats_status status = PLEATS_OK;
    if (o->digests)
        status = pleats_output_open(s->ctx, o->digests, &digests);
    if (status == PLEATS_OK)
        status = long_begin(s, o, count, limits, &work);
    const stretched stretches = {work, run_work, save_work, look_at_work};
    if (status == PLEATS_OK)
        status = stretches_run(s, &o->state, limits, &stretches);
    if (status == PLEATS_OK)
        status = pleats_work_result(s->ctx, work, r);
    if (status == PLEATS_OK)
        status = long_write_digests(s, work, limits, digests);
    if (status == PLEATS_OK)
        status = long_facts(s, work, facts);
    pleats_output_free(s->ctx, digests);
    pleats_work_free(s->ctx, work);
    return status;
}
