#include "ranges/moves.h"

enum { POINTS = 12, PARTS = 16 };

static bool is_flat(const pleats_pl *f, pleats_idx piece)
{
    return f->slope[piece] == 0;
}

pleats_touch pleats_range_touches(const pleats_step *s, pleats_idx unit,
                                  const pleats_range *range)
{
    pleats_touch out = {false, false};
    const pleats_idx p = range->first;
    if (range->n > 1 || s->kind != PLEATS_STEP_PL)
        return out;
    const pleats_pl *f = pleats_step_function(s, unit);
    if (is_flat(f, p))
        return out;
    out.at_lo = p > 0 && is_flat(f, p - 1) && range->lo == f->at[p - 1];
    out.at_hi = p < f->n_breaks && is_flat(f, p + 1) && range->hi == f->at[p];
    return out;
}

/* open [n_units]: what is not known yet.  Returns whether there is anything. */
static bool list_open(const pleats_net *net, const pleats_ranges *ranges,
                      pleats_touch *open)
{
    bool any = false;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            pleats_touch *to = &open[s->first_unit + u];
            *to = pleats_range_touches(s, u, &ranges->unit[s->first_unit + u]);
            any = any || to->at_lo || to->at_hi;
        }
    }
    return any;
}

/* Moves the sides of `at` to a point of the box: its middle, then others. */
static void choose_point(const pleats_part *box, int number, pleats_part *at)
{
    uint64_t bits = 88172645463325252u + (uint64_t)number;
    mpq_t step;
    mpq_init(step);
    for (pleats_idx j = 0; j < box->k; j++) {
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        unsigned part = number ? 1 + (unsigned)(bits >> 33) % (PARTS - 1) : 8;
        mpq_sub(step, box->hi[j], box->lo[j]);
        mpq_set_ui(at->lo[j], part, PARTS);
        mpq_canonicalize(at->lo[j]);
        mpq_mul(step, step, at->lo[j]);
        mpq_add(at->lo[j], box->lo[j], step);
        mpq_set(at->hi[j], at->lo[j]);
    }
    mpq_clear(step);
}

/* What the values at a point, within their bounds, settle. */
static bool settle(const pleats_net *net, const pleats_ranges *ranges,
                   const pleats_ranges *here, pleats_touch *open)
{
    bool any = false;
    for (pleats_idx u = 0; u < net->n_units; u++) {
        pleats_touch *to = &open[u];
        to->at_lo = to->at_lo && !(here->unit[u].lo > ranges->unit[u].lo);
        to->at_hi = to->at_hi && !(here->unit[u].hi < ranges->unit[u].hi);
        any = any || to->at_lo || to->at_hi;
    }
    return any;
}

static pleats_status make_point(pleats_ctx *ctx, const pleats_part *box,
                                pleats_domain **point)
{
    pleats_status status = PLEATS_OK;
    pleats_part *part = NULL;
    TRY(pleats_domain_new(ctx, box->k, "a point", point));
    TRY(pleats_domain_add_part(ctx, *point, box->k, 0, false, &part));
    for (pleats_idx j = 0; j < box->k; j++) {
        pleats_part_set_lo(part, j, box->lo[j]);
        pleats_part_set_hi(part, j, box->lo[j]);
    }
done:
    return status;
}

pleats_status pleats_find_moves(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *box,
                                const pleats_ranges *ranges, bool *leaves)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *point = NULL;
    pleats_touch *open = NULL;
    pleats_ranges here = {0};
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *open, &open));
    bool any = list_open(net, ranges, open);
    if (any)
        TRY(make_point(ctx, &box->part[0], &point));
    for (int i = 0; i < POINTS && any; i++) {
        choose_point(&box->part[0], i, &point->part[0]);
        pleats_ranges_clear(ctx, &here);
        TRY(pleats_ranges_find(ctx, net, point, PLEATS_RANGES_BY_INTERVALS,
                               &here));
        any = settle(net, ranges, &here, open);
    }
    for (pleats_idx u = 0; u < net->n_units; u++)
        leaves[u] = !open[u].at_lo && !open[u].at_hi;
done:
    pleats_ranges_clear(ctx, &here);
    pleats_domain_clear(ctx, point);
    pleats_release(ctx, open);
    return status;
}
