/* The options of a count that outlives its process, or is one of several. */
#ifndef PLEATS_CLI_OPTIONS_LONG_OPTIONS_H
#define PLEATS_CLI_OPTIONS_LONG_OPTIONS_H

#include "options/checkpoint_options.h"

#include <stdint.h>

typedef struct {
    checkpoint_options state;
    const char *digests; /* file for the maps' digests, NULL: none */
    bool has_shard;
    uint64_t part, of; /* of --shard */
} long_options;

/* A child parser whose input is a long_options, zeroed. */
extern const struct argp long_argp;

/* Whether any of them was given. */
bool long_is_asked_for(const long_options *options);

#endif
