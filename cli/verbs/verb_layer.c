/* pleats layer: what the shape of one layer says about its regions. */
#include "exit_codes.h"
#include "options/numbers.h"
#include "options/spec_argument.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/layer.h"

#include <stdio.h>
#include <string.h>

enum {
    KEY_WHAT = 0x400,
    KEY_LAYER,
    KEY_SLICE,
    KEY_BUDGET,
    KEY_SAMPLES,
    KEY_LEVEL,
    KEY_SEED
};

/* Numbers of a list that a line shows. */
enum { MOST_SHOWN = 12 };

typedef struct {
    model_options model;
    pleats_one_layer_options count;
    int64_t seed;
} layer_verb_options;

static const struct {
    const char *word;
    unsigned want;
} words[] = {{"formula", PLEATS_WANT_FORMULA},
             {"generic", PLEATS_WANT_GENERIC},
             {"no-bias", PLEATS_WANT_NO_BIAS},
             {"bounded", PLEATS_WANT_BOUNDED},
             {"slice", PLEATS_WANT_SLICE},
             {"independent", PLEATS_WANT_INDEPENDENT},
             {"polynomial", PLEATS_WANT_POLYNOMIAL}};
enum { N_WORDS = sizeof words / sizeof *words };

static const char doc[] =
    "Regions of one layer of units, from its shape alone: the published "
    "formula "
    "R_N, and the exact number for generic filters that are shared between "
    "positions, which is the maximum and the average. The two differ for most "
    "2-D convolutions: the formula is then an upper bound."
    "\v"
    "With --what, only the numbers named are worked out and shown: formula "
    "alone is far quicker on large layers. Where the exact number is out of "
    "reach, it is estimated by uniform sampling from what the formula counts, "
    "with an interval and certain bounds. A layer behind others is counted on "
    "all of its own input, whatever stands before it.\n\n" SPEC_ARGUMENT_HELP
    "\n\n"
    "Examples:\n"
    "  pleats layer cnn:in=1x3x3/conv=2@2x2/relu\n"
    "  pleats layer cnn:in=1x10/conv=4@3/hardtanh --slice 2\n"
    "  pleats layer cnn:in=1x8x8/conv=8@3x3/relu --what formula\n"
    "  pleats layer cnn:in=1x6x6/conv=8@3x3/relu --samples 10000 --level "
    "0.99 --json\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"what", KEY_WHAT, "LIST", 0,
     "What to work out, all unless named: formula, generic, no-bias, bounded, "
     "slice, independent, polynomial, with commas between",
     0},
    {"layer", KEY_LAYER, "N", 0, "The activation to look at, 1 the first", 0},
    {"slice", KEY_SLICE, "K", 0,
     "Also count the regions that a generic K-dimensional affine slice meets",
     0},
    {"budget", KEY_BUDGET, "N", 0,
     "Steps (about 0.1 microseconds each) of each enumeration (20000000)", 0},
    {"samples", KEY_SAMPLES, "N", 0, "Sets drawn for an estimate (2000)", 0},
    {"level", KEY_LEVEL, "P", 0, "Confidence of its interval (0.95)", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of all random numbers (0)", 0},
    {0}};

static const struct argp_child children[] = {{&model_argp, 0, NULL, 0}, {0}};

enum { MOST_SAMPLES = 1000000 };

static int64_t read_count(const struct argp_state *state, const char *name,
                          const char *value, int64_t least)
{
    int64_t n = 0;
    if (!read_whole(value, &n) || n < least)
        refuse_usage(state, "--%s %s: must be a whole number, at least %lld",
                     name, value, (long long)least);
    return n;
}

static unsigned want_of(const char *word, size_t length)
{
    for (int i = 0; i < N_WORDS; i++)
        if (strlen(words[i].word) == length &&
            memcmp(words[i].word, word, length) == 0)
            return words[i].want;
    return 0;
}

static unsigned read_what(const struct argp_state *state, const char *list)
{
    unsigned want = 0;
    for (const char *word = list; word;) {
        const size_t length = strcspn(word, ",");
        const unsigned one = want_of(word, length);
        if (!one)
            refuse_usage(state,
                         "--what %s: must be among formula, generic, no-bias, "
                         "bounded, slice, independent, polynomial, with commas "
                         "between",
                         list);
        want |= one;
        word = word[length] ? word + length + 1 : NULL;
    }
    return want;
}

