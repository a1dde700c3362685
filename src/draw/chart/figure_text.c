/* What a figure says in words. */
#include "draw/chart/figure.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_SPEC = 90 };

const char *pleats_figure_x_name(const pleats_figure *f)
{
    switch (f->kind) {
    case PLEATS_FIGURE_DEPTH:
        return "depth (layers of units)";
    case PLEATS_FIGURE_FORMULA:
        return "formula (regions)";
    default:
        return "parameters";
    }
}

/* What was counted. */
static const char *definition_of(const pleats_figure *f)
{
    return f->reports->definition ? f->reports->definition : "linear regions";
}

void pleats_figure_y_name(const pleats_figure *f, char name[PLEATS_FIGURE_TEXT])
{
    if (f->kind == PLEATS_FIGURE_FORMULA)
        snprintf(name, PLEATS_FIGURE_TEXT, "count (regions)");
    else
        snprintf(name, PLEATS_FIGURE_TEXT, "%.80s%s", definition_of(f),
                 f->reports->is_on_box ? "" : " (maximum)");
}

static bool is_of_group(const pleats_figure *f, const pleats_report_row *row,
                        size_t group)
{
    return strcmp(row->series, f->group[group]) == 0 &&
           pleats_figure_shows(f, row);
}

/* Which bounds the numbers of a series have that are not exact. */
static const char *name_bounds(const pleats_figure *f, size_t group)
{
    bool any_lower = false, any_upper = false;
    for (size_t i = 0; i < f->reports->n; i++) {
        const pleats_report_row *row = &f->reports->row[i];
        if (row->label != PLEATS_COUNT_BETWEEN || !is_of_group(f, row, group))
            continue;
        any_lower = any_lower || isfinite(row->lower);
        any_upper = any_upper || isfinite(row->upper);
    }
    return !any_lower   ? "upper bound"
           : !any_upper ? "lower bound"
                        : "lower to upper bound";
}

void pleats_figure_series_name(const pleats_figure *f, size_t group,
                               pleats_count_label label,
                               char name[PLEATS_FIGURE_TEXT])
{
    const char *what = name_bounds(f, group);
    char estimate[64];
    if (label == PLEATS_COUNT_EXACT) {
        what = f->kind == PLEATS_FIGURE_FORMULA ? "exact" : "exact maximum";
    } else if (label == PLEATS_COUNT_ESTIMATE) {
        pleats_format(estimate, sizeof estimate, "estimate, %.6g %% interval",
                      100 * f->reports->level);
        what = estimate;
    }
    snprintf(name, PLEATS_FIGURE_TEXT, "%.80s: %s", f->group[group], what);
}

/* ---- facts ---- */

/* What a number in the figure is. */
static void write_subject(const pleats_figure *f, char *line)
{
    const pleats_reports *x = f->reports;
    if (f->kind == PLEATS_FIGURE_FORMULA)
        snprintf(line, PLEATS_FIGURE_TEXT,
                 "%.80s of one layer on all of its input space, for generic "
                 "weights: maximum and average",
                 definition_of(f));
    else if (x->is_on_box)
        snprintf(line, PLEATS_FIGURE_TEXT, "%.80s of the networks, on %.160s",
                 definition_of(f), x->domain ? x->domain : "the domains given");
    else
        snprintf(line, PLEATS_FIGURE_TEXT,
                 "%.80s on all of input space, maximum over all weights",
                 definition_of(f));
}

static size_t append(char *line, size_t n, const char *format, int32_t count)
{
    int more = 0;
    if (count > 0 && n < PLEATS_FIGURE_TEXT)
        more = snprintf(line + n, PLEATS_FIGURE_TEXT - n, format, count);
    return n + (size_t)more;
}

static void write_counts(const pleats_figure *f, char *line)
{
    const pleats_figure_result *c = &f->count;
    int32_t all = c->n_exact + c->n_between + c->n_estimate;
    size_t n = append(line, 0, all == 1 ? "%d number:" : "%d numbers:", all);
    n = append(line, n, " %d exact (filled),", c->n_exact);
    n = append(line, n, " %d with proven bounds (hollow),", c->n_between);
    n = append(line, n, " %d estimated (hollow),", c->n_estimate);
    n = append(line, n, " %d left out, being unknown or 0,", c->n_left_out);
    line[n - 1] = '\0';
}

static void write_parameters(const pleats_figure *f, char *line)
{
    double lo = INFINITY, hi = 0;
    for (size_t i = 0; i < f->reports->n; i++) {
        lo = fmin(lo, f->reports->row[i].parameters);
        hi = fmax(hi, f->reports->row[i].parameters);
    }
    if (lo < hi)
        pleats_format(line, PLEATS_FIGURE_TEXT, "%.0f to %.0f parameters each",
                      lo, hi);
    else
        pleats_format(line, PLEATS_FIGURE_TEXT, "%.0f parameters each", lo);
}

static void write_formula(const pleats_figure *f, char *line)
{
    int32_t n_exact = 0, n_upper = 0;
    for (size_t i = 0; i < f->reports->n; i++) {
        const pleats_report_row *row = &f->reports->row[i];
        if (pleats_figure_shows(f, row))
            *(row->formula_is_exact ? &n_exact : &n_upper) += 1;
    }
    size_t n = append(line, 0, "the formula is exact for %d,", n_exact);
    n = append(line, n,
               n_exact > 0 ? " an upper bound for %d,"
                           : "the formula is an upper bound for all %d,",
               n_upper);
    if (n > 0)
        line[n - 1] = '\0';
}

void pleats_figure_fact(const pleats_figure *f, size_t i,
                        char line[PLEATS_FIGURE_TEXT])
{
    line[0] = '\0';
    if (i == 0)
        write_subject(f, line);
    else if (i == 1)
        write_counts(f, line);
    else if (f->kind == PLEATS_FIGURE_DEPTH)
        write_parameters(f, line);
    else if (f->kind == PLEATS_FIGURE_FORMULA)
        write_formula(f, line);
}

/* At most SHOWN_SPEC bytes of it. */
static void shorten(const char *spec, char out[SHOWN_SPEC + 8])
{
    size_t n = pleats_printable(spec, strlen(spec), SHOWN_SPEC);
    snprintf(out, SHOWN_SPEC + 8, "%.*s%s", (int)n, spec, spec[n] ? "..." : "");
}

void pleats_figure_members(const pleats_figure *f, size_t group,
                           char line[PLEATS_FIGURE_TEXT])
{
    const char *first = NULL, *last = NULL;
    char from[SHOWN_SPEC + 8], to[SHOWN_SPEC + 8];
    for (size_t i = 0; i < f->reports->n; i++) {
        const pleats_report_row *row = &f->reports->row[i];
        if (!is_of_group(f, row, group))
            continue;
        first = first ? first : row->spec;
        last = row->spec;
    }
    line[0] = '\0';
    if (!first)
        return;
    shorten(first, from);
    shorten(last, to);
    snprintf(line, PLEATS_FIGURE_TEXT, "%.80s: %s%s%s", f->group[group], from,
             first != last ? " to " : "", first != last ? to : "");
}
