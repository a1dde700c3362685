#include "pleats/certificate.h"

#include "api/engine.h"
#include "api/text.h"
#include "base/file.h"
#include "base/output.h"
#include "cert/cert.h"

#include <errno.h>
#include <stdlib.h>

struct pleats_certificate {
    pleats_cert cert;
};

/* A certificate's regions are visited one by one, so their number fits. */
static pleats_status read_claim(pleats_ctx *ctx, const char *regions,
                                uint64_t *claim)
{
    errno = 0;
    *claim = strtoull(regions, NULL, 10);
    if (errno == ERANGE)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "%s regions are too many for a certificate",
                           regions);
    return PLEATS_OK;
}

/* What is certified of a part is what its file has, or would have, had nothing
 * stopped it. */
static pleats_status tell_part(const pleats_cert *c, pleats_count_result *count)
{
    count->label = c->is_done ? PLEATS_EXACT : PLEATS_LOWER;
    count->stopped = c->stopped;
    count->dimension = c->dimension;
    count->by_bounds = c->tally.by_bounds;
    count->by_exact = c->tally.by_exact;
    count->seconds = c->seconds;
    return pleats_count_text(c->ctx, c->regions, &count->regions);
}

/* All but the count of a whole domain. */
static pleats_status tell(const pleats_cert *c,
                          pleats_certificate_result *result)
{
    result->lines = c->tally.lines;
    result->splits = c->tally.splits;
    result->points = c->tally.points;
    result->multipliers = c->tally.multipliers;
    result->by_exact = c->tally.n_exact;
    result->seconds = c->seconds;
    result->stopped = c->stopped;
    return c->of > 1 ? tell_part(c, &result->count) : PLEATS_OK;
}

/* `cert` becomes one that is yet to be told where it is written. */
static pleats_status begin(pleats_ctx *ctx, const pleats_net *net,
                           const pleats_domain *domain,
                           const pleats_certificate_options *options,
                           pleats_cert *cert)
{
    pleats_status status = PLEATS_OK;
    pleats_certificate_options o;
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    *cert = (pleats_cert){.ctx = ctx,
                          .net = net,
                          .domain = domain,
                          .is_text = o.form == PLEATS_CERTIFICATE_TEXT,
                          .part = o.part,
                          .of = o.of > 0 ? o.of : 1};
    TRY(pleats_check_part(ctx, cert->part, cert->of));
    TRY(pleats_cert_begin(cert));
done:
    return status;
}

pleats_status pleats_certificate_write(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_certificate_options *options, const pleats_limits *limits,
    pleats_output *out, pleats_certificate_result *result)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    pleats_cert cert = {0};
    *result = (pleats_certificate_result){0};
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(begin(ctx, net, domain, options, &cert));
    cert.out = out;
    cert.n_threads = pleats_watch_threads(&watch.limits);
    if (cert.of == 1) {
        TRY(pleats_count(ctx, net, domain, NULL, limits, &result->count));
        result->stopped = result->count.stopped;
        if (result->stopped)
            goto done;
        TRY(read_claim(ctx, result->count.regions, &cert.claim));
    }
    status = pleats_cert_run(&cert, &watch.limits);
    if (status == PLEATS_OK)
        status = tell(&cert, result);
done:
    pleats_cert_clear(&cert);
    pleats_watch_end(ctx, &watch);
    return status;
}

/* ---- certificates that can be put down ---- */

/* That a regular file can be written there. */
static pleats_status check_path(pleats_ctx *ctx, const char *path)
{
    pleats_status status = PLEATS_OK;
    pleats_output *out = NULL;
    TRY(pleats_output_open(ctx, path, &out));
    if (pleats_output_is_stream(out))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s: a certificate that is put down must be a regular "
                        "file",
                        path));
done:
    pleats_output_free(ctx, out);
    return status;
}

pleats_status pleats_certificate_new(pleats_ctx *ctx, const pleats_net *net,
                                     const pleats_domain *domain,
                                     const pleats_certificate_options *options,
                                     const pleats_limits *limits,
                                     const char *path, pleats_certificate **out)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    pleats_certificate *c = NULL;
    *out = NULL;
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_alloc(ctx, 1, sizeof *c, &c));
    TRY(check_path(ctx, path));
    TRY(begin(ctx, net, domain, options, &c->cert));
    c->cert.path = path;
    c->cert.n_threads = pleats_watch_threads(&watch.limits);
    if (c->cert.of == 1)
        TRY(pleats_work_new(ctx, net, domain, NULL, limits, &c->cert.work));
    *out = c;
    c = NULL;
done:
    pleats_certificate_free(ctx, c);
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_certificate_free(pleats_ctx *ctx, pleats_certificate *c)
{
    if (!c)
        return;
    pleats_cert_clear(&c->cert);
    pleats_release(ctx, c);
}

pleats_status pleats_certificate_run(pleats_ctx *ctx, pleats_certificate *c,
                                     const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_cert_run(&c->cert, &watch.limits));
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

bool pleats_certificate_is_done(const pleats_certificate *c)
{
    return c->cert.is_done;
}

double pleats_certificate_share(const pleats_certificate *c)
{
    const pleats_cert *cert = &c->cert;
    if (cert->is_done)
        return 1;
    return cert->work && !cert->has_header ? pleats_work_share(cert->work)
                                           : cert->share;
}

void pleats_certificate_part(const pleats_certificate *c, uint64_t *part,
                             uint64_t *of)
{
    *part = c->cert.part;
    *of = c->cert.of;
}

pleats_status pleats_certificate_tell(pleats_ctx *ctx,
                                      const pleats_certificate *c,
                                      pleats_certificate_result *result)
{
    pleats_status status = PLEATS_OK;
    *result = (pleats_certificate_result){0};
    if (c->cert.work)
        TRY(pleats_work_result(ctx, c->cert.work, &result->count));
    TRY(tell(&c->cert, result));
done:
    return status;
}

pleats_status pleats_certificate_save(pleats_ctx *ctx, pleats_certificate *c,
                                      const char *path)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    TRY(pleats_cert_save(&c->cert, &text));
    TRY(pleats_output_put(ctx, path, text.byte, text.n));
done:
    pleats_release(ctx, text.byte);
    return status;
}

pleats_status pleats_certificate_resume(pleats_ctx *ctx, pleats_certificate *c,
                                        const char *path)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    size_t n = 0;
    TRY(pleats_file_read(ctx, path, SIZE_MAX - 1, &bytes, &n));
    TRY(pleats_cert_resume(&c->cert, path, bytes, n));
done:
    pleats_release(ctx, bytes);
    return status;
}

pleats_status pleats_certificate_commit(pleats_ctx *ctx, pleats_certificate *c)
{
    (void)ctx;
    return pleats_cert_commit(&c->cert);
}

void pleats_certificate_result_clear(pleats_ctx *ctx,
                                     pleats_certificate_result *result)
{
    pleats_count_result_clear(ctx, &result->count);
    *result = (pleats_certificate_result){0};
}
