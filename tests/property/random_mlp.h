/* Random fully connected networks whose numbers are short enough that the
 * changes of the invariance tests are exact in doubles. */
#ifndef PLEATS_PROPERTY_RANDOM_MLP_H
#define PLEATS_PROPERTY_RANDOM_MLP_H

#include "mlp.h"
#include "rng.h"

/* 2 to 4 hidden layers on n_inputs inputs, one output; with `homogeneous` only
 * activations that are linear on rays from 0. */
void random_mlp(rng *r, int32_t n_inputs, bool homogeneous, mlp *out);

#endif
