#include "forms/ripple_sums.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { AT_ONCE = PLEATS_RIPPLE_AT_ONCE, MOST_ROWS = 64 };

/* What is added up for up to so many rows: sums, what rounding lost of these,
 * and the low parts. */
typedef struct {
    double sum[MOST_ROWS], lost[MOST_ROWS], low[MOST_ROWS];
} sums;

/* Eight terms, weights from `first` behind theirs on. */
PLEATS_WITHIN void add_terms(size_t first, size_t rows,
                             const pleats_ripple_term *term, sums *restrict to)
{
    const double *weight[AT_ONCE];
    double high[AT_ONCE], low[AT_ONCE];
    for (size_t u = 0; u < AT_ONCE; u++) {
        weight[u] = term[u].weight + first;
        high[u] = term[u].high;
        low[u] = term[u].low;
    }
    for (size_t i = 0; i < rows; i++) {
        double s = to->sum[i], lost = 0, l = to->low[i];
#pragma GCC unroll 8
        for (size_t u = 0; u < AT_ONCE; u++) {
            const double w = weight[u][i];
            const double t = fma(w, high[u], s);
            lost += fma(w, high[u], s - t);
            l = fma(w, low[u], l);
            s = t;
        }
        to->sum[i] = s;
        to->lost[i] += lost;
        to->low[i] = l;
    }
}

/* As in forms/fine_rows.c: takes the start away, and makes the low parts small.
 */
PLEATS_WITHIN void finish(size_t rows, double start, const sums *from,
                          double *restrict high, double *restrict low)
{
    for (size_t i = 0; i < rows; i++) {
        const double a = from->sum[i] - start, b = from->lost[i] + from->low[i];
        const double sum = a + b;
        high[i] = sum;
        low[i] = b - (sum - a);
    }
}

PLEATS_WITHIN double largest(size_t n, const double *x, double most)
{
    for (size_t i = 0; i < n; i++)
        most = fabs(x[i]) > most ? fabs(x[i]) : most;
    return most;
}

PLEATS_WIDE
static void run(size_t rows, double start, size_t n,
                const pleats_ripple_terms *terms, double *high, double *low,
                double *most, double *most_low)
{
    sums to;
    for (size_t first = 0; first < rows; first += MOST_ROWS) {
        const size_t some = rows - first < MOST_ROWS ? rows - first : MOST_ROWS;
        for (size_t i = 0; i < some; i++) {
            to.sum[i] = start;
            to.lost[i] = to.low[i] = 0;
        }
        for (size_t j = 0; j < n; j++)
            for (size_t i = 0; i < terms[j].n; i += AT_ONCE)
                add_terms(terms[j].apart + first, some, terms[j].term + i, &to);
        finish(some, start, &to, high + first, low + first);
    }
    *most = largest(rows, high, *most);
    *most_low = largest(rows, low, *most_low);
}

void pleats_ripple_sums(size_t rows, double start, size_t n,
                        const pleats_ripple_terms *terms, double *high,
                        double *low, double *most, double *most_low)
{
    run(rows, start, n, terms, high, low, most, most_low);
}

/* Up to eight terms of eight rows. */
PLEATS_WITHIN void add_eights(size_t n, const pleats_ripple_eight *term,
                              const double *high, const double *low,
                              sums *restrict to)
{
    double h[8], l[8], lost[8] = {0};
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < 8; i++) {
            h[i] = high[term[j].at[i]];
            l[i] = low[term[j].at[i]];
        }
        for (size_t i = 0; i < 8; i++) {
            const double w = term[j].weight[i];
            const double t = fma(w, h[i], to->sum[i]);
            lost[i] += fma(w, h[i], to->sum[i] - t);
            to->low[i] = fma(w, l[i], to->low[i]);
            to->sum[i] = t;
        }
    }
    for (size_t i = 0; i < 8; i++)
        to->lost[i] += lost[i];
}

PLEATS_WIDE
static void sum_eights(double start, size_t n, const pleats_ripple_eight *term,
                       double *high, double *low, size_t to)
{
    sums sum;
    for (size_t i = 0; i < 8; i++) {
        sum.sum[i] = start;
        sum.lost[i] = sum.low[i] = 0;
    }
    for (size_t j = 0; j < n; j += AT_ONCE)
        add_eights(n - j < AT_ONCE ? n - j : AT_ONCE, term + j, high, low,
                   &sum);
    finish(8, start, &sum, high + to, low + to);
}

void pleats_ripple_sum_eights(double start, size_t n,
                              const pleats_ripple_eight *term, double *high,
                              double *low, size_t to)
{
    sum_eights(start, n, term, high, low, to);
}

void pleats_ripple_largest(size_t n, const double *x, double *most)
{
    *most = largest(n, x, *most);
}

/* In units of the last place, with Q = start * 2^-53, not less than any
 * rounding of the large sums, and L the size of all low products:
 *   n roundings of lost parts, each of which is at most Q;
 *   eight at a time, n roundings of sums of these, at most 8 Q;
 *   n / 8 + 1 roundings of sums of all, at most (n + 1) Q;
 *   n roundings of sums of low products, at most L;
 *   two more, of both together. */
double pleats_ripple_rounding(size_t n, double start, double low_size)
{
    const double unit = DBL_EPSILON / 2, terms = (double)n + 1;
    const double lost = terms * (terms / 8 + 12) * (start * unit);
    return unit * (lost + (terms + 2) * low_size);
}

PLEATS_WIDE
static double sizes(size_t rows, size_t n, const pleats_ripple_term *term)
{
    double sum[MOST_ROWS], most = 0;
    for (size_t first = 0; first < rows; first += MOST_ROWS) {
        const size_t some = rows - first < MOST_ROWS ? rows - first : MOST_ROWS;
        memset(sum, 0, sizeof sum);
        for (size_t t = 0; t < n; t++)
            for (size_t i = 0; i < some; i++)
                sum[i] += fabs(term[t].weight[first + i]);
        most = largest(some, sum, most);
    }
    return most;
}

double pleats_ripple_sizes(size_t rows, size_t n,
                           const pleats_ripple_term *term)
{
    return sizes(rows, n, term);
}
