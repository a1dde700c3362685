/* pleats plot: a figure of what other verbs found. */
#include "exit_codes.h"
#include "options/model_options.h"
#include "options/numbers.h"
#include "options/spec_argument.h"
#include "print/output_file.h"
#include "verbs/verbs.h"

#include "pleats/draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_OUT = 'o', KEY_KIND = 0x600, KEY_WIDTH, KEY_TITLE, KEY_JSON };

typedef struct {
    const char **report; /* [n_reports] */
    int32_t n_reports;
    const char *out;
    pleats_figure_options figure;
    model_options model; /* its time limit and JSON */
} plot_options;

static const char *const kinds[] = {[PLEATS_FIGURE_PARAMETERS] = "parameters",
                                    [PLEATS_FIGURE_DEPTH] = "depth",
                                    [PLEATS_FIGURE_FORMULA] = "formula"};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static const char doc[] =
    "A figure of the numbers of regions in REPORTs: files of one or more of "
    "the JSON objects that compare, bound and layer print with --json. "
    "Numbers may have any length. Exact ones are filled markers, bounds and "
    "estimates are upright bars with hollow ones.\v"
    "What the figure shows (--kind), by the reports unless it is named:\n"
    "  parameters  regions against parameters, of compare and bound\n"
    "  depth       regions against depth, of compare --depths\n"
    "  formula     counts of one layer against the formula R_N, of layer\n\n"
    "Examples:\n"
    "  pleats compare mlp:4,16,1 --depths 1-6 --budget 500 --json >depth.json\n"
    "  pleats plot depth.json -o depth.pdf\n"
    "  pleats bound mlp:4,16,16,1 --json | pleats plot /dev/stdin -o one.svg\n"
    "\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"out", KEY_OUT, "FILE", 0,
     "The figure: .svg, .pdf or .png by its name (needed)" OUTPUT_HELP, 0},
    {"kind", KEY_KIND, "NAME", 0, "parameters, depth or formula", 0},
    {"width", KEY_WIDTH, "W", 0,
     "Width in points, 1/72 inch (default 480), or pixels (default 1200)", 0},
    {"title", KEY_TITLE, "TEXT", 0, "A title above the figure (default: none)",
     0},
    {"json", KEY_JSON, NULL, 0, "Answer with one JSON object", 0},
    {0}};

static pleats_figure_kind read_kind(const struct argp_state *state,
                                    const char *name)
{
    for (int i = PLEATS_FIGURE_PARAMETERS; i < N_KINDS; i++)
        if (strcmp(name, kinds[i]) == 0)
            return (pleats_figure_kind)i;
    refuse_usage(state, "--kind %s: must be parameters, depth or formula",
                 name);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    plot_options *o = state->input;
    switch (key) {
    case KEY_OUT:
        o->out = value;
        return 0;
    case KEY_KIND:
        o->figure.kind = read_kind(state, value);
        return 0;
    case KEY_WIDTH:
        if (!read_positive(value, &o->figure.width) || o->figure.width < 100 ||
            o->figure.width > 20000)
            refuse_usage(
                state, "--width %s: must be a number from 100 to 20000", value);
        return 0;
    case KEY_TITLE:
        o->figure.title = value;
        return 0;
    case KEY_JSON:
        o->model.json = true;
        return 0;
    case ARGP_KEY_ARG:
        o->report[o->n_reports++] = value;
        return 0;
    case ARGP_KEY_END:
        if (o->n_reports == 0)
            refuse_usage(state, "a REPORT is missing: name a file that "
                                "compare, bound or layer wrote with --json");
        if (!o->out)
            refuse_usage(state, "--out FILE is missing: where the figure goes");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int print_json(const session *s, const plot_options *o,
                      const pleats_figure_result *r)
{
    const report_facts facts = {
        .verb = "plot", .complete = true, .seconds = r->seconds};
    json_t *own = json_pack(
        "{s:o, s:s, s:i, s:i, s:i, s:i, s:o}", "file", report_text(o->out),
        "kind", kinds[r->kind], "exact", (int)r->n_exact, "between",
        (int)r->n_between, "estimates", (int)r->n_estimate, "left_out",
        (int)r->n_left_out, "remarks", report_remarks(s));
    return report_print(spec_report_new(s, &facts, NULL), own);
}

static int plot(session *s, const plot_options *o)
{
    pleats_figure_result r;
    pleats_status status = pleats_draw_figure(s->ctx, o->n_reports, o->report,
                                              &o->figure, s->out, &r);
    int code =
        status == PLEATS_OK ? output_file_commit(s) : session_fail(s, status);
    if (code == EXIT_ANSWERED && o->model.json)
        return print_json(s, o, &r);
    if (code != EXIT_ANSWERED || !session_prints(s))
        return code;
    printf("%s: %s; %d exact, %d between bounds, %d estimated, %d left out\n",
           o->out, kinds[r.kind], (int)r.n_exact, (int)r.n_between,
           (int)r.n_estimate, (int)r.n_left_out);
    return EXIT_ANSWERED;
}

int verb_plot(int argc, char **argv)
{
    const struct argp argp = {.options = option_table,
                              .parser = parse,
                              .args_doc = "REPORT...",
                              .doc = doc};
    plot_options o = {.model = {.verb = "plot"},
                      .report = calloc((size_t)argc, sizeof *o.report)};
    session s = {0};
    int code;
    if (o.report) {
        argp_parse(&argp, argc, argv, 0, NULL, &o);
        o.model.out = o.out;
        code = session_start(&s, &o.model);
    } else {
        code = session_no_memory();
    }
    if (code == EXIT_ANSWERED)
        code = plot(&s, &o);
    session_close(&s);
    free(o.report);
    return code;
}
