#include "local/cross.h"

#include "cells/unit.h"
#include "exact/integers.h"

#include <string.h>

pleats_status pleats_crossing_init(pleats_crossing *c, pleats_region *region)
{
    *c = (pleats_crossing){.region = region};
    return pleats_alloc(region->ctx, (size_t)region->net->n_units,
                        sizeof *c->piece, &c->piece);
}

void pleats_crossing_clear(pleats_crossing *c)
{
    if (!c->region)
        return;
    if (c->has_exact)
        pleats_exact_forms_clear(c->region->ctx, &c->exact);
    pleats_release(c->region->ctx, c->piece);
    *c = (pleats_crossing){0};
}

/* The sign of the plane's derivative across, out of the region: the one of the
 * forms of the new pieces. */
static pleats_status sign_across(pleats_crossing *c, pleats_hyperplane plane,
                                 mpz_t *wall, int *sign)
{
    pleats_status status = PLEATS_OK;
    pleats_region *r = c->region;
    mpz_t sum;
    mpz_init(sum);
    *sign = 0;
    if (plane.a == plane.b)
        goto done;
    TRY(pleats_exact_forms_multiple(r->ctx, &c->exact, plane.a, plane.b,
                                    plane.at, r->exact_room));
    for (pleats_idx j = 0; j < r->k; j++)
        mpz_submul(sum, r->exact_room[j], wall[j]);
    *sign = mpz_sgn(sum);
done:
    mpz_clear(sum);
    return status;
}

/* A unit with a plane that the facet is on. */
static pleats_status cross_unit(pleats_crossing *c, const pleats_halfspace *h,
                                mpz_t *wall)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &c->region->net->step[h->step];
    const pleats_idx unit = h->unit - s->first_unit;
    pleats_idx *piece = &c->piece[h->unit];
    int sign = 0;
    if (s->kind == PLEATS_STEP_PL) {
        TRY(sign_across(c, h->plane, wall, &sign));
        *piece = h->at + (sign > 0);
        return PLEATS_OK;
    }
    TRY(sign_across(c, pleats_unit_duel(s, unit, h->at, *piece), wall, &sign));
    if (sign > 0 || (sign == 0 && h->at < *piece))
        *piece = h->at;
done:
    return status;
}

static bool is_on(const pleats_region *r, pleats_idx j, pleats_idx facet)
{
    return r->half[j].unit >= 0 && r->twin[j] == facet;
}

/* All units on the facet, step by step: those of a step are seen with the new
 * pieces of the steps before, and no form is made before the pieces that it
 * rests on are new. */
static pleats_status cross_units(pleats_crossing *c, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    pleats_region *r = c->region;
    pleats_idx next = 0, flat = 0;
    mpz_t *wall = NULL;
    TRY(pleats_region_row(r, i, &wall));
    if (!c->has_exact)
        TRY(pleats_exact_forms_init(r->ctx, &c->exact, r->net, &r->coordinates,
                                    c->piece));
    c->has_exact = true;
    pleats_exact_forms_changed(&c->exact, 0);
    for (pleats_idx step = 0; step < r->net->n_steps; step++) {
        for (; next < r->n && r->half[next].step == step; next++)
            if (is_on(r, next, i))
                TRY(cross_unit(c, &r->half[next], wall));
        for (; flat < r->n_flat && r->flat[flat].step == step; flat++)
            TRY(cross_unit(c, &r->flat[flat], wall));
    }
done:
    return status;
}

pleats_status pleats_cross(pleats_crossing *c, pleats_idx i)
{
    const pleats_region *r = c->region;
    const pleats_halfspace *h = &r->half[i];
    pleats_idx n = 0;
    if (r->net->n_units)
        memcpy(c->piece, r->piece, (size_t)r->net->n_units * sizeof *c->piece);
    for (pleats_idx j = i; j < r->n_units; j++)
        n += is_on(r, j, i);
    if (n > 1 || r->n_flat > 0 || h->unit < 0)
        return cross_units(c, i);
    if (r->net->step[h->step].kind == PLEATS_STEP_MAX)
        c->piece[h->unit] = h->at;
    else
        c->piece[h->unit] = h->at + (h->sign < 0);
    return PLEATS_OK;
}
