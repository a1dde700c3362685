/* The three counts as numbers, for tests. */
#ifndef PLEATS_TEST_COUNTS_H
#define PLEATS_TEST_COUNTS_H

#include "domain/domain.h"
#include "net/net.h"

#include <stdio.h>

typedef struct {
    int dimension;
    size_t regions, pieces, maps; /* 0 when not asked for */
} counts;

enum { NO_COUNT = -2 };

/* Counts regions, with `all_three` also pieces and maps.  Anything but a
 * complete result is told on stderr and has dimension NO_COUNT. */
counts count_net(pleats_ctx *ctx, const pleats_net *net,
                 const pleats_domain *domain, bool all_three, bool paranoid);

static inline bool counts_are_equal(counts a, counts b)
{
    return a.dimension == b.dimension && a.regions == b.regions &&
           a.pieces == b.pieces && a.maps == b.maps;
}

void counts_show(FILE *f, const char *what, counts c);

#endif
