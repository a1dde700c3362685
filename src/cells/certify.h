/* The proofs behind a verdict.  Each works on the plane in question
 * (space->question.entry, negative, bounds) and a cell. */
#ifndef PLEATS_CELLS_CERTIFY_H
#define PLEATS_CELLS_CERTIFY_H

#include "cells/lp_cell.h"

/* The sign of a form at a point when the rounding bound settles it, else 0. */
int pleats_certain_sign(const pleats_space *space, const double *entry,
                        pleats_bounds bounds, const double *point);

/* After the programme space->lp.asked found a deepest point: whether it, or a
 * point near by that is off the box, is certainly in the cell and on side
 * `positive`. When *inside, the point is in space->lp.found. */
PLEATS_NODISCARD pleats_status pleats_certify_deep(pleats_space *space,
                                                   const pleats_lp_cell *cell,
                                                   bool positive, bool *inside);

/* Looks on the way from the mean of the cell's points to `vertex`, a rough
 * point of the closed cell on side `positive`, for a double point inside the
 * cell and on that side; `exactly`: where bounds do not settle it, ask exact
 * arithmetic.  When *inside, the point is in space->lp.found. */
PLEATS_NODISCARD pleats_status pleats_certify_between(
    pleats_space *space, const pleats_lp_cell *cell, bool positive,
    const double *vertex, bool exactly, bool *inside);

/* The point [k] of the cell lies on the plane: looks for points beside it, a
 * step along the plane's normal to either side, and adds them to the pool. */
PLEATS_NODISCARD pleats_status pleats_certify_beside(pleats_space *space,
                                                     pleats_lp_cell *cell,
                                                     const double *point);

/* After the programme space->lp.asked found no depth above 0: whether its
 * multipliers prove that side `positive` has no points. */
PLEATS_NODISCARD pleats_status pleats_certify_none(pleats_space *space,
                                                   const pleats_lp_cell *cell,
                                                   bool positive, bool *none);

/* Decides by exact arithmetic whether side `positive` has points; then
 * space->lp.vertex holds, in doubles, a vertex there. */
PLEATS_NODISCARD pleats_status pleats_certify_exactly(
    pleats_space *space, const pleats_lp_cell *cell, bool positive, bool *has);

#endif