/* All is wanted unless something is named; a slice where its dimension is. */
static void settle_want(const struct argp_state *state,
                        pleats_one_layer_options *c)
{
    const bool is_named = c->want & PLEATS_WANT_SLICE;
    if (is_named && !c->has_slice)
        refuse_usage(state, "--what slice: needs --slice K, its dimension");
    if (!c->want)
        c->want = PLEATS_WANT_ALL;
    c->want &= ~(unsigned)PLEATS_WANT_SLICE;
    if (c->has_slice)
        c->want |= PLEATS_WANT_SLICE;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    layer_verb_options *o = state->input;
    pleats_one_layer_options *c = &o->count;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->model;
        return 0;
    case ARGP_KEY_END:
        settle_want(state, c);
        return 0;
    case KEY_WHAT:
        c->want |= read_what(state, value);
        return 0;
    case KEY_LAYER:
        c->layer = read_count(state, "layer", value, 1) - 1;
        return 0;
    case KEY_SLICE:
        c->slice = read_count(state, "slice", value, 0);
        c->has_slice = true;
        return 0;
    case KEY_BUDGET:
        c->budget = (uint64_t)read_count(state, "budget", value, 1);
        return 0;
    case KEY_SAMPLES:
        c->samples =
            (uint64_t)take_number(state, "--samples", value, 1, MOST_SAMPLES);
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
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Label of the main number: the generic one, or else the first one wanted. */
static pleats_label main_label(unsigned want, const pleats_one_layer_result *r)
{
    return want & PLEATS_WANT_GENERIC       ? r->generic.label
           : want & PLEATS_WANT_FORMULA     ? r->formula.label
           : want & PLEATS_WANT_NO_BIAS     ? r->no_bias.label
           : want & PLEATS_WANT_BOUNDED     ? r->bounded.label
           : want & PLEATS_WANT_SLICE       ? r->slice.label
           : want & PLEATS_WANT_INDEPENDENT ? r->independent_label
                                            : r->polynomial_label;
}

/* The generic number must be known; without it no limit may have left anything
 * out. */
static bool is_complete(unsigned want, const pleats_one_layer_result *r)
{
    if (!(want & PLEATS_WANT_GENERIC))
        return r->complete;
    return r->generic.label == PLEATS_EXACT ||
           r->generic.label == PLEATS_PROBABLE;
}

static json_t *number_json(const pleats_number *n)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "value", report_text(n->value),
                     "label", report_text(pleats_label_text(n->label)),
                     "reason", report_text(n->reason), "error_probability",
                     n->error > 0 ? report_number(n->error) : json_null());
}

static json_t *numbers_json(const pleats_numbers *n)
{
    if (n->n == 0)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < n->n; i++)
        report_append(&list, json_string(n->at[i]));
    return list;
}

/* The generic number, with its interval when it is an estimate. */
static json_t *generic_json(const pleats_one_layer_result *r)
{
    json_t *generic = number_json(&r->generic);
    const bool has_interval = r->generic_low != NULL;
    report_put(&generic, "lower", report_text(r->generic_low));
    report_put(&generic, "upper", report_text(r->generic_high));
    report_put(&generic, "level",
               has_interval ? report_number(r->level) : json_null());
    report_put(&generic, "certain_lower", report_text(r->generic_lower));
    report_put(&generic, "certain_upper", report_text(r->generic_upper));
    return generic;
}

/* The number without biases, with what it certainly does not exceed. */
static json_t *no_bias_json(const pleats_one_layer_result *r)
{
    json_t *no_bias = number_json(&r->no_bias);
    report_put(&no_bias, "certain_upper", report_text(r->no_bias_upper));
    return no_bias;
}

static json_t *leading_json(const pleats_one_layer_result *r)
{
    return json_pack("{s:o, s:I, s:s}", "coefficient", report_text(r->leading),
                     "degree", (json_int_t)r->degree, "label", "exact");
}

/* Adds `key`, null when it was not wanted; takes `value`. */
static void add(json_t **own, bool is_wanted, const char *key, json_t *value)
{
    if (!is_wanted)
        json_decref(value);
    report_put(own, key, is_wanted ? value : json_null());
}

static json_t *answer_json(unsigned want, const pleats_one_layer_result *r)
{
    const bool generic = want & PLEATS_WANT_GENERIC;
    const bool no_bias = want & PLEATS_WANT_NO_BIAS;
    const bool sizes = want & PLEATS_WANT_INDEPENDENT;
    const bool polynomial = want & PLEATS_WANT_POLYNOMIAL;
    json_t *own = json_pack("{s:s}", "layer", r->layer);
    add(&own, want & PLEATS_WANT_FORMULA, "formula", number_json(&r->formula));
    add(&own, generic, "generic", generic_json(r));
    add(&own, no_bias, "no_bias", no_bias_json(r));
    add(&own, no_bias, "nonzero_breaks", number_json(&r->nonzero_breaks));
    add(&own, want & PLEATS_WANT_BOUNDED, "bounded", number_json(&r->bounded));
    add(&own, want & PLEATS_WANT_SLICE, "slice", number_json(&r->slice));
    add(&own, sizes, "independent", numbers_json(&r->independent));
    add(&own, sizes, "independent_label",
        report_text(pleats_label_text(r->independent_label)));
    add(&own, sizes, "independent_error_probability",
        report_number(r->independent_error));
    add(&own, sizes, "characteristic", numbers_json(&r->characteristic));
    add(&own, polynomial, "polynomial", numbers_json(&r->binomial));
    add(&own, polynomial, "monomial", numbers_json(&r->monomial));
    add(&own, polynomial, "polynomial_label",
        report_text(pleats_label_text(r->polynomial_label)));
    add(&own, polynomial && r->leading, "leading", leading_json(r));
    add(&own, generic, "sentence", report_text(r->sentence));
    add(&own, true, "input", report_text(r->input));
    return own;
}

