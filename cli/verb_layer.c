/* pleats layer: what the shape of one layer says about its regions. */
#include "exit_codes.h"
#include "numbers.h"
#include "signals.h"
#include "spec_argument.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

enum {
    KEY_LAYER = 0x400,
    KEY_SLICE,
    KEY_BUDGET,
    KEY_SAMPLES,
    KEY_LEVEL,
    KEY_SEED,
    KEY_TIME_LIMIT
};

/* Numbers of a list that a line shows. */
enum { MOST_SHOWN = 12 };

typedef struct {
    model_options model;
    pleats_one_layer_options count;
    int64_t seed;
} layer_verb_options;

static const char doc[] =
    "Regions of one layer of units, from its shape alone: the published "
    "formula "
    "R_N, and the exact number for generic filters that are shared between "
    "positions, which is the maximum and the average. The two differ for most "
    "2-D convolutions: the formula is then an upper bound."
    "\v"
    "Where the exact number is out of reach, it is estimated by uniform "
    "sampling from what the formula counts, with an interval and certain "
    "bounds. A layer behind others is counted on all of its own input, "
    "whatever stands before it.\n\n" SPEC_ARGUMENT_HELP "\n\n"
    "Examples:\n"
    "  pleats layer cnn:in=1x3x3/conv=2@2x2/relu\n"
    "  pleats layer cnn:in=1x10/conv=4@3/hardtanh --slice 2\n"
    "  pleats layer cnn:in=1x6x6/conv=8@3x3/relu --samples 10000 --level "
    "0.99 --json\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"layer", KEY_LAYER, "N", 0, "The activation to look at, 1 the first", 0},
    {"slice", KEY_SLICE, "K", 0,
     "Also count the regions that a generic K-dimensional affine slice meets",
     0},
    {"budget", KEY_BUDGET, "N", 0,
     "Steps (about 0.1 microseconds each) of each enumeration (20000000)", 0},
    {"samples", KEY_SAMPLES, "N", 0, "Sets drawn for an estimate (2000)", 0},
    {"level", KEY_LEVEL, "P", 0, "Confidence of its interval (0.95)", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of all random numbers (0)", 0},
    {"time-limit", KEY_TIME_LIMIT, "SECONDS", 0, "Leave out what takes longer",
     0},
    {0}};

static const struct argp_child children[] = {{&model_argp, 0, NULL, 0}, {0}};

static int64_t read_count(const struct argp_state *state, const char *name,
                          const char *value, int64_t least)
{
    int64_t n = 0;
    if (!read_whole(value, &n) || n < least)
        refuse_usage(state, "--%s %s: must be a whole number, at least %lld",
                     name, value, (long long)least);
    return n;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    layer_verb_options *o = state->input;
    pleats_one_layer_options *c = &o->count;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->model;
        return 0;
    case KEY_LAYER:
        c->layer = read_count(state, "layer", value, 1) - 1;
        return 0;
    case KEY_SLICE:
        c->slice = read_count(state, "slice", value, 0);
        return 0;
    case KEY_BUDGET:
        c->budget = (uint64_t)read_count(state, "budget", value, 1);
        return 0;
    case KEY_SAMPLES:
        c->samples = (uint64_t)read_count(state, "samples", value, 1);
        return 0;
    case KEY_SEED:
        o->seed = read_count(state, "seed", value, 0);
        c->seed = (uint64_t)o->seed;
        return 0;
    case KEY_LEVEL:
        if (!read_positive(value, &c->level) || c->level >= 1)
            refuse_usage(state, "--level %s: must be above 0 and below 1",
                         value);
        return 0;
    case KEY_TIME_LIMIT:
        if (!read_positive(value, &c->time_limit))
            refuse_usage(state,
                         "--time-limit %s: must be a number of seconds above 0",
                         value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Whether the main number, the generic one, is exact. */
static bool is_exact(const pleats_one_layer_result *r)
{
    return r->generic.label && strcmp(r->generic.label, "exact") == 0;
}

static json_t *number_json(const pleats_number *n)
{
    return json_pack("{s:o, s:o, s:o}", "value", report_text(n->value), "label",
                     report_text(n->label), "reason", report_text(n->reason));
}

static json_t *numbers_json(const pleats_numbers *n)
{
    if (n->n == 0)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < n->n; i++)
        json_array_append_new(list, json_string(n->at[i]));
    return list;
}

/* The generic number, with its interval when it is an estimate. */
static json_t *generic_json(const pleats_one_layer_result *r)
{
    json_t *generic = number_json(&r->generic);
    if (r->generic_low)
        json_object_update_new(
            generic,
            json_pack("{s:s, s:s, s:f, s:o, s:o}", "lower", r->generic_low,
                      "upper", r->generic_high, "level", r->level,
                      "certain_lower", report_text(r->generic_lower),
                      "certain_upper", report_text(r->generic_upper)));
    return generic;
}

/* The number without biases, with what it certainly does not exceed. */
static json_t *no_bias_json(const pleats_one_layer_result *r)
{
    json_t *no_bias = number_json(&r->no_bias);
    if (r->no_bias_upper)
        json_object_set_new(no_bias, "certain_upper",
                            json_string(r->no_bias_upper));
    return no_bias;
}

static int print_json(const session *s, const layer_verb_options *o,
                      const pleats_spec *spec, const pleats_one_layer_result *r)
{
    const report_facts facts = {.verb = "layer",
                                .domain = "all of space",
                                .definition = "activation regions",
                                .label = r->generic.label,
                                .complete = is_exact(r),
                                .seconds = r->seconds,
                                .seed = &o->seed};
    json_t *own = json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}",
        "layer", r->layer, "formula", number_json(&r->formula), "generic",
        generic_json(r), "no_bias", no_bias_json(r), "nonzero_breaks",
        number_json(&r->nonzero_breaks), "bounded", number_json(&r->bounded),
        "independent", numbers_json(&r->independent), "independent_label",
        report_text(r->independent_label), "characteristic",
        numbers_json(&r->characteristic), "polynomial",
        numbers_json(&r->binomial), "monomial", numbers_json(&r->monomial),
        "polynomial_label", report_text(r->polynomial_label), "sentence",
        r->sentence);
    if (r->input)
        json_object_set_new(own, "input", json_string(r->input));
    if (r->leading)
        json_object_set_new(own, "leading",
                            json_pack("{s:s, s:I}", "coefficient", r->leading,
                                      "degree", (json_int_t)r->degree));
    if (o->count.slice >= 0)
        json_object_set_new(own, "slice", number_json(&r->slice));
    return report_print(spec_report_new(s, &facts, spec), own);
}

