/* Which pieces give the values of units in all regions of a domain. */
#ifndef PLEATS_COUNT_SEEN_H
#define PLEATS_COUNT_SEEN_H

#include "cells/frame.h"
#include "count/record.h"
#include "net/net.h"

typedef struct {
    uint64_t regions;  /* gone through, once each */
    bool complete;     /* they are all */
    pleats_idx *start; /* [n_units + 1] of a unit's pieces in `gives` */
    size_t n_pieces;   /* of all units */
    bool *gives; /* a piece (candidate) gives the unit's value in all regions
                    gone through; where a unit's input is constant at a
                    breakpoint, both pieces that meet there do */
} pleats_seen;

typedef struct {
    const bool *is_asked;  /* [n_units] the units that matter; what is said of
                              others is of no consequence */
    pleats_limits limits;  /* threads, and cells: 0, no limit */
    pleats_record *record; /* or NULL; its trials are subtrees of the search */
} pleats_seen_task;

/* Goes through the regions until there are as many as the limit says or the
 * context has a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_seen_find(pleats_ctx *ctx,
                                                const pleats_net *net,
                                                const pleats_frame *frame,
                                                const pleats_seen_task *task,
                                                pleats_seen *out);
void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen);

/* Whether no piece gives the unit's value in all of them. */
bool pleats_seen_changes(const pleats_seen *seen, pleats_idx unit);

#endif
