#include "draw/chart/figure.h"

#include "draw/chart/chart.h"

#include <math.h>
#include <string.h>

enum { PANELS = 2 };

static const double apart = 0.13, slim = 0.3;

/* The formula has a second panel, for the quotient. */
static size_t n_panels(const pleats_figure *f)
{
    return f->kind == PLEATS_FIGURE_FORMULA ? 2 : 1;
}

/* ---- where a row is ---- */

/* At one depth the series stand side by side. */
static double x_of(const pleats_figure *f, const pleats_report_row *row,
                   size_t group)
{
    switch (f->kind) {
    case PLEATS_FIGURE_DEPTH:
        return row->depth +
               apart * ((double)group - 0.5 * (double)(f->n_groups - 1));
    case PLEATS_FIGURE_FORMULA:
        return row->formula;
    default:
        return log10(row->parameters);
    }
}

/* log10 of a number; in the second panel, its share of the formula. */
static double y_of(const pleats_report_row *row, size_t panel, double value)
{
    return panel == 0 ? value : pow(10, value - row->formula);
}

bool pleats_figure_shows(const pleats_figure *f, const pleats_report_row *row)
{
    return isfinite(x_of(f, row, 0)) &&
           (isfinite(row->value) || isfinite(row->lower) ||
            isfinite(row->upper));
}

/* ---- what is in a figure ---- */

static pleats_status find_groups(pleats_ctx *ctx, pleats_figure *f)
{
    pleats_status status = PLEATS_OK;
    const pleats_reports *x = f->reports;
    TRY(pleats_alloc(ctx, x->n, sizeof *f->group, &f->group));
    for (size_t i = 0, j; i < x->n; i++) {
        for (j = 0; j < f->n_groups; j++)
            if (strcmp(f->group[j], x->row[i].series) == 0)
                break;
        if (j == f->n_groups)
            f->group[f->n_groups++] = x->row[i].series;
    }
done:
    return status;
}

static void count_rows(pleats_figure *f)
{
    for (size_t i = 0; i < f->reports->n; i++) {
        const pleats_report_row *row = &f->reports->row[i];
        if (!pleats_figure_shows(f, row))
            f->count.n_left_out++;
        else if (row->label == PLEATS_COUNT_EXACT)
            f->count.n_exact++;
        else if (row->label == PLEATS_COUNT_ESTIMATE)
            f->count.n_estimate++;
        else
            f->count.n_between++;
    }
}

/* Reports of layers have no others beside them. */
static pleats_status settle_kind(pleats_ctx *ctx, pleats_figure *f)
{
    const pleats_reports *x = f->reports;
    size_t n_layers = 0, n_deep = 0;
    for (size_t i = 0; i < x->n; i++) {
        n_layers += x->row[i].verb == PLEATS_REPORT_LAYER;
        n_deep += x->row[i].is_of_depths;
    }
    if (f->kind == PLEATS_FIGURE_AUTO)
        f->kind = n_layers > 0 ? PLEATS_FIGURE_FORMULA
                  : n_deep > 0 ? PLEATS_FIGURE_DEPTH
                               : PLEATS_FIGURE_PARAMETERS;
    if ((f->kind == PLEATS_FIGURE_FORMULA) != (n_layers > 0))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "reports of %s; the formula is shown from those of "
                           "layer, parameters and depth from those of compare "
                           "or bound",
                           n_layers > 0 ? "layer" : "compare or bound");
    return PLEATS_OK;
}

