#include "survey/gauge.h"

#include "base/doubles.h"
#include "exact/integers.h"

#include <math.h>

/* inverse = matrix^-1, both [k x k], the matrix positive definite, by Gauss and
 * Jordan; the matrix is overwritten. */
static void invert(double *matrix, double *inverse, size_t k)
{
    for (size_t i = 0; i < k * k; i++)
        inverse[i] = i % (k + 1) == 0;
    for (size_t p = 0; p < k; p++)
        for (size_t i = 0; i < k; i++) {
            const double by = matrix[i * k + p] / matrix[p * k + p];
            if (i == p)
                continue;
            for (size_t j = 0; j < k; j++) {
                matrix[i * k + j] -= by * matrix[p * k + j];
                inverse[i * k + j] -= by * inverse[p * k + j];
            }
        }
    for (size_t i = 0; i < k * k; i++)
        inverse[i] /= matrix[i / k * (k + 1)];
}

void pleats_gauge_init(pleats_gauge *g, const pleats_coordinates *c)
{
    const size_t k = (size_t)c->k, n = (size_t)c->n_inputs;
    double matrix[PLEATS_VERTICES_DIMENSION * PLEATS_VERTICES_DIMENSION];
    double row[PLEATS_VERTICES_DIMENSION];
    *g = (pleats_gauge){.k = c->k};
    for (size_t j = 0; j < k; j++) {
        double most = 0;
        for (size_t i = 0; i < n; i++)
            most = fmax(most, fabs(pleats_quotient_to_double(
                                  c->num[i * (k + 1) + j], c->den, NULL)));
        (void)frexp(most, &g->exponent[j]);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k; j++)
            row[j] = ldexp(pleats_quotient_to_double(c->num[i * (k + 1) + j],
                                                     c->den, NULL),
                           -g->exponent[j]);
        for (size_t e = 0; e < k * k; e++)
            g->gram[e] += row[e / k] * row[e % k];
    }
    for (size_t e = 0; e < k * k; e++)
        matrix[e] = g->gram[e];
    invert(matrix, g->inverse, k);
}

/* sqrt(x^T matrix x), without overflow on the way. */
static double norm(const double *matrix, const double *x, size_t k)
{
    double most = 0, sum = 0;
    for (size_t j = 0; j < k; j++)
        most = pleats_larger(most, fabs(x[j]));
    if (most == 0 || !isfinite(most))
        return most;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            sum += x[i] / most * matrix[i * k + j] * (x[j] / most);
    return most * sqrt(fmax(sum, 0));
}

double pleats_gauge_length(const pleats_gauge *g, const double *d)
{
    double x[PLEATS_VERTICES_DIMENSION];
    for (pleats_idx j = 0; j < g->k; j++)
        x[j] = ldexp(d[j], g->exponent[j]);
    return norm(g->gram, x, (size_t)g->k);
}

double pleats_gauge_slope(const pleats_gauge *g, const double *gradient)
{
    double x[PLEATS_VERTICES_DIMENSION];
    for (pleats_idx j = 0; j < g->k; j++)
        x[j] = ldexp(gradient[j], -g->exponent[j]);
    return norm(g->inverse, x, (size_t)g->k);
}
