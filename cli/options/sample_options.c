/* The options of `pleats sample`. */
#include "options/sample_options.h"

#include "exit_codes.h"
#include "options/numbers.h"
#include "options/run_options.h"
#include "options/spec_argument.h"

#include <string.h>

enum {
    KEY_POINTS = 0x300,
    KEY_GAUSSIAN,
    KEY_INPUT,
    KEY_LOW_DISCREPANCY,
    KEY_PRESET,
    KEY_PER_UNIT,
    KEY_BATCH
};

enum { TE_NAS_POINTS = 1000 };

static const char doc[] =
    "Counts the distinct activation patterns among many points: a lower bound "
    "of the number of activation regions, where an exact count is out of "
    "reach."
    "\v"
    "Points are uniform on a bounded domain (a box, a ball, a line or plane "
    "with bounds), normal in R^n (--gaussian; without domain or source: of "
    "standard deviation 1), or the rows of a file. A point counts only when "
    "its pattern is certainly that of a region: one nearer to a wall than "
    "doubles can tell is decided exactly or left out, and the answer says how "
    "many. Coverage (Good-Turing) and richness (Chao1) are estimates, for "
    "random points alone. With several standard deviations each is a sample "
    "of its own, and the answer is the greatest number.\n\n"
    "Presets:\n"
    "  icml    --gaussian 3,5,7,9,11,13: the protocol of Xiong et al., ICML "
    "2020\n"
    "  te-nas  one batch of 1000 points: a score, rather than a "
    "count\n\n"
    "Of a SPEC a random network is sampled.\n" SPEC_ARGUMENT_HELP
    "\n\n" INIT_HELP "\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats sample net.onnx --box 0,1 --points 1000000\n"
    "  pleats sample cnn:in=1x8x8/conv=8@3x3/relu --preset icml --init "
    "he-normal\n"
    "  pleats sample net.onnx --input data.npz --per-unit\n"
    "  pleats sample net.onnx --plane plane.json "
    "--low-discrepancy\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"points", KEY_POINTS, "N", 0,
     "How many points (default 100000, or all rows)", 0},
    {"gaussian", KEY_GAUSSIAN, "S[,S...]", 0,
     "Normal inputs with standard deviation S in R^n; of several the one with "
     "most patterns is the answer",
     0},
    {"input", KEY_INPUT, "F", 0, "The rows of an .npz or .json file", 0},
    {"low-discrepancy", KEY_LOW_DISCREPANCY, NULL, 0,
     "Halton's sequence, shifted at random, in up to 64 dimensions", 0},
    {"preset", KEY_PRESET, "NAME", 0, "A published protocol: icml, te-nas", 0},
    {"per-unit", KEY_PER_UNIT, NULL, 0,
     "Also the patterns divided by the number of units", 0},
    {"batch", KEY_BATCH, "N", 0,
     "Points that a thread does at a time (default 1024); the answer is the "
     "same",
     0},
    {0}};

static const struct argp_child children[] = {
    {&domain_argp, 0, NULL, 0},   {&init_argp, 0, NULL, 0},
    {&model_argp, 0, NULL, 0},    {&threads_argp, 0, NULL, 0},
    {&progress_argp, 0, NULL, 0}, {0}};

static void read_scales(const struct argp_state *state, char *list,
                        sample_options *o)
{
    o->n_scales = 0;
    for (char *next = list; next;) {
        char *item = next;
        next = strchr(item, ',');
        if (next)
            *next++ = '\0';
        if (o->n_scales == MAX_SCALES ||
            !read_positive(item, &o->scale[o->n_scales++]))
            refuse_usage(state,
                         "--gaussian %s: must be standard deviations above 0, "
                         "at most %d, with commas between",
                         item, MAX_SCALES);
    }
}

/* What options say themselves is not touched. */
static void apply_preset(const struct argp_state *state, sample_options *o)
{
    static const double icml[] = {3, 5, 7, 9, 11, 13};
    if (strcmp(o->preset, "icml") == 0) {
        if (o->n_scales > 0)
            refuse_usage(state, "--preset icml has standard deviations of its "
                                "own: leave out --gaussian");
        o->n_scales = sizeof icml / sizeof *icml;
        memcpy(o->scale, icml, sizeof icml);
    } else if (strcmp(o->preset, "te-nas") == 0) {
        if (o->sample.points == 0)
            o->sample.points = TE_NAS_POINTS;
    } else {
        refuse_usage(state, "--preset %s: must be icml or te-nas", o->preset);
    }
}

static void find_source(const struct argp_state *state, sample_options *o)
{
    const bool in_domain =
        o->domain.flag != NULL && o->domain.kind != DOMAIN_ALL;
    if (o->preset)
        apply_preset(state, o);
    if (o->input && o->n_scales > 0)
        refuse_usage(state, "--input and --gaussian are two sources of points: "
                            "choose one");
    if (in_domain && (o->input || o->n_scales > 0))
        refuse_usage(state, "%s draws points in R^n: leave out %s",
                     o->input ? "--input" : "a Gaussian", o->domain.flag);
    if (o->low_discrepancy && !in_domain)
        refuse_usage(state, "--low-discrepancy needs a bounded domain, such as "
                            "--box -1,1");
    if (!in_domain && !o->input && o->n_scales == 0) {
        o->scale[0] = 1;
        o->n_scales = 1;
    }
    o->sample.source = o->input             ? PLEATS_SAMPLE_ROWS
                       : o->n_scales > 0    ? PLEATS_SAMPLE_GAUSSIAN
                       : o->low_discrepancy ? PLEATS_SAMPLE_SEQUENCE
                                            : PLEATS_SAMPLE_UNIFORM;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    sample_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->init;
        state->child_inputs[2] = &o->model;
        state->child_inputs[3] = &o->limits;
        state->child_inputs[4] = &o->progress;
        o->model.or_spec = true;
        return 0;
    case KEY_POINTS:
        o->sample.points =
            (uint64_t)take_number(state, "--points", value, 1, INT64_MAX);
        return 0;
    case KEY_GAUSSIAN:
        read_scales(state, value, o);
        return 0;
    case KEY_INPUT:
        o->input = value;
        return 0;
    case KEY_LOW_DISCREPANCY:
        o->low_discrepancy = true;
        return 0;
    case KEY_PRESET:
        o->preset = value;
        return 0;
    case KEY_PER_UNIT:
        o->per_unit = true;
        return 0;
    case KEY_BATCH:
        o->sample.batch =
            (int32_t)take_number(state, "--batch", value, 1, INT32_MAX);
        return 0;
    case ARGP_KEY_END:
        o->sample.seed = o->init.init.seed;
        find_source(state, o);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp sample_argp = {option_table, parse, "MODEL|SPEC", doc,
                                 children,     NULL,  NULL};
