/* Distinct activation patterns among many points: a lower bound of the number
 * of activation regions where an exact count is out of reach.
 *
 * A point's pattern counts only when it is certainly that of a region: points
 * whose units are nearer to a breakpoint than the rounding of doubles allows
 * are decided by exact arithmetic or left out.  So what is found never exceeds
 * the exact count on the same domain.
 */
#ifndef PLEATS_SAMPLE_H
#define PLEATS_SAMPLE_H

#include "pleats/pleats.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where points come from. */
typedef enum {
    PLEATS_SAMPLE_UNIFORM,  /* in the domain, which is a box, or a line or plane
                               with bounds */
    PLEATS_SAMPLE_SEQUENCE, /* there too, by Halton's sequence, shifted at
                               random; in at most 64 dimensions */
    PLEATS_SAMPLE_GAUSSIAN, /* independent normal inputs, in R^n */
    PLEATS_SAMPLE_ROWS      /* data rows, in R^n */
} pleats_sample_source;

typedef struct {
    pleats_sample_source source;
    uint64_t points; /* to draw; 0: 100,000, or all rows (the most of them) */
    double scale;    /* GAUSSIAN: the standard deviation, 0: 1 */
    const pleats_rows *rows; /* ROWS */
    uint64_t seed;           /* not for ROWS */
    int32_t batch;           /* points that a thread does at a time, 0: 1024 */
    int32_t threads;         /* as in pleats_count_options */
    double time_limit;       /* seconds, 0: none */
    pleats_progress_fn progress; /* may be NULL; gets patterns and share */
    void *progress_state;
} pleats_sample_options;

typedef struct {
    uint64_t points;   /* whose patterns are counted */
    uint64_t patterns; /* distinct ones: a lower bound of the regions */
    uint64_t singletons, doubletons; /* patterns of one point, of two */
    /* Estimates, for points drawn at random and independently: */
    double coverage; /* probability that a further point has a pattern that was
                        seen: 1 - singletons / points [Good 1953] */
    double richness; /* Chao1, of the number of patterns that points drawn like
                        these can have: patterns + (points - 1) / points *
                        singletons^2 / (2 doubletons) [Chao 1984]; without
                        doubletons, singletons (singletons - 1) / 2 for the
                        quotient */
    bool is_saturated;  /* patterns exceed half the points: the number of points
                           limits the answer, not the network */
    uint64_t by_exact;  /* points told by exact arithmetic */
    uint64_t on_walls;  /* points left out: on a wall, */
    uint64_t undecided; /* or too near to one for doubles, in networks too large
                           to decide it exactly */
    bool complete;      /* all points were drawn */
    const char *stopped; /* why not: "time limit", "memory limit", "interrupt";
                            NULL when complete */
    double seconds;
} pleats_sample_result;

/* Samples.  `domain` is where UNIFORM and SEQUENCE draw; it is not used for the
 * others and may then be NULL.  A limit or cancel is no failure: PLEATS_OK with
 * complete = false, and a lower bound all the same.  What a complete sample
 * gives, but for `seconds`, is the same for any number of threads and any
 * batch: point p is drawn from stream number p of the seed (xoshiro256**,
 * filled by splitmix64).  Threads as in pleats_count.  Memory: the network's
 * scalars for 32 points and thread, some 30 bytes a pattern.  `options` may be
 * NULL. PLEATS_INVALID when points cannot be drawn there (polytopes, unions,
 * unbounded domains), or options do not fit. */
PLEATS_NODISCARD pleats_status pleats_sample(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_sample_options *options, pleats_sample_result *out);

#ifdef __cplusplus
}
#endif
#endif
