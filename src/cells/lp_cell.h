/* A cell held by its walls: the engine for every dimension.
 *
 * A cell is the interior of the frame's boxes and the first `n_walls` walls; it
 * is never empty.  Beside the walls it keeps two things that make answers
 * cheap: a linear programme at a vertex of the cell, and, when one is known, a
 * witness, a double point that is certainly inside.
 *
 * "It has points on that side" is believed when a double point is inside all
 * walls and on that side by more than the proven rounding error; "it has none"
 * when the multipliers of the linear programme make the form a sum that is
 * negative on the whole box by more than that.  Everything else goes to the
 * exact programme.
 */
#ifndef PLEATS_CELLS_LP_CELL_H
#define PLEATS_CELLS_LP_CELL_H

#include "cells/space.h"
#include "lp/lp.h"

typedef struct {
    pleats_idx n_walls;
    pleats_lp lp;
    bool has_witness;
    double *witness; /* [k] */
    /* Points on both sides of the plane that was last found to cut the cell. */
    bool has_point[2];
    double *point; /* [2 x k], NULL before the first such plane */
} pleats_lp_cell;

/* The whole frame; `cell` may be zeroed or in use, as in all that follows. */
PLEATS_NODISCARD pleats_status pleats_lp_cell_root(pleats_space *space,
                                                   pleats_lp_cell *cell);
void pleats_lp_cell_clear(pleats_ctx *ctx, pleats_lp_cell *cell);
PLEATS_NODISCARD pleats_status pleats_lp_cell_copy(pleats_space *space,
                                                   pleats_lp_cell *to,
                                                   const pleats_lp_cell *cell);

/* The contracts are those of cell.h. */
PLEATS_NODISCARD pleats_status pleats_lp_cell_sides(pleats_space *space,
                                                    pleats_lp_cell *cell,
                                                    pleats_hyperplane plane,
                                                    bool *has);
PLEATS_NODISCARD pleats_status pleats_lp_cell_restrict(pleats_space *space,
                                                       pleats_lp_cell *cell,
                                                       pleats_hyperplane plane,
                                                       int sign,
                                                       pleats_lp_cell *to);

#endif
