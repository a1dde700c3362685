/* pleats merge: the parts of a count, added up. */
#include "exit_codes.h"
#include "options/model_options.h"
#include "print/output_file.h"
#include "print/report.h"
#include "session.h"
#include "verbs/verbs.h"

#include "pleats/cells.h"
#include "pleats/merge.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEY_OUT = 'o', KEY_JSON = 0x640 };

typedef struct {
    const char **report; /* [n_reports] */
    size_t n_reports;
    model_options model; /* its JSON and file */
} merge_options;

static const char doc[] =
    "Adds up the parts of one count: each REPORT is what pleats count --shard "
    "R/M --json printed. All M parts must be there, each once and finished; "
    "the sum is then as exact as a count at one go. Where maps were counted, "
    "they are told apart by the files of --digests. With --out, the REPORTs "
    "are the HDF5 files that pleats cells --shard R/M wrote, and FILE becomes "
    "one that shows the cells of all; they must stay where they are."
    "\v"
    "Examples:\n"
    "  for r in 0 1 2 3; do\n"
    "    pleats count net.onnx --box -1,1 --shard $r/4 --json >part$r.json\n"
    "  done\n"
    "  pleats merge part*.json\n"
    "  pleats merge part*.h5 -o cells.h5\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"out", KEY_OUT, "FILE", 0, "The file of all cells" OUTPUT_HELP, 0},
    {"json", KEY_JSON, NULL, 0, "Answer with one JSON object", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    merge_options *o = state->input;
    switch (key) {
    case KEY_OUT:
        o->model.out = value;
        return 0;
    case KEY_JSON:
        o->model.json = true;
        return 0;
    case ARGP_KEY_ARG:
        o->report[o->n_reports++] = value;
        return 0;
    case ARGP_KEY_END:
        if (o->n_reports == 0)
            refuse_usage(state, "a REPORT is missing: name the files that "
                                "count --shard R/M --json wrote");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *exact(const pleats_merge_result *r)
{
    return r->n_rounded > 0 ? "exact for the rounded parameters" : "exact";
}

static int print_json(session *s, const pleats_merge_result *r)
{
    const report_facts facts = {.verb = "merge",
                                .domain = r->domain,
                                .definition = "activation regions",
                                .label = pleats_label_text(PLEATS_EXACT),
                                .complete = true,
                                .seconds = r->seconds};
    json_t *own = json_pack(
        "{s:{s:n, s:s}, s:I, s:s, s:o, s:{s:I, s:I}, s:i, s:I, s:o}", "model",
        "path", "sha256", r->model_sha256, "rounded_parameters",
        (json_int_t)r->n_rounded, "regions", r->regions, "maps",
        report_text(r->maps), "verdicts", "bounds", (json_int_t)r->by_bounds,
        "exact", (json_int_t)r->by_exact, "dimension", r->dimension, "parts",
        (json_int_t)r->parts, "remarks", report_remarks(s));
    s->n_rounded = r->n_rounded;
    return report_print(report_new(s, &facts), own);
}

static void print_text(const pleats_merge_result *r)
{
    printf("%s activation regions (%s)\n", r->regions, exact(r));
    if (r->maps)
        printf("%s affine maps (%s)\n", r->maps, exact(r));
    printf("model   sha256 %.8s...\ndomain  ", r->model_sha256);
    print_plain(r->domain);
    printf("\nparts   %lld, all there\n", (long long)r->parts);
    printf("proof   %llu verdicts by rounding bounds, %llu by exact "
           "arithmetic\n",
           (unsigned long long)r->by_bounds, (unsigned long long)r->by_exact);
    printf("cost    %.3g s, of all parts together\n", r->seconds);
}

/* Joins files of cells. */
static int join(session *s, const merge_options *o)
{
    uint64_t regions = 0;
    const double start = seconds_now();
    const pleats_status status =
        pleats_cells_join(s->ctx, o->n_reports, o->report, s->out, &regions);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED)
        code = output_file_commit(s);
    if (code == EXIT_ANSWERED && o->model.json) {
        const report_facts facts = {.verb = "merge",
                                    .definition = "activation regions",
                                    .label = pleats_label_text(PLEATS_EXACT),
                                    .complete = true,
                                    .seconds = seconds_now() - start};
        json_t *own = json_pack(
            "{s:n, s:n, s:o, s:I, s:I, s:o}", "model", "rounded_parameters",
            "file", report_text(o->model.out), "regions", (json_int_t)regions,
            "parts", (json_int_t)o->n_reports, "remarks", report_remarks(s));
        return report_print(report_new(s, &facts), own);
    }
    if (code == EXIT_ANSWERED)
        printf("%s: %llu activation regions, of %zu parts\n", o->model.out,
               (unsigned long long)regions, o->n_reports);
    return code;
}

static int merge(session *s, const merge_options *o)
{
    pleats_merge_result r;
    const pleats_status status =
        pleats_merge_counts(s->ctx, o->n_reports, o->report, NULL, &r);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, &r);
    else if (code == EXIT_ANSWERED)
        print_text(&r);
    pleats_merge_result_clear(s->ctx, &r);
    return code;
}

int verb_merge(int argc, char **argv)
{
    const struct argp argp = {.options = option_table,
                              .parser = parse,
                              .args_doc = "REPORT...",
                              .doc = doc};
    merge_options o = {.model = {.verb = "merge"},
                       .report = calloc((size_t)argc, sizeof *o.report)};
    session s = {0};
    int code;
    if (o.report) {
        argp_parse(&argp, argc, argv, 0, NULL, &o);
        code = session_start(&s, &o.model);
    } else {
        code = session_no_memory();
    }
    if (code == EXIT_ANSWERED)
        code = s.out ? join(&s, &o) : merge(&s, &o);
    session_close(&s);
    free(o.report);
    return code;
}
