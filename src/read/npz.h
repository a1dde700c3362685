/* One array of numbers from an .npz file (a zip archive of .npy files). */
#ifndef PLEATS_READ_NPZ_H
#define PLEATS_READ_NPZ_H

#include "base/base.h"

enum { PLEATS_NPZ_MAX_DIMS = 32 };

typedef struct {
    int32_t n_dims;
    int64_t dims[PLEATS_NPZ_MAX_DIMS];
    int64_t count; /* product of the dims */
    double *data;  /* [count], row-major, finite */
} pleats_npz_array;

/* Reads the array `name` of the archive in bytes [n]: float32 or float64 of
 * either byte order, in C order.  Memory is the array and one buffer; the
 * array's size is checked against the archive before anything is allocated for
 * it. */
PLEATS_NODISCARD pleats_status pleats_npz_parse(pleats_ctx *ctx,
                                                const char *bytes, size_t n,
                                                const char *name,
                                                pleats_npz_array *out);
void pleats_npz_clear(pleats_ctx *ctx, pleats_npz_array *array);

#endif
