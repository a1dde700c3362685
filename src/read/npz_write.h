/* Arrays as an .npz file. */
#ifndef PLEATS_READ_NPZ_WRITE_H
#define PLEATS_READ_NPZ_WRITE_H

#include "base/base.h"
#include "pleats/output.h"

typedef enum {
    PLEATS_NPZ_DOUBLE, /* double */
    PLEATS_NPZ_INT32,  /* int32_t */
    PLEATS_NPZ_BYTE,   /* unsigned char */
    PLEATS_NPZ_FLAG,   /* bool */
    PLEATS_NPZ_TEXT    /* char: one text of dims[0] bytes, an array without
                          dimensions */
} pleats_npz_type;

typedef struct {
    const char *name;
    pleats_npz_type type;
    pleats_idx n_dims;   /* at most 8 */
    const int64_t *dims; /* [n_dims] */
    const void *value;   /* of the type, row-major */
} pleats_npz_part;

/* Writes the n arrays. */
PLEATS_NODISCARD pleats_status pleats_npz_write(pleats_ctx *ctx,
                                                pleats_output *out, size_t n,
                                                const pleats_npz_part *part);

#endif
