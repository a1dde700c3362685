/* How a quantity is spread over the cells of a plane. */
#ifndef PLEATS_DRAW_CHART_HISTOGRAM_H
#define PLEATS_DRAW_CHART_HISTOGRAM_H

#include "draw/plane/scene.h"

#include "pleats/draw.h"
#include "pleats/output.h"

/* Draws to a file as pleats_paint does; legend [n_legend]: lines of text below.
 * Cells whose quantity is 0 have no place on a logarithmic axis: a line says
 * how many they are. */
PLEATS_NODISCARD pleats_status pleats_histogram_paint(
    const pleats_scene *scene, pleats_draw_histogram of, double width,
    size_t n_legend, const char *const *legend, pleats_output *out);

#endif
