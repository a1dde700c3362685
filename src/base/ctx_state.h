/* What a context is: for the files of base that keep it. */
#ifndef PLEATS_BASE_CTX_STATE_H
#define PLEATS_BASE_CTX_STATE_H

#include "base/base.h"

#include <stdatomic.h>

enum { PLEATS_MESSAGE_BYTES = 16384, PLEATS_MOST_REMARKS = 64 };

/* A fork has messages and remarks of its own; all else it shares with its
 * owner, which threads change by atomic operations only. */
struct pleats_ctx {
    pleats_ctx *owner; /* itself, unless it is a fork */
    pleats_allocator allocator;
    bool is_cleared; /* what the allocator gives is */
    atomic_size_t live, peak;
    size_t limit;
    atomic_bool cancelled, is_full; /* the memory limit was met */
    bool is_ending;   /* what is there is put together; as deadline */
    double deadline;  /* of the call, 0: none; not set while others look */
    double last_call; /* of all work, likewise */
    const pleats_watch *watch; /* of the innermost call, likewise */
    size_t steps;              /* of work since the last look, this thread's */
    const char *file;          /* where the last failure was reported */
    int line;
    char message[PLEATS_MESSAGE_BYTES];
    size_t n_remarks;
    char *remarks[PLEATS_MOST_REMARKS];
};

#endif
