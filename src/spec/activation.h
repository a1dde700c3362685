/* The activations that an architecture can name, as functions. */
#ifndef PLEATS_SPEC_ACTIVATION_H
#define PLEATS_SPEC_ACTIVATION_H

#include "spec/spec.h"

/* LeakyReLU's slope is the float32 nearest to 0.01.  PLEATS_ACT_PL with p
 * pieces has breakpoints (2 i - p) / 4, i = 1 .. p-1, slopes 1/4 and 1 in turn
 * (no piece is flat), and no intercept on its first piece. */
PLEATS_NODISCARD pleats_status pleats_activation_new(pleats_ctx *ctx,
                                                     pleats_activation kind,
                                                     int64_t pieces,
                                                     pleats_pl *out);
void pleats_activation_clear(pleats_ctx *ctx, pleats_pl *function);

/* The operator that has this function, or "PL". */
const char *pleats_activation_op(pleats_activation kind);

/* The name of a function; ACT_PL when it has none. */
pleats_activation pleats_activation_of(const pleats_pl *f);
/* Pieces of slope 0 that every function of a PL step has. */
int64_t pleats_least_flat(const pleats_step *s);

#endif
