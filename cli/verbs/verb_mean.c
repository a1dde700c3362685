/* pleats mean: numbers of regions over random initialisations. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/init_options.h"
#include "options/numbers.h"
#include "options/spec_argument.h"
#include "print/mean_bounds.h"
#include "print/output_file.h"
#include "verbs/recorded.h"
#include "verbs/run_verb.h"
#include "verbs/trials_verb.h"
#include "verbs/verbs.h"

#include "pleats/estimate.h"

#include <stdio.h>

enum {
    KEY_TRIALS = 0x500,
    KEY_LEVEL,
    KEY_MAX_CELLS,
    KEY_SWEEPS,
    KEY_THREADS,
    KEY_CSV,
    KEY_BOUNDS
};

typedef struct {
    model_options model;
    domain_options domain;
    init_options init;
    checkpoint_options state;
    mean_with how;
    pleats_mean_options mean;
    pleats_limits limits;
    bool bounds; /* show what is known of expected numbers */
} mean_options;

static const char doc[] =
    "Counts the activation regions of random networks of an architecture, "
    "exactly where that is possible: mean, standard deviation, an interval for "
    "the mean over all initialisations, and quantiles."
    "\v" SPEC_ARGUMENT_HELP
    "\nThe architecture of an ONNX file serves too.\n\n" INIT_HELP "\n"
    "On R^n (the default domain) the number of regions of one layer is a "
    "constant for almost all weights; on a bounded domain it is "
    "not.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats mean cnn:in=1x3x3/conv=2@2x2/relu --trials 20\n"
    "  pleats mean mlp:2,32,32,1 --init he-normal --box -1,1 --trials 1000 \\\n"
    "      --csv trials.csv\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"trials", KEY_TRIALS, "N", 0, "Networks (default 100)", 0},
    {"level", KEY_LEVEL, "P", 0, "Confidence of the interval (default 0.95)",
     0},
    {"max-cells", KEY_MAX_CELLS, "N", 0,
     "Networks with more regions are estimated (default 1000000)", 0},
    {"sweeps", KEY_SWEEPS, "N", 0, "Random sweeps of such an estimate (200)",
     0},
    {"threads", KEY_THREADS, "N", 0,
     "Threads that work at most (default: all processors); the numbers are the "
     "same",
     0},
    {"bounds", KEY_BOUNDS, NULL, 0,
     "Also say what the literature knows of the expected number, with its "
     "hypotheses and how sure we are of the statement",
     0},
    {"csv", KEY_CSV, "FILE", 0, "A line for each network" OUTPUT_HELP, 0},
    {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&checkpoint_argp, 0, NULL, 0},
                                             {&init_argp, 0, NULL, 0},
                                             {&model_argp, 0, NULL, 0},
                                             {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    mean_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->state;
        state->child_inputs[2] = &o->init;
        state->child_inputs[3] = &o->model;
        o->model.or_spec = true;
        return 0;
    case KEY_TRIALS:
        o->mean.trials =
            (uint64_t)take_number(state, "--trials", value, 2, INT32_MAX);
        return 0;
    case KEY_LEVEL:
        if (!read_positive(value, &o->mean.level) || o->mean.level >= 1)
            refuse_usage(state, "--level %s: must be between 0 and 1", value);
        return 0;
    case KEY_MAX_CELLS:
        o->mean.most =
            (uint64_t)take_number(state, "--max-cells", value, 1, INT64_MAX);
        return 0;
    case KEY_SWEEPS:
        o->mean.sweeps =
            (uint64_t)take_number(state, "--sweeps", value, 1, INT32_MAX);
        return 0;
    case KEY_THREADS:
        o->limits.threads = take_threads(state, value);
        return 0;
    case KEY_CSV:
        o->model.out = value;
        return 0;
    case KEY_BOUNDS:
        o->bounds = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- the answer ---- */

/* Lines "trial,seed,regions,label". */
static bool print_csv(FILE *file, const void *what)
{
    const pleats_mean_result *r = what;
    fprintf(file, "trial,seed,regions,label\n");
    for (uint64_t i = 0; i < r->n; i++)
        fprintf(file, "%llu,%llu,%s,%s\n", (unsigned long long)r->row[i].number,
                (unsigned long long)r->row[i].seed, r->row[i].regions,
                r->row[i].exact ? "exact" : "estimate");
    return true;
}

static int print_json(const session *s, const mean_options *o,
                      const pleats_spec *spec, const pleats_domain *domain,
                      const pleats_mean_result *r)
{
    const report_facts facts = {.verb = "mean",
                                .domain = pleats_domain_text(domain),
                                .definition = "activation regions",
                                .label = "estimate",
                                .complete = !r->stopped,
                                .seconds = r->seconds,
                                .seed = &o->init.seed};
    json_t *quantiles = json_array();
    for (size_t q = 0; q < PLEATS_MEAN_QUANTILES; q++)
        report_append(&quantiles, report_text(r->quantile[q]));
    json_t *own = json_pack(
        "{s:s, s:s, s:I, s:I, s:o, s:o, s:{s:o, s:o, s:o}, s:o, s:b, s:o, s:o, "
        "s:o}",
        "init", init_weights(&o->init), "bias", init_bias(&o->init), "trials",
        (json_int_t)r->n, "exact_trials", (json_int_t)r->n_exact, "mean",
        report_number(r->mean), "deviation", report_number(r->deviation),
        "interval", "lo", report_number(r->lo), "hi", report_number(r->hi),
        "level", report_number(o->mean.level > 0 ? o->mean.level : 0.95),
        "quantiles", quantiles, "constant", r->is_constant, "stopped",
        report_stop(r->stopped), "known",
        o->bounds ? mean_bounds_json(spec) : json_null(), "remarks",
        report_remarks(s));
    return report_print(spec_report_new(s, &facts, spec), own);
}

static void print_text(const mean_options *o, const pleats_spec *spec,
                       const pleats_domain *domain, const pleats_mean_result *r)
{
    char *const *q = r->quantile;
    if (r->is_constant)
        printf("%s activation regions in all of %llu networks (of all "
               "others: an estimate)\n",
               q[0], (unsigned long long)r->n);
    else
        printf("%.6g activation regions on average (%g%% interval %.6g to "
               "%.6g)\n",
               r->mean, 100 * (o->mean.level > 0 ? o->mean.level : 0.95), r->lo,
               r->hi);
    printf("spec    %s, weights %s, biases %s\n", pleats_spec_text(spec),
           init_weights(&o->init), init_bias(&o->init));
    printf("domain  %s\n", pleats_domain_text(domain));
    printf("trials  %llu, %llu of them exact%s%s; standard deviation %.6g\n",
           (unsigned long long)r->n, (unsigned long long)r->n_exact,
           r->stopped ? ", stopped by the " : "",
           r->stopped ? pleats_stop_text(r->stopped) : "", r->deviation);
    printf("least %s, 5%% %s, 25%% %s, median %s, 75%% %s, 95%% %s, greatest "
           "%s\n",
           q[0], q[1], q[2], q[3], q[4], q[5], q[6]);
    if (o->bounds)
        mean_bounds_print(spec);
    printf("cost    %.3g s\n", r->seconds);
}

static int answer(session *s, void *opts)
{
    const mean_options *o = opts;
    pleats_mean_options options = o->mean;
    pleats_mean_result result = {0};
    int failed = EXIT_ANSWERED;
    options.init = o->init.init;
    const pleats_status status =
        o->how(s, &o->state, &options, &o->limits, &failed, &result);
    int code = failed ? failed : recorded_finish(s, &o->state, status);
    if (code == EXIT_ANSWERED && s->out)
        code = output_file_write(s, print_csv, &result);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, s->spec, s->domain, &result);
    else if (code == EXIT_ANSWERED && session_prints(s))
        print_text(o, s->spec, s->domain, &result);
    code = session_code(code, result.stopped);
    pleats_mean_result_clear(s->ctx, &result);
    return code;
}

