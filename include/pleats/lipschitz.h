/* How steep a network is at most on a bounded domain: the Lipschitz constant of
 * an output, or of the map to all outputs, over regions with an inside.
 *
 * With one norm for inputs and outputs, it is the largest operator norm of the
 * derivatives of all activation regions; on a convex domain no two points are
 * further apart in the outputs than this constant times their distance. Regions
 * without an inside count for nothing: on them a unit may have a piece that it
 * has nowhere around.  On domains of lower dimension steps are those along
 * them. Found by branch and bound, as in pleats/range.h. */
#ifndef PLEATS_LIPSCHITZ_H
#define PLEATS_LIPSCHITZ_H

#include "pleats/range.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    size_t size; /* of this struct; pleats_init_lipschitz_options */
    pleats_norm norm;
    int32_t output; /* the output in question, from 0 */
    bool map;       /* all outputs together instead */
} pleats_lipschitz_options;

static inline void
pleats_init_lipschitz_options(pleats_lipschitz_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    bool is_empty; /* the domain has no points */
    int32_t n_inputs, n_units;
    /* PLEATS_EXACT: `value` is it.  PLEATS_LOWER: a limit ended the search, and
     * some region is so steep.  PLEATS_NO_LABEL: only the interval is known. */
    pleats_label label;
    /* Norms 1 and inf: the constant, a fraction; norm 2: its square.  NULL
     * where no region was found, and of maps in norm 2. */
    char *value;
    double lower, upper; /* the constant is between these */
    /* A region that attains `value`: its pieces as of pleats_net_eval, and a
     * point of its closure, fractions and rounded; NULL without a value */
    char **point;           /* [n_inputs] */
    double *input;          /* [n_inputs] */
    int32_t *pattern;       /* [n_units] */
    uint64_t nodes, leaves; /* as of pleats_extreme */
    pleats_stop stopped;
    double seconds;
    uint64_t reserved[8];
} pleats_lipschitz_result;

/* Of a map in norm 2 an interval alone is found: the largest constant of an
 * output, and the root of the sum of their squares.  limits as of
 * pleats_range_find.  PLEATS_INVALID for domains that are not bounded; for
 * norms 1 and inf also for planes that are not along the axes.  `options` and
 * `limits` may be NULL.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_lipschitz_find(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_lipschitz_options *options, const pleats_limits *limits,
    pleats_lipschitz_result *out);
PLEATS_API void pleats_lipschitz_result_clear(pleats_ctx *ctx,
                                              pleats_lipschitz_result *result);

#ifdef __cplusplus
}
#endif
#endif
