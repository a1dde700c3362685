#include "draw/paint.h"

#include "draw/canvas.h"
#include "draw/shade.h"
#include "draw/wall_lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Sizes in points for a picture of WIDTH. */
#define WIDTH 480.0
#define FONT 9.0
#define LINE 13.0
#define MARGIN_LEFT 48.0
#define MARGIN_RIGHT 12.0
#define MARGIN_TOP 12.0
#define MARGIN_BOTTOM 34.0 /* ticks and the axis' name */

/* Axes further apart than this are stretched to one another. */
#define MOST_STRETCH 3.0

typedef struct {
    pleats_canvas canvas;
    const pleats_scene *scene;
    const pleats_paint_options *options;
    double unit;                     /* all sizes are multiples of it */
    double left, top, width, height; /* of the plane */
    double scale[2];                 /* points a unit of each axis */
} painting;

/* ---- places ---- */

static double place_x(const painting *p, double s)
{
    return p->left + (s - p->scene->frame_of[0]) * p->scale[0];
}

static double place_y(const painting *p, double t)
{
    return p->top + (p->scene->frame_of[3] - t) * p->scale[1];
}

static void line_to(const painting *p, const double *at)
{
    cairo_line_to(p->canvas.cr, place_x(p, at[0]), place_y(p, at[1]));
}

static void lay_out(painting *p)
{
    const double *f = p->scene->frame_of;
    double ratio = (f[3] - f[2]) / (f[1] - f[0]);
    if (!(ratio <= MOST_STRETCH && ratio >= 1 / MOST_STRETCH))
        ratio = 0.75;
    p->unit = p->options->width / WIDTH;
    p->left = MARGIN_LEFT * p->unit;
    p->top = MARGIN_TOP * p->unit;
    p->width = (WIDTH - MARGIN_LEFT - MARGIN_RIGHT) * p->unit;
    p->height = p->width * ratio;
    p->scale[0] = p->width / (f[1] - f[0]);
    p->scale[1] = p->height / (f[3] - f[2]);
}

/* Lines of the legend below the plane: texts, the key of colours, of walls. */
static double legend_height(const painting *p)
{
    return ((double)p->options->n_legend + 2.5) * LINE * p->unit;
}

/* ---- cells ---- */

static void trace_cell(const painting *p, size_t cell)
{
    const pleats_scene *x = p->scene;
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
        pleats_shade_set_gradient(shade, &p->canvas, i, p->scale, p->left,
                                  p->top);
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
    cairo_set_line_width(p->canvas.cr, 0.2 * p->unit);
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
    return p->unit * fmin(0.8, fmax(0.08, 0.8 * sqrt(400 / (n + 1))));
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
        cairo_set_line_width(p->canvas.cr, (pass ? 1.2 : 2.4) * p->unit);
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
        double x = place_x(p, m->at[0]), y = place_y(p, m->at[1]);
        cairo_new_path(cr);
        cairo_arc(cr, x, y, 3.2 * p->unit, 0, 2 * acos(-1));
        pleats_canvas_colour(&p->canvas, white);
        cairo_fill_preserve(cr);
        pleats_canvas_colour(&p->canvas, black);
        cairo_set_line_width(cr, 1.2 * p->unit);
        cairo_stroke(cr);
        cairo_move_to(cr, x + 5 * p->unit, y - 4 * p->unit);
        cairo_text_path(cr, m->name);
        pleats_canvas_colour(&p->canvas, white);
        cairo_set_line_width(cr, 3 * p->unit);
        cairo_stroke_preserve(cr);
        pleats_canvas_colour(&p->canvas, black);
        cairo_fill(cr);
    }
}

/* ---- axes and legend ---- */

