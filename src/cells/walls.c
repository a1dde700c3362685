#include "cells/walls.h"

#include "base/doubles.h"
#include "base/perturb.h"
#include "base/wide.h"
#include "exact/integers.h"

#include <float.h>
#include <math.h>
#include <string.h>

PLEATS_WIDE
static double add_products(const double *entry, size_t k, const double *t)
{
    four sums = {0};
    double sum = entry[k];
    size_t j = 0;
    for (; j + 4 <= k; j += 4)
        sums += *(const four *)(entry + j) * *(const four *)(t + j);
    for (; j < k; j++)
        sum += entry[j] * t[j];
    return sum + ((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

double pleats_row_value(const double *entry, pleats_idx k, const double *t)
{
    return add_products(entry, (size_t)k, t);
}

/* x * 2^exponent, for a factor 2^exponent that is a double itself, if it is. */
static double times_power(double x, double factor, int exponent)
{
    return isnormal(factor) ? x * factor : ldexp(x, exponent);
}

/* Scales entry [width] by a power of two to a largest entry in [1/2, 1), and
 * the bounds with it.  An exact form stays so unless entries underflow. */
static pleats_bounds scale(double *entry, pleats_idx width, double error)
{
    double most = 0, magnitude = 0;
    bool exact = error == 0;
    int exponent = 0;
    for (pleats_idx c = 0; c < width; c++)
        most = fabs(entry[c]) > most ? fabs(entry[c]) : most;
    if (most > 0 && isfinite(most))
        frexp(most, &exponent);
    const double down = ldexp(1, -exponent), up = ldexp(1, exponent);
    for (pleats_idx c = 0; c < width; c++) {
        double scaled = times_power(entry[c], down, -exponent);
        exact = exact && times_power(scaled, up, exponent) == entry[c];
        entry[c] = scaled;
        magnitude += fabs(scaled);
    }
    magnitude = pleats_round_up(magnitude);
    error = exact ? 0 : pleats_round_up(ldexp(error, -exponent));
    if (!isfinite(magnitude) || isnan(error))
        error = magnitude = INFINITY;
    magnitude = pleats_perturb_form(PLEATS_PERTURB_ROW, 0, (size_t)width, entry,
                                    1, &error, magnitude);
    return (pleats_bounds){
        error, magnitude,
        pleats_round_up(error + pleats_gamma(width + 2) * magnitude)};
}

/* *a -= b; whether the difference is exact. */
static bool subtract(double *a, double b)
{
    double lost;
    *a = pleats_difference(*a, b, &lost);
    return lost == 0;
}

pleats_bounds pleats_plane_row(const pleats_forms *f, pleats_hyperplane plane,
                               double *entry)
{
    pleats_idx width = f->k + 1;
    const double *a = pleats_forms_entry(f, plane.a);
    double error = f->error[plane.a], size = f->magnitude[plane.a];
    bool exact = true;
    memcpy(entry, a, (size_t)width * sizeof *entry);
    if (plane.b >= 0) {
        const double *b = pleats_forms_entry(f, plane.b);
        for (pleats_idx c = 0; c < width; c++)
            exact = subtract(&entry[c], b[c]) && exact;
        error += f->error[plane.b];
        size += f->magnitude[plane.b];
    }
    exact = subtract(&entry[f->k], plane.at) && exact;
    size += fabs(plane.at);
    if (!exact)
        error = pleats_round_up(error + 4 * DBL_EPSILON * size);
    else if (plane.b >= 0 && error != 0)
        error = pleats_round_up(error);
    return scale(entry, width, error);
}

pleats_bounds pleats_row_to_doubles(mpz_t *row, pleats_idx k, double *entry)
{
    const size_t width = (size_t)k + 1;
    double error = 0;
    long exponent, largest = 0;
    for (size_t c = 0; c < width; c++) {
        (void)mpz_get_d_2exp(&exponent, row[c]);
        largest = exponent > largest ? exponent : largest;
    }
    for (size_t c = 0; c < width; c++) {
        double fraction = mpz_get_d_2exp(&exponent, row[c]);
        entry[c] = ldexp(fraction, (int)(exponent - largest));
        error += fabs(entry[c]) * DBL_EPSILON;
    }
    return scale(entry, k + 1, pleats_round_up(error));
}

/* Wall i is the frame's row i. */
static pleats_status push_frame_row(pleats_walls *w, pleats_idx i,
                                    double *entry)
{
    const pleats_idx k = w->frame->k;
    const pleats_bounds bounds = pleats_row_to_doubles(
        w->frame->row + (size_t)i * ((size_t)k + 1), k, entry);
    return pleats_walls_push(w, (pleats_hyperplane){-1, -1, 0}, 1, entry,
                             bounds);
}

pleats_status pleats_walls_init(pleats_ctx *ctx, pleats_walls *w,
                                const pleats_frame *frame, pleats_forms *forms,
                                pleats_exact_forms *exact)
{
    pleats_status status = PLEATS_OK;
    double *entry = NULL;
    *w = (pleats_walls){
        .ctx = ctx, .frame = frame, .forms = forms, .exact = exact};
    TRY(pleats_alloc(ctx, (size_t)frame->k + 1, sizeof *entry, &entry));
    for (pleats_idx i = 0; i < frame->m; i++)
        TRY(push_frame_row(w, i, entry));
done:
    pleats_release(ctx, entry);
    return status;
}

void pleats_walls_clear(pleats_walls *w)
{
    if (!w->ctx)
        return;
    for (pleats_idx i = 0; i < w->n_allocated; i++)
        pleats_integers_free(w->ctx, w->row[i], (size_t)w->frame->k + 1);
    pleats_release(w->ctx, w->entry);
    pleats_release(w->ctx, w->bounds);
    pleats_release(w->ctx, w->plane);
    pleats_release(w->ctx, w->sign);
    pleats_release(w->ctx, w->row);
    pleats_release(w->ctx, w->has_row);
    *w = (pleats_walls){0};
}

pleats_status pleats_walls_push_plane(pleats_walls *w, pleats_hyperplane plane,
                                      int sign)
{
    pleats_status status = PLEATS_OK;
    size_t need = (size_t)w->n + 1;
    TRY(pleats_grow(w->ctx, &w->plane, &w->plane_capacity, need,
                    sizeof *w->plane));
    TRY(pleats_grow(w->ctx, &w->sign, &w->sign_capacity, need,
                    sizeof *w->sign));
    TRY(pleats_grow(w->ctx, &w->row, &w->row_capacity, need, sizeof *w->row));
    TRY(pleats_grow(w->ctx, &w->has_row, &w->has_row_capacity, need,
                    sizeof *w->has_row));
    w->plane[w->n] = plane;
    w->sign[w->n] = sign;
    w->has_row[w->n] = false;
    w->n++;
done:
    return status;
}

pleats_status pleats_walls_push(pleats_walls *w, pleats_hyperplane plane,
                                int sign, const double *entry,
                                pleats_bounds bounds)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)w->frame->k + 1, i = (size_t)w->n;
    TRY(pleats_grow(w->ctx, &w->entry, &w->entry_capacity, (i + 1) * width,
                    sizeof *w->entry));
    TRY(pleats_grow(w->ctx, &w->bounds, &w->bounds_capacity, i + 1,
                    sizeof *w->bounds));
    for (size_t c = 0; c < width; c++)
        w->entry[i * width + c] = sign > 0 ? entry[c] : -entry[c];
    w->bounds[i] = bounds;
    TRY(pleats_walls_push_plane(w, plane, sign));
done:
    return status;
}

pleats_status pleats_walls_row(pleats_walls *w, pleats_idx i, mpz_t **row)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)w->frame->k + 1;
    if (i < w->frame->m) {
        *row = w->frame->row + (size_t)i * width;
        return PLEATS_OK;
    }
    for (; w->n_allocated <= i; w->n_allocated++)
        TRY(pleats_integers_new(w->ctx, width, &w->row[w->n_allocated]));
    if (!w->has_row[i]) {
        pleats_hyperplane p = w->plane[i];
        TRY(pleats_exact_forms_difference(w->ctx, w->exact, p.a, p.b, p.at,
                                          w->row[i]));
        for (size_t c = 0; w->sign[i] < 0 && c < width; c++)
            mpz_neg(w->row[i][c], w->row[i][c]);
        w->has_row[i] = true;
    }
    *row = w->row[i];
done:
    return status;
}
