/* pleats search: weights with many regions. */
#include "exit_codes.h"
#include "options/numbers.h"
#include "options/spec_argument.h"
#include "print/output_file.h"
#include "verbs/recorded.h"
#include "verbs/run_verb.h"
#include "verbs/trials_verb.h"
#include "verbs/verbs.h"

#include "pleats/make.h"
#include "pleats/search.h"

#include <stdio.h>
#include <string.h>

enum {
    KEY_WHAT = 0x200,
    KEY_STARTS,
    KEY_PATIENCE,
    KEY_SEED,
    KEY_MAX_CELLS,
    KEY_THREADS
};

typedef struct {
    model_options model;
    checkpoint_options state;
    search_with how;
    pleats_search_options search;
    pleats_limits limits;
    int64_t seed;
} search_options;

static const char doc[] =
    "Looks for weights of an architecture with many regions on all of space: "
    "from random weights it climbs by moves that do not lower the exact count. "
    "The best number is a lower bound for the maximum, with its network as a "
    "witness; when it meets the best upper bound it is the maximum."
    "\v" SPEC_ARGUMENT_HELP "\nThe architecture of an ONNX file serves too.\n\n"
    "Without a time limit the answer is the same for any number of threads.\n\n"
    "Examples:\n"
    "  pleats search cnn:in=1x3/conv=1@2/relu/conv=2@2/relu\n"
    "  pleats search mlp:2,4,4,1 --what pieces -o best.onnx --time-limit 60\n"
    "  pleats bound mlp:2,4,4,1 --witness best.onnx\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"output", 'o', "FILE", 0, "The best network, as ONNX" OUTPUT_HELP, 0},
    {"what", KEY_WHAT, "WORD", 0,
     "What is to be many: regions (default), or pieces of the function", 0},
    {"starts", KEY_STARTS, "N", 0, "Random starts (default 64)", 0},
    {"patience", KEY_PATIENCE, "N", 0,
     "Moves without a higher number that end a climb (default 100 and 10 for "
     "each parameter)",
     0},
    {"seed", KEY_SEED, "N", 0, "Seed of the random numbers (default 0)", 0},
    {"max-cells", KEY_MAX_CELLS, "N", 0,
     "Networks with more regions are left out (default 1000000)", 0},
    {"threads", KEY_THREADS, "N", 0,
     "Threads that work at most (default: all processors)", 0},
    {0}};

