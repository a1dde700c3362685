/* pleats bound: every bound of the number of regions of an architecture. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/spec_argument.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/bounds.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Digits of a number that a line shows, and how many of a longer one. */
enum { MOST_DIGITS = 40, HEAD_DIGITS = 12, MOST_EXPONENTS = 4 };

typedef struct {
    model_options model;
    domain_options domain;
    const char *witness; /* a file, or NULL */
    uint64_t budget;
} bound_options;

enum { KEY_WITNESS = 0x600, KEY_BUDGET };

static const struct argp_option option_table[] = {
    {"witness", KEY_WITNESS, "FILE", 0,
     "A network of the architecture: it is counted exactly, and stands among "
     "the lower bounds",
     0},
    {"budget", KEY_BUDGET, "N", 0,
     "Steps (about a nanosecond each) of each form of the sum over sets of "
     "active units (default 500000000)",
     0},
    {0}};

static const char doc[] =
    "Upper and lower bounds of the number of activation regions that an "
    "architecture can have, with their sources and hypotheses; the best ones "
    "first. An upper bound holds for all weights; a lower bound is reached by "
    "some weights, not by every network. Of a MODEL only the shapes are read. "
    "With --box there are upper bounds for that very network on that box: "
    "units that are proved to keep one piece there (interval bounds, then "
    "linear programmes) do not count."
    "\v" SPEC_ARGUMENT_HELP "\n\n"
    "Examples:\n"
    "  pleats bound mlp:784,2048,2048,10\n"
    "  pleats bound cnn:in=3x32x32/conv=64@3x3/relu/conv=64@3x3/relu --json\n"
    "  pleats bound net.onnx --box -1,1\n"
    "  pleats bound mlp:2,4,4,1 --witness best.onnx\n\n" EXIT_CODES_HELP;

static const struct argp_child children[] = {
    {&domain_argp, 0, NULL, 0}, {&model_argp, 0, NULL, 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    bound_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        return 0;
    case KEY_WITNESS:
        o->witness = value;
        return 0;
    case KEY_BUDGET:
        o->budget =
            (uint64_t)take_number(state, "--budget", value, 1, INT64_MAX);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static json_t *bound_json(const pleats_bound *b)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:b, s:s}", "name",
                     b->name, "side", pleats_label_text(b->side), "label",
                     pleats_label_text(b->label), "value",
                     report_text(b->value), "log10", report_number(b->log10),
                     "source", b->source, "of", b->of, "applies",
                     (int)b->applies, "why", b->why);
}

static json_t *exponents_json(const int64_t *exponent, size_t n)
{
    if (!exponent)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        report_append(&list, json_integer((json_int_t)exponent[i]));
    return list;
}

static json_t *growth_json(const pleats_bounds_result *r)
{
    if (r->n_growth == 0)
        return json_null();
    return json_pack("{s:o, s:o}", "upper",
                     exponents_json(r->growth_upper, r->n_growth), "lower",
                     exponents_json(r->growth_lower, r->n_growth));
}

static int print_json(const session *s, const pleats_spec *spec,
                      const pleats_domain *domain,
                      const pleats_bounds_result *r)
{
    const bool is_exact = r->n > 0 && r->bound[0].label == PLEATS_EXACT;
    const char *label = r->best_upper   ? "upper"
                        : r->best_lower ? "lower"
                                        : NULL;
    const report_facts facts = {.verb = "bound",
                                .domain =
                                    domain ? pleats_domain_text(domain) : NULL,
                                .definition = "activation regions",
                                .label = is_exact ? "exact" : label,
                                .complete = !r->stopped,
                                .seconds = r->seconds};
    json_t *bounds = json_array();
    for (size_t i = 0; i < r->n; i++)
        report_append(&bounds, bound_json(&r->bound[i]));
    json_t *own = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:i, s:o}", "bounds", bounds,
        "growth", growth_json(r), "stopped", report_stop(r->stopped),
        "best_lower", report_text(r->best_lower), "best_upper",
        report_text(r->best_upper), "parameters",
        (json_int_t)pleats_spec_n_parameters(spec), "units",
        (json_int_t)pleats_spec_n_units(spec), "depth",
        (int)pleats_spec_depth(spec), "remarks", report_remarks(s));
    return report_print(spec_report_new(s, &facts, spec), own);
}

/* "216643797580", or "335182937614... (1962 digits)". */
static void print_value(const char *value)
{
    size_t digits = strlen(value);
    if (digits <= MOST_DIGITS)
        printf("%*s", MOST_DIGITS, value);
    else
        printf("%*.*s... (%6zu digits)", MOST_DIGITS - 19, HEAD_DIGITS, value,
               digits);
}

