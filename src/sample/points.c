/* Where points come from: sources. */
#include "sample/points.h"

#include "exact/rational.h"
#include "sample/normal.h"

#include <float.h>
#include <math.h>

static pleats_status check_domain(pleats_ctx *ctx, const pleats_points *p,
                                  const pleats_domain *domain)
{
    if (domain->n_inputs != p->n_inputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the domain has %d inputs, the network %d",
                           domain->n_inputs, p->n_inputs);
    if (domain->n_parts != 1)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "points are drawn from one box; %s is a union of %d",
                           domain->text, domain->n_parts);
    if (domain->part[0].m > 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s has %d linear constraints; points are drawn "
                           "from boxes, on lines and planes with bounds, and "
                           "from R^n (Gaussian)",
                           domain->text, domain->part[0].m);
    return PLEATS_OK;
}

/* The doubles next to q on the side of `towards`, q itself where it is one. */
static double inward(const mpq_t q, double towards)
{
    double x = pleats_rational_to_double(q);
    mpq_t back;
    if (!isfinite(x))
        return nextafter(x, 0);
    mpq_init(back);
    mpq_set_d(back, x);
    int side = mpq_cmp(back, q);
    mpq_clear(back);
    return (towards > 0 ? side < 0 : side > 0) ? nextafter(x, towards) : x;
}

static pleats_status find_sides(pleats_ctx *ctx, pleats_points *p,
                                const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    const pleats_part *part = p->part;
    for (pleats_idx j = 0; j < p->k; j++) {
        if (!part->has_lo[j] || !part->has_hi[j])
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "%s is unbounded: uniform points need bounds on "
                            "every side (--gaussian draws from R^n)",
                            domain->text));
        int order = mpq_cmp(part->lo[j], part->hi[j]);
        p->is_fixed[j] = order == 0;
        p->lo[j] = inward(part->lo[j], INFINITY);
        p->hi[j] = inward(part->hi[j], -INFINITY);
        if (order == 0)
            p->lo[j] = p->hi[j] = pleats_rational_to_double(part->lo[j]);
        if (order > 0 || !(p->lo[j] <= p->hi[j]))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "side %d of %s holds no double: it is too narrow "
                            "to draw points from",
                            j, domain->text));
        if (!isfinite(2 * p->lo[j]) || !isfinite(2 * p->hi[j]))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "side %d of %s is beyond the range of doubles", j,
                            domain->text));
    }
done:
    return status;
}

/* Bounds of x_i = origin_i + sum_j t_j direction_ji in doubles, of which each
 * number is rounded, and each operation. */
static void find_reach(pleats_points *p)
{
    for (pleats_idx i = 0; i < p->n_inputs; i++) {
        double size = fabs(p->origin[i]);
        for (pleats_idx j = 0; j < p->k; j++)
            size +=
                fmax(fabs(p->lo[j]), fabs(p->hi[j])) *
                fabs(p->direction[(size_t)j * (size_t)p->n_inputs + (size_t)i]);
        p->error[i] = pleats_round_up(pleats_gamma(3 * p->k + 4) * size);
        p->magnitude[i] = pleats_round_up(size) + p->error[i];
    }
}

static pleats_status find_directions(pleats_ctx *ctx, pleats_points *p)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)p->n_inputs, all = (size_t)p->k * n;
    TRY(pleats_alloc(ctx, n, sizeof *p->origin, &p->origin));
    TRY(pleats_alloc(ctx, all + 1, sizeof *p->direction, &p->direction));
    for (size_t i = 0; i < n; i++)
        p->origin[i] = pleats_rational_to_double(p->part->origin[i]);
    for (size_t i = 0; i < all; i++)
        p->direction[i] = pleats_rational_to_double(p->part->direction[i]);
    find_reach(p);
done:
    return status;
}

/* The inputs are the coordinates: what was drawn is the point; only a side of
 * width zero may be off. */
static void find_box_reach(pleats_points *p)
{
    for (pleats_idx i = 0; i < p->n_inputs; i++) {
        double size = fmax(fabs(p->lo[i]), fabs(p->hi[i]));
        p->magnitude[i] = size;
        if (p->is_fixed[i] && inward(p->part->lo[i], INFINITY) !=
                                  inward(p->part->lo[i], -INFINITY)) {
            p->error[i] = pleats_round_up(DBL_EPSILON * size);
            p->magnitude[i] += p->error[i];
        }
    }
}

static pleats_status init_domain(pleats_ctx *ctx, pleats_points *p,
                                 const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    TRY(check_domain(ctx, p, domain));
    p->part = &domain->part[0];
    p->k = p->part->k;
    if (p->kind == PLEATS_POINTS_SEQUENCE && p->k > PLEATS_SEQUENCE_DIMENSIONS)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s has %d dimensions; a low-discrepancy sequence "
                        "(Halton's) is of use in at most %d",
                        domain->text, p->k, PLEATS_SEQUENCE_DIMENSIONS));
    size_t k = (size_t)p->k;
    TRY(pleats_alloc(ctx, k, sizeof *p->lo, &p->lo));
    TRY(pleats_alloc(ctx, k, sizeof *p->hi, &p->hi));
    TRY(pleats_alloc(ctx, k, sizeof *p->is_fixed, &p->is_fixed));
    TRY(pleats_alloc(ctx, k, sizeof *p->shift, &p->shift));
    TRY(find_sides(ctx, p, domain));
    if (p->part->direction)
        TRY(find_directions(ctx, p));
    else
        find_box_reach(p);
    pleats_rng rng;
    pleats_rng_init(&rng, p->seed);
    for (size_t j = 0; j < k; j++)
        p->shift[j] = pleats_rng_uniform(&rng);
done:
    return status;
}

pleats_status pleats_points_init(pleats_ctx *ctx, pleats_points *p,
                                 pleats_idx n_inputs,
                                 const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)n_inputs;
    p->n_inputs = n_inputs;
    TRY(pleats_alloc(ctx, n, sizeof *p->magnitude, &p->magnitude));
    TRY(pleats_alloc(ctx, n, sizeof *p->error, &p->error));
    if (p->kind == PLEATS_POINTS_GAUSSIAN) {
        for (size_t i = 0; i < n; i++)
            p->magnitude[i] = p->scale * PLEATS_MOST_NORMAL;
    } else if (p->kind == PLEATS_POINTS_ROWS) {
        for (size_t r = 0; r < (size_t)p->n_rows; r++)
            for (size_t i = 0; i < n; i++)
                p->magnitude[i] =
                    fmax(p->magnitude[i], fabs(p->row[r * n + i]));
    } else {
        TRY(init_domain(ctx, p, domain));
    }
done:
    return status;
}

void pleats_points_clear(pleats_ctx *ctx, pleats_points *p)
{
    pleats_release(ctx, p->lo);
    pleats_release(ctx, p->hi);
    pleats_release(ctx, p->is_fixed);
    pleats_release(ctx, p->origin);
    pleats_release(ctx, p->direction);
    pleats_release(ctx, p->shift);
    pleats_release(ctx, p->magnitude);
    pleats_release(ctx, p->error);
    *p = (pleats_points){0};
}
