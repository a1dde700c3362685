/* A rectangle with an axis along two of its sides: round ticks, names, and
 * where values lie in it. */
#ifndef PLEATS_DRAW_CHART_PLOT_H
#define PLEATS_DRAW_CHART_PLOT_H

#include "draw/canvas.h"

typedef struct {
    const char *name; /* with its unit; NULL: none */
    double lo, hi;    /* lo < hi, finite */
    bool is_log;      /* values are log10 of what the ticks say, so that numbers
                         of thousands of digits have a place */
    bool is_whole;    /* ticks at whole numbers alone */
} pleats_scale;

/* `text` is a number, or the start of one that ends in 10 to the `power`. */
typedef struct {
    double at;
    char text[32], power[24]; /* "": none; both "": a small tick */
} pleats_tick;

enum { PLEATS_MOST_TICKS = 128 };

/* Round ticks between lo and hi, at most `most` of them (but two at least where
 * the range has them) with a text; tick has room for PLEATS_MOST_TICKS. Returns
 * how many. */
size_t pleats_ticks(const pleats_scale *scale, int most, pleats_tick *tick);

typedef struct {
    pleats_scale x, y;
    double unit;                     /* all sizes are multiples of it */
    double left, top, width, height; /* of the rectangle */
    double margin; /* to the y axis' name; 0: as pleats_plot_margin says */
    double strip;  /* units of a strip below the x axis, its ticks below that */
} pleats_plot;

/* Units that the x axis' ticks and name need below it, the strip apart. */
#define PLEATS_PLOT_BELOW 30.0

/* What the y axis' ticks and name need at its left.  Selects the font. */
double pleats_plot_margin(const pleats_scale *y, pleats_canvas *canvas,
                          double unit);

double pleats_plot_x(const pleats_plot *plot, double value);
double pleats_plot_y(const pleats_plot *plot, double value);

/* The rectangle's outline, ticks and names, in black.  Selects the font. */
void pleats_plot_paint(const pleats_plot *plot, pleats_canvas *canvas);

#endif
