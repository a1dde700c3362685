#include "forms/fine_rows.h"

#include "base/doubles.h"
#include "base/wide.h"
#include "forms/forms.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The relative error of one rounding. */
#define UNIT (DBL_EPSILON / 2)

pleats_status pleats_fine_sums_init(pleats_ctx *ctx, pleats_fine_sums *s,
                                    size_t width, size_t most_rows)
{
    pleats_status status = PLEATS_OK;
    *s = (pleats_fine_sums){.width = width};
    TRY(pleats_alloc(ctx, width * most_rows, sizeof *s->high, &s->high));
    TRY(pleats_alloc(ctx, width * most_rows, sizeof *s->low, &s->low));
    TRY(pleats_alloc(ctx, most_rows, sizeof *s->error, &s->error));
    TRY(pleats_alloc(ctx, most_rows, sizeof *s->size, &s->size));
    TRY(pleats_alloc(ctx, most_rows, sizeof *s->low_size, &s->low_size));
    TRY(pleats_alloc(ctx, most_rows, sizeof *s->start, &s->start));
done:
    return status;
}

void pleats_fine_sums_clear(pleats_ctx *ctx, pleats_fine_sums *s)
{
    pleats_release(ctx, s->high);
    pleats_release(ctx, s->low);
    pleats_release(ctx, s->error);
    pleats_release(ctx, s->size);
    pleats_release(ctx, s->low_size);
    pleats_release(ctx, s->start);
    *s = (pleats_fine_sums){0};
}

bool pleats_fine_is_fast(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#elif defined(FP_FAST_FMA)
    return true;
#else
    return false;
#endif
}

/* Where sums of at most size * most and the bias begin.  (Arrays by themselves,
 * so that the compiler sees that they are apart: here and below.) */
PLEATS_WITHIN void set_starts(size_t rows, const double *restrict size,
                              const double *restrict bias, double most,
                              double *restrict first)
{
    for (size_t i = 0; i < rows; i++)
        first[i] = pleats_fine_start_of(
            pleats_round_up(size[i] * most + fabs(bias[i])));
}

/* The sums without terms; `most`: no entry of a form is larger. */
PLEATS_WITHIN void start(pleats_fine_sums *restrict s,
                         const pleats_fine_rows *restrict r, double most)
{
    const size_t rows = r->rows, last = s->width - 1;
    set_starts(rows, r->size, r->bias, most, s->start);
    for (size_t i = 0; i < rows; i++)
        s->error[i] = 0;
    for (size_t i = 0; i < rows; i++)
        s->size[i] = 0;
    for (size_t i = 0; i < rows; i++)
        s->low_size[i] = 0;
    for (size_t c = 0; c < last; c++)
        for (size_t i = 0; i < rows; i++) {
            s->high[c * rows + i] = s->start[i];
            s->low[c * rows + i] = 0;
        }
    for (size_t i = 0; i < rows; i++) {
        const double sum = s->start[i] + r->bias[i];
        s->high[last * rows + i] = sum;
        s->low[last * rows + i] = r->bias[i] - (sum - s->start[i]);
    }
}

/* Adds one entry of n forms.  To be inlined with n known. */
PLEATS_WITHIN void add_entry(size_t rows, size_t n, const double *const *weight,
                             const double *high, const double *low,
                             double *restrict sum, double *restrict rest)
{
    for (size_t i = 0; i < rows; i++) {
        double s = sum[i], lost = rest[i];
        for (size_t u = 0; u < n; u++) {
            const double w = weight[u][i];
            const double t = fma(w, high[u], s);
            lost += fma(w, high[u], s - t);
            lost = fma(w, low[u], lost);
            s = t;
        }
        sum[i] = s;
        rest[i] = lost;
    }
}

/* Adds |weight| error, of n forms. */
PLEATS_WITHIN void add_error(size_t rows, size_t n, const double *const *weight,
                             const double *error, double *restrict sum)
{
    for (size_t i = 0; i < rows; i++) {
        double s = sum[i];
        for (size_t u = 0; u < n; u++)
            s += fabs(weight[u][i]) * error[u];
        sum[i] = s;
    }
}

/* An error of 0 would not tell that there is a term. */
#define LEAST_ERROR 0x1p-900

PLEATS_WITHIN void add_terms(pleats_fine_sums *s, const pleats_fine_rows *r,
                             size_t n, const pleats_fine_term *term)
{
    const size_t rows = r->rows;
    const double *weight[4];
    double high[4], low[4], error[4];
    for (size_t u = 0; u < n; u++) {
        weight[u] = r->weight + term[u].column * rows;
        error[u] = term[u].error + LEAST_ERROR;
    }
    for (size_t c = 0; c < s->width; c++) {
        for (size_t u = 0; u < n; u++) {
            high[u] = term[u].high[c];
            low[u] = term[u].low[c];
        }
        add_entry(rows, n, weight, high, low, s->high + c * rows,
                  s->low + c * rows);
    }
    add_error(rows, n, weight, error, s->error);
}

/* What is lost while n terms are added: with Q = start * UNIT, not less than
 * any rounding of the large sums,
 *   n roundings of lost parts, each of which is at most Q;
 *   2 n roundings of their sum, which is at most (n + 1) Q + size * low, and
 *   one more at the end.
 * Both together, for every entry: n Q and 2 n + 1 of the others are less than
 * 2 n + 2 of the others. */
