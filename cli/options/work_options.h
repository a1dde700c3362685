/* The options that say how all regions are gone through. */
#ifndef PLEATS_CLI_OPTIONS_WORK_OPTIONS_H
#define PLEATS_CLI_OPTIONS_WORK_OPTIONS_H

#include "options/model_options.h"

#include "pleats/count.h"

typedef struct {
    pleats_limits limits; /* cells, threads */
    pleats_count_engine engine;
    bool paranoid, progress;
} work_options;

/* A child parser whose input is a work_options, zeroed. */
extern const struct argp work_argp;

#endif
