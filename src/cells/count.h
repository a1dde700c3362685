/* Counting activation regions, affine pieces and affine maps of a network on a
 * domain. */
#ifndef PLEATS_CELLS_COUNT_H
#define PLEATS_CELLS_COUNT_H

#include "cells/walk.h"

enum { PLEATS_MOST_THREADS = 4096 };

typedef struct {
    bool pieces, maps, paranoid;
    pleats_engine engine;
    pleats_idx threads; /* 0: as many as processors */
    bool eager;         /* start them at once, small as the work may be */
    uint64_t budget;    /* leaves of the tree in one task, 0: no limit */
    double time_limit;  /* seconds, 0: none */
    uint64_t max_cells; /* 0: none */
    /* Called in the caller's thread. */
    void (*progress)(void *state, uint64_t regions, double share);
    void *progress_state;
} pleats_count_task;

typedef struct {
    mpz_t regions;       /* initialised by the caller */
    size_t pieces, maps; /* where asked for; incomplete: lower bounds */
    bool complete;
    const char *stopped;  /* NULL when complete */
    pleats_idx dimension; /* greatest of the parts; -1: none so far */
    uint64_t by_bounds, by_exact;
} pleats_tally;

/* PLEATS_INVALID when the network does not fit the domain, or for pieces on a
 * domain of several parts. */
PLEATS_NODISCARD pleats_status pleats_count_regions(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_count_task *task, pleats_tally *tally);

#endif
