/* A picture to draw on with cairo: SVG, PDF or PNG by the end of its name. */
#ifndef PLEATS_DRAW_CANVAS_H
#define PLEATS_DRAW_CANVAS_H

#include "draw/plane/palette.h"
#include "pleats/output.h"

#include <cairo.h>

typedef struct {
    pleats_ctx *ctx;
    pleats_output *out; /* lent */
    bool is_raster;
    unsigned char *bytes; /* [n] of the file */
    size_t n, capacity;
    cairo_surface_t *surface;
    cairo_t *cr; /* in points, 1/72 inch; of a PNG, pixels */
} pleats_canvas;

/* PLEATS_INVALID when the name of a file ends in none of the three; what goes
 * to a device, pipe or standard output is SVG then. */
PLEATS_NODISCARD pleats_status pleats_canvas_open(pleats_ctx *ctx,
                                                  pleats_canvas *canvas,
                                                  pleats_output *out,
                                                  double width, double height);

/* The same as SVG, whatever the name is: for a page that holds it. */
void pleats_canvas_open_svg(pleats_ctx *ctx, pleats_canvas *canvas,
                            pleats_output *out, double width, double height);

/* Ends the drawing, so that `bytes` are the whole file; nothing is written. */
PLEATS_NODISCARD pleats_status pleats_canvas_end(pleats_canvas *canvas);

/* Writes all that was drawn to the output. */
PLEATS_NODISCARD pleats_status pleats_canvas_finish(pleats_canvas *canvas);

/* A canvas on which nothing is drawn, to learn how wide texts are on all
 * others before their height is known. */
void pleats_canvas_open_dry(pleats_ctx *ctx, pleats_canvas *canvas);

void pleats_canvas_clear(pleats_canvas *canvas);

void pleats_canvas_colour(pleats_canvas *canvas, pleats_colour colour);
/* The size of letters; they are as wide on every kind of canvas. */
void pleats_canvas_font(pleats_canvas *canvas, double size);
/* One line of text from (x, y), its base line's start, or (`right`) end. */
void pleats_canvas_text(pleats_canvas *canvas, double x, double y, bool right,
                        const char *text);
double pleats_canvas_text_width(pleats_canvas *canvas, const char *text);

#endif
