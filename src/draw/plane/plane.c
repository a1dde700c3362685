#include "draw/plane/plane.h"

#include "draw/plane/wall_lines.h"

#include <math.h>
#include <stdlib.h>

/* Axes further apart than this are stretched to one another. */
#define MOST_STRETCH 3.0

typedef struct {
    pleats_canvas *canvas;
    const pleats_scene *scene;
    const pleats_shade *shade;
    const pleats_plot *plot;
} painting;

/* ---- places ---- */

static void line_to(const painting *p, const double *at)
{
    cairo_line_to(p->canvas->cr, pleats_plot_x(p->plot, at[0]),
                  pleats_plot_y(p->plot, at[1]));
}

double pleats_plane_ratio(const pleats_scene *scene)
{
    const double *f = scene->frame_of;
    double ratio = (f[3] - f[2]) / (f[1] - f[0]);
    return ratio <= MOST_STRETCH && ratio >= 1 / MOST_STRETCH ? ratio : 0.75;
}

/* ---- cells ---- */

static void trace_cell(const painting *p, size_t cell)
{
    const pleats_scene *x = p->scene;
    cairo_new_sub_path(p->canvas->cr);
    for (size_t i = x->start[cell]; i < x->start[cell + 1]; i++)
        line_to(p, x->corner + 2 * x->side[i]);
    cairo_close_path(p->canvas->cr);
}

static void trace_part(const painting *p, const pleats_class_part *part)
{
    for (size_t i = 0; i < part->n; i++)
        line_to(p, p->scene->boundary.corner + 2 * (part->first + i));
    cairo_close_path(p->canvas->cr);
}

/* Fills without seams: a raster has no half-covered pixels between cells, and
 * in a file of outlines there is a wall above each seam, or each cell reaches a
 * little under its neighbours. */
static void fill(painting *p)
{
    if (p->canvas->is_raster || p->shade->options->walls) {
        cairo_fill(p->canvas->cr);
        return;
    }
    cairo_fill_preserve(p->canvas->cr);
    cairo_stroke(p->canvas->cr);
}

static void paint_parts(painting *p)
{
    const pleats_boundary *b = &p->scene->boundary;
    for (size_t i = 0; i < b->n_parts; i++) {
        trace_part(p, &b->part[i]);
        pleats_canvas_colour(p->canvas,
                             pleats_shade_of_class(b->part[i].class));
        fill(p);
    }
}

