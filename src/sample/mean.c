#include "sample/mean.h"

#include "cells/parts.h"
#include "cells/task.h"
#include "par/numbered.h"
#include "sample/trial.h"

#include "base/rng.h"

#include <string.h>

typedef struct {
    const pleats_spec *spec;
    const pleats_frame *frame;
    const pleats_mean_task *task;
    pleats_mean *out;
} averaging;

uint64_t pleats_mean_seed(uint64_t seed, uint64_t trial)
{
    pleats_rng rng;
    pleats_rng_stream(&rng, seed, trial);
    return pleats_rng_next(&rng) >> 1;
}

/* "exact NUMBER" or "estimate NUMBER". */
static pleats_status note_trial(pleats_ctx *ctx, const averaging *a,
                                uint64_t number)
{
    pleats_status status = PLEATS_OK;
    const pleats_mean_trial *t = &a->out->trial[number];
    pleats_text text = {0};
    if (!a->task->record)
        return PLEATS_OK;
    TRY(pleats_text_put(ctx, &text, "%s ", t->exact ? "exact" : "estimate"));
    TRY(pleats_text_integer(ctx, &text, t->regions));
    TRY(pleats_record_put(ctx, a->task->record, number, true, text.byte));
done:
    pleats_release(ctx, text.byte);
    return status;
}

static pleats_status take_trial(pleats_ctx *ctx, const averaging *a,
                                uint64_t number)
{
    bool is_done;
    pleats_mean_trial *t = &a->out->trial[number];
    const char *text = pleats_record_find(a->task->record, number, &is_done);
    if (!text)
        return PLEATS_OK;
    t->exact = strncmp(text, "exact ", 6) == 0;
    if (!is_done || (!t->exact && strncmp(text, "estimate ", 9) != 0) ||
        !pleats_read_integer(text + (t->exact ? 6 : 9), t->regions))
        return pleats_record_refuse(ctx, number);
    t->made = true;
    return PLEATS_OK;
}

static pleats_status make_trial(void *state, pleats_idx worker, pleats_ctx *ctx,
                                uint64_t number)
{
    pleats_status status = PLEATS_OK;
    const averaging *a = state;
    pleats_mean_trial *t = &a->out->trial[number];
    pleats_init init = a->task->init;
    pleats_net *net = NULL;
    (void)worker;
    if (t->made || !pleats_record_asks(a->task->record, number))
        return PLEATS_OK;
    init.seed = t->seed;
    TRY(pleats_net_random(ctx, a->spec, &init, &net));
    TRY(pleats_trial_count(ctx, net, a->frame, a->task->most, a->task->sweeps,
                           t->seed, t->regions, &t->exact));
    t->made = true;
    TRY(note_trial(ctx, a, number));
done:
    pleats_net_clear(ctx, net);
    return status;
}

/* What all trials have alike: the digest of the first network tells of the
 * architecture, the distribution and the seed. */
static pleats_status begin_record(pleats_ctx *ctx, const averaging *a)
{
    pleats_status status = PLEATS_OK;
    const pleats_mean_task *task = a->task;
    pleats_init init = task->init;
    pleats_text identity = {0};
    pleats_net *net = NULL;
    if (!task->record)
        return PLEATS_OK;
    init.seed = a->out->trial[0].seed;
    TRY(pleats_net_random(ctx, a->spec, &init, &net));
    TRY(pleats_record_identity(ctx, &identity, "mean"));
    TRY(pleats_text_put(ctx, &identity, "seed %llu\nmost %llu\nsweeps %llu\n",
                        (unsigned long long)task->init.seed,
                        (unsigned long long)task->most,
                        (unsigned long long)task->sweeps));
    TRY(pleats_origin_text(ctx, net, a->frame, &identity));
    TRY(pleats_record_begin(ctx, task->record, &identity));
done:
    pleats_net_clear(ctx, net);
    pleats_release(ctx, identity.byte);
    return status;
}

static pleats_status check(pleats_ctx *ctx, const pleats_parts *parts)
{
    if (parts->n != 1)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a mean is on one polytope; this domain is %s",
                           parts->n ? "a union of several" : "empty");
    return PLEATS_OK;
}

static pleats_status make_trials(pleats_ctx *ctx, averaging *a)
{
    pleats_status status = PLEATS_OK;
    pleats_mean *out = a->out;
    pleats_team team = {0};
    TRY(pleats_alloc(ctx, a->task->trials, sizeof *out->trial, &out->trial));
    for (; out->n < a->task->trials; out->n++) {
        mpz_init(out->trial[out->n].regions);
        out->trial[out->n].seed = pleats_mean_seed(a->task->init.seed, out->n);
    }
    TRY(begin_record(ctx, a));
    for (uint64_t i = 0; i < out->n; i++)
        TRY(take_trial(ctx, a, i));
    TRY(pleats_team_init(ctx, &team, &a->task->limits));
    status =
        pleats_numbered_run(&team, 0, out->n, make_trial, a, &a->task->limits);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx)) {
        out->stopped = pleats_ctx_limit(ctx);
        status = PLEATS_OK;
    }
done:
    pleats_record_end(a->task->record);
    pleats_team_clear(ctx, &team);
    return status;
}

pleats_status pleats_mean_make(pleats_ctx *ctx, const pleats_spec *spec,
                               const pleats_domain *domain,
                               const pleats_mean_task *task, pleats_mean *out)
{
    pleats_status status = PLEATS_OK;
    pleats_parts parts = {0};
    averaging a = {.spec = spec, .task = task, .out = out};
    *out = (pleats_mean){0};
    TRY(pleats_parts_init_lifted(ctx, &parts, domain));
    TRY(check(ctx, &parts));
    a.frame = parts.frame;
    TRY(make_trials(ctx, &a));
done:
    pleats_parts_clear(ctx, &parts);
    return status;
}

void pleats_mean_clear(pleats_ctx *ctx, pleats_mean *mean)
{
    for (uint64_t i = 0; i < mean->n; i++)
        mpz_clear(mean->trial[i].regions);
    pleats_release(ctx, mean->trial);
    *mean = (pleats_mean){0};
}
