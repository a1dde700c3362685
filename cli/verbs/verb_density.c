/* pleats density: regions near data. */
#include "exit_codes.h"
#include "options/numbers.h"
#include "print/hull_report.h"
#include "print/report.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/estimate.h"

#include <stdio.h>

enum {
    KEY_INPUT = 0x700,
    KEY_BALL,
    KEY_HULL,
    KEY_DIRECTIONS,
    KEY_CUTS,
    KEY_CSV,
    KEY_N,
    KEY_LEVEL,
    KEY_MAX_CELLS,
    KEY_THREADS,
    KEY_SEED
};

typedef struct {
    model_options model;
    const char *input;
    pleats_density_options density;
    pleats_hull_options hull; /* radius: --hull, or NULL */
    bool csv;
    pleats_limits limits;
    int64_t seed;
} density_options;

static const char doc[] =
    "How densely the regions of a network lie near data, counted exactly: "
    "breakpoints for a unit of length on segments between data rows, layer by "
    "layer, or, with --ball, regions in max-norm balls about data rows, of the "
    "network up to each layer. Means over them are estimates with intervals. "
    "With --hull it is local complexity instead: for each row and layer, how "
    "many units change on the hull of the points row + d and row - d, d being "
    "EPS times each of K random orthogonal directions (Humayun et al. 2024): "
    "between a number that certainly do and a number that may. Both bounds are "
    "proved; the hull is exactly that of its vertices, whose d are rounded to "
    "doubles and the same for all rows."
    "\v"
    "Data files are .npz with an array x, or .json.\n\n"
    "Examples:\n"
    "  pleats density net.onnx --input data.npz\n"
    "  pleats density net.onnx --input data.npz --ball 0.02 --count 50\n"
    "  pleats density net.onnx --input data.npz --hull 0.1 --directions 20 "
    "--csv\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"input", KEY_INPUT, "FILE", 0, "The data rows", 0},
    {"ball", KEY_BALL, "EPS", 0,
     "Balls of radius EPS about the first rows, not segments", 0},
    {"hull", KEY_HULL, "EPS", 0,
     "Units that change on hulls about the first rows, EPS from the row to "
     "each "
     "vertex",
     0},
    {"directions", KEY_DIRECTIONS, "K", 0,
     "Directions of a hull (default 20, or all inputs where they are fewer)",
     0},
    {"cuts", KEY_CUTS, NULL, 0,
     "Count exactly, too, on the part of a hull in the plane of its first two "
     "directions",
     0},
    {"csv", KEY_CSV, NULL, 0,
     "Answer of --hull as a table of comma-separated values, a line for each "
     "row and layer",
     0},
    {"count", KEY_N, "N", 0, "Segments, balls or hulls (default 20)", 0},
    {"level", KEY_LEVEL, "P", 0, "Confidence of intervals (default 0.95)", 0},
    {"max-cells", KEY_MAX_CELLS, "N", 0,
     "Regions of a ball or a cut that are counted (default 100000)", 0},
    {"threads", KEY_THREADS, "N", 0,
     "Threads that work at most (default: all processors)", 0},
    {"seed", KEY_SEED, "N", 0,
     "Seed of the pairs of rows, or of directions (default 0)", 0},
    {0}};

static const struct argp_child children[] = {{&model_argp, 0, NULL, 0}, {0}};

static void check_partners(const struct argp_state *state)
{
    density_options *o = state->input;
    const char *stray = o->hull.directions ? "--directions"
                        : o->hull.cuts     ? "--cuts"
                        : o->csv           ? "--csv"
                                           : NULL;
    if (!o->hull.radius && stray)
        refuse_usage(state, "%s goes with --hull only", stray);
    if (o->hull.radius && o->density.radius)
        refuse_usage(state, "either --ball or --hull");
    if (o->hull.radius && o->density.level > 0)
        refuse_usage(state, "--level goes with segments and balls: what --hull "
                            "says are bounds");
    if (o->csv && o->model.json)
        refuse_usage(state, "either --json or --csv");
    if (!o->hull.radius && o->density.n == 1)
        refuse_usage(state, "--count 1: an interval needs at least 2");
    o->hull.n = o->density.n ? o->density.n : 20;
    o->hull.seed = o->density.seed;
    o->hull.most = o->density.most;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    density_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->model;
        return 0;
    case KEY_INPUT:
        o->input = value;
        return 0;
    case KEY_BALL:
        o->density.radius = value;
        return 0;
    case KEY_HULL:
        o->hull.radius = value;
        return 0;
    case KEY_DIRECTIONS:
        o->hull.directions =
            (int32_t)take_number(state, "--directions", value, 1, 100000);
        return 0;
    case KEY_CUTS:
        o->hull.cuts = true;
        return 0;
    case KEY_CSV:
        o->csv = true;
        return 0;
    case KEY_N:
        o->density.n =
            (uint64_t)take_number(state, "--count", value, 1, 1000000);
        return 0;
    case KEY_LEVEL:
        if (!read_positive(value, &o->density.level) || o->density.level >= 1)
            refuse_usage(state, "--level %s: must be between 0 and 1", value);
        return 0;
    case KEY_MAX_CELLS:
        o->density.most = (uint64_t)take_number(state, "--max-cells", value, 1,
                                                INT64_MAX - 1);
        return 0;
    case KEY_THREADS:
        o->limits.threads = take_threads(state, value);
        return 0;
    case KEY_SEED:
        if (!read_whole(value, &o->seed))
            refuse_usage(state, "--seed %s: must be a whole number", value);
        o->density.seed = (uint64_t)o->seed;
        return 0;
    case ARGP_KEY_END:
        if (!o->input)
            refuse_usage(state, "--input FILE is missing: the data rows");
        check_partners(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *quantity(const density_options *o)
{
    return o->density.radius ? "regions" : "breakpoints for a unit of length";
}

static json_t *layer_json(const pleats_density_layer *l)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "mean",
                     report_number(l->mean), "lo", report_number(l->lo), "hi",
                     report_number(l->hi), "least", report_number(l->least),
                     "greatest", report_number(l->greatest));
}

