#include "local/metric.h"

#include "base/perturb.h"
#include "exact/integers.h"
#include "exact/rational.h"

#include <float.h>
#include <math.h>

void pleats_metric_clear(pleats_ctx *ctx, pleats_metric *m)
{
    pleats_rational_array_free(ctx, (size_t)m->k, m->least);
    pleats_release(ctx, m->by_most);
    pleats_release(ctx, m->by_long);
    *m = (pleats_metric){0};
}

/* One input's row takes part; false: it depends on two coordinates. */
static bool take_input(pleats_metric *m, mpz_t *num, const mpz_t den)
{
    size_t seen = 0, k = (size_t)m->k;
    mpq_t size;
    mpq_init(size);
    for (size_t j = 0; j < k; j++) {
        if (mpz_sgn(num[j]) == 0)
            continue;
        seen++;
        mpz_abs(mpq_numref(size), num[j]);
        mpz_set(mpq_denref(size), den);
        mpq_canonicalize(size);
        if (mpq_cmp(size, m->least[j]) > 0)
            mpq_set(m->least[j], size);
        double x = pleats_rational_to_double(size);
        m->by_long[j] += x * x;
    }
    mpq_clear(size);
    return seen <= 1;
}

pleats_status pleats_metric_init(pleats_ctx *ctx, pleats_metric *m,
                                 const pleats_coordinates *c)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)c->k;
    *m = (pleats_metric){.k = c->k};
    TRY(pleats_rational_array(ctx, k, &m->least));
    TRY(pleats_alloc(ctx, k, sizeof *m->by_most, &m->by_most));
    TRY(pleats_alloc(ctx, k, sizeof *m->by_long, &m->by_long));
    m->is_known = true;
    for (size_t i = 0; i < (size_t)c->n_inputs && m->is_known; i++)
        m->is_known = take_input(m, c->num + i * (k + 1), c->den);
    for (size_t j = 0; j < k && m->is_known; j++) {
        mpq_inv(m->least[j], m->least[j]);
        m->by_most[j] = pleats_rational_to_double(m->least[j]);
        m->by_long[j] = 1 / sqrt(m->by_long[j]);
        m->is_known = isfinite(m->by_most[j]) && isfinite(m->by_long[j]) &&
                      m->by_most[j] > 0 && m->by_long[j] > 0;
    }
done:
    return status;
}

/* Doubles of a half-space with an error that is small beside its constant: from
 * the forms, or where these are too coarse from the exact row. */
static pleats_status fine_row(pleats_region *r, pleats_idx i, double *entry,
                              double *error)
{
    pleats_status status = PLEATS_OK;
    const double *from = pleats_region_entry(r, i);
    mpz_t *row = NULL;
    long exponent, largest = 0;
    bool any = false;
    double size = 0;
    *error = r->bounds[i].error;
    for (pleats_idx c = 0; c <= r->k; c++)
        entry[c] = from[c];
    if (entry[r->k] > 0x1p20 * *error)
        return PLEATS_OK;
    TRY(pleats_region_row(r, i, &row));
    for (pleats_idx c = 0; c <= r->k; c++) {
        (void)mpz_get_d_2exp(&exponent, row[c]);
        if (mpz_sgn(row[c]) != 0 && (!any || exponent > largest)) {
            largest = exponent;
            any = true;
        }
    }
    for (pleats_idx c = 0; c <= r->k; c++) {
        double fraction = mpz_get_d_2exp(&exponent, row[c]);
        entry[c] =
            fraction != 0 ? ldexp(fraction, (int)(exponent - largest)) : 0;
        size += c < r->k ? fabs(entry[c]) : 0;
    }
    *error = pleats_round_up(2 * DBL_EPSILON * size);
    *error = fmax(*error, 2 * DBL_EPSILON * entry[r->k]);
    (void)pleats_perturb_form(PLEATS_PERTURB_ROW, i, (size_t)r->k + 1, entry, 1,
                              error);
done:
    return status;
}

static void measure(const pleats_metric *m, const double *entry, double error,
                    pleats_distance *d)
{
    double one = 0, two = 0, most = 0, farthest = 0, c = entry[m->k];
    for (pleats_idx j = 0; j < m->k; j++) {
        double x = entry[j] * m->by_long[j];
        one += fabs(entry[j]) * m->by_most[j];
        two += x * x;
        most = fmax(most, m->by_most[j]);
        farthest = fmax(farthest, m->by_long[j]);
    }
    two = sqrt(two);
    const double low = fmax(c - error, 0), high = c + error;
    const double grain = 0x1p-40;
    d->max_norm = low / (one * (1 + grain) + error * most) * (1 - grain);
    d->euclid = low / (two * (1 + grain) + error * farthest) * (1 - grain);
    one = one * (1 - grain) - error * most * (1 + grain);
    two = two * (1 - grain) - error * farthest * (1 + grain);
    d->max_norm_above = one > 0 ? high / one * (1 + grain) : INFINITY;
    d->euclid_above = two > 0 ? high / two * (1 + grain) : INFINITY;
}

pleats_status pleats_distances(pleats_region *r, const pleats_metric *m,
                               pleats_distance *distance)
{
    pleats_status status = PLEATS_OK;
    double *entry = NULL, error = 0;
    TRY(pleats_alloc(r->ctx, (size_t)r->k + 1, sizeof *entry, &entry));
    for (pleats_idx i = 0; i < r->n_units; i++) {
        TRY(fine_row(r, i, entry, &error));
        measure(m, entry, error, &distance[i]);
    }
done:
    pleats_release(r->ctx, entry);
    return status;
}

static pleats_status exact_distance(pleats_region *r, const pleats_metric *m,
                                    pleats_idx i, mpq_t out)
{
    pleats_status status = PLEATS_OK;
    mpz_t *row = NULL;
    mpq_t sum, part;
    mpq_init(sum);
    mpq_init(part);
    TRY(pleats_region_row(r, i, &row));
    for (pleats_idx j = 0; j < r->k; j++) {
        if (mpz_sgn(row[j]) == 0)
            continue;
        mpq_set_z(part, row[j]);
        mpq_abs(part, part);
        mpq_mul(part, part, m->least[j]);
        mpq_add(sum, sum, part);
    }
    mpq_set_z(part, row[r->k]);
    mpq_div(out, part, sum);
done:
    mpq_clear(sum);
    mpq_clear(part);
    return status;
}

pleats_status pleats_largest_ball(pleats_region *r, const pleats_metric *m,
                                  const pleats_distance *distance, mpq_t radius,
                                  pleats_idx *wall)
{
    pleats_status status = PLEATS_OK;
    double least = INFINITY;
    mpq_t q;
    mpq_init(q);
    *wall = -1;
    for (pleats_idx i = 0; i < r->n_units; i++)
        least = fmin(least, distance[i].max_norm_above);
    for (pleats_idx i = 0; i < r->n_units; i++) {
        if (distance[i].max_norm > least)
            continue;
        TRY(exact_distance(r, m, i, q));
        if (*wall >= 0 && mpq_cmp(q, radius) >= 0)
            continue;
        mpq_set(radius, q);
        *wall = i;
    }
done:
    mpq_clear(q);
    return status;
}

double pleats_rational_below(const mpq_t q)
{
    double x = pleats_rational_to_double(q);
    mpq_t back;
    if (!isfinite(x))
        return DBL_MAX;
    mpq_init(back);
    mpq_set_d(back, x);
    if (mpq_cmp(back, q) > 0)
        x = nextafter(x, 0);
    mpq_clear(back);
    return x;
}
