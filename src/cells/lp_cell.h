/* A cell held by its walls: the engine for every dimension.
 *
 * A cell is the interior of the frame's boxes and the first `n_walls` walls; it
 * is never empty.  Beside the walls it keeps two things that make answers
 * cheap: a linear programme for its deepest point, and a pool of points in
 * doubles that are certainly inside.
 *
 * "It has points on that side" is believed when a double point is inside all
 * walls and on that side by more than the proven rounding error; "it has none"
 * when the multipliers of the linear programme make the form a sum that is
 * negative on the whole box by more than that.  Everything else goes to the
 * exact programme.
 */
#ifndef PLEATS_CELLS_LP_CELL_H
#define PLEATS_CELLS_LP_CELL_H

#include "cells/witnesses.h"

typedef struct {
    pleats_idx n_walls;
    pleats_depth depth; /* of the first depth.m walls; others when asked */
    pleats_witnesses pool;
    /* The programme of a part of the cell, on side half_side of the plane that
     * was last found to cut it; half_side = 0: not known. */
    pleats_depth half;
    int half_side;
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

/* Makes a plane the one in question. */
void pleats_lp_cell_question(pleats_space *space, pleats_hyperplane plane);

/* On a cell without points on side `positive` of the plane in question:
 * *has_hint: space->lp.multiplier [n_walls + 1] has multipliers y >= 0 of the
 * walls' doubles, and last of the plane's, with which these add up to a form
 * that is (nearly) negative on the frame. */
PLEATS_NODISCARD pleats_status pleats_lp_cell_prove_none(pleats_space *space,
                                                         pleats_lp_cell *cell,
                                                         bool positive,
                                                         bool *has_hint);

#endif
