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

#endif
