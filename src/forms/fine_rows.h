/* Weighted sums of forms, each form in two doubles: many rows at once, which
 * read the same forms.
 *
 * All entries of a row are added up from a large number S = 1.5 * 2^e on, so
 * large that every partial sum stays between 2^e and 2^(e+1).  There
 *
 *     t = fma(w, x, S),  d = t - S,  r = fma(w, x, -d)
 *
 * d is exact, so that r is what rounding lost, up to its own last bit
 * [Rump et al. 2008].  The lost parts are added up aside, together with
 * the products of the low parts: five operations for a product and its sum.
 * Processors without such an instruction get the same numbers from the C
 * library, slowly.
 */
#ifndef PLEATS_FORMS_FINE_ROWS_H
#define PLEATS_FORMS_FINE_ROWS_H

#include "base/base.h"

#include <string.h>

/* Rows over the same columns. */
typedef struct {
    size_t n, rows;       /* rows: n, from 2 on up to a multiple of 8 */
    const double *weight; /* [columns x rows] */
    const double *size;   /* [rows] at least the sum of a row's |weights| */
    const double *bias;   /* [rows] */
    bool has_tiny;        /* some weight might vanish in a product */
} pleats_fine_rows;

/* A form, high + low, off by at most `error` in the sum of all entries. */
typedef struct {
    size_t column;
    const double *high, *low;          /* [width] */
    double error, magnitude, low_size; /* of sums of |high| and of |low|: at
                                          least the largest entry */
} pleats_fine_term;

/* What comes out: row i, entry c is high[c * rows + i] + low[c * rows + i]. */
typedef struct {
    size_t width;
    double *high, *low; /* [width x most rows] */
    double *error;      /* [most rows] as above; 0: the row has no terms and is
                           just its bias; infinite or NaN: not known */
    double *size, *low_size; /* [most rows] sums of |high| and of |low|, as
                                they come out in doubles */
    double *start;           /* [most rows] room */
} pleats_fine_sums;

PLEATS_NODISCARD pleats_status pleats_fine_sums_init(pleats_ctx *ctx,
                                                     pleats_fine_sums *sums,
                                                     size_t width,
                                                     size_t most_rows);
void pleats_fine_sums_clear(pleats_ctx *ctx, pleats_fine_sums *sums);

/* sums = bias + sum of weight * form, over n terms; the bias belongs to the
 * last entry. */
void pleats_fine_sums_run(pleats_fine_sums *sums, const pleats_fine_rows *rows,
                          size_t n, const pleats_fine_term *term);

/* 1.5 * 2^e where 2^(e-1) is the least power of two above x > 0: partial sums
 * up to x leave S in [2^e, 2^(e+1)]. */
PLEATS_WITHIN double pleats_fine_start_of(double x)
{
    const uint64_t exponent = (uint64_t)0x7ff << 52;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits &= exponent;
    memcpy(&x, &bits, sizeof x);
    return 6 * x;
}

/* Whether the processor has the instruction that all this is made of. */
bool pleats_fine_is_fast(void);

#endif
