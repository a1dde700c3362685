#include "draw/chart/chart.h"

#include "draw/chart/plot.h"
#include "draw/plane/marker.h"
#include "draw/text.h"

#include <math.h>

/* Sizes in units. */
#define WIDTH 480.0
#define RIGHT 12.0
#define TOP 8.0
#define AFTER_PLOT 6.0
#define STRIP 7.0
#define CAP 2.5
#define RATIO 0.62
#define AFTER_ALL 4.0

static const pleats_colour white = {1, 1, 1};

typedef struct {
    const pleats_chart *chart;
    pleats_canvas *canvas;
    pleats_plot plot;
} drawing;

/* ---- what is shown ---- */

static void include(double value, double *lo, double *hi)
{
    if (!isfinite(value))
        return;
    *lo = fmin(*lo, value);
    *hi = fmax(*hi, value);
}

static void include_x(const pleats_chart *c, double *lo, double *hi)
{
    for (size_t i = 0; i < c->n_series; i++) {
        const pleats_chart_series *s = &c->series[i];
        size_t n = s->n + (s->form == PLEATS_CHART_BARS && s->n > 0);
        for (size_t j = 0; j < n; j++)
            include(s->x[j], lo, hi);
    }
    for (size_t i = 0; i < c->n_ticks; i++)
        for (size_t j = 0; j < c->ticks[i].n; j++)
            include(c->ticks[i].x[j], lo, hi);
}

static void include_y(const pleats_chart *c, double *lo, double *hi)
{
    for (size_t i = 0; i < c->n_series; i++) {
        const pleats_chart_series *s = &c->series[i];
        for (size_t j = 0; j < s->n; j++) {
            include(s->y[j], lo, hi);
            if (s->form == PLEATS_CHART_RANGES)
                include(s->top[j], lo, hi);
        }
        if (s->form == PLEATS_CHART_BARS && !c->y.is_log)
            include(0, lo, hi);
    }
}

static bool has_bars(const pleats_chart *c)
{
    for (size_t i = 0; i < c->n_series; i++)
        if (c->series[i].form == PLEATS_CHART_BARS)
            return true;
    return false;
}

/* The axis' own range, or all values with some room; bars stand on zero. */
static pleats_scale scale_of(const pleats_chart *c, const pleats_chart_axis *a)
{
    pleats_scale s = {.name = a->name,
                      .lo = a->lo,
                      .hi = a->hi,
                      .is_log = a->is_log,
                      .is_whole = a->is_whole};
    if (a->has_range)
        return s;
    s.lo = INFINITY;
    s.hi = -INFINITY;
    (a == &c->x ? include_x : include_y)(c, &s.lo, &s.hi);
    if (!(s.lo <= s.hi))
        s.lo = s.hi = 0;
    double room = 0.05 * (s.hi - s.lo);
    if (!(room > 1e-12 * (fabs(s.lo) + fabs(s.hi))))
        room = s.is_log ? 0.5 : 0.5 * fmax(1, fabs(s.lo));
    bool on_zero = a == &c->y && has_bars(c) && !s.is_log && s.lo >= 0;
    s.lo = on_zero ? 0 : s.lo - room;
    s.hi += room;
    return s;
}

/* ---- series ---- */

static pleats_colour colour_of(const pleats_chart_series *s)
{
    static const pleats_colour grey = {0.45, 0.45, 0.45};
    return s->is_grey ? grey : pleats_colour_of_line(s->kind);
}

static void set_line(const drawing *d, const pleats_chart_series *s,
                     double width)
{
    const double u = d->plot.unit, dash[] = {4 * u, 3 * u};
    cairo_set_dash(d->canvas->cr, dash, s->is_dashed ? 2 : 0, 0);
    cairo_set_line_width(d->canvas->cr, width * u);
    cairo_set_line_join(d->canvas->cr, CAIRO_LINE_JOIN_ROUND);
    pleats_canvas_colour(d->canvas, colour_of(s));
}

