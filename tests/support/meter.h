/* An allocator that counts, checks the sizes that come back, and fails when
 * told to. */
#ifndef PLEATS_TEST_METER_H
#define PLEATS_TEST_METER_H

#include "pleats/status.h"

typedef struct {
    size_t calls;    /* allocations asked for */
    size_t fail_at;  /* the allocation that fails, 1 the first, 0: none */
    bool fail_after; /* all later ones fail too */
    size_t live, blocks;
    bool is_unsound; /* a release had a wrong size */
} meter;

/* Lends the meter to the allocator. */
pleats_allocator meter_allocator(meter *m);

#endif
