/* The walk over all cells of a network on a frame, or over those of a subtree.
 *
 * Depth first: in a cell whose units up to some step have their pieces, the
 * inputs of the next units are affine forms; each unit is asked where its
 * pieces change, and a hyperplane that cuts the cell splits it.  Units that do
 * not cut a cell are not asked again below it: a child gets the list of those
 * that do.  A cell in which all units have a piece is an activation region, and
 * every region is met exactly once.
 *
 * Which cells a walk meets, and in which order, depends on the network and the
 * frame alone, not on the engine: all answers are certain, and the first unit
 * on the list is the one that splits.
 *
 * Memory: depth of the tree times the size of one cell; it does not grow with
 * the number of regions.
 */
#ifndef PLEATS_CELLS_WALK_H
#define PLEATS_CELLS_WALK_H

#include "cells/descent.h"
#include "cells/task.h"
#include "par/crew.h"

/* Called for every region: space->piece [n_units] is its pattern and the first
 * cell->n_walls walls of space->walls are its constraints (those implied by
 * others left out, not all redundant ones).  Everything is lent.  `share` is
 * the part of the search tree done so far.  Set *stop to end the walk. */
typedef pleats_status (*pleats_region_fn)(void *state, pleats_space *space,
                                          pleats_cell *cell, double share,
                                          bool *stop);
/* Called, where it is set, for a cell whose last units cut it into n regions
 * that need not be visited one by one. */
typedef pleats_status (*pleats_regions_fn)(void *state, uint64_t n,
                                           double share, bool *stop);

typedef struct {
    pleats_region_fn region;
    pleats_regions_fn regions; /* NULL: every region is visited */
    pleats_tick_fn tick;       /* may be NULL */
    void *state;
} pleats_visitor;

/* Walks all regions of the task's subtree, but for the parts that it gives to
 * the crew while it goes.  The questions on the way to the subtree are counted
 * by whoever asked them first.  *complete: false when the visitor stopped it,
 * or the crew.  PLEATS_INVALID when there is no such subtree. */
PLEATS_NODISCARD pleats_status pleats_walk(pleats_space *space,
                                           const pleats_ahead *ahead,
                                           const pleats_visitor *visitor,
                                           const pleats_task *task,
                                           pleats_crew *crew, bool *complete);

/* Walks all regions of the task's subtree (NULL: of the frame) in the caller's
 * thread, without the visitor's tick: the walk itself asks the space's context
 * between questions and between cells.  PLEATS_LIMIT when that has a reason to
 * stop.  *complete: false when the visitor stopped it. */
PLEATS_NODISCARD pleats_status pleats_walk_alone(pleats_space *space,
                                                 const pleats_ahead *ahead,
                                                 const pleats_visitor *visitor,
                                                 const pleats_task *task,
                                                 bool *complete);

/* Called with a subtree's name, which is lent; n_planes: how many hyperplanes
 * its cell's sections are those of, 0 when it has none. */
typedef pleats_status (*pleats_subtree_fn)(void *state, const pleats_task *task,
                                           size_t n_planes);

/* Names the subtrees of the cells at `depth` (the root has depth 0) and of the
 * leaves above: together they are the whole tree.  `visitor` says what a leaf
 * is, and is not called. */
PLEATS_NODISCARD pleats_status
pleats_walk_names(pleats_space *space, const pleats_ahead *ahead,
                  const pleats_visitor *visitor, const pleats_origin *origin,
                  size_t depth, pleats_subtree_fn name, void *state);

/* Goes straight to the region with the pattern piece [n_units].  *has: whether
 * it has points in the frame; then `cell` (zeroed or in use) is the region,
 * with its walls on the stack. */
PLEATS_NODISCARD pleats_status pleats_walk_pattern(pleats_space *space,
                                                   const pleats_idx *piece,
                                                   pleats_cell *cell,
                                                   bool *has);

#endif