static void draw_line(const drawing *d, const pleats_chart_series *s)
{
    cairo_t *cr = d->canvas->cr;
    cairo_new_path(cr);
    for (size_t i = 0; i < s->n; i++) {
        double x = pleats_plot_x(&d->plot, s->x[i]);
        double y = pleats_plot_y(&d->plot, s->y[i]);
        if (!isfinite(x) || !isfinite(y)) {
            cairo_new_sub_path(cr);
            continue;
        }
        if (s->form == PLEATS_CHART_STEPS && cairo_has_current_point(cr)) {
            double from_x, from_y;
            cairo_get_current_point(cr, &from_x, &from_y);
            cairo_line_to(cr, x, from_y);
        }
        cairo_line_to(cr, x, y);
    }
    set_line(d, s, 1.2);
    cairo_stroke(cr);
}

static void draw_bars(const drawing *d, const pleats_chart_series *s)
{
    cairo_t *cr = d->canvas->cr;
    double floor = d->plot.top + d->plot.height;
    if (!d->plot.y.is_log)
        floor = fmin(floor, pleats_plot_y(&d->plot, 0));
    for (size_t i = 0; i < s->n; i++) {
        double left = pleats_plot_x(&d->plot, s->x[i]);
        double right = pleats_plot_x(&d->plot, s->x[i + 1]);
        double y = pleats_plot_y(&d->plot, s->y[i]);
        if (!isfinite(left) || !isfinite(right) || !isfinite(y))
            continue;
        cairo_rectangle(cr, left, y, right - left, floor - y);
    }
    pleats_canvas_colour(d->canvas,
                         pleats_colour_mix(colour_of(s), white, 0.45));
    cairo_fill_preserve(cr);
    set_line(d, s, 0.6);
    cairo_stroke(cr);
}

/* An end of a range: a cap, or an arrow when there is no end. */
static double range_end(const drawing *d, double x, double value, int up)
{
    cairo_t *cr = d->canvas->cr;
    const double u = d->plot.unit;
    if (isfinite(value)) {
        double y = pleats_plot_y(&d->plot, value);
        cairo_move_to(cr, x - CAP * u, y);
        cairo_rel_line_to(cr, 2 * CAP * u, 0);
        return y;
    }
    double y = up ? d->plot.top : d->plot.top + d->plot.height;
    cairo_move_to(cr, x - CAP * u, y + (up ? 1.5 : -1.5) * CAP * u);
    cairo_line_to(cr, x, y);
    cairo_rel_line_to(cr, CAP * u, (up ? 1.5 : -1.5) * CAP * u);
    return y;
}

static void draw_ranges(const drawing *d, const pleats_chart_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        double x = pleats_plot_x(&d->plot, s->x[i]);
        if (!isfinite(x) || (!isfinite(s->y[i]) && !isfinite(s->top[i])))
            continue;
        double low = range_end(d, x, s->y[i], 0);
        double high = range_end(d, x, s->top[i], 1);
        cairo_move_to(d->canvas->cr, x, low);
        cairo_line_to(d->canvas->cr, x, high);
        set_line(d, s, 1);
        cairo_stroke(d->canvas->cr);
    }
}

static void draw_markers(const drawing *d, const pleats_chart_series *s,
                         const double *values)
{
    for (size_t i = 0; i < s->n; i++) {
        double x = pleats_plot_x(&d->plot, s->x[i]);
        double y = pleats_plot_y(&d->plot, values[i]);
        if (isfinite(x) && isfinite(y))
            pleats_marker_draw(d->canvas, s->kind,
                               s->marker == PLEATS_MARKER_SOLID, x, y,
                               d->plot.unit);
    }
}

static void draw_series(const drawing *d, const pleats_chart_series *s)
{
    static void (*const draw[])(const drawing *,
                                const pleats_chart_series *) = {
        [PLEATS_CHART_LINE] = draw_line,
        [PLEATS_CHART_STEPS] = draw_line,
        [PLEATS_CHART_BARS] = draw_bars,
        [PLEATS_CHART_RANGES] = draw_ranges};
    if (s->form != PLEATS_CHART_BARE)
        draw[s->form](d, s);
    cairo_set_dash(d->canvas->cr, NULL, 0, 0);
    if (s->marker == PLEATS_MARKER_NONE)
        return;
    draw_markers(d, s, s->middle ? s->middle : s->y);
    if (s->form == PLEATS_CHART_RANGES && !s->middle)
        draw_markers(d, s, s->top);
}

