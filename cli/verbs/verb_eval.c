/* pleats eval: the network's outputs on data rows. */
#include "exit_codes.h"
#include "options/numbers.h"
#include "print/report.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/rows.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEY_INPUT = 0x300, KEY_ROWS, KEY_PIECES };

typedef struct {
    model_options model;
    const char *input;
    bool pieces;
    int64_t rows; /* at most */
} eval_options;

static const char doc[] =
    "Evaluates a network in float64 on every row of a data file: an .npz file "
    "with array x (first axis: the row) or a .json file with a list of rows. "
    "Prints the outputs of a row on one line, in row-major order."
    "\v"
    "The piece of a unit is the number of its breakpoints strictly below its "
    "input (a ReLU: 0 is off, 1 is on), or for a maximum the index of the "
    "first winner.\n\n"
    "Examples:\n"
    "  pleats eval net.onnx --input data.npz\n"
    "  pleats eval net.onnx --input rows.json --pieces "
    "--json\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"input", KEY_INPUT, "F", 0, "The data rows: an .npz or .json file", 0},
    {"rows", KEY_ROWS, "N", 0, "Only the first N rows", 0},
    {"pieces", KEY_PIECES, NULL, 0, "Also the piece of every unit", 0},
    {0}};

static const struct argp_child children[] = {{&model_argp, 0, NULL, 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    eval_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->model;
        return 0;
    case KEY_INPUT:
        o->input = value;
        return 0;
    case KEY_ROWS:
        if (!read_whole(value, &o->rows) || o->rows == 0)
            refuse_usage(state, "--rows %s: must be a whole number above 0",
                         value);
        return 0;
    case KEY_PIECES:
        o->pieces = true;
        return 0;
    case ARGP_KEY_END:
        if (!o->input)
            refuse_usage(state, "--input is missing: name an .npz or .json "
                                "file with data rows");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The rows' results go to one of two places. */
typedef struct {
    double *y;      /* [n_outputs] */
    int32_t *piece; /* [n_units], NULL when not wanted */
    bool is_json;
    json_t *outputs, *pieces; /* lists of lists; null when not wanted */
} eval_output;

static void print_row(const session *s, const eval_output *o)
{
    for (int32_t i = 0; i < pleats_net_n_outputs(s->net); i++)
        printf("%s%.17g", i > 0 ? " " : "", o->y[i]);
    if (o->piece) {
        printf("\n  pieces");
        for (int32_t i = 0; i < pleats_net_n_units(s->net); i++)
            printf(" %d", o->piece[i]);
    }
    putchar('\n');
}

static void append_row(const session *s, eval_output *o)
{
    json_t *y = json_array(), *piece = o->piece ? json_array() : NULL;
    for (int32_t i = 0; i < pleats_net_n_outputs(s->net); i++)
        report_append(&y, report_number(o->y[i]));
    report_append(&o->outputs, y);
    for (int32_t i = 0; o->piece && i < pleats_net_n_units(s->net); i++)
        report_append(&piece, json_integer(o->piece[i]));
    if (o->piece)
        report_append(&o->pieces, piece);
}

static int eval_rows(session *s, const eval_options *options,
                     const pleats_rows *rows, eval_output *o)
{
    char row[32];
    int64_t n = pleats_rows_count(rows);
    if (options->rows > 0 && options->rows < n)
        n = options->rows;
    for (int64_t i = 0; i < n; i++) {
        pleats_status status = pleats_net_eval(
            s->ctx, s->net, pleats_rows_row(rows, i), o->y, o->piece);
        if (status != PLEATS_OK) {
            snprintf(row, sizeof row, "row %lld", (long long)i);
            return session_fail_at(s, status, row);
        }
        if (o->is_json)
            append_row(s, o);
        else
            print_row(s, o);
    }
    return EXIT_ANSWERED;
}

/* Takes the lists of `o`. */
static int print_json(const session *s, const eval_output *o, double seconds)
{
    const report_facts facts = {
        .verb = "eval", .complete = true, .seconds = seconds};
    json_t *own = json_pack("{s:s, s:O, s:O, s:o}", "arithmetic", "float64",
                            "outputs", o->outputs, "pieces", o->pieces,
                            "remarks", report_remarks(s));
    return report_print(report_new(s, &facts), own);
}

static int answer(session *s, void *opts)
{
    const eval_options *options = opts;
    size_t n_units = (size_t)pleats_net_n_units(s->net);
    eval_output o = {
        .y = calloc((size_t)pleats_net_n_outputs(s->net) + 1, sizeof *o.y),
        .piece = options->pieces ? calloc(n_units + 1, sizeof *o.piece) : NULL,
        .is_json = options->model.json,
        .outputs = json_array(),
        .pieces = options->pieces ? json_array() : json_null()};
    double start = seconds_now();
    int code;
    if (!o.y || (options->pieces && !o.piece))
        code = session_no_memory();
    else
        code = eval_rows(s, options, s->rows, &o);
    if (code == EXIT_ANSWERED && options->model.json)
        code = print_json(s, &o, seconds_now() - start);
    json_decref(o.outputs);
    json_decref(o.pieces);
    free(o.y);
    free(o.piece);
    return code;
}

int verb_eval(int argc, char **argv)
{
    const struct argp argp = {
        option_table, parse, "MODEL --input F", doc, children, NULL, NULL};
    eval_options o = {0};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .input = &o.input,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
