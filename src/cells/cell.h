/* One open cell of a walk, and the question that everything rests on: on which
 * sides of a hyperplane does it have points?
 *
 * A cell is the interior of the frame's boxes and the first `n_walls` walls; it
 * is never empty.  Beside the walls it keeps two things that make answers
 * cheap: a linear programme at a vertex of the cell, and, when one is known, a
 * witness, a double point that is certainly inside.
 *
 * Doubles never decide.  "It has points on that side" is believed when a double
 * point is inside all walls and on that side by more than the proven rounding
 * error; "it has none" when the multipliers of the linear programme make the
 * form a sum that is negative on the whole box by more than that.  Everything
 * else goes to the exact programme.
 */
#ifndef PLEATS_CELLS_CELL_H
#define PLEATS_CELLS_CELL_H

#include "cells/walls.h"
#include "lp/exact_lp.h"
#include "lp/lp.h"

typedef struct {
    pleats_idx n_walls;
    pleats_lp lp;
    bool has_witness;
    double *witness; /* [k] */
} pleats_cell;

/* What all cells of one walk share. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_frame *frame;
    bool paranoid; /* take every verdict from the exact programme */
    pleats_forms forms;
    pleats_exact_forms exact;
    pleats_idx *piece; /* [n_units] of the current cell */
    pleats_walls walls;
    uint64_t by_bounds, by_exact; /* verdicts */

    pleats_exact_lp exact_lp;
    size_t n_objective;
    mpz_t *objective; /* [k + 1] exact form of the plane in question */
    bool has_objective;
    double *entry, *negative; /* [k + 1] the plane's form, and minus it */
    pleats_bounds bounds;
    double *sum, *vertex; /* [k + 1] */
    double *multiplier;   /* [multiplier_capacity] */
    size_t multiplier_capacity;
    double *found[2]; /* [k] points on the negative, positive side */
} pleats_space;

/* The answer: has[0]: points with plane < 0, has[1]: with plane > 0; neither:
 * the plane holds the whole cell.  point[s], when not NULL, is a witness of
 * side s, lent until the next question. */
typedef struct {
    bool has[2];
    const double *point[2];
} pleats_sides;

PLEATS_NODISCARD pleats_status pleats_space_init(pleats_ctx *ctx,
                                                 pleats_space *space,
                                                 const pleats_net *net,
                                                 const pleats_frame *frame,
                                                 bool paranoid);
void pleats_space_clear(pleats_space *space);

/* The whole frame as a cell; `cell` may be zeroed or in use. */
PLEATS_NODISCARD pleats_status pleats_cell_root(pleats_space *space,
                                                pleats_cell *cell);
void pleats_cell_clear(pleats_ctx *ctx, pleats_cell *cell);

/* Both must have the walls of `cell` on the stack, and forms that are valid for
 * the plane. */
PLEATS_NODISCARD pleats_status pleats_cell_sides(pleats_space *space,
                                                 pleats_cell *cell,
                                                 pleats_hyperplane plane,
                                                 pleats_sides *out);
/* `to` (zeroed, in use, or `cell` itself) becomes the part of `cell` on side
 * `sign` of the plane that was just asked about, `sides` being the answer; the
 * walls above cell->n_walls are replaced. */
PLEATS_NODISCARD pleats_status pleats_cell_restrict(
    pleats_space *space, pleats_cell *cell, pleats_hyperplane plane, int sign,
    const pleats_sides *sides, pleats_cell *to);
/* `to` becomes a copy of `cell`. */
PLEATS_NODISCARD pleats_status pleats_cell_copy(pleats_space *space,
                                                pleats_cell *to,
                                                const pleats_cell *cell);

#endif
