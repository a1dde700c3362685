/* The corners of a plane's cells, each once: vertices are one corner when they
 * are equal over the rationals, never when they are near.
 *
 * Vertices with one name (cells/vertex_names.h) are one corner, and those that
 * are certainly apart are two; neither takes exact arithmetic.  Where doubles
 * cannot tell two corners with different names apart, this is `unclear`, and
 * all has to be done again with exact corners: then each new one is worked out
 * over the integers, and found again by arithmetic alone.
 */
#ifndef PLEATS_DRAW_PLANE_CORNERS_H
#define PLEATS_DRAW_PLANE_CORNERS_H

#include "cells/cell.h"

typedef struct {
    pleats_ctx *ctx;
    bool is_exact, unclear;
    size_t n;
    double *local;              /* [n x 2] in the frame's coordinates */
    double *error;              /* [n] how far off these may be, max norm */
    pleats_exact_point **exact; /* [n] x, y, w > 0, primitive; NULL: not asked
                                   for so far */
    size_t *of_name;            /* [n_names] corner + 1, or 0 */
    size_t *next;  /* [n] the next one in a square of the grid: + 1, or 0 */
    size_t *first; /* [n_squares] alike, by a hash of the square */
    size_t n_names, n_squares, local_capacity, error_capacity, exact_capacity,
        next_capacity;
    mpz_t row[3];
} pleats_corners;

void pleats_corners_init(pleats_ctx *ctx, pleats_corners *corners,
                         bool is_exact);
void pleats_corners_clear(pleats_corners *corners);

/* *number of the corner at vertex i of a bounded cell of dimension 2, whose
 * vertices have names unless corners are exact. */
PLEATS_NODISCARD pleats_status pleats_corners_find(pleats_corners *corners,
                                                   pleats_space *space,
                                                   pleats_vertices *cell,
                                                   pleats_idx i,
                                                   size_t *number);

/* x [3] = the corner with that number over the integers, lent, which is at
 * vertex i of the cell. */
PLEATS_NODISCARD pleats_status pleats_corners_solve(pleats_corners *corners,
                                                    pleats_space *space,
                                                    pleats_vertices *cell,
                                                    pleats_idx i, size_t number,
                                                    mpz_t **x);

#endif
