#include "options/run_options.h"

#include "options/model_options.h"

#include "pleats/limits.h"

enum { KEY_THREADS = 0x3c0, KEY_PROGRESS };

static error_t parse_threads(int key, char *value, struct argp_state *state)
{
    pleats_limits *limits = state->input;
    if (key != KEY_THREADS)
        return ARGP_ERR_UNKNOWN;
    limits->threads = take_threads(state, value);
    return 0;
}

static const struct argp_option threads_table[] = {
    {"threads", KEY_THREADS, "N", 0,
     "Threads that work at most (default: all processors); the answer is the "
     "same",
     0},
    {0}};

const struct argp threads_argp = {.options = threads_table,
                                  .parser = parse_threads};

static error_t parse_progress(int key, char *value, struct argp_state *state)
{
    bool *is_shown = state->input;
    (void)value;
    if (key != KEY_PROGRESS)
        return ARGP_ERR_UNKNOWN;
    *is_shown = true;
    return 0;
}

static const struct argp_option progress_table[] = {
    {"progress", KEY_PROGRESS, NULL, 0,
     "Show progress even when stderr is not a terminal", 0},
    {0}};

const struct argp progress_argp = {.options = progress_table,
                                   .parser = parse_progress};
