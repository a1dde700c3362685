/* pleats lipschitz: how steep outputs are at most on a domain. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/optimum_options.h"
#include "print/progress.h"
#include "print/report.h"
#include "print/rows.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/lipschitz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_NORM = 0x300 };

typedef struct {
    model_options model;
    domain_options domain;
    optimum_options search;
    bool has_norm;
    pleats_norm norm;
} lipschitz_verb_options;

/* The constants of n outputs from the first one on, and of the map behind them.
 */
typedef struct {
    int32_t first, n_outputs, n;
    pleats_lipschitz_result *item; /* [n] */
} constant_list;

static const char doc[] =
    "Finds the Lipschitz constant of each output, and of the map to all of "
    "them, on a bounded domain: the largest norm of the derivatives of all "
    "activation regions with an inside."
    "\v"
    "With one norm p for inputs and outputs: of an output, inf gives the "
    "largest sum of its derivatives in absolute value, 1 the largest one of "
    "them, 2 the largest length, whose square is a fraction. Of the map, inf "
    "gives the largest constant of an output, 1 the largest sum of a column; "
    "for 2 an interval that holds the constant is found.\n\n"
    "On domains of lower dimension steps are those along them. The search is "
    "that of `pleats range'. A limit or an interrupt ends it with an interval, "
    "and a region that attains its lower end.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats lipschitz net.onnx --box -1,1 --norm 2\n"
    "  pleats lipschitz net.onnx --ball 0.1 --at rows.npz:0 --norm inf "
    "--output 3 --json\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"norm", KEY_NORM, "P", 0, "inf, 1 or 2 (needed)", 0}, {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&drawn_model_argp, 0, NULL, 0},
                                             {&optimum_argp, 0, NULL, 0},
                                             {0}};

