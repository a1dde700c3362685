/* The MODEL argument and the options that every verb has. */
#include "options/model_options.h"

#include "exit_codes.h"
#include "options/numbers.h"

#include "pleats/text.h"
#include "pleats/work.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_JSON = 0x100, KEY_LOGITS, KEY_SHAPE, KEY_PICK, KEY_TIME_LIMIT };
enum { MESSAGE_BYTES = 8192 };

#define COMMON_OPTIONS                                                         \
    {"time-limit",                                                             \
     KEY_TIME_LIMIT,                                                           \
     "SECONDS",                                                                \
     0,                                                                        \
     "Stop after so long, reading the files included, with what is there",     \
     0},                                                                       \
        {"json", KEY_JSON, NULL, 0, "Answer with one JSON object", 0},         \
        {"logits",                                                             \
         KEY_LOGITS,                                                           \
         NULL,                                                                 \
         0,                                                                    \
         "Skip the strictly monotone end: Softmax, LogSoftmax, Sigmoid, "      \
         "ArgMax, Tanh, Exp, ... and what renames or scales after it",         \
         0},                                                                   \
    {                                                                          \
        "shape", KEY_SHAPE, "S", 0,                                            \
            "Sizes of symbolic input axes: all axes (1,1,28,28) or by name "   \
            "(H=28,W=28), lists of several inputs with semicolons between "    \
            "them; a symbolic batch axis is 1 without it, a fixed one can be " \
            "made 1",                                                          \
            0                                                                  \
    }
#define PICK_TEXT                                                              \
    "Only these outputs of the file, by name or number, with commas between "  \
    "several"

static const struct argp_option common_table[] = {COMMON_OPTIONS, {0}};
static const struct argp_option option_table[] = {
    COMMON_OPTIONS,
    {"output", KEY_PICK, "NAME|I", 0, PICK_TEXT, 0},
    {"outputs", KEY_PICK, NULL, OPTION_ALIAS, NULL, 0},
    {0}};
static const struct argp_option drawn_table[] = {
    COMMON_OPTIONS, {"outputs", KEY_PICK, "NAME|I", 0, PICK_TEXT, 0}, {0}};

void refuse_usage(const struct argp_state *state, const char *format, ...)
{
    char text[MESSAGE_BYTES], shown[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pleats_plain(text, shown, sizeof shown);
    fprintf(stderr, "%s: %s (see %s --help)\n", state->name, shown,
            state->name);
    exit(EXIT_USAGE);
}

void take_shard(const struct argp_state *state, const char *value,
                uint64_t *part, uint64_t *of)
{
    char first[32];
    const char *slash = strchr(value, '/');
    const size_t n = slash ? (size_t)(slash - value) : sizeof first;
    int64_t r = 0, m = 0;
    if (n < sizeof first) {
        memcpy(first, value, n);
        first[n] = '\0';
    }
    if (n >= sizeof first || !read_whole(first, &r) ||
        !read_whole(slash + 1, &m) || r >= m || m > PLEATS_MOST_PARTS)
        refuse_usage(state,
                     "--shard %s: must be R/M, part R of M: 0 <= R < M <= %d",
                     value, PLEATS_MOST_PARTS);
    *part = (uint64_t)r;
    *of = (uint64_t)m;
}

int64_t take_number(const struct argp_state *state, const char *flag,
                    const char *value, int64_t least, int64_t most)
{
    int64_t n = 0;
    if (!read_whole(value, &n) || n < least || n > most)
        refuse_usage(state, "%s %s: must be a whole number from %lld to %lld",
                     flag, value, (long long)least, (long long)most);
    return n;
}

int32_t take_threads(const struct argp_state *state, const char *value)
{
    enum { MOST_THREADS = 4096 };
    return (int32_t)take_number(state, "--threads", value, 1, MOST_THREADS);
}

static double take_time_limit(const struct argp_state *state, const char *value)
{
    double seconds = 0;
    if (!read_positive(value, &seconds))
        refuse_usage(state,
                     "--time-limit %s: must be a number of seconds above 0",
                     value);
    return seconds;
}

/* "count" of "pleats count". */
static const char *verb_of(const struct argp_state *state)
{
    const char *space = strrchr(state->name, ' ');
    return space ? space + 1 : state->name;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    model_options *o = state->input;
    switch (key) {
    case KEY_TIME_LIMIT:
        o->time_limit = take_time_limit(state, value);
        return 0;
    case KEY_JSON:
        o->json = true;
        return 0;
    case KEY_LOGITS:
        o->load.logits = true;
        return 0;
    case KEY_SHAPE:
        o->load.shape = value;
        return 0;
    case KEY_PICK:
        o->load.output = value;
        return 0;
    case ARGP_KEY_ARG:
        if (o->path)
            refuse_usage(state, "one model at a time, not %s and %s", o->path,
                         value);
        o->path = value;
        return 0;
    case ARGP_KEY_END:
        o->verb = verb_of(state);
        if (!o->path)
            refuse_usage(state, o->or_spec
                                    ? "the SPEC or MODEL is missing: name a "
                                      "spec or an ONNX file"
                                    : "the MODEL is missing: name an ONNX "
                                      "file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp model_argp = {.options = option_table, .parser = parse};
const struct argp drawn_model_argp = {.options = drawn_table, .parser = parse};
const struct argp common_model_argp = {.options = common_table,
                                       .parser = parse};
