/* Activations for tests, all with breakpoints, slopes and intercepts that are
 * exact in doubles. */
#ifndef PLEATS_TEST_ACTIVATIONS_H
#define PLEATS_TEST_ACTIVATIONS_H

#include "net/net.h"

typedef enum {
    ACT_RELU,
    ACT_LEAKY,
    ACT_ABS,
    /* the three above are linear on rays from 0 */
    ACT_HARDTANH,
    ACT_CLIP01,
    ACT_SHRINK, /* 0 on [-1, 1], else the distance to it with x's sign */
    ACT_RIPPLE, /* breaks at 0, 1/2, 1, where nothing happens at 1/2 */
    ACT_LINEAR, /* no breakpoint that counts */
    N_ACTIVATIONS
} activation;

enum { N_HOMOGENEOUS_ACTIVATIONS = ACT_ABS + 1 };

/* Lent for ever. */
const pleats_pl *activation_function(activation a);

#endif
