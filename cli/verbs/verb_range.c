/* pleats range: the least and the largest value of outputs on a domain. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/optimum_options.h"
#include "print/extreme_report.h"
#include "print/progress.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_DIRECTION = 0x300 };

typedef struct {
    model_options model;
    domain_options domain;
    optimum_options search;
    char *direction; /* as written, NULL: none */
} range_verb_options;

static const char doc[] =
    "Finds the least and the largest value of an output, or of a linear "
    "function of outputs, on a bounded domain: exactly, as a fraction, with a "
    "point that attains it and a region that the point belongs to."
    "\v"
    "Without --output and --direction all outputs are looked at, one after the "
    "other; but of a VNN-LIB file that compares outputs, whether its property "
    "holds: whether there is no point that meets all its constraints. If there "
    "is, the answer is an exact counterexample.\n\n"
    "The search splits the domain where a proven bound of the function is "
    "best, halving sides or letting a unit have its pieces, and solves what is "
    "left of it, where the function is affine, by exact linear programmes. A "
    "limit or an interrupt ends it with an interval that holds the value, and "
    "a point. What a domain leaves out at its sides is taken in: the function "
    "is continuous. Domains that are not bounded are refused.\n\n" DOMAIN_HELP
    "\n"
    "Examples:\n"
    "  pleats range net.onnx --box -1,1\n"
    "  pleats range net.onnx --ball 0.1 --at rows.npz:0 --direction 1,-1,0\n"
    "  pleats range net.onnx --vnnlib property.vnnlib --time-limit 60\n"
    "  pleats range net.onnx --box @box.json --output 2 --time-limit 60 "
    "--json\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"direction", KEY_DIRECTION, "C,...", 0,
     "The sum of the outputs times these numbers, one for each: decimals or "
     "fractions",
     0},
    {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&drawn_model_argp, 0, NULL, 0},
                                             {&optimum_argp, 0, NULL, 0},
                                             {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    range_verb_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        state->child_inputs[2] = &o->search;
        return 0;
    case KEY_DIRECTION:
        o->direction = value;
        return 0;
    case ARGP_KEY_END:
        if (o->search.has_output && o->direction)
            refuse_usage(state, "--output and --direction: one of both");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- the work ---- */

/* The entries of a list with commas between, cut apart in place, as texts
 * [n] (malloc); NULL when there are not n, or no memory. */
static const char **cut_list(char *list, int32_t n)
{
    const char **text = malloc((size_t)n * sizeof *text);
    int32_t found = 0;
    for (char *next = list; text && next;) {
        if (found == n) {
            free(text);
            return NULL;
        }
        text[found++] = next;
        next = strchr(next, ',');
        if (next)
            *next++ = '\0';
    }
    if (text && found < n) {
        free(text);
        text = NULL;
    }
    return text;
}

/* One of `rest` functions that are still to be looked at, in its share of the
 * time. */
static int find(session *s, const range_verb_options *o, int32_t rest,
                const pleats_range_options *options,
                pleats_range_result *result)
{
    pleats_limits limits = o->search.limits;
    progress line;
    limits.seconds = session_share(s, rest, limits.seconds);
    progress_start(&line, o->search.shows_progress);
    limits.progress = progress_report_gap;
    limits.progress_state = &line;
    pleats_status status =
        pleats_range_find(s->ctx, s->net, s->domain, options, &limits, result);
    progress_end(&line);
    return session_finish(s, status);
}

/* The outputs in question, one after the other, or the direction; those that
 * the search did not come to are left out. */
static int find_all(session *s, range_verb_options *o, extreme_list *list)
{
    const int32_t m = pleats_net_n_outputs(s->net);
    int code = EXIT_ANSWERED;
    pleats_range_options options = {.size = sizeof options};
    const char **text = NULL;
    if (o->direction) {
        snprintf(list->function, sizeof list->function, "%s", o->direction);
        text = cut_list(o->direction, m);
        options.direction = pleats_texts(text);
        if (!text) {
            fprintf(stderr,
                    "pleats: --direction: must be %d numbers with commas "
                    "between, one for each output\n",
                    m);
            return EXIT_USAGE;
        }
    }
    list->first = o->search.has_output ? o->search.output : 0;
    const int32_t n = o->search.has_output || o->direction ? 1 : m;
    list->item = calloc((size_t)n, sizeof *list->item);
    for (int32_t i = 0; list->item && i < n && code == EXIT_ANSWERED; i++) {
        options.output = list->first + i;
        list->n++;
        code = find(s, o, n - i, &options, &list->item[i]);
        if (list->item[i].stopped == PLEATS_STOP_CANCEL || session_is_late(s))
            break;
    }
    free(text);
    return list->item ? code : session_no_memory();
}

static int answer_values(session *s, range_verb_options *o)
{
    extreme_list list = {.has_direction = o->direction};
    bool is_partial = false;
    int code = domain_open(s, &o->domain);
    if (code == EXIT_ANSWERED)
        code = find_all(s, o, &list);
    for (int32_t i = 0; i < list.n; i++)
        is_partial = is_partial || list.item[i].stopped;
    if (code == EXIT_ANSWERED && o->model.json)
        code = extremes_print_json(s, &list);
    else if (code == EXIT_ANSWERED)
        extremes_print(s, &list);
    code = session_code(code, is_partial);
    for (int32_t i = 0; i < list.n; i++)
        pleats_range_result_clear(s->ctx, &list.item[i]);
    free(list.item);
    return code;
}

/* What the file of --vnnlib asks for; *is_one: it compares outputs. */
static int answer_property(session *s, const range_verb_options *o,
                           bool *is_one)
{
    pleats_property_result result = {0};
    pleats_limits limits = o->search.limits;
    progress line;
    progress_start(&line, o->search.shows_progress);
    limits.progress = progress_report_gap;
    limits.progress_state = &line;
    pleats_status status =
        pleats_property_check(s->ctx, s->net, o->domain.path, &limits, &result);
    progress_end(&line);
    int code = session_finish(s, status);
    *is_one = code != EXIT_ANSWERED || result.has_outputs;
    if (code == EXIT_ANSWERED && *is_one && o->model.json)
        code = property_print_json(s, o->domain.path, &result);
    else if (code == EXIT_ANSWERED && *is_one)
        property_print(s, o->domain.path, &result);
    code = session_code(code, result.stopped);
    pleats_property_result_clear(s->ctx, &result);
    return code;
}

static int answer(session *s, void *options)
{
    range_verb_options *o = options;
    bool is_property = false;
    int code = EXIT_ANSWERED;
    if (o->domain.kind == DOMAIN_VNNLIB && !o->search.has_output &&
        !o->direction)
        code = answer_property(s, o, &is_property);
    return is_property ? code : answer_values(s, o);
}

int verb_range(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    range_verb_options o = {0};
    const verb v = {
        .argp = &argp, .options = &o, .model = &o.model, .answer = answer};
    return run_verb(argc, argv, &v);
}
