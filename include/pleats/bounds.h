/* Bounds of the number of regions of an architecture with many layers. */
#ifndef PLEATS_BOUNDS_H
#define PLEATS_BOUNDS_H

#include "pleats/count.h"
#include "pleats/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One bound of the number of activation regions on all of the domain.  An
 * upper bound holds for every choice of weights (with a network on a box: for
 * that network on that box); a lower bound is reached by some choice. */
typedef struct {
    const char *name;   /* "serra-2018" */
    pleats_label side;  /* PLEATS_UPPER or PLEATS_LOWER */
    pleats_label label; /* the same, or PLEATS_EXACT where both sides meet */
    const char *source; /* "Serra2018, Thm 1" */
    /* Which of the counts it is proved for: "regions", "regions, pieces" or
     * "regions, pieces, maps", as every upper bound is. */
    const char *of;
    bool applies;
    const char *why; /* the hypotheses that hold, or the one that does not */
    char *value;     /* decimal; NULL when it does not apply */
    double log10;    /* of the value, NaN when it does not apply */
} pleats_bound;

/* The best upper bound first, then the best lower one, then the other upper and
 * lower ones from good to bad, then those that do not apply. */
typedef struct {
    size_t n;
    pleats_bound *bound; /* [n] */
    /* Growth: with d_l the filters of layer l of units, or its units where it
     * is fully connected, the maximum is at most a constant times prod
     * d_l^growth_upper[l], and at least one times prod d_l^growth_lower[l], as
     * all d_l grow.  n_growth is 0 for what is no chain, growth_lower NULL
     * where no construction is known. */
    size_t n_growth;
    int64_t *growth_upper, *growth_lower;
    char *best_upper;    /* decimal, NULL when a limit came before any */
    char *best_lower;    /* decimal, NULL when no lower bound applies */
    pleats_stop stopped; /* by which limit, before all were worked out */
    double seconds;
    uint64_t reserved[8];
} pleats_bounds_result;

typedef struct {
    size_t size;               /* of this struct; pleats_init_bounds_options */
    uint64_t budget;           /* steps of about a nanosecond that each form of
                                  active-sets may take, 0: half a second's */
    const pleats_net *witness; /* a network of the architecture, whose exact
                                  count is a lower bound; NULL: none */
} pleats_bounds_options;

static inline void pleats_init_bounds_options(pleats_bounds_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

/* All bounds of an architecture; those that a limit stopped do not apply.
 * PLEATS_INVALID when the witness is of another architecture.  `options` and
 * `limits` may be NULL.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_bounds_of(pleats_ctx *ctx, const pleats_spec *spec,
                 const pleats_bounds_options *options,
                 const pleats_limits *limits, pleats_bounds_result *out);
/* Upper bounds of one network on a box: units that are proved to keep one piece
 * on it (interval bounds, then linear programmes) do not count, and its
 * matrices of low rank do.  PLEATS_INVALID when the domain is no single box in
 * all inputs. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_bounds_on_box(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *box,
    const pleats_limits *limits, pleats_bounds_result *out);
PLEATS_API void pleats_bounds_result_clear(pleats_ctx *ctx,
                                           pleats_bounds_result *result);

#ifdef __cplusplus
}
#endif
#endif
