/* The corners of a plane's cells, each once: vertices are one corner when they
 * are equal over the rationals, never when they are near. */
#ifndef PLEATS_DRAW_PLANE_CORNERS_H
#define PLEATS_DRAW_PLANE_CORNERS_H

#include "cells/cell.h"
#include "exact/vectors.h"

typedef struct {
    pleats_vectors points; /* x, y, w > 0, primitive, in the frame's
                              coordinates */
    double *local;         /* [points.n x 2] the same, rounded */
    size_t *next;          /* [points.n] of one square of the grid: + 1, or 0 */
    size_t *first;         /* [n_squares] alike, by a hash of the square */
    size_t n_squares, local_capacity, next_capacity;
    mpz_t row[3];
} pleats_corners;

void pleats_corners_init(pleats_ctx *ctx, pleats_corners *corners);
void pleats_corners_clear(pleats_corners *corners);

/* *number of the corner at vertex i of a bounded cell of dimension 2.  A corner
 * that is there already is found by its rounded place, and is the one when all
 * walls that hold the vertex hold it, over the integers. */
PLEATS_NODISCARD pleats_status pleats_corners_find(pleats_corners *corners,
                                                   pleats_space *space,
                                                   pleats_vertices *cell,
                                                   pleats_idx i,
                                                   size_t *number);

#endif
