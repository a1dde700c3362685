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

/* Cholesky's: matrix = root root^T, a lower triangle, both [k x k]. */
static void find_root(const double *matrix, double *root, size_t k)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = matrix[i * k + j];
            for (size_t l = 0; l < j; l++)
                sum -= root[i * k + l] * root[j * k + l];
            root[i * k + j] =
                i == j ? sqrt(fmax(sum, 0)) : sum / root[j * k + j];
        }
}

void pleats_gauge_init(pleats_gauge *g, const pleats_coordinates *c)
{
    const size_t k = (size_t)c->k, n = (size_t)c->n_inputs;
    double matrix[PLEATS_VERTICES_DIMENSION * PLEATS_VERTICES_DIMENSION] = {0};
    double row[PLEATS_VERTICES_DIMENSION] = {0};
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
            matrix[e] += row[e / k] * row[e % k];
    }
    find_root(matrix, g->root, k);
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

/* y [n x k] = L^T C t, whose distances are those of the inputs, times a power
 * of two that brings them to 1 or below: its exponent. */
static int place(const pleats_gauge *g, size_t n, const double *t, double *y)
{
    const size_t k = (size_t)g->k;
    int most = -4000, exponent;
    for (size_t j = 0; j < n * k; j++) {
        if (t[j] == 0)
            continue;
        (void)frexp(t[j], &exponent);
        exponent += g->exponent[j % k];
        most = exponent > most ? exponent : most;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < k; j++) {
            y[i * k + j] = 0;
            for (size_t l = j; l < k; l++)
                y[i * k + j] += g->root[l * k + j] *
                                ldexp(t[i * k + l], g->exponent[l] - most);
        }
    return most;
}

double pleats_gauge_diameter(const pleats_gauge *g, size_t n, const double *t,
                             double *y)
{
    const size_t k = (size_t)g->k;
    const int exponent = place(g, n, t, y);
    double most = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < a; b++) {
            double sum = 0;
            for (size_t j = 0; j < k; j++) {
                const double step = y[a * k + j] - y[b * k + j];
                sum += step * step;
            }
            most = pleats_larger(most, sum);
        }
    return ldexp(sqrt(most), exponent);
}

double pleats_gauge_slope(const pleats_gauge *g, const double *gradient)
{
    double x[PLEATS_VERTICES_DIMENSION];
    for (pleats_idx j = 0; j < g->k; j++)
        x[j] = ldexp(gradient[j], -g->exponent[j]);
    return norm(g->inverse, x, (size_t)g->k);
}
