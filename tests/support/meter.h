/* An allocator that counts, checks the sizes that come back, and fails when
 * told to; for any number of threads. */
#ifndef PLEATS_TEST_METER_H
#define PLEATS_TEST_METER_H

#include "pleats/context.h"

#include <stdatomic.h>

typedef struct {
    size_t fail_at;      /* the allocation that fails, 1 the first, 0: none */
    bool fail_after;     /* all later ones fail too */
    atomic_size_t calls; /* allocations asked for */
    atomic_size_t live, blocks;
    atomic_bool is_unsound; /* a release had a wrong size */
} meter;

/* Lends the meter to the allocator. */
pleats_allocator meter_allocator(meter *m);

#endif
