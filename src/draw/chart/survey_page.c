#include "draw/chart/survey_page.h"

#include "base/text.h"
#include "draw/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* In units of a 640th of the width: between panels, and of the sheet's edge. */
static const double UNITS = 640, EDGE = 14, GAP = 10;

typedef struct {
    pleats_survey_panel panel[PLEATS_SURVEY_PANELS];
    size_t n;
    double width, unit, margin;
    char head[PLEATS_SURVEY_TEXT];
    const char *text[3]; /* lines above */
} page;

static pleats_column head_of(const page *p, pleats_canvas *canvas)
{
    return pleats_column_at(canvas, EDGE * p->unit, EDGE * p->unit,
                            p->width - 2 * EDGE * p->unit, p->unit);
}

static void write_head(const page *p, pleats_column *column)
{
    for (size_t i = 0; i < 3; i++) {
        pleats_column_text(column, p->text[i]);
        pleats_column_end_line(column);
    }
}

/* Panel i from above; all have one margin. */
static pleats_chart_panel place_of(const page *p, size_t i, double top,
                                   double height)
{
    const double inner = p->width - 2 * EDGE * p->unit;
    const double width = (inner - GAP * p->unit) / 2;
    return (pleats_chart_panel){.left = EDGE * p->unit +
                                        (i % 2 ? width + GAP * p->unit : 0),
                                .top = top,
                                .width = width,
                                .height = height,
                                .margin = p->margin,
                                .unit = p->unit};
}

/* What the row of panel i is high, as its highest panel. */
static double row_height(const page *p, size_t i, pleats_canvas *dry)
{
    double most = 0;
    for (size_t j = i; j < p->n && j < i + 2; j++) {
        const pleats_chart_panel at = place_of(p, j, 0, 0);
        most = fmax(most, pleats_chart_height(&p->panel[j].chart, dry, &at));
    }
    return most;
}

/* Draws on the canvas, or on NULL nothing; returns the height. */
static double draw(const page *p, pleats_canvas *dry, pleats_canvas *canvas)
{
    pleats_column column =
        pleats_column_dry(dry, p->width - 2 * EDGE * p->unit, p->unit);
    write_head(p, &column);
    double top = EDGE * p->unit + pleats_column_height(&column, 0);
    if (canvas) {
        pleats_canvas_colour(canvas, (pleats_colour){0, 0, 0});
        column = head_of(p, canvas);
        write_head(p, &column);
    }
    for (size_t i = 0; i < p->n; i += 2) {
        const double height = row_height(p, i, dry);
        for (size_t j = i; j < p->n && j < i + 2 && canvas; j++) {
            const pleats_chart_panel at = place_of(p, j, top, height);
            pleats_chart_draw(&p->panel[j].chart, canvas, &at);
        }
        top += height + GAP * p->unit;
    }
    return ceil(top + EDGE * p->unit);
}

/* ---- tables ---- */

static pleats_status put(pleats_ctx *ctx, pleats_output *out, const char *text)
{
    return pleats_output_write(ctx, out, text, strlen(text));
}

/* A text with what HTML means otherwise taken out of its meaning. */
static pleats_status put_plain(pleats_ctx *ctx, pleats_output *out,
                               const char *text)
{
    pleats_status status = PLEATS_OK;
    for (const char *at = text ? text : ""; *at; at++) {
        const char *shown = *at == '<'   ? "&lt;"
                            : *at == '>' ? "&gt;"
                            : *at == '&' ? "&amp;"
                                         : NULL;
        if (shown)
            TRY(put(ctx, out, shown));
        else
            TRY(pleats_output_write(ctx, out, at, 1));
    }
done:
    return status;
}

/* A row of the table for bar j: where it stands, and its numbers. */
static pleats_status put_bar(pleats_ctx *ctx, pleats_output *out,
                             const pleats_chart *c, size_t j)
{
    pleats_status status = PLEATS_OK;
    const pleats_chart_series *s = c->series;
    char text[96];
    if (c->x.is_log)
        pleats_format(text, sizeof text, "<tr><th>%.17g</th>",
                      pow(10, s->x[j]));
    else
        pleats_format(text, sizeof text, "<tr><th>%.0f</th>",
                      floor(s->x[j] + 0.5));
    TRY(put(ctx, out, text));
    for (size_t i = 0; i < c->n_series; i++) {
        pleats_format(text, sizeof text, "<td>%.17g</td>", s[i].y[j]);
        TRY(put(ctx, out, text));
    }
    TRY(put(ctx, out, "</tr>\n"));
done:
    return status;
}

