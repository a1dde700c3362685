/* How steep a network is on a node: how far outputs can move for a step of
 * length 1 of the inputs, along the domain.
 *
 * With the norm p of input and output, and J the outputs' derivatives:
 * p = inf: the largest sum of a row of |J|; p = 1: that of a column; p = 2,
 * with one output: the square of the row's length.  On a domain of lower
 * dimension steps are those along it. */
#ifndef PLEATS_OPTIMUM_SLOPE_H
#define PLEATS_OPTIMUM_SLOPE_H

#include "forms/exact_forms.h"
#include "optimum/goals.h"
#include "optimum/site.h"
#include "ranges/ranges.h"

typedef enum {
    PLEATS_SLOPE_NONE, /* values are asked for, not slopes */
    PLEATS_SLOPE_1,
    PLEATS_SLOPE_2,
    PLEATS_SLOPE_INF
} pleats_slope_norm;

/* One worker's room for bounds. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;  /* lent */
    double *lo, *hi, *size; /* [n_scalars] derivatives of a goal, and the sum of
                               what was added in absolute value */
    pleats_idx *n_terms;    /* [n_scalars] how much was added */
    double *reach;          /* [n_scalars] how much inputs move a scalar */
    double *sum;            /* [n_inputs] */
    double *influence;      /* [n_units] how much a unit's pieces matter */
    pleats_idx *scratch;    /* [most terms of a row] */
} pleats_slopes;

PLEATS_NODISCARD pleats_status pleats_slopes_init(pleats_ctx *ctx,
                                                  pleats_slopes *slopes,
                                                  const pleats_net *net);
void pleats_slopes_clear(pleats_slopes *slopes);

/* *most: a double that the slope is nowhere above, where units have the pieces
 * that unit [n_units] says; infinite when none is known.  Sets influence. Cost:
 * a pass over the terms for each goal. */
PLEATS_NODISCARD pleats_status pleats_slopes_bound(
    pleats_slopes *slopes, const pleats_goals *goals, const pleats_site *site,
    pleats_slope_norm norm, const pleats_range *unit, double *most);

/* PLEATS_INVALID when the norm is none for which slopes are known on the frame:
 * 1 and inf on planes that are not parallel to the axes. */
PLEATS_NODISCARD pleats_status pleats_slope_check(pleats_ctx *ctx,
                                                  const pleats_frame *frame,
                                                  pleats_slope_norm norm);

/* The exact slope where the goals have the forms of `exact`. */
PLEATS_NODISCARD pleats_status pleats_slope_measure(
    pleats_ctx *ctx, pleats_exact_forms *exact, const pleats_goals *goals,
    const pleats_frame *frame, pleats_slope_norm norm, mpq_t slope);

#endif