static int print_json(const session *s, const density_options *o,
                      const pleats_density_result *r)
{
    const report_facts facts = {.verb = "density",
                                .domain =
                                    o->density.radius ? "balls" : "segments",
                                .definition = "activation regions",
                                .label = r->over ? "lower" : "estimate",
                                .complete = !r->stopped,
                                .seconds = r->seconds,
                                .seed = &o->seed};
    json_t *layers = json_array();
    for (int32_t i = 0; i < r->n_layers; i++)
        report_append(&layers, layer_json(&r->layer[i]));
    json_t *own = json_pack(
        "{s:s, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "quantity",
        quantity(o), "input", report_text(o->input), "radius",
        report_text(o->density.radius), "count", (json_int_t)r->n, "over",
        (json_int_t)r->over, "layers", layers, "all",
        layer_json(&r->layer[r->n_layers]), "level",
        report_number(o->density.level > 0 ? o->density.level : 0.95),
        "stopped", report_stop(r->stopped), "remarks", report_remarks(s));
    return report_print(report_new(s, &facts), own);
}

static void print_layer(const char *name, const pleats_density_layer *l)
{
    printf("%-10s %12.6g %12.6g %12.6g %12.6g %12.6g\n", name, l->mean, l->lo,
           l->hi, l->least, l->greatest);
}

static void print_text(const session *s, const density_options *o,
                       const pleats_density_result *r)
{
    char name[24];
    printf("%s, %llu %s%s%s\n%-10s %12s %12s %12s %12s %12s\n", quantity(o),
           (unsigned long long)r->n, o->density.radius ? "balls" : "segments",
           r->stopped ? "; stopped by the " : "",
           r->stopped ? pleats_stop_text(r->stopped) : "",
           o->density.radius ? "up to" : "layer", "mean", "from", "to", "least",
           "greatest");
    for (int32_t i = 0; i < r->n_layers; i++) {
        snprintf(name, sizeof name, "layer %d", i + 1);
        print_layer(name, &r->layer[i]);
    }
    if (!o->density.radius)
        print_layer("all", &r->layer[r->n_layers]);
    if (!r->over)
        printf("means are estimates, with intervals of %g%% confidence\n",
               100 * (o->density.level > 0 ? o->density.level : 0.95));
    else
        printf("%llu balls have more regions than were counted: means are "
               "lower bounds\n",
               (unsigned long long)r->over);
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("cost    %.3g s\n", r->seconds);
}

static int answer_hulls(session *s, const density_options *o)
{
    pleats_hull_result result;
    const hull_facts facts = {o->hull.radius, o->input, o->seed};
    int code =
        session_finish(s, pleats_hull_units(s->ctx, s->net, s->rows, &o->hull,
                                            &o->limits, &result));
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_hulls_json(s, &facts, &result);
    else if (code == EXIT_ANSWERED && o->csv)
        print_hulls_csv(&result);
    else if (code == EXIT_ANSWERED)
        print_hulls_text(s, &facts, &result);
    code = session_code(code, result.stopped);
    pleats_hull_result_clear(s->ctx, &result);
    return code;
}

static int answer(session *s, void *options)
{
    const density_options *o = options;
    pleats_density_result result;
    if (o->hull.radius)
        return answer_hulls(s, o);
    int code =
        session_finish(s, pleats_density(s->ctx, s->net, s->rows, &o->density,
                                         &o->limits, &result));
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, &result);
    else if (code == EXIT_ANSWERED)
        print_text(s, o, &result);
    code = session_code(code, result.stopped);
    pleats_density_result_clear(s->ctx, &result);
    return code;
}

int verb_density(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    density_options o = {0};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .input = &o.input,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
