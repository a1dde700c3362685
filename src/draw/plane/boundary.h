/* The decision boundary on a plane, exactly: where the two greatest outputs
 * tie, or the only one has a given level; and the class of every cell.
 *
 * The class of a point is the first of its greatest outputs; with one output,
 * 0 below the level and 1 from it on.
 */
#ifndef PLEATS_DRAW_PLANE_BOUNDARY_H
#define PLEATS_DRAW_PLANE_BOUNDARY_H

#include "cells/space.h"
#include "draw/plane/axes.h"

/* A part of a cell that has one class: corners first .. first + n - 1. */
typedef struct {
    size_t cell;
    pleats_idx class;
    size_t first, n;
} pleats_class_part;

typedef struct {
    double level;
    size_t n_cells;
    pleats_idx *class; /* [n_cells]; -1: the cell has parts */
    size_t n_parts;
    pleats_class_part *part; /* [n_parts] */
    size_t n_corners;
    double *corner; /* [n_corners x 2] of the parts, on the axes */
    size_t n_segments;
    double *segment; /* [n_segments x 4] two points each; a side that two cells
                        share may be there twice */
    size_t class_capacity, part_capacity, corner_capacity, segment_capacity;
} pleats_boundary;

void pleats_boundary_clear(pleats_ctx *ctx, pleats_boundary *boundary);

/* Adds a cell with corners n at local [n x 2], in their order around it, each
 * off by at most `off`; the space is in it, with the outputs' forms.
 * *is_certain: it has one class; else it has to be cut. */
PLEATS_NODISCARD pleats_status
pleats_boundary_add(pleats_boundary *boundary, pleats_space *space, size_t n,
                    const double *local, double off, bool *is_certain);
/* Cuts the cell that was added last: the same, with the corners over the
 * integers, point [n x 3] (x, y, w > 0). */
PLEATS_NODISCARD pleats_status pleats_boundary_cut(
    pleats_boundary *boundary, pleats_space *space, const pleats_axes *axes,
    size_t n, mpz_t *const *point, const double *local, double off);

#endif
