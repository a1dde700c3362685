/* Bounds on a box: units that are stable on it do not cut. */
#ifndef PLEATS_THEORY_BOUNDS_STABLE_H
#define PLEATS_THEORY_BOUNDS_STABLE_H

#include "theory/bounds/stack.h"

/* What is known about the n units of a layer on a box: how many can change
 * their piece there, and how many cannot but are not constant either. */
typedef struct {
    int64_t n, undecided, passing;
} pleats_stability;

/* Sets the dimension of a stack to that of the box, and for each layer of units
 * `undecided` and `passing`; layer [n_layers] are those of the network that the
 * stack describes, in order.  Layers that are not the stack's, by number and
 * sizes, are not used: then all units may cut. */
void pleats_stack_restrict(pleats_stack *stack, int64_t dimension,
                           size_t n_layers, const pleats_stability *layer);

#endif
