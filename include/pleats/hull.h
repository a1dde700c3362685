/* Local complexity: how many units of each layer change near data rows.
 *
 * The hull of a row is a cross-polytope about it in k random orthogonal
 * directions [Humayun et al. 2024]: the convex hull
 * of its vertices row + side_j and row - side_j.  The sides are the directions
 * times the radius, rounded to doubles; they are the same for all rows, and the
 * hull is exactly what its vertices make it.
 *
 * A unit changes on a hull when no piece of its function gives its value at all
 * points of it (pleats/stable.h). */
#ifndef PLEATS_HULL_H
#define PLEATS_HULL_H

#include "pleats/limits.h"
#include "pleats/net.h"
#include "pleats/rows.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    size_t size;        /* of this struct; pleats_init_hull_options */
    const char *radius; /* exact decimal or fraction, above 0: the distance of
                           the vertices from the row, up to rounding */
    uint64_t n;         /* the first n rows; 0: all */
    uint64_t seed;      /* of the directions */
    uint64_t most;      /* regions of one cut that are gone through; 0: 100,000
                         */
    int32_t directions; /* k, at most the inputs; 0: 20, or all inputs where
                           they are fewer */
    bool cuts;          /* look at the plane of the first two directions, too */
} pleats_hull_options;

static inline void pleats_init_hull_options(pleats_hull_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    int32_t first_unit, units;
    const char *name, *op; /* of the network's step, lent */
} pleats_hull_layer;

/* Arrays are [n x n_layers], row-major: a row for each data row, numbers of
 * units of the layer.  lower <= the units that change on the hull <= upper. */
typedef struct {
    uint64_t n; /* rows that were looked at */
    int32_t n_layers, directions;
    pleats_hull_layer *layer; /* [n_layers] of units */
    int32_t *lower; /* units that certainly change: at two vertices they are
                       strictly on different pieces, or no piece gives the value
                       at all of them */
    int32_t *upper; /* units that are not proved to keep a piece */
    int32_t *cut;   /* units that change on the cut, the part of the hull that
                       is on the plane through the row along its first two
                       sides; NULL: not asked for */
    uint64_t *cut_regions; /* [n] activation regions of the cut; NULL */
    bool *cut_is_whole;    /* [n] they are all: `cut` is exact, else a lower
                              bound; NULL */
    pleats_stop stopped;   /* why not all rows were looked at */
    double seconds;
    uint64_t reserved[8];
} pleats_hull_result;

/* Looks at the hulls of rows.  A limit leaves the rows that were done, the
 * first ones; PLEATS_LIMIT when there is none.  The answer does not depend on
 * threads, which share rows.  Cost for a row: 2 k evaluations of the network,
 * and a pass with k + 1 numbers for each scalar, or more where units are
 * undecided.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_hull_units(pleats_ctx *ctx, const pleats_net *net,
                  const pleats_rows *rows, const pleats_hull_options *options,
                  const pleats_limits *limits, pleats_hull_result *out);
PLEATS_API void pleats_hull_result_clear(pleats_ctx *ctx,
                                         pleats_hull_result *result);

#ifdef __cplusplus
}
#endif

#endif