pleats_status pleats_figure_init(pleats_ctx *ctx, pleats_figure *f,
                                 const pleats_reports *reports,
                                 pleats_figure_kind kind)
{
    pleats_status status = PLEATS_OK;
    *f = (pleats_figure){.reports = reports, .kind = kind};
    TRY(settle_kind(ctx, f));
    TRY(find_groups(ctx, f));
    count_rows(f);
    f->count.kind = f->kind;
    if (f->count.n_exact + f->count.n_between + f->count.n_estimate == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the reports have no number of regions above 0"));
done:
    return status;
}

void pleats_figure_clear(pleats_ctx *ctx, pleats_figure *f)
{
    pleats_release(ctx, f->group);
    *f = (pleats_figure){0};
}

/* ---- series ---- */

typedef struct {
    pleats_ctx *ctx;
    const pleats_figure *figure;
    pleats_chart_series *series[PANELS]; /* own their numbers and names */
    size_t n_series[PANELS], capacity[PANELS];
    char y_name[PLEATS_FIGURE_TEXT];
    char (*text)[PLEATS_FIGURE_TEXT]; /* [n_lines] below the figure */
    const char **line;
    size_t n_lines;
} drawing;

static void clear(drawing *d)
{
    for (size_t panel = 0; panel < PANELS; panel++) {
        for (size_t i = 0; i < d->n_series[panel]; i++) {
            pleats_release(d->ctx, (char *)d->series[panel][i].name);
            pleats_release(d->ctx, (double *)d->series[panel][i].x);
        }
        pleats_release(d->ctx, d->series[panel]);
    }
    pleats_release(d->ctx, d->text);
    pleats_release(d->ctx, d->line);
}

static bool is_in(const drawing *d, const pleats_report_row *row, size_t group,
                  pleats_count_label label)
{
    return row->label == label && pleats_figure_shows(d->figure, row) &&
           strcmp(row->series, d->figure->group[group]) == 0;
}

/* Rows of a series with one label: x, lower, upper and value. */
static void fill(const drawing *d, size_t panel, size_t group,
                 pleats_count_label label, size_t n, double *number)
{
    const pleats_reports *x = d->figure->reports;
    for (size_t i = 0, at = 0; i < x->n; i++) {
        const pleats_report_row *row = &x->row[i];
        if (!is_in(d, row, group, label))
            continue;
        number[at] = x_of(d->figure, row, group);
        number[n + at] = y_of(row, panel, row->lower);
        number[2 * n + at] = y_of(row, panel, row->upper);
        number[3 * n + at] = y_of(row, panel, row->value);
        at++;
    }
}

/* Makes room for a series with n points, [4 x n] numbers. */
static pleats_status new_series(drawing *d, size_t panel, size_t n,
                                pleats_chart_series **out, double **number)
{
    pleats_status status = PLEATS_OK;
    size_t *at = &d->n_series[panel];
    TRY(pleats_grow(d->ctx, &d->series[panel], &d->capacity[panel], *at + 1,
                    sizeof **d->series));
    TRY(pleats_alloc(d->ctx, 4 * n, sizeof **number, number));
    *out = &d->series[panel][(*at)++];
    **out = (pleats_chart_series){.n = n, .x = *number, .y = *number + n};
done:
    return status;
}

/* Exact numbers are filled markers; bounds bars between hollow ones; estimates
 * hollow ones in their intervals. */
static pleats_status add_series(drawing *d, size_t panel, size_t group,
                                pleats_count_label label)
{
    pleats_status status = PLEATS_OK;
    const pleats_reports *x = d->figure->reports;
    pleats_chart_series *s;
    double *number;
    char name[PLEATS_FIGURE_TEXT], *copy;
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++)
        n += is_in(d, &x->row[i], group, label);
    if (n == 0)
        return PLEATS_OK;
    TRY(new_series(d, panel, n, &s, &number));
    fill(d, panel, group, label, n, number);
    s->kind = (pleats_idx)group;
    s->form =
        label == PLEATS_COUNT_EXACT ? PLEATS_CHART_BARE : PLEATS_CHART_RANGES;
    s->marker = label == PLEATS_COUNT_EXACT ? PLEATS_MARKER_SOLID
                                            : PLEATS_MARKER_HOLLOW;
    s->top = number + 2 * n;
    s->middle = label == PLEATS_COUNT_ESTIMATE ? number + 3 * n : NULL;
    if (panel + 1 < n_panels(d->figure))
        goto done;
    pleats_figure_series_name(d->figure, group, label, name);
    TRY(pleats_strdup(d->ctx, name, &copy));
    s->name = copy;
done:
    return status;
}

