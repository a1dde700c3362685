/* Numbers of regions where the exact count is out of reach. */
#ifndef PLEATS_ESTIMATE_H
#define PLEATS_ESTIMATE_H

#include "pleats/count.h"
#include "pleats/make.h"
#include "pleats/record.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    size_t size; /* of this struct; pleats_init_estimate_options */
    uint64_t seed;
    double level;      /* of confidence, 0: 0.95 */
    double rel_error;  /* goal: half the interval over the mean, which says how
                          many sweeps are made; 0: 0.05 */
    uint64_t sweeps;   /* at most so many; 0: 100,000 */
    double exact_time; /* seconds that the exact count is tried first, out of
                          the time limit; 0: a tenth of that, or 1 s; negative:
                          it is not tried */
    pleats_record *record; /* of the sweeps and of the exact count; or NULL */
} pleats_estimate_options;

static inline void
pleats_init_estimate_options(pleats_estimate_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

/* Texts are decimal numbers; those of an estimate have six digits. */
typedef struct {
    pleats_label label; /* of `regions`: PLEATS_EXACT, the count came to its
                           end; PLEATS_ESTIMATE, the mean of the sweeps; or
                           PLEATS_LOWER, there was not time for two */
    char *regions;
    char *lo, *hi; /* of the interval; NULL when there is none */
    char *lower;   /* certain: what the exact count found; NULL: not tried */
    double mean, rel_error;
    double deviation; /* of one sweep's result over the mean */
    uint64_t sweeps;
    bool is_constant;    /* all sweeps gave the same number: no spread is left,
                            and the interval is that number */
    pleats_stop stopped; /* why the goal was not reached */
    double seconds;
    uint64_t reserved[8];
} pleats_estimate_result;

/* An unbiased estimate of the number of activation regions on a domain that is
 * one polytope: the mean of random sweeps over the tree of cells [Knuth 1975;
 * Chen 1992], and Student's interval for it from independent batches.  Before,
 * the exact count is tried for a while; where it ends, its answer is taken.
 * The sweeps' results are the same for any number of threads.  The interval is
 * what sweeps tell: with few of them, and results that spread widely, it may
 * be too short.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_estimate_count(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_estimate_options *options, const pleats_limits *limits,
    pleats_estimate_result *out);
PLEATS_API void pleats_estimate_result_clear(pleats_ctx *ctx,
                                             pleats_estimate_result *result);

/* ---- means over initialisations -------------------------------------- */

enum { PLEATS_MEAN_TRIALS = 100 };

typedef struct {
    size_t size;      /* of this struct; pleats_init_mean_options */
    pleats_init init; /* distribution, and the seed of all */
    uint64_t trials;  /* 0: PLEATS_MEAN_TRIALS */
    double level;     /* of confidence, 0: 0.95 */
    uint64_t most;    /* a trial with more regions is estimated; 0: 1,000,000 */
    uint64_t sweeps;  /* of such an estimate, 0: 200 */
    pleats_record *record; /* of the trials; or NULL */
} pleats_mean_options;

static inline void pleats_init_mean_options(pleats_mean_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    uint64_t number,
        seed;      /* pleats_net_random makes the network of this seed */
    bool exact;    /* else an estimate, rounded */
    char *regions; /* decimal */
} pleats_mean_row;

enum { PLEATS_MEAN_QUANTILES = 7 };

typedef struct {
    uint64_t n; /* trials that were made */
    pleats_mean_row *row;
    uint64_t n_exact;
    double mean, deviation; /* of the trials' numbers */
    double lo, hi; /* Student's interval for the mean of all networks */
    char *quantile[PLEATS_MEAN_QUANTILES]; /* least, 5 %, 25 %, median, 75 %,
                                              95 %, greatest */
    bool is_constant;                      /* all numbers are the same */
    pleats_stop stopped;                   /* why not all trials were made */
    double seconds;
    uint64_t reserved[8];
} pleats_mean_result;

/* The number of activation regions of random networks of an architecture, on a
 * domain that is one polytope (of the right number of inputs): their mean over
 * initialisations.  Trials are the same for any number of threads.
 * PLEATS_LIMIT when there was not time for two; with a record that asks for
 * some trials, of fewer than two no moments and no quantiles are told.  Clear
 * the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_mean_regions(
    pleats_ctx *ctx, const pleats_spec *spec, const pleats_domain *domain,
    const pleats_mean_options *options, const pleats_limits *limits,
    pleats_mean_result *out);
PLEATS_API void pleats_mean_result_clear(pleats_ctx *ctx,
                                         pleats_mean_result *result);

/* ---- near data ------------------------------------------------------- */

typedef struct {
    size_t size;        /* of this struct; pleats_init_density_options */
    const char *radius; /* exact decimal or fraction: max-norm balls about data
                           rows; NULL: segments between pairs of them */
    uint64_t n;         /* balls about the first n rows, or segments between n
                           pairs drawn at random; 0: 20 */
    uint64_t seed;      /* of the pairs */
    double level;       /* of confidence, 0: 0.95 */
    uint64_t most;      /* regions of one ball that are counted; 0: 100,000 */
} pleats_density_options;

static inline void pleats_init_density_options(pleats_density_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

/* One layer of units, numbered from 1: of the network up to there, over all
 * balls or segments. */
typedef struct {
    double mean;   /* balls: regions; segments: breakpoints that the layer adds,
                      for a unit of (Euclidean) length */
    double lo, hi; /* Student's interval for that */
    double least, greatest;
} pleats_density_layer;

typedef struct {
    uint64_t n;    /* balls or segments that were counted */
    uint64_t over; /* balls with more than `most` regions, which count as
                      most + 1: means are then lower bounds */
    int32_t n_layers;
    pleats_density_layer *layer; /* [n_layers + 1] the last one is the whole: of
                                    segments, all breakpoints */
    pleats_stop stopped;         /* why not all were counted */
    double seconds;
    uint64_t reserved[8];
} pleats_density_result;

/* Exact numbers of regions near data rows, layer by layer.  PLEATS_LIMIT when
 * there was not time for two.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_density(pleats_ctx *ctx, const pleats_net *net, const pleats_rows *rows,
               const pleats_density_options *options,
               const pleats_limits *limits, pleats_density_result *out);
PLEATS_API void pleats_density_result_clear(pleats_ctx *ctx,
                                            pleats_density_result *result);

#ifdef __cplusplus
}
#endif

#endif
