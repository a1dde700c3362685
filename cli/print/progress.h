/* One line on stderr that tells how far a count is. */
#ifndef PLEATS_CLI_PRINT_PROGRESS_H
#define PLEATS_CLI_PRINT_PROGRESS_H

#include "pleats/limits.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool is_shown;
    bool is_written;  /* a line stands there */
    const char *what; /* is counted, "regions" */
    const char *of;   /* what the share is of, "search" */
    double share;     /* last reported */
    double start;     /* seconds */
} progress;

/* Shows the line when stderr is a terminal or `wanted`. */
void progress_start(progress *p, bool wanted);

/* A pleats_progress_fn; `state` is the progress. */
void progress_report(void *state, const pleats_progress *now);

/* Likewise of an estimate: its mean so far, and the interval's half width as a
 * share of it. */
void progress_report_mean(void *state, const pleats_progress *now);

/* Likewise of a search for an extreme value: where it lies so far. */
void progress_report_gap(void *state, const pleats_progress *now);

/* Takes the line away. */
void progress_end(progress *p);

#endif
