/* pleats cells: all regions of a network on a domain, written to a file. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/work_options.h"
#include "print/output_file.h"
#include "print/progress.h"
#include "print/report.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/cells.h"

#include <stdio.h>
#include <string.h>

enum { KEY_OUT = 'o', KEY_FIELDS = 0x300, KEY_FORMAT, KEY_SHARD };

typedef struct {
    model_options model;
    domain_options domain;
    work_options work;
    pleats_cells_options cells;
} cells_verb_options;

static const struct {
    const char *name;
    unsigned field;
} fields[] = {{"pattern", PLEATS_REGION_PATTERN},
              {"point", PLEATS_REGION_POINT},
              {"map", PLEATS_REGION_MAP},
              {"volume", PLEATS_REGION_VOLUME},
              {"exact_volume", PLEATS_REGION_EXACT_VOLUME},
              {"bounded", PLEATS_REGION_BOUNDED},
              {"class", PLEATS_REGION_CLASS},
              {"slope", PLEATS_REGION_SLOPE},
              {"vertices", PLEATS_REGION_VERTICES},
              {"facets", PLEATS_REGION_FACETS},
              {"neighbours", PLEATS_REGION_NEIGHBOURS},
              {"centre", PLEATS_REGION_CENTRE}};
#define FIELD_NAMES                                                            \
    "pattern, point, map, volume, exact_volume, bounded, class, slope, "       \
    "vertices, facets, neighbours, centre"
enum { N_FIELDS = sizeof fields / sizeof *fields };

static const struct {
    const char *name;
    pleats_cells_format format;
} formats[] = {{"h5", PLEATS_CELLS_HDF5},
               {"npz", PLEATS_CELLS_NPZ},
               {"jsonl", PLEATS_CELLS_JSONL}};
enum { N_FORMATS = sizeof formats / sizeof *formats };

static const char doc[] =
    "Writes every activation region of a network on a domain to a file: its "
    "pattern, a point inside, its affine map. Which regions there are is "
    "certain, as of `pleats count', and each is there once."
    "\v"
    "What is written of each region (--fields):\n"
    "  pattern  the pieces of all units, packed to bits\n"
    "  point    a point near its middle, in doubles, and whether these, as\n"
    "           exact numbers, are proved to be inside (is_inside)\n"
    "  map      y = a x + b, in doubles\n"
    "  volume   in the domain's own coordinates, in doubles, and how far that\n"
    "           is off at most (volume_error); in at most 8 dimensions\n"
    "  exact_volume  the same as a fraction; to JSON lines alone\n"
    "  bounded  whether the region is; in at most 8 dimensions\n"
    "  class    of each output whether it is the largest one nowhere in the\n"
    "           region (0), on a part of it (1) or everywhere (2), exactly; "
    "of\n"
    "           one output: of class 0, where it is below 0, and of class 1\n"
    "  slope    of each output the 1-norm, 2-norm and max norm of its "
    "gradient,\n"
    "           in doubles\n"
    "  vertices  as fractions; rays are left out; to JSON lines alone, in at\n"
    "           most 8 dimensions\n"
    "  facets   of each the unit on whose wall it lies, -1: a side of the\n"
    "           domain; to JSON lines alone, in at most 8 dimensions\n"
    "  neighbours  of each facet, in the same order, the units whose pieces\n"
    "           are others behind it, [[unit, piece], ..]; null: a side of "
    "the\n"
    "           domain; to JSON lines alone, in at most 8 dimensions\n"
    "  centre   of a Euclidean ball inside about as large as can be, and a\n"
    "           radius that is proved for it: the points of the domain that "
    "are\n"
    "           nearer are in the region; none where no ball was proved, as "
    "in\n"
    "           a region that holds balls of any size; in at most 8 "
    "dimensions\n\n"
    "What the file is:\n"
    "  .h5 .hdf5  HDF5, compressed; memory does not grow with the regions\n"
    "  .npz       arrays of numpy, made in memory, of at most 256 MiB\n"
    "  .jsonl     a JSON object a line; also to standard output\n"
    "docs/formats.md has the names and shapes. A run that a limit or an "
    "interrupt stops ends with a whole file of the regions so far, which says "
    "that it is not complete. While it is written it lies beside its place, as "
    "FILE.<random>.part; that stays when the process is killed, and in HDF5 "
    "can be read.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats cells net.onnx --box -1,1 -o cells.h5\n"
    "  pleats cells net.onnx --plane plane.json --fields map -o cells.npz\n"
    "  pleats cells net.onnx --box -1,1 --max-cells 1000 -o - | jq "
    ".point\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"out", KEY_OUT, "FILE", 0,
     "The file: .h5, .hdf5, .npz or .jsonl by its name (needed)" OUTPUT_HELP,
     0},
    {"format", KEY_FORMAT, "NAME", 0,
     "h5, npz or jsonl, whatever the file's name (default for standard output: "
     "jsonl)",
     0},
    {"shard", KEY_SHARD, "R/M", 0,
     "Write part R (from 0) of M parts, each of which has other regions; "
     "pleats "
     "merge -o joins HDF5 files of all parts",
     0},
    {"fields", KEY_FIELDS, "LIST", 0,
     "What to write of each region: " FIELD_NAMES
     ", with commas between (default pattern,point)",
     0},
    {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&drawn_model_argp, 0, NULL, 0},
                                             {&work_argp, 0, NULL, 0},
                                             {0}};

static unsigned read_fields(const struct argp_state *state, const char *list)
{
    unsigned found = 0;
    for (const char *word = list; word;) {
        const char *comma = strchr(word, ',');
        const size_t length = comma ? (size_t)(comma - word) : strlen(word);
        unsigned field = 0;
        for (int i = 0; i < N_FIELDS; i++)
            if (length == strlen(fields[i].name) &&
                memcmp(word, fields[i].name, length) == 0)
                field = fields[i].field;
        if (!field)
            refuse_usage(state,
                         "--fields %s: must be among " FIELD_NAMES
                         ", with commas between",
                         list);
        found |= field;
        word = comma ? comma + 1 : NULL;
    }
    return found;
}

static pleats_cells_format read_format(const struct argp_state *state,
                                       const char *name)
{
    for (int i = 0; i < N_FORMATS; i++)
        if (strcmp(name, formats[i].name) == 0)
            return formats[i].format;
    refuse_usage(state, "--format %s: must be one of h5, npz, jsonl", name);
}

static void check(const struct argp_state *state, cells_verb_options *o)
{
    if (!o->model.out)
        refuse_usage(state, "--out FILE is missing: where the regions go");
    if (!o->cells.format)
        o->cells.format = pleats_cells_format_of(o->model.out);
    if (!o->cells.format)
        refuse_usage(state,
                     "--out %s: must end in .h5, .hdf5, .npz or .jsonl, or "
                     "--format say what it is",
                     o->model.out);
    if (!o->cells.fields)
        o->cells.fields = PLEATS_REGION_PATTERN | PLEATS_REGION_POINT;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    cells_verb_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        state->child_inputs[2] = &o->work;
        return 0;
    case KEY_OUT:
        o->model.out = value;
        return 0;
    case KEY_FIELDS:
        o->cells.fields = read_fields(state, value);
        return 0;
    case KEY_SHARD:
        take_shard(state, value, &o->cells.part, &o->cells.of);
        return 0;
    case KEY_FORMAT:
        o->cells.format = read_format(state, value);
        return 0;
    case ARGP_KEY_END:
        check(state, o);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- the answer ---- */

