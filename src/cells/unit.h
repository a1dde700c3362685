/* How one unit meets a cell: which of its pieces the cell touches. */
#ifndef PLEATS_CELLS_UNIT_H
#define PLEATS_CELLS_UNIT_H

#include "cells/cell.h"

/* A unit of a step, and what is still open about it. */
typedef struct {
    pleats_idx unit;   /* local to the step */
    pleats_idx lo, hi; /* PL: the pieces that the cell may touch; equal:
                          settled. MAX: lo is the winner when equal */
    uint64_t beaten;   /* MAX: bit i: candidate i < 64 wins nowhere */
} pleats_open_unit;

static inline pleats_open_unit pleats_open_unit_of(const pleats_step *s,
                                                   pleats_idx unit)
{
    return (pleats_open_unit){unit, 0, pleats_step_pieces(s, unit) - 1, 0};
}

/* The plane between pieces `at` and at + 1 of a PL unit. */
static inline pleats_hyperplane
pleats_unit_plane(const pleats_step *s, pleats_idx unit, pleats_idx at)
{
    return (pleats_hyperplane){s->in[unit], -1,
                               pleats_step_function(s, unit)->at[at]};
}

/* Positive where candidate i of a MAX unit beats candidate j. */
pleats_hyperplane pleats_unit_duel(const pleats_step *s, pleats_idx unit,
                                   pleats_idx i, pleats_idx j);

/* Narrows a PL unit to what the cell meets: either lo = hi, the unit's piece,
 * or the cell has points on both sides of the plane between pieces *at and
 * *at + 1, which was asked about last. */
PLEATS_NODISCARD pleats_status pleats_unit_narrow(pleats_space *space,
                                                  pleats_cell *cell,
                                                  const pleats_step *s,
                                                  pleats_open_unit *open,
                                                  pleats_idx *at);

/* The candidates of a MAX unit that win somewhere, or might: candidate [pieces
 * of the unit] gets *n of them, at least one; when it is one, lo = hi is that
 * one. */
PLEATS_NODISCARD pleats_status pleats_unit_candidates(
    pleats_space *space, pleats_cell *cell, const pleats_step *s,
    pleats_open_unit *open, pleats_idx *candidate, pleats_idx *n);

/* One of both, whichever sort the unit is: lo = hi afterwards, and the unit
 * does not cut the cell, or the cell has *n >= 2 parts; candidate: room, for PL
 * units not used. */
PLEATS_NODISCARD static inline pleats_status
pleats_unit_ask(pleats_space *space, pleats_cell *cell, const pleats_step *s,
                pleats_open_unit *open, pleats_idx *at, pleats_idx *candidate,
                pleats_idx *n)
{
    *n = 2;
    if (open->lo == open->hi)
        return PLEATS_OK;
    if (s->kind == PLEATS_STEP_PL)
        return pleats_unit_narrow(space, cell, s, open, at);
    return pleats_unit_candidates(space, cell, s, open, candidate, n);
}

/* Cuts the cell down to where candidate `winner` of a MAX unit beats the other
 * n - 1 of the list; *any: false when that is nowhere. */
PLEATS_NODISCARD pleats_status pleats_unit_restrict_to_winner(
    pleats_space *space, pleats_cell *cell, const pleats_step *s,
    pleats_idx unit, pleats_idx n, const pleats_idx *candidate,
    pleats_idx winner, bool *any);

/* Cuts the cell down to where the unit has `piece`; *any as above. */
PLEATS_NODISCARD pleats_status pleats_unit_restrict_to_piece(
    pleats_space *space, pleats_cell *cell, const pleats_step *s,
    pleats_idx unit, pleats_idx piece, bool *any);

#endif
