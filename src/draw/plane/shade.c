#include "draw/plane/shade.h"

#include "base/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

static const pleats_colour white = {1, 1, 1};

pleats_colour pleats_shade_of_class(pleats_idx class)
{
    return pleats_colour_mix(pleats_colour_of_kind(class), white,
                             class / PLEATS_KINDS % 2 ? 0.75 : 0.35);
}

pleats_colour pleats_shade_of_layer(pleats_idx layer)
{
    return pleats_colour_of_line(layer - 1);
}

/* ---- quantities ---- */

static const double *map_of(const pleats_shade *s, const pleats_scene *x,
                            size_t cell)
{
    size_t n = (size_t)x->net->n_outputs;
    return x->map + (cell * n + (size_t)s->options->output) * 3;
}

static double value_at(const double *map, const double *at)
{
    return map[0] * at[0] + map[1] * at[1] + map[2];
}

/* The quantity of a cell; of outputs, at one of its corners. */
static double quantity(const pleats_shade *s, const pleats_scene *x,
                       size_t cell, size_t corner)
{
    const pleats_scene_cell *c = &x->cell[cell];
    switch (s->options->colour) {
    case PLEATS_DRAW_DEPTH:
        return c->depth;
    case PLEATS_DRAW_ACTIVE:
        return c->active;
    case PLEATS_DRAW_GRADIENT:
        return c->gradient > 0 ? log10(c->gradient) : -INFINITY;
    case PLEATS_DRAW_OUTPUT:
        return value_at(map_of(s, x, cell), x->corner + 2 * corner);
    default:
        return 0;
    }
}

static void include(pleats_shade *s, const pleats_scene *x)
{
    const bool by_corner = s->options->colour == PLEATS_DRAW_OUTPUT;
    for (size_t i = 0; i < x->n_cells; i++) {
        size_t end = by_corner ? x->start[i + 1] : x->start[i] + 1;
        for (size_t j = x->start[i]; j < end; j++) {
            double q = quantity(s, x, i, x->side[j]);
            if (!isfinite(q))
                continue;
            s->lo = fmin(s->lo, q);
            s->hi = fmax(s->hi, q);
        }
    }
}

pleats_status pleats_shade_init(pleats_ctx *ctx, pleats_shade *s, size_t n,
                                const pleats_scene *x,
                                const pleats_paint_options *o)
{
    *s = (pleats_shade){
        .options = o, .n = n, .scene = x, .lo = INFINITY, .hi = -INFINITY};
    if (o->output < 0 || o->output >= x->net->n_outputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "output %d: the network has outputs 0 to %d",
                           o->output, x->net->n_outputs - 1);
    for (size_t i = 0; i < n; i++)
        include(s, &x[i]);
    if (s->lo > s->hi)
        s->lo = s->hi = 0;
    return PLEATS_OK;
}

static double share_of(const pleats_shade *s, double q)
{
    return s->hi > s->lo ? (q - s->lo) / (s->hi - s->lo) : 0.5;
}

/* ---- colours ---- */

/* Makes the scale of colours, from one point to another, the source. */
static void set_ramp(pleats_canvas *canvas, double x0, double y0, double x1,
                     double y1)
{
    cairo_pattern_t *pattern = cairo_pattern_create_linear(x0, y0, x1, y1);
    for (int i = 0; i <= 6; i++) {
        pleats_colour c = pleats_colour_of_share(i / 6.0);
        cairo_pattern_add_color_stop_rgb(pattern, i / 6.0, c.red, c.green,
                                         c.blue);
    }
    cairo_set_source(canvas->cr, pattern);
    cairo_pattern_destroy(pattern);
}

/* An output's value on a cell is affine, and so is its place on the scale: a
 * gradient along it, over the whole range of the scale. */
