/* Cells that are held by their vertices, of arrangements of hyperplanes on a
 * box or on R^k, beside cones of the oracle that should be the same. */
#ifndef PLEATS_PROPERTY_CELL_CHECK_H
#define PLEATS_PROPERTY_CELL_CHECK_H

#include "cells/cell.h"
#include "cone.h"
#include "rng.h"

typedef struct {
    pleats_ctx *ctx;
    size_t k, n;
    unsigned box;
    double *rows; /* [n x (k + 1)] a x + b, b last */
    pleats_net *net;
    pleats_domain *domain;
    pleats_frame frame;
    pleats_space space;
} arrangement;

/* Planes row . (x, 1) = 0 on [-1 / box, 1 / box]^k, or on R^k (box 0); the
 * frame's coordinates are t = box x, which makes forms inexact in doubles. */
void arrangement_init(pleats_ctx *ctx, arrangement *a, size_t k, size_t n,
                      const double *rows, unsigned box);
void arrangement_clear(arrangement *a);

/* The same for cells that are held by `engine`. */
void arrangement_init_for(pleats_ctx *ctx, arrangement *a, size_t k, size_t n,
                          const double *rows, unsigned box,
                          pleats_engine engine);

/* Moves forms of rows in doubles to the far end of errors that they then
 * claim, of random sizes up to a quarter of the form, or to eighths near by;
 * some forms are left.  All that holds for forms within their errors must hold
 * for these. */
void arrangement_loosen(arrangement *a, rng *r);

/* row i - row j = at; j < 0: without row j. */
pleats_hyperplane arrangement_plane(const arrangement *a, size_t i, int j,
                                    double at);

/* The frame as a cone. */
void arrangement_cone(const arrangement *a, cone *out);
/* On which sides of the plane the cone is, and its parts as in cone_split. */
sides arrangement_split(const arrangement *a, const cone *c,
                        pleats_hyperplane plane, cone *above, cone *below);

/* NULL when the cell is the cone, its error bounds hold, and values at its
 * generators and the box around them are right; else what is wrong.  With
 * `section`, the cell should be the part of the cone on its last wall. */
const char *cell_is_wrong(arrangement *a, pleats_vertices *cell,
                          const cone *want, bool section);

#endif
