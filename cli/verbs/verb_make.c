/* pleats make: networks of an architecture, as ONNX files. */
#include "exit_codes.h"
#include "options/init_options.h"
#include "options/spec_argument.h"
#include "print/output_file.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/make.h"

#include <stdio.h>
#include <string.h>

enum { KEY_CONSTRUCTION = 0x200 };

/* Words of options, in the order of the enums that they stand for. */
static const char *const construction_words[] = {"montufar", "serra", "xiong",
                                                 "folds"};
enum {
    N_CONSTRUCTION_WORDS =
        sizeof construction_words / sizeof *construction_words,
    FOLDS = N_CONSTRUCTION_WORDS - 1 /* which has a function of its own */
};

typedef struct {
    model_options model;
    init_options init;
    const char *construction; /* as given, or NULL */
    int kind;                 /* what it means */
} make_options;

static const char doc[] =
    "Writes a network of an architecture as an ONNX file: with random weights, "
    "the same on every machine for a seed, or one of the constructions that "
    "prove lower bounds, on which `pleats count' finds at least the bound's "
    "number of regions."
    "\v" SPEC_ARGUMENT_HELP
    "\nThe architecture of an ONNX file serves too.\n\n" INIT_HELP "\n"
    "Constructions (ReLU networks with biases; but for folds, no padding):\n"
    "  montufar  folds each input p = floor(n_l / n_0) times in every layer\n"
    "  serra     folds each input p + 1 times, for p >= 3\n"
    "  xiong     folds each channel floor(d_l / d_0) times in every\n"
    "            convolution\n"
    "  folds     the best of these, with padding, groups, pools and residual\n"
    "            branches besides\n"
    "and the last hidden layer is a generic arrangement inside the unit cube.\n"
    "The bound is reached on --box 0,1 (of one layer by folds: on all of "
    "space).\n\n"
    "Examples:\n"
    "  pleats make mlp:2,32,32,1 -o net.onnx --seed 7\n"
    "  pleats make cnn:in=1x8x8/conv=4@3x3/relu/flatten/fc=10 -o net.onnx \\\n"
    "      --init he-normal --bias zero\n"
    "  pleats make mlp:2,6,6,1 -o folds.onnx --construction "
    "serra\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"output", 'o', "FILE", 0, "The ONNX file to write" OUTPUT_HELP, 0},
    {"construction", KEY_CONSTRUCTION, "NAME", 0,
     "The network behind a lower bound: montufar, serra, xiong or folds", 0},
    {0}};

static const struct argp_child children[] = {
    {&init_argp, 0, NULL, 0}, {&common_model_argp, 0, NULL, 0}, {0}};

static error_t end_parse(const struct argp_state *state, const make_options *o)
{
    if (!o->model.out)
        refuse_usage(state, "the file to write is missing: name it with -o");
    if (o->construction && (o->init.weights || o->init.bias))
        refuse_usage(state, "a construction has its own weights: no %s",
                     o->init.weights ? "--init" : "--bias");
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    make_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->init;
        state->child_inputs[1] = &o->model;
        return 0;
    case 'o':
        o->model.out = value;
        return 0;
    case KEY_CONSTRUCTION:
        o->construction = value;
        o->kind = find_word(state, "--construction", value,
                            N_CONSTRUCTION_WORDS, construction_words);
        return 0;
    case ARGP_KEY_END:
        return end_parse(state, o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int print_json(const session *s, const make_options *o,
                      const pleats_spec *spec, const pleats_net *made,
                      double seconds)
{
    const report_facts facts = {.verb = "make",
                                .complete = true,
                                .seconds = seconds,
                                .seed = &o->init.seed};
    const char *init = o->construction ? NULL : init_weights(&o->init);
    const char *bias = o->construction ? NULL : init_bias(&o->init);
    json_t *own = json_pack(
        "{s:{s:o, s:s}, s:o, s:o, s:o, s:i, s:i, s:i, s:I, s:o}", "model",
        "path", report_text(o->model.out), "sha256", pleats_net_sha256(made),
        "init", report_text(init), "bias", report_text(bias), "construction",
        report_text(o->construction), "inputs", pleats_net_n_inputs(made),
        "outputs", pleats_net_n_outputs(made), "units",
        pleats_net_n_units(made), "parameters",
        (json_int_t)pleats_spec_n_parameters(spec), "remarks",
        report_remarks(s));
    return report_print(spec_report_new(s, &facts, spec), own);
}

static void print_text(const make_options *o, const pleats_spec *spec,
                       const pleats_net *made)
{
    printf("%s: %s%s of %s, seed %lld\n", o->model.out,
           o->construction ? "construction " : "random ",
           o->construction ? o->construction : init_weights(&o->init),
           pleats_spec_text(spec), (long long)o->init.seed);
    printf("%d inputs, %d outputs, %lld parameters, %d piecewise-linear units\n"
           "sha256 %s\n",
           pleats_net_n_inputs(made), pleats_net_n_outputs(made),
           (long long)pleats_spec_n_parameters(spec), pleats_net_n_units(made),
           pleats_net_sha256(made));
}

static pleats_status make_net(session *s, const make_options *o,
                              const pleats_spec *spec, pleats_net **net)
{
    if (o->construction && o->kind == FOLDS)
        return pleats_net_folds(s->ctx, spec, o->init.init.seed, net);
    return o->construction
               ? pleats_net_construct(s->ctx, spec,
                                      (pleats_construction)o->kind,
                                      o->init.init.seed, net)
               : pleats_net_random(s->ctx, spec, &o->init.init, net);
}

/* Of float32 in a file. */
#define MOST_PARAMETERS (1LL << 29)

/* Makes and writes; what is told is read back from what was written. */
static int make(session *s, void *options)
{
    const make_options *o = options;
    const pleats_spec *spec = s->spec;
    pleats_net *net = NULL, *made = NULL;
    double start = seconds_now();
    int code = EXIT_ANSWERED;
    if (pleats_spec_n_parameters(spec) > MOST_PARAMETERS) {
        fprintf(stderr,
                "pleats: %lld parameters: an ONNX file of 2 GiB, the most that "
                "there can be, holds at most %lld\n",
                (long long)pleats_spec_n_parameters(spec), MOST_PARAMETERS);
        return EXIT_REFUSED;
    }
    pleats_status status = make_net(s, o, spec, &net);
    if (status != PLEATS_OK)
        code = spec_fail(s, status);
    if (code == EXIT_ANSWERED &&
        (status = pleats_net_write(s->ctx, net, s->out, &made)) != PLEATS_OK)
        code = session_fail(s, status);
    if (code == EXIT_ANSWERED)
        code = output_file_commit(s);
    if (code == EXIT_ANSWERED) {
        session_show_remarks(s);
        if (o->model.json)
            code = print_json(s, o, spec, made, seconds_now() - start);
        else if (session_prints(s))
            print_text(o, spec, made);
    }
    pleats_net_free(s->ctx, net);
    pleats_net_free(s->ctx, made);
    return code;
}

int verb_make(int argc, char **argv)
{
    const struct argp argp = {.options = option_table,
                              .parser = parse,
                              .args_doc = "SPEC",
                              .doc = doc,
                              .children = children};
    make_options o = {.model.or_spec = true};
    const verb v = {
        .argp = &argp, .options = &o, .model = &o.model, .answer = make};
    return run_verb(argc, argv, &v);
}