/* A round step that gives at most eight ticks. */
static double tick_step(double range)
{
    double power = pow(10, floor(log10(range / 8)));
    const double step[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (range / (power * step[i]) <= 8)
            return power * step[i];
    return power * 10;
}

static void paint_ticks(painting *p, int axis)
{
    const double *range = p->scene->frame_of + 2 * axis;
    double step = tick_step(range[1] - range[0]), u = p->unit;
    for (double i = ceil(range[0] / step - 1e-9);
         i * step <= range[1] + 1e-9 * step; i++) {
        char text[32];
        snprintf(text, sizeof text, "%.6g", i * step);
        if (axis == 0) {
            double x = place_x(p, i * step), y = p->top + p->height;
            cairo_move_to(p->canvas.cr, x, y);
            cairo_rel_line_to(p->canvas.cr, 0, 3 * u);
            cairo_stroke(p->canvas.cr);
            x += pleats_canvas_text_width(&p->canvas, text) / 2;
            pleats_canvas_text(&p->canvas, x, y + 12 * u, true, text);
        } else {
            double y = place_y(p, i * step);
            cairo_move_to(p->canvas.cr, p->left, y);
            cairo_rel_line_to(p->canvas.cr, -3 * u, 0);
            cairo_stroke(p->canvas.cr);
            pleats_canvas_text(&p->canvas, p->left - 5 * u, y + 3 * u, true,
                               text);
        }
    }
}

static void paint_axes(painting *p)
{
    static const pleats_colour black = {0, 0, 0};
    const char *name = p->scene->axes.name[0];
    double u = p->unit;
    pleats_canvas_colour(&p->canvas, black);
    cairo_set_line_width(p->canvas.cr, 0.6 * u);
    cairo_rectangle(p->canvas.cr, p->left, p->top, p->width, p->height);
    cairo_stroke(p->canvas.cr);
    paint_ticks(p, 0);
    paint_ticks(p, 1);
    double middle =
        p->left + p->width / 2 + pleats_canvas_text_width(&p->canvas, name) / 2;
    pleats_canvas_text(&p->canvas, middle, p->top + p->height + 25 * u, true,
                       name);
    pleats_canvas_text(&p->canvas, 14 * u, p->top + p->height / 2, true,
                       p->scene->axes.name[1]);
}

static void paint_legend(painting *p)
{
    static const pleats_colour black = {0, 0, 0};
    double x = p->left, u = p->unit;
    double y = p->top + p->height + (MARGIN_BOTTOM + 8) * u;
    pleats_canvas_colour(&p->canvas, black);
    for (size_t i = 0; i < p->options->n_legend; i++, y += LINE * u)
        pleats_canvas_text(&p->canvas, x, y, false, p->options->legend[i]);
    pleats_shade_key(p->scene, p->options, &p->canvas, x, y, u);
    y += LINE * u;
    for (pleats_idx i = 1; i <= p->scene->layers.n && p->options->walls; i++) {
        char text[32];
        snprintf(text, sizeof text, "layer %d", i);
        if (x + 60 * u > p->left + p->width)
            break;
        pleats_canvas_colour(&p->canvas, pleats_shade_of_layer(i));
        cairo_set_line_width(p->canvas.cr, 1.6 * u);
        cairo_move_to(p->canvas.cr, x, y - 3 * u);
        cairo_rel_line_to(p->canvas.cr, 12 * u, 0);
        cairo_stroke(p->canvas.cr);
        pleats_canvas_colour(&p->canvas, black);
        pleats_canvas_text(&p->canvas, x + 15 * u, y, false, text);
        x += 24 * u + pleats_canvas_text_width(&p->canvas, text);
    }
    if (p->scene->boundary.n_segments > 0) {
        cairo_set_line_width(p->canvas.cr, 1.2 * u);
        cairo_move_to(p->canvas.cr, x, y - 3 * u);
        cairo_rel_line_to(p->canvas.cr, 12 * u, 0);
        cairo_stroke(p->canvas.cr);
        pleats_canvas_text(&p->canvas, x + 15 * u, y, false, "boundary");
    }
}

pleats_status pleats_paint(pleats_ctx *ctx, const pleats_scene *scene,
                           const pleats_paint_options *options,
                           const char *path)
{
    pleats_status status = PLEATS_OK;
    painting p = {.scene = scene, .options = options};
    lay_out(&p);
    double height =
        p.top + p.height + MARGIN_BOTTOM * p.unit + legend_height(&p);
    TRY(pleats_canvas_open(ctx, &p.canvas, path, options->width, ceil(height)));
    cairo_select_font_face(p.canvas.cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(p.canvas.cr, FONT * p.unit);
    cairo_save(p.canvas.cr);
    cairo_rectangle(p.canvas.cr, p.left, p.top, p.width, p.height);
    cairo_clip(p.canvas.cr);
    TRY(paint_cells(&p));
    if (options->walls)
        TRY(paint_walls(&p));
    paint_boundary(&p);
    paint_marks(&p);
    cairo_restore(p.canvas.cr);
    paint_axes(&p);
    paint_legend(&p);
    TRY(pleats_canvas_finish(&p.canvas));
done:
    pleats_canvas_clear(&p.canvas);
    return status;
}
