/* Weighted sums of numbers in two doubles each: many rows at once, as those of
 * forms in forms/fine_rows.h, all of which start from one large number. */
#ifndef PLEATS_FORMS_RIPPLE_SUMS_H
#define PLEATS_FORMS_RIPPLE_SUMS_H

#include "base/base.h"

typedef struct {
    double high, low;
    const double *weight; /* [rows] */
} pleats_ripple_term;

/* Terms are added eight at a time. */
enum { PLEATS_RIPPLE_AT_ONCE = 8 };

/* Some of them. */
typedef struct {
    const pleats_ripple_term *term;
    size_t n;     /* a multiple of eight */
    size_t apart; /* the weights are so far behind those that terms have */
} pleats_ripple_terms;

/* Terms of eight sparse rows, one of each. */
typedef struct {
    double weight[8]; /* 0: there is none, or it is 0 under the reference */
    pleats_idx at[8]; /* which number it is of */
} pleats_ripple_eight;

/* high + low = the sum of n sets of terms, for each row; start: as
 * pleats_fine_start_of, of a bound of sum |weight high|.  *most, *most_low
 * become at least what |high| and |low| are. */
void pleats_ripple_sums(size_t rows, double start, size_t n,
                        const pleats_ripple_terms *terms, double *high,
                        double *low, double *most, double *most_low);

/* The same of eight rows, numbers `to` on of those that they read. */
void pleats_ripple_sum_eights(double start, size_t n,
                              const pleats_ripple_eight *term, double *high,
                              double *low, size_t to);

/* *most: no |x| is larger. */
void pleats_ripple_largest(size_t n, const double *x, double *most);

/* How far such a sum of at most n terms is off, at most, where sum |weight low|
 * is at most low_size. */
double pleats_ripple_rounding(size_t n, double start, double low_size);

/* The largest sum of |weights| of a row, as doubles have it. */
double pleats_ripple_sizes(size_t rows, size_t n,
                           const pleats_ripple_term *term);

#endif