static const struct argp_child children[] = {
    {&checkpoint_argp, 0, NULL, 0}, {&common_model_argp, 0, NULL, 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    search_options *o = state->input;
    pleats_search_options *s = &o->search;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->state;
        state->child_inputs[1] = &o->model;
        return 0;
    case 'o':
        o->model.out = value;
        return 0;
    case KEY_WHAT:
        s->pieces = strcmp(value, "pieces") == 0;
        if (!s->pieces && strcmp(value, "regions") != 0)
            refuse_usage(state, "--what %s: must be regions or pieces", value);
        return 0;
    case KEY_STARTS:
        s->starts =
            (uint64_t)take_number(state, "--starts", value, 1, INT32_MAX);
        return 0;
    case KEY_PATIENCE:
        s->patience =
            (uint64_t)take_number(state, "--patience", value, 1, INT32_MAX);
        return 0;
    case KEY_SEED:
        if (!read_whole(value, &o->seed))
            refuse_usage(state, "--seed %s: must be a whole number", value);
        s->seed = (uint64_t)o->seed;
        return 0;
    case KEY_MAX_CELLS:
        s->most =
            (uint64_t)take_number(state, "--max-cells", value, 1, INT64_MAX);
        return 0;
    case KEY_THREADS:
        o->limits.threads = take_threads(state, value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *what_of(const search_options *o)
{
    return o->search.pieces ? "affine pieces" : "activation regions";
}

static int print_json(const session *s, const search_options *o,
                      const pleats_spec *spec, const pleats_search_result *r)
{
    const report_facts facts = {.verb = "search",
                                .domain = "R^n",
                                .definition = what_of(o),
                                .label = !r->best      ? NULL
                                         : r->is_exact ? "exact"
                                                       : "lower",
                                .complete = r->complete,
                                .seconds = r->seconds,
                                .seed = &o->seed};
    json_t *own = json_pack(
        "{s:o, s:o, s:I, s:I, s:I, s:o, s:o, s:o}", "best",
        report_text(r->best), "best_upper", report_text(r->upper), "start",
        (json_int_t)r->start, "starts", (json_int_t)r->starts, "counts",
        (json_int_t)r->counts, "stopped", report_stop(r->stopped), "witness",
        o->model.out && r->net ? json_pack("{s:s, s:s}", "path", o->model.out,
                                           "sha256", pleats_net_sha256(r->net))
                               : json_null(),
        "remarks", report_remarks(s));
    return report_print(spec_report_new(s, &facts, spec), own);
}

static void print_text(const search_options *o, const pleats_spec *spec,
                       const pleats_search_result *r)
{
    if (!r->best)
        printf("nothing was counted within the limits\n");
    else if (r->is_exact)
        printf("%s %s: the maximum (exact), an upper bound is met\n", r->best,
               what_of(o));
    else
        printf("%s %s at least, by some weights (lower)\n", r->best,
               what_of(o));
    printf("spec    %s\n", pleats_spec_text(spec));
    printf("domain  R^%lld\n", (long long)pleats_spec_n_inputs(spec));
    if (r->upper)
        printf("upper   %s\n", r->upper);
    printf("search  climb %llu of %llu, seed %lld, %llu networks counted%s%s\n",
           (unsigned long long)r->start, (unsigned long long)r->starts,
           (long long)o->seed, (unsigned long long)r->counts,
           r->stopped ? ", stopped by the " : "",
           r->stopped ? pleats_stop_text(r->stopped) : "");
    if (o->model.out && r->net)
        printf("witness %s\n", o->model.out);
    printf("cost    %.3g s\n", r->seconds);
}

static int save(session *s, pleats_search_result *r)
{
    pleats_status status = pleats_search_write(s->ctx, r, s->out);
    return status == PLEATS_OK ? output_file_commit(s)
                               : session_fail(s, status);
}

static int answer(session *s, void *options)
{
    const search_options *o = options;
    pleats_search_result result = {0};
    int failed = EXIT_ANSWERED;
    const pleats_status status =
        o->how(s, &o->state, &o->search, &o->limits, &failed, &result);
    int code = failed ? failed : recorded_finish(s, &o->state, status);
    if (code == EXIT_ANSWERED && s->out && result.net)
        code = save(s, &result);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, s->spec, &result);
    else if (code == EXIT_ANSWERED && session_prints(s))
        print_text(o, s->spec, &result);
    code = session_code(code, !result.complete);
    pleats_search_result_clear(s->ctx, &result);
    return code;
}

int search_verb(int argc, char **argv, search_with how)
{
    const struct argp argp = {.options = option_table,
                              .parser = parse,
                              .args_doc = "SPEC",
                              .doc = doc,
                              .children = children};
    search_options o = {.model.or_spec = true, .how = how};
    const verb v = {
        .argp = &argp, .options = &o, .model = &o.model, .answer = answer};
    return run_verb(argc, argv, &v);
}

/* In this process. */
static pleats_status search_here(const session *s, const checkpoint_options *o,
                                 const pleats_search_options *search,
                                 const pleats_limits *limits, int *failed,
                                 pleats_search_result *out)
{
    pleats_search_options own = *search;
    (void)failed;
    pleats_status status = recorded_begin(s, o, &own.record);
    if (status == PLEATS_OK)
        status = pleats_search(s->ctx, s->spec, &own, limits, out);
    return recorded_end(s, o, own.record, status);
}

int verb_search(int argc, char **argv)
{
    return search_verb(argc, argv, search_here);
}
