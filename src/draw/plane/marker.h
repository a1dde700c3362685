/* Markers of points: each kind has its colour and its shape. */
#ifndef PLEATS_DRAW_PLANE_MARKER_H
#define PLEATS_DRAW_PLANE_MARKER_H

#include "draw/canvas.h"

/* Units that a marker reaches from its middle, at most. */
#define PLEATS_MARKER_RADIUS 3.6

/* One at (x, y), filled with the kind's colour or with white.  Eight kinds are
 * different. */
void pleats_marker_draw(pleats_canvas *canvas, pleats_idx kind, bool is_solid,
                        double x, double y, double unit);

#endif
