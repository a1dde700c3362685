#include "ranks.h"

#include "exit_codes.h"
#include "job.h"
#include "master.h"
#include "worker.h"

#include <stdio.h>

/* A work with the threads of a rank. */
static pleats_status begin(const session *s, const long_options *o,
                           const pleats_count_options *count,
                           const pleats_limits *limits, pleats_work **work)
{
    pleats_limits own = *limits;
    own.threads = limits->threads ? limits->threads : 1;
    return long_begin(s, o, count, &own, work);
}

/* Rank 0: the count itself, room for checkpoints, and a slice's own work and
 * context. */
static pleats_status begin_first(master *m, const pleats_count_options *count)
{
    static const long_options nothing;
    session own = *m->s;
    pleats_status status = begin(m->s, m->o, count, m->limits, &m->store);
    if (status == PLEATS_OK)
        status = begin(m->s, &nothing, count, m->limits, &m->all);
    if (status == PLEATS_OK) {
        pleats_work_clear(m->all);
        status = pleats_ctx_new(NULL, &own.ctx);
        m->near.ctx = own.ctx;
    }
    if (status == PLEATS_OK) {
        status = begin(&own, &nothing, count, m->limits, &m->near.work);
        if (status != PLEATS_OK)
            fprintf(stderr, "pleats-mpi: %s\n", pleats_ctx_message(own.ctx));
    }
    return status;
}

/* Ranks above 0: a slice's work alone. */
static pleats_status begin_other(master *m, const pleats_count_options *count)
{
    static const long_options nothing;
    m->near.ctx = m->s->ctx;
    return begin(m->s, &nothing, count, m->limits, &m->near.work);
}

static void end(master *m)
{
    slice_clear(&m->near);
    if (m->near.ctx)
        pleats_work_free(m->near.ctx, m->near.work);
    if (m->near.ctx != m->s->ctx)
        pleats_ctx_free(m->near.ctx);
    pleats_work_free(m->s->ctx, m->all);
    pleats_work_free(m->s->ctx, m->store);
}

/* Rank 0, when all ranks have begun. */
static pleats_status lead(master *m, pleats_output *digests,
                          long_count_facts *facts, pleats_count_result *out)
{
    pleats_limits rest = *m->limits;
    rest.cancel = m->wanted;
    pleats_status status = master_lead(m);
    facts->failed = m->failed;
    if (status == PLEATS_OK && !m->failed)
        status = long_write_digests(m->s, m->store, &rest, digests);
    if (status == PLEATS_OK)
        status = pleats_work_result(m->s->ctx, m->store, out);
    if (status == PLEATS_OK && m->stopped && !pleats_work_is_done(m->store))
        out->stopped = m->stopped;
    if (status == PLEATS_OK && long_is_asked_for(m->o))
        status = long_facts(m->s, m->store, facts);
    return status;
}

static bool refuses_limits(const pleats_limits *limits)
{
    if (limits->cells > 0)
        fprintf(stderr, "pleats-mpi: --max-cells is not for ranks, which find "
                        "regions at the same time: use --time-limit\n");
    return limits->cells > 0;
}

pleats_status ranks_count(const session *s, const long_options *o,
                          const pleats_count_options *count,
                          const pleats_limits *limits, long_count_facts *facts,
                          pleats_count_result *out)
{
    const bool is_first = job_rank() == 0;
    master m = {.s = s, .o = o, .limits = limits};
    char key[PLEATS_WORK_KEY_BYTES] = "";
    pleats_output *digests = NULL;
    pleats_status status = PLEATS_OK;
    if (refuses_limits(limits)) {
        facts->failed = EXIT_USAGE;
        return PLEATS_OK;
    }
    slice_init(&m.near);
    if (is_first && o->digests)
        status = pleats_output_open(s->ctx, o->digests, &digests);
    if (status == PLEATS_OK)
        status = is_first ? begin_first(&m, count) : begin_other(&m, count);
    if (status == PLEATS_OK)
        status = pleats_work_key(s->ctx, is_first ? m.store : m.near.work, key);
    if (status != PLEATS_OK)
        key[0] = '\0';
    const int other = job_agree(key);
    m.wanted = job_take_signals();
    if (status == PLEATS_OK && other != NO_RANK)
        facts->failed = job_refuse(other);
    else if (status == PLEATS_OK && is_first)
        status = lead(&m, digests, facts, out);
    else if (status == PLEATS_OK)
        worker_serve(&m.near, m.wanted);
    pleats_output_free(s->ctx, digests);
    end(&m);
    return status;
}
