/* The text in front of the numbers of an .npy file. */
#ifndef PLEATS_READ_NPY_HEADER_H
#define PLEATS_READ_NPY_HEADER_H

#include "read/npz.h"

/* How one number is stored. */
typedef struct {
    const char *name; /* as in the header: "<f4" */
    bool is_big_endian;
    int32_t bytes;
} pleats_npy_type;

/* Reads the dictionary text [length] of an .npy header, such as
 * {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }: the type, and
 * dims and count of `array`.  PLEATS_INVALID for all that pleats_npz_read does
 * not take. */
PLEATS_NODISCARD pleats_status
pleats_npy_header_parse(pleats_ctx *ctx, const char *text, size_t length,
                        const pleats_npy_type **type, pleats_npz_array *array);

#endif
