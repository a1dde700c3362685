/* The options of work that outlives its process. */
#ifndef PLEATS_CLI_OPTIONS_CHECKPOINT_OPTIONS_H
#define PLEATS_CLI_OPTIONS_CHECKPOINT_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

typedef struct {
    const char *checkpoint; /* file, NULL: none is written */
    const char *resume;     /* file, NULL: the work begins */
    double every;           /* seconds between checkpoints */
    bool has_every;
} checkpoint_options;

/* A child parser whose input is a checkpoint_options, zeroed. */
extern const struct argp checkpoint_argp;

/* The answer goes to standard output: refuses a path that is that. */
const char *need_file(const struct argp_state *state, const char *name,
                      const char *path);

#endif