static int print_json(const session *s, const cells_verb_options *o,
                      const pleats_cells_result *r)
{
    const report_facts facts = {.verb = "cells",
                                .domain = pleats_domain_text(s->domain),
                                .definition = "activation regions",
                                .label = pleats_label_text(r->label),
                                .complete = !r->stopped,
                                .seconds = r->seconds};
    json_t *written = json_array();
    for (int i = 0; i < N_FIELDS; i++)
        if (o->cells.fields & fields[i].field)
            report_append(&written, json_string(fields[i].name));
    json_t *own =
        json_pack("{s:o, s:o, s:o, s:i, s:I, s:o, s:o}", "regions",
                  report_text(r->regions), "file", report_text(o->model.out),
                  "fields", written, "dimension", r->dimension, "memory",
                  (json_int_t)pleats_ctx_peak_bytes(s->ctx), "remarks",
                  report_remarks(s), "stopped", report_stop(r->stopped));
    return report_print(report_new(s, &facts), own);
}

static void print_text(const session *s, const cells_verb_options *o,
                       const pleats_cells_result *r)
{
    const char *comma = "";
    printf("%s%s activation region%s (%s%s)\n", r->stopped ? "at least " : "",
           r->regions, strcmp(r->regions, "1") == 0 ? "" : "s",
           r->stopped ? "lower bound; stopped by the " : "",
           r->stopped ? pleats_stop_text(r->stopped) : report_exact(s));
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("domain  %s", pleats_domain_text(s->domain));
    if (r->dimension < 0 && !r->stopped)
        printf(", which is empty");
    else if (r->dimension >= 0 && r->dimension < pleats_net_n_inputs(s->net))
        printf(", of dimension %d", r->dimension);
    printf("\nfields  ");
    for (int i = 0; i < N_FIELDS; i++)
        if (o->cells.fields & fields[i].field) {
            printf("%s%s", comma, fields[i].name);
            comma = ", ";
        }
    printf("\nfile    ");
    print_plain(o->model.out);
    printf("\ncost    %.3g s, %.3g MiB\n", r->seconds,
           (double)pleats_ctx_peak_bytes(s->ctx) / 0x1p20);
}

static int answer(session *s, void *options)
{
    cells_verb_options *o = options;
    pleats_cells_result result = {0};
    progress line;
    progress_start(&line, o->work.progress);
    o->work.limits.progress = progress_report;
    o->work.limits.progress_state = &line;
    o->cells.paranoid = o->work.paranoid;
    o->cells.engine = o->work.engine;
    pleats_status status = pleats_cells_save(
        s->ctx, s->net, s->domain, &o->cells, &o->work.limits, s->out, &result);
    progress_end(&line);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED)
        code = output_file_commit(s);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, &result);
    else if (code == EXIT_ANSWERED && session_prints(s))
        print_text(s, o, &result);
    code = session_code(code, result.stopped);
    pleats_cells_result_clear(s->ctx, &result);
    return code;
}

int verb_cells(int argc, char **argv)
{
    const struct argp argp = {
        option_table, parse, "MODEL -o FILE", doc, children, NULL, NULL};
    cells_verb_options o = {.model = {.keeps_out = true}};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
