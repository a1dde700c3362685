#include "cert/cert_point.h"

#include "cells/certify.h"
#include "count/facet.h"
#include "exact/integers.h"

#include <math.h>

/* Whether a point of doubles is certainly inside the cell. */
static bool is_inside(const pleats_space *s, const pleats_cell *cell,
                      const double *point)
{
    const pleats_idx k = s->frame->k;
    for (pleats_idx j = 0; j < k; j++)
        if (!isfinite(point[j]) ||
            (s->frame->boxed[j] && !(fabs(point[j]) < 1)))
            return false;
    for (pleats_idx i = 0; i < cell->n_walls; i++)
        if (pleats_certain_sign(s, pleats_walls_entry(&s->walls, i),
                                s->walls.bounds[i], point) <= 0)
            return false;
    return true;
}

/* Rounds a point to as few bits as leave it certainly inside. */
static bool round_point(const pleats_space *s, const pleats_cell *cell,
                        const double *point, double *rounded)
{
    static const int bits[] = {6, 10, 16, 24, 36};
    const size_t n = sizeof bits / sizeof *bits;
    const pleats_idx k = s->frame->k;
    for (size_t i = 0; i <= n; i++) {
        for (pleats_idx j = 0; j < k; j++)
            rounded[j] = i < n ? ldexp(rint(ldexp(point[j], bits[i])), -bits[i])
                               : point[j];
        if (is_inside(s, cell, rounded))
            return true;
    }
    return false;
}

static bool find_double(const pleats_space *s, const pleats_cell *cell,
                        double *mean, double *rounded)
{
    const pleats_witnesses *pool = &cell->programme.pool;
    const pleats_idx k = s->frame->k;
    if (pool->n == 0)
        return false;
    pleats_witnesses_mean(pool, k, mean);
    bool found = round_point(s, cell, mean, rounded);
    for (pleats_idx i = 0; i < pool->n && !found; i++)
        found =
            round_point(s, cell, pleats_witnesses_point(pool, i, k), rounded);
    return found;
}

/* point [k + 1] = that of doubles over a power of two. */
static void set_point(pleats_idx k, const double *rounded, mpz_t *point)
{
    int least = 0;
    for (pleats_idx j = 0; j < k; j++) {
        const pleats_dyadic d = pleats_dyadic_of(rounded[j]);
        least = d.exponent < least ? d.exponent : least;
    }
    for (pleats_idx j = 0; j < k; j++) {
        const pleats_dyadic d = pleats_dyadic_of(rounded[j]);
        pleats_integer_set_shifted(point[j], d.mantissa,
                                   (unsigned long)(d.exponent - least));
    }
    mpz_set_ui(point[k], 1);
    mpz_mul_2exp(point[k], point[k], (mp_bitcnt_t)-least);
}

pleats_status pleats_cert_point(pleats_space *s, const pleats_cell *cell,
                                double *mean, double *rounded, mpz_t *point)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k;
    if (find_double(s, cell, mean, rounded)) {
        set_point(k, rounded, point);
    } else {
        TRY(pleats_cell_find_inside(s, cell, point));
        pleats_integers_make_primitive(point, (size_t)k + 1);
    }
done:
    return status;
}
