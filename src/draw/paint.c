#include "draw/paint.h"

#include "draw/plot.h"
#include "draw/shade.h"
#include "draw/text.h"
#include "draw/wall_lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Sizes in points for a picture of WIDTH. */
#define WIDTH 480.0
#define MARGIN_RIGHT 12.0
#define MARGIN_TOP 12.0
#define MARGIN_BOTTOM (PLEATS_PLOT_BELOW + 6) /* and before the legend */
#define AFTER_LEGEND 6.0
#define LINE_SAMPLE 12.0

/* Axes further apart than this are stretched to one another. */
#define MOST_STRETCH 3.0

typedef struct {
    pleats_canvas canvas;
    const pleats_scene *scene;
    const pleats_paint_options *options;
    pleats_plot plot; /* of the plane */
    double scale[2];  /* points a unit of each axis */
} painting;

/* ---- places ---- */

static void line_to(const painting *p, const double *at)
{
    cairo_line_to(p->canvas.cr, pleats_plot_x(&p->plot, at[0]),
                  pleats_plot_y(&p->plot, at[1]));
}

static void lay_out(painting *p, pleats_canvas *dry)
{
    const double *f = p->scene->frame_of;
    const double unit = p->options->width / WIDTH;
    double ratio = (f[3] - f[2]) / (f[1] - f[0]);
    if (!(ratio <= MOST_STRETCH && ratio >= 1 / MOST_STRETCH))
        ratio = 0.75;
    p->plot = (pleats_plot){
        .x = {.name = p->scene->axes.name[0], .lo = f[0], .hi = f[1]},
        .y = {.name = p->scene->axes.name[1], .lo = f[2], .hi = f[3]},
        .unit = unit,
        .top = MARGIN_TOP * unit};
    p->plot.left = pleats_plot_margin(&p->plot.y, dry, unit);
    p->plot.width = p->options->width - p->plot.left - MARGIN_RIGHT * unit;
    p->plot.height = p->plot.width * ratio;
    p->scale[0] = p->plot.width / (f[1] - f[0]);
    p->scale[1] = p->plot.height / (f[3] - f[2]);
}

/* ---- cells ---- */

static void trace_cell(const painting *p, size_t cell)
{
    const pleats_scene *x = p->scene;
    cairo_new_sub_path(p->canvas.cr);
    for (size_t i = x->start[cell]; i < x->start[cell + 1]; i++)
        line_to(p, x->corner + 2 * x->side[i]);
    cairo_close_path(p->canvas.cr);
}

static void trace_part(const painting *p, const pleats_class_part *part)
{
    for (size_t i = 0; i < part->n; i++)
        line_to(p, p->scene->boundary.corner + 2 * (part->first + i));
    cairo_close_path(p->canvas.cr);
}

/* Fills without seams: a raster has no half-covered pixels between cells, and
 * in a file of outlines there is a wall above each seam, or each cell reaches a
 * little under its neighbours. */
static void fill(painting *p)
{
    if (p->canvas.is_raster || p->options->walls) {
        cairo_fill(p->canvas.cr);
        return;
    }
    cairo_fill_preserve(p->canvas.cr);
    cairo_stroke(p->canvas.cr);
}

static void paint_parts(painting *p)
{
    const pleats_boundary *b = &p->scene->boundary;
    for (size_t i = 0; i < b->n_parts; i++) {
        trace_part(p, &b->part[i]);
        pleats_canvas_colour(&p->canvas,
                             pleats_shade_of_class(b->part[i].class));
        fill(p);
    }
}

/* Cells that vary within, one by one. */
static void paint_shaded(painting *p, const pleats_shade *shade)
{
    for (size_t i = 0; i < p->scene->n_cells; i++) {
        trace_cell(p, i);
        pleats_shade_set_gradient(shade, &p->canvas, i, p->scale, p->plot.left,
                                  p->plot.top);
        fill(p);
    }
}

typedef struct {
    uint32_t colour; /* 8 bits each of red, green, blue */
    size_t cell;
} coloured;

