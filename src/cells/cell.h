/* One open cell of a walk, and the question that everything rests on: on which
 * sides of a hyperplane does it have points?
 *
 * A cell is the interior of the frame's boxes and the first `n_walls` walls of
 * the stack, and never empty.  It is held in one of two ways (space->engine):
 * by its vertices, or by its walls with a linear programme.  Both give the same
 * answers, all of them certain.
 */
#ifndef PLEATS_CELLS_CELL_H
#define PLEATS_CELLS_CELL_H

#include "cells/lp_cell.h"
#include "cells/vertices.h"

typedef struct {
    pleats_idx n_walls;
    pleats_lp_cell programme;
    pleats_vertices vertices;
} pleats_cell;

/* The whole frame as a cell; `cell` may be zeroed or in use, as wherever a cell
 * is written. */
PLEATS_NODISCARD pleats_status pleats_cell_root(pleats_space *space,
                                                pleats_cell *cell);
void pleats_cell_clear(pleats_ctx *ctx, pleats_cell *cell);
PLEATS_NODISCARD pleats_status pleats_cell_copy(pleats_space *space,
                                                pleats_cell *to,
                                                const pleats_cell *cell);

/* has[0]: the cell has points with plane < 0; has[1]: with plane > 0; neither:
 * the plane holds the whole cell.  The cell's walls must be on the stack, and
 * the forms valid for the plane. */
PLEATS_NODISCARD pleats_status pleats_cell_sides(pleats_space *space,
                                                 pleats_cell *cell,
                                                 pleats_hyperplane plane,
                                                 bool *has);

/* `to`, which may be `cell` itself, becomes the part of `cell` on side `sign`
 * of the plane, which must be the one that pleats_cell_sides last found to cut
 * it; the walls above cell->n_walls are replaced. */
PLEATS_NODISCARD pleats_status pleats_cell_restrict(pleats_space *space,
                                                    pleats_cell *cell,
                                                    pleats_hyperplane plane,
                                                    int sign, pleats_cell *to);

#endif
