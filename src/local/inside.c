#include "local/inside.h"

#include "exact/integers.h"
#include "lp/exact_lp.h"

#include <math.h>
#include <string.h>

static const double MOST_WORK = 3e7; /* of the exact programme */

/* Whether the point has the pattern, is on no wall and strictly inside the
 * domain. */
static pleats_status check(pleats_ctx *ctx, const pleats_locality *l,
                           mpz_t *point, const pleats_idx *piece,
                           pleats_idx *room, bool *good)
{
    pleats_status status = PLEATS_OK;
    const pleats_coordinates *c = &l->frame.coordinates;
    size_t units = (size_t)l->net->n_units;
    pleats_pattern_facts facts = {0};
    *good = false;
    if (pleats_frame_side(&l->frame, point) <= 0)
        return PLEATS_OK;
    TRY(pleats_pattern_at(ctx, l->net, c, point, room, &facts));
    if (units && memcmp(room, piece, units * sizeof *piece) != 0)
        goto done;
    TRY(pleats_ties_keep_walls(ctx, l->net, c, piece, &facts));
    *good = facts.n_ties == 0;
done:
    pleats_pattern_facts_clear(ctx, &facts);
    return status;
}

/* Points on the way from the facet to `beyond`. */
static pleats_status try_near(const pleats_locality *l, const pleats_region *r,
                              pleats_idx i, const double *beyond,
                              const pleats_idx *piece, pleats_idx *room,
                              mpz_t *point, bool *found)
{
    static const double part[] = {1,      0.5,     0.25,    0x1p-4,
                                  0x1p-7, 0x1p-11, 0x1p-16, 0x1p-24};
    pleats_status status = PLEATS_OK;
    double *t = NULL, inside = pleats_region_entry(r, i)[r->k];
    double outside = pleats_row_value(pleats_region_entry(r, i), r->k, beyond);
    double share = inside / (inside - outside);
    TRY(pleats_alloc(r->ctx, (size_t)r->k, sizeof *t, &t));
    for (size_t p = 0; p < sizeof part / sizeof *part && !*found; p++) {
        bool finite = share > 0 && share < 1;
        for (pleats_idx j = 0; j < r->k; j++) {
            double from =
                pleats_quotient_to_double(r->point[j], r->point[r->k], NULL);
            t[j] = from + beyond[j] * (share + (1 - share) * part[p]);
            finite = finite && isfinite(t[j]);
        }
        if (!finite)
            break;
        TRY(pleats_point_set(r->ctx, r->k, t, point));
        TRY(check(r->ctx, l, point, piece, room, found));
    }
done:
    pleats_release(r->ctx, t);
    return status;
}

/* The programme  max eps <= 1: every half-space of the neighbour >= eps. */
static pleats_status solve(pleats_region *n, mpz_t *s, mpz_t *row,
                           pleats_exact_lp *lp, bool *boxed)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = n->k;
    mpz_t *from = NULL;
    pleats_exact_end end;
    boxed[k] = true;
    TRY(pleats_exact_lp_init(n->ctx, lp, k + 1, boxed, n->n));
    for (pleats_idx i = 0; i < n->n; i++) {
        TRY(pleats_region_row(n, i, &from));
        for (pleats_idx j = 0; j < k; j++)
            mpz_set(row[j], from[j]);
        mpz_set_si(row[k], -1);
        mpz_set(row[k + 1], from[k]);
        pleats_exact_lp_set_row(lp, i, row);
    }
    for (pleats_idx j = 0; j < k + 2; j++)
        mpz_set_ui(row[j], j == k);
    pleats_exact_lp_set_objective(lp, row);
    TRY(pleats_exact_lp_solve(n->ctx, lp, false, &end));
    pleats_exact_lp_value(lp, row[0]);
    if (end != PLEATS_EXACT_OPTIMAL || mpz_sgn(row[0]) <= 0)
        TRY(pleats_fail(n->ctx, PLEATS_INTERNAL,
                        "a neighbour turned out empty"));
    pleats_exact_lp_vertex(lp, s);
done:
    return status;
}

static pleats_status find_exactly(const pleats_locality *l,
                                  const pleats_region *r,
                                  const pleats_idx *piece, mpz_t *point,
                                  bool *found)
{
    pleats_status status = PLEATS_OK;
    pleats_coordinates about = {0};
    pleats_region n = {0};
    pleats_exact_lp lp = {0};
    size_t width = (size_t)r->k + 2;
    mpz_t *row = NULL, *s = NULL;
    bool *boxed = NULL;
    TRY(pleats_coordinates_about(r->ctx, &l->frame.coordinates, r->point, false,
                                 &about));
    TRY(pleats_region_init(r->ctx, &n, l->net, piece, &about, r->frame,
                           r->point));
    *found = (double)n.n * r->k * r->k * r->k <= MOST_WORK;
    if (!*found)
        goto done;
    TRY(pleats_integers_new(r->ctx, width, &row));
    TRY(pleats_integers_new(r->ctx, width, &s));
    TRY(pleats_alloc(r->ctx, width, sizeof *boxed, &boxed));
    TRY(solve(&n, s, row, &lp, boxed));
    for (pleats_idx j = 0; j < r->k; j++) {
        mpz_mul(point[j], r->point[j], lp.det);
        mpz_addmul(point[j], s[j], r->point[r->k]);
    }
    mpz_mul(point[r->k], r->point[r->k], lp.det);
    pleats_integers_make_primitive(point, (size_t)r->k + 1);
done:
    pleats_exact_lp_clear(r->ctx, &lp);
    pleats_region_clear(&n);
    pleats_coordinates_clear(r->ctx, &about);
    pleats_integers_free(r->ctx, row, width);
    pleats_integers_free(r->ctx, s, width);
    pleats_release(r->ctx, boxed);
    return status;
}

pleats_status pleats_find_inside(const pleats_locality *l,
                                 const pleats_region *r, pleats_idx i,
                                 const double *beyond, const pleats_idx *piece,
                                 mpz_t *point, bool *found)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *room = NULL;
    *found = false;
    TRY(pleats_alloc(r->ctx, (size_t)l->net->n_units, sizeof *room, &room));
    TRY(try_near(l, r, i, beyond, piece, room, point, found));
    if (!*found)
        TRY(find_exactly(l, r, piece, point, found));
done:
    pleats_release(r->ctx, room);
    return status;
}
