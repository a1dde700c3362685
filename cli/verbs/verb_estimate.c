/* pleats estimate: the number of regions where it cannot be counted. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/numbers.h"
#include "options/run_options.h"
#include "print/progress.h"
#include "print/report.h"
#include "verbs/recorded.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/estimate.h"

#include <stdio.h>
#include <string.h>

enum {
    KEY_REL_ERROR = 0x300,
    KEY_LEVEL,
    KEY_SWEEPS,
    KEY_EXACT_TIME,
    KEY_THREADS,
    KEY_SEED
};

typedef struct {
    model_options model;
    domain_options domain;
    checkpoint_options state;
    pleats_estimate_options estimate;
    pleats_limits limits;
    bool progress;
    int64_t seed;
} estimate_verb_options;

static const char doc[] =
    "Estimates the number of activation regions of a network on a domain, "
    "where the exact count takes too long: the mean of random sweeps over the "
    "tree of cells, which has no bias, with a confidence interval. The exact "
    "count is tried first; where it ends, its answer is given."
    "\v"
    "A sweep keeps a few cells at a time, one for all that are alike, with "
    "their weight (Knuth 1975; Chen 1992). The interval comes from independent "
    "batches of sweeps; it is what these tell, and may be too short where few "
    "sweeps of widely spread results were made.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats estimate net.onnx --box -1,1\n"
    "  pleats estimate net.onnx --ball 0.1 --at data.npz:0 --rel-error 0.2 "
    "--time-limit 300\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"rel-error", KEY_REL_ERROR, "X", 0,
     "Goal: half the interval over the mean (default 0.05)", 0},
    {"level", KEY_LEVEL, "P", 0, "Confidence of the interval (default 0.95)",
     0},
    {"sweeps", KEY_SWEEPS, "N", 0, "At most so many sweeps (default 100000)",
     0},
    {"exact-time", KEY_EXACT_TIME, "SECONDS", 0,
     "How long the exact count is tried (default: a tenth of the time limit, "
     "or 1; 0: not at all)",
     0},
    {"threads", KEY_THREADS, "N", 0,
     "Threads that work at most (default: all processors); sweeps are the same",
     0},
    {"seed", KEY_SEED, "N", 0, "Seed of the random numbers (default 0)", 0},
    {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&checkpoint_argp, 0, NULL, 0},
                                             {&model_argp, 0, NULL, 0},
                                             {&progress_argp, 0, NULL, 0},
                                             {0}};

static double read_amount(const struct argp_state *state, const char *flag,
                          const char *value, double most)
{
    double x = 0;
    if (!read_positive(value, &x) || x >= most)
        refuse_usage(state, "%s %s: must be a number above 0%s", flag, value,
                     most <= 1 ? " and below 1" : "");
    return x;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    estimate_verb_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->state;
        state->child_inputs[2] = &o->model;
        state->child_inputs[3] = &o->progress;
        return 0;
    case KEY_REL_ERROR:
        o->estimate.rel_error = read_amount(state, "--rel-error", value, 1e9);
        return 0;
    case KEY_LEVEL:
        o->estimate.level = read_amount(state, "--level", value, 1);
        return 0;
    case KEY_SWEEPS:
        o->estimate.sweeps =
            (uint64_t)take_number(state, "--sweeps", value, 2, INT32_MAX);
        return 0;
    case KEY_EXACT_TIME:
        o->estimate.exact_time =
            value[0] == '0' && value[1] == '\0'
                ? -1
                : read_amount(state, "--exact-time", value, 1e9);
        return 0;
    case KEY_THREADS:
        o->limits.threads = take_threads(state, value);
        return 0;
    case KEY_SEED:
        o->seed = take_number(state, "--seed", value, 0, INT64_MAX);
        o->estimate.seed = (uint64_t)o->seed;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static double level_of(const estimate_verb_options *o)
{
    return o->estimate.level > 0 ? o->estimate.level : 0.95;
}

/* Whether there is an estimate, with an interval. */
static bool is_sampled(const pleats_estimate_result *r)
{
    return r->label == PLEATS_ESTIMATE;
}

