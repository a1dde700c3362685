/* Which pieces give the values of units in all regions of a domain. */
#ifndef PLEATS_COUNT_SEEN_H
#define PLEATS_COUNT_SEEN_H

#include "cells/frame.h"
#include "net/net.h"

typedef struct {
    uint64_t regions;  /* gone through */
    bool complete;     /* they are all */
    pleats_idx *start; /* [n_units + 1] of a unit's pieces in `gives` */
    bool *gives; /* a piece (candidate) gives the unit's value in all regions
                    gone through; where a unit's input is constant at a
                    breakpoint, both pieces that meet there do */
} pleats_seen;

/* Goes through the regions, in the caller's thread, until there are `most` (0:
 * no limit) or the context has a reason to stop.  is_asked [n_units]: the units
 * that matter; what is said of others is of no consequence. */
PLEATS_NODISCARD pleats_status pleats_seen_find(
    pleats_ctx *ctx, const pleats_net *net, const pleats_frame *frame,
    const bool *is_asked, uint64_t most, pleats_seen *out);
void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen);

/* Whether no piece gives the unit's value in all of them. */
bool pleats_seen_changes(const pleats_seen *seen, pleats_idx unit);

#endif
