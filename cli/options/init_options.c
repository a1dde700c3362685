/* The options that say how random weights are drawn. */
#include "options/init_options.h"

#include "options/model_options.h"
#include "options/numbers.h"

#include <string.h>

enum { KEY_INIT = 0x400, KEY_BIAS, KEY_SEED };

static const char *const weight_words[] = {"torch", "he-normal", "he-uniform",
                                           "xavier-normal", "xavier-uniform"};
enum { N_WEIGHT_WORDS = sizeof weight_words / sizeof *weight_words };

static const struct argp_option option_table[] = {
    {"init", KEY_INIT, "NAME", 0, "Distribution of the weights (default torch)",
     0},
    {"bias", KEY_BIAS, "KIND", 0,
     "Biases: default, zero or normal:S (default default)", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of the random numbers (default 0)", 0},
    {0}};

int find_word(const struct argp_state *state, const char *flag,
              const char *word, int n, const char *const *list)
{
    char all[128] = "";
    for (int i = 0; i < n; i++) {
        if (strcmp(word, list[i]) == 0)
            return i;
        strncat(all, i > 0 ? ", " : "", sizeof all - strlen(all) - 1);
        strncat(all, list[i], sizeof all - strlen(all) - 1);
    }
    refuse_usage(state, "%s %s: must be one of %s", flag, word, all);
}

static void read_bias(const struct argp_state *state, const char *text,
                      init_options *o)
{
    static const char normal[] = "normal:";
    o->bias = text;
    if (strcmp(text, "default") == 0)
        o->init.bias = PLEATS_BIAS_TORCH;
    else if (strcmp(text, "zero") == 0)
        o->init.bias = PLEATS_BIAS_ZERO;
    else if (strncmp(text, normal, sizeof normal - 1) == 0 &&
             read_positive(text + sizeof normal - 1, &o->init.deviation))
        o->init.bias = PLEATS_BIAS_NORMAL;
    else
        refuse_usage(state,
                     "--bias %s: must be default, zero or normal:S with a "
                     "number S above 0",
                     text);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    init_options *o = state->input;
    switch (key) {
    case KEY_INIT:
        o->weights = value;
        o->init.weights = (pleats_weight_init)find_word(
            state, "--init", value, N_WEIGHT_WORDS, weight_words);
        return 0;
    case KEY_BIAS:
        read_bias(state, value, o);
        return 0;
    case KEY_SEED:
        if (!read_whole(value, &o->seed))
            refuse_usage(state, "--seed %s: must be a whole number", value);
        o->init.seed = (uint64_t)o->seed;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp init_argp = {.options = option_table, .parser = parse};

const char *init_weights(const init_options *o)
{
    return weight_words[o->init.weights];
}

const char *init_bias(const init_options *o)
{
    return o->bias ? o->bias : "default";
}
