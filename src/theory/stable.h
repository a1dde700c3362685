/* Which units of a network can change their piece on a box. */
#ifndef PLEATS_THEORY_STABLE_H
#define PLEATS_THEORY_STABLE_H

#include "net/domain.h"
#include "theory/stack.h"

/* Sets the dimension of a stack of `net` to that of the box, and for each layer
 * `undecided` and `passing`: interval bounds, rounded outwards, prove that the
 * other units keep one piece on the box, and that those that are not passing
 * are constant there.  PLEATS_INVALID when the domain is no box that bounds
 * every input.  Cost: one pass over the terms. */
PLEATS_NODISCARD pleats_status pleats_stack_restrict(pleats_ctx *ctx,
                                                     pleats_stack *stack,
                                                     const pleats_net *net,
                                                     const pleats_domain *box);

#endif
