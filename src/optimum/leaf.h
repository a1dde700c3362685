/* The exact minimum of the largest goal on a leaf: a node on which all units
 * that matter have one piece, so that the goals are affine on it. */
#ifndef PLEATS_OPTIMUM_LEAF_H
#define PLEATS_OPTIMUM_LEAF_H

#include "forms/exact_forms.h"
#include "lp/exact_lp.h"
#include "optimum/goals.h"
#include "optimum/node.h"

/* One worker's room for the leaves of one frame. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_goals *goals; /* lent */
    const pleats_frame *frame; /* lent */
    const bool *is_strict;     /* [goals->n] lent; NULL: none is */
    pleats_idx *piece;         /* [n_units] */
    pleats_exact_forms exact;
    pleats_exact_lp lp;
    bool *boxed;                  /* [k + 1] */
    mpz_t *row;                   /* [k + 2] */
    mpz_t *centre, *radius, unit; /* [k], [k]: of the box, times unit */
    mpz_t *vertex;                /* [k + 1] */
    pleats_idx n_planes;
    size_t plane_capacity;
    struct pleats_leaf_side *side; /* [n_planes] what the decrees say */
} pleats_leaf;

PLEATS_NODISCARD pleats_status pleats_leaf_init(pleats_ctx *ctx,
                                                pleats_leaf *leaf,
                                                const pleats_goals *goals,
                                                const pleats_frame *frame,
                                                const bool *is_strict);
void pleats_leaf_clear(pleats_leaf *leaf);

/* unit [n_units]: the pieces; those that do not matter may be any.  *found:
 * whether the node has points and, with strict goals, some where these are
 * negative and all others are not positive.  Then *value is the least that the
 * largest goal (the largest strict one) is on these points, and point [k + 1]
 * one that attains it, as of local/point.h.  The initialised value, with one
 * goal, is that of the goal's scalar. */
PLEATS_NODISCARD pleats_status pleats_leaf_solve(pleats_leaf *leaf,
                                                 const pleats_node *node,
                                                 const pleats_range *unit,
                                                 bool *found, mpq_t value,
                                                 mpz_t *point);

/* *found: whether the node has an inside, in the frame's dimension; point [k +
 * 1] is then a point in it, and leaf->exact has the forms of the pieces. */
PLEATS_NODISCARD pleats_status pleats_leaf_find_inside(pleats_leaf *leaf,
                                                       const pleats_node *node,
                                                       const pleats_range *unit,
                                                       bool *found,
                                                       mpz_t *point);

#endif
