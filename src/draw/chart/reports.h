/* What the program's own JSON answers say about numbers of regions. */
#ifndef PLEATS_DRAW_CHART_REPORTS_H
#define PLEATS_DRAW_CHART_REPORTS_H

#include "base/base.h"

typedef enum {
    PLEATS_REPORT_COMPARE,
    PLEATS_REPORT_BOUND,
    PLEATS_REPORT_LAYER
} pleats_report_verb;

typedef enum {
    PLEATS_COUNT_NONE,    /* nothing is known */
    PLEATS_COUNT_EXACT,   /* value = lower = upper */
    PLEATS_COUNT_BETWEEN, /* proven bounds, or one of them */
    PLEATS_COUNT_ESTIMATE /* value, in an interval at a level */
} pleats_count_label;

/* Numbers of regions as log10; NaN where there is none, -infinity for 0. */
typedef struct {
    pleats_report_verb verb;
    char *spec;        /* the architecture, or a model's path */
    char *series;      /* of whose kind it is: "CNN", "FC, same depth" */
    bool is_of_depths; /* from a sweep over depths */
    double parameters, depth;
    pleats_count_label label;
    double value, lower, upper;
    double formula; /* of a layer; an upper bound unless it is exact */
    bool formula_is_exact;
} pleats_report_row;

typedef struct {
    pleats_ctx *ctx;
    pleats_report_row *row; /* [n] */
    size_t n, capacity;
    char *definition, *domain; /* of all rows; NULL: none, or not the same */
    bool is_on_box; /* bounds of networks on the domain, not of all weights */
    double level;   /* of estimates; 0: none */
} pleats_reports;

/* Reads files (up to 16 MiB) of one report each, or of several one after
 * another, that `pleats compare`, `bound` or `layer` printed with --json; rows
 * that are there twice are kept once.  PLEATS_INVALID, with the file's name,
 * for anything else.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_reports_read(pleats_ctx *ctx,
                                                   pleats_reports *reports,
                                                   size_t n,
                                                   const char *const *path);
void pleats_reports_clear(pleats_reports *reports);

/* log10 of a decimal natural number of any length, to the last bits of a
 * double; -infinity for 0.  PLEATS_INVALID when the text is no such number. */
PLEATS_NODISCARD pleats_status pleats_log10_of_decimal(pleats_ctx *ctx,
                                                       const char *text,
                                                       double *out);

#endif
