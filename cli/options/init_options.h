/* The options that say how random weights are drawn. */
#ifndef PLEATS_CLI_OPTIONS_INIT_OPTIONS_H
#define PLEATS_CLI_OPTIONS_INIT_OPTIONS_H

#include "pleats/make.h"

#include <argp.h>

typedef struct {
    const char *weights, *bias; /* as given, or NULL */
    pleats_init init;
    int64_t seed;
} init_options;

/* A child parser whose input is a zeroed init_options: --init, --bias, --seed.
 */
extern const struct argp init_argp;

/* The distributions in words, "torch" and "default" where none was given. */
const char *init_weights(const init_options *options);
const char *init_bias(const init_options *options);

#define INIT_HELP                                                              \
    "Random weights are float32 values. Their distributions:\n"                \
    "  torch           U(-1, 1) / sqrt(fan_in), PyTorch's default\n"           \
    "  he-normal       N(0, 2 / fan_in)\n"                                     \
    "  he-uniform      U(-1, 1) sqrt(6 / fan_in)\n"                            \
    "  xavier-normal   N(0, 2 / (fan_in + fan_out))\n"                         \
    "  xavier-uniform  U(-1, 1) sqrt(6 / (fan_in + fan_out))\n"                \
    "Biases: default is U(-1, 1) / sqrt(fan_in), zero, or normal:S is "        \
    "N(0, S^2).\n"

/* The place of `word` in a list [n] of what `flag` takes; ends the program with
 * EXIT_USAGE when it is none of them. */
int find_word(const struct argp_state *state, const char *flag,
              const char *word, int n, const char *const *list);

#endif
