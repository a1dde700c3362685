#include "theory/layer/estimate.h"

#include <math.h>

/* P(at least k of n) for k above the mean, where the terms fall. */
static double sum_terms(uint64_t k, uint64_t n, double p)
{
    double sum = 0, x = (double)k, m = (double)n;
    double term = exp(lgamma(m + 1) - lgamma(x + 1) - lgamma(m - x + 1) +
                      x * log(p) + (m - x) * log1p(-p));
    for (uint64_t i = k; i <= n && term > 0; i++) {
        sum += term;
        term *= (m - (double)i) / ((double)i + 1) * (p / (1 - p));
    }
    return sum;
}

/* P(at least k of n), 1 <= k <= n. */
static double upper_tail(uint64_t k, uint64_t n, double p)
{
    return (double)k > (double)n * p ? sum_terms(k, n, p)
                                     : 1 - sum_terms(n - k + 1, n, 1 - p);
}

/* The p at which P(at least k of n) is `tail`, from below; k >= 1. */
static double solve(uint64_t k, uint64_t n, double tail)
{
    double lo = 0, hi = 1;
    for (int i = 0; i < 60; i++) {
        double p = (lo + hi) / 2;
        if (upper_tail(k, n, p) > tail)
            hi = p;
        else
            lo = p;
    }
    return lo;
}

void pleats_binomial_interval(uint64_t k, uint64_t n, double level, double *lo,
                              double *hi)
{
    double tail = (1 - level) / 2;
    *lo = k == 0 ? 0 : solve(k, n, tail);
    *hi = k == n ? 1 : 1 - solve(n - k, n, tail);
}
