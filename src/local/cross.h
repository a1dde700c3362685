/* What is on the other side of a facet. */
#ifndef PLEATS_LOCAL_CROSS_H
#define PLEATS_LOCAL_CROSS_H

#include "local/region.h"

/* Works out patterns beside one region. */
typedef struct {
    pleats_region *region; /* lent; its twins must be known */
    pleats_idx *piece;     /* [n_units] the neighbour's, after a call */
    bool has_exact;
    pleats_exact_forms exact; /* for `piece` */
} pleats_crossing;

PLEATS_NODISCARD pleats_status pleats_crossing_init(pleats_crossing *crossing,
                                                    pleats_region *region);
void pleats_crossing_clear(pleats_crossing *crossing);

/* The pattern across the facet that half-space i, the first of its twins,
 * carries: crossing->piece.  At a point inside the facet a unit either is off
 * all its planes, or one of them is the facet's, or holds all points near by;
 * in the latter cases the derivative of its input across tells its piece on
 * the other side, exactly. */
PLEATS_NODISCARD pleats_status pleats_cross(pleats_crossing *crossing,
                                            pleats_idx i);

#endif