PLEATS_WITHIN void add_own_error(size_t rows, size_t width, size_t n,
                                 bool has_tiny, double low,
                                 const double *restrict size,
                                 const double *restrict first,
                                 double *restrict error)
{
    const double times = (double)(2 * n + 2) * (double)width * UNIT;
    const double least = has_tiny ? -1 : 0;
    for (size_t i = 0; i < rows; i++) {
        const double lost = (double)(n + 1) * (first[i] * UNIT);
        const double own = times * (lost + size[i] * low);
        const double counts = error[i] != least;
        error[i] = counts * pleats_round_up(error[i] + own);
    }
}

/* Takes the start away again, which is exact, and makes the low parts small
 * beside the high ones: exactly where b is not the larger part [Dekker 1971],
 * else with one rounding of b. */
PLEATS_WITHIN void finish(size_t rows, const double *restrict first,
                          double *restrict high, double *restrict low,
                          double *restrict size, double *restrict low_size)
{
    for (size_t i = 0; i < rows; i++) {
        const double a = high[i] - first[i], b = low[i];
        const double sum = a + b;
        high[i] = sum;
        low[i] = b - (sum - a);
        size[i] += fabs(high[i]);
        low_size[i] += fabs(low[i]);
    }
}

/* ---- a plane: four rows, all of whose sums stay in registers ---- */

/* to = a b + c, rounded once. */
PLEATS_WITHIN void fuse(const four *a, double b, const four *c, four *to)
{
    const four x = *a, y = *c;
    four sum;
    for (size_t j = 0; j < 4; j++)
        sum[j] = fma(x[j], b, y[j]);
    *to = sum;
}

/* What add_entry does with one form. */
PLEATS_WITHIN void add_product(const four *weight, double high, double low,
                               four *sum, four *rest)
{
    four after, lost;
    fuse(weight, high, sum, &after);
    const four gone = *sum - after;
    fuse(weight, high, &gone, &lost);
    *rest += lost;
    fuse(weight, low, rest, rest);
    *sum = after;
}

/* What finish does with one entry. */
PLEATS_WITHIN void finish_four(const four *first, const four *high,
                               const four *low, double *to_high, double *to_low,
                               four *size, four *low_size)
{
    const four a = *high - *first, b = *low, sum = a + b;
    const four rest = b - (sum - a);
    *(four *)to_high = sum;
    *(four *)to_low = rest;
    *size += (four)((four_bits)sum & SIZE);
    *low_size += (four)((four_bits)rest & SIZE);
}

/* The sums of rows i .. i + 3 and the errors of their terms. */
PLEATS_WITHIN void add_to_four(pleats_fine_sums *s, const pleats_fine_rows *r,
                               size_t n, const pleats_fine_term *term, size_t i)
{
    const size_t rows = r->rows;
    const double *weight = r->weight + i;
    const four first = *(const four *)(s->start + i);
    const four bias = *(const four *)(r->bias + i);
    four x = first, y = first, z = first + bias, error = {0}, size = {0};
    four x_low = {0}, y_low = {0}, z_low = bias - (z - first), low_size = {0};
    double *high = s->high + i, *low = s->low + i;
    for (size_t u = 0; u < n; u++) {
        const pleats_fine_term *t = &term[u];
        const four w = *(const four *)(weight + t->column * rows);
        add_product(&w, t->high[0], t->low[0], &x, &x_low);
        add_product(&w, t->high[1], t->low[1], &y, &y_low);
        add_product(&w, t->high[2], t->low[2], &z, &z_low);
        error += (four)((four_bits)w & SIZE) * (t->error + LEAST_ERROR);
    }
    finish_four(&first, &x, &x_low, high, low, &size, &low_size);
    finish_four(&first, &y, &y_low, high + rows, low + rows, &size, &low_size);
    finish_four(&first, &z, &z_low, high + 2 * rows, low + 2 * rows, &size,
                &low_size);
    *(four *)(s->error + i) = error;
    *(four *)(s->size + i) = size;
    *(four *)(s->low_size + i) = low_size;
}

PLEATS_WIDE
static void run_plane(pleats_fine_sums *s, const pleats_fine_rows *r, size_t n,
                      const pleats_fine_term *term, double most, double low)
{
    set_starts(r->rows, r->size, r->bias, most, s->start);
    for (size_t i = 0; i < r->rows; i += 4)
        add_to_four(s, r, n, term, i);
    add_own_error(r->rows, 3, n, r->has_tiny, low, r->size, s->start, s->error);
}

/* ---- any number of coordinates ---- */

PLEATS_WIDE
static void run(pleats_fine_sums *s, const pleats_fine_rows *r, size_t n,
                const pleats_fine_term *term, double most, double low)
{
    size_t i = 0;
    start(s, r, most);
    for (; i + 4 <= n; i += 4)
        add_terms(s, r, 4, term + i);
    if (i + 2 <= n) {
        add_terms(s, r, 2, term + i);
        i += 2;
    }
    if (i < n)
        add_terms(s, r, 1, term + i);
    add_own_error(r->rows, s->width, n, r->has_tiny, low, r->size, s->start,
                  s->error);
    for (size_t c = 0; c < s->width; c++)
        finish(r->rows, s->start, s->high + c * r->rows, s->low + c * r->rows,
               s->size, s->low_size);
}

void pleats_fine_sums_run(pleats_fine_sums *s, const pleats_fine_rows *r,
                          size_t n, const pleats_fine_term *term)
{
    double most = 0, low = 0;
    for (size_t i = 0; i < n; i++) {
        most = pleats_larger(most, term[i].magnitude);
        low = pleats_larger(low, term[i].low_size);
    }
    if (s->width == 3 && r->rows > 1)
        run_plane(s, r, n, term, most, low);
    else
        run(s, r, n, term, most, low);
}
