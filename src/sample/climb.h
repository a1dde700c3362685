/* Networks of an architecture with many regions, by climbing: from random
 * weights, moves that do not lower an exact count. */
#ifndef PLEATS_SAMPLE_CLIMB_H
#define PLEATS_SAMPLE_CLIMB_H

#include "count/record.h"
#include "net/net.h"
#include "spec/spec.h"

#include <gmp.h>

typedef struct {
    uint64_t starts;   /* climbs */
    uint64_t patience; /* moves without a higher number that end a climb; 0: 100
                          and 10 for each parameter */
    uint64_t seed;
    bool pieces;           /* the function's affine pieces instead of regions */
    uint64_t most;         /* a count that goes on above this is ended, and its
                              weights are left out */
    pleats_limits limits;  /* threads */
    mpz_srcptr target;     /* NULL, or a number at which climbing ends */
    pleats_record *record; /* or NULL */
} pleats_climb_task;

typedef struct {
    mpz_t best;      /* initialised by the caller; 0: none was counted */
    uint64_t start;  /* the climb that found it; of several, the first */
    uint64_t starts; /* climbs that came to their end */
    uint64_t counts; /* networks that were counted */
    pleats_net *net; /* of the best, parameters float32 values; or NULL */
    bool complete;   /* no limit came before */
} pleats_climb;

/* Counts on R^n.  The same for any number of threads, unless a limit ends it.
 * PLEATS_INVALID for a spec that is no chain of layers, or has no parameters.
 */
PLEATS_NODISCARD pleats_status pleats_climb_run(pleats_ctx *ctx,
                                                const pleats_spec *spec,
                                                const pleats_climb_task *task,
                                                pleats_climb *out);
void pleats_climb_clear(pleats_ctx *ctx, pleats_climb *climb);

#endif
