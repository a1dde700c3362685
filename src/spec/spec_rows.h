/* Rows of scalars: what pools, maxout, normalisation and sums of a spec read.
 */
#ifndef PLEATS_SPEC_SPEC_ROWS_H
#define PLEATS_SPEC_SPEC_ROWS_H

#include "spec/spec.h"

enum { PLEATS_MAX_LAYER_SIZE = 1 << 30 };

/* Row i reads in[start[i]] .. in[start[i+1]-1]. */
typedef struct {
    pleats_idx n, n_terms;
    pleats_idx *start; /* [n + 1] */
    pleats_idx *in;    /* [n_terms], and room for what was asked for */
    double *weight;    /* of the same length, ones */
} pleats_spec_rows;

/* `*out` gets the product of the factors (1 of none); PLEATS_LIMIT when one is
 * below 1 or the product beyond PLEATS_MAX_LAYER_SIZE. */
PLEATS_NODISCARD pleats_status pleats_spec_multiply(pleats_ctx *ctx,
                                                    pleats_idx n,
                                                    const int64_t *factor,
                                                    size_t *out);

/* The sizes of a shape, channels first; returns how many there are. */
enum { PLEATS_SPEC_MAX_DIMS = 1 + PLEATS_MAX_SPATIAL };
pleats_idx pleats_shape_dims(const pleats_shape *shape,
                             int64_t dims[PLEATS_SPEC_MAX_DIMS]);

/* Room for one row, of at most `width` terms, for each scalar of `shape`. */
PLEATS_NODISCARD pleats_status pleats_spec_rows_new(pleats_ctx *ctx,
                                                    const pleats_shape *shape,
                                                    int64_t width,
                                                    pleats_spec_rows *out);
void pleats_spec_rows_clear(pleats_ctx *ctx, pleats_spec_rows *rows);
void pleats_spec_rows_add(pleats_spec_rows *rows, pleats_idx scalar);
void pleats_spec_rows_end(pleats_spec_rows *rows);

/* The windows of a pool on the tensor whose first scalar is `first`: of each
 * channel and position the entries that are not padding.  `*volume` gets the
 * size of a whole window. */
PLEATS_NODISCARD pleats_status
pleats_spec_rows_pool(pleats_ctx *ctx, const pleats_layer_spec *pool,
                      pleats_idx first, size_t *volume, pleats_spec_rows *out);

#endif
