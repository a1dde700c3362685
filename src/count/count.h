/* Counting activation regions, affine pieces and affine maps of a network on a
 * domain. */
#ifndef PLEATS_COUNT_COUNT_H
#define PLEATS_COUNT_COUNT_H

#include "cells/walk.h"

/* A region that counts: what pleats_region_fn gets, and which worker of how
 * many found it.  Set *stop to end the work. */
typedef pleats_status (*pleats_counted_fn)(void *state, pleats_idx worker,
                                           pleats_space *space,
                                           pleats_cell *cell, bool *stop);

typedef struct {
    bool pieces, maps, paranoid;
    pleats_engine engine;
    bool outputs;         /* have their forms in regions that are visited */
    bool eager;           /* start threads at once, small as the work may be */
    uint64_t part, of;    /* of > 1: that part alone, work_shard.c */
    uint64_t budget;      /* leaves of the tree in one task, 0: no limit */
    pleats_limits limits; /* threads, cells, progress; the rest is a matter of
                             the watch around it */
    /* Called for every region that counts, when it is set, in the thread of the
     * worker. */
    pleats_counted_fn visit;
    void *visit_state;
} pleats_count_task;

typedef struct {
    mpz_t regions;       /* initialised by the caller */
    size_t pieces, maps; /* where asked for; incomplete: lower bounds */
    bool complete;
    pleats_stop stopped;  /* why not complete */
    pleats_idx dimension; /* greatest of the parts; -1: none so far */
    uint64_t by_bounds, by_exact;
} pleats_tally;

/* PLEATS_INVALID when the network does not fit the domain, or for pieces on a
 * domain of several parts. */
PLEATS_NODISCARD pleats_status pleats_count_regions(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_count_task *task, pleats_tally *tally);

/* A domain with points has a region, hence a piece and a map, also when work
 * ends before the first one is found. */
void pleats_tally_raise_to_one(pleats_tally *tally);

#endif
