/* Doubles that stand for bounds and verdicts, up to the ends of their range: a
 * number that is not finite means "not known".
 *
 * NaN compares false with everything and fmax and fmin drop it, and squares
 * overflow or vanish long before their roots do; so a bound that is kept goes
 * through these. */
#ifndef PLEATS_BASE_DOUBLES_H
#define PLEATS_BASE_DOUBLES_H

#include <math.h>
#include <stddef.h>

/* The larger one of two upper bounds: infinite when one is not known. */
static inline double pleats_larger(double a, double b)
{
    return isnan(a) || isnan(b) ? INFINITY : a > b ? a : b;
}

/* The smaller one of two lower bounds: -infinite when one is not known. */
static inline double pleats_smaller(double a, double b)
{
    return isnan(a) || isnan(b) ? -INFINITY : a < b ? a : b;
}

/* a - b, and *lost = what rounding took from it, itself exact unless something
 * overflows [Knuth, TAOCP 4.2.2, two-sum]. */
static inline double pleats_difference(double a, double b, double *lost)
{
    const double difference = a - b, back = a - difference;
    *lost = (a - (difference + back)) + (back - b);
    return difference;
}

/* The sign of a value that is off by at most `bound`, 0: not known. */
static inline int pleats_sign_beyond(double value, double bound)
{
    if (!isfinite(value))
        return 0;
    return (value > bound) - (value < -bound);
}

/* The Euclidean length of x [n], within a relative 2^-40 for n < 2^10 unless
 * it is below 2^-1022; infinite when an entry is not finite. */
static inline double pleats_length(const double *x, size_t n)
{
    double most = 0, sum = 0;
    int exponent = 0;
    for (size_t i = 0; i < n; i++)
        most = pleats_larger(most, fabs(x[i]));
    if (most == 0 || !isfinite(most))
        return most;
    (void)frexp(most, &exponent);
    for (size_t i = 0; i < n; i++) {
        double share = ldexp(x[i], -exponent);
        sum += share * share;
    }
    return ldexp(sqrt(sum), exponent);
}

#endif
