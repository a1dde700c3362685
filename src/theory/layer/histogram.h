/* Histograms of regions by their number of active units [Hinz, van de Geer
 * 2019].
 *
 * gamma_{n,m} in N^{m+1} must dominate (all tail sums) the histogram of every
 * layer of m ReLU units on R^n, whose entry i counts the regions on which i
 * units are active, and must be monotone in n. */
#ifndef PLEATS_THEORY_LAYER_HISTOGRAM_H
#define PLEATS_THEORY_LAYER_HISTOGRAM_H

#include "base/base.h"

#include <gmp.h>

typedef enum {
    PLEATS_HISTOGRAM_SERRA, /* C(m, m-i) for i >= m-n [Serra2018] */
    PLEATS_HISTOGRAM_LINE,  /* exact for n = 1, then the recursion
                               gamma_{n,m} = gamma_{n-1,m-1}
                               + shift gamma_{n,m-1} [XieChenLi2020] */
    PLEATS_HISTOGRAM_PLANE  /* exact for n = 1 and 2, then the same recursion
                               [Hinz2021] */
} pleats_histogram;

/* gamma_{n,m} for n = 0 .. n_max <= m: entry i of row n is
 * at[n * (m + 1) + i]. */
typedef struct {
    int64_t m, n_max;
    mpz_t *at; /* [n_max + 1 x m + 1] */
} pleats_gamma;

/* Cost: n_max m^2 / 2 additions. */
PLEATS_NODISCARD pleats_status pleats_gamma_make(pleats_ctx *ctx,
                                                 pleats_histogram histogram,
                                                 int64_t m, int64_t n_max,
                                                 pleats_gamma *out);
void pleats_gamma_clear(pleats_ctx *ctx, pleats_gamma *gamma);

#endif
