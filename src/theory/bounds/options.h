/* What the units of a level can be: for each block of classes a list of
 * options, how many units of each class are in the set B, how many scalars stay
 * active, and in how many ways.  [docs/theory.md 4.5] */
#ifndef PLEATS_THEORY_BOUNDS_OPTIONS_H
#define PLEATS_THEORY_BOUNDS_OPTIONS_H

#include "theory/bounds/linkage.h"
#include "theory/layer/conv_layer.h"

#include <gmp.h>

/* A block: classes of a level of units, with those of the pool behind them. */
typedef struct {
    pleats_idx n_units, n_pools;
    pleats_idx unit[PLEATS_MOST_CLASSES], pool[PLEATS_MOST_CLASSES];
    size_t n;       /* options */
    int32_t *count; /* [n x (2 n_units + n_pools)]: for each class of units
                       how many are in B, how many are active; for each of the
                       pool how many scalars are not constant */
    mpz_t *weight;  /* [n] */
} pleats_block;

typedef struct {
    pleats_idx n;
    pleats_block *block; /* [n], in the order of their first classes */
} pleats_options;

/* Options of a level of UNITS whose classes are merged: in_b[i].at[t] says in
 * how many ways t units of class i can be in B. */
PLEATS_NODISCARD pleats_status pleats_options_merged(
    pleats_ctx *ctx, const pleats_level *units, const pleats_independence *in_b,
    pleats_options *out, bool *fits);
/* Options of a level of UNITS; `pool` is the level behind it when that is a
 * POOL, else NULL.  *fits is false when there are too many. */
PLEATS_NODISCARD pleats_status pleats_options_make(pleats_ctx *ctx,
                                                   const pleats_level *units,
                                                   const pleats_level *pool,
                                                   pleats_options *out,
                                                   bool *fits);
void pleats_options_clear(pleats_ctx *ctx, pleats_options *options);

#endif
