/* What the panels of a survey show. */
#include "draw/chart/survey_page.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>

typedef struct {
    pleats_ctx *ctx;
    const pleats_survey_result *survey;
    pleats_survey_panel *panel;
    size_t n;
} making;

static pleats_survey_panel *begin(making *m, const char *title, const char *x,
                                  const char *y)
{
    pleats_survey_panel *p = &m->panel[m->n++];
    p->chart = (pleats_chart){.title = title,
                              .x = {.name = x, .is_whole = true},
                              .y = {.name = y},
                              .series = p->series,
                              .line = &p->line,
                              .ratio = 0.5};
    p->line = p->text;
    return p;
}

/* Room for a series of n bars; x [n + 1]. */
static pleats_status add_bars(making *m, pleats_survey_panel *p,
                              const char *name, size_t n)
{
    pleats_status status = PLEATS_OK;
    const size_t i = p->chart.n_series;
    TRY(pleats_alloc(m->ctx, n + 1, sizeof **p->x, &p->x[i]));
    TRY(pleats_alloc(m->ctx, n + 1, sizeof **p->y, &p->y[i]));
    p->series[i] = (pleats_chart_series){.name = name,
                                         .form = PLEATS_CHART_BARS,
                                         .kind = (pleats_idx)i,
                                         .n = n,
                                         .x = p->x[i],
                                         .y = p->y[i]};
    p->chart.n_series++;
done:
    return status;
}

/* n groups of bars about first, first + 1, ...: `of` bars each, this one being
 * number i.  Bar 2 j is that of group j, and between them is nothing. */
static pleats_status add_group(making *m, pleats_survey_panel *p,
                               const char *name, int first, size_t n, int of)
{
    pleats_status status = PLEATS_OK;
    const size_t i = p->chart.n_series;
    const double width = 0.8 / of;
    TRY(add_bars(m, p, name, 2 * n - 1));
    for (size_t j = 0; j < n; j++) {
        const double left = first + (double)j - 0.4 + width * (double)i;
        p->x[i][2 * j] = left;
        p->x[i][2 * j + 1] = left + width;
        p->y[i][2 * j + 1] = NAN;
    }
done:
    return status;
}

/* The classes' shares of the domain; what is certain of them when not all
 * regions were seen. */
static pleats_status add_shares(making *m, size_t n)
{
    pleats_status status = PLEATS_OK;
    const pleats_survey_result *r = m->survey;
    const bool is_whole = r->label == PLEATS_EXACT;
    pleats_survey_panel *p =
        begin(m,
              is_whole ? "Share of the domain by class"
                       : "Share of the domain by class, at least",
              "class", "share");
    TRY(add_group(m, p, NULL, 0, n, 1));
    for (size_t i = 0; i < n; i++) {
        const pleats_survey_class *c = &r->classes[i];
        p->y[0][2 * i] =
            is_whole ? (c->share_lo + c->share_hi) / 2 : c->share_lo;
    }
    snprintf(p->text, sizeof p->text, "%llu regions have several classes",
             (unsigned long long)r->mixed);
    p->chart.n_lines = 1;
done:
    return status;
}

static pleats_status add_classes(making *m)
{
    pleats_status status = PLEATS_OK;
    const pleats_survey_result *r = m->survey;
    const size_t n = (size_t)r->n_classes;
    if (n == 0)
        return PLEATS_OK;
    pleats_survey_panel *p = begin(m, "Regions by class", "class", "regions");
    TRY(add_group(m, p, "somewhere", 0, n, 2));
    TRY(add_group(m, p, "everywhere", 0, n, 2));
    for (size_t i = 0; i < n; i++) {
        p->y[0][2 * i] = (double)r->classes[i].somewhere;
        p->y[1][2 * i] = (double)r->classes[i].everywhere;
    }
    if (r->has_volumes)
        TRY(add_shares(m, n));
done:
    return status;
}

