/* What must hold for a part that a person wrote down. */
#include "domain/domain_check.h"

#include "exact/rational.h"

pleats_status pleats_part_check_bounds(pleats_ctx *ctx, const char *place,
                                       const pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    char *lo = NULL, *hi = NULL;
    pleats_idx j = 0;
    while (j < part->k && !(part->has_lo[j] && part->has_hi[j] &&
                            mpq_cmp(part->lo[j], part->hi[j]) > 0))
        j++;
    if (j == part->k)
        return PLEATS_OK;
    TRY(pleats_rational_text(ctx, part->lo[j], &lo));
    TRY(pleats_rational_text(ctx, part->hi[j], &hi));
    TRY(pleats_fail(ctx, PLEATS_INVALID,
                    "%s: the interval of coordinate %d, [%s, %s], is empty: "
                    "its lower end must not be above its upper end",
                    place, j, lo, hi));
done:
    pleats_release(ctx, lo);
    pleats_release(ctx, hi);
    return status;
}

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

pleats_status pleats_part_is_slice(pleats_ctx *ctx, const pleats_part *part,
                                   pleats_idx n_inputs, bool *is_slice)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)part->k, n = (size_t)n_inputs;
    mpq_t *row = NULL;
    size_t rank = 0;
    TRY(pleats_rational_array(ctx, k * n, &row));
    for (size_t i = 0; i < k * n; i++)
        mpq_set(row[i], part->direction[i]);
    for (size_t c = 0; c < n && rank < k; c++) {
        TRY(pleats_check_work(ctx, k * n * 100));
        if (bring_up(row, k, n, rank, c))
            eliminate(row, k, n, rank++, c);
    }
    *is_slice = rank == k;
done:
    pleats_rational_array_free(ctx, k * n, row);
    return status;
}
