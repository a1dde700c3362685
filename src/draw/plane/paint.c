#include "draw/plane/paint.h"

#include "draw/chart/chart.h"
#include "draw/plane/plane.h"

#include <math.h>
#include <stdio.h>

/* Sizes in points for a picture of WIDTH. */
#define WIDTH 480.0
#define MARGIN 12.0
#define MARGIN_BOTTOM (PLEATS_PLOT_BELOW + 6) /* and before the legend */
#define AFTER_LEGEND 6.0
#define LINE_SAMPLE 12.0
#define PANEL_GAP 10.0
#define PANEL_TITLE 14.0

typedef struct {
    pleats_canvas canvas;
    size_t n_scenes;
    const pleats_scene *scene; /* [n_scenes] */
    const char *const *name;   /* [n_scenes]; NULL: there is one */
    const pleats_paint_options *options;
    pleats_shade shade;
    pleats_plot plot; /* of one plane; of several, the first one */
    size_t n_columns; /* of planes */
    double legend;    /* where it starts */
} painting;

/* ---- legend ---- */

static void key_of_line(pleats_column *column, const char *text, double width,
                        pleats_colour colour)
{
    cairo_t *cr = column->canvas->cr;
    double x, y;
    if (!pleats_column_entry(column, LINE_SAMPLE, text, &x, &y))
        return;
    pleats_canvas_colour(column->canvas, colour);
    cairo_set_line_width(cr, width * column->unit);
    cairo_move_to(cr, x, y);
    cairo_rel_line_to(cr, LINE_SAMPLE * column->unit, 0);
    cairo_stroke(cr);
}

/* Below the planes: texts, the key of colours, of walls. */
static void write_legend(const painting *p, pleats_column *column)
{
    static const pleats_colour black = {0, 0, 0};
    for (size_t i = 0; i < p->options->n_legend; i++)
        pleats_column_text(column, p->options->legend[i]);
    pleats_shade_key(&p->shade, column);
    pleats_column_end_line(column);
    for (pleats_idx i = 1; i <= p->scene->layers.n && p->options->walls; i++) {
        char text[32];
        snprintf(text, sizeof text, "layer %d", i);
        key_of_line(column, text, 1.6, pleats_shade_of_layer(i));
    }
    bool has_boundary = false;
    for (size_t i = 0; i < p->n_scenes; i++)
        has_boundary = has_boundary || p->scene[i].boundary.n_segments > 0;
    if (has_boundary)
        key_of_line(column, "boundary", 1.2, black);
}

static double legend_width(const painting *p)
{
    return p->options->width - p->plot.left - MARGIN * p->plot.unit;
}

/* Where the legend ends. */
static double legend_end(const painting *p, pleats_canvas *dry)
{
    pleats_column legend =
        pleats_column_dry(dry, legend_width(p), p->plot.unit);
    write_legend(p, &legend);
    return p->legend + pleats_column_height(&legend, 0) +
           AFTER_LEGEND * p->plot.unit;
}

static void paint_legend(painting *p)
{
    pleats_column column = pleats_column_at(&p->canvas, p->plot.left, p->legend,
                                            legend_width(p), p->plot.unit);
    write_legend(p, &column);
}

/* ---- one plane ---- */

static void lay_out(painting *p, pleats_canvas *dry)
{
    const double *f = p->scene->frame_of, unit = p->options->width / WIDTH;
    p->plot = (pleats_plot){
        .x = {.name = p->scene->axes.name[0], .lo = f[0], .hi = f[1]},
        .y = {.name = p->scene->axes.name[1], .lo = f[2], .hi = f[3]},
        .unit = unit,
        .top = MARGIN * unit};
    p->plot.left = pleats_plot_margin(&p->plot.y, dry, unit);
    p->plot.width = legend_width(p);
    p->plot.height = p->plot.width * pleats_plane_ratio(p->scene);
    p->legend = p->plot.top + p->plot.height + MARGIN_BOTTOM * unit;
}

pleats_status pleats_pictures_check(pleats_ctx *ctx)
{
    (void)ctx;
    return PLEATS_OK;
}

pleats_status pleats_paint(pleats_ctx *ctx, const pleats_scene *scene,
                           const pleats_paint_options *options,
                           pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    painting p = {.n_scenes = 1, .scene = scene, .options = options};
    pleats_canvas dry;
    pleats_canvas_open_dry(ctx, &dry);
    TRY(pleats_shade_init(ctx, &p.shade, 1, scene, options));
    lay_out(&p, &dry);
    TRY(pleats_canvas_open(ctx, &p.canvas, out, options->width,
                           ceil(legend_end(&p, &dry))));
    pleats_canvas_font(&p.canvas, PLEATS_TEXT_FONT * p.plot.unit);
    TRY(pleats_plane_paint(&p.canvas, scene, &p.shade, &p.plot));
    pleats_plot_paint(&p.plot, &p.canvas);
    paint_legend(&p);
    TRY(pleats_canvas_finish(&p.canvas));
done:
    pleats_canvas_clear(&p.canvas);
    pleats_canvas_clear(&dry);
    return status;
}

/* ---- several ---- */

