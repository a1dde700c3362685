/* Lengths in the inputs of steps in a frame of few coordinates, and slopes
 * along it, in doubles. */
#ifndef PLEATS_SURVEY_GAUGE_H
#define PLEATS_SURVEY_GAUGE_H

#include "cells/frame.h"
#include "cells/vertices.h"

typedef struct {
    pleats_idx k;
    int exponent[PLEATS_VERTICES_DIMENSION]; /* columns of the frame's map are
                                                scaled by 2^-exponent */
    /* [k x k] a lower triangle L, the Gram matrix of the scaled columns being
       L L^T, and the inverse of that matrix */
    double root[PLEATS_VERTICES_DIMENSION * PLEATS_VERTICES_DIMENSION];
    double inverse[PLEATS_VERTICES_DIMENSION * PLEATS_VERTICES_DIMENSION];
} pleats_gauge;

/* k is at most PLEATS_VERTICES_DIMENSION. */
void pleats_gauge_init(pleats_gauge *gauge, const pleats_coordinates *c);

/* The greatest distance in the inputs between two of the points t [n x k]; y
 * [n x k] is room. */
double pleats_gauge_diameter(const pleats_gauge *gauge, size_t n,
                             const double *t, double *y);

/* The greatest change of g . t for a step of length 1; g [k]. */
double pleats_gauge_slope(const pleats_gauge *gauge, const double *g);

#endif
