/* pleats draw: regions on a plane, curves on a line, surfaces in space. */
#include "exit_codes.h"
#include "options/domain_options.h"
#include "options/numbers.h"
#include "print/output_file.h"
#include "print/report.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_OUT = 'o',
    KEY_COLOUR = 256,
    KEY_OUTPUT,
    KEY_LEVEL,
    KEY_NO_WALLS,
    KEY_NO_BOUNDARY,
    KEY_WIDTH,
    KEY_TITLE,
    KEY_MAX_CELLS,
    KEY_HISTOGRAM,
    KEY_OPEN
};

enum { MOST_MODELS = 100 };

typedef struct {
    model_options model;
    domain_options domain;
    pleats_draw_options draw;
    pleats_limits limits;
    const char *path[MOST_MODELS]; /* of the models, the first one's too */
    int32_t n_models;
    pleats_net *other[MOST_MODELS]; /* all but the first one's */
} draw_verb_options;

static const char doc[] =
    "Draws a network: the activation regions on a bounded plane, each cell in "
    "its exact place (a domain of dimension 2, such as --box LO,HI for two "
    "inputs, --plane, --axes, or --rows with three rows); its outputs as "
    "curves "
    "along a line (--line, --rows with two rows); a level of an output in "
    "space.  Several models, checkpoints of one training run, are drawn side "
    "by side, with a curve of their counts.\v"
    "What the file is:\n"
    "  .svg .pdf .png  a picture for a paper\n"
    "  .html           a plane as a page to explore, in one file\n"
    "  .obj .ply       in three dimensions (--box, --axes I,J,K) the closed\n"
    "                  surface around all points with an output below "
    "--level\n\n"
    "What the colour of a cell says (--colour):\n"
    "  pattern   its activation pattern (default); a pattern has one colour "
    "in\n"
    "            all pictures of a network\n"
    "  depth     the layer of the last of its walls\n"
    "  active    how many units are on a piece with a slope\n"
    "  gradient  the norm of the outputs' derivatives along the plane's axes\n"
    "  output    the value of --output N, shaded within the cell\n"
    "  class     the greatest output; with one output, whether it is below "
    "--level\n\n"
    "Walls are coloured by the layer of their unit.  The decision boundary, "
    "where the two greatest outputs tie or the only one crosses --level, is "
    "black on top.  Data rows are marked.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats draw moons.onnx --box -1,1 -o moons.png\n"
    "  pleats draw digits.onnx --rows digits.npz:0,1,2 --colour class -o "
    "three.pdf\n"
    "  pleats draw digits.onnx --rows digits.npz:0,1 -o between.svg\n"
    "  pleats draw epoch*.onnx --box -1,1 -o training.html\n"
    "  pleats draw sdf.onnx --box -1,1 -o solid.ply\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"out", KEY_OUT, "FILE", 0,
     "The picture: .svg, .pdf, .png, .html, .obj or .ply by its name "
     "(needed)" OUTPUT_HELP,
     0},
    {"colour", KEY_COLOUR, "NAME", 0,
     "pattern, depth, active, gradient, output or class", 0},
    {"output", KEY_OUTPUT, "N", 0,
     "The output for --colour output and surfaces (default 0), and the only "
     "one along a line (default all)",
     0},
    {"level", KEY_LEVEL, "X", 0,
     "Where a surface is, and the boundary of a network with one output "
     "(default 0)",
     0},
    {"histogram", KEY_HISTOGRAM, "NAME", 0,
     "Instead of the plane, how area, gradient, sides, active or depth is "
     "spread over its regions",
     0},
    {"open", KEY_OPEN, NULL, 0,
     "A surface ends at the domain's sides, and is not closed there", 0},
    {"no-walls", KEY_NO_WALLS, NULL, 0, "No lines between regions", 0},
    {"no-boundary", KEY_NO_BOUNDARY, NULL, 0, "No decision boundary", 0},
    {"width", KEY_WIDTH, "W", 0,
     "Width in points, 1/72 inch (default 480); of a PNG, pixels (default "
     "1200)",
     0},
    {"title", KEY_TITLE, "TEXT", 0,
     "What the legend calls the network (default: its file)", 0},
    {"max-cells", KEY_MAX_CELLS, "N", 0, "Draw at most N regions", 0},
    {0}};

