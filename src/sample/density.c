#include "sample/density.h"

#include "cells/parts.h"
#include "par/numbered.h"
#include "sample/trial.h"

typedef struct {
    const pleats_prefixes *prefixes;
    pleats_domain *const *domain;
    const pleats_density_task *task;
    uint64_t *regions;
    bool *is_done; /* [n_domains] */
} counting;

pleats_status pleats_prefixes_init(pleats_ctx *ctx, pleats_prefixes *p,
                                   const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    *p = (pleats_prefixes){0};
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *p->prefix, &p->prefix));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) || s->n_out == 0)
            continue;
        pleats_net *prefix = &p->prefix[p->n++];
        *prefix = *net;
        prefix->n_steps = i + 1;
        prefix->n_units = s->first_unit + s->n_out;
        prefix->n_outputs = 0;
    }
done:
    return status;
}

void pleats_prefixes_clear(pleats_ctx *ctx, pleats_prefixes *p)
{
    pleats_release(ctx, p->prefix);
    *p = (pleats_prefixes){0};
}

static pleats_status count_domain(void *state, pleats_idx worker,
                                  pleats_ctx *ctx, uint64_t number)
{
    pleats_status status = PLEATS_OK;
    const counting *c = state;
    pleats_parts parts = {0};
    mpz_t found;
    (void)worker;
    mpz_init(found);
    TRY(pleats_parts_init(ctx, &parts, c->domain[number]));
    for (pleats_idx l = 0; l < c->prefixes->n; l++) {
        const pleats_idx n = c->prefixes->n;
        bool exact = true;
        mpz_set_ui(found, 1);
        if (parts.n == 1)
            TRY(pleats_trial_count(ctx, &c->prefixes->prefix[l], parts.frame,
                                   c->task->most, 0, 0, found, &exact));
        c->regions[number * (size_t)n + (size_t)l] =
            exact ? mpz_get_ui(found) : c->task->most + 1;
    }
    c->is_done[number] = true;
done:
    mpz_clear(found);
    pleats_parts_clear(ctx, &parts);
    return status;
}

pleats_status pleats_density_count(pleats_ctx *ctx,
                                   const pleats_prefixes *prefixes,
                                   size_t n_domains,
                                   pleats_domain *const *domain,
                                   const pleats_density_task *task,
                                   uint64_t *regions, size_t *done)
{
    pleats_status status = PLEATS_OK;
    pleats_team team = {0};
    counting c = {prefixes, domain, task, regions, NULL};
    *done = 0;
    TRY(pleats_alloc(ctx, n_domains, sizeof *c.is_done, &c.is_done));
    TRY(pleats_team_init(ctx, &team, &task->limits));
    status = pleats_numbered_run(&team, 0, n_domains, count_domain, &c,
                                 &task->limits);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx))
        status = PLEATS_OK;
    while (*done < n_domains && c.is_done[*done])
        ++*done;
done:
    pleats_team_clear(ctx, &team);
    pleats_release(ctx, c.is_done);
    return status;
}
