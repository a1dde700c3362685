#include "draw/chart/plot.h"

#include "base/text.h"
#include "draw/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TICK 3.0
#define SMALL_TICK 1.8
#define POWER_SIZE 0.72
#define POWER_RAISED 3.2
#define LABEL_GAP 7.0
#define MOST_OUTSIDE 10.0
enum { MOST_LABELS = 8, MOST_POWER = 15 };

/* ---- round numbers ---- */

/* A round step that gives at most `most` steps in the range. */
static double round_step(double range, int most)
{
    static const double step[] = {1, 2, 5, 10};
    double power = pow(10, floor(log10(range / most)));
    for (size_t i = 0; i < 3; i++)
        if (range / (power * step[i]) <= most)
            return power * step[i];
    return power * 10;
}

/* "0.25", "10" and "6", or "2.5×10" and "9". */
static void write_number(double value, pleats_tick *t)
{
    double size = fabs(value);
    int power = 0;
    if (size >= 1e6 || (size > 0 && size < 1e-4))
        power = (int)floor(log10(size) + 1e-9);
    double head = value / pow(10, power);
    if (power == 0)
        pleats_format(t->text, sizeof t->text, "%.6g", value);
    else if (fabs(head - 1) < 1e-9)
        snprintf(t->text, sizeof t->text, "10");
    else
        pleats_format(t->text, sizeof t->text, "%.6g\u00d710", head);
    if (power != 0)
        snprintf(t->power, sizeof t->power, "%d", power);
}

static size_t linear_ticks(const pleats_scale *s, int most, pleats_tick *tick)
{
    double step = round_step(s->hi - s->lo, most);
    size_t n = 0;
    if (!(step > 0) || !isfinite(step))
        return 0; /* the range is too short or too long for doubles */
    if (s->is_whole && step < 1)
        step = 1;
    double first = ceil(s->lo / step - 1e-9);
    double last = floor(s->hi / step + 1e-9);
    for (; n < PLEATS_MOST_TICKS && first + (double)n <= last; n++) {
        double i = first + (double)n;
        tick[n] = (pleats_tick){.at = i * step};
        write_number(fabs(i) < 0.5 ? 0 : tick[n].at, &tick[n]);
    }
    return n;
}

/* ---- ticks of logarithms ---- */

/* Where a range is less than a power of ten: the ticks of the numbers
 * themselves, or of numbers too large for that, powers with a fraction. */
static size_t narrow_ticks(const pleats_scale *s, int most, pleats_tick *tick)
{
    const pleats_scale plain = {
        .lo = pow(10, s->lo), .hi = pow(10, s->hi), .is_whole = s->is_whole};
    if (s->hi < MOST_POWER && s->lo > -MOST_POWER) {
        size_t n = linear_ticks(&plain, most, tick);
        for (size_t i = 0; i < n; i++)
            tick[i].at = log10(tick[i].at);
        return n;
    }
    size_t n = linear_ticks(s, most, tick);
    for (size_t i = 0; i < n; i++) {
        pleats_format(tick[i].power, sizeof tick[i].power, "%.10g", tick[i].at);
        snprintf(tick[i].text, sizeof tick[i].text, "10");
    }
    return n;
}

/* Small ticks at 2, 3, .. 9 times a power; those at 2 and 5 have a text when
 * that many are wanted. */
static size_t between_powers(const pleats_scale *s, double power, bool texts,
                             pleats_tick *tick, size_t n)
{
    for (int i = 2; i < 10 && n < PLEATS_MOST_TICKS; i++) {
        double at = power + log10(i);
        if (at < s->lo || at > s->hi)
            continue;
        tick[n] = (pleats_tick){.at = at};
        if (texts && (i == 2 || i == 5))
            write_number(pow(10, power) * i, &tick[n]);
        n++;
    }
    return n;
}

