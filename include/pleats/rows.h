/* Data rows: inputs of a network. */
#ifndef PLEATS_ROWS_H
#define PLEATS_ROWS_H

#include "pleats/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pleats_rows pleats_rows;

/* Input rows from array `x` of an .npz file (float32 or float64; first axis
 * is the row), or from a .json file: a list of rows, or an object with such a
 * list under "x"; nested lists are flattened.  PLEATS_INVALID unless every row
 * has n_inputs finite numbers. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_rows_read(pleats_ctx *ctx, const char *path, int32_t n_inputs,
                 pleats_give pleats_rows **out);

/* Rows x [n_rows x n_inputs], row-major, which are copied.  `name` stands for
 * them in messages and descriptions; NULL: "rows".  PLEATS_INVALID when one of
 * the numbers is not finite. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_rows_from_array(
    pleats_ctx *ctx, int64_t n_rows, int32_t n_inputs, const double *x,
    const char *name, pleats_give pleats_rows **out);

/* NULL is fine. */
PLEATS_API void pleats_rows_free(pleats_ctx *ctx,
                                 pleats_take pleats_rows *rows);

PLEATS_API int64_t pleats_rows_count(const pleats_rows *rows);
/* Row i [n_inputs], lent. */
PLEATS_API const double *pleats_rows_row(const pleats_rows *rows, int64_t i);

#ifdef __cplusplus
}
#endif
#endif
