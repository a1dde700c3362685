/* The points in which planes cross a segment, told apart by bounds.
 *
 * Where a plane's form vanishes is known up to an error, as an interval of
 * shares of the segment.  Points whose intervals do not meet are different;
 * sorted, these fall into runs that are certainly apart from one another. */
#ifndef PLEATS_CELLS_SEGMENT_H
#define PLEATS_CELLS_SEGMENT_H

#include "base/base.h"

/* A point, at a share of the segment from `low` to `high`. */
typedef struct {
    double low, high;
    size_t plane; /* the number of its plane, in the order of their adding */
} pleats_segment_point;

typedef struct {
    size_t n, capacity;
    pleats_segment_point *point; /* [n], with as much room behind them */
    size_t n_buckets;
    size_t *bucket; /* [n_buckets] room for sorting */
} pleats_segment;

void pleats_segment_clear(pleats_ctx *ctx, pleats_segment *segment);

/* Makes it empty, with room for n points. */
PLEATS_NODISCARD pleats_status pleats_segment_begin(pleats_ctx *ctx,
                                                    pleats_segment *segment,
                                                    size_t n);

/* Adds the point of the plane whose form has values a, b at the ends, known up
 * to da, db. */
void pleats_segment_add(pleats_segment *segment, double a, double b, double da,
                        double db);

/* Sorts the points by `low`.  Cost: proportional to their number unless they
 * are crowded. */
void pleats_segment_sort(pleats_segment *segment);

/* Where the run of the sorted points ends that begins with point `first`, at
 * which a run begins: all before `first` + 1 .. end are certainly different
 * from all behind. */
size_t pleats_segment_run(const pleats_segment *segment, size_t first);

#endif
