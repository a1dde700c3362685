/* Which half-spaces of a region are facets: decided exactly, each with the
 * cheapest proof that there is. */
#ifndef PLEATS_LOCAL_FACETS_H
#define PLEATS_LOCAL_FACETS_H

#include "local/region.h"

typedef enum {
    PLEATS_FACET_UNDECIDED,
    PLEATS_FACET_BY_RAY,        /* a ray from inside leaves through it alone */
    PLEATS_FACET_BY_PROGRAMME,  /* a programme found a point beyond it alone */
    PLEATS_FACET_EXACTLY,       /* an exact programme did */
    PLEATS_FACET_ALONE,         /* its normal is independent of all others */
    PLEATS_REDUNDANT_BY_BOUNDS, /* a sum of others, solved for with a bound */
    PLEATS_REDUNDANT_EXACTLY,   /* an exact programme says that others imply it
                                 */
    PLEATS_REPEATED             /* an earlier half-space is the same */
} pleats_facet_verdict;

static inline bool pleats_is_facet(pleats_facet_verdict v)
{
    return v >= PLEATS_FACET_BY_RAY && v <= PLEATS_FACET_ALONE;
}

/* Fills verdict [n] for the region's half-spaces, whose twins must be known and
 * inside which the origin must be.  beyond [n x k], unless NULL, gets for every
 * facet a point beyond it alone, in doubles; a certain one but where the
 * verdict is EXACTLY or ALONE.  What is not settled when the context says stop
 * stays undecided; that is no failure. */
PLEATS_NODISCARD pleats_status pleats_find_facets(pleats_region *region,
                                                  pleats_facet_verdict *verdict,
                                                  double *beyond);

#endif