/* Clipped a little outside the plot, so that markers on its edge are whole. */
static void draw_all_series(const drawing *d)
{
    const pleats_plot *p = &d->plot;
    double more = PLEATS_MARKER_RADIUS * 2 * p->unit;
    cairo_save(d->canvas->cr);
    cairo_rectangle(d->canvas->cr, p->left - more, p->top - more,
                    p->width + 2 * more, p->height + 2 * more);
    cairo_clip(d->canvas->cr);
    for (size_t i = 0; i < d->chart->n_series; i++)
        draw_series(d, &d->chart->series[i]);
    cairo_restore(d->canvas->cr);
}

static void draw_ticks(const drawing *d)
{
    const pleats_plot *p = &d->plot;
    cairo_set_line_width(d->canvas->cr, 0.9 * p->unit);
    for (size_t i = 0; i < d->chart->n_ticks; i++) {
        const pleats_chart_ticks *t = &d->chart->ticks[i];
        for (size_t j = 0; j < t->n; j++) {
            double x = pleats_plot_x(p, t->x[j]);
            if (!(x >= p->left && x <= p->left + p->width))
                continue;
            cairo_move_to(d->canvas->cr, x, p->top + p->height + p->unit);
            cairo_rel_line_to(d->canvas->cr, 0, (STRIP - 2) * p->unit);
        }
        pleats_canvas_colour(d->canvas, pleats_colour_of_line(t->kind));
        cairo_stroke(d->canvas->cr);
    }
}

/* ---- key and texts ---- */

static void sample_series(const drawing *d, const pleats_chart_series *s,
                          double x, double y)
{
    cairo_t *cr = d->canvas->cr;
    const double u = d->plot.unit, wide = PLEATS_TEXT_SAMPLE * u;
    const double middle = x + wide / 2;
    if (s->form == PLEATS_CHART_BARS) {
        cairo_rectangle(cr, x, y - 4 * u, wide, 8 * u);
        pleats_canvas_colour(d->canvas,
                             pleats_colour_mix(colour_of(s), white, 0.45));
        cairo_fill_preserve(cr);
    } else if (s->form == PLEATS_CHART_RANGES) {
        for (int i = -1; i <= 1; i += 2) {
            cairo_move_to(cr, middle - CAP * u, y + 5 * i * u);
            cairo_rel_line_to(cr, 2 * CAP * u, 0);
        }
        cairo_move_to(cr, middle, y - 5 * u);
        cairo_line_to(cr, middle, y + 5 * u);
    } else if (s->form != PLEATS_CHART_BARE) {
        cairo_move_to(cr, x, y);
        cairo_line_to(cr, x + wide, y);
    }
    set_line(d, s, 1.2);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
    if (s->marker != PLEATS_MARKER_NONE)
        pleats_marker_draw(d->canvas, s->kind, s->marker == PLEATS_MARKER_SOLID,
                           middle, y, u);
}

static void write_below(const drawing *d, pleats_column *column)
{
    const pleats_chart *c = d->chart;
    double x, y;
    for (size_t i = 0; i < c->n_series; i++) {
        const char *name = c->series[i].name;
        if (name &&
            pleats_column_entry(column, PLEATS_TEXT_SAMPLE, name, &x, &y))
            sample_series(d, &c->series[i], x, y);
    }
    for (size_t i = 0; i < c->n_ticks; i++) {
        const char *name = c->ticks[i].name;
        if (!name || !pleats_column_entry(column, 6, name, &x, &y))
            continue;
        cairo_move_to(d->canvas->cr, x + 3 * d->plot.unit,
                      y - 4 * d->plot.unit);
        cairo_rel_line_to(d->canvas->cr, 0, 8 * d->plot.unit);
        cairo_set_line_width(d->canvas->cr, 1.6 * d->plot.unit);
        pleats_canvas_colour(d->canvas,
                             pleats_colour_of_line(c->ticks[i].kind));
        cairo_stroke(d->canvas->cr);
    }
    pleats_column_end_line(column);
    for (size_t i = 0; i < c->n_lines; i++)
        pleats_column_text(column, c->line[i]);
}

/* ---- layout ---- */

