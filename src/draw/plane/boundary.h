/* The decision boundary on a plane: where the two greatest outputs tie, or the
 * only one has a given level; and the class of every cell.
 *
 * The class of a point is the first of its greatest outputs; with one output,
 * 0 below the level and 1 from it on.
 *
 * Which classes a cell has, and which of its corners and sides they have, is
 * exact, and places are rounded once; or, with a grain of 2^-40 or more, they
 * are off by at most that on the frame, max norm: then most cells need no exact
 * arithmetic.
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
    double grain; /* 0: places are rounded once */
    size_t n_cells;
    pleats_idx *class; /* [n_cells]; -1: the cell has parts */
    size_t n_parts;
    pleats_class_part *part; /* [n_parts] */
    size_t n_corners;
    double *corner; /* [n_corners x 2] of the parts, on the axes */
    size_t n_segments;
    double *segment; /* [n_segments x 4] two points each; a side that two cells
                        share may be there twice */
    double *value;   /* room: [corners of a cell] */
    size_t class_capacity, part_capacity, corner_capacity, segment_capacity,
        value_capacity;
} pleats_boundary;

/* The corners of a cell, in their order around it. */
typedef struct {
    size_t n;
    const double *local; /* [n x 2] on the frame, off by at most `off` */
    const double *at;    /* [n x 2] the same on the axes */
    double off;
} pleats_boundary_cell;

void pleats_boundary_clear(pleats_ctx *ctx, pleats_boundary *boundary);

/* Adds a cell; the space is in it, with the outputs' forms.  *is_certain: it
 * has one class; else it has to be cut. */
PLEATS_NODISCARD pleats_status
pleats_boundary_add(pleats_boundary *boundary, pleats_space *space,
                    const pleats_boundary_cell *cell, bool *is_certain);
/* Cuts the cell that was added last, in doubles: *is_cut, unless these do not
 * tell that it has two parts, or where these meet but for the grain. */
PLEATS_NODISCARD pleats_status pleats_boundary_halve(
    pleats_boundary *boundary, pleats_space *space, const pleats_axes *axes,
    const pleats_boundary_cell *cell, bool *is_cut);
/* The same over the integers, whatever comes out: point [n x 3] are the corners
 * (x, y, w > 0). */
PLEATS_NODISCARD pleats_status pleats_boundary_cut(
    pleats_boundary *boundary, pleats_space *space, const pleats_axes *axes,
    const pleats_boundary_cell *cell, mpz_t *const *point);

/* ---- between the two files ---- */

/* class [most] = the classes that are not certainly below the one that is
 * greatest at some corner; how many, or most + 1: more than that. */
pleats_idx pleats_boundary_classes(const pleats_forms *forms,
                                   const pleats_boundary_cell *cell,
                                   pleats_idx most, pleats_idx *class);
/* Adds a part of the last cell: *corner [n x 2] is to be filled in, on the
 * axes. */
PLEATS_NODISCARD pleats_status
pleats_boundary_add_part(pleats_ctx *ctx, pleats_boundary *boundary,
                         pleats_idx class, size_t n, double **corner);
/* Likewise *segment [4]. */
PLEATS_NODISCARD pleats_status pleats_boundary_add_segment(
    pleats_ctx *ctx, pleats_boundary *boundary, double **segment);

#endif
