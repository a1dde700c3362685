/* Layers for tests, and the tables of their numbers. */
#ifndef PLEATS_TEST_LAYERS_H
#define PLEATS_TEST_LAYERS_H

#include "theory/layer/conv_layer.h"

typedef struct {
    const char *input;  /* "6", "6x7", "3x3x3" */
    const char *kernel; /* likewise */
    int64_t stride, pad, dilation, channels, filters, pieces;
    const char *formula;
    const char *truth; /* NULL: not known here */
} layer_row;

/* Padding along an axis of size 1 with a kernel of 1 is left out. */
pleats_conv_layer layer_of_row(const layer_row *row);

/* All rows of the tables. */
extern const layer_row layer_rows[];
extern const size_t n_layer_rows;

#endif
