/* The options of a count that outlives its process, or is one of several. */
#ifndef PLEATS_CLI_OPTIONS_WORK_OPTIONS_H
#define PLEATS_CLI_OPTIONS_WORK_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *checkpoint; /* file, NULL: none is written */
    const char *resume;     /* file, NULL: the count begins */
    const char *digests;    /* file for the maps' digests, NULL: none */
    double every;           /* seconds between checkpoints */
    bool has_every, has_shard;
    int64_t part, of; /* of --shard */
} work_options;

/* A child parser whose input is a work_options, zeroed. */
extern const struct argp work_argp;

/* Whether any of them was given. */
bool work_is_asked_for(const work_options *options);

#endif
