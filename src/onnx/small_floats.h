/* Floating-point formats of 32 bits and fewer that files store: their values
 * are exact numbers in double. */
#ifndef PLEATS_ONNX_SMALL_FLOATS_H
#define PLEATS_ONNX_SMALL_FLOATS_H

#include <stdbool.h>
#include <stdint.h>

/* What the largest exponent means. */
typedef enum {
    PLEATS_FLOAT_IEEE,      /* infinity, or NaN with any fraction */
    PLEATS_FLOAT_FINITE,    /* ordinary numbers, but all ones is NaN */
    PLEATS_FLOAT_UNSIGNED0, /* ordinary numbers; -0 is NaN */
    PLEATS_FLOAT_ALL        /* ordinary numbers, all of them */
} pleats_float_top;

typedef struct {
    int exponent, fraction; /* bits */
    int bias;
    pleats_float_top top;
} pleats_float_format;

/* The format of an ONNX data type, NULL when the type is none of these. */
const pleats_float_format *pleats_float_format_of(int64_t data_type);
/* The number with these bits. */
double pleats_float_decode(const pleats_float_format *format, uint64_t bits);
/* The number of the format nearest to x, ties to even; beyond its largest
 * number infinity, or NaN where the format has none. */
double pleats_float_round(const pleats_float_format *format, double x);

#endif