static void print_number(const char *name, const pleats_number *n)
{
    if (n->value)
        printf("%-12s  %s (%s)\n", name, n->value, n->label);
    else
        printf("%-12s  unknown\n", name);
    printf("%14s%s\n", "", n->reason);
}

static void print_numbers(const char *name, const pleats_numbers *n,
                          const char *label)
{
    if (n->n == 0)
        return;
    printf("%-12s ", name);
    for (size_t i = 0; i < n->n && i < MOST_SHOWN; i++)
        printf(" %s", n->at[i]);
    if (n->n > MOST_SHOWN)
        printf(" ... (%zu in all, see --json)", n->n);
    if (label)
        printf(" (%s)", label);
    putchar('\n');
}

static void print_polynomial(const pleats_one_layer_result *r)
{
    print_numbers("polynomial", &r->binomial, r->polynomial_label);
    if (!r->leading) {
        printf("%-12s  unknown\n%14s%s\n", "polynomial", "",
               r->polynomial_reason);
        return;
    }
    printf("%14sin the basis C(d, k), d the filters of a group; leading term "
           "%s d^%lld\n",
           "", r->leading, (long long)r->degree);
    print_numbers("monomial", &r->monomial, NULL);
}

static void print_text(const layer_verb_options *o,
                       const pleats_one_layer_result *r)
{
    printf("%-12s  %s\n", "layer", r->layer);
    if (r->input)
        printf("%14s%s\n", "", r->input);
    print_number("formula", &r->formula);
    print_number("generic", &r->generic);
    if (r->generic_low)
        printf("%14sbetween %s and %s at level %g\n", "", r->generic_low,
               r->generic_high, r->level);
    if (r->generic_lower)
        printf("%14scertainly at least %s\n", "", r->generic_lower);
    if (r->generic_upper)
        printf("%14scertainly at most %s\n", "", r->generic_upper);
    print_number("no bias", &r->no_bias);
    if (r->no_bias_upper)
        printf("%14scertainly at most %s\n", "", r->no_bias_upper);
    print_number("bounded", &r->bounded);
    if (o->count.slice >= 0)
        print_number("slice", &r->slice);
    print_numbers("independent", &r->independent, r->independent_label);
    print_polynomial(r);
    printf("\n%s\n", r->sentence);
}

static int count(session *s, const layer_verb_options *o,
                 const pleats_spec *spec)
{
    pleats_one_layer_result result = {0};
    int code = EXIT_ANSWERED;
    cancel_on_signals(s->ctx);
    pleats_status status =
        pleats_count_one_layer(s->ctx, spec, &o->count, &result);
    release_signals();
    session_show_remarks(s);
    if (status != PLEATS_OK)
        code = session_fail(s, status);
    else if (o->model.json)
        code = print_json(s, o, spec, &result);
    else
        print_text(o, &result);
    if (code == EXIT_ANSWERED && !is_exact(&result))
        code = EXIT_PARTIAL;
    pleats_one_layer_result_clear(s->ctx, &result);
    return code;
}

int verb_layer(int argc, char **argv)
{
    const struct argp argp = {.options = option_table,
                              .parser = parse,
                              .args_doc = "SPEC|MODEL",
                              .doc = doc,
                              .children = children};
    layer_verb_options o = {.count = {.slice = -1}};
    session s;
    pleats_spec *spec = NULL;
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    int code = spec_session_open(&s, &o.model, &spec);
    if (code == EXIT_ANSWERED)
        code = count(&s, &o, spec);
    spec_session_close(&s, spec);
    return code;
}
