#include "local/metric.h"

#include "cells/vertices.h"
#include "exact/integers.h"
#include "exact/rational.h"
#include "forms/gram.h"

#include <float.h>
#include <math.h>

void pleats_metric_clear(pleats_ctx *ctx, pleats_metric *m)
{
    pleats_rational_array_free(ctx, (size_t)m->k, m->least);
    pleats_release(ctx, m->by_most);
    pleats_release(ctx, m->by_long);
    pleats_release(ctx, m->inverse);
    *m = (pleats_metric){0};
}

/* q > 0 or its root, up to a relative 2^-50, over the whole range of exponents
 * that texts may have. */
static long double size_of(const mpq_t q, bool root)
{
    long over, under;
    long double share = mpz_get_d_2exp(&over, mpq_numref(q));
    share /= mpz_get_d_2exp(&under, mpq_denref(q));
    long exponent = over - under;
    if (root) {
        share = sqrtl(exponent % 2 ? 2 * share : share);
        exponent = (exponent - (exponent % 2 ? 1 : 0)) / 2;
    }
    return ldexpl(share, (int)exponent);
}

/* One input's row takes part: square [k] gathers sums of squares; false: it
 * depends on two coordinates. */
static bool take_input(pleats_metric *m, mpz_t *num, const mpz_t den,
                       mpq_t *square)
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
        mpq_mul(size, size, size);
        mpq_add(square[j], square[j], size);
    }
    mpq_clear(size);
    return seen <= 1;
}

/* inverse [k x k] = (L^T L)^-1, each entry up to a relative 2^-50. */
static pleats_status take_inverse(pleats_ctx *ctx, pleats_metric *m,
                                  const pleats_coordinates *c)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)m->k;
    mpq_t *unit = NULL, *inverse = NULL;
    TRY(pleats_rational_array(ctx, k * k, &unit));
    TRY(pleats_rational_array(ctx, k * k, &inverse));
    TRY(pleats_alloc(ctx, k * k, sizeof *m->inverse, &m->inverse));
    for (size_t i = 0; i < k; i++)
        mpq_set_ui(unit[i * k + i], 1, 1);
    TRY(pleats_gram_solve(ctx, c, unit, k, inverse));
    for (size_t i = 0; i < k * k; i++) {
        const int sign = mpq_sgn(inverse[i]);
        mpq_abs(inverse[i], inverse[i]);
        m->inverse[i] = sign == 0 ? 0 : sign * size_of(inverse[i], false);
    }
done:
    pleats_rational_array_free(ctx, k * k, unit);
    pleats_rational_array_free(ctx, k * k, inverse);
    return status;
}

/* Numbers up to a relative 2^-45 are not below the true ones when multiplied by
 * this. */
static const long double UPWARDS = 1 + 0x1p-40L;

static long double find_farthest(const pleats_metric *m)
{
    long double farthest = 0;
    for (pleats_idx j = 0; j < m->k; j++) {
        const long double here =
            m->is_known ? m->by_long[j] : sqrtl(m->inverse[j * m->k + j]);
        farthest = here > farthest ? here : farthest;
    }
    return farthest * UPWARDS;
}

pleats_status pleats_metric_init(pleats_ctx *ctx, pleats_metric *m,
                                 const pleats_coordinates *c)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)c->k;
    mpq_t *square = NULL;
    *m = (pleats_metric){.k = c->k};
    TRY(pleats_rational_array(ctx, k, &m->least));
    TRY(pleats_rational_array(ctx, k, &square));
    TRY(pleats_alloc(ctx, k, sizeof *m->by_most, &m->by_most));
    TRY(pleats_alloc(ctx, k, sizeof *m->by_long, &m->by_long));
    m->is_known = true;
    for (size_t i = 0; i < (size_t)c->n_inputs && m->is_known; i++)
        m->is_known = take_input(m, c->num + i * (k + 1), c->den, square);
    for (size_t j = 0; j < k && m->is_known; j++) {
        mpq_inv(m->least[j], m->least[j]);
        m->by_most[j] = size_of(m->least[j], false);
        m->by_long[j] = 1 / size_of(square[j], true);
    }
    if (!m->is_known && m->k <= PLEATS_VERTICES_DIMENSION)
        TRY(take_inverse(ctx, m, c));
    if (pleats_metric_has_length(m))
        m->farthest = find_farthest(m);
done:
    pleats_rational_array_free(ctx, k, square);
    return status;
}

