/* How many regions, pieces and maps a network has on a domain. */
#ifndef PLEATS_COUNT_H
#define PLEATS_COUNT_H

#include "pleats/domain.h"
#include "pleats/limits.h"
#include "pleats/net.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the cells on the way are held.  The answer does not depend on it. */
typedef enum {
    PLEATS_COUNT_AUTO,         /* by the dimension of the domain */
    PLEATS_COUNT_BY_VERTICES,  /* by their vertices: fast where these are few,
                                  in low dimensions */
    PLEATS_COUNT_BY_PROGRAMMES /* by linear programmes: any dimension */
} pleats_count_engine;

typedef struct {
    size_t size;       /* of this struct; pleats_init_count_options */
    bool pieces, maps; /* count affine pieces and maps too; memory then grows
                          with the number of regions */
    bool paranoid;     /* decide everything by exact arithmetic */
    pleats_count_engine engine;
} pleats_count_options;

static inline void pleats_init_count_options(pleats_count_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    char *regions, *pieces, *maps; /* decimal; NULL when not asked for */
    pleats_label label;  /* of all three: PLEATS_EXACT, or PLEATS_LOWER */
    pleats_stop stopped; /* PLEATS_STOP_NONE when exact */
    int32_t dimension;   /* of the domain's (largest) part; -1 when it is empty
                            or, stopped before, not known yet */
    uint64_t by_bounds;  /* verdicts settled by rounding bounds */
    uint64_t by_exact;   /* verdicts settled by exact arithmetic */
    double seconds;
    uint64_t reserved[8];
} pleats_count_result;

/* Counts activation regions (and pieces, maps) of the network on the domain.
 * A limit or cancel is no failure: PLEATS_OK with a lower bound, at least 1
 * where the domain has points.  With parameters that had to be rounded
 * (pleats_net_n_rounded), exact is: for the rounded ones.
 * All that a complete count gives, but for `seconds`, is the same for any
 * number of threads.  Threads are started when there is work for them, and have
 * ended when this returns; with more than one, the context's allocator is
 * called from all of them, at the same time.
 * Time: proportional to the regions, and to the cost of one in its dimension.
 * Memory: the depth of the network times one cell, whatever the number of
 * regions, but for pieces and maps.
 * `options` and `limits` may be NULL.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_count(pleats_ctx *ctx, const pleats_net *net,
             const pleats_domain *domain, const pleats_count_options *options,
             const pleats_limits *limits, pleats_count_result *out);
PLEATS_API void pleats_count_result_clear(pleats_ctx *ctx,
                                          pleats_count_result *result);

#ifdef __cplusplus
}
#endif
#endif
