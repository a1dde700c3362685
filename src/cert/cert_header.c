/* The header of a certificate: docs/certificates.md. */
#include "cert/cert.h"

#include <inttypes.h>

static pleats_status put_rational(pleats_ctx *ctx, pleats_text *t,
                                  const mpq_t value)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_text_put(ctx, t, " "));
    TRY(pleats_text_integer(ctx, t, mpq_numref(value)));
    if (mpz_cmp_ui(mpq_denref(value), 1) != 0) {
        TRY(pleats_text_put(ctx, t, "/"));
        TRY(pleats_text_integer(ctx, t, mpq_denref(value)));
    }
done:
    return status;
}

static pleats_status put_list(pleats_ctx *ctx, pleats_text *t, const char *word,
                              pleats_idx n, mpq_t *value)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_text_put(ctx, t, "%s", word));
    for (pleats_idx i = 0; i < n; i++)
        TRY(put_rational(ctx, t, value[i]));
    TRY(pleats_text_put(ctx, t, "\n"));
done:
    return status;
}

static pleats_status put_bounds(pleats_ctx *ctx, pleats_text *t,
                                const pleats_part *p, pleats_idx j)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_text_put(ctx, t, "bounds"));
    TRY(p->has_lo[j] ? put_rational(ctx, t, p->lo[j])
                     : pleats_text_put(ctx, t, " -"));
    TRY(p->has_hi[j] ? put_rational(ctx, t, p->hi[j])
                     : pleats_text_put(ctx, t, " -"));
    TRY(pleats_text_put(ctx, t, "\n"));
done:
    return status;
}

/* A point is a slice without directions. */
static pleats_status put_part(pleats_ctx *ctx, pleats_text *t,
                              pleats_idx n_inputs, const pleats_part *p)
{
    pleats_status status = PLEATS_OK;
    const bool is_slice = p->direction || p->k != n_inputs;
    TRY(pleats_text_put(ctx, t, "part %s %d %d\n",
                        is_slice ? "slice" : "inputs", p->k, p->m));
    if (is_slice)
        TRY(put_list(ctx, t, "origin", n_inputs, p->origin));
    for (pleats_idx j = 0; is_slice && j < p->k; j++)
        TRY(put_list(ctx, t, "direction", n_inputs,
                     p->direction + (size_t)j * (size_t)n_inputs));
    for (pleats_idx j = 0; j < p->k; j++)
        TRY(put_bounds(ctx, t, p, j));
    for (pleats_idx i = 0; i < p->m; i++) {
        TRY(pleats_text_put(ctx, t, "row"));
        for (pleats_idx j = 0; j < p->k; j++)
            TRY(put_rational(ctx, t,
                             p->a[(size_t)i * (size_t)p->k + (size_t)j]));
        TRY(put_rational(ctx, t, p->b[i]));
        TRY(pleats_text_put(ctx, t, "\n"));
    }
done:
    return status;
}

pleats_status pleats_cert_put_domain(pleats_ctx *ctx,
                                     const pleats_domain *domain,
                                     pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_text_put(ctx, t, "parts %d\n", domain->n_parts));
    for (pleats_idx i = 0; i < domain->n_parts; i++)
        TRY(put_part(ctx, t, domain->n_inputs, &domain->part[i]));
done:
    return status;
}

pleats_status pleats_cert_put_header(const pleats_cert *c, pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = c->ctx;
    TRY(pleats_text_put(ctx, t,
                        "pleats-cert/1\nmodel %s\ndefinition activation "
                        "regions\ninputs %d\nunits %d\n",
                        c->net->sha256, c->net->n_inputs, c->net->n_units));
    TRY(c->of > 1 ? pleats_text_put(ctx, t, "shard %" PRIu64 " %" PRIu64 "\n",
                                    c->part, c->of)
                  : pleats_text_put(ctx, t, "regions %" PRIu64 "\n", c->claim));
    TRY(pleats_cert_put_domain(ctx, c->domain, t));
    TRY(pleats_text_put(ctx, t, "body %s\n", c->is_text ? "text" : "zstd"));
done:
    return status;
}
