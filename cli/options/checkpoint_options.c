#include "options/checkpoint_options.h"

#include "options/model_options.h"
#include "options/numbers.h"
#include "signals.h"

#include "pleats/output.h"

enum { KEY_CHECKPOINT = 0x380, KEY_EVERY, KEY_RESUME };

static const double usual_every = 60; /* seconds */

static const struct argp_option option_table[] = {
    {"checkpoint", KEY_CHECKPOINT, "FILE", 0,
     "Write what is found and what is left to FILE, now and then, at SIGUSR1 "
     "and at the end",
     0},
    {"every", KEY_EVERY, "SECONDS", 0,
     "Time between two checkpoints (default: 60)", 0},
    {"resume", KEY_RESUME, "FILE", 0,
     "Go on where FILE, a checkpoint of the same work, was written", 0},
    {0}};

const char *need_file(const struct argp_state *state, const char *name,
                      const char *path)
{
    if (pleats_path_is_stdout(path))
        refuse_usage(state,
                     "%s %s: must be a file; the answer goes to standard "
                     "output",
                     name, path);
    return path;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    checkpoint_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        o->every = usual_every;
        return 0;
    case KEY_CHECKPOINT:
        o->checkpoint = need_file(state, "--checkpoint", value);
        checkpoint_on_signal(); /* one that comes early must not end it */
        return 0;
    case KEY_RESUME:
        o->resume = value;
        return 0;
    case KEY_EVERY:
        if (!read_positive(value, &o->every))
            refuse_usage(state,
                         "--every %s: must be a number of seconds above 0",
                         value);
        o->has_every = true;
        return 0;
    case ARGP_KEY_END:
        if (o->has_every && !o->checkpoint)
            refuse_usage(state, "--every goes with --checkpoint FILE");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp checkpoint_argp = {option_table, parse, NULL, NULL,
                                     NULL,         NULL,  NULL};
