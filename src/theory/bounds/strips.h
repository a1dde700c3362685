/* Strips of rows of a layer as classes of their own [docs/theory.md 4.6]. */
#ifndef PLEATS_THEORY_BOUNDS_STRIPS_H
#define PLEATS_THEORY_BOUNDS_STRIPS_H

#include "theory/bounds/options.h"

/* Options of level l of units of a merged linkage; `fine` is what it was merged
 * from, into at most `parts` strips a level.  Units in a set B must be
 * matchable to the layer's own inputs within the strip.  *fits is false where
 * the numbers of such sets are out of reach. */
PLEATS_NODISCARD pleats_status pleats_strip_options(
    pleats_ctx *ctx, const pleats_linkage *fine, const pleats_linkage *merged,
    size_t l, pleats_idx parts, pleats_options *out, bool *fits);

#endif