static pleats_status put_table(pleats_ctx *ctx, pleats_output *out,
                               const pleats_survey_panel *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_chart *c = &p->chart;
    TRY(put(ctx, out, "<table><caption>"));
    TRY(put(ctx, out, c->title));
    TRY(put(ctx, out, "</caption>\n<tr><th>"));
    TRY(put(ctx, out, c->x.name));
    TRY(put(ctx, out, c->x.is_log ? " from</th>" : "</th>"));
    for (size_t i = 0; i < c->n_series; i++) {
        TRY(put(ctx, out, "<th>"));
        TRY(put(ctx, out, c->series[i].name ? c->series[i].name : c->y.name));
        TRY(put(ctx, out, "</th>"));
    }
    TRY(put(ctx, out, "</tr>\n"));
    for (size_t j = 0; j < c->series[0].n; j++)
        if (isfinite(c->series[0].y[j]))
            TRY(put_bar(ctx, out, c, j));
    TRY(put(ctx, out, "</table>\n"));
    if (c->n_lines > 0) {
        TRY(put(ctx, out, "<p>"));
        TRY(put(ctx, out, p->text));
        TRY(put(ctx, out, "</p>\n"));
    }
done:
    return status;
}

static const char STYLE[] =
    "<style>body{font-family:sans-serif;margin:1em auto;max-width:60em}"
    "svg{width:100%;height:auto}table{border-collapse:collapse;margin:1em 0}"
    "caption{font-weight:bold;text-align:left}th,td{padding:0 1em 0 0;"
    "text-align:right;font-weight:normal}</style>\n";

static pleats_status put_page(pleats_ctx *ctx, pleats_output *out,
                              const page *p, const pleats_canvas *canvas)
{
    pleats_status status = PLEATS_OK;
    size_t skip = 0; /* the SVG's declaration */
    while (skip < canvas->n && (canvas->n - skip < 4 ||
                                memcmp(canvas->bytes + skip, "<svg", 4) != 0))
        skip++;
    TRY(put(ctx, out,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
            "charset=\"utf-8\">\n<title>"));
    TRY(put_plain(ctx, out, p->text[0]));
    TRY(put(ctx, out, "</title>\n"));
    TRY(put(ctx, out, STYLE));
    TRY(put(ctx, out, "</head><body>\n"));
    TRY(pleats_output_write(ctx, out, canvas->bytes + skip, canvas->n - skip));
    for (size_t i = 0; i < 3; i++) {
        TRY(put(ctx, out, "<p>"));
        TRY(put_plain(ctx, out, p->text[i]));
        TRY(put(ctx, out, "</p>\n"));
    }
    for (size_t i = 0; i < p->n; i++)
        TRY(put_table(ctx, out, &p->panel[i]));
    TRY(put(ctx, out, "</body></html>\n"));
done:
    return status;
}

/* ---- all of it ---- */

static bool is_page(const pleats_output *out)
{
    const char *path = pleats_output_path(out), *end = strrchr(path, '.');
    return end && strcmp(end, ".html") == 0;
}

pleats_status pleats_survey_paint(pleats_ctx *ctx,
                                  const pleats_survey_result *survey,
                                  const char *title, const char *domain,
                                  double width, pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    pleats_canvas dry = {0}, canvas = {0};
    page p = {.width = width, .unit = width / UNITS};
    p.text[0] = title;
    p.text[1] = p.head;
    p.text[2] = domain;
    snprintf(p.head, sizeof p.head, "%s%s activation regions (%s)%s%s",
             survey->stopped ? "at least " : "", survey->regions,
             survey->stopped ? "lower bound" : "exact",
             survey->stopped ? "; stopped by the " : "",
             survey->stopped ? pleats_stop_text(survey->stopped) : "");
    TRY(pleats_survey_panels(ctx, survey, p.panel, &p.n));
    if (p.n == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the survey has no regions: there is nothing to draw"));
    pleats_canvas_open_dry(ctx, &dry);
    for (size_t i = 0; i < p.n; i++)
        p.margin = fmax(p.margin,
                        pleats_chart_margin(&p.panel[i].chart, &dry, p.unit));
    const double height = draw(&p, &dry, NULL);
    if (is_page(out))
        pleats_canvas_open_svg(ctx, &canvas, out, width, height);
    else
        TRY(pleats_canvas_open(ctx, &canvas, out, width, height));
    (void)draw(&p, &dry, &canvas);
    TRY(is_page(out) ? pleats_canvas_end(&canvas)
                     : pleats_canvas_finish(&canvas));
    if (is_page(out))
        TRY(put_page(ctx, out, &p, &canvas));
done:
    pleats_canvas_clear(&canvas);
    pleats_canvas_clear(&dry);
    pleats_survey_panels_clear(ctx, p.panel);
    return status;
}
