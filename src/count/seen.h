/* Which pieces give the values of units in all regions of a domain. */
#ifndef PLEATS_COUNT_SEEN_H
#define PLEATS_COUNT_SEEN_H

#include "count/look.h"
#include "count/record.h"

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

#endif
