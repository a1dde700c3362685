/* How many regions there are, from independent random sweeps over the tree of
 * cells, with a confidence interval. */
#ifndef PLEATS_SAMPLE_ESTIMATE_H
#define PLEATS_SAMPLE_ESTIMATE_H

#include "count/record.h"
#include "domain/domain.h"
#include "net/net.h"

typedef struct {
    uint64_t seed;
    double level;          /* of confidence, in (0, 1) */
    double rel_error;      /* goal: half the interval's width over the mean */
    uint64_t most;         /* sweeps, at least 2 */
    pleats_limits limits;  /* threads and progress, which is told between
                              rounds */
    pleats_record *record; /* or NULL: trial i + 1 is sweep i */
} pleats_estimate_task;

typedef struct {
    uint64_t sweeps;             /* that were made */
    long double mean, deviation; /* of the sweeps' results; the deviation is
                                    that of one sweep */
    long double lo, hi;  /* Student's interval for the mean, from batches of
                            sweeps; not below 1 */
    double rel_error;    /* reached */
    bool is_constant;    /* all sweeps gave the mean */
    pleats_stop stopped; /* why the goal was not reached */
} pleats_estimate;

/* Begins the use of a record (NULL: nothing) for an estimate with this seed. */
PLEATS_NODISCARD pleats_status pleats_estimate_record(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    uint64_t seed, pleats_record *record);

/* Of such a record: what an exact count found before it was ended; trial 0.
 * *found: NULL when it has not been. */
PLEATS_NODISCARD pleats_status pleats_estimate_find_count(pleats_ctx *ctx,
                                                          pleats_record *record,
                                                          const char **found);
PLEATS_NODISCARD pleats_status pleats_estimate_put_count(pleats_ctx *ctx,
                                                         pleats_record *record,
                                                         const char *found);

/* The number of regions on a domain of one part.  What comes out for a seed is
 * the same for any number of threads, unless a limit ended it.
 * PLEATS_INVALID when the domain does not fit or is a union; PLEATS_LIMIT when
 * there was not time for two sweeps, or numbers are beyond long doubles. */
PLEATS_NODISCARD pleats_status pleats_estimate_regions(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_estimate_task *task, pleats_estimate *out);

/* The interval for the mean of n results; `out` gets all but what stopped it.
 * With fewer than 40 results each is a batch of its own. */
void pleats_estimate_from(const long double *result, size_t n, double level,
                          pleats_estimate *out);

#endif
