/* Affine steps for many points at once.
 *
 * Rows that read the same scalars (all rows of a dense step; those of all
 * output channels of a convolution at one position) are worked out together: a
 * tile of up to six rows and all lanes stays in registers while it goes over
 * the terms, with the tile's weights side by side in memory.  Nothing is copied
 * together for a convolution: a term is found by its index. */
#ifndef PLEATS_SAMPLE_AFFINE_H
#define PLEATS_SAMPLE_AFFINE_H

#include "sample/lanes.h"

/* The weights of rows with the same terms: blocks of terms, in a block tiles of
 * rows, in a tile term by term. */
typedef struct {
    pleats_idx n_rows, n_terms;
    double *weight; /* [n_rows x n_terms] in that order */
    double *bias;   /* [n_rows] */
} pleats_packed_rows;

typedef struct {
    const pleats_step *step;
    pleats_idx n_packed;
    pleats_packed_rows *packed; /* [n_packed] DENSE: 1, CONV: one a group */
    pleats_idx *in;             /* CONV: [n_in], `zero` for -1 */
    pleats_idx zero;            /* a scalar that is always 0 */
} pleats_affine;

/* The step must live as long. */
PLEATS_NODISCARD pleats_status pleats_affine_init(pleats_ctx *ctx,
                                                  pleats_affine *affine,
                                                  const pleats_step *step,
                                                  pleats_idx zero);
void pleats_affine_clear(pleats_ctx *ctx, pleats_affine *affine);

/* Writes the step's scalars; scratch [most terms of a row]. */
void pleats_affine_run(const pleats_affine *affine, double *value,
                       pleats_idx *scratch);

#endif
