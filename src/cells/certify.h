/* The proofs behind a verdict.  Each works on the plane in question
 * (space->entry, negative, bounds) and a cell. */
#ifndef PLEATS_CELLS_CERTIFY_H
#define PLEATS_CELLS_CERTIFY_H

#include "cells/lp_cell.h"

/* An answer: has[0]: points with plane < 0, has[1]: with plane > 0.  point[s],
 * when not NULL, is a double point of side s, lent until the next question. */
typedef struct {
    bool has[2];
    const double *point[2];
} pleats_sides;

/* The sign of a form at a point when the rounding bound settles it, else 0. */
int pleats_certain_sign(const pleats_space *space, const double *entry,
                        pleats_bounds bounds, const double *point);

/* Looks on the way from the cell's witness to `vertex`, a rough point of the
 * closed cell on side `positive`, for a double point inside the cell and on
 * that side; `exactly`: where bounds do not settle it, ask exact arithmetic.
 * When *inside, the point is in space->found[positive]. */
PLEATS_NODISCARD pleats_status pleats_certify_between(
    pleats_space *space, const pleats_lp_cell *cell, bool positive,
    const double *vertex, bool exactly, bool *inside);

/* The witness lies on the plane: looks for points beside it, a step along the
 * plane's normal to either side; sets out->point where it finds them. */
PLEATS_NODISCARD pleats_status pleats_certify_beside(pleats_space *space,
                                                     const pleats_lp_cell *cell,
                                                     pleats_sides *out);

/* After an optimal run of the cell's programme: whether its multipliers prove
 * that side `positive` has no points.  Bounded frames only. */
PLEATS_NODISCARD pleats_status pleats_certify_none(pleats_space *space,
                                                   const pleats_lp_cell *cell,
                                                   bool positive, bool *none);

/* Decides by exact arithmetic whether side `positive` has points; then
 * space->vertex holds, in doubles, a vertex there. */
PLEATS_NODISCARD pleats_status pleats_certify_exactly(
    pleats_space *space, const pleats_lp_cell *cell, bool positive, bool *has);

#endif
