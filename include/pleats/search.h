/* Looking for weights with many regions: lower bounds with a witness. */
#ifndef PLEATS_SEARCH_H
#define PLEATS_SEARCH_H

#include "pleats/output.h"
#include "pleats/record.h"
#include "pleats/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { PLEATS_SEARCH_STARTS = 64 };

typedef struct {
    size_t size;       /* of this struct; pleats_init_search_options */
    uint64_t starts;   /* climbs from random weights, 0:
 PLEATS_SEARCH_STARTS */
    uint64_t patience; /* moves without a higher number that end a climb; 0: 100
                          and 10 for each parameter */
    uint64_t seed;
    bool pieces;           /* affine pieces of the function, not regions */
    uint64_t most;         /* networks with more are left out, 0: 1 million */
    pleats_record *record; /* of the climbs; or NULL */
} pleats_search_options;

static inline void pleats_init_search_options(pleats_search_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    char *best;     /* decimal: some weights have so many; NULL: nothing was
                       counted */
    char *upper;    /* decimal: the best upper bound; NULL when there is none */
    bool is_exact;  /* both are equal: the maximum */
    uint64_t start; /* the climb that found it */
    uint64_t starts;     /* climbs that came to their end */
    uint64_t counts;     /* networks that were counted exactly */
    pleats_net *net;     /* the witness; NULL: none */
    bool complete;       /* no limit ended it, or the maximum was found */
    pleats_stop stopped; /* by which limit */
    double seconds;
    uint64_t reserved[8];
} pleats_search_result;

/* Looks for weights of an architecture with many regions on all of space, by
 * climbing from random ones: moves that do not lower the exact count.  It ends
 * early when the best upper bound is met.  The same for any number of threads,
 * unless a limit ends it.  PLEATS_INVALID for a spec that is no chain of layers
 * or has no parameters.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_search(pleats_ctx *ctx, const pleats_spec *spec,
              const pleats_search_options *options, const pleats_limits *limits,
              pleats_search_result *out);
/* Writes the witness as pleats_net_write does, also when a limit has ended the
 * search, and takes what was read back in its place.  `out` is to be committed.
 */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_search_write(
    pleats_ctx *ctx, pleats_search_result *result, pleats_output *out);
PLEATS_API void pleats_search_result_clear(pleats_ctx *ctx,
                                           pleats_search_result *result);

#ifdef __cplusplus
}
#endif
#endif