static void write_power(double power, bool plain, pleats_tick *t)
{
    if (plain || power == 0 || power == 1) {
        write_number(pow(10, power), t);
        return;
    }
    snprintf(t->text, sizeof t->text, "10");
    pleats_format(t->power, sizeof t->power, "%.0f", power);
}

static size_t log_ticks(const pleats_scale *s, int most, pleats_tick *tick)
{
    double range = s->hi - s->lo, step = round_step(range, most);
    bool texts = 3 * range <= most && s->hi < MOST_POWER && s->lo > -MOST_POWER;
    size_t n = 0;
    if (range < 1)
        return narrow_ticks(s, most, tick);
    if (step < 1)
        step = 1;
    double first = floor(s->lo / step);
    int count = (int)(floor(s->hi / step + 1e-9) - first) + 1;
    for (int i = 0; i < count && n < PLEATS_MOST_TICKS; i++) {
        double power = (first + i) * step;
        if (power >= s->lo - 1e-9) {
            tick[n] = (pleats_tick){.at = power};
            write_power(power, texts, &tick[n++]);
        }
        if (step == 1)
            n = between_powers(s, power, texts, tick, n);
    }
    return n;
}

size_t pleats_ticks(const pleats_scale *s, int most, pleats_tick *tick)
{
    return s->is_log ? log_ticks(s, most, tick) : linear_ticks(s, most, tick);
}

/* ---- drawing ---- */

static double label_width(pleats_canvas *c, const pleats_tick *t)
{
    return pleats_canvas_text_width(c, t->text) +
           POWER_SIZE * pleats_canvas_text_width(c, t->power);
}

/* The number, its left end on the base line at (x, y). */
static void paint_label(pleats_canvas *c, double x, double y, double unit,
                        const pleats_tick *t)
{
    pleats_canvas_text(c, x, y, false, t->text);
    if (!t->power[0])
        return;
    x += pleats_canvas_text_width(c, t->text);
    pleats_canvas_font(c, PLEATS_TEXT_FONT * POWER_SIZE * unit);
    pleats_canvas_text(c, x, y - POWER_RAISED * unit, false, t->power);
    pleats_canvas_font(c, PLEATS_TEXT_FONT * unit);
}

double pleats_plot_x(const pleats_plot *p, double value)
{
    return p->left + (value - p->x.lo) / (p->x.hi - p->x.lo) * p->width;
}

double pleats_plot_y(const pleats_plot *p, double value)
{
    return p->top + (p->y.hi - value) / (p->y.hi - p->y.lo) * p->height;
}

/* Where a tick's text starts: in the middle below it, and not far outside the
 * plot. */
static double x_label(const pleats_plot *p, pleats_canvas *c,
                      const pleats_tick *t)
{
    double width = label_width(c, t);
    double start = pleats_plot_x(p, t->at) - width / 2;
    return fmin(start, p->left + p->width + MOST_OUTSIDE * p->unit - width);
}

/* So many ticks that no text comes near another. */
static size_t fit_x_ticks(const pleats_plot *p, pleats_canvas *c,
                          pleats_tick *tick)
{
    size_t n = 0;
    for (int most = MOST_LABELS; most > 0; most--) {
        double end = -INFINITY;
        bool fits = true;
        n = pleats_ticks(&p->x, most, tick);
        for (size_t i = 0; i < n && fits; i++) {
            double start = x_label(p, c, &tick[i]);
            if (!tick[i].text[0])
                continue;
            fits = start > end;
            end = start + label_width(c, &tick[i]) + LABEL_GAP * p->unit;
        }
        if (fits)
            break;
    }
    return n;
}

double pleats_plot_margin(const pleats_scale *y, pleats_canvas *c, double unit)
{
    pleats_tick tick[PLEATS_MOST_TICKS];
    double widest = 0;
    pleats_canvas_font(c, PLEATS_TEXT_FONT * unit);
    size_t n = pleats_ticks(y, MOST_LABELS, tick);
    for (size_t i = 0; i < n; i++)
        widest = fmax(widest, label_width(c, &tick[i]));
    return widest + (TICK + 5 + (y->name ? PLEATS_TEXT_LINE + 2 : 0)) * unit;
}

