/* Work on numbered items, spread over all workers of a count. */
#ifndef PLEATS_COUNT_SPREAD_H
#define PLEATS_COUNT_SPREAD_H

#include "count/counter.h"

typedef struct {
    pleats_counting *counting;
    /* Does one item, in the worker's thread. */
    pleats_status (*work)(void *state, pleats_counter *worker, size_t item);
    void *state;
} pleats_spread;

/* Does items 0 .. n - 1.  *complete: false when there was a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_spread_run(const pleats_spread *spread,
                                                 size_t n, bool *complete);

#endif
