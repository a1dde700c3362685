/* Data rows: inputs of a network from .npz and .json files. */
#ifndef PLEATS_READ_ROWS_H
#define PLEATS_READ_ROWS_H

#include "base/base.h"

struct pleats_rows {
    char *path; /* the file they came from */
    pleats_idx n_inputs;
    int64_t count;
    double *data; /* [count x n_inputs], finite */
};
typedef struct pleats_rows pleats_rows;

/* Reads array `x` of an .npz file or the rows of a JSON file, as what is in it
 * says; "-" is standard input.  A flat list of n_inputs numbers is one row. */
PLEATS_NODISCARD pleats_status pleats_rows_load(pleats_ctx *ctx,
                                                const char *path,
                                                pleats_idx n_inputs,
                                                pleats_give pleats_rows **out);
/* Rows that are copied from x [count x n_inputs].  PLEATS_INVALID unless all
 * are finite. */
PLEATS_NODISCARD pleats_status pleats_rows_copy(pleats_ctx *ctx,
                                                const char *name, int64_t count,
                                                pleats_idx n_inputs,
                                                const double *x,
                                                pleats_give pleats_rows **out);
void pleats_rows_clear(pleats_ctx *ctx, pleats_take pleats_rows *rows);

#endif
