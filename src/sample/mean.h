/* Numbers of regions of random networks of an architecture. */
#ifndef PLEATS_SAMPLE_MEAN_H
#define PLEATS_SAMPLE_MEAN_H

#include "count/record.h"
#include "domain/domain.h"
#include "spec/spec.h"

#include "pleats/make.h"

#include <gmp.h>

typedef struct {
    pleats_init init; /* whose seed is the seed of all */
    uint64_t trials;  /* at least 1 */
    uint64_t most;    /* regions that are counted one by one in a trial; 0: no
                         limit */
    uint64_t sweeps;  /* of a trial that has more: its number is estimated */
    pleats_limits limits;  /* threads and progress, of which only the trials'
                              number is told */
    pleats_record *record; /* or NULL */
} pleats_mean_task;

typedef struct {
    bool made;     /* false: the time was over before */
    bool exact;    /* else an estimate, rounded */
    uint64_t seed; /* of pleats_init for this network */
    mpz_t regions;
} pleats_mean_trial;

typedef struct {
    uint64_t n;               /* of trials */
    pleats_mean_trial *trial; /* [n] by number */
    pleats_stop stopped;      /* why not all were made */
} pleats_mean;

/* Trial i is the network of the spec with seed pleats_mean_seed(seed, i); its
 * regions on the domain, which is one polytope.  The numbers are the same for
 * any number of threads.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_mean_make(pleats_ctx *ctx,
                                                const pleats_spec *spec,
                                                const pleats_domain *domain,
                                                const pleats_mean_task *task,
                                                pleats_mean *out);
void pleats_mean_clear(pleats_ctx *ctx, pleats_mean *mean);

uint64_t pleats_mean_seed(uint64_t seed, uint64_t trial);

#endif
