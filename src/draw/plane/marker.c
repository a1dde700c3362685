#include "draw/plane/marker.h"

#include <math.h>

/* Regular polygons: corners (0: a circle), where the first is (in turns, 0 to
 * the right), and how far, so that all cover about the same. */
static const struct {
    int corners;
    double first, radius;
} shape[] = {{0, 0, 2.6},    {4, 0.125, 3.2}, {3, 0.75, 3.6}, {4, 0, 3.3},
             {3, 0.25, 3.6}, {5, 0.75, 3.1},  {3, 0, 3.6},    {3, 0.5, 3.6}};

void pleats_marker_draw(pleats_canvas *c, pleats_idx kind, bool is_solid,
                        double x, double y, double unit)
{
    static const pleats_colour white = {1, 1, 1};
    const size_t i = (size_t)kind % (sizeof shape / sizeof *shape);
    const double turn = 2 * acos(-1), radius = shape[i].radius * unit;
    cairo_new_path(c->cr);
    if (shape[i].corners == 0)
        cairo_arc(c->cr, x, y, radius, 0, turn);
    for (int j = 0; j < shape[i].corners; j++) {
        double angle = turn * (shape[i].first + 1.0 * j / shape[i].corners);
        cairo_line_to(c->cr, x + radius * cos(angle), y + radius * sin(angle));
    }
    cairo_close_path(c->cr);
    pleats_canvas_colour(c, is_solid ? pleats_colour_of_kind(kind) : white);
    cairo_fill_preserve(c->cr);
    pleats_canvas_colour(c, pleats_colour_of_line(kind));
    cairo_set_line_width(c->cr, 0.9 * unit);
    cairo_stroke(c->cr);
}