/* sqrt(sum (entry_j by_long_j)^2), up to a relative 2^-45. */
static long double norm_by_long(const pleats_metric *m,
                                const long double *entry)
{
    long double most = 0, sum = 0;
    for (pleats_idx j = 0; j < m->k; j++) {
        long double x = fabsl(entry[j]) * m->by_long[j];
        if (isnan(x))
            return INFINITY;
        most = x > most ? x : most;
    }
    if (most == 0 || isinf(most))
        return most;
    for (pleats_idx j = 0; j < m->k; j++) {
        long double share = entry[j] * m->by_long[j] / most;
        sum += share * share;
    }
    return most * sqrtl(sum);
}

double pleats_double_below(long double x)
{
    double below = (double)x;
    if (isnan(x))
        return 0;
    if (x > DBL_MAX)
        return DBL_MAX;
    return below > x ? nextafter(below, 0) : below;
}

/* sqrt(entry^T inverse entry) from above. */
static long double norm_by_inverse(const pleats_metric *m,
                                   const long double *entry)
{
    long double sum = 0, size = 0;
    for (pleats_idx a = 0; a < m->k; a++)
        for (pleats_idx b = 0; b < m->k; b++) {
            const long double term =
                entry[a] * entry[b] * m->inverse[a * m->k + b];
            sum += term;
            size += fabsl(term);
        }
    if (!(size >= 0x1p-16000L && size <= LDBL_MAX))
        return INFINITY;
    return sqrtl(sum + size * 0x1p-45L);
}

long double pleats_metric_norm_above(const pleats_metric *m,
                                     const long double *entry)
{
    return m->is_known ? norm_by_long(m, entry) * UPWARDS
                       : norm_by_inverse(m, entry);
}

static double double_above(long double x)
{
    double above = (double)x;
    if (isnan(x))
        return INFINITY;
    return above < x ? nextafter(above, INFINITY) : above;
}

/* Distances of the half-space entry . (s, 1) >= 0, all of whose entries are off
 * by at most `error` together, and each by a relative 2^-50. */
static void measure(const pleats_metric *m, const long double *entry,
                    long double error, pleats_distance *d)
{
    const long double grain = 0x1p-40L, c = entry[m->k];
    long double one = 0, two = norm_by_long(m, entry);
    const long double farthest = m->farthest;
    long double most = 0;
    for (pleats_idx j = 0; j < m->k; j++) {
        one += fabsl(entry[j]) * m->by_most[j];
        most = m->by_most[j] > most ? m->by_most[j] : most;
    }
    const long double low = (c > error ? c - error : 0) * (1 - grain);
    const long double high = (c + error) * (1 + grain);
    d->max_norm = pleats_double_below(low / (one * (1 + grain) + error * most));
    d->euclid =
        pleats_double_below(low / (two * (1 + grain) + error * farthest));
    one = one * (1 - grain) - error * most * (1 + grain);
    two = two * (1 - grain) - error * farthest * (1 + grain);
    d->max_norm_above = one > 0 ? double_above(high / one) : INFINITY;
    d->euclid_above = two > 0 ? double_above(high / two) : INFINITY;
}

static bool is_sharp(const pleats_distance *d)
{
    const double grain = 1 + 0x1p-20;
    return d->max_norm_above <= d->max_norm * grain &&
           d->euclid_above <= d->euclid * grain;
}

/* entry [k + 1] = the exact row over a power of two, each entry for itself up
 * to a relative 2^-52. */
static pleats_status fine_row(pleats_region *r, pleats_idx i,
                              long double *entry)
{
    pleats_status status = PLEATS_OK;
    mpz_t *row = NULL;
    long exponent, largest = 0;
    TRY(pleats_region_row(r, i, &row));
    for (pleats_idx c = 0; c <= r->k; c++) {
        (void)mpz_get_d_2exp(&exponent, row[c]);
        largest = exponent > largest ? exponent : largest;
    }
    for (pleats_idx c = 0; c <= r->k; c++) {
        long double share = mpz_get_d_2exp(&exponent, row[c]);
        entry[c] = ldexpl(share, (int)(exponent - largest));
    }
done:
    return status;
}

/* From the forms, or where these are too coarse from the exact rows. */
pleats_status pleats_distances(pleats_region *r, const pleats_metric *m,
                               pleats_distance *distance)
{
    pleats_status status = PLEATS_OK;
    long double *entry = NULL;
    TRY(pleats_alloc(r->ctx, (size_t)r->k + 1, sizeof *entry, &entry));
    for (pleats_idx i = 0; i < r->n_units; i++) {
        for (pleats_idx c = 0; c <= r->k; c++)
            entry[c] = pleats_region_entry(r, i)[c];
        measure(m, entry, r->bounds[i].error, &distance[i]);
        if (is_sharp(&distance[i]))
            continue;
        TRY(fine_row(r, i, entry));
        measure(m, entry, 0, &distance[i]);
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
        if (distance[i].max_norm_above < least)
            least = distance[i].max_norm_above;
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
