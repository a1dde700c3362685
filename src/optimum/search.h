/* The least value of a linear function of a network's outputs on a bounded
 * domain, or a point where several of them are not positive: best-first branch
 * and bound.
 *
 * A node is a box of a frame's coordinates in which some units have pieces by
 * decree.  Its bound comes from a relaxation (ranges/relaxation), in doubles
 * and proven; a node whose units are all settled, as far as they matter, is a
 * leaf: an exact linear programme says what the minimum on it is, and where.
 * The nodes with the least bounds are split first, some of them at a time,
 * however many threads there are: so what is found does not depend on their
 * number.
 *
 * Invariant: the minimum over the domain is the minimum over the nodes in the
 * queue, unless what was found already is as low. */
#ifndef PLEATS_OPTIMUM_SEARCH_H
#define PLEATS_OPTIMUM_SEARCH_H

#include "domain/domain.h"
#include "net/net.h"
#include "optimum/slope.h"

#include <gmp.h>

typedef struct {
    const pleats_net *net;
    const pleats_domain *domain;
    pleats_idx n_goals;
    mpq_t *goal;     /* [n_goals x (n_inputs + n_outputs + 1)], as of goals.h */
    bool *is_strict; /* [n_goals] */
    /* false: with one goal, find its least value.  true: find a point at which
     * no goal is above 0, and no strict one is 0, or prove that there is none.
     */
    bool decides;
    /* Not NONE: find the largest slope of the goals, which are outputs, on
     * regions with an inside; all values are minus slopes then, and a point is
     * one of the closure of such a region. */
    pleats_slope_norm norm;
    pleats_limits limits; /* cells: nodes */
} pleats_optimum_task;

typedef struct {
    bool is_empty;       /* the domain has no points */
    pleats_stop stopped; /* why it ended early */
    bool has_point;      /* a point of the domain was found */
    mpq_t *x;            /* [n_inputs] it */
    mpq_t *y;            /* [n_outputs] the outputs at it */
    pleats_idx *piece;   /* [n_units] of a region of the domain whose closure
                            holds it */
    mpq_t value;         /* of the goal at the point */
    bool is_exact;       /* there is none below it, or (decides) it will do */
    double bound; /* when stopped: the goal is at least this everywhere; or the
                     largest goal where nothing is settled */
    double share; /* of the domain's volume, frames alike, that is left */
    uint64_t nodes, leaves; /* looked at; solved */
} pleats_optimum;

/* PLEATS_INVALID for domains that are not bounded.  A limit is no failure.
 * Clear the result in every case. */
PLEATS_NODISCARD pleats_status pleats_optimum_search(
    pleats_ctx *ctx, const pleats_optimum_task *task, pleats_optimum *out);
void pleats_optimum_clear(pleats_ctx *ctx, const pleats_net *net,
                          pleats_optimum *out);

#endif
