/* Where points come from.  Point number p of a source is the same whoever asks
 * for it, in whatever order: it is drawn from random stream number p, or is the
 * p-th of a sequence. */
#ifndef PLEATS_SAMPLE_POINTS_H
#define PLEATS_SAMPLE_POINTS_H

#include "base/rng.h"
#include "domain/domain.h"
#include "forms/forms.h"
#include "sample/lanes.h"

typedef enum {
    PLEATS_POINTS_UNIFORM,  /* in a domain: bounded, without rows */
    PLEATS_POINTS_SEQUENCE, /* Halton's there, shifted at random */
    PLEATS_POINTS_GAUSSIAN, /* independent inputs, in R^n */
    PLEATS_POINTS_ROWS      /* given, in R^n */
} pleats_points_kind;

enum { PLEATS_SEQUENCE_DIMENSIONS = 64 }; /* the most for Halton's */

typedef struct {
    pleats_points_kind kind;
    pleats_idx n_inputs;
    uint64_t seed;
    double scale;      /* GAUSSIAN: standard deviation of every input */
    const double *row; /* ROWS: [n_rows x n_inputs], finite, lent */
    uint64_t n_rows;

    /* UNIFORM, SEQUENCE: x = origin + sum_j t_j direction_j with t in a box. */
    const pleats_part *part; /* lent */
    pleats_idx k;
    double *lo, *hi;   /* [k] doubles in the box; of a side of width zero */
    bool *is_fixed;    /* [k] the nearest one */
    double *origin;    /* [n_inputs] */
    double *direction; /* [k x n_inputs], NULL: the inputs are the t_j */
    double *shift;     /* SEQUENCE: [k] */

    double *magnitude; /* [n_inputs] at least all |x_i| */
    double *error;     /* [n_inputs] how far x is off the point meant */
} pleats_points;

/* Sets up the rest of a source whose kind and what belongs to it are set; for
 * UNIFORM and SEQUENCE from the domain.  PLEATS_INVALID when points cannot be
 * drawn from it: several parts, unbounded, with rows, or too many dimensions
 * for the sequence. */
PLEATS_NODISCARD pleats_status pleats_points_init(pleats_ctx *ctx,
                                                  pleats_points *points,
                                                  pleats_idx n_inputs,
                                                  const pleats_domain *domain);
void pleats_points_clear(pleats_ctx *ctx, pleats_points *points);

/* Writes points first .. first + PLEATS_LANES - 1 to value [n_inputs x
 * PLEATS_LANES]; coordinate [k x PLEATS_LANES] gets their t where there are
 * directions.  Beyond the last row comes the last row again. */
void pleats_points_draw(const pleats_points *points, uint64_t first,
                        double *coordinate, double *value);

/* A point among those that pleats_points_draw wrote. */
typedef struct {
    uint64_t number;
    int lane;
    const double *coordinate, *value;
} pleats_drawn_point;

/* The exact line through a point that was drawn, along a random direction of
 * the domain: t = 0 is the point.  `line` has k = 1 and num, den initialised.
 */
PLEATS_NODISCARD pleats_status
pleats_points_line(pleats_ctx *ctx, const pleats_points *points,
                   const pleats_drawn_point *drawn, pleats_coordinates *line);

#endif
