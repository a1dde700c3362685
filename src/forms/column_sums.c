#include "forms/columns.h"

#include "base/perturb.h"
#include "base/wide.h"

#include <math.h>
#include <string.h>

#define LANES 4
#include "base/kind.h"
#include "forms/plane_sums.h"
#include "forms/sum_bounds.h"

enum {
    A_FEW = 8 /* one of so many units is added by its column, or has its form
                 set alone (measured) */
};

void pleats_columns_perturb(const pleats_columns *c, const pleats_forms *f,
                            double *sum)
{
#if PLEATS_PERTURB
    const pleats_form_sums at = pleats_columns_sums(c, f, sum);
    const size_t width = (size_t)f->k + 1;
    for (pleats_idx i = 0; i < c->target->n_out; i++) {
        double *row = sum + (size_t)i * at.row;
        (void)pleats_perturb_form(PLEATS_PERTURB_SUM, i, width, row, at.column,
                                  row + width * at.column, 0);
    }
#else
    (void)c, (void)f, (void)sum;
#endif
}

/* row += the known terms of output i, entries `apart` from each other. */
static void add_known(const pleats_columns *c, const pleats_forms *f,
                      pleats_idx i, double *row, size_t apart)
{
    const pleats_step *s = c->target;
    const size_t bound = (size_t)f->k + 1;
    for (pleats_idx j = s->start[i]; j < s->start[i + 1]; j++) {
        const double w = s->weight[j];
        if (s->in[j] >= c->units->out)
            continue;
        const double *form = pleats_forms_entry(f, s->in[j]);
        for (size_t e = 0; e < bound; e++)
            row[e * apart] += w * form[e];
        row[bound * apart] += fabs(w) * form[bound];
    }
}

/* To be inlined with `apart` known, the numbers from one output to the next. */
PLEATS_WITHIN void set_biases(const pleats_columns *c, double gamma, size_t n,
                              size_t apart, double *restrict constant,
                              double *restrict bound)
{
    for (size_t i = 0; i < n; i++) {
        constant[i * apart] = c->bias[i];
        bound[i * apart] = gamma * c->bias_size[i];
    }
}

/* The entry after the constant gathers sum |weight| (error + gamma magnitude)
 * + gamma |bias|, the bound of the sum's error. */
void pleats_columns_start(const pleats_columns *c, const pleats_forms *f,
                          double *sum)
{
    const pleats_form_sums to = pleats_columns_sums(c, f, sum);
    const size_t n = (size_t)c->target->n_out;
    double *constant = sum + (size_t)f->k * to.column;
    double *bound = constant + to.column;
    memset(sum, 0, pleats_columns_size(c, f) * sizeof *sum);
    if (c->is_dense)
        set_biases(c, f->gamma, n, 1, constant, bound);
    else
        set_biases(c, f->gamma, n, to.row, constant, bound);
    for (size_t i = 0; i < n && c->knows_forms; i++)
        add_known(c, f, (pleats_idx)i, sum + i * to.row, to.column);
}

/* sum[rows of the column, entries 4 part ..] += weight * form. */
PLEATS_WITHIN void add_column(const pleats_columns *c, pleats_idx unit,
                              const double *form, size_t stride,
                              const four_bits *mask, double *sum)
{
    const four part = *(const four *)form;
    for (size_t t = c->start[unit]; t < c->start[unit + 1]; t++) {
        const double w = c->weight[t];
        const four weight = {w, w, w, w};
        four *to = (four *)(sum + (size_t)c->row[t] * stride);
        *to += (four)((four_bits)weight & *mask) * part;
    }
}

/* Columns with gaps, one by one. */
PLEATS_WITHIN void add_sparse(const pleats_columns *c, const pleats_forms *f,
                              pleats_idx n, const pleats_idx *unit,
                              const pleats_idx *source, double *sum)
{
    const size_t bound = (size_t)f->k + 1, stride = f->stride;
    for (size_t j = 0; j < stride; j += 4) {
        const double *form = f->entry + j;
        four_bits mask = {-1, -1, -1, -1};
        if (j <= bound && bound < j + 4)
            mask[bound - j] = INT64_MAX;
        for (pleats_idx i = 0; i < n; i++)
            add_column(c, unit[i], form + (size_t)source[i] * stride, stride,
                       &mask, sum + j);
    }
}

/* An entry of n <= 8 whole columns: sum [padded rows] += |weight|, or weight,
 * times the entries `form` of their forms.  To be inlined with n known. */
PLEATS_WITHIN void add_entry(const pleats_columns *c, size_t n,
                             const double *const *weight, const double *form,
                             bool absolute, double *sum)
{
    const size_t rows = pleats_columns_rows(c);
    for (size_t i = 0; i < rows; i += 8) {
        four t0 = *(const four *)(sum + i), t1 = *(const four *)(sum + i + 4);
        for (size_t u = 0; u < n; u++) {
            four w0 = *(const four *)(weight[u] + i);
            four w1 = *(const four *)(weight[u] + i + 4);
            if (absolute) {
                w0 = (four)((four_bits)w0 & SIZE);
                w1 = (four)((four_bits)w1 & SIZE);
            }
            t0 += w0 * form[u];
            t1 += w1 * form[u];
        }
        *(four *)(sum + i) = t0;
        *(four *)(sum + i + 4) = t1;
    }
}

