#include "exact/echelon.h"

/* Takes multiples of row r from the rows behind it, such that they are 0 in
 * column c. */
static void eliminate(mpq_t *row, size_t n_rows, size_t n, size_t r, size_t c)
{
    mpq_t by, term;
    mpq_init(by);
    mpq_init(term);
    for (size_t i = r + 1; i < n_rows; i++) {
        mpq_div(by, row[i * n + c], row[r * n + c]);
        for (size_t j = c; j < n && mpq_sgn(by) != 0; j++) {
            mpq_mul(term, by, row[r * n + j]);
            mpq_sub(row[i * n + j], row[i * n + j], term);
        }
    }
    mpq_clear(by);
    mpq_clear(term);
}

/* Row r changes places with one behind it that is not 0 in column c, if there
 * is one. */
static bool bring_up(mpq_t *row, size_t n_rows, size_t n, size_t r, size_t c)
{
    size_t p = r;
    while (p < n_rows && mpq_sgn(row[p * n + c]) == 0)
        p++;
    for (size_t j = 0; p < n_rows && p > r && j < n; j++)
        mpq_swap(row[r * n + j], row[p * n + j]);
    return p < n_rows;
}

pleats_status pleats_rationals_echelon(pleats_ctx *ctx, mpq_t *row,
                                       size_t n_rows, size_t n, size_t most,
                                       size_t *column, size_t *rank)
{
    pleats_status status = PLEATS_OK;
    *rank = 0;
    for (size_t c = 0; c < most && *rank < n_rows; c++) {
        TRY(pleats_check_work(ctx, n_rows * n * 100));
        if (!bring_up(row, n_rows, n, *rank, c))
            continue;
        eliminate(row, n_rows, n, *rank, c);
        if (column)
            column[*rank] = c;
        ++*rank;
    }
done:
    return status;
}

void pleats_rationals_back_substitute(mpq_t *row, size_t m, size_t n,
                                      mpq_t *out)
{
    const size_t width = n - m;
    mpq_t term;
    mpq_init(term);
    for (size_t i = m; i-- > 0;)
        for (size_t j = 0; j < width; j++) {
            mpq_ptr to = out[i * width + j];
            mpq_set(to, row[i * n + m + j]);
            for (size_t l = i + 1; l < m; l++) {
                mpq_mul(term, row[i * n + l], out[l * width + j]);
                mpq_sub(to, to, term);
            }
            mpq_div(to, to, row[i * n + i]);
        }
    mpq_clear(term);
}
