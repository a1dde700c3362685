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

#include "pleats/count.h"

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
    size_t size; /* of this struct; pleats_init_sample_options */
    pleats_sample_source source;
    uint64_t points; /* to draw; 0: 100,000, or all rows (the most of them) */
    double scale;    /* GAUSSIAN: the standard deviation, 0: 1 */
    const pleats_rows *rows; /* ROWS */
    uint64_t seed;           /* not for ROWS */
    int32_t batch;           /* points that a thread does at a time, 0: 1024 */
} pleats_sample_options;

static inline void pleats_init_sample_options(pleats_sample_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

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
    pleats_stop stopped; /* PLEATS_STOP_NONE: all points were drawn */
    double seconds;
    uint64_t reserved[8];
} pleats_sample_result;

/* Samples.  `domain` is where UNIFORM and SEQUENCE draw; it is not used for the
 * others and may then be NULL.  A limit or cancel is no failure: PLEATS_OK,
 * and a lower bound all the same.  What a complete sample
 * gives, but for `seconds`, is the same for any number of threads and any
 * batch: point p is drawn from stream number p of the seed (xoshiro256**,
 * filled by splitmix64).  Threads as in pleats_count.  Memory: the network's
 * scalars for 32 points and thread, some 30 bytes a pattern.  `options` and
 * `limits` may be NULL. PLEATS_INVALID when points cannot be drawn there
 * (polytopes, unions, unbounded domains), or options do not fit.  Progress:
 * patterns and share. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_sample(pleats_ctx *ctx, const pleats_net *net,
              const pleats_domain *domain, const pleats_sample_options *options,
              const pleats_limits *limits, pleats_sample_result *out);

#ifdef __cplusplus
}
#endif
#endif
