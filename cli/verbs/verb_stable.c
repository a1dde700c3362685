/* pleats stable: units that keep one piece on a box. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/numbers.h"
#include "print/report.h"
#include "verbs/recorded.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/stable.h"

#include <stdio.h>
#include <string.h>

enum { KEY_EFFORT = 0x600, KEY_MAX_CELLS, KEY_THREADS };

typedef struct {
    model_options model;
    domain_options domain;
    checkpoint_options state;
    pleats_stable_options stable;
    pleats_limits limits;
} stable_options;

static const char *const effort_words[] = {
    [PLEATS_STABLE_BY_INTERVALS] = "intervals",
    [PLEATS_STABLE_BY_FORMS] = "forms",
    [PLEATS_STABLE_BY_PROGRAMMES] = "programmes",
    [PLEATS_STABLE_EXACT] = "exact"};
static const char *const state_words[] = {"off", "on", "changes", "undecided"};

static const char doc[] =
    "Which units of a network keep one piece on a box: off (constant), on (one "
    "piece with a slope; of a maximum, one candidate always wins), those that "
    "certainly change, and those that are undecided. A unit keeps a piece when "
    "that piece gives its value at all points of the open box; one that only "
    "touches a breakpoint keeps the piece beside it. Everything that is said "
    "is proved."
    "\v"
    "Efforts:\n"
    "  intervals   bounds of every value\n"
    "  forms       affine forms of the inputs with errors\n"
    "  programmes  linear programmes besides (default)\n"
    "  exact       all regions of the box besides: nothing is undecided when "
    "they come to an end\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats stable net.onnx --box -1,1\n"
    "  pleats stable net.onnx --ball 0.01 --at data.npz:3 --effort exact "
    "--json\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"effort", KEY_EFFORT, "NAME", 0,
     "intervals, forms, programmes or exact (default programmes)", 0},
    {"max-cells", KEY_MAX_CELLS, "N", 0,
     "Regions that --effort exact goes through at most", 0},
    {"threads", KEY_THREADS, "N", 0,
     "Threads that go through the regions at most (default: 1; with a "
     "checkpoint: all processors)",
     0},
    {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&checkpoint_argp, 0, NULL, 0},
                                             {&model_argp, 0, NULL, 0},
                                             {0}};

static pleats_stable_effort read_effort(const struct argp_state *state,
                                        const char *word)
{
    for (int i = PLEATS_STABLE_BY_INTERVALS; i <= PLEATS_STABLE_EXACT; i++)
        if (strcmp(word, effort_words[i]) == 0)
            return (pleats_stable_effort)i;
    refuse_usage(state,
                 "--effort %s: must be one of intervals, forms, programmes, "
                 "exact",
                 word);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    stable_options *o = state->input;
    int64_t n = 0;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->state;
        state->child_inputs[2] = &o->model;
        o->stable.effort = PLEATS_STABLE_BY_PROGRAMMES;
        return 0;
    case KEY_EFFORT:
        o->stable.effort = read_effort(state, value);
        return 0;
    case KEY_MAX_CELLS:
        if (!read_whole(value, &n) || n == 0)
            refuse_usage(
                state, "--max-cells %s: must be a whole number above 0", value);
        o->limits.cells = (uint64_t)n;
        return 0;
    case KEY_THREADS:
        o->limits.threads = take_threads(state, value);
        return 0;
    case ARGP_KEY_END:
        if ((o->state.checkpoint || o->state.resume) &&
            o->stable.effort != PLEATS_STABLE_EXACT)
            refuse_usage(state, "checkpoints go with --effort exact");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static json_t *layer_json(const pleats_stable_layer *l,
                          const pleats_unit_state *state)
{
    json_t *states = json_array();
    for (int32_t u = 0; u < l->units; u++)
        report_append(&states,
                      json_string(state_words[state[l->first_unit + u]]));
    return json_pack("{s:o, s:o, s:i, s:i, s:i, s:i, s:i, s:o}", "name",
                     report_text(l->name), "op", report_text(l->op), "units",
                     l->units, "off", l->off, "on", l->on, "changes",
                     l->changes, "undecided", l->undecided, "states", states);
}

static int print_json(const session *s, const stable_options *o,
                      const pleats_stable_result *r)
{
    const report_facts facts = {.verb = "stable",
                                .domain = pleats_domain_text(s->domain),
                                .definition = "one piece gives the unit's "
                                              "value on the open box",
                                .label = "exact",
                                .complete = !r->stopped,
                                .seconds = r->seconds};
    json_t *layers = json_array();
    for (int32_t i = 0; i < r->n_layers; i++)
        report_append(&layers, layer_json(&r->layer[i], r->state));
    json_t *own = json_pack(
        "{s:s, s:o, s:o, s:o, s:o}", "effort", effort_words[o->stable.effort],
        "layers", layers, "regions", report_text(r->regions), "stopped",
        report_stop(r->stopped), "remarks", report_remarks(s));
    return report_print(report_new(s, &facts), own);
}

static void print_text(const session *s, const stable_options *o,
                       const pleats_stable_result *r)
{
    printf("%5s  %-12s %8s %8s %8s %8s %9s\n", "layer", "operator", "units",
           "off", "on", "changes", "undecided");
    for (int32_t i = 0; i < r->n_layers; i++) {
        const pleats_stable_layer *l = &r->layer[i];
        printf("%5d  %-12s %8d %8d %8d %8d %9d\n", i + 1, l->op ? l->op : "",
               l->units, l->off, l->on, l->changes, l->undecided);
    }
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), r->n_units);
    printf("domain  %s\n", pleats_domain_text(s->domain));
    printf("proof   %s", effort_words[o->stable.effort]);
    if (r->regions)
        printf(", %s regions%s%s", r->regions,
               r->complete ? ", all" : "; stopped by the ",
               r->complete ? "" : pleats_stop_text(r->stopped));
    else if (r->stopped)
        printf("; stopped by the %s", pleats_stop_text(r->stopped));
    printf("\ncost    %.3g s\n", r->seconds);
}

static int answer(session *s, void *options)
{
    stable_options *o = options;
    pleats_stable_result result = {0};
    pleats_status status = recorded_begin(s, &o->state, &o->stable.record);
    if (status == PLEATS_OK)
        status = pleats_stable_units(s->ctx, s->net, s->domain, &o->stable,
                                     &o->limits, &result);
    status = recorded_end(s, &o->state, o->stable.record, status);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, &result);
    else if (code == EXIT_ANSWERED)
        print_text(s, o, &result);
    code = session_code(code, result.stopped);
    pleats_stable_result_clear(s->ctx, &result);
    return code;
}

int verb_stable(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    stable_options o = {0};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
