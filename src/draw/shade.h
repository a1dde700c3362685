/* Which colour a cell gets, and the key that says so. */
#ifndef PLEATS_DRAW_SHADE_H
#define PLEATS_DRAW_SHADE_H

#include "draw/paint.h"
#include "draw/text.h"

typedef struct {
    const pleats_scene *scene; /* lent */
    const pleats_paint_options *options;
    double lo, hi; /* of the quantity that is shown */
} pleats_shade;

/* PLEATS_INVALID when the output to be shown is not there. */
PLEATS_NODISCARD pleats_status pleats_shade_init(
    pleats_ctx *ctx, pleats_shade *shade, const pleats_scene *scene,
    const pleats_paint_options *options);

/* The colour of a cell that has one: PLEATS_PAINT_OUTPUT varies within. */
pleats_colour pleats_shade_of(const pleats_shade *shade, size_t cell);

/* Makes the values of the output on a cell the canvas' source; the plane's
 * upper left corner is at (left, top), and `scale` [2] are points a unit of
 * each axis. */
void pleats_shade_set_gradient(const pleats_shade *shade, pleats_canvas *canvas,
                               size_t cell, const double *scale, double left,
                               double top);

pleats_colour pleats_shade_of_class(pleats_idx class);
pleats_colour pleats_shade_of_layer(pleats_idx layer); /* 1, 2, ... */

/* The key of the colours. */
void pleats_shade_key(const pleats_scene *scene,
                      const pleats_paint_options *options,
                      pleats_column *column);

#endif