static int compare_colours(const void *a, const void *b)
{
    const coloured *x = a, *y = b;
    if (x->colour != y->colour)
        return (x->colour > y->colour) - (x->colour < y->colour);
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/* All cells of one colour at once: smaller files, drawn faster. */
static pleats_status paint_flat(painting *p, const pleats_shade *shade)
{
    pleats_status status = PLEATS_OK;
    const pleats_scene *x = p->scene;
    const bool by_class = p->options->colour == PLEATS_PAINT_CLASS;
    coloured *list = NULL;
    size_t n = 0;
    TRY(pleats_alloc(p->canvas.ctx, x->n_cells, sizeof *list, &list));
    for (size_t i = 0; i < x->n_cells; i++)
        if (!by_class || x->boundary.class[i] >= 0)
            list[n++] =
                (coloured){pleats_colour_to_bits(pleats_shade_of(shade, i)), i};
    if (n > 0)
        qsort(list, n, sizeof *list, compare_colours);
    for (size_t i = 0; i < n; i++) {
        trace_cell(p, list[i].cell);
        if (i + 1 < n && list[i + 1].colour == list[i].colour)
            continue;
        pleats_canvas_colour(&p->canvas, pleats_colour_of_bits(list[i].colour));
        fill(p);
    }
    if (by_class)
        paint_parts(p);
done:
    pleats_release(p->canvas.ctx, list);
    return status;
}

static pleats_status paint_cells(painting *p)
{
    pleats_status status = PLEATS_OK;
    pleats_shade shade;
    TRY(pleats_shade_init(p->canvas.ctx, &shade, p->scene, p->options));
    cairo_set_antialias(p->canvas.cr, p->canvas.is_raster
                                          ? CAIRO_ANTIALIAS_NONE
                                          : CAIRO_ANTIALIAS_DEFAULT);
    cairo_set_line_width(p->canvas.cr, 0.2 * p->plot.unit);
    cairo_set_line_join(p->canvas.cr, CAIRO_LINE_JOIN_ROUND);
    if (p->options->colour == PLEATS_PAINT_OUTPUT)
        paint_shaded(p, &shade);
    else
        TRY(paint_flat(p, &shade));
    cairo_set_antialias(p->canvas.cr, CAIRO_ANTIALIAS_DEFAULT);
done:
    return status;
}

/* ---- walls and boundary ---- */

/* Thinner lines for more cells. */
static double wall_width(const painting *p)
{
    double n = (double)p->scene->n_cells;
    return p->plot.unit * fmin(0.8, fmax(0.08, 0.8 * sqrt(400 / (n + 1))));
}

static pleats_status paint_walls(painting *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_scene *x = p->scene;
    pleats_wall_lines lines = {0};
    TRY(pleats_wall_lines_init(p->canvas.ctx, &lines, x));
    cairo_set_line_width(p->canvas.cr, wall_width(p));
    cairo_set_line_cap(p->canvas.cr, CAIRO_LINE_CAP_ROUND);
    for (size_t i = 0; i < lines.n; i++) {
        const pleats_wall_path *path = &lines.path[i];
        cairo_new_sub_path(p->canvas.cr);
        for (size_t j = path->first; j < path->first + path->n; j++)
            line_to(p, x->corner + 2 * lines.corner[j]);
        if (i + 1 == lines.n || lines.path[i + 1].layer != path->layer) {
            pleats_canvas_colour(&p->canvas,
                                 pleats_shade_of_layer(path->layer));
            cairo_stroke(p->canvas.cr);
        }
    }
done:
    pleats_wall_lines_clear(p->canvas.ctx, &lines);
    return status;
}

/* Black in white, so that it stands out on every colour. */
static void paint_boundary(painting *p)
{
    const pleats_boundary *b = &p->scene->boundary;
    static const pleats_colour colour[] = {{1, 1, 1}, {0, 0, 0}};
    for (size_t pass = 0; pass < 2 && b->n_segments > 0; pass++) {
        cairo_set_line_cap(p->canvas.cr, CAIRO_LINE_CAP_ROUND);
        cairo_set_line_width(p->canvas.cr, (pass ? 1.2 : 2.4) * p->plot.unit);
        for (size_t i = 0; i < b->n_segments; i++) {
            cairo_new_sub_path(p->canvas.cr);
            line_to(p, b->segment + 4 * i);
            line_to(p, b->segment + 4 * i + 2);
        }
        pleats_canvas_colour(&p->canvas, colour[pass]);
        cairo_stroke(p->canvas.cr);
    }
}

static void paint_marks(painting *p)
{
    static const pleats_colour black = {0, 0, 0}, white = {1, 1, 1};
    cairo_t *cr = p->canvas.cr;
    for (size_t i = 0; i < p->options->n_marks; i++) {
        const pleats_domain_mark *m = &p->options->mark[i];
        double x = pleats_plot_x(&p->plot, m->at[0]);
        double y = pleats_plot_y(&p->plot, m->at[1]);
        cairo_new_path(cr);
        cairo_arc(cr, x, y, 3.2 * p->plot.unit, 0, 2 * acos(-1));
        pleats_canvas_colour(&p->canvas, white);
        cairo_fill_preserve(cr);
        pleats_canvas_colour(&p->canvas, black);
        cairo_set_line_width(cr, 1.2 * p->plot.unit);
        cairo_stroke(cr);
        cairo_move_to(cr, x + 5 * p->plot.unit, y - 4 * p->plot.unit);
        cairo_text_path(cr, m->name);
        pleats_canvas_colour(&p->canvas, white);
        cairo_set_line_width(cr, 3 * p->plot.unit);
        cairo_stroke_preserve(cr);
        pleats_canvas_colour(&p->canvas, black);
        cairo_fill(cr);
    }
}

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

/* Below the plane: texts, the key of colours, of walls. */
static void write_legend(const painting *p, pleats_column *column)
{
    static const pleats_colour black = {0, 0, 0};
    for (size_t i = 0; i < p->options->n_legend; i++)
        pleats_column_text(column, p->options->legend[i]);
    pleats_shade_key(p->scene, p->options, column);
    pleats_column_end_line(column);
    for (pleats_idx i = 1; i <= p->scene->layers.n && p->options->walls; i++) {
        char text[32];
        snprintf(text, sizeof text, "layer %d", i);
        key_of_line(column, text, 1.6, pleats_shade_of_layer(i));
    }
    if (p->scene->boundary.n_segments > 0)
        key_of_line(column, "boundary", 1.2, black);
}

/* The whole picture's, once the plane's place is known. */
static double height_of(const painting *p, pleats_canvas *dry)
{
    const pleats_plot *t = &p->plot;
    pleats_column legend = pleats_column_dry(dry, t->width, t->unit);
    write_legend(p, &legend);
    return t->top + t->height + (MARGIN_BOTTOM + AFTER_LEGEND) * t->unit +
           pleats_column_height(&legend, 0);
}

static void paint_legend(painting *p)
{
    const pleats_plot *t = &p->plot;
    double top = t->top + t->height + MARGIN_BOTTOM * t->unit;
    pleats_column column =
        pleats_column_at(&p->canvas, t->left, top, t->width, t->unit);
    write_legend(p, &column);
}

pleats_status pleats_paint(pleats_ctx *ctx, const pleats_scene *scene,
                           const pleats_paint_options *options,
                           const char *path)
{
    pleats_status status = PLEATS_OK;
    painting p = {.scene = scene, .options = options};
    pleats_canvas dry;
    pleats_canvas_open_dry(ctx, &dry);
    lay_out(&p, &dry);
    double height = ceil(height_of(&p, &dry));
    TRY(pleats_canvas_open(ctx, &p.canvas, path, options->width, height));
    pleats_canvas_font(&p.canvas, PLEATS_TEXT_FONT * p.plot.unit);
    cairo_save(p.canvas.cr);
    cairo_rectangle(p.canvas.cr, p.plot.left, p.plot.top, p.plot.width,
                    p.plot.height);
    cairo_clip(p.canvas.cr);
    TRY(paint_cells(&p));
    if (options->walls)
        TRY(paint_walls(&p));
    paint_boundary(&p);
    paint_marks(&p);
    cairo_restore(p.canvas.cr);
    pleats_plot_paint(&p.plot, &p.canvas);
    paint_legend(&p);
    TRY(pleats_canvas_finish(&p.canvas));
done:
    pleats_canvas_clear(&p.canvas);
    pleats_canvas_clear(&dry);
    return status;
}
