/* What a plane's coordinates are called, and where a frame's points lie in
 * them. */
#ifndef PLEATS_DRAW_PLANE_AXES_H
#define PLEATS_DRAW_PLANE_AXES_H

#include "cells/frame.h"

typedef struct {
    char name[2][16];
    mpz_t *place; /* [2 x 4] a, b, c, d > 0: axis i of the point (x, y) / w is
                     (a x + b y + c w) / (d w) */
    mpq_t *area;  /* [1] of the frame's unit square, signed */
    double unit;  /* the same, rounded */
    /* Rounded: where the frame's origin is, how the frame's coordinates depend
     * on those of the axes, and these on them [2 x 2 each]. */
    double origin[2], inverse[4], matrix[4];
} pleats_axes;

/* The coordinates of a part that has two of its own, else two inputs that tell
 * its points apart ("x0" is the first one).  The frame is that of the part and
 * has dimension 2. */
PLEATS_NODISCARD pleats_status pleats_axes_init(pleats_ctx *ctx,
                                                pleats_axes *axes,
                                                const pleats_part *part,
                                                const pleats_frame *frame);
void pleats_axes_clear(pleats_ctx *ctx, pleats_axes *axes);

/* The input that coordinate j of a part is, or -1. */
pleats_idx pleats_axes_input(const pleats_part *part, pleats_idx j,
                             pleats_idx n_inputs);

/* at [2] = the place of the point (x, y, w) / w, w > 0, rounded once. */
void pleats_axes_round(const pleats_axes *axes, mpz_t *point, double *at);

/* The same of the point local [2], in doubles; false: they overflowed. */
bool pleats_axes_place(const pleats_axes *axes, const double *local,
                       double *at);

#endif
