/* One random sweep over the tree of cells, which estimates the number of its
 * leaves, the activation regions, without bias.
 *
 * Knuth [1975] goes down from the root to a random child each time; the product
 * of the numbers of children on the way has the number of leaves as its mean,
 * but spreads widely.  Chen [1992] keeps several cells instead: cells that are
 * alike form a stratum, here those that are cut by the same number of units of
 * the same step; of each stratum one cell goes on, with the weight of all of
 * them.  Strata are gone through in an order in which children come later.  The
 * regions that units of the last step cut a cell into are counted, where that
 * can be done without making them.
 */
#ifndef PLEATS_SAMPLE_SWEEP_H
#define PLEATS_SAMPLE_SWEEP_H

#include "base/rng.h"
#include "cells/descent.h"
#include "cells/sections.h"

typedef struct {
    pleats_idx step, n_open; /* what its cells are cut by */
    long double weight;      /* of all its cells together */
    pleats_idx n, *child;    /* [n] the way down to the one that goes on */
    size_t capacity;
} pleats_stratum;

typedef struct {
    pleats_space space;
    pleats_descent descent;
    pleats_sections sections;
    size_t n_strata, stratum_capacity;
    pleats_stratum *stratum; /* [n_strata] the first to come last; more rooms */
    size_t n_rooms;
    pleats_idx n_way,
        *way; /* [n_way] children down to the top of the descent */
    size_t way_capacity;
    long double found; /* regions so far, weighted */
} pleats_sweep;

/* The network, the frame and what is ahead are lent.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_sweep_init(pleats_ctx *ctx,
                                                 pleats_sweep *sweep,
                                                 const pleats_net *net,
                                                 const pleats_frame *frame,
                                                 const pleats_ahead *ahead);
void pleats_sweep_clear(pleats_sweep *sweep);

/* *regions = an estimate: its mean is the number of regions.  PLEATS_LIMIT when
 * the context has a reason to stop.  Cost: for each stratum, the way down to a
 * cell. */
PLEATS_NODISCARD pleats_status pleats_sweep_run(pleats_sweep *sweep,
                                                pleats_rng *rng,
                                                long double *regions);

#endif
