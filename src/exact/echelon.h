/* Rational matrices in echelon form. */
#ifndef PLEATS_EXACT_ECHELON_H
#define PLEATS_EXACT_ECHELON_H

#include "base/base.h"

#include <gmp.h>

/* Brings row [n_rows x n] to echelon form: rows change places, and multiples of
 * rows are taken from those behind them.  So the determinant of as many columns
 * as rows is the product of the pivots, up to its sign.  Pivots are in the
 * first `most` columns, each as far left as can be: column [*rank], unless it
 * is NULL.  Cost: n_rows^2 n. */
PLEATS_NODISCARD pleats_status
pleats_rationals_echelon(pleats_ctx *ctx, mpq_t *row, size_t n_rows, size_t n,
                         size_t most, size_t *column, size_t *rank);

/* out [m x (n - m)], with A out = B where the first m rows of row [.. x n] are
 * A B, A being upper triangular without a 0 on its diagonal. */
void pleats_rationals_back_substitute(mpq_t *row, size_t m, size_t n,
                                      mpq_t *out);

#endif
