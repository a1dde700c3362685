/* The MODEL argument and the options that every verb has. */
#ifndef PLEATS_CLI_OPTIONS_MODEL_OPTIONS_H
#define PLEATS_CLI_OPTIONS_MODEL_OPTIONS_H

#include "pleats/net.h"

#include <argp.h>

typedef struct {
    bool or_spec;     /* set before parsing by verbs that take a spec as well */
    const char *verb; /* its name */
    const char *path;
    bool keeps_out;  /* set before parsing by verbs whose file is of use before
                        it is whole: it has a name from the start */
    const char *out; /* the file that the verb is to write, or NULL */
    pleats_load_options load;
    bool json;
    double time_limit; /* seconds from the start of the program, 0: none */
} model_options;

/* A child parser whose input is a model_options. */
extern const struct argp model_argp;
/* For verbs whose own --output means something else: with --outputs alone, and
 * without either. */
extern const struct argp drawn_model_argp, common_model_argp;

/* Ends the program with EXIT_USAGE and one line on stderr. */
void refuse_usage(const struct argp_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

/* "R/M", part R of M; ends the program with EXIT_USAGE when there is none. */
void take_shard(const struct argp_state *state, const char *value,
                uint64_t *part, uint64_t *of);

/* The number of an option, in digits, from `least` to `most`; ends the program
 * with EXIT_USAGE when `value` is none. */
int64_t take_number(const struct argp_state *state, const char *flag,
                    const char *value, int64_t least, int64_t most);

/* The number of --threads. */
int32_t take_threads(const struct argp_state *state, const char *value);

#endif
