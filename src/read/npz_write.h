/* Arrays of doubles as an .npz file. */
#ifndef PLEATS_READ_NPZ_WRITE_H
#define PLEATS_READ_NPZ_WRITE_H

#include "base/base.h"
#include "pleats/output.h"

typedef struct {
    const char *name;
    pleats_idx n_dims;    /* at most 8 */
    const int64_t *dims;  /* [n_dims] */
    const double *number; /* row-major */
} pleats_npz_part;

/* Writes the n arrays. */
PLEATS_NODISCARD pleats_status pleats_npz_write(pleats_ctx *ctx,
                                                pleats_output *out, size_t n,
                                                const pleats_npz_part *part);

#endif
