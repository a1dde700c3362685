/* Ranks of a network's own matrices. */
#ifndef PLEATS_THEORY_BOUNDS_WEIGHT_RANKS_H
#define PLEATS_THEORY_BOUNDS_WEIGHT_RANKS_H

#include "theory/bounds/stack.h"

/* Puts a LINEAR item before every layer of units of `net` whose dense matrix
 * has a rank below both its sides, by exact elimination; matrices of more than
 * 64^3 rows x columns x smaller side are left alone.  The stack then speaks of
 * this network only. */
PLEATS_NODISCARD pleats_status pleats_stack_add_ranks(pleats_ctx *ctx,
                                                      pleats_stack *stack,
                                                      const pleats_net *net);

#endif
