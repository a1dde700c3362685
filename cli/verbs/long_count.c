#include "verbs/long_count.h"

#include "signals.h"

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

/* Regions so far, as far as 64 bits go. */
static uint64_t found(const pleats_count_result *r)
{
    return strtoull(r->regions, NULL, 10);
}

/* One stretch: up to the next checkpoint.  *is_over: no other one follows. */
static pleats_status go_on(const session *s, const long_options *o,
                           const pleats_limits *limits, pleats_work *work,
                           pleats_count_result *r, bool *is_over)
{
    const double start = seconds_now();
    pleats_status status = pleats_work_run(s->ctx, work, limits);
    pleats_count_result_clear(s->ctx, r);
    if (status == PLEATS_OK)
        status = pleats_work_result(s->ctx, work, r);
    if (status == PLEATS_OK && o->state.checkpoint)
        status = pleats_work_write(s->ctx, work, o->state.checkpoint);
    const bool is_asked = r->stopped == PLEATS_STOP_CANCEL && checkpoint_take();
    const bool is_time = r->stopped == PLEATS_STOP_TIME &&
                         limits->seconds > 0 && !session_is_late(s) &&
                         seconds_now() - start >= limits->seconds;
    *is_over = !is_asked && !is_time;
    return status;
}

/* How long the next stretch may be.  One that got nowhere, since its time was
 * too short for a single step, is followed by one twice as long; telling maps
 * apart, when all regions are found, has no steps to be put down between. */
static void plan_stretch(const long_options *o, const pleats_work *work,
                         bool got_on, pleats_limits *stretch)
{
    if (!o->state.checkpoint)
        return;
    stretch->seconds = got_on ? o->state.every : 2 * stretch->seconds;
    if (pleats_work_n_tasks(work) == 0) {
        stretch->seconds = 0;
        stretch->cancel = NULL;
    }
}

/* Runs the work to its end, or to a reason to stop. */
static pleats_status run(const session *s, const long_options *o,
                         const pleats_limits *limits, pleats_work *work,
                         pleats_count_result *r)
{
    pleats_limits stretch = *limits;
    bool is_over = false, got_on = true;
    pleats_status status = PLEATS_OK;
    if (o->state.checkpoint) {
        stretch.cancel = checkpoint_on_signal();
        status = pleats_work_write(s->ctx, work, o->state.checkpoint);
    }
    if (status == PLEATS_OK)
        status = pleats_work_result(s->ctx, work, r);
    const uint64_t before = status == PLEATS_OK ? found(r) : 0;
    while (status == PLEATS_OK && !is_over && !pleats_work_is_done(work)) {
        const uint64_t now = found(r);
        const double share = pleats_work_share(work);
        plan_stretch(o, work, got_on, &stretch);
        if (limits->cells > 0)
            stretch.cells = limits->cells - (now - before);
        status = go_on(s, o, &stretch, work, r, &is_over);
        if (status != PLEATS_OK)
            break;
        got_on = found(r) != now || pleats_work_share(work) != share;
        is_over = is_over ||
                  (limits->cells > 0 && found(r) - before >= limits->cells);
    }
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
    if (status == PLEATS_OK)
        status = run(s, o, limits, work, r);
    if (status == PLEATS_OK)
        status = long_write_digests(s, work, limits, digests);
    if (status == PLEATS_OK)
        status = long_facts(s, work, facts);
    pleats_output_free(s->ctx, digests);
    pleats_work_free(s->ctx, work);
    return status;
}
