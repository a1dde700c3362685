/* How many linearly independent rows there can be on a cell, from which scalars
 * the network's steps read: all that comes after a neck depends on the outputs
 * of its units alone. */
#ifndef PLEATS_CELLS_NECKS_H
#define PLEATS_CELLS_NECKS_H

#include "cells/space.h"

/* Marks the steps of PL units such that no later step reads a scalar made
 * before them: is_neck [n_steps]. */
void pleats_net_find_necks(const pleats_net *net, bool *is_neck);

/* A bound of the rank of the coefficients of the n planes listed, on the cell
 * that the space is in; a plane with a < 0 is anything.  Through a neck, planes
 * of later scalars are in the span of its units whose piece has a slope, and
 * every other plane that is not one of these units' own adds at most 1. */
pleats_idx pleats_planes_rank(const pleats_space *space, pleats_idx n,
                              const pleats_hyperplane *plane);

#endif
