#include "options/optimum_options.h"

#include "options/model_options.h"
#include "options/run_options.h"

enum { KEY_OUTPUT = 0x3a0, KEY_MAX_CELLS };

static const struct argp_option option_table[] = {
    {"output", KEY_OUTPUT, "J", 0, "Output J (from 0) alone", 0},
    {"max-cells", KEY_MAX_CELLS, "N", 0,
     "Stop after N parts of the domain or a few more, for each number", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    optimum_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->limits;
        state->child_inputs[1] = &o->shows_progress;
        return 0;
    case KEY_OUTPUT:
        o->has_output = true;
        o->output =
            (int32_t)take_number(state, "--output", value, 0, INT32_MAX);
        return 0;
    case KEY_MAX_CELLS:
        o->limits.cells =
            (uint64_t)take_number(state, "--max-cells", value, 1, INT64_MAX);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {
    {&threads_argp, 0, NULL, 0}, {&progress_argp, 0, NULL, 0}, {0}};

const struct argp optimum_argp = {
    .options = option_table, .parser = parse, .children = children};
