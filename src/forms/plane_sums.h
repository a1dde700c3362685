/* Sums of columns in a plane, of n <= 2 vectors of rows at a time, which stay
 * in registers: x, y, the constant and the bound of each.  To be inlined with n
 * known.  Included by sources alone, once for each kind of vector
 * (base/kind.h). */
typedef struct {
    VECTOR x[2], y[2], z[2], bound[2];
} KIND(sums);

/* The biases of the rows, and the bounds of their rounding. */
PLEATS_WITHIN void KIND(start_sums)(const double *bias, const double *bias_size,
                                    double gamma, size_t n, KIND(sums) * s)
{
    const VECTOR none = {0};
#pragma GCC unroll 2
    for (size_t v = 0; v < n; v++) {
        s->x[v] = s->y[v] = none;
        s->z[v] = *(const VECTOR *)(bias + v * LANES);
        s->bound[v] = gamma * *(const VECTOR *)(bias_size + v * LANES);
    }
}

/* Of the rows from `sum` on, whose entries lie `rows` apart. */
PLEATS_WITHIN void KIND(load_sums)(const double *sum, size_t rows, size_t n,
                                   KIND(sums) * s)
{
#pragma GCC unroll 2
    for (size_t v = 0; v < n; v++, sum += LANES) {
        s->x[v] = *(const VECTOR *)sum;
        s->y[v] = *(const VECTOR *)(sum + rows);
        s->z[v] = *(const VECTOR *)(sum + 2 * rows);
        s->bound[v] = *(const VECTOR *)(sum + 3 * rows);
    }
}

PLEATS_WITHIN void KIND(store_sums)(const KIND(sums) * s, size_t rows, size_t n,
                                    double *sum)
{
#pragma GCC unroll 2
    for (size_t v = 0; v < n; v++, sum += LANES) {
        *(VECTOR *)sum = s->x[v];
        *(VECTOR *)(sum + rows) = s->y[v];
        *(VECTOR *)(sum + 2 * rows) = s->z[v];
        *(VECTOR *)(sum + 3 * rows) = s->bound[v];
    }
}

/* Adds a column times a form, whose entries lie `apart`, and whose bound is
 * `last`. */
PLEATS_WITHIN void KIND(add_term)(const double *weight, const double *form,
                                  size_t apart, const double *last, size_t n,
                                  KIND(sums) * s)
{
#pragma GCC unroll 2
    for (size_t v = 0; v < n; v++, weight += LANES) {
        const VECTOR w = *(const VECTOR *)weight;
        s->x[v] += w * form[0];
        s->y[v] += w * form[apart];
        s->z[v] += w * form[2 * apart];
        s->bound[v] += (VECTOR)((BITS)w & INT64_MAX) * *last;
    }
}

/* n vectors of rows from `row` on get n_terms columns times their forms, whose
 * entries begin at `from` and whose bounds at `last`; is_start: they begin with
 * these.  To be inlined with that known. */
PLEATS_WITHIN void KIND(add_terms)(const pleats_columns *c, double gamma,
                                   size_t n_terms,
                                   const pleats_column_term *term,
                                   const double *from, size_t apart,
                                   const double *last, bool is_start,
                                   size_t row, size_t n, double *sum)
{
    const size_t rows = pleats_columns_rows(c);
    const pleats_column_term *end = term + n_terms;
    const double *weight = c->weight + row;
    KIND(sums) sums;
    if (is_start)
        KIND(start_sums)(c->bias + row, c->bias_size + row, gamma, n, &sums);
    else
        KIND(load_sums)(sum + row, rows, n, &sums);
    for (; term < end; term++)
        KIND(add_term)
    (weight + term->weight, from + term->form, apart, last + term->form, n,
     &sums);
    KIND(store_sums)(&sums, rows, n, sum + row);
}

/* So many columns at a time, that they are read once from memory. */
enum { KIND(columns) = 16 };

/* All rows, two vectors at a time. */
PLEATS_WITHIN void
KIND(sum_terms)(const pleats_columns *c, double gamma, size_t n_terms,
                const pleats_column_term *term, const double *from,
                size_t apart, const double *last, bool is_start, double *sum)
{
    const size_t rows = pleats_columns_rows(c);
    const pleats_column_term *end = term + n_terms;
    size_t some = n_terms < KIND(columns) ? n_terms : KIND(columns);
    for (size_t row = 0; is_start && row < rows; row += 2 * LANES)
        KIND(add_terms)
    (c, gamma, some, term, from, apart, last, true, row, 2, sum);
    for (term += is_start ? some : 0; term < end; term += some) {
        some = (size_t)(end - term);
        some = some < KIND(columns) ? some : KIND(columns);
        for (size_t row = 0; row < rows; row += 2 * LANES)
            KIND(add_terms)
        (c, gamma, some, term, from, apart, last, false, row, 2, sum);
    }
}
