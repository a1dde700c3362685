/* The deepest point of a polyhedron
 *
 *     P = { t in R^k : row_i . (t, 1) >= 0 for all i,
 *                      -1 <= t_j <= 1 for every boxed j },
 *
 * in doubles, never to be believed: the greatest depth, at most 1, with which
 *
 *     row_i . (t, 1) >= weight_i * depth  for all i.
 *
 * A weight is at least the sum of the row's entries in absolute value, so that
 * depth -1 can always be had at t = 0 and in boxes everywhere.  P has an
 * interior when the greatest depth is positive, and the deepest point is then
 * one far from all rows; when it is negative, the multipliers of the rows prove
 * that P is empty.
 *
 * The programme is a dictionary as in lp.h, with the depth as one more boxed
 * coordinate, number k.  It stays optimal when rows are added, which the dual
 * simplex method then makes feasible: each step lowers a bound of the depth. */
#ifndef PLEATS_LP_DEPTH_H
#define PLEATS_LP_DEPTH_H

#include "base/base.h"

typedef struct {
    pleats_idx k, m;
    const bool *boxed;    /* [k], lent */
    size_t stride;        /* from row to row: k + 1 rounded up to 8 */
    size_t row_capacity;  /* rows that fit */
    double *dictionary;   /* [m x stride], row-major, zeros at the end */
    double *value;        /* [m] the rows' constants */
    double *cost;         /* [stride] the depth in the nonbasic variables */
    double bound;         /* its constant */
    pleats_idx *basic;    /* [m] variable of each row; k + 1 + i: slack i */
    pleats_idx *nonbasic; /* [k + 1] variable of each column */
    bool *flipped;        /* [k + 1] coordinate measured from its upper bound */
    pleats_idx *place;    /* [k + 1] of a coordinate: its column, or ~row */
    double *ratio;        /* [stride] room */
    pleats_idx *passed;   /* [k + 1] room */
    pleats_idx *best;     /* [k / 64 + 1] room */
    pleats_idx n_free;    /* columns of free coordinates */
    pleats_idx n_pivots;  /* since the dictionary was made from the rows */
} pleats_depth;

typedef enum {
    PLEATS_DEPTH_FOUND, /* the vertex is a deepest point */
    PLEATS_DEPTH_LOW,   /* the depth is not above `low` */
    PLEATS_DEPTH_STALLED
} pleats_depth_end;

/* A programme without rows.  `depth` may be zeroed or in use, as in `copy`. */
PLEATS_NODISCARD pleats_status pleats_depth_init(pleats_ctx *ctx,
                                                 pleats_depth *depth,
                                                 pleats_idx k,
                                                 const bool *boxed);
void pleats_depth_clear(pleats_ctx *ctx, pleats_depth *depth);
PLEATS_NODISCARD pleats_status pleats_depth_copy(pleats_ctx *ctx,
                                                 pleats_depth *to,
                                                 const pleats_depth *from);

/* Adds row [k + 1], constant last. */
PLEATS_NODISCARD pleats_status pleats_depth_add_row(pleats_ctx *ctx,
                                                    pleats_depth *depth,
                                                    const double *row,
                                                    double weight);

/* On a programme whose rows were just added: goes to the basis of `from`, which
 * has as many.  Cost: k pivots. */
void pleats_depth_set_basis(pleats_depth *depth, const pleats_depth *from);

/* Walks to the deepest point; ends when the depth is known to be below `low`.
 */
pleats_depth_end pleats_depth_solve(pleats_depth *depth, double low);

/* The current vertex, t [k]. */
void pleats_depth_vertex(const pleats_depth *depth, double *t);
/* Multipliers y [m] >= 0: sum y_i row_i is (nearly) bound * sum y_i weight_i
 * but for terms that the box bounds. */
void pleats_depth_multipliers(const pleats_depth *depth, double *y);

#endif
