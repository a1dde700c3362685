/* Which colour a cell gets, and the key that says so. */
#ifndef PLEATS_DRAW_PLANE_SHADE_H
#define PLEATS_DRAW_PLANE_SHADE_H

#include "draw/chart/plot.h"
#include "draw/plane/paint.h"
#include "draw/text.h"

typedef struct {
    const pleats_paint_options *options; /* lent */
    size_t n;
    const pleats_scene *scene; /* [n], lent */
    double lo, hi; /* of the quantity that is shown, over all scenes */
} pleats_shade;

/* For scene [n], which have the same outputs.  PLEATS_INVALID when the output
 * to be shown is not there. */
PLEATS_NODISCARD pleats_status pleats_shade_init(
    pleats_ctx *ctx, pleats_shade *shade, size_t n, const pleats_scene *scene,
    const pleats_paint_options *options);

/* The colour of a cell that has one: PLEATS_PAINT_OUTPUT varies within. */
pleats_colour pleats_shade_of(const pleats_shade *shade,
                              const pleats_scene *scene, size_t cell);

/* Makes the values of the output on a cell the canvas' source; `plot` is where
 * the plane is drawn. */
void pleats_shade_set_gradient(const pleats_shade *shade, pleats_canvas *canvas,
                               const pleats_scene *scene, size_t cell,
                               const pleats_plot *plot);

/* Sixteen classes have colours of their own. */
pleats_colour pleats_shade_of_class(pleats_idx class);
pleats_colour pleats_shade_of_layer(pleats_idx layer); /* 1, 2, ... */

/* The key of the colours. */
void pleats_shade_key(const pleats_shade *shade, pleats_column *column);

#endif
