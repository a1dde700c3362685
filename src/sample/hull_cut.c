/* The plane through a hull's point along its first two sides. */
#include "sample/hulls.h"

#include "cells/parts.h"
#include "count/seen.h"
#include "domain/domain_ball.h"
#include "domain/domain_check.h"
#include "exact/rational.h"

pleats_status pleats_hull_section(pleats_ctx *ctx, pleats_idx n_inputs,
                                  const double *point, pleats_idx k,
                                  const double *side, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)n_inputs;
    pleats_domain *domain = NULL;
    pleats_part *part;
    bool is_slice;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    *out = NULL;
    TRY(pleats_domain_new(ctx, n_inputs, "a section of a hull", &domain));
    TRY(pleats_domain_add_part(ctx, domain, k, 1 << k, true, &part));
    for (size_t i = 0; i < n; i++)
        TRY(pleats_rational_set_double(ctx, point[i], part->origin[i]));
    for (size_t i = 0; i < (size_t)k * n; i++)
        TRY(pleats_rational_set_double(ctx, side[i], part->direction[i]));
    pleats_part_set_cross(part, NULL, one);
    TRY(pleats_part_is_slice(ctx, part, n_inputs, &is_slice));
    if (!is_slice)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the radius is too small: rounded to doubles, the "
                        "sides of the hull are not independent"));
    *out = domain;
    domain = NULL;
done:
    mpq_clear(one);
    pleats_domain_clear(ctx, domain);
    return status;
}

pleats_status pleats_hull_cut(pleats_ctx *ctx, const pleats_hulls *hulls,
                              const double *point, uint64_t most,
                              pleats_hull *h, bool *is_whole)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_parts parts = {0};
    pleats_seen seen = {0};
    const pleats_seen_task task = {.is_asked = h->may_change,
                                   .limits = {.cells = most, .threads = 1}};
    TRY(pleats_hull_section(ctx, hulls->net->n_inputs, point,
                            hulls->k < 2 ? hulls->k : 2, hulls->side, &domain));
    TRY(pleats_parts_init(ctx, &parts, domain));
    TRY(pleats_seen_find(ctx, hulls->net, parts.frame, &task, &seen));
    TRY(pleats_check_stop(ctx));
    for (pleats_idx u = 0; u < hulls->net->n_units; u++)
        h->cut_changes[u] = h->may_change[u] && pleats_seen_changes(&seen, u);
    h->cut_regions = seen.regions;
    *is_whole = seen.complete;
done:
    pleats_seen_clear(ctx, &seen);
    pleats_parts_clear(ctx, &parts);
    pleats_domain_clear(ctx, domain);
    return status;
}
