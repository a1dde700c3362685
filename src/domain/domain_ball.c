#include "domain/domain_ball.h"

void pleats_part_set_cross(pleats_part *part, mpq_t *centre, const mpq_t radius)
{
    for (pleats_idx i = 0; i < part->m; i++) {
        mpq_set(part->b[i], radius);
        for (pleats_idx j = 0; j < part->k; j++) {
            const bool is_below = i >> j & 1;
            mpq_set_si(part->a[i * part->k + j], is_below ? -1 : 1, 1);
            if (centre && is_below)
                mpq_sub(part->b[i], part->b[i], centre[j]);
            else if (centre)
                mpq_add(part->b[i], part->b[i], centre[j]);
        }
    }
}

pleats_status pleats_domain_add_cube(pleats_ctx *ctx, pleats_domain *domain,
                                     mpq_t *centre, const mpq_t radius)
{
    pleats_status status = PLEATS_OK;
    pleats_part *part;
    mpq_t end;
    mpq_init(end);
    TRY(pleats_domain_add_part(ctx, domain, domain->n_inputs, 0, false, &part));
    for (pleats_idx i = 0; i < part->k; i++) {
        mpq_sub(end, centre[i], radius);
        pleats_part_set_lo(part, i, end);
        mpq_add(end, centre[i], radius);
        pleats_part_set_hi(part, i, end);
    }
done:
    mpq_clear(end);
    return status;
}

static pleats_status add_lifted(pleats_ctx *ctx, pleats_domain *domain,
                                mpq_t *centre, const mpq_t radius)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = domain->n_inputs;
    pleats_part *part;
    mpq_t zero;
    mpq_init(zero);
    TRY(pleats_domain_add_part(ctx, domain, 2 * n, 1, true, &part));
    for (pleats_idx i = 0; i < n; i++)
        mpq_set(part->origin[i], centre[i]);
    for (pleats_idx j = 0; j < 2 * n; j++) {
        const size_t at = (size_t)j * (size_t)n + (size_t)(j % n);
        mpq_set_si(part->direction[at], j < n ? 1 : -1, 1);
        mpq_set_ui(part->a[j], 1, 1);
        pleats_part_set_lo(part, j, zero);
        pleats_part_set_hi(part, j, radius);
    }
    mpq_set(part->b[0], radius);
done:
    mpq_clear(zero);
    return status;
}

/* A single point, and an interval, are cubes. */
pleats_status pleats_domain_add_cross(pleats_ctx *ctx, pleats_domain *domain,
                                      mpq_t *centre, const mpq_t radius)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = domain->n_inputs;
    pleats_part *part;
    if (n == 1 || mpq_sgn(radius) == 0)
        return pleats_domain_add_cube(ctx, domain, centre, radius);
    if (n > PLEATS_MOST_CROSS)
        return add_lifted(ctx, domain, centre, radius);
    TRY(pleats_domain_add_part(ctx, domain, n, 1 << n, false, &part));
    pleats_part_set_cross(part, centre, radius);
done:
    return status;
}
