/* Small dense linear programs over one polyhedron
 *
 *     P = { t in R^k : row_i . (t, 1) >= 0 for all i,
 *                      -1 <= t_j <= 1 for every boxed j },
 *
 * in doubles: quick, warm, and never to be believed.  What a run ends with (a
 * point, multipliers, a basis) is a suggestion that the caller checks: with
 * rounding bounds, or with the exact programme of exact_lp.h.
 *
 * The programme is kept as a dictionary: m rows of basic variables written in
 * k nonbasic ones, each variable being measured from its bound, so that all
 * nonbasic ones are 0 at the current vertex.  Variable j < k is coordinate j
 * (t_j + 1 when boxed; 1 - t_j when flipped; t_j when free); variable k + i is
 * the slack of row i.  The vertex stays feasible (up to rounding) from call to
 * call; that is the warm start.
 */
#ifndef PLEATS_LP_LP_H
#define PLEATS_LP_LP_H

#include "base/base.h"

typedef struct {
    pleats_idx k, m;
    const bool *boxed;    /* [k], lent */
    size_t row_capacity;  /* rows that fit */
    double *dictionary;   /* [m x (k + 1)], row-major, constant last */
    double *objective;    /* [k + 1] */
    pleats_idx *basic;    /* [m] variable of each row */
    pleats_idx *nonbasic; /* [k] variable of each column */
    bool *flipped;        /* [k] coordinate measured from its upper bound */
    pleats_idx *place;    /* [k] of a coordinate: its column, or ~row */
    pleats_idx ray;       /* column of an unbounded ray, or -1 */
    pleats_idx n_pivots;  /* since the dictionary was made from the rows */
} pleats_lp;

/* A value of a form scaled to entries of size about 1 at which a walk towards
 * its positive side may stop. */
#define PLEATS_LP_POSITIVE 0x1p-20

typedef enum {
    PLEATS_LP_OPTIMAL,   /* the vertex is a maximum */
    PLEATS_LP_ENOUGH,    /* the value passed `enough` */
    PLEATS_LP_UNBOUNDED, /* there is no maximum */
    PLEATS_LP_STALLED    /* too many pivots */
} pleats_lp_end;

/* A programme without rows, at the vertex with all boxed t_j = -1 and free
 * t_j = 0.  `lp` may be zeroed or in use (its memory is used again). */
PLEATS_NODISCARD pleats_status pleats_lp_init(pleats_ctx *ctx, pleats_lp *lp,
                                              pleats_idx k, const bool *boxed);
void pleats_lp_clear(pleats_ctx *ctx, pleats_lp *lp);
/* `to` (zeroed or in use) becomes a copy of `from`. */
PLEATS_NODISCARD pleats_status pleats_lp_copy(pleats_ctx *ctx, pleats_lp *to,
                                              const pleats_lp *from);

/* Adds row [k + 1], which must be >= 0 at the vertex but for rounding: settle
 * before the next maximize. */
PLEATS_NODISCARD pleats_status pleats_lp_add_row(pleats_ctx *ctx, pleats_lp *lp,
                                                 const double *row);

/* Takes slacks that rounding left a little below 0 as 0. */
void pleats_lp_settle(pleats_lp *lp);

/* Walks from the current vertex towards the maximum of
 * objective . (t, 1) and stops early once the value is over `enough`. */
pleats_lp_end pleats_lp_maximize(pleats_lp *lp, const double *objective,
                                 double enough);

/* Walks to a vertex where `row` [k + 1] is positive and adds it. */
PLEATS_NODISCARD pleats_status pleats_lp_cut(pleats_ctx *ctx, pleats_lp *lp,
                                             const double *row);

/* Value of the last objective at the current vertex. */
double pleats_lp_value(const pleats_lp *lp);
/* The current vertex, t [k]. */
void pleats_lp_vertex(const pleats_lp *lp, double *t);
/* After OPTIMAL: multipliers y [m] >= 0 of the rows; objective + sum y_i row_i
 * is then (nearly) constant but for terms that the box bounds. */
void pleats_lp_multipliers(const pleats_lp *lp, double *y);

#endif
