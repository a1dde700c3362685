/* A survey on one page: panels of bars, two in a row. */
#ifndef PLEATS_DRAW_CHART_SURVEY_PAGE_H
#define PLEATS_DRAW_CHART_SURVEY_PAGE_H

#include "draw/chart/chart.h"

#include "pleats/survey.h"

enum {
    PLEATS_SURVEY_PANELS = 9,
    PLEATS_SURVEY_SERIES = 3,
    PLEATS_SURVEY_TEXT = 160
};

/* What one panel shows; its numbers are its own. */
typedef struct {
    pleats_chart chart;
    pleats_chart_series series[PLEATS_SURVEY_SERIES];
    double *x[PLEATS_SURVEY_SERIES], *y[PLEATS_SURVEY_SERIES];
    char text[PLEATS_SURVEY_TEXT];
    const char *line;
} pleats_survey_panel;

/* The panels that a survey has something for.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_survey_panels(
    pleats_ctx *ctx, const pleats_survey_result *survey,
    pleats_survey_panel panel[PLEATS_SURVEY_PANELS], size_t *n);
void pleats_survey_panels_clear(
    pleats_ctx *ctx, pleats_survey_panel panel[PLEATS_SURVEY_PANELS]);

/* Draws the page (draw/canvas.h); of a name that ends in .html a page with the
 * picture and tables of what it shows. */
PLEATS_NODISCARD pleats_status pleats_survey_paint(
    pleats_ctx *ctx, const pleats_survey_result *survey, const char *title,
    const char *domain, double width, pleats_output *out);

#endif