static void paint_x_ticks(const pleats_plot *p, pleats_canvas *c)
{
    pleats_tick tick[PLEATS_MOST_TICKS];
    const double u = p->unit, y = p->top + p->height + p->strip * u;
    size_t n = fit_x_ticks(p, c, tick);
    for (size_t i = 0; i < n; i++) {
        double x = pleats_plot_x(p, tick[i].at);
        cairo_move_to(c->cr, x, y);
        cairo_rel_line_to(c->cr, 0, (tick[i].text[0] ? TICK : SMALL_TICK) * u);
        cairo_stroke(c->cr);
        x = x_label(p, c, &tick[i]);
        paint_label(c, x, y + 12.5 * u, u, &tick[i]);
    }
}

static void paint_y_ticks(const pleats_plot *p, pleats_canvas *c)
{
    pleats_tick tick[PLEATS_MOST_TICKS];
    const double u = p->unit;
    int most = (int)(p->height / (2 * PLEATS_TEXT_FONT * u));
    most = most < 2 ? 2 : most > MOST_LABELS ? MOST_LABELS : most;
    size_t n = pleats_ticks(&p->y, most, tick);
    for (size_t i = 0; i < n; i++) {
        double x = p->left, y = pleats_plot_y(p, tick[i].at);
        cairo_move_to(c->cr, x, y);
        cairo_rel_line_to(c->cr, -(tick[i].text[0] ? TICK : SMALL_TICK) * u, 0);
        cairo_stroke(c->cr);
        x -= (TICK + 2) * u + label_width(c, &tick[i]);
        paint_label(c, x, y + 3.2 * u, u, &tick[i]);
    }
}

/* The name, its middle at the origin, in smaller letters where it has not the
 * room. */
static void paint_name(const pleats_plot *p, pleats_canvas *c, const char *name,
                       double room)
{
    double width = pleats_canvas_text_width(c, name);
    double size = PLEATS_TEXT_FONT * p->unit * fmin(1, room / width);
    pleats_canvas_font(c, size);
    pleats_canvas_text(c, -pleats_canvas_text_width(c, name) / 2, 0, false,
                       name);
    pleats_canvas_font(c, PLEATS_TEXT_FONT * p->unit);
}

/* The y axis' name runs upwards. */
static void paint_names(const pleats_plot *p, pleats_canvas *c)
{
    const double u = p->unit, below = p->strip + PLEATS_PLOT_BELOW - 4;
    if (p->x.name) {
        cairo_save(c->cr);
        cairo_translate(c->cr, p->left + p->width / 2,
                        p->top + p->height + below * u);
        paint_name(p, c, p->x.name, p->width);
        cairo_restore(c->cr);
    }
    if (p->y.name) {
        double margin =
            p->margin > 0 ? p->margin : pleats_plot_margin(&p->y, c, u);
        cairo_save(c->cr);
        cairo_translate(c->cr, p->left - margin + PLEATS_TEXT_FONT * u,
                        p->top + p->height / 2);
        cairo_rotate(c->cr, -acos(-1) / 2);
        paint_name(p, c, p->y.name, p->height);
        cairo_restore(c->cr);
    }
}

void pleats_plot_paint(const pleats_plot *p, pleats_canvas *c)
{
    static const pleats_colour black = {0, 0, 0};
    pleats_canvas_font(c, PLEATS_TEXT_FONT * p->unit);
    pleats_canvas_colour(c, black);
    cairo_set_line_width(c->cr, 0.6 * p->unit);
    cairo_rectangle(c->cr, p->left, p->top, p->width, p->height);
    if (p->strip > 0)
        cairo_rectangle(c->cr, p->left, p->top + p->height, p->width,
                        p->strip * p->unit);
    cairo_stroke(c->cr);
    paint_x_ticks(p, c);
    paint_y_ticks(p, c);
    paint_names(p, c);
}
