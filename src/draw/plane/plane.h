/* A scene drawn into a rectangle: its cells, walls, boundary and marks. */
#ifndef PLEATS_DRAW_PLANE_PLANE_H
#define PLEATS_DRAW_PLANE_PLANE_H

#include "draw/chart/plot.h"
#include "draw/plane/shade.h"

/* Height of the rectangle for one of a width: axes have one scale unless they
 * are too far apart for that. */
double pleats_plane_ratio(const pleats_scene *scene);

/* Draws into the plot's rectangle, whose scales are the scene's frame; the
 * canvas has its font. */
PLEATS_NODISCARD pleats_status pleats_plane_paint(pleats_canvas *canvas,
                                                  const pleats_scene *scene,
                                                  const pleats_shade *shade,
                                                  const pleats_plot *plot);

#endif
