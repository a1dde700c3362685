/* The public face of domains from arrays. */
#include "api/values.h"
#include "domain/domain_ball.h"
#include "domain/domain_check.h"
#include "exact/rational.h"

#include "pleats/domain.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 128 };

/* One end of every side; `side`: -1 the lower ones. */
static pleats_status set_ends(pleats_ctx *ctx, pleats_part *part, int side,
                              pleats_values v)
{
    pleats_status status = PLEATS_OK;
    const char *name = side < 0 ? "lo" : "hi";
    mpq_t end;
    mpq_init(end);
    if (!pleats_values_are_there(v))
        goto done;
    TRY(pleats_values_need(ctx, name, v));
    for (pleats_idx j = 0; j < part->k; j++) {
        int sign;
        TRY(pleats_values_get_end(ctx, name, v, (size_t)j, end, &sign));
        if (sign == -side)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "%s[%d] is infinite to the wrong side", name, j));
        if (sign == 0 && side < 0)
            pleats_part_set_lo(part, j, end);
        if (sign == 0 && side > 0)
            pleats_part_set_hi(part, j, end);
    }
done:
    mpq_clear(end);
    return status;
}

static pleats_status set_box(pleats_ctx *ctx, pleats_part *part,
                             pleats_values lo, pleats_values hi)
{
    pleats_status status = PLEATS_OK;
    TRY(set_ends(ctx, part, -1, lo));
    TRY(set_ends(ctx, part, 1, hi));
    for (pleats_idx j = 0; j < part->k; j++)
        if (part->has_lo[j] && part->has_hi[j] &&
            mpq_cmp(part->lo[j], part->hi[j]) > 0)
            TRY(pleats_fail(ctx, PLEATS_INVALID, "lo[%d] is above hi[%d]", j,
                            j));
done:
    return status;
}

/* A domain of one part with k coordinates and m rows. */
static pleats_status begin(pleats_ctx *ctx, int32_t n_inputs, int32_t k,
                           int32_t m, bool sliced, const char *text,
                           pleats_domain **out, pleats_part **part)
{
    pleats_status status = PLEATS_OK;
    if (n_inputs < 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%d inputs: a domain needs at least 1", n_inputs));
    TRY(pleats_domain_new(ctx, n_inputs, text, out));
    TRY(pleats_domain_add_part(ctx, *out, k, m, sliced, part));
done:
    return status;
}

/* A domain that is complete goes to the caller. */
static pleats_status end(pleats_ctx *ctx, pleats_status status,
                         pleats_domain *domain, pleats_domain **out)
{
    *out = status == PLEATS_OK ? domain : NULL;
    if (status != PLEATS_OK)
        pleats_domain_clear(ctx, domain);
    return status;
}

pleats_status pleats_domain_box(pleats_ctx *ctx, int32_t n_inputs,
                                pleats_values lo, pleats_values hi,
                                pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part;
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "box in R^%d", n_inputs);
    TRY(begin(ctx, n_inputs, n_inputs, 0, false, text, &domain, &part));
    TRY(set_box(ctx, part, lo, hi));
done:
    return end(ctx, status, domain, out);
}

pleats_status pleats_domain_slice(pleats_ctx *ctx, int32_t n_inputs, int32_t k,
                                  pleats_values origin, pleats_values direction,
                                  pleats_values lo, pleats_values hi,
                                  pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part;
    bool is_slice;
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "slice of dimension %d of R^%d", k, n_inputs);
    if (k < 1 || k > n_inputs)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%d directions: there can be 1 to %d", k, n_inputs));
    TRY(pleats_values_need(ctx, "origin", origin));
    TRY(pleats_values_need(ctx, "direction", direction));
    TRY(begin(ctx, n_inputs, k, 0, true, text, &domain, &part));
    for (size_t i = 0; i < (size_t)n_inputs; i++)
        TRY(pleats_values_get(ctx, "origin", origin, i, part->origin[i]));
    for (size_t i = 0; i < (size_t)k * (size_t)n_inputs; i++)
        TRY(pleats_values_get(ctx, "direction", direction, i,
                              part->direction[i]));
    TRY(pleats_part_is_slice(ctx, part, n_inputs, &is_slice));
    if (!is_slice)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the directions are not independent: one is a "
                        "combination of the others"));
    TRY(set_box(ctx, part, lo, hi));
done:
    return end(ctx, status, domain, out);
}

pleats_status pleats_domain_polytope(pleats_ctx *ctx, int32_t n_inputs,
                                     int32_t n_rows, pleats_values a,
                                     pleats_values b, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part;
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "polytope of %d rows in R^%d", n_rows,
             n_inputs);
    if (n_rows < 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "%d rows: there can be 0 or more",
                        n_rows));
    if (n_rows > 0) {
        TRY(pleats_values_need(ctx, "a", a));
        TRY(pleats_values_need(ctx, "b", b));
    }
    TRY(begin(ctx, n_inputs, n_inputs, n_rows, false, text, &domain, &part));
    for (size_t i = 0; i < (size_t)n_rows * (size_t)n_inputs; i++)
        TRY(pleats_values_get(ctx, "a", a, i, part->a[i]));
    for (size_t i = 0; i < (size_t)n_rows; i++)
        TRY(pleats_values_get(ctx, "b", b, i, part->b[i]));
done:
    return end(ctx, status, domain, out);
}

pleats_status pleats_domain_union(pleats_ctx *ctx, int32_t n,
                                  const pleats_domain *const *part,
                                  pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "union of %d domains", n);
    if (n < 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%d domains: a union needs at least 1", n));
    TRY(pleats_domain_new(ctx, part[0]->n_inputs, text, &domain));
    for (int32_t i = 0; i < n; i++) {
        if (part[i]->n_inputs != domain->n_inputs)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "domain %d has %d inputs, domain 0 has %d", i,
                            part[i]->n_inputs, domain->n_inputs));
        if (part[i]->n_parts > 0 &&
            pleats_part_is_lifted(&part[i]->part[0], domain->n_inputs))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "domain %d (%s) cannot be part of a union", i,
                            part[i]->text));
        TRY(pleats_domain_add_copies(ctx, domain, part[i]));
    }
    TRY(pleats_domain_merge(ctx, domain));
done:
    return end(ctx, status, domain, out);
}