static int print_json(const session *s, const layer_verb_options *o,
                      const pleats_spec *spec, const pleats_one_layer_result *r)
{
    const unsigned want = o->count.want;
    const report_facts facts = {.verb = "layer",
                                .domain = "all of space",
                                .definition = "activation regions",
                                .label = pleats_label_text(main_label(want, r)),
                                .complete = is_complete(want, r),
                                .seconds = r->seconds,
                                .seed = &o->seed};
    json_t *own = answer_json(want, r);
    report_put(&own, "remarks", report_remarks(s));
    return report_print(spec_report_new(s, &facts, spec), own);
}

static void print_number(const char *name, const pleats_number *n)
{
    if (n->value)
        printf("%-12s  %s (%s)\n", name, n->value, pleats_label_text(n->label));
    else
        printf("%-12s  unknown\n", name);
    printf("%14s%s\n", "", n->reason);
}

static void print_numbers(const char *name, const pleats_numbers *n,
                          pleats_label label)
{
    if (n->n == 0)
        return;
    printf("%-12s ", name);
    for (size_t i = 0; i < n->n && i < MOST_SHOWN; i++)
        printf(" %s", n->at[i]);
    if (n->n > MOST_SHOWN)
        printf(" ... (%zu in all, see --json)", n->n);
    if (label)
        printf(" (%s)", pleats_label_text(label));
    putchar('\n');
}

static void print_independent(const pleats_one_layer_result *r)
{
    print_numbers("independent", &r->independent, r->independent_label);
    if (r->independent.n == 0)
        printf("%-12s  unknown\n%14sout of reach, or of memory\n",
               "independent", "");
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
           "%s d^%lld (exact)\n",
           "", r->leading, (long long)r->degree);
    print_numbers("monomial", &r->monomial, PLEATS_NO_LABEL);
}

static void print_generic(const pleats_one_layer_result *r)
{
    print_number("generic", &r->generic);
    if (r->generic_low)
        printf("%14sbetween %s and %s at level %g\n", "", r->generic_low,
               r->generic_high, r->level);
    if (r->generic_lower)
        printf("%14scertainly at least %s\n", "", r->generic_lower);
    if (r->generic_upper)
        printf("%14scertainly at most %s\n", "", r->generic_upper);
}

static void print_no_bias(const pleats_one_layer_result *r)
{
    print_number("no bias", &r->no_bias);
    if (r->no_bias_upper)
        printf("%14scertainly at most %s\n", "", r->no_bias_upper);
}

static void print_text(unsigned want, const pleats_one_layer_result *r)
{
    printf("%-12s  %s\n", "layer", r->layer);
    if (r->input)
        printf("%14s%s\n", "", r->input);
    if (want & PLEATS_WANT_FORMULA)
        print_number("formula", &r->formula);
    if (want & PLEATS_WANT_GENERIC)
        print_generic(r);
    if (want & PLEATS_WANT_NO_BIAS)
        print_no_bias(r);
    if (want & PLEATS_WANT_BOUNDED)
        print_number("bounded", &r->bounded);
    if (want & PLEATS_WANT_SLICE)
        print_number("slice", &r->slice);
    if (want & PLEATS_WANT_INDEPENDENT)
        print_independent(r);
    if (want & PLEATS_WANT_POLYNOMIAL)
        print_polynomial(r);
    if (want & PLEATS_WANT_GENERIC)
        printf("\n%s\n", r->sentence);
}

static int answer(session *s, void *options)
{
    const layer_verb_options *o = options;
    pleats_one_layer_result result = {0};
    int code = session_finish(
        s, pleats_count_one_layer(s->ctx, s->spec, &o->count, NULL, &result));
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, s->spec, &result);
    else if (code == EXIT_ANSWERED)
        print_text(o->count.want, &result);
    code = session_code(code, !is_complete(o->count.want, &result));
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
    layer_verb_options o = {.model.or_spec = true};
    const verb v = {
        .argp = &argp, .options = &o, .model = &o.model, .answer = answer};
    return run_verb(argc, argv, &v);
}
