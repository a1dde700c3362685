/* Distinct activation patterns among many points. */
#ifndef PLEATS_SAMPLE_SAMPLER_H
#define PLEATS_SAMPLE_SAMPLER_H

#include "sample/points.h"

enum { PLEATS_SAMPLE_BATCH = 1024 };

typedef struct {
    uint64_t points;  /* how many are drawn */
    pleats_idx batch; /* points that a thread does before it reports, up to a
                         multiple of PLEATS_LANES; 0: PLEATS_SAMPLE_BATCH */
    pleats_limits limits; /* threads and progress */
} pleats_sample_task;

typedef struct {
    uint64_t points;      /* whose pattern counts */
    uint64_t patterns;    /* distinct ones */
    uint64_t once, twice; /* patterns seen so often */
    uint64_t by_exact;    /* points told by exact arithmetic */
    uint64_t on_walls;    /* points left out: on a wall, */
    uint64_t undecided;   /* or nearer to one than doubles tell, where exact
                             arithmetic would have taken too long */
    pleats_stop stopped;  /* why not all points were drawn */
} pleats_sample_tally;

/* What is found is the same for any batch and number of threads, unless it is
 * stopped.  A limit ends the work; PLEATS_LIMIT comes back only when there was
 * no memory for any point.  Memory: the network's scalars for PLEATS_LANES
 * points and thread, and some 30 bytes a pattern. */
PLEATS_NODISCARD pleats_status pleats_sample_patterns(
    pleats_ctx *ctx, const pleats_net *net, const pleats_points *points,
    const pleats_sample_task *task, pleats_sample_tally *tally);

#endif
