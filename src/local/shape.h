/* The shape of a region: is it bounded, where is it widest. */
#ifndef PLEATS_LOCAL_SHAPE_H
#define PLEATS_LOCAL_SHAPE_H

#include "local/facets.h"
#include "local/metric.h"

typedef enum {
    PLEATS_BOUNDEDNESS_UNKNOWN, /* the exact programme would be too large */
    PLEATS_BOUNDED,
    PLEATS_UNBOUNDED
} pleats_boundedness;

/* Whether the region is bounded, exactly: it is when no direction but 0 leads
 * into or along all of its half-spaces. */
PLEATS_NODISCARD pleats_status pleats_find_boundedness(
    pleats_region *region, const pleats_facet_verdict *verdict,
    pleats_boundedness *out);

/* The Chebyshev centre of a bounded region, as of pleats_widest_ball, by the
 * half-spaces that are not redundant. */
PLEATS_NODISCARD pleats_status pleats_chebyshev(
    pleats_region *region, const pleats_metric *metric,
    const pleats_facet_verdict *verdict, double *centre, double *radius);

#endif