/* What only sampling knows; takes `value`. */
static json_t *sampled(const pleats_estimate_result *r, json_t *value)
{
    if (is_sampled(r))
        return value;
    json_decref(value);
    return json_null();
}

static int print_json(const session *s, const estimate_verb_options *o,
                      const pleats_estimate_result *r)
{
    const report_facts facts = {.verb = "estimate",
                                .domain = pleats_domain_text(s->domain),
                                .definition = "activation regions",
                                .label = pleats_label_text(r->label),
                                .complete = !r->stopped,
                                .seconds = r->seconds,
                                .seed = &o->seed};
    json_t *interval =
        !is_sampled(r) ? json_null()
                       : json_pack("{s:o, s:o, s:o}", "lo", report_text(r->lo),
                                   "hi", report_text(r->hi), "level",
                                   report_number(level_of(o)));
    json_t *own =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "regions",
                  report_text(r->regions), "remarks", report_remarks(s),
                  "interval", interval, "lower", report_text(r->lower),
                  "rel_error", sampled(r, report_number(r->rel_error)),
                  "deviation", sampled(r, report_number(r->deviation)),
                  "sweeps", sampled(r, json_integer((json_int_t)r->sweeps)),
                  "constant", sampled(r, json_boolean(r->is_constant)),
                  "stopped", report_stop(r->stopped));
    return report_print(report_new(s, &facts), own);
}

static void print_text(const session *s, const estimate_verb_options *o,
                       const pleats_estimate_result *r)
{
    if (r->label == PLEATS_EXACT)
        printf("%s activation regions (%s)\n", r->regions, report_exact(s));
    else if (r->label == PLEATS_LOWER)
        printf("at least %s activation region%s (lower bound; stopped by the "
               "%s before there was an estimate)\n",
               r->regions, strcmp(r->regions, "1") == 0 ? "" : "s",
               pleats_stop_text(r->stopped));
    else
        printf("about %s activation regions (estimate; %g%% interval %s to "
               "%s%s%s)\n",
               r->regions, 100 * level_of(o), r->lo, r->hi,
               r->stopped ? "; stopped by the " : "",
               r->stopped ? pleats_stop_text(r->stopped) : "");
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("domain  %s\n", pleats_domain_text(s->domain));
    if (is_sampled(r))
        printf("sweeps  %llu, deviation of one %.2g of the mean%s%s\n",
               (unsigned long long)r->sweeps, r->deviation,
               r->lower ? "; certainly at least " : "",
               r->lower ? r->lower : "");
    printf("cost    %.3g s, %.3g MiB\n", r->seconds,
           (double)pleats_ctx_peak_bytes(s->ctx) / 0x1p20);
}

static int answer(session *s, void *options)
{
    estimate_verb_options *o = options;
    pleats_estimate_result result = {0};
    progress line;
    progress_start(&line, o->progress);
    if (o->estimate.exact_time == 0 && o->model.time_limit > 0)
        o->estimate.exact_time = o->model.time_limit / 10;
    o->limits.progress = progress_report_mean;
    o->limits.progress_state = &line;
    pleats_status status = recorded_begin(s, &o->state, &o->estimate.record);
    if (status == PLEATS_OK)
        status = pleats_estimate_count(s->ctx, s->net, s->domain, &o->estimate,
                                       &o->limits, &result);
    status = recorded_end(s, &o->state, o->estimate.record, status);
    progress_end(&line);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, &result);
    else if (code == EXIT_ANSWERED)
        print_text(s, o, &result);
    code = session_code(code, result.stopped);
    pleats_estimate_result_clear(s->ctx, &result);
    return code;
}

int verb_estimate(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    estimate_verb_options o = {0};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
