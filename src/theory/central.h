/* Regions of central arrangements: layers without biases.  [Theory 1.4, 2.6:
 * the Tutte polynomial at (2, 0)] */
#ifndef PLEATS_THEORY_CENTRAL_H
#define PLEATS_THEORY_CENTRAL_H

#include "theory/generic.h"

/* Regions of a layer with one breakpoint, at 0, and no biases, for generic
 * shared filters; by deletion and restriction modulo 2^61 - 1.  When the effort
 * ends before the work, the number is a lower bound.  Two restrictions that
 * agree modulo the prime only (probability about 2^-61 each pair) would make
 * it too small, too. */
PLEATS_NODISCARD pleats_status
pleats_central_regions(pleats_ctx *ctx, const pleats_conv_layer *layer,
                       pleats_effort *effort, mpz_t regions);

#endif
