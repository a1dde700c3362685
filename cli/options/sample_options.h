/* The options of `pleats sample`. */
#ifndef PLEATS_CLI_OPTIONS_SAMPLE_OPTIONS_H
#define PLEATS_CLI_OPTIONS_SAMPLE_OPTIONS_H

#include "options/domain_options.h"
#include "options/init_options.h"

#include "pleats/sample.h"

enum { MAX_SCALES = 64 };

typedef struct {
    model_options model;
    domain_options domain;
    init_options init; /* of a spec's network; its seed is that of the points */
    pleats_sample_options sample; /* of every run */
    pleats_limits limits;
    const char *preset;       /* its name, NULL: none */
    const char *input;        /* file of rows, NULL: none */
    double scale[MAX_SCALES]; /* of Gaussian runs */
    int32_t n_scales;
    bool low_discrepancy, per_unit, progress;
} sample_options;

/* A parser whose input is a sample_options, zeroed. */
extern const struct argp sample_argp;

#endif
