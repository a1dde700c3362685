#include "draw/chart/histogram.h"

#include "base/text.h"
#include "draw/chart/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_LINES = 8, MOST_BINS = 60 };

static const struct {
    const char *name;
    bool is_log;
} kind[] = {[PLEATS_HISTOGRAM_AREA] = {"area of a region", true},
            [PLEATS_HISTOGRAM_GRADIENT] = {"norm of the gradient", true},
            [PLEATS_HISTOGRAM_SIDES] = {"sides of a region", false},
            [PLEATS_HISTOGRAM_ACTIVE] = {"active units", false},
            [PLEATS_HISTOGRAM_DEPTH] = {"layer of the last wall", false}};

/* As it is on the axis; -inf for 0 on a logarithmic one. */
static double quantity(const pleats_scene *x, size_t cell,
                       pleats_draw_histogram of)
{
    const pleats_scene_cell *c = &x->cell[cell];
    switch (of) {
    case PLEATS_HISTOGRAM_AREA:
        return log10(c->area);
    case PLEATS_HISTOGRAM_GRADIENT:
        return log10(c->gradient);
    case PLEATS_HISTOGRAM_SIDES:
        return (double)pleats_scene_sides(x, cell);
    case PLEATS_HISTOGRAM_ACTIVE:
        return c->active;
    default:
        return c->depth;
    }
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Edges of bins for sorted values [n]: whole numbers stand in the middle of
 * theirs, several to a bin when they are many; others get about sqrt(n) bins.
 * edge has room for MOST_BINS + 1.  Returns how many bins. */
static size_t find_bins(const double *value, size_t n, bool is_whole,
                        double *edge)
{
    double lo = value[0], hi = value[n - 1], width;
    size_t bins;
    if (is_whole) {
        width = ceil((hi - lo + 1) / MOST_BINS);
        bins = (size_t)ceil((hi - lo + 1) / width);
        lo -= 0.5;
    } else {
        bins = (size_t)fmin(MOST_BINS, ceil(sqrt((double)n)));
        width = (hi - lo) / (double)bins;
        if (!(width > 1e-12 * (1 + fabs(lo)))) {
            bins = 1;
            width = 0.1;
            lo -= width / 2;
        }
    }
    for (size_t i = 0; i <= bins; i++)
        edge[i] = lo + (double)i * width;
    return bins;
}

/* Adds to height [bins]. */
static void fill_bins(const double *value, size_t n, const double *edge,
                      size_t bins, double *height)
{
    for (size_t i = 0, bin = 0; i < n; i++) {
        while (bin + 1 < bins && value[i] >= edge[bin + 1])
            bin++;
        height[bin]++;
    }
}

/* Least, median and greatest value; how many have no place. */
static void describe(const double *value, size_t n, size_t n_zero, bool is_log,
                     char *text, size_t size)
{
    double three[] = {value[0], value[(n - 1) / 2], value[n - 1]};
    for (size_t i = 0; i < 3 && is_log; i++)
        three[i] = pow(10, three[i]);
    int end =
        pleats_format(text, size, "least %.4g, median %.4g, greatest %.4g",
                      three[0], three[1], three[2]);
    if (n_zero > 0)
        snprintf(text + end, size - (size_t)end, "; 0 for %zu regions", n_zero);
}

pleats_status pleats_histogram_paint(const pleats_scene *x,
                                     pleats_draw_histogram of, double width,
                                     size_t n_legend, const char *const *legend,
                                     pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    double *value = NULL, edge[MOST_BINS + 1] = {0}, height[MOST_BINS] = {0};
    const char *line[MOST_LINES];
    char text[160];
    size_t n = 0, n_lines = 0;
    const bool is_log = kind[of].is_log;
    TRY(pleats_alloc(x->ctx, x->n_cells, sizeof *value, &value));
    for (size_t i = 0; i < x->n_cells; i++) {
        double q = quantity(x, i, of);
        if (isfinite(q))
            value[n++] = q;
    }
    if (n == 0)
        TRY(pleats_fail(x->ctx, PLEATS_INVALID,
                        "the %s is 0 for all regions: there is nothing to draw",
                        kind[of].name));
    qsort(value, n, sizeof *value, compare);
    size_t bins = find_bins(value, n, !is_log, edge);
    fill_bins(value, n, edge, bins, height);
    describe(value, n, x->n_cells - n, is_log, text, sizeof text);
    line[n_lines++] = text;
    for (size_t i = 0; i < n_legend && n_lines < MOST_LINES; i++)
        line[n_lines++] = legend[i];
    const pleats_chart_series bars = {
        .form = PLEATS_CHART_BARS, .n = bins, .x = edge, .y = height};
    const pleats_chart chart = {
        .x = {.name = kind[of].name, .is_log = is_log, .is_whole = !is_log},
        .y = {.name = "regions"},
        .series = &bars,
        .n_series = 1,
        .line = line,
        .n_lines = n_lines};
    TRY(pleats_chart_paint(x->ctx, 1, &chart, out, width));
done:
    pleats_release(x->ctx, value);
    return status;
}