/* "d_1^4 d_2^4", with many layers those of the first and the sum. */
static void print_exponents(const int64_t *exponent, size_t n)
{
    long long sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (long long)exponent[i];
        if (i < MOST_EXPONENTS && exponent[i] > 0)
            printf(" d_%zu^%lld", i + 1, (long long)exponent[i]);
    }
    if (n > MOST_EXPONENTS)
        printf(" ...");
    if (n > 1)
        printf(", d^%lld for all alike", sum);
}

static void print_growth(const pleats_bounds_result *r)
{
    if (r->n_growth == 0)
        return;
    printf("\nGrowth with the filters or units d_l of layer l: at most like");
    print_exponents(r->growth_upper, r->n_growth);
    if (r->growth_lower) {
        printf("; at least like");
        print_exponents(r->growth_lower, r->n_growth);
    }
    putchar('\n');
}

/* A lower bound is one of what it is proved for. */
static void print_why(const pleats_bound *b)
{
    const bool is_lower = b->side == PLEATS_LOWER;
    printf("  %-23s  %s%s%s\n", b->name, b->why, is_lower ? "; of " : "",
           is_lower ? b->of : "");
}

static void print_text(const pleats_spec *spec, const pleats_domain *domain,
                       const pleats_bounds_result *r)
{
    printf("%s", pleats_spec_text(spec));
    printf(domain ? ", on %s\n" : "\n",
           domain ? pleats_domain_text(domain) : "");
    printf("%lld inputs, %lld piecewise-linear units\n\n",
           (long long)pleats_spec_n_inputs(spec),
           (long long)pleats_spec_n_units(spec));
    printf("%-5s  %-23s  %*s  %12s  %s\n", "label", "bound", MOST_DIGITS,
           "value", "log10", "source");
    if (r->stopped)
        printf("stopped by the %s: some bounds are left out\n",
               pleats_stop_text(r->stopped));
    size_t i = 0;
    for (; i < r->n && r->bound[i].applies; i++) {
        const pleats_bound *b = &r->bound[i];
        printf("%-5s  %-23s  ", pleats_label_text(b->label), b->name);
        print_value(b->value);
        printf("  %12.4f  %s\n", b->log10, b->source);
    }
    print_growth(r);
    printf("\nWhy these hold:\n");
    for (size_t j = 0; j < i; j++)
        print_why(&r->bound[j]);
    if (i < r->n)
        printf("\nThese do not apply:\n");
    for (; i < r->n; i++)
        printf("  %-23s  %s\n", r->bound[i].name, r->bound[i].why);
}

static int open_domain(session *s, void *options)
{
    const bound_options *o = options;
    if (o->domain.kind == DOMAIN_ALL)
        return EXIT_ANSWERED;
    if (o->witness) {
        fprintf(stderr, "pleats: --witness is for an architecture on all of "
                        "space, not with a domain\n");
        return EXIT_USAGE;
    }
    if (!s->net) {
        fprintf(stderr,
                "pleats: %s: a domain needs a network with weights; an "
                "architecture has bounds on all of space\n",
                o->domain.flag);
        return EXIT_USAGE;
    }
    return domain_open(s, &o->domain);
}

static int answer(session *s, void *opts)
{
    const bound_options *o = opts;
    pleats_bounds_result result = {0};
    pleats_net *witness = NULL;
    pleats_status status = PLEATS_OK;
    if (o->witness)
        status = pleats_net_load(s->ctx, o->witness, &o->model.load, &witness);
    if (status != PLEATS_OK)
        return session_fail(s, status);
    const pleats_bounds_options options = {.budget = o->budget,
                                           .witness = witness};
    status =
        s->domain
            ? pleats_bounds_on_box(s->ctx, s->net, s->domain, NULL, &result)
            : pleats_bounds_of(s->ctx, s->spec, &options, NULL, &result);
    pleats_net_free(s->ctx, witness);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, s->spec, s->domain, &result);
    else if (code == EXIT_ANSWERED)
        print_text(s->spec, s->domain, &result);
    code = session_code(code, result.stopped);
    pleats_bounds_result_clear(s->ctx, &result);
    return code;
}

int verb_bound(int argc, char **argv)
{
    const struct argp argp = {.options = option_table,
                              .parser = parse,
                              .args_doc = "SPEC|MODEL",
                              .doc = doc,
                              .children = children};
    bound_options o = {.model.or_spec = true};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .open = open_domain,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