static const struct argp_child children[] = {
    {&domain_argp, 0, "Domain, one of:", 1},
    {&drawn_model_argp, 0, NULL, 0},
    {0}};

/* The place of a name in a list [n]. */
static int read_name(const struct argp_state *state, const char *flag,
                     const char *name, const char *const *list, int n)
{
    char all[128] = "";
    for (int i = 0; i < n; i++) {
        size_t end = strlen(all);
        if (strcmp(name, list[i]) == 0)
            return i;
        snprintf(all + end, sizeof all - end, "%s%s", i ? ", " : "", list[i]);
    }
    refuse_usage(state, "%s %s: must be one of %s", flag, name, all);
}

static pleats_draw_colour read_colour(const struct argp_state *state,
                                      const char *name)
{
    static const char *const names[] = {
        [PLEATS_DRAW_PATTERN] = "pattern", [PLEATS_DRAW_DEPTH] = "depth",
        [PLEATS_DRAW_ACTIVE] = "active",   [PLEATS_DRAW_GRADIENT] = "gradient",
        [PLEATS_DRAW_OUTPUT] = "output",   [PLEATS_DRAW_CLASS] = "class"};
    return (pleats_draw_colour)read_name(state, "--colour", name, names, 6);
}

static pleats_draw_histogram read_histogram(const struct argp_state *state,
                                            const char *name)
{
    static const char *const names[] = {"area", "gradient", "sides", "active",
                                        "depth"};
    int i = read_name(state, "--histogram", name, names, 5);
    return (pleats_draw_histogram)(PLEATS_HISTOGRAM_AREA + i);
}

