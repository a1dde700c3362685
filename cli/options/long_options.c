#include "options/long_options.h"

#include "options/model_options.h"
#include "options/numbers.h"

enum { KEY_SHARD = 0x390, KEY_DIGESTS };

static const struct argp_option option_table[] = {
    {"shard", KEY_SHARD, "R/M", 0,
     "Count part R (from 0) of M parts; pleats merge adds them up", 0},
    {"digests", KEY_DIGESTS, "FILE", 0,
     "With --what maps: write digests of all maps to FILE, so that pleats "
     "merge "
     "can tell those of several parts apart",
     0},
    {0}};

static const struct argp_child children[] = {{&checkpoint_argp, 0, NULL, 0},
                                             {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    long_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->state;
        return 0;
    case KEY_DIGESTS:
        o->digests = need_file(state, "--digests", value);
        return 0;
    case KEY_SHARD:
        take_shard(state, value, &o->part, &o->of);
        o->has_shard = true;
        return 0;
    case ARGP_KEY_END:
        if (o->state.resume && o->has_shard)
            refuse_usage(state, "--resume FILE says which part the count is; "
                                "leave --shard out");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp long_argp = {option_table, parse, NULL, NULL,
                               children,     NULL,  NULL};

bool long_is_asked_for(const long_options *o)
{
    return o->state.checkpoint || o->state.resume || o->has_shard || o->digests;
}