static pleats_status add_layers(making *m)
{
    pleats_status status = PLEATS_OK;
    const pleats_survey_result *r = m->survey;
    const size_t n = (size_t)r->n_layers;
    if (n == 0)
        return PLEATS_OK;
    pleats_survey_panel *p = begin(m, "Units by layer", "layer", "units");
    TRY(add_group(m, p, "change", 1, n, 3));
    TRY(add_group(m, p, "on", 1, n, 3));
    TRY(add_group(m, p, "off", 1, n, 3));
    for (size_t i = 0; i < n; i++) {
        p->y[0][2 * i] = r->layer[i].units.changes;
        p->y[1][2 * i] = r->layer[i].units.on;
        p->y[2][2 * i] = r->layer[i].units.off;
    }
    p = begin(m, "Layer of a region's last wall", "layer", "regions");
    TRY(add_group(m, p, NULL, 1, n, 1));
    for (size_t i = 0; i < n; i++)
        p->y[0][2 * i] = (double)r->layer[i].last;
done:
    return status;
}

/* From the fewest to the most active units that there are. */
static pleats_status add_active(making *m)
{
    pleats_status status = PLEATS_OK;
    const pleats_survey_result *r = m->survey;
    int32_t first = 0, last = r->n_active - 1;
    while (first < last && r->active[first] == 0)
        first++;
    while (last > first && r->active[last] == 0)
        last--;
    if (r->n_active < 2 || r->active[first] == 0)
        return PLEATS_OK;
    pleats_survey_panel *p =
        begin(m, "Active units of a region", "active units", "regions");
    TRY(add_bars(m, p, NULL, (size_t)(last - first) + 1));
    for (int32_t i = first; i <= last; i++) {
        p->x[0][i - first] = i - 0.5;
        p->y[0][i - first] = (double)r->active[i];
    }
    p->x[0][last - first + 1] = last + 0.5;
done:
    return status;
}

/* Bins are powers of two. */
static pleats_status add_numbers(making *m, const char *title, const char *axis,
                                 const pleats_survey_numbers *q)
{
    pleats_status status = PLEATS_OK;
    const double step = log10(2);
    if (q->n == 0)
        return PLEATS_OK;
    pleats_survey_panel *p = begin(m, title, axis, "regions");
    p->chart.x = (pleats_chart_axis){.name = axis, .is_log = true};
    TRY(add_bars(m, p, NULL, (size_t)q->n));
    for (int32_t i = 0; i <= q->n; i++)
        p->x[0][i] = (q->first + i) * step;
    for (int32_t i = 0; i < q->n; i++)
        p->y[0][i] = (double)q->bin[i];
    int end = pleats_format(p->text, sizeof p->text,
                            "least %.4g, mean %.4g, greatest %.4g", q->least,
                            q->mean, q->most);
    if (q->zeros > 0)
        end += snprintf(p->text + end, sizeof p->text - (size_t)end,
                        "; 0 for %llu", (unsigned long long)q->zeros);
    if (q->infinite > 0)
        snprintf(p->text + end, sizeof p->text - (size_t)end,
                 "; infinite for %llu", (unsigned long long)q->infinite);
    p->chart.n_lines = 1;
done:
    return status;
}

pleats_status
pleats_survey_panels(pleats_ctx *ctx, const pleats_survey_result *survey,
                     pleats_survey_panel panel[PLEATS_SURVEY_PANELS], size_t *n)
{
    pleats_status status = PLEATS_OK;
    making m = {.ctx = ctx, .survey = survey, .panel = panel};
    TRY(add_classes(&m));
    TRY(add_layers(&m));
    TRY(add_active(&m));
    TRY(add_numbers(&m, "Volume of a region", "volume", &survey->volume));
    TRY(add_numbers(&m, "Diameter of a region", "diameter", &survey->diameter));
    TRY(add_numbers(&m, "Steepest slope of an output", "slope",
                    &survey->slope));
    TRY(add_numbers(&m, "From the middle to the nearest side", "distance",
                    &survey->distance));
done:
    *n = m.n;
    return status;
}

void pleats_survey_panels_clear(pleats_ctx *ctx,
                                pleats_survey_panel panel[PLEATS_SURVEY_PANELS])
{
    for (size_t i = 0; i < PLEATS_SURVEY_PANELS; i++)
        for (size_t j = 0; j < PLEATS_SURVEY_SERIES; j++) {
            pleats_release(ctx, panel[i].x[j]);
            pleats_release(ctx, panel[i].y[j]);
        }
}
