/* The regions of a network on one part of a domain, counted with cells that
 * are held by their generators, rational throughout: no doubles, no filters,
 * every affine form worked out anew.  This is what speeds are compared with,
 * and a check of counts that are too large for brute force. */
#ifndef PLEATS_ORACLE_REGIONS_H
#define PLEATS_ORACLE_REGIONS_H

#include "domain/domain.h"
#include "net/net.h"

typedef struct {
    uint64_t regions;
    bool is_complete; /* else a limit ended it at so many */
    int dimension;    /* -1: the part is empty */
} region_count;

/* Stops at `max_regions` and after `seconds` (0: no such limit).  Memory is
 * the depth of the search times one cell. */
region_count count_regions(const pleats_net *net, const pleats_part *part,
                           uint64_t max_regions, double seconds);

#endif