/* A finite number in [lo, hi]. */
static double read_number(const struct argp_state *state, const char *flag,
                          const char *value, double lo, double hi)
{
    double x = 0;
    if (!read_decimal(value, &x) || x < lo || x > hi)
        refuse_usage(state, "%s %s: must be a number from %g to %g", flag,
                     value, lo, hi);
    return x;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    draw_verb_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        return 0;
    case KEY_OUT:
        o->model.out = value;
        return 0;
    case KEY_COLOUR:
        o->draw.colour = read_colour(state, value);
        return 0;
    case KEY_OUTPUT:
        o->draw.output =
            (int32_t)take_number(state, "--output", value, 0, INT32_MAX);
        o->draw.has_output = true;
        return 0;
    case KEY_LEVEL:
        o->draw.has_level = true;
        o->draw.level = read_number(state, "--level", value, -1e300, 1e300);
        return 0;
    case KEY_HISTOGRAM:
        o->draw.histogram = read_histogram(state, value);
        return 0;
    case KEY_OPEN:
        o->draw.open = true;
        return 0;
    case KEY_NO_WALLS:
        o->draw.no_walls = true;
        return 0;
    case KEY_NO_BOUNDARY:
        o->draw.no_boundary = true;
        return 0;
    case KEY_WIDTH:
        o->draw.width = read_number(state, "--width", value, 100, 20000);
        return 0;
    case KEY_TITLE:
        o->draw.title = value;
        return 0;
    case KEY_MAX_CELLS:
        o->limits.cells =
            (uint64_t)take_number(state, "--max-cells", value, 1, INT64_MAX);
        return 0;
    case ARGP_KEY_ARG:
        if (o->n_models == 0)
            o->model.path = value;
        if (o->n_models == MOST_MODELS)
            refuse_usage(state, "at most %d models", MOST_MODELS);
        o->path[o->n_models++] = value;
        return 0;
    case ARGP_KEY_END:
        if (!o->model.out)
            refuse_usage(state,
                         "--out FILE is missing: where the picture goes");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- the answer ---- */

/* Models, counts, and what is in the file. */
static int print_json(const session *s, const draw_verb_options *o,
                      const pleats_draw_result *r)
{
    const report_facts facts = {.verb = "draw",
                                .domain = pleats_domain_text(s->domain),
                                .definition = "activation regions",
                                .label = pleats_label_text(r->label),
                                .complete = !r->stopped,
                                .seconds = r->seconds};
    json_t *models = json_array();
    for (int32_t i = 0; i < o->n_models; i++)
        report_append(&models,
                      json_pack("{s:o, s:o}", "path", report_text(o->path[i]),
                                "regions", report_text(r[i].regions)));
    json_t *own = json_pack(
        "{s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:o, s:o}", "regions",
        report_text(r->regions), "models", models, "file",
        report_text(r->is_drawn ? o->model.out : NULL), "boundary_segments",
        (json_int_t)r->boundary_segments, "breakpoints",
        (json_int_t)r->breakpoints, "corners", (json_int_t)r->corners,
        "triangles", (json_int_t)r->triangles, "stopped",
        report_stop(r->stopped), "remarks", report_remarks(s));
    return report_print(report_new(s, &facts), own);
}

static void print_text(const session *s, const draw_verb_options *o,
                       const pleats_draw_result *r)
{
    for (int32_t i = 0; i < o->n_models; i++) {
        if (o->n_models > 1)
            printf("%s: ", o->path[i]);
        printf("%s%s activation region%s (%s%s)\n",
               r[i].stopped ? "at least " : "", r[i].regions,
               strcmp(r[i].regions, "1") == 0 ? "" : "s",
               r[i].stopped ? "lower bound; stopped by the " : "",
               r[i].stopped ? pleats_stop_text(r[i].stopped) : report_exact(s));
    }
    if (r->triangles > 0)
        printf("%lld triangles, %lld corners\n", (long long)r->triangles,
               (long long)r->corners);
    if (r->is_drawn)
        printf("on %s, drawn to %s\n", pleats_domain_text(s->domain),
               o->model.out);
    else
        printf("on %s; nothing is drawn\n", pleats_domain_text(s->domain));
}

/* ---- the work ---- */

/* The models after the first one, which the session has. */
static int load_others(session *s, void *options)
{
    draw_verb_options *o = options;
    pleats_net **other = o->other;
    for (int32_t i = 1; i < o->n_models; i++) {
        pleats_status status =
            pleats_net_load(s->ctx, o->path[i], &o->model.load, &other[i - 1]);
        if (status != PLEATS_OK)
            return session_fail(s, status);
        s->n_rounded += pleats_net_n_rounded(other[i - 1]);
    }
    return EXIT_ANSWERED;
}

/* The last part of a path. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_partial(const draw_verb_options *o, const pleats_draw_result *r)
{
    for (int32_t i = 0; i < o->n_models; i++)
        if (r[i].stopped)
            return true;
    return false;
}

static pleats_status draw(session *s, const draw_verb_options *o,
                          pleats_draw_result *result)
{
    const pleats_net *net[MOST_MODELS];
    const char *name[MOST_MODELS];
    for (int32_t i = 0; i < o->n_models; i++) {
        net[i] = i == 0 ? s->net : o->other[i - 1];
        name[i] = name_of(o->path[i]);
    }
    return pleats_draw_strip(s->ctx, o->n_models, net, name, s->domain,
                             &o->draw, &o->limits, s->out, result);
}

static int answer(session *s, void *options)
{
    draw_verb_options *o = options;
    pleats_draw_result result[MOST_MODELS] = {0};
    int code = session_finish(s, draw(s, o, result));
    if (code == EXIT_ANSWERED && result->is_drawn)
        code = output_file_commit(s);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, result);
    else if (code == EXIT_ANSWERED && session_prints(s))
        print_text(s, o, result);
    code = session_code(code, is_partial(o, result));
    for (int32_t i = 0; i < o->n_models; i++)
        pleats_draw_result_clear(s->ctx, &result[i]);
    for (int32_t i = 1; i < o->n_models; i++)
        pleats_net_free(s->ctx, o->other[i - 1]);
    return code;
}

int verb_draw(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL...", doc,
                              children,     NULL,  NULL};
    draw_verb_options o = {0};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .open = load_others,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
