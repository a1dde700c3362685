/* All regions of a network on a domain, in batches: see pleats/regions.h. */
#ifndef PLEATS_LOCAL_REGIONS_H
#define PLEATS_LOCAL_REGIONS_H

#include "count/count.h"

#include "pleats/regions.h"

/* All that can be wanted. */
enum {
    PLEATS_REGION_ALL = (PLEATS_REGION_CENTRE << 1) - 1,
    /* For which cells are held by their vertices. */
    PLEATS_REGION_BY_VERTICES =
        PLEATS_REGION_VOLUME | PLEATS_REGION_EXACT_VOLUME |
        PLEATS_REGION_BOUNDED | PLEATS_REGION_VERTICES | PLEATS_REGION_FACETS |
        PLEATS_REGION_NEIGHBOURS | PLEATS_REGION_CENTRE
};

typedef struct {
    unsigned want;    /* PLEATS_REGION_... */
    pleats_idx batch; /* regions, at least 1 */
    bool any_thread, paranoid;
    pleats_engine engine;
    pleats_limits limits;
    uint64_t part, of; /* as of pleats_count_task */
    pleats_region_batch_fn visit;
    void *state;
} pleats_regions_task;

typedef struct {
    uint64_t regions; /* that were visited */
    bool complete;    /* they are all */
    pleats_stop stopped;
    pleats_idx dimension;
} pleats_regions_tally;

PLEATS_NODISCARD pleats_status pleats_regions_visit(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_regions_task *task, pleats_regions_tally *tally);

#endif
