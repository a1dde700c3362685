/* Work in stretches, from one checkpoint to the next. */
#ifndef PLEATS_CLI_VERBS_STRETCHES_H
#define PLEATS_CLI_VERBS_STRETCHES_H

#include "options/checkpoint_options.h"
#include "session.h"

#include "pleats/limits.h"

typedef struct {
    uint64_t found;  /* regions */
    bool is_counted; /* a limit of cells is about these */
    double share;
    pleats_stop stopped; /* of the last run */
    bool is_done;
    bool has_steps; /* between which it can be put down */
} stretched_state;

/* What can be put down. */
typedef struct {
    void *it;
    pleats_status (*run)(pleats_ctx *ctx, void *it,
                         const pleats_limits *limits);
    pleats_status (*save)(pleats_ctx *ctx, void *it, const char *path);
    pleats_status (*look)(pleats_ctx *ctx, void *it, stretched_state *state);
} stretched;

/* Runs it to its end, or to a reason to stop, and saves it before, after each
 * stretch and at SIGUSR1, where that is asked for. */
pleats_status stretches_run(const session *s, const checkpoint_options *options,
                            const pleats_limits *limits, const stretched *work);

#endif
