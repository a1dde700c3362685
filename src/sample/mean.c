#include "sample/mean.h"

#include "cells/parts.h"
#include "par/numbered.h"
#include "sample/trial.h"

#include "base/rng.h"

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

static pleats_status make_trial(void *state, pleats_idx worker, pleats_ctx *ctx,
                                uint64_t number)
{
    pleats_status status = PLEATS_OK;
    const averaging *a = state;
    pleats_mean_trial *t = &a->out->trial[number];
    pleats_init init = a->task->init;
    pleats_net *net = NULL;
    (void)worker;
    init.seed = t->seed = pleats_mean_seed(a->task->init.seed, number);
    TRY(pleats_net_random(ctx, a->spec, &init, &net));
    TRY(pleats_trial_count(ctx, net, a->frame, a->task->most, a->task->sweeps,
                           t->seed, t->regions, &t->exact));
    t->made = true;
done:
    pleats_net_clear(ctx, net);
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
    for (; out->n < a->task->trials; out->n++)
        mpz_init(out->trial[out->n].regions);
    TRY(pleats_team_init(ctx, &team, &a->task->limits));
    status = pleats_numbered_run(&team, 0, out->n, make_trial, a);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx)) {
        out->stopped = pleats_ctx_limit(ctx);
        status = PLEATS_OK;
    }
done:
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
    TRY(pleats_parts_init(ctx, &parts, domain));
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
