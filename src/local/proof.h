/* Proofs that a half-space of a region is implied by others. */
#ifndef PLEATS_LOCAL_PROOF_H
#define PLEATS_LOCAL_PROOF_H

#include "local/region.h"
#include "lp/exact_lp.h"

/* Whether half-space i follows from the n listed ones, which a programme in
 * doubles suggests as those with positive multipliers.  Farkas: it does when
 * row_i = sum y_j row_j + (a number >= 0) with y >= 0.  Only columns where some
 * row is not 0 take part; when there are as many rows as columns, y is the
 * solution of a square system, and an approximate inverse with a proven bound
 * of its error often tells that all y and the number are positive:
 * *by_bounds.  Otherwise the exact programme on these rows decides, unless it
 * would be too large. */
PLEATS_NODISCARD pleats_status
pleats_prove_redundant(pleats_region *region, pleats_idx i, pleats_idx n,
                       const pleats_idx *listed, bool *proven, bool *by_bounds);

/* Decides by the exact programme on the listed half-spaces (all that there
 * are) whether half-space i, which is listed too, is a facet; `basic` [k] of
 * them are suggested as the walls of the optimal vertex (variables of lp.h).
 * *decided: false when the programme would be too large.  When it is a facet,
 * beyond [k] gets, in doubles, a point beyond it. */
PLEATS_NODISCARD pleats_status pleats_decide_exactly(
    pleats_region *region, pleats_idx i, pleats_idx n, const pleats_idx *listed,
    const pleats_idx *basic, bool *decided, bool *is_facet, double *beyond);

#endif
