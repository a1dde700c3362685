/* What a node's relaxation says about the largest of some goals, and how to
 * split the node. */
#ifndef PLEATS_OPTIMUM_BOUNDER_H
#define PLEATS_OPTIMUM_BOUNDER_H

#include "optimum/goals.h"
#include "optimum/node.h"
#include "optimum/site.h"
#include "optimum/slope.h"
#include "ranges/finder.h"

/* One worker's room. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_goals *goals; /* lent */
    pleats_finder finder;      /* unit [n_units] after a call: what a leaf's
                                  pieces are */
    pleats_range *decree;      /* [n_units] */
    pleats_slope_norm norm;    /* of slopes, where these are asked for */
    pleats_slopes slopes;      /* then */
    bool *is_needed;           /* [n_scalars] of goals->net */
    double *share;             /* [share_capacity] how coordinates move units */
    size_t share_capacity;
    double *point; /* [point_capacity] in a frame's coordinates */
    size_t point_capacity;
    double *x, *value; /* [n_inputs], [n_scalars] */
} pleats_bounder;

PLEATS_NODISCARD pleats_status pleats_bounder_init(pleats_ctx *ctx,
                                                   pleats_bounder *bounder,
                                                   const pleats_goals *goals,
                                                   pleats_slope_norm norm);
void pleats_bounder_clear(pleats_bounder *bounder);

/* Raises node->bound to a proven lower bound of the largest goal on the node,
 * or of minus the goals' slope (infinite when the node is empty), and sets what
 * comes behind it.  b->point [k]: a point of the node's box, that promises a
 * small value. */
PLEATS_NODISCARD pleats_status pleats_bounder_bound(pleats_bounder *b,
                                                    const pleats_site *site,
                                                    pleats_node *node);

/* Around the largest goal at b->point; its upper end is infinite when the point
 * is outside the frame's rows, or the value is not below `beyond`. */
PLEATS_NODISCARD pleats_status pleats_bounder_value(pleats_bounder *b,
                                                    const pleats_site *site,
                                                    double beyond,
                                                    pleats_interval *value);

#endif