/* The domain is for networks with the spec's inputs: one of them stands for
 * all. */
static int open_domain(session *s, void *options)
{
    const mean_options *o = options;
    const bool is_made = s->net == NULL;
    pleats_status status = PLEATS_OK;
    if (is_made)
        status = pleats_net_random(s->ctx, s->spec, &o->init.init, &s->net);
    int code =
        status == PLEATS_OK ? domain_open(s, &o->domain) : spec_fail(s, status);
    if (is_made) {
        pleats_net_free(s->ctx, s->net);
        s->net = NULL;
    }
    return code;
}

int mean_verb(int argc, char **argv, mean_with how)
{
    const struct argp argp = {option_table, parse, "SPEC|MODEL", doc,
                              children,     NULL,  NULL};
    mean_options o = {.how = how};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .open = open_domain,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}

/* In this process. */
static pleats_status mean_here(const session *s, const checkpoint_options *o,
                               const pleats_mean_options *mean,
                               const pleats_limits *limits, int *failed,
                               pleats_mean_result *out)
{
    pleats_mean_options own = *mean;
    (void)failed;
    pleats_status status = recorded_begin(s, o, &own.record);
    if (status == PLEATS_OK)
        status =
            pleats_mean_regions(s->ctx, s->spec, s->domain, &own, limits, out);
    return recorded_end(s, o, own.record, status);
}

int verb_mean(int argc, char **argv)
{
    return mean_verb(argc, argv, mean_here);
}