/* n <= 8 whole columns times their forms, whose entries lie `apart`.  To be
 * inlined with n known. */
PLEATS_WITHIN void add_whole(const pleats_columns *c, size_t k, size_t n,
                             const pleats_column_term *term, const double *from,
                             size_t apart, double *sum)
{
    const size_t rows = pleats_columns_rows(c);
    const double *weight[8], *form[8];
    double entry[8];
    for (size_t u = 0; u < n; u++) {
        weight[u] = c->weight + term[u].weight;
        form[u] = from + term[u].form;
    }
    for (size_t j = 0; j <= k + 1; j++, sum += rows) {
        for (size_t u = 0; u < n; u++)
            entry[u] = form[u][j * apart];
        if (j <= k)
            add_entry(c, n, weight, entry, false, sum);
        else
            add_entry(c, n, weight, entry, true, sum);
    }
}

PLEATS_WITHIN void add_dense(const pleats_columns *c, size_t k, size_t n,
                             const pleats_column_term *term, const double *from,
                             size_t apart, double *sum)
{
    for (; n >= 8; n -= 8, term += 8)
        add_whole(c, k, 8, term, from, apart, sum);
    if (n >= 4) {
        add_whole(c, k, 4, term, from, apart, sum);
        n -= 4, term += 4;
    }
    if (n >= 2) {
        add_whole(c, k, 2, term, from, apart, sum);
        n -= 2, term += 2;
    }
    if (n > 0)
        add_whole(c, k, 1, term, from, apart, sum);
}

/* The terms of units. */
PLEATS_WITHIN void list_terms(const pleats_columns *c, const pleats_forms *f,
                              const pleats_noted *noted)
{
    const size_t rows = pleats_columns_rows(c);
    for (pleats_idx i = 0; i < noted->n; i++)
        noted->term[i] =
            (pleats_column_term){(size_t)noted->unit[i] * rows,
                                 (size_t)noted->source[i] * f->stride};
}

PLEATS_WIDE
static void add_columns(const pleats_columns *c, const pleats_forms *f,
                        const pleats_noted *noted, double *sum)
{
    const size_t n = (size_t)noted->n;
    if (!c->is_dense) {
        add_sparse(c, f, noted->n, noted->unit, noted->source, sum);
        return;
    }
    list_terms(c, f, noted);
    if (f->k == 2)
        sum_terms_four(c, 0, n, noted->term, f->entry, 1, f->entry + 3, false,
                       sum);
    else
        add_dense(c, (size_t)f->k, n, noted->term, f->entry, 1, sum);
}

void pleats_columns_add(const pleats_columns *c, const pleats_forms *f,
                        const pleats_noted *noted, double *sum)
{
    if (c->positions.step && noted->n >= c->units->n_out / A_FEW) {
        for (pleats_idx i = 0; i < c->units->n_out; i++)
            noted->place[i] = -1;
        for (pleats_idx i = 0; i < noted->n; i++)
            noted->place[noted->unit[i]] = noted->source[i];
        pleats_positions_add(&c->positions, f, c->units->out, noted->place,
                             sum);
    } else {
        add_columns(c, f, noted, sum);
    }
    pleats_columns_perturb(c, f, sum);
}

/* Makes the errors of sums the bounds of forms. */
PLEATS_WITHIN void set_bounds(const pleats_columns *c, size_t k, double gamma,
                              double *sum)
{
    const size_t rows = pleats_columns_rows(c);
    for (size_t i = 0; i < rows; i += 4) {
        double *at = sum + i;
        four size = {0};
        for (size_t e = 0; e <= k; e++, at += rows)
            size += (four)(*(const four_bits *)at & SIZE);
        find_bounds_four(c->has_tiny, gamma, (const four *)at, &size, at);
    }
}

PLEATS_WIDE
static void pass_on(const pleats_columns *c, size_t k, double gamma,
                    const pleats_idx *piece, pleats_column_term *term,
                    double *from, double *sum)
{
    const size_t n_out = (size_t)c->behind->units->n_out;
    size_t n = 0;
    for (size_t i = 0; i < n_out; i++) {
        term[n] = c->term[i];
        n += piece[i] == c->passing;
    }
    set_bounds(c, k, gamma, from);
    add_dense(c->behind, k, n, term, from, pleats_columns_rows(c), sum);
}

void pleats_columns_pass(const pleats_columns *c, const pleats_forms *f,
                         const pleats_idx *piece, const pleats_noted *room,
                         double *from, double *sum)
{
    pleats_columns_start(c->behind, f, sum);
    pass_on(c, (size_t)f->k, f->gamma, piece, room->term, from, sum);
    pleats_columns_perturb(c->behind, f, sum);
}

void pleats_columns_finish(const pleats_columns *c, pleats_forms *f,
                           const double *sum, pleats_idx n,
                           const pleats_idx *scalar)
{
    const pleats_form_sums sums = pleats_columns_sums(c, f, sum);
    const pleats_idx rows = c->target->n_out;
    if (!scalar)
        pleats_forms_set(f, rows, &sums, c->target->divisor);
    else if (f->k == 2 && c->is_dense && n >= rows / A_FEW && !PLEATS_PERTURB)
        pleats_forms_set_plane(f, rows, &sums);
    else
        pleats_forms_set_some(f, n, scalar, &sums);
}
