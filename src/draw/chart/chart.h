/* A chart: series of numbers over two axes, a key, and lines of text below; a
 * picture of its own, or a panel of a larger one. */
#ifndef PLEATS_DRAW_CHART_CHART_H
#define PLEATS_DRAW_CHART_CHART_H

#include "draw/canvas.h"

typedef enum {
    PLEATS_CHART_BARE,  /* markers alone */
    PLEATS_CHART_LINE,  /* from point to point */
    PLEATS_CHART_STEPS, /* y[i] from x[i] to x[i + 1] */
    PLEATS_CHART_BARS,  /* from the bottom to y[i], from x[i] to x[i + 1];
                           x is [n + 1] */
    PLEATS_CHART_RANGES /* upright bars from y[i] to top[i]; infinite: no end */
} pleats_chart_form;

typedef enum {
    PLEATS_MARKER_NONE,
    PLEATS_MARKER_SOLID, /* filled */
    PLEATS_MARKER_HOLLOW /* of a range, at both ends */
} pleats_chart_marker;

/* Points that are not finite are left out. */
typedef struct {
    const char *name; /* in the key; NULL: not there */
    pleats_chart_form form;
    pleats_chart_marker marker;
    pleats_idx kind;         /* the palette's colour, and the marker's shape */
    bool is_dashed, is_grey; /* grey: for lines that guide the eye */
    size_t n;
    const double *x, *y, *top; /* [n], lent; top of ranges only */
    const double *middle; /* [n] of ranges: where the markers are; NULL: at both
                             ends */
} pleats_chart_series;

/* Upright ticks just below the x axis. */
typedef struct {
    const char *name; /* in the key; NULL: not there */
    pleats_idx kind;
    size_t n;
    const double *x; /* [n], lent */
} pleats_chart_ticks;

typedef struct {
    const char *name; /* with its unit; NULL: none */
    bool is_log;      /* values are log10 of what the axis shows */
    bool is_whole;    /* ticks at whole numbers alone */
    bool has_range;   /* shows lo to hi; else all values that are there */
    double lo, hi;    /* lo < hi */
} pleats_chart_axis;

typedef struct {
    const char *title; /* above; NULL: none */
    pleats_chart_axis x, y;
    const pleats_chart_series *series; /* [n_series], lent; later on top */
    size_t n_series;
    const pleats_chart_ticks *ticks; /* [n_ticks], lent */
    size_t n_ticks;
    const char *const *line; /* [n_lines] of text below, lent */
    size_t n_lines;
    double ratio; /* of the plot's height to its width; 0: 0.62 */
} pleats_chart;

/* The rectangle of a canvas that a chart is drawn into. */
typedef struct {
    double left, top, width, height;
    double margin; /* left of the plot; 0: what its axis needs */
    double unit; /* letters are 9 units high; a picture that is `width` wide has
                    units of width / 480 */
} pleats_chart_panel;

/* What the y axis needs left of the plot.  Changes the canvas' font. */
double pleats_chart_margin(const pleats_chart *chart, pleats_canvas *canvas,
                           double unit);

/* What the panel must be high for the chart's ratio; its top and height are not
 * looked at.  Changes the canvas' font. */
double pleats_chart_height(const pleats_chart *chart, pleats_canvas *canvas,
                           const pleats_chart_panel *panel);

/* Draws into the panel; the plot gets the height that the texts leave. */
void pleats_chart_draw(const pleats_chart *chart, pleats_canvas *canvas,
                       const pleats_chart_panel *panel);

/* Charts [n], one below another, as a picture of their own (draw/canvas.h),
 * `width` points or pixels wide. */
PLEATS_NODISCARD pleats_status pleats_chart_paint(pleats_ctx *ctx, size_t n,
                                                  const pleats_chart *chart,
                                                  pleats_output *out,
                                                  double width);

#endif
