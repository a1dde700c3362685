#include "verbs/long_certificate.h"

#include "verbs/stretches.h"

#include <stdlib.h>

/* ---- as what can be put down ---- */

static pleats_status run(pleats_ctx *ctx, void *it, const pleats_limits *limits)
{
    return pleats_certificate_run(ctx, it, limits);
}

static pleats_status save(pleats_ctx *ctx, void *it, const char *path)
{
    return pleats_certificate_save(ctx, it, path);
}

/* A limit of cells is the count's, where there is one. */
static pleats_status look(pleats_ctx *ctx, void *it, stretched_state *state)
{
    const pleats_certificate *c = it;
    pleats_certificate_result r = {0};
    uint64_t part = 0, of = 1;
    pleats_status status = pleats_certificate_tell(ctx, c, &r);
    pleats_certificate_part(c, &part, &of);
    if (status == PLEATS_OK)
        *state = (stretched_state){.found = strtoull(r.count.regions, NULL, 10),
                                   .is_counted =
                                       of > 1 || r.count.label != PLEATS_EXACT,
                                   .share = pleats_certificate_share(c),
                                   .stopped = r.stopped,
                                   .is_done = pleats_certificate_is_done(c),
                                   .has_steps = true};
    pleats_certificate_result_clear(ctx, &r);
    return status;
}

static pleats_status begin(const session *s, const checkpoint_options *o,
                           const certificate_options *cert,
                           const pleats_limits *limits, long_count_facts *facts,
                           pleats_certificate **out)
{
    pleats_certificate_options options;
    pleats_init_certificate_options(&options);
    options.form = cert->form;
    options.part = facts->part;
    options.of = facts->of;
    pleats_status status = pleats_certificate_new(
        s->ctx, s->net, s->domain, &options, limits, cert->path, out);
    if (status == PLEATS_OK && o->resume)
        status = pleats_certificate_resume(s->ctx, *out, o->resume);
    return status;
}

pleats_status long_certificate(const session *s, const checkpoint_options *o,
                               const certificate_options *cert,
                               const pleats_limits *limits,
                               long_count_facts *facts,
                               pleats_certificate_result *result)
{
    pleats_certificate *c = NULL;
    pleats_status status = begin(s, o, cert, limits, facts, &c);
    const stretched stretches = {c, run, save, look};
    if (status == PLEATS_OK)
        status = stretches_run(s, o, limits, &stretches);
    if (status == PLEATS_OK && pleats_certificate_is_done(c))
        status = pleats_certificate_commit(s->ctx, c);
    if (status == PLEATS_OK)
        status = pleats_certificate_tell(s->ctx, c, result);
    if (status == PLEATS_OK) {
        pleats_certificate_part(c, &facts->part, &facts->of);
        facts->share = pleats_certificate_share(c);
    }
    pleats_certificate_free(s->ctx, c);
    return status;
}
