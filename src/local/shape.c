#include "local/shape.h"

#include "base/doubles.h"
#include "exact/integers.h"
#include "local/widest.h"
#include "lp/exact_lp.h"

#include <math.h>

static const double MOST_WORK = 3e7; /* of an exact programme */

static bool matters(pleats_facet_verdict v)
{
    return pleats_is_facet(v) || v == PLEATS_FACET_UNDECIDED;
}

static pleats_status list_walls(const pleats_region *r,
                                const pleats_facet_verdict *verdict,
                                pleats_idx *n, pleats_idx **wall)
{
    pleats_status status = PLEATS_OK;
    *n = 0;
    TRY(pleats_alloc(r->ctx, (size_t)r->n, sizeof **wall, wall));
    for (pleats_idx i = 0; i < r->n; i++)
        if (matters(verdict[i]))
            (*wall)[(*n)++] = i;
done:
    return status;
}

/* Of the cone of directions that leave no half-space, cut with the box
 * [-1, 1]^k: the greatest d_j and -d_j are all 0 when it is but a point. */
static pleats_status search_cone(pleats_region *r, pleats_idx n,
                                 const pleats_idx *wall,
                                 pleats_boundedness *out)
{
    pleats_status status = PLEATS_OK;
    pleats_exact_lp lp = {0};
    size_t width = (size_t)r->k + 1;
    pleats_exact_end end;
    bool *boxed = NULL;
    mpz_t *room = NULL, *row = NULL;
    TRY(pleats_integers_new(r->ctx, width, &room));
    TRY(pleats_alloc(r->ctx, width, sizeof *boxed, &boxed));
    for (pleats_idx j = 0; j < r->k; j++)
        boxed[j] = true;
    TRY(pleats_exact_lp_init(r->ctx, &lp, r->k, boxed, n));
    for (pleats_idx i = 0; i < n; i++) {
        TRY(pleats_region_row(r, wall[i], &row));
        for (pleats_idx j = 0; j < r->k; j++)
            mpz_set(room[j], row[j]);
        mpz_set_ui(room[r->k], 0);
        pleats_exact_lp_set_row(&lp, i, room);
    }
    for (pleats_idx j = 0; j < r->k; j++)
        mpz_set_ui(room[j], 0);
    *out = PLEATS_BOUNDED;
    for (pleats_idx j = 0; j < 2 * r->k && *out == PLEATS_BOUNDED; j++) {
        mpz_set_si(room[j / 2], j % 2 ? 1 : -1);
        pleats_exact_lp_set_objective(&lp, room);
        mpz_set_ui(room[j / 2], 0);
        TRY(pleats_exact_lp_solve(r->ctx, &lp, true, &end));
        if (end != PLEATS_EXACT_NEGATIVE)
            *out = PLEATS_UNBOUNDED;
    }
done:
    pleats_exact_lp_clear(r->ctx, &lp);
    pleats_integers_free(r->ctx, room, width);
    pleats_release(r->ctx, boxed);
    return status;
}

/* Whether the gradient of every listed half-space certainly grows along d. */
static bool leads_inside(const pleats_region *r, pleats_idx n,
                         const pleats_idx *wall, const double *d)
{
    double most = 0;
    for (pleats_idx j = 0; j < r->k; j++)
        most = pleats_larger(most, fabs(d[j]));
    for (pleats_idx i = 0; i < n; i++) {
        const double *entry = pleats_region_entry(r, wall[i]);
        double rate = 0;
        for (pleats_idx j = 0; j < r->k; j++)
            rate += entry[j] * d[j];
        double off = pleats_round_up(r->bounds[wall[i]].tolerance * most);
        if (pleats_sign_beyond(rate, off) <= 0)
            return false;
    }
    return true;
}

/* Turns a direction away from the walls that it leads out of (perceptron). */
static pleats_status guess_direction(pleats_region *r, pleats_idx n,
                                     const pleats_idx *wall, bool *found)
{
    enum { ROUNDS = 60 };
    pleats_status status = PLEATS_OK;
    double *d = NULL;
    *found = false;
    TRY(pleats_alloc(r->ctx, (size_t)r->k, sizeof *d, &d));
    for (int round = 0; round < ROUNDS && !*found; round++) {
        for (pleats_idx i = 0; i < n; i++) {
            const double *entry = pleats_region_entry(r, wall[i]);
            double rate = 0, size = 0;
            for (pleats_idx j = 0; j < r->k; j++) {
                rate += entry[j] * d[j];
                size += entry[j] * entry[j];
            }
            double want = 0.01 * sqrt(size);
            for (pleats_idx j = 0; j < r->k && rate < want; j++)
                d[j] += (want - rate) / size * 1.5 * entry[j];
        }
        *found = leads_inside(r, n, wall, d);
    }
done:
    pleats_release(r->ctx, d);
    return status;
}

pleats_status pleats_find_boundedness(pleats_region *r,
                                      const pleats_facet_verdict *verdict,
                                      pleats_boundedness *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n = 0, *wall = NULL;
    bool found = false;
    *out = PLEATS_BOUNDEDNESS_UNKNOWN;
    if (r->k == 0 || (r->frame && r->frame->bounded)) {
        *out = PLEATS_BOUNDED;
        return PLEATS_OK;
    }
    TRY(list_walls(r, verdict, &n, &wall));
    if (n <= r->k) {
        *out = PLEATS_UNBOUNDED;
        goto done;
    }
    TRY(guess_direction(r, n, wall, &found));
    if (found)
        *out = PLEATS_UNBOUNDED;
    else if ((double)n * r->k * r->k * r->k <= MOST_WORK)
        TRY(search_cone(r, n, wall, out));
done:
    pleats_release(r->ctx, wall);
    return status;
}

pleats_status pleats_chebyshev(pleats_region *r, const pleats_metric *m,
                               const pleats_facet_verdict *verdict,
                               double *centre, double *radius)
{
    pleats_status status = PLEATS_OK;
    pleats_half_spaces body = {.k = r->k};
    double *origin = NULL;
    TRY(pleats_alloc(r->ctx, (size_t)r->k + 1, sizeof *origin, &origin));
    for (pleats_idx i = 0; i < r->n; i++)
        if (matters(verdict[i]))
            TRY(pleats_half_spaces_add(r->ctx, &body, pleats_region_entry(r, i),
                                       r->bounds[i]));
    TRY(pleats_widest_ball(r->ctx, m, &body, origin, centre, radius));
done:
    pleats_half_spaces_clear(r->ctx, &body);
    pleats_release(r->ctx, origin);
    return status;
}
