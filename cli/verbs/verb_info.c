/* pleats info: what a network is made of. */
#include "exit_codes.h"
#include "print/report.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include <stdio.h>
#include <string.h>

enum {
    SHAPE_BYTES = 128,
    PIECES_BYTES = 32,
    NUMBER_BYTES = 24,
    LINE_BYTES = 512
};

static const char doc[] =
    "The layers of a network: their operators, shapes, parameters and "
    "piecewise-linear units with their numbers of pieces."
    "\v"
    "Examples:\n"
    "  pleats info net.onnx\n"
    "  pleats info net.onnx --json\n\n" EXIT_CODES_HELP;

static const struct argp_child children[] = {{&model_argp, 0, NULL, 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    (void)value;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

/* "1x8x8"; a shape that is too long ends in "...". */
static void write_shape(char *out, const pleats_layer *layer)
{
    size_t used = 0;
    out[0] = '\0';
    for (int32_t i = 0; i < layer->n_dims && used + 32 < SHAPE_BYTES; i++)
        used += (size_t)snprintf(out + used, SHAPE_BYTES - used, "%s%lld",
                                 i > 0 ? "x" : "", (long long)layer->dims[i]);
    if (used + 32 >= SHAPE_BYTES)
        snprintf(out + used, SHAPE_BYTES - used, "...");
}

static void write_pieces(char *out, const pleats_layer *layer)
{
    out[0] = '\0';
    if (layer->units > 0 && layer->min_pieces == layer->max_pieces)
        snprintf(out, PIECES_BYTES, "%d", layer->min_pieces);
    else if (layer->units > 0)
        snprintf(out, PIECES_BYTES, "%d-%d", layer->min_pieces,
                 layer->max_pieces);
}

static int64_t count_parameters(const pleats_net *net)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < pleats_net_n_layers(net); i++)
        sum += pleats_net_layer(net, i).parameters;
    return sum;
}

static void write_positive(char *out, int64_t value)
{
    out[0] = '\0';
    if (value > 0)
        snprintf(out, NUMBER_BYTES, "%lld", (long long)value);
}

/* One row of the table, without blanks at its end. */
static void print_layer(int32_t index, const pleats_layer *layer, int shape,
                        int op)
{
    char step[NUMBER_BYTES], parameters[NUMBER_BYTES], units[NUMBER_BYTES];
    char dims[SHAPE_BYTES], pieces[PIECES_BYTES], line[LINE_BYTES];
    snprintf(step, sizeof step, "%d", index);
    write_shape(dims, layer);
    write_pieces(pieces, layer);
    write_positive(parameters, layer->parameters);
    write_positive(units, layer->units);
    snprintf(line, sizeof line, "%4s  %-*s  %-*s  %10s  %8s  %6s",
             index < 0 ? "" : step, op, layer->op, shape, dims, parameters,
             units, pieces);
    size_t length = strlen(line);
    while (!layer->name[0] && length > 0 && line[length - 1] == ' ')
        length--;
    printf("%.*s%s", (int)length, line, layer->name[0] ? "  " : "");
    print_plain(layer->name);
    putchar('\n');
}

static void print_table(const session *s)
{
    int shape = 5, op = 8;
    char dims[SHAPE_BYTES];
    int32_t n = pleats_net_n_layers(s->net);
    for (int32_t i = -1; i < n; i++) {
        pleats_layer layer = pleats_net_layer(s->net, i);
        write_shape(dims, &layer);
        shape = (int)strlen(dims) > shape ? (int)strlen(dims) : shape;
        op = (int)strlen(layer.op) > op ? (int)strlen(layer.op) : op;
    }
    int32_t n_inputs = pleats_net_n_inputs(s->net);
    int32_t n_outputs = pleats_net_n_outputs(s->net);
    printf("%s: %d input%s, %d output%s, %lld parameters, %d piecewise-linear "
           "units\n",
           s->name, n_inputs, n_inputs == 1 ? "" : "s", n_outputs,
           n_outputs == 1 ? "" : "s", (long long)count_parameters(s->net),
           pleats_net_n_units(s->net));
    printf("sha256 %s\n", pleats_net_sha256(s->net));
    if (s->n_rounded > 0)
        printf("%lld parameters are rounded to double\n",
               (long long)s->n_rounded);
    printf("\n%4s  %-*s  %-*s  %10s  %8s  %6s  %s\n", "step", op, "operator",
           shape, "shape", "parameters", "units", "pieces", "name");
    for (int32_t i = 0; i < pleats_net_n_input_tensors(s->net); i++) {
        int32_t first = 0;
        pleats_layer layer = pleats_net_input_tensor(s->net, i, &first);
        print_layer(-1, &layer, shape, op);
    }
    for (int32_t i = 0; i < n; i++) {
        pleats_layer layer = pleats_net_layer(s->net, i);
        print_layer(i, &layer, shape, op);
    }
}

static json_t *layer_json(const pleats_layer *layer)
{
    json_t *shape = json_array();
    for (int32_t i = 0; i < layer->n_dims; i++)
        report_append(&shape, json_integer(layer->dims[i]));
    return json_pack("{s:o, s:o, s:o, s:I, s:i, s:[i,i]}", "name",
                     report_text(layer->name), "operator",
                     report_text(layer->op), "shape", shape, "parameters",
                     (json_int_t)layer->parameters, "units", layer->units,
                     "pieces", layer->min_pieces, layer->max_pieces);
}

/* The tensors that make up the input, and where each begins in it. */
static json_t *tensors_json(const session *s)
{
    json_t *tensors = json_array();
    for (int32_t i = 0; i < pleats_net_n_input_tensors(s->net); i++) {
        int32_t first = 0;
        pleats_layer layer = pleats_net_input_tensor(s->net, i, &first);
        json_t *shape = json_array();
        for (int32_t k = 0; k < layer.n_dims; k++)
            json_array_append_new(shape, json_integer(layer.dims[k]));
        json_array_append_new(tensors,
                              json_pack("{s:o, s:o, s:i}", "name",
                                        report_text(layer.name), "shape", shape,
                                        "first", first));
    }
    return tensors;
}

static int print_json(const session *s)
{
    const report_facts facts = {
        .verb = "info", .label = "exact", .complete = true};
    json_t *root = report_new(s, &facts), *layers = json_array();
    for (int32_t i = 0; i < pleats_net_n_layers(s->net); i++) {
        pleats_layer layer = pleats_net_layer(s->net, i);
        report_append(&layers, layer_json(&layer));
    }
    pleats_layer input = pleats_net_layer(s->net, -1);
    json_t *own = json_pack(
        "{s:i, s:i, s:i, s:I, s:o, s:o, s:o, s:o}", "inputs",
        pleats_net_n_inputs(s->net), "outputs", pleats_net_n_outputs(s->net),
        "units", pleats_net_n_units(s->net), "parameters",
        (json_int_t)count_parameters(s->net), "input", layer_json(&input),
        "input_tensors", tensors_json(s), "layers", layers, "remarks",
        report_remarks(s));
    return report_print(root, own);
}

static int answer(session *s, void *options)
{
    const model_options *o = options;
    if (o->json)
        return print_json(s);
    print_table(s);
    return EXIT_ANSWERED;
}

int verb_info(int argc, char **argv)
{
    const struct argp argp = {
        .parser = parse, .args_doc = "MODEL", .doc = doc, .children = children};
    model_options o = {0};
    const verb v = {
        .argp = &argp, .options = &o, .model = &o, .answer = answer};
    return run_verb(argc, argv, &v);
}