/* From the plot down to the texts. */
static double below_plot(const drawing *d)
{
    return (d->plot.strip + PLEATS_PLOT_BELOW + AFTER_PLOT) * d->plot.unit;
}

/* What is above and below the plot, for a plot of that width. */
static void measure(drawing *d, double width, double *above, double *below)
{
    const double u = d->plot.unit;
    pleats_column title = pleats_column_dry(d->canvas, width, u);
    pleats_column_text(&title, d->chart->title);
    *above = TOP * u + pleats_column_height(&title, 0);
    pleats_column texts = pleats_column_dry(d->canvas, width, u);
    write_below(d, &texts);
    *below = below_plot(d) + pleats_column_height(&texts, 0);
}

double pleats_chart_margin(const pleats_chart *chart, pleats_canvas *canvas,
                           double unit)
{
    const pleats_scale y = scale_of(chart, &chart->y);
    return pleats_plot_margin(&y, canvas, unit);
}

/* Sets all but the plot's place from above and its height. */
static drawing lay_out(const pleats_chart *chart, pleats_canvas *canvas,
                       const pleats_chart_panel *panel, double *above,
                       double *below)
{
    const double unit = panel->unit;
    drawing d = {.chart = chart,
                 .canvas = canvas,
                 .plot = {.x = scale_of(chart, &chart->x),
                          .y = scale_of(chart, &chart->y),
                          .unit = unit,
                          .strip = chart->n_ticks > 0 ? STRIP : 0}};
    double margin = panel->margin > 0
                        ? panel->margin
                        : pleats_plot_margin(&d.plot.y, canvas, unit);
    d.plot.margin = margin;
    d.plot.left = panel->left + margin;
    d.plot.width = panel->width - margin - RIGHT * unit;
    measure(&d, d.plot.width, above, below);
    return d;
}

double pleats_chart_height(const pleats_chart *chart, pleats_canvas *canvas,
                           const pleats_chart_panel *panel)
{
    double above, below;
    drawing d = lay_out(chart, canvas, panel, &above, &below);
    double ratio = chart->ratio > 0 ? chart->ratio : RATIO;
    return above + d.plot.width * ratio + below;
}

void pleats_chart_draw(const pleats_chart *chart, pleats_canvas *canvas,
                       const pleats_chart_panel *panel)
{
    double above, below;
    drawing d = lay_out(chart, canvas, panel, &above, &below);
    pleats_plot *p = &d.plot;
    p->top = panel->top + above;
    p->height = fmax(panel->height - above - below, p->unit);
    pleats_column title = pleats_column_at(
        canvas, p->left, panel->top + TOP / 2 * p->unit, p->width, p->unit);
    pleats_column_text(&title, chart->title);
    pleats_plot_paint(p, canvas);
    draw_ticks(&d);
    draw_all_series(&d);
    pleats_column texts = pleats_column_at(
        canvas, p->left, panel->top + panel->height - below + below_plot(&d),
        p->width, p->unit);
    write_below(&d, &texts);
}

pleats_status pleats_chart_paint(pleats_ctx *ctx, size_t n,
                                 const pleats_chart *chart, pleats_output *out,
                                 double width)
{
    pleats_status status = PLEATS_OK;
    pleats_canvas dry, canvas = {0};
    pleats_chart_panel panel = {.width = width, .unit = width / WIDTH};
    double height = AFTER_ALL * panel.unit;
    pleats_canvas_open_dry(ctx, &dry);
    for (size_t i = 0; i < n; i++)
        panel.margin = fmax(panel.margin,
                            pleats_chart_margin(&chart[i], &dry, panel.unit));
    for (size_t i = 0; i < n; i++)
        height += pleats_chart_height(&chart[i], &dry, &panel);
    TRY(pleats_canvas_open(ctx, &canvas, out, width, ceil(height)));
    for (size_t i = 0; i < n; i++) {
        panel.height = pleats_chart_height(&chart[i], &dry, &panel);
        pleats_chart_draw(&chart[i], &canvas, &panel);
        panel.top += panel.height;
    }
    TRY(pleats_canvas_finish(&canvas));
done:
    pleats_canvas_clear(&canvas);
    pleats_canvas_clear(&dry);
    return status;
}
