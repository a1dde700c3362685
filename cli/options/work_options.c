/* The options that say how all regions are gone through. */
#include "options/work_options.h"

#include "options/numbers.h"
#include "options/run_options.h"

#include <string.h>

enum { KEY_MAX_CELLS = 0x400, KEY_PARANOID, KEY_ENGINE };

static const struct argp_option option_table[] = {
    {"max-cells", KEY_MAX_CELLS, "N", 0, "Stop after N regions", 0},
    {"paranoid", KEY_PARANOID, NULL, 0,
     "Decide everything by exact arithmetic (slow; the same answer)", 0},
    {"engine", KEY_ENGINE, "NAME", 0,
     "How cells are held: vertices (fast in low dimensions), programmes "
     "(any dimension) or auto (default); the answer is the same",
     0},
    {0}};

static void read_engine(const struct argp_state *state, const char *name,
                        work_options *o)
{
    static const char *const names[] = {"auto", "vertices", "programmes"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            o->engine = (pleats_count_engine)i;
            return;
        }
    refuse_usage(
        state, "--engine %s: must be one of auto, vertices, programmes", name);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    work_options *o = state->input;
    int64_t cells = 0;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->limits;
        state->child_inputs[1] = &o->progress;
        return 0;
    case KEY_MAX_CELLS:
        if (!read_whole(value, &cells) || cells == 0)
            refuse_usage(
                state, "--max-cells %s: must be a whole number above 0", value);
        o->limits.cells = (uint64_t)cells;
        return 0;
    case KEY_PARANOID:
        o->paranoid = true;
        return 0;
    case KEY_ENGINE:
        read_engine(state, value, o);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {
    {&threads_argp, 0, NULL, 0}, {&progress_argp, 0, NULL, 0}, {0}};

const struct argp work_argp = {
    .options = option_table, .parser = parse, .children = children};
