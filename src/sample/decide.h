/* The pattern of a point that doubles cannot tell, by exact arithmetic. */
#ifndef PLEATS_SAMPLE_DECIDE_H
#define PLEATS_SAMPLE_DECIDE_H

#include "sample/pass.h"
#include "sample/points.h"

typedef struct {
    const pleats_pass *pass;
    const pleats_points *points;
    pleats_coordinates line;
    pleats_idx *piece; /* [n_units] */
} pleats_decider;

PLEATS_NODISCARD pleats_status pleats_decider_init(pleats_ctx *ctx,
                                                   pleats_decider *decider,
                                                   const pleats_pass *pass,
                                                   const pleats_points *points);
void pleats_decider_clear(pleats_ctx *ctx, pleats_decider *decider);

/* Corrects a point's pattern after a pass over it.  *is_inside: the pattern is
 * that of an open region of the domain that holds the point; false: the point
 * is on a wall. A unit whose input is constant near the point and at a
 * breakpoint has that breakpoint not below it, and the first of equal
 * candidates wins, as in counts. What is constant is found out along one random
 * line through the point, which is wrong with a probability below 2^-60 for a
 * point on a wall.
 */
PLEATS_NODISCARD pleats_status pleats_decide(pleats_ctx *ctx,
                                             pleats_decider *decider,
                                             pleats_lanes *lanes,
                                             const pleats_drawn_point *drawn,
                                             bool *is_inside);

#endif
