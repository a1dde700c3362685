/* One worker of a count: what it needs for itself, and the visitor that notes
 * the regions that it meets. */
#ifndef PLEATS_COUNT_COUNTER_H
#define PLEATS_COUNT_COUNTER_H

#include "cells/parts.h"
#include "count/count.h"
#include "count/maps.h"
#include "count/pieces.h"

typedef struct pleats_counter pleats_counter;

/* What all workers of a count share. */
typedef struct {
    pleats_ctx *ctx; /* of the caller */
    const pleats_net *net;
    const pleats_count_task *task;
    pleats_parts parts;
    pleats_ahead ahead;
    pleats_idx current; /* part */
    pleats_idx n_counters;
    pleats_counter *counter; /* [n_counters] */
    pleats_team team;        /* of n_counters */
    pleats_origin origin;    /* of the current part */
    /* Of work that can be put down, else NULL: the tasks that are left of each
     * part, and what they are over, both [parts.n], of the caller. */
    pleats_parcels *left;
    const pleats_origin *origins;
    atomic_uint_fast64_t regions; /* as far as a limit of cells goes */
    double done;     /* share of the search: of parts that are done */
    double reported; /* worker 0: when there was progress */

    pleats_map_groups groups; /* of the group of parts at hand */

    bool has_lock;
    pthread_mutex_t lock;      /* of all that follows */
    pleats_digest_set digests; /* of its candidates' maps */
    pleats_region_list list;
    pleats_joining joining; /* what changes in it */
    pleats_stop stopped;
} pleats_counting;

/* Affine maps of one group of parts, written in the leader's coordinates. */
typedef struct {
    pleats_map_list seen; /* by the worker */
    pleats_idx *piece;    /* [n_units] the pattern in question; NULL: unused */
    pleats_idx *next;     /* [n_units] room for another one */
    pleats_exact_forms forms; /* of that pattern */
} pleats_map_group;

struct pleats_counter {
    pleats_counting *c;
    pleats_idx number;
    pleats_ctx *ctx;         /* of its thread, once it has one */
    pleats_crew *crew;       /* that it works in, or NULL */
    pleats_space *space;     /* [parts.n], zeroed where it is not used */
    pleats_map_group *group; /* [parts.n], at leaders */
    pleats_hasher *hasher;
    pleats_task task;
    mpz_t regions;
    uint64_t until_look; /* regions before the clock is looked at */
    double before;       /* share of the part in tasks that are done, */
    double share;        /* and in the one at hand */
    atomic_uint_fast64_t seen_regions; /* for reports of progress */
    _Atomic double seen_share;
};

PLEATS_NODISCARD pleats_status pleats_counter_init(pleats_counter *counter,
                                                   pleats_counting *counting,
                                                   pleats_idx number);
/* Frees all but what was counted. */
void pleats_counter_clear(pleats_counter *counter);

/* Makes the counter's space of the current part ready, for an engine. */
PLEATS_NODISCARD pleats_status pleats_counter_enter(pleats_counter *counter,
                                                    pleats_ctx *ctx,
                                                    pleats_engine engine);

/* The current part is done. */
void pleats_counter_leave(pleats_counter *counter);

/* Makes the pattern and the forms of the worker's own group of `leader` those
 * of a region that was noted, as they are numbered in counting->groups. */
PLEATS_NODISCARD pleats_status
pleats_counter_take_region(pleats_counter *counter, pleats_idx leader,
                           size_t region, pleats_map_group **out);

/* Whether each region has to be looked at. */
bool pleats_counting_must_visit(const pleats_counting *counting);

pleats_visitor pleats_counter_visitor(pleats_counter *counter);

/* Reports progress, where it is time to; for worker 0. */
void pleats_counting_report(pleats_counting *counting, double now);

#endif
