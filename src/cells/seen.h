/* Which pieces the units of a network have in the regions of a domain. */
#ifndef PLEATS_CELLS_SEEN_H
#define PLEATS_CELLS_SEEN_H

#include "cells/frame.h"
#include "net/net.h"

typedef struct {
    uint64_t regions;  /* gone through */
    bool complete;     /* they are all */
    pleats_idx *piece; /* [n_units] the one seen first, -1: none */
    bool *changes;     /* [n_units] another one was seen */
} pleats_seen;

/* Goes through the regions, in the caller's thread, until there are `most` (0:
 * no limit) or the context has a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_seen_find(pleats_ctx *ctx,
                                                const pleats_net *net,
                                                const pleats_frame *frame,
                                                uint64_t most,
                                                pleats_seen *out);
void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen);

#endif