static pleats_norm read_norm(const struct argp_state *state, const char *text)
{
    for (int i = 0; i <= PLEATS_NORM_2; i++)
        if (strcmp(text, pleats_norm_text((pleats_norm)i)) == 0)
            return (pleats_norm)i;
    refuse_usage(state, "--norm %s: must be inf, 1 or 2", text);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    lipschitz_verb_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        state->child_inputs[2] = &o->search;
        return 0;
    case KEY_NORM:
        o->norm = read_norm(state, value);
        o->has_norm = true;
        return 0;
    case ARGP_KEY_END:
        if (!o->has_norm)
            refuse_usage(state, "--norm is missing: inf, 1 or 2");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- the work ---- */

/* One of `rest` constants that are still to be found, in its share of the time.
 */
static int find(session *s, const lipschitz_verb_options *o, int32_t rest,
                const pleats_lipschitz_options *options,
                pleats_lipschitz_result *result)
{
    pleats_limits limits = o->search.limits;
    progress line;
    limits.seconds = session_share(s, rest, limits.seconds);
    progress_start(&line, o->search.shows_progress);
    limits.progress = progress_report_gap;
    limits.progress_state = &line;
    pleats_status status = pleats_lipschitz_find(s->ctx, s->net, s->domain,
                                                 options, &limits, result);
    progress_end(&line);
    return session_finish(s, status);
}

/* Those that the search did not come to are left out. */
static int find_all(session *s, const lipschitz_verb_options *o,
                    constant_list *list)
{
    int code = EXIT_ANSWERED;
    const int32_t m = pleats_net_n_outputs(s->net);
    list->first = o->search.has_output ? o->search.output : 0;
    list->n_outputs = o->search.has_output ? 1 : m;
    const int32_t n = list->n_outputs + (!o->search.has_output && m > 1);
    list->item = calloc((size_t)n, sizeof *list->item);
    for (int32_t i = 0; list->item && i < n && code == EXIT_ANSWERED; i++) {
        const pleats_lipschitz_options options = {.size = sizeof options,
                                                  .norm = o->norm,
                                                  .output = list->first + i,
                                                  .map = i == list->n_outputs};
        list->n++;
        code = find(s, o, n - i, &options, &list->item[i]);
        if (list->item[i].stopped == PLEATS_STOP_CANCEL || session_is_late(s))
            break;
    }
    return list->item ? code : session_no_memory();
}

/* ---- the answer ---- */

static json_t *item_json(const constant_list *list, int32_t i, pleats_norm norm)
{
    const pleats_lipschitz_result *r = &list->item[i];
    json_t *input = json_array();
    for (int32_t j = 0; r->input && j < r->n_inputs; j++)
        report_append(&input, report_number(r->input[j]));
    return json_pack(
        "{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o}",
        "output",
        i < list->n_outputs ? json_integer(list->first + i) : json_null(),
        "value", report_text(r->value), "is_square", norm == PLEATS_NORM_2,
        "label", report_text(pleats_label_text(r->label)), "lower",
        report_number(r->lower), "upper", report_number(r->upper), "point",
        report_texts(r->n_inputs, r->point), "input", input, "pattern",
        report_pattern(r->n_units, r->pattern), "parts", (json_int_t)r->nodes,
        "leaves", (json_int_t)r->leaves, "stopped", report_stop(r->stopped));
}

static int print_json(const session *s, const lipschitz_verb_options *o,
                      const constant_list *list)
{
    report_facts facts = {.verb = "lipschitz",
                          .domain = pleats_domain_text(s->domain),
                          .definition = "largest norm of derivatives"};
    pleats_stop stopped = PLEATS_STOP_NONE;
    json_t *constants = json_array();
    for (int32_t i = 0; i < list->n; i++) {
        report_append(&constants, item_json(list, i, o->norm));
        facts.seconds += list->item[i].seconds;
        if (list->item[i].stopped)
            stopped = list->item[i].stopped;
    }
    facts.complete = !stopped;
    facts.label = stopped ? NULL : "exact";
    json_t *own =
        json_pack("{s:s, s:o, s:o, s:o}", "norm", pleats_norm_text(o->norm),
                  "constants", constants, "stopped", report_stop(stopped),
                  "remarks", report_remarks(s));
    return report_print(report_new(s, &facts), own);
}

static void print_item(const session *s, const pleats_lipschitz_result *r,
                       pleats_norm norm)
{
    if (r->is_empty)
        printf("no constant: the domain is empty\n");
    else if (r->label == PLEATS_EXACT && norm == PLEATS_NORM_2)
        printf("~%.9g, its square %s (%s)\n", r->upper,
               strlen(r->value) <= SHORT_CHARS ? r->value : "a fraction",
               report_exact(s));
    else if (r->label == PLEATS_EXACT)
        printf("~%.9g (%s)\n", r->upper, report_exact(s));
    else
        printf("in [%.9g, %.9g]%s%s\n", r->lower, r->upper,
               r->stopped ? ", stopped by the " : " (proven bounds)",
               r->stopped ? pleats_stop_text(r->stopped) : "");
    if (r->input)
        print_row("at", r->n_inputs, r->input);
}

static void print_text(const session *s, const lipschitz_verb_options *o,
                       const constant_list *list)
{
    uint64_t parts = 0, leaves = 0;
    double seconds = 0;
    for (int32_t i = 0; i < list->n; i++) {
        const pleats_lipschitz_result *r = &list->item[i];
        if (i < list->n_outputs)
            printf("output %d  ", list->first + i);
        else
            printf("map       ");
        print_item(s, r, o->norm);
        parts += r->nodes;
        leaves += r->leaves;
        seconds += r->seconds;
    }
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("domain  %s\n", pleats_domain_text(s->domain));
    printf("norm    %s\n", pleats_norm_text(o->norm));
    printf("search  %llu parts of the domain, %llu of them solved exactly\n",
           (unsigned long long)parts, (unsigned long long)leaves);
    printf("cost    %.3g s\n", seconds);
}

static int answer(session *s, void *options)
{
    const lipschitz_verb_options *o = options;
    constant_list list = {0};
    bool is_partial = false;
    int code = find_all(s, o, &list);
    for (int32_t i = 0; i < list.n; i++)
        is_partial = is_partial || list.item[i].stopped;
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, &list);
    else if (code == EXIT_ANSWERED)
        print_text(s, o, &list);
    code = session_code(code, is_partial);
    for (int32_t i = 0; i < list.n; i++)
        pleats_lipschitz_result_clear(s->ctx, &list.item[i]);
    free(list.item);
    return code;
}

int verb_lipschitz(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    lipschitz_verb_options o = {0};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