/* Rows of planes, as many in each as makes the sheet about as high as wide. */
static void lay_out_sheet(painting *p)
{
    const double *f = p->scene->frame_of, unit = p->options->width / WIDTH;
    const double gap = PANEL_GAP * unit, ratio = pleats_plane_ratio(p->scene);
    p->n_columns = (size_t)ceil(sqrt((double)p->n_scenes * ratio));
    if (p->n_columns > p->n_scenes)
        p->n_columns = p->n_scenes;
    double n = (double)p->n_columns;
    p->plot = (pleats_plot){.x = {.lo = f[0], .hi = f[1]},
                            .y = {.lo = f[2], .hi = f[3]},
                            .unit = unit,
                            .left = MARGIN * unit,
                            .top = MARGIN * unit + PANEL_TITLE * unit};
    p->plot.width = (legend_width(p) - (n - 1) * gap) / n;
    p->plot.height = p->plot.width * ratio;
}

static pleats_plot panel_of(const painting *p, size_t i)
{
    pleats_plot plot = p->plot;
    const size_t column = i % p->n_columns, row = i / p->n_columns;
    plot.left += (double)column * (plot.width + PANEL_GAP * plot.unit);
    plot.top +=
        (double)row * (plot.height + (PANEL_GAP + PANEL_TITLE) * plot.unit);
    return plot;
}

/* "name: count", shortened to the panel. */
static void paint_title(painting *p, size_t i, const pleats_plot *plot)
{
    static const pleats_colour black = {0, 0, 0};
    char text[512];
    snprintf(text, sizeof text, "%s: %zu", p->name[i], p->scene[i].n_cells);
    text[pleats_text_fit(&p->canvas, text, plot->width)] = '\0';
    pleats_canvas_colour(&p->canvas, black);
    pleats_canvas_text(&p->canvas, plot->left, plot->top - 4 * plot->unit,
                       false, text);
}

static pleats_status paint_panels(painting *p)
{
    pleats_status status = PLEATS_OK;
    static const pleats_colour black = {0, 0, 0};
    for (size_t i = 0; i < p->n_scenes; i++) {
        const pleats_plot plot = panel_of(p, i);
        pleats_canvas_font(&p->canvas, PLEATS_TEXT_FONT * plot.unit);
        paint_title(p, i, &plot);
        TRY(pleats_plane_paint(&p->canvas, &p->scene[i], &p->shade, &plot));
        pleats_canvas_colour(&p->canvas, black);
        cairo_set_line_width(p->canvas.cr, 0.6 * plot.unit);
        cairo_rectangle(p->canvas.cr, plot.left, plot.top, plot.width,
                        plot.height);
        cairo_stroke(p->canvas.cr);
    }
done:
    return status;
}

/* The counts as a chart; x, y [n_scenes] are room for them. */
static pleats_chart chart_of(const painting *p, double *x, double *y,
                             pleats_chart_series *series)
{
    for (size_t i = 0; i < p->n_scenes; i++) {
        x[i] = (double)(i + 1);
        y[i] = (double)p->scene[i].n_cells;
    }
    *series = (pleats_chart_series){.form = PLEATS_CHART_LINE,
                                    .marker = PLEATS_MARKER_SOLID,
                                    .n = p->n_scenes,
                                    .x = x,
                                    .y = y};
    return (pleats_chart){
        .x = {.name = "model, in the order above", .is_whole = true},
        .y = {.name = "activation regions (exact)"},
        .series = series,
        .n_series = 1,
        .ratio = 0.35};
}

static pleats_status paint_sheet(painting *p, const pleats_chart *chart,
                                 pleats_canvas *dry, pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    const double unit = p->plot.unit;
    const pleats_plot last = panel_of(p, p->n_scenes - 1);
    pleats_chart_panel panel = {.width = p->options->width,
                                .top =
                                    last.top + last.height + PANEL_GAP * unit,
                                .unit = unit};
    panel.height = pleats_chart_height(chart, dry, &panel);
    p->legend = panel.top + panel.height;
    TRY(pleats_canvas_open(p->canvas.ctx, &p->canvas, out, p->options->width,
                           ceil(legend_end(p, dry))));
    TRY(paint_panels(p));
    pleats_chart_draw(chart, &p->canvas, &panel);
    paint_legend(p);
    TRY(pleats_canvas_finish(&p->canvas));
done:
    return status;
}

pleats_status pleats_paint_strip(pleats_ctx *ctx, size_t n,
                                 const pleats_scene *scene,
                                 const char *const *name,
                                 const pleats_paint_options *options,
                                 pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    painting p = {.canvas = {.ctx = ctx},
                  .n_scenes = n,
                  .scene = scene,
                  .name = name,
                  .options = options};
    pleats_canvas dry;
    pleats_chart_series series;
    double *x = NULL, *y = NULL;
    pleats_canvas_open_dry(ctx, &dry);
    TRY(pleats_alloc(ctx, n, sizeof *x, &x));
    TRY(pleats_alloc(ctx, n, sizeof *y, &y));
    TRY(pleats_shade_init(ctx, &p.shade, n, scene, options));
    lay_out_sheet(&p);
    const pleats_chart chart = chart_of(&p, x, y, &series);
    TRY(paint_sheet(&p, &chart, &dry, out));
done:
    pleats_release(ctx, x);
    pleats_release(ctx, y);
    pleats_canvas_clear(&p.canvas);
    pleats_canvas_clear(&dry);
    return status;
}
