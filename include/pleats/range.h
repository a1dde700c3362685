/* The least and the largest value of an output, or of a linear function of
 * outputs, on a bounded domain.
 *
 * A network's function is continuous, so it takes both on the closed domain: at
 * vertices of regions, which are rational points.  They are found by branch and
 * bound, not by going over all regions, and are exact: an exact linear
 * programme finds them on the part of the domain where they are, and proven
 * bounds leave out all other parts.  Sides that a domain leaves out are taken
 * in. */
#ifndef PLEATS_RANGE_H
#define PLEATS_RANGE_H

#include "pleats/domain.h"
#include "pleats/limits.h"
#include "pleats/net.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    size_t size;    /* of this struct; pleats_init_range_options */
    int32_t output; /* the output in question, from 0 */
    /* [n_outputs] instead: the function sum_j direction_j y_j; no array: the
     * output alone */
    pleats_values direction;
} pleats_range_options;

static inline void pleats_init_range_options(pleats_range_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

/* The least value, or the largest one, as far as it is known: it lies in
 * [lower, upper]. */
typedef struct {
    /* PLEATS_EXACT: `value` is it.  Else a limit ended the search: PLEATS_UPPER
     * of the least value and PLEATS_LOWER of the largest one, since the
     * function is `value` at the point; PLEATS_NO_LABEL: no point was found. */
    pleats_label label;
    double lower, upper; /* rounded outwards; infinite where nothing is known */
    /* NULL where there is no point: */
    char *value;   /* a fraction, "-7/3" */
    char *shown;   /* the same for people: an exact decimal or fraction where
                      that is short, else digits behind a "~" */
    char **point;  /* [n_inputs] fractions */
    double *input; /* [n_inputs] the same, rounded */
    char **output; /* [n_outputs] of the network at the point, fractions */
    /* [n_units] the pieces, as of pleats_net_eval, of an activation region of
     * the domain whose closure holds the point; NULL where none was found,
     * which can be in very thin polytopes */
    int32_t *pattern;
    uint64_t nodes;  /* parts of the domain that were looked at */
    uint64_t leaves; /* and solved exactly */
    pleats_stop stopped;
    uint64_t reserved[8];
} pleats_extreme;

typedef struct {
    bool is_empty; /* the domain has no points: neither is there */
    int32_t n_inputs, n_outputs, n_units;
    pleats_extreme least, largest;
    pleats_stop stopped; /* why one of them is not exact */
    double seconds;
    uint64_t reserved[8];
} pleats_range_result;

/* limits->cells are parts of the domain, for each of both; progress says how
 * many there were and what is known of the value.  The answer is the same for
 * any number of threads, unless a limit ends the search.  PLEATS_INVALID for a
 * domain that is not bounded: a search needs bounds.  `options` and `limits`
 * may be NULL.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_range_find(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_range_options *options, const pleats_limits *limits,
    pleats_range_result *out);
PLEATS_API void pleats_range_result_clear(pleats_ctx *ctx,
                                          pleats_range_result *result);

/* ---- properties of VNN-LIB files --------------------------------------- */

typedef enum {
    PLEATS_PROPERTY_OPEN,  /* a limit ended the search before it was known */
    PLEATS_PROPERTY_HOLDS, /* no point meets the file's constraints ("unsat") */
    PLEATS_PROPERTY_VIOLATED /* there is one, the counterexample ("sat") */
} pleats_verdict;

/* "open", "holds", "violated". */
PLEATS_API const char *pleats_verdict_text(pleats_verdict verdict);

typedef struct {
    bool has_outputs; /* the file compares outputs; else nothing is searched
                         for, and the verdict is open */
    pleats_verdict verdict;
    int32_t n_inputs, n_outputs, n_units;
    /* The counterexample, exact; NULL when there is none: */
    char **point;     /* [n_inputs] fractions */
    double *input;    /* [n_inputs] the same, rounded: no counterexample may be
                         left of it */
    char **output;    /* [n_outputs] fractions */
    int32_t *pattern; /* [n_units] as of pleats_extreme */
    /* Cases of the file's constraints, those of `or` being taken apart; and how
     * many of them have no point. */
    int32_t cases, settled;
    /* Of the open cases' domains what is left, as a share of their volumes
     * taken alike; what units cut off is not taken away from it. */
    double share;
    uint64_t nodes, leaves; /* as of pleats_extreme, of all cases */
    pleats_stop stopped;
    double seconds;
    uint64_t reserved[8];
} pleats_property_result;

/* Whether some input that meets a VNN-LIB file's constraints of inputs has
 * outputs that meet those of outputs.  Comparisons are linear and may have
 * both;
 * `<` and `=` are what they say, over the rationals.  limits->cells are parts
 * of the domain, for each case.  PLEATS_INVALID for files that are refused, or
 * have a case that is not bounded.  `limits` may be NULL.  Clear the result in
 * every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_property_check(pleats_ctx *ctx, const pleats_net *net, const char *path,
                      const pleats_limits *limits, pleats_property_result *out);
PLEATS_API void pleats_property_result_clear(pleats_ctx *ctx,
                                             pleats_property_result *result);

#ifdef __cplusplus
}
#endif
#endif
