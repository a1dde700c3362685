/* Linear equations over the rationals, taken in one after the other. */
#ifndef PLEATS_LOCAL_SOLVER_H
#define PLEATS_LOCAL_SOLVER_H

#include "exact/rational.h"

/* Rows [width] whose first k entries are coefficients.  Those that were taken
 * in are reduced: row[j] has a 1 at j and 0 at all other coordinates that are
 * settled. */
typedef struct {
    size_t k, width;
    mpq_t **row;  /* [k] NULL: coordinate not settled */
    mpq_t *spare; /* [width] the equation to be taken in, set by the caller */
} pleats_solver;

PLEATS_NODISCARD pleats_status pleats_solver_init(pleats_ctx *ctx,
                                                  pleats_solver *solver,
                                                  size_t k, size_t width);
void pleats_solver_clear(pleats_ctx *ctx, pleats_solver *solver);

/* Takes in one equation; *pivot is the coordinate that it settles, or k when
 * it follows from the others as far as coefficients go: the entries from k on
 * in `spare` are then what is left of it.  Cost: O(k width), less where entries
 * are 0. */
PLEATS_NODISCARD pleats_status pleats_solver_take_in(pleats_ctx *ctx,
                                                     pleats_solver *solver,
                                                     size_t *pivot);

#endif
