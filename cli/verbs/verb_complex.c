/* pleats complex: the faces of a network on a domain, and their topology. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/run_options.h"
#include "print/complex_report.h"
#include "print/dual_file.h"
#include "print/output_file.h"
#include "print/progress.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include <stdio.h>

enum {
    KEY_OUTPUT = 0x300,
    KEY_LEVEL,
    KEY_CLASSES,
    KEY_EXACT,
    KEY_GRAPH,
    KEY_MAX_CELLS
};

typedef struct {
    model_options model;
    domain_options domain;
    pleats_complex_options complex;
    pleats_limits limits;
    bool progress, has_output;
} complex_verb_options;

static const char doc[] =
    "The polyhedral complex that a network makes of a domain: how many faces "
    "of every dimension there are, from vertices to regions, which regions "
    "share a facet, and the topology of an output's level sets and of classes: "
    "Betti numbers, components and their volumes. The domain must be one "
    "bounded convex set of at most 8 dimensions."
    "\v"
    "A face is where every unit is on the same side of each of its "
    "breakpoints, or on it, and the same sides of the domain are met. Faces "
    "are convex, and the closure of one is a union of faces, whatever the "
    "weights are: dead, equal and parallel units, biases of 0 and walls that "
    "meet in one point are nothing special. All of it is worked out over the "
    "integers; the alternating sum of the numbers of faces, 1 for a convex "
    "set, is checked.\n"
    "Sets are closed: a class is where its output is at least as large as all "
    "others (of one output, class 0 is where it is at most 0, class 1 where it "
    "is at least 0). Betti number i counts holes of dimension i: components, "
    "tunnels, voids. Components are those of the insides, joined through "
    "facets, with volumes in the domain's own coordinates "
    "(docs/formats.md).\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats complex net.onnx --box -1,1\n"
    "  pleats complex net.onnx --box -1,1 --classes --exact\n"
    "  pleats complex net.onnx --plane plane.json --output 0 --level 1/2\n"
    "  pleats complex net.onnx --box 0,1 --graph "
    "dual.graphml\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"level", KEY_LEVEL, "T", 0,
     "Also the topology of the sets where an output is at most, at least and "
     "just T, an exact decimal or fraction",
     0},
    {"output", KEY_OUTPUT, "J", 0, "That output, from 0 (default 0)", 0},
    {"classes", KEY_CLASSES, NULL, 0,
     "Also the topology of every class and of the boundary between them, and "
     "the components of classes",
     0},
    {"exact", KEY_EXACT, NULL, 0,
     "Also the volumes of components as fractions, which grow with every "
     "region",
     0},
    {"graph", KEY_GRAPH, "FILE", 0,
     "Write the regions and which of them share a facet: FILE.graphml, "
     "FILE.json or FILE.edges" OUTPUT_HELP,
     0},
    {"max-cells", KEY_MAX_CELLS, "N", 0, "Stop beyond N regions", 0},
    {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&drawn_model_argp, 0, NULL, 0},
                                             {&progress_argp, 0, NULL, 0},
                                             {0}};

static void check(const struct argp_state *state, const complex_verb_options *o)
{
    if (o->has_output && !o->complex.level)
        refuse_usage(state, "--output is for --level");
    if (o->complex.exact_volumes && !o->complex.classes)
        refuse_usage(state, "--exact is for --classes");
    if (o->model.out && !dual_file_kind(o->model.out))
        refuse_usage(state, "--graph %s: must end in .graphml, .json or .edges",
                     o->model.out);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    complex_verb_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        state->child_inputs[2] = &o->progress;
        return 0;
    case KEY_OUTPUT:
        o->has_output = true;
        o->complex.output =
            (int32_t)take_number(state, "--output", value, 0, INT32_MAX);
        return 0;
    case KEY_LEVEL:
        o->complex.level = value;
        return 0;
    case KEY_CLASSES:
        o->complex.classes = true;
        return 0;
    case KEY_EXACT:
        o->complex.exact_volumes = true;
        return 0;
    case KEY_GRAPH:
        o->model.out = value;
        return 0;
    case KEY_MAX_CELLS:
        o->limits.cells =
            (uint64_t)take_number(state, "--max-cells", value, 1, INT64_MAX);
        return 0;
    case ARGP_KEY_END:
        check(state, o);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A graph that is not whole is not written. */
static int report(session *s, const complex_verb_options *o,
                  const pleats_complex_result *r)
{
    int code = EXIT_ANSWERED;
    if (s->out && r->label == PLEATS_EXACT && (r->n_nodes > 0 || !r->stopped))
        code = dual_write(s, r);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_complex_json(s, o->complex.level, r);
    else if (code == EXIT_ANSWERED && session_prints(s))
        print_complex_text(s, o->complex.level, r);
    return session_code(code, r->stopped);
}

static int answer(session *s, void *options)
{
    complex_verb_options *o = options;
    pleats_complex_result result = {0};
    progress line;
    progress_start(&line, o->progress);
    o->limits.progress = progress_report;
    o->limits.progress_state = &line;
    o->complex.graph = s->out != NULL;
    pleats_status status = pleats_complex(s->ctx, s->net, s->domain,
                                          &o->complex, &o->limits, &result);
    progress_end(&line);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED)
        code = report(s, o, &result);
    pleats_complex_result_clear(s->ctx, &result);
    return code;
}

int verb_complex(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    complex_verb_options o = {0};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
