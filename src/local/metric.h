/* Distances in a frame: how far the inputs x move when the coordinates do. */
#ifndef PLEATS_LOCAL_METRIC_H
#define PLEATS_LOCAL_METRIC_H

#include "local/region.h"

/* When every input depends on at most one coordinate, a step s moves x by
 * max_j |s_j| * most_j in the max norm, and by sqrt(sum s_j^2 long_j^2).  Else,
 * in at most PLEATS_VERTICES_DIMENSION coordinates, only lengths are known. */
typedef struct {
    bool is_known; /* the frame is of that kind */
    pleats_idx k;
    mpq_t *least; /* [k] 1 / most_j */
    /* The same and 1 / long_j, up to a relative 2^-48: numbers of a domain and
     * their products may be beyond the range of doubles. */
    long double *by_most, *by_long; /* [k] */
    /* [k x k] (L^T L)^-1, x = L s, likewise; NULL: not of use */
    long double *inverse;
    /* How far a coordinate grows at most in a step of length 1, from above, by
     * a relative 2^-48 or more. */
    long double farthest;
} pleats_metric;

/* Whether lengths are known. */
static inline bool pleats_metric_has_length(const pleats_metric *metric)
{
    return metric->is_known || metric->inverse;
}

PLEATS_NODISCARD pleats_status
pleats_metric_init(pleats_ctx *ctx, pleats_metric *metric,
                   const pleats_coordinates *coordinates);
void pleats_metric_clear(pleats_ctx *ctx, pleats_metric *metric);

/* How fast entry . s grows at most in a step of length 1, from above, by a
 * relative 2^-48 or more; infinite: not known. */
long double pleats_metric_norm_above(const pleats_metric *metric,
                                     const long double *entry);

/* The largest double that is not above x >= 0; 0 for NaN. */
double pleats_double_below(long double x);

/* How far a wall is from the region's point: proven lower and upper bounds. */
typedef struct {
    double max_norm, max_norm_above, euclid, euclid_above;
} pleats_distance;

/* Distance [region->n_units] of every half-space of a unit. */
PLEATS_NODISCARD pleats_status pleats_distances(pleats_region *region,
                                                const pleats_metric *metric,
                                                pleats_distance *distance);

/* The exact radius of the largest max-norm ball about the point inside all
 * half-spaces of units, and the half-space that it meets; *wall = -1 when there
 * is none. */
PLEATS_NODISCARD pleats_status pleats_largest_ball(
    pleats_region *region, const pleats_metric *metric,
    const pleats_distance *distance, mpq_t radius, pleats_idx *wall);

/* The largest double that is certainly not above q >= 0. */
double pleats_rational_below(const mpq_t q);

#endif
