/* Units whose piece a box around the cell settles: most of them, at the cost of
 * one look at each form. */
#ifndef PLEATS_CELLS_SIFT_H
#define PLEATS_CELLS_SIFT_H

#include "cells/unit.h"
#include "forms/columns.h"

typedef struct {
    const pleats_net *net;
    bool *is_plain;        /* [n_steps] one breakpoint each, at 0; inputs in a
                              row */
    double *centre, *half; /* [stride of the forms] */
    bool has_box;          /* they are those of the cell, set before */
    pleats_idx *open;      /* [units of the widest step] those with a negative
                              piece, in order */
    pleats_idx n_open;
    pleats_idx *used; /* [alike] room: scalars whose forms are of use */
} pleats_sift;

PLEATS_NODISCARD pleats_status pleats_sift_init(pleats_ctx *ctx,
                                                pleats_sift *sift,
                                                const pleats_net *net,
                                                pleats_idx k);
void pleats_sift_clear(pleats_ctx *ctx, pleats_sift *sift);

/* Sets the space's pieces of the units of a PL step to 0 or 1, or to -1 where
 * the box does not tell: always for units that have more than one breakpoint,
 * or cells without known vertices; and lists these units.  The forms of the
 * units' inputs are those of `sums` where it is not NULL, else those of the
 * space. The box stays until sift->has_box is set to false: a cell that no unit
 * of a step cuts is the next step's, too. */
void pleats_sift_step(pleats_sift *sift, pleats_space *space,
                      const pleats_cell *cell, const pleats_step *step,
                      const pleats_form_sums *sums);

/* The box around a cell, in sift->centre and sift->half [k + 1], which has room
 * for the rounding of a form's value; false: there is none. */
bool pleats_sift_take_box(pleats_sift *sift, const pleats_space *space,
                          const pleats_cell *cell);
/* The same, unless it is there. */
static inline bool pleats_sift_has_box(pleats_sift *sift,
                                       const pleats_space *space,
                                       const pleats_cell *cell)
{
    return sift->has_box || pleats_sift_take_box(sift, space, cell);
}

/* Lists units of n, whose pieces these are: those that have none. */
void pleats_sift_list(pleats_sift *sift, const pleats_idx *piece, pleats_idx n);

/* A unit's piece in the box, or -1. */
pleats_idx pleats_sift_unit(const pleats_sift *sift, const pleats_space *space,
                            const pleats_step *step, pleats_idx unit);

#endif
