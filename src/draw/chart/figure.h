/* Figures of numbers of regions, from the program's JSON answers. */
#ifndef PLEATS_DRAW_CHART_FIGURE_H
#define PLEATS_DRAW_CHART_FIGURE_H

#include "draw/chart/reports.h"

#include "pleats/draw.h"
#include "pleats/output.h"

typedef struct {
    const pleats_reports *reports; /* lent */
    pleats_figure_kind kind;       /* not PLEATS_FIGURE_AUTO */
    const char *title;             /* NULL: none */
    const char **group;            /* [n_groups] series of rows as they come */
    size_t n_groups;
    pleats_figure_result count;
} pleats_figure;

/* The kind that suits the reports when `kind` is PLEATS_FIGURE_AUTO.
 * PLEATS_INVALID when the reports have not what the kind shows.  Clear in every
 * case. */
PLEATS_NODISCARD pleats_status pleats_figure_init(pleats_ctx *ctx,
                                                  pleats_figure *figure,
                                                  const pleats_reports *reports,
                                                  pleats_figure_kind kind);
void pleats_figure_clear(pleats_ctx *ctx, pleats_figure *figure);

/* Draws it (draw/canvas.h). */
PLEATS_NODISCARD pleats_status pleats_figure_paint(pleats_ctx *ctx,
                                                   const pleats_figure *figure,
                                                   pleats_output *out,
                                                   double width);

/* ---- its parts ---- */

/* Whether a row has a place in the figure. */
bool pleats_figure_shows(const pleats_figure *figure,
                         const pleats_report_row *row);

enum { PLEATS_FIGURE_TEXT = 320 };

/* Names of axes. */
const char *pleats_figure_x_name(const pleats_figure *figure); /* static */
void pleats_figure_y_name(const pleats_figure *figure,
                          char name[PLEATS_FIGURE_TEXT]);

/* What the key calls the numbers of a series with a label. */
void pleats_figure_series_name(const pleats_figure *figure, size_t group,
                               pleats_count_label label,
                               char name[PLEATS_FIGURE_TEXT]);

/* Line i below the figure: what is shown, how many, of what; "" for none. */
enum { PLEATS_FIGURE_FACTS = 3 };
void pleats_figure_fact(const pleats_figure *figure, size_t i,
                        char line[PLEATS_FIGURE_TEXT]);
/* Which architectures a series has. */
void pleats_figure_members(const pleats_figure *figure, size_t group,
                           char line[PLEATS_FIGURE_TEXT]);

#endif
