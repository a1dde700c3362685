#include "options/optimum_options.h"

#include "options/model_options.h"

enum { KEY_OUTPUT = 0x3a0, KEY_MAX_CELLS, KEY_THREADS, KEY_PROGRESS };

static const struct argp_option option_table[] = {
    {"output", KEY_OUTPUT, "J", 0, "Output J (from 0) alone", 0},
    {"max-cells", KEY_MAX_CELLS, "N", 0,
     "Stop after N parts of the domain or a few more, for each number", 0},
    {"threads", KEY_THREADS, "N", 0,
     "Threads that work at most (default: all processors); the answer is the "
     "same",
     0},
    {"progress", KEY_PROGRESS, NULL, 0,
     "Show progress even when stderr is not a terminal", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    optimum_options *o = state->input;
    switch (key) {
    case KEY_OUTPUT:
        o->has_output = true;
        o->output =
            (int32_t)take_number(state, "--output", value, 0, INT32_MAX);
        return 0;
    case KEY_MAX_CELLS:
        o->limits.cells =
            (uint64_t)take_number(state, "--max-cells", value, 1, INT64_MAX);
        return 0;
    case KEY_THREADS:
        o->limits.threads = take_threads(state, value);
        return 0;
    case KEY_PROGRESS:
        o->shows_progress = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp optimum_argp = {.options = option_table, .parser = parse};
