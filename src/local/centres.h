/* The widest balls of cells that are held by their vertices. */
#ifndef PLEATS_LOCAL_CENTRES_H
#define PLEATS_LOCAL_CENTRES_H

#include "cells/vertices.h"
#include "local/widest.h"

/* Room for the cells of one frame. */
typedef struct {
    pleats_metric metric;
    pleats_half_spaces body;
    size_t width;
    double *row, *s;  /* [width] a wall, a centre */
    mpz_t *exact_row; /* [width] */
} pleats_centres;

/* Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_centres_init(pleats_ctx *ctx,
                                                   pleats_centres *centres,
                                                   const pleats_frame *frame);
void pleats_centres_clear(pleats_ctx *ctx, pleats_centres *centres);

/* x [n_inputs]: the centre of a large ball in the cell, and a radius that is
 * proven for it, as of pleats_ball_in_inputs; NaN and 0 where none is.  slot
 * [n_facets]: the walls that carry facets, as of pleats_fan_facets. */
PLEATS_NODISCARD pleats_status pleats_centres_find(
    pleats_centres *centres, pleats_space *space, const pleats_vertices *cell,
    pleats_idx n_facets, const pleats_idx *slot, double *x, double *radius);

#endif
