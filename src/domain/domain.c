#include "domain/domain.h"

#include "exact/rational.h"
#include "pleats/text.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 4608 };

static void clear_part(pleats_ctx *ctx, pleats_part *p, pleats_idx n_inputs)
{
    size_t k = (size_t)p->k, m = (size_t)p->m, n = (size_t)n_inputs;
    pleats_rational_array_free(ctx, n, p->origin);
    pleats_rational_array_free(ctx, k * n, p->direction);
    pleats_rational_array_free(ctx, k, p->lo);
    pleats_rational_array_free(ctx, k, p->hi);
    pleats_rational_array_free(ctx, m * k, p->a);
    pleats_rational_array_free(ctx, m, p->b);
    pleats_release(ctx, p->has_lo);
    pleats_release(ctx, p->has_hi);
    pleats_release(ctx, p->is_open);
}

pleats_status pleats_domain_new(pleats_ctx *ctx, pleats_idx n_inputs,
                                const char *text, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    char shown[TEXT_BYTES];
    TRY(pleats_alloc(ctx, 1, sizeof **out, out));
    (*out)->n_inputs = n_inputs;
    pleats_plain(text, shown, sizeof shown);
    TRY(pleats_strdup(ctx, shown, &(*out)->text));
done:
    if (status != PLEATS_OK) {
        pleats_domain_clear(ctx, *out);
        *out = NULL;
    }
    return status;
}

void pleats_domain_clear(pleats_ctx *ctx, pleats_domain *domain)
{
    if (!domain)
        return;
    for (pleats_idx i = 0; i < domain->n_parts; i++)
        clear_part(ctx, &domain->part[i], domain->n_inputs);
    pleats_release(ctx, domain->part);
    pleats_release(ctx, domain->text);
    pleats_release(ctx, domain);
}

void pleats_domain_add_mark(pleats_domain *domain, int64_t row, pleats_idx n_at,
                            const double *at)
{
    pleats_domain_mark *m = &domain->mark[domain->n_marks++];
    snprintf(m->name, sizeof m->name, "row %lld", (long long)row);
    for (pleats_idx j = 0; j < n_at; j++)
        m->at[j] = at[j];
}

pleats_status pleats_domain_add_part(pleats_ctx *ctx, pleats_domain *domain,
                                     pleats_idx k, pleats_idx m, bool sliced,
                                     pleats_part **out)
{
    pleats_status status = PLEATS_OK;
    pleats_part p = {.k = k, .m = m};
    size_t n = (size_t)domain->n_inputs, dims = (size_t)k;
    if (k < 0 || m < 0 || (!sliced && k != domain->n_inputs))
        return pleats_fail(ctx, PLEATS_INTERNAL,
                           "a part of %d coordinates for %d inputs", k,
                           domain->n_inputs);
    TRY(pleats_grow(ctx, &domain->part, &domain->part_capacity,
                    (size_t)domain->n_parts + 1, sizeof *domain->part));
    TRY(pleats_rational_array(ctx, n, &p.origin));
    if (sliced)
        TRY(pleats_rational_array(ctx, dims * n, &p.direction));
    TRY(pleats_rational_array(ctx, dims, &p.lo));
    TRY(pleats_rational_array(ctx, dims, &p.hi));
    TRY(pleats_rational_array(ctx, (size_t)m * dims, &p.a));
    TRY(pleats_rational_array(ctx, (size_t)m, &p.b));
    TRY(pleats_alloc(ctx, dims, sizeof *p.has_lo, &p.has_lo));
    TRY(pleats_alloc(ctx, dims, sizeof *p.has_hi, &p.has_hi));
done:
    if (status != PLEATS_OK) {
        clear_part(ctx, &p, domain->n_inputs);
        return status;
    }
    domain->part[domain->n_parts] = p;
    *out = &domain->part[domain->n_parts++];
    return PLEATS_OK;
}

static void copy_numbers(mpq_t *to, mpq_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mpq_set(to[i], from[i]);
}

pleats_status pleats_domain_add_copies(pleats_ctx *ctx, pleats_domain *domain,
                                       const pleats_domain *from)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)domain->n_inputs;
    for (pleats_idx i = 0; i < from->n_parts; i++) {
        const pleats_part *p = &from->part[i];
        const size_t k = (size_t)p->k, m = (size_t)p->m;
        pleats_part *own;
        TRY(pleats_domain_add_part(ctx, domain, p->k, p->m,
                                   p->direction != NULL, &own));
        copy_numbers(own->origin, p->origin, n);
        if (p->direction)
            copy_numbers(own->direction, p->direction, k * n);
        for (pleats_idx j = 0; j < p->k; j++) {
            if (p->has_lo[j])
                pleats_part_set_lo(own, j, p->lo[j]);
            if (p->has_hi[j])
                pleats_part_set_hi(own, j, p->hi[j]);
        }
        copy_numbers(own->a, p->a, m * k);
        copy_numbers(own->b, p->b, m);
        if (p->is_open) {
            TRY(pleats_part_open_sides(ctx, own));
            memcpy(own->is_open, p->is_open, (2 * k + m) * sizeof(bool));
        }
    }
done:
    return status;
}

pleats_status pleats_domain_whole(pleats_ctx *ctx, pleats_idx n_inputs,
                                  pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    char text[32];
    *out = NULL;
    snprintf(text, sizeof text, "R^%d", n_inputs);
    TRY(pleats_domain_new(ctx, n_inputs, text, &domain));
    TRY(pleats_domain_add_part(ctx, domain, n_inputs, 0, false, &part));
    *out = domain;
    domain = NULL;
done:
    pleats_domain_clear(ctx, domain);
    return status;
}

pleats_status pleats_part_open_sides(pleats_ctx *ctx, pleats_part *part)
{
    return pleats_alloc(ctx, 2 * (size_t)part->k + (size_t)part->m,
                        sizeof *part->is_open, &part->is_open);
}

void pleats_domain_keep_parts(pleats_ctx *ctx, pleats_domain *domain,
                              const bool *keep)
{
    pleats_idx kept = 0;
    for (pleats_idx i = 0; i < domain->n_parts; i++)
        if (keep[i])
            domain->part[kept++] = domain->part[i];
        else
            clear_part(ctx, &domain->part[i], domain->n_inputs);
    domain->n_parts = kept;
}

void pleats_part_set_lo(pleats_part *part, pleats_idx j, const mpq_t lo)
{
    part->has_lo[j] = true;
    mpq_set(part->lo[j], lo);
}

void pleats_part_set_hi(pleats_part *part, pleats_idx j, const mpq_t hi)
{
    part->has_hi[j] = true;
    mpq_set(part->hi[j], hi);
}
