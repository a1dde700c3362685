/* Points in doubles that are certainly inside a cell.
 *
 * A question about a plane is first put to them: points on both sides prove
 * that it cuts the cell, whatever the rest of the cell looks like.  The parts
 * of a cell take over its points, so that nothing about their other walls has
 * to be proven again. */
#ifndef PLEATS_CELLS_WITNESSES_H
#define PLEATS_CELLS_WITNESSES_H

#include "cells/space.h"

/* Points that are kept; when there are more, the oldest goes. */
enum { PLEATS_WITNESSES_MOST = 24 };

typedef struct {
    pleats_idx n, oldest;
    double *point; /* [PLEATS_WITNESSES_MOST x k], NULL before the first */
    /* On which side of the plane in question a point certainly is, 0 where that
     * is not known; and of the plane that was last kept. */
    int8_t side[PLEATS_WITNESSES_MOST], kept[PLEATS_WITNESSES_MOST];
} pleats_witnesses;

void pleats_witnesses_clear(pleats_ctx *ctx, pleats_witnesses *pool);

static inline double *pleats_witnesses_point(const pleats_witnesses *pool,
                                             pleats_idx i, pleats_idx k)
{
    return pool->point + (size_t)i * (size_t)k;
}

/* Adds a point [k] of the cell on side `side` of the plane in question. */
PLEATS_NODISCARD pleats_status pleats_witnesses_add(pleats_ctx *ctx,
                                                    pleats_witnesses *pool,
                                                    pleats_idx k,
                                                    const double *point,
                                                    int side);

/* Puts the plane in question (space->question.entry, bounds) to all points:
 * has[0], has[1]: one is certainly on its negative, positive side. */
void pleats_witnesses_ask(const pleats_space *space, pleats_witnesses *pool,
                          bool *has);

/* The plane in question is the one whose sides `take` goes by. */
void pleats_witnesses_keep_sides(pleats_witnesses *pool);

/* `to`, which may be `pool` itself, gets the points on side `sign` of the plane
 * that was last kept, all of them for 0. */
PLEATS_NODISCARD pleats_status
pleats_witnesses_take(pleats_ctx *ctx, pleats_witnesses *to,
                      const pleats_witnesses *pool, pleats_idx k, int sign);

/* The mean of all points, which there are. */
void pleats_witnesses_mean(const pleats_witnesses *pool, pleats_idx k,
                           double *mean);

#endif
