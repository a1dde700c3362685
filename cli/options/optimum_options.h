/* The options of a search for the best of what the outputs do on a domain. */
#ifndef PLEATS_CLI_OPTIONS_OPTIMUM_OPTIONS_H
#define PLEATS_CLI_OPTIONS_OPTIMUM_OPTIONS_H

#include "pleats/limits.h"

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool has_output; /* else all outputs are in question */
    int32_t output;
    pleats_limits limits; /* of each search */
    bool shows_progress;
} optimum_options;

/* A child parser whose input is an optimum_options, zeroed. */
extern const struct argp optimum_argp;

#endif