/* Where count and formula agree: from the least formula to the greatest. */
static pleats_status add_agreement(drawing *d, size_t panel)
{
    pleats_status status = PLEATS_OK;
    const pleats_reports *x = d->figure->reports;
    double lo = INFINITY, hi = -INFINITY, *number;
    char *name = NULL;
    pleats_chart_series *s;
    for (size_t i = 0; i < x->n; i++)
        if (pleats_figure_shows(d->figure, &x->row[i])) {
            lo = fmin(lo, x->row[i].formula);
            hi = fmax(hi, x->row[i].formula);
        }
    TRY(new_series(d, panel, 2, &s, &number));
    number[0] = lo;
    number[1] = hi;
    number[2] = panel == 0 ? lo : 1;
    number[3] = panel == 0 ? hi : 1;
    s->form = PLEATS_CHART_LINE;
    s->is_grey = s->is_dashed = true;
    if (panel > 0)
        TRY(pleats_strdup(d->ctx, "count = formula", &name));
    s->name = name;
done:
    return status;
}

static pleats_status write_lines(drawing *d)
{
    pleats_status status = PLEATS_OK;
    const pleats_figure *f = d->figure;
    d->n_lines = PLEATS_FIGURE_FACTS + f->n_groups;
    TRY(pleats_alloc(d->ctx, d->n_lines, sizeof *d->text, &d->text));
    TRY(pleats_alloc(d->ctx, d->n_lines, sizeof *d->line, &d->line));
    for (size_t i = 0; i < d->n_lines; i++) {
        d->line[i] = d->text[i];
        if (i < PLEATS_FIGURE_FACTS)
            pleats_figure_fact(f, i, d->text[i]);
        else
            pleats_figure_members(f, i - PLEATS_FIGURE_FACTS, d->text[i]);
    }
done:
    return status;
}

/* The key and the texts are below the last panel. */
static pleats_chart chart_of(const drawing *d, size_t panel)
{
    const pleats_figure *f = d->figure;
    const bool is_last = panel + 1 == n_panels(f);
    return (pleats_chart){
        .title = panel == 0 ? f->title : NULL,
        .x = {.name = pleats_figure_x_name(f),
              .is_log = f->kind != PLEATS_FIGURE_DEPTH,
              .is_whole = f->kind == PLEATS_FIGURE_DEPTH},
        .y = {.name = panel == 0 ? d->y_name : "count / formula",
              .is_log = panel == 0},
        .series = d->series[panel],
        .n_series = d->n_series[panel],
        .line = d->line,
        .n_lines = is_last ? d->n_lines : 0,
        .ratio = panel > 0 ? slim : 0};
}

pleats_status pleats_figure_paint(pleats_ctx *ctx, const pleats_figure *f,
                                  pleats_output *out, double width)
{
    pleats_status status = PLEATS_OK;
    drawing d = {.ctx = ctx, .figure = f};
    pleats_chart chart[PANELS];
    TRY(write_lines(&d));
    pleats_figure_y_name(f, d.y_name);
    for (size_t panel = 0; panel < n_panels(f); panel++) {
        if (f->kind == PLEATS_FIGURE_FORMULA)
            TRY(add_agreement(&d, panel));
        for (size_t i = 0; i < f->n_groups; i++)
            for (int label = PLEATS_COUNT_EXACT; label <= PLEATS_COUNT_ESTIMATE;
                 label++)
                TRY(add_series(&d, panel, i, (pleats_count_label)label));
        chart[panel] = chart_of(&d, panel);
    }
    TRY(pleats_chart_paint(ctx, n_panels(f), chart, out, width));
done:
    clear(&d);
    return status;
}
