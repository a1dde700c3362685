#include "local/widest.h"

#include "base/doubles.h"
#include "exact/integers.h"
#include "lp/lp.h"

#include <float.h>
#include <math.h>
#include <string.h>

pleats_status pleats_half_spaces_add(pleats_ctx *ctx, pleats_half_spaces *body,
                                     const double *row, pleats_bounds bounds)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)body->n, width = (size_t)body->k + 1;
    TRY(pleats_grow(ctx, &body->row, &body->row_capacity, (n + 1) * width,
                    sizeof *body->row));
    TRY(pleats_grow(ctx, &body->bounds, &body->bounds_capacity, n + 1,
                    sizeof *body->bounds));
    memcpy(body->row + n * width, row, width * sizeof *row);
    body->bounds[n] = bounds;
    body->n++;
done:
    return status;
}

void pleats_half_spaces_clear(pleats_ctx *ctx, pleats_half_spaces *body)
{
    pleats_release(ctx, body->row);
    pleats_release(ctx, body->bounds);
    *body = (pleats_half_spaces){0};
}

static const double *row_of(const pleats_half_spaces *body, pleats_idx i)
{
    return body->row + (size_t)i * ((size_t)body->k + 1);
}

/* The norm of a half-space's normal.  room [k] */
static long double norm_of(const pleats_half_spaces *body,
                           const pleats_metric *m, pleats_idx i,
                           long double *room)
{
    for (pleats_idx j = 0; j < body->k; j++)
        room[j] = row_of(body, i)[j];
    return pleats_metric_norm_above(m, room);
}

/* The radius that the half-spaces leave about s, rounded down; 0: not known.
 * What rounding takes here is less than norms are above the true ones.
 * room [k] */
static double radius_at(const pleats_half_spaces *body, const pleats_metric *m,
                        const double *s, long double *room)
{
    double radius = INFINITY, size = 1;
    for (pleats_idx j = 0; j < body->k; j++)
        size = pleats_larger(size, fabs(s[j]));
    for (pleats_idx i = 0; i < body->n; i++) {
        const pleats_bounds *b = &body->bounds[i];
        const double value = pleats_row_value(row_of(body, i), body->k, s);
        const double off = pleats_round_up(b->tolerance * size);
        if (pleats_sign_beyond(value, off) <= 0)
            return 0;
        const long double norm =
            norm_of(body, m, i, room) + b->error * m->farthest;
        radius = pleats_smaller(
            radius, pleats_double_below(((long double)value - off) / norm));
    }
    return isfinite(radius) ? radius : 0;
}

/* About how far the point is from the nearest wall: the programme's unit of
 * length.  room [k] */
static double unit_at(const pleats_half_spaces *body, const pleats_metric *m,
                      const double *inside, long double *room)
{
    long double unit = INFINITY;
    for (pleats_idx i = 0; i < body->n; i++) {
        const double value = pleats_row_value(row_of(body, i), body->k, inside);
        const long double here =
            (long double)value / (norm_of(body, m, i, room) / m->farthest);
        unit = here < unit ? here : unit;
    }
    return unit >= DBL_MIN && unit <= DBL_MAX ? (double)unit : 1;
}

/* The programme's coordinates are u, s = inside + unit u, and the radius in
 * such units. */
static pleats_status add_rows(pleats_ctx *ctx, pleats_lp *lp,
                              const pleats_half_spaces *body,
                              const pleats_metric *m, const double *inside,
                              double unit, double *row, long double *room)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)body->k;
    for (pleats_idx i = 0; i < body->n; i++) {
        memcpy(row, row_of(body, i), k * sizeof *row);
        row[k] = -(double)(norm_of(body, m, i, room) / m->farthest);
        row[k + 1] = pleats_row_value(row_of(body, i), body->k, inside) / unit;
        TRY(pleats_lp_add_row(ctx, lp, row));
    }
    pleats_lp_settle(lp);
done:
    return status;
}

pleats_status pleats_widest_ball(pleats_ctx *ctx, const pleats_metric *m,
                                 const pleats_half_spaces *body,
                                 const double *inside, double *centre,
                                 double *radius)
{
    pleats_status status = PLEATS_OK;
    pleats_lp lp = {0};
    const size_t k = (size_t)body->k;
    bool *none = NULL;
    double *row = NULL;
    long double *room = NULL;
    *radius = 0;
    TRY(pleats_alloc(ctx, k + 1, sizeof *none, &none));
    TRY(pleats_alloc(ctx, k + 2, sizeof *row, &row));
    TRY(pleats_alloc(ctx, k + 1, sizeof *room, &room));
    TRY(pleats_lp_init(ctx, &lp, body->k + 1, none));
    const double unit = unit_at(body, m, inside, room);
    TRY(add_rows(ctx, &lp, body, m, inside, unit, row, room));
    for (size_t j = 0; j < k + 2; j++)
        row[j] = j == k;
    if (pleats_lp_maximize(&lp, row, INFINITY) == PLEATS_LP_UNBOUNDED)
        goto done;
    pleats_lp_vertex(&lp, row);
    for (size_t j = 0; j < k; j++)
        centre[j] = inside[j] + unit * row[j];
    *radius = radius_at(body, m, centre, room);
done:
    pleats_lp_clear(ctx, &lp);
    pleats_release(ctx, none);
    pleats_release(ctx, row);
    pleats_release(ctx, room);
    return status;
}

/* ---- in inputs ---- */

/* More than products that vanish take from a sum. */
#define LEAST_MOVED 0x1p-1050

pleats_status pleats_ball_in_inputs(pleats_ctx *ctx,
                                    const pleats_coordinates *c,
                                    const double *s, double *x, double *radius)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)c->k, n = (size_t)c->n_inputs;
    double *moved = NULL;
    bool fits = true;
    TRY(pleats_alloc(ctx, n, sizeof *moved, &moved));
    for (size_t i = 0; i < n; i++) { /* k + 4: two more than round the sum */
        double sum = 0, size = 0;
        for (size_t j = 0; j <= k; j++) {
            mpz_t *num = &c->num[i * (k + 1) + j];
            if (mpz_sgn(*num) == 0)
                continue;
            double part = pleats_quotient_to_double(*num, c->den, NULL);
            sum += j < k ? part * s[j] : part;
            size += j < k ? fabs(part * s[j]) : fabs(part);
        }
        x[i] = sum;
        moved[i] = size * pleats_gamma((pleats_idx)k + 4) + LEAST_MOVED;
        fits = fits && isfinite(size);
    }
    const double left = nextafter(*radius - pleats_length(moved, n), -1);
    *radius = fits && left > 0 ? left : 0;
done:
    pleats_release(ctx, moved);
    return status;
}
