/* The same programmes as lp.h over the integers, decided exactly:
 *
 *     P = { t in R^k : row_i . (t, 1) >= 0 for all i,
 *                      -1 <= t_j <= 1 for every boxed j },
 *
 * on an integer dictionary with one common denominator, pivoted without
 * fractions [Edmonds 1967].  It starts at any basis.  As long as that is
 * neither feasible nor dual feasible, pivots are those of the least-index
 * criss-cross method [Terlaky 1985; Fukuda and Terlaky 1997], which needs no
 * first phase; from then on those of the primal or dual simplex method with the
 * least-index rule [Bland 1977], which needs far fewer.  All of them end
 * always.  A good basis to begin with, for instance the last one of the
 * programme in doubles, makes it a check of that basis.
 */
#ifndef PLEATS_LP_EXACT_LP_H
#define PLEATS_LP_EXACT_LP_H

#include "base/base.h"

#include <gmp.h>

typedef struct {
    pleats_idx k, m;
    const bool *boxed; /* [k], lent */
    size_t n_entries;  /* of `entry` that are initialised */
    mpz_t *entry;      /* [(m + 1) x (k + 1)], objective last */
    mpz_t det;         /* common denominator of all entries, > 0 */
    mpz_t spare, left, right;
    bool has_det;
    size_t row_capacity;
    size_t column_capacity;
    pleats_idx *basic;    /* [m] */
    pleats_idx *nonbasic; /* [k] */
    bool *flipped;        /* [k] */
    pleats_idx *place;    /* [k] of a coordinate: its column, or ~row */
} pleats_exact_lp;

typedef enum {
    PLEATS_EXACT_OPTIMAL,
    PLEATS_EXACT_POSITIVE,  /* sign only: some point of P has value > 0 */
    PLEATS_EXACT_NEGATIVE,  /* sign only: no point of P has value > 0 */
    PLEATS_EXACT_UNBOUNDED, /* P is empty, or the value has no bound on it */
    PLEATS_EXACT_INFEASIBLE /* P is empty */
} pleats_exact_end;

/* A programme of m rows of zeros and objective 0.  `lp` may be zeroed or in
 * use (its memory is used again). */
PLEATS_NODISCARD pleats_status pleats_exact_lp_init(pleats_ctx *ctx,
                                                    pleats_exact_lp *lp,
                                                    pleats_idx k,
                                                    const bool *boxed,
                                                    pleats_idx m);
void pleats_exact_lp_clear(pleats_ctx *ctx, pleats_exact_lp *lp);

/* Sets row i [k + 1], before the first solve. */
void pleats_exact_lp_set_row(pleats_exact_lp *lp, pleats_idx i, mpz_t *row);
/* Sets the objective [k + 1]; at any time. */
void pleats_exact_lp_set_objective(pleats_exact_lp *lp, mpz_t *objective);

/* Brings the rows `nonbasic` into the basis' complement where possible, and
 * measures nonbasic coordinates from above where `flipped` [k] says so. */
void pleats_exact_lp_suggest(pleats_exact_lp *lp, pleats_idx n,
                             const pleats_idx *nonbasic, const bool *flipped);

/* Maximises the objective; with `sign_only` ends as soon as it is settled
 * whether the maximum is positive.  PLEATS_LIMIT when the context has a reason
 * to stop. */
PLEATS_NODISCARD pleats_status pleats_exact_lp_solve(pleats_ctx *ctx,
                                                     pleats_exact_lp *lp,
                                                     bool sign_only,
                                                     pleats_exact_end *end);

/* After OPTIMAL: the value as num / lp->det. */
void pleats_exact_lp_value(const pleats_exact_lp *lp, mpz_t num);
/* After OPTIMAL or POSITIVE: the vertex, t_j = num_j / lp->det [k]. */
void pleats_exact_lp_vertex(const pleats_exact_lp *lp, mpz_t *num);
/* After OPTIMAL: whether row i has a positive multiplier (is 0 at every
 * optimal point). */
bool pleats_exact_lp_is_binding(const pleats_exact_lp *lp, pleats_idx i);

#endif