void pleats_shade_set_gradient(const pleats_shade *s, pleats_canvas *canvas,
                               const pleats_scene *scene, size_t cell,
                               const pleats_plot *plot)
{
    const double *map = map_of(s, scene, cell), *f = scene->frame_of;
    const double *at = scene->corner + 2 * scene->side[scene->start[cell]];
    double x = pleats_plot_x(plot, at[0]), y = pleats_plot_y(plot, at[1]);
    double gx = map[0] * (f[1] - f[0]) / plot->width;
    double gy = -map[1] * (f[3] - f[2]) / plot->height;
    double square = gx * gx + gy * gy, value = value_at(map, at);
    double size = fabs(x) + fabs(y) + 1;
    if (!(sqrt(square) * size > 1e-6 * (s->hi - s->lo)) ||
        !(s->hi - s->lo > DBL_MIN)) {
        pleats_canvas_colour(canvas,
                             pleats_colour_of_share(share_of(s, value)));
        return;
    }
    double lo = (s->lo - value) / square, hi = (s->hi - value) / square;
    set_ramp(canvas, x + lo * gx, y + lo * gy, x + hi * gx, y + hi * gy);
}

pleats_colour pleats_shade_of(const pleats_shade *s, const pleats_scene *x,
                              size_t cell)
{
    switch (s->options->colour) {
    case PLEATS_DRAW_PATTERN:
        return pleats_colour_of_hash(x->cell[cell].hash);
    case PLEATS_DRAW_CLASS:
        return pleats_shade_of_class(x->boundary.class[cell]);
    default:
        return pleats_colour_of_share(share_of(s, quantity(s, x, cell, 0)));
    }
}

/* ---- the key ---- */

/* A sample of `width` units, filled from its left to its right end. */
static void fill_sample(pleats_canvas *canvas, double x, double y, double width,
                        double unit)
{
    cairo_rectangle(canvas->cr, x, y - 4 * unit, width * unit, 8 * unit);
    cairo_fill(canvas->cr);
}

static void key_of_scale(const pleats_shade *s, pleats_column *column,
                         const char *name)
{
    const double wide = 90;
    const bool is_log = s->options->colour == PLEATS_DRAW_GRADIENT;
    char text[96];
    double x, y;
    pleats_format(text, sizeof text, "%s %.4g to %.4g", name,
                  is_log ? pow(10, s->lo) : s->lo,
                  is_log ? pow(10, s->hi) : s->hi);
    if (!pleats_column_entry(column, wide, text, &x, &y))
        return;
    set_ramp(column->canvas, x, y, x + wide * column->unit, y);
    fill_sample(column->canvas, x, y, wide, column->unit);
}

static bool occurs(const pleats_shade *s, pleats_idx class)
{
    for (size_t i = 0; i < s->n; i++) {
        const pleats_boundary *b = &s->scene[i].boundary;
        for (size_t j = 0; j < b->n_cells; j++)
            if (b->class[j] == class)
                return true;
        for (size_t j = 0; j < b->n_parts; j++)
            if (b->part[j].class == class)
                return true;
    }
    return false;
}

/* Of the classes that there are in the picture. */
static void key_of_classes(const pleats_shade *s, pleats_column *column)
{
    const pleats_idx n_outputs = s->scene->net->n_outputs;
    for (pleats_idx i = 0; i < (n_outputs > 1 ? n_outputs : 2); i++) {
        char text[48];
        double x, y;
        if (!occurs(s, i))
            continue;
        if (n_outputs > 1)
            snprintf(text, sizeof text, "class %d", i);
        else
            pleats_format(text, sizeof text, "%s %.4g",
                          i ? "output from" : "output below",
                          s->scene->boundary.level);
        if (!pleats_column_entry(column, 8, text, &x, &y))
            continue;
        pleats_canvas_colour(column->canvas, pleats_shade_of_class(i));
        fill_sample(column->canvas, x, y, 8, column->unit);
    }
}

void pleats_shade_key(const pleats_shade *s, pleats_column *column)
{
    static const char *const name[] = {
        [PLEATS_DRAW_DEPTH] = "layer of the last wall",
        [PLEATS_DRAW_ACTIVE] = "active units",
        [PLEATS_DRAW_GRADIENT] = "norm of the gradient",
        [PLEATS_DRAW_OUTPUT] = "output"};
    if (s->options->colour == PLEATS_DRAW_CLASS)
        key_of_classes(s, column);
    else if (s->options->colour == PLEATS_DRAW_PATTERN)
        pleats_column_text(column, "a colour for each activation pattern");
    else
        key_of_scale(s, column, name[s->options->colour]);
}
