/* Points strictly inside the neighbour of a region. */
#ifndef PLEATS_LOCAL_INSIDE_H
#define PLEATS_LOCAL_INSIDE_H

#include "local/local.h"

/* A point strictly inside the region of the pattern `piece`, which lies across
 * half-space i, a facet, of `region`; beyond [k] is a point beyond that facet
 * alone, in doubles.  Points near it are tried, and each is checked exactly;
 * when none is in the neighbour, an exact programme finds one, unless it would
 * be too large: *found = false. */
PLEATS_NODISCARD pleats_status pleats_find_inside(
    const pleats_locality *l, const pleats_region *region, pleats_idx i,
    const double *beyond, const pleats_idx *piece, mpz_t *point, bool *found);

#endif