/* Cells that vary within, one by one. */
static void paint_shaded(painting *p)
{
    for (size_t i = 0; i < p->scene->n_cells; i++) {
        trace_cell(p, i);
        pleats_shade_set_gradient(p->shade, p->canvas, p->scene, i, p->plot);
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
static pleats_status paint_flat(painting *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_scene *x = p->scene;
    const bool by_class = p->shade->options->colour == PLEATS_DRAW_CLASS;
    coloured *list = NULL;
    size_t n = 0;
    TRY(pleats_alloc(p->canvas->ctx, x->n_cells, sizeof *list, &list));
    for (size_t i = 0; i < x->n_cells; i++)
        if (!by_class || x->boundary.class[i] >= 0)
            list[n++] = (coloured){
                pleats_colour_to_bits(pleats_shade_of(p->shade, x, i)), i};
    if (n > 0)
        qsort(list, n, sizeof *list, compare_colours);
    for (size_t i = 0; i < n; i++) {
        trace_cell(p, list[i].cell);
        if (i + 1 < n && list[i + 1].colour == list[i].colour)
            continue;
        pleats_canvas_colour(p->canvas, pleats_colour_of_bits(list[i].colour));
        fill(p);
    }
    if (by_class)
        paint_parts(p);
done:
    pleats_release(p->canvas->ctx, list);
    return status;
}

static pleats_status paint_cells(painting *p)
{
    pleats_status status = PLEATS_OK;
    cairo_set_antialias(p->canvas->cr, p->canvas->is_raster
                                           ? CAIRO_ANTIALIAS_NONE
                                           : CAIRO_ANTIALIAS_DEFAULT);
    cairo_set_line_width(p->canvas->cr, 0.2 * p->plot->unit);
    cairo_set_line_join(p->canvas->cr, CAIRO_LINE_JOIN_ROUND);
    if (p->shade->options->colour == PLEATS_DRAW_OUTPUT)
        paint_shaded(p);
    else
        TRY(paint_flat(p));
    cairo_set_antialias(p->canvas->cr, CAIRO_ANTIALIAS_DEFAULT);
done:
    return status;
}

/* ---- walls and boundary ---- */

/* Thinner lines for more cells. */
static double wall_width(const painting *p)
{
    double n = (double)p->scene->n_cells;
    return p->plot->unit * fmin(0.8, fmax(0.08, 0.8 * sqrt(400 / (n + 1))));
}

static pleats_status paint_walls(painting *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_scene *x = p->scene;
    pleats_wall_lines lines = {0};
    TRY(pleats_wall_lines_init(p->canvas->ctx, &lines, x));
    cairo_set_line_width(p->canvas->cr, wall_width(p));
    cairo_set_line_cap(p->canvas->cr, CAIRO_LINE_CAP_ROUND);
    for (size_t i = 0; i < lines.n; i++) {
        const pleats_wall_path *path = &lines.path[i];
        cairo_new_sub_path(p->canvas->cr);
        for (size_t j = path->first; j < path->first + path->n; j++)
            line_to(p, x->corner + 2 * lines.corner[j]);
        if (i + 1 == lines.n || lines.path[i + 1].layer != path->layer) {
            pleats_canvas_colour(p->canvas, pleats_shade_of_layer(path->layer));
            cairo_stroke(p->canvas->cr);
        }
    }
done:
    pleats_wall_lines_clear(p->canvas->ctx, &lines);
    return status;
}

/* Whether a segment is the one before it, the other way round: both parts of a
 * cell have the one between them. */
static bool is_drawn(const pleats_boundary *b, size_t i)
{
    const double *at = b->segment + 4 * i;
    return i > 0 && at[0] == at[-2] && at[1] == at[-1] && at[2] == at[-4] &&
           at[3] == at[-3];
}

/* Black in white, so that it stands out on every colour. */
static void paint_boundary(painting *p)
{
    static const pleats_colour black = {0, 0, 0}, white = {1, 1, 1};
    const pleats_boundary *b = &p->scene->boundary;
    cairo_t *cr = p->canvas->cr;
    if (b->n_segments == 0)
        return;
    for (size_t i = 0; i < b->n_segments; i++) {
        if (is_drawn(b, i))
            continue;
        cairo_new_sub_path(cr);
        line_to(p, b->segment + 4 * i);
        line_to(p, b->segment + 4 * i + 2);
    }
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(cr, 2.4 * p->plot->unit);
    pleats_canvas_colour(p->canvas, white);
    cairo_stroke_preserve(cr);
    cairo_set_line_width(cr, 1.2 * p->plot->unit);
    pleats_canvas_colour(p->canvas, black);
    cairo_stroke(cr);
}

static void paint_marks(painting *p)
{
    static const pleats_colour black = {0, 0, 0}, white = {1, 1, 1};
    cairo_t *cr = p->canvas->cr;
    for (size_t i = 0; i < p->shade->options->n_marks; i++) {
        const pleats_domain_mark *m = &p->shade->options->mark[i];
        double x = pleats_plot_x(p->plot, m->at[0]);
        double y = pleats_plot_y(p->plot, m->at[1]);
        cairo_new_path(cr);
        cairo_arc(cr, x, y, 3.2 * p->plot->unit, 0, 2 * acos(-1));
        pleats_canvas_colour(p->canvas, white);
        cairo_fill_preserve(cr);
        pleats_canvas_colour(p->canvas, black);
        cairo_set_line_width(cr, 1.2 * p->plot->unit);
        cairo_stroke(cr);
        cairo_move_to(cr, x + 5 * p->plot->unit, y - 4 * p->plot->unit);
        cairo_text_path(cr, m->name);
        pleats_canvas_colour(p->canvas, white);
        cairo_set_line_width(cr, 3 * p->plot->unit);
        cairo_stroke_preserve(cr);
        pleats_canvas_colour(p->canvas, black);
        cairo_fill(cr);
    }
}

pleats_status pleats_plane_paint(pleats_canvas *canvas,
                                 const pleats_scene *scene,
                                 const pleats_shade *shade,
                                 const pleats_plot *plot)
{
    pleats_status status = PLEATS_OK;
    painting p = {canvas, scene, shade, plot};
    cairo_save(canvas->cr);
    cairo_rectangle(canvas->cr, plot->left, plot->top, plot->width,
                    plot->height);
    cairo_clip(canvas->cr);
    TRY(paint_cells(&p));
    if (shade->options->walls)
        TRY(paint_walls(&p));
    paint_boundary(&p);
    paint_marks(&p);
done:
    cairo_restore(canvas->cr);
    return status;
}
