/* pleats draw: a picture of the regions on a plane. */
#include "domain_options.h"
#include "exit_codes.h"
#include "numbers.h"
#include "report.h"
#include "signals.h"
#include "verbs.h"

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
    KEY_MAX_CELLS
};

typedef struct {
    model_options model;
    domain_options domain;
    pleats_draw_options draw;
    const char *out;
} draw_verb_options;

static const char doc[] =
    "Draws the activation regions of a network on a bounded plane, each cell "
    "in "
    "its exact place: a domain of dimension 2, such as --box LO,HI for two "
    "inputs, --plane, or --rows with three rows, which are marked.\v"
    "What the colour of a cell says (--colour):\n"
    "  pattern   its activation pattern (default); one pattern has one colour "
    "in all pictures of a network\n"
    "  depth     the layer of the last of its walls\n"
    "  active    how many units are on a piece with a slope\n"
    "  gradient  the norm of the outputs' derivatives along the plane's axes\n"
    "  output    the value of --output N, shaded within the cell\n"
    "  class     the greatest output; with one output, whether it is below "
    "--level\n\n"
    "Walls are coloured by the layer of their unit.  The decision boundary, "
    "where the two greatest outputs tie or the only one crosses --level, is "
    "black on top.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats draw moons.onnx --box -1,1 -o moons.png\n"
    "  pleats draw digits.onnx --rows digits.npz:0,1,2 --colour class -o "
    "three.pdf\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"out", KEY_OUT, "FILE", 0,
     "The picture: .svg, .pdf or .png by its name (needed)", 0},
    {"colour", KEY_COLOUR, "NAME", 0,
     "pattern, depth, active, gradient, output or class", 0},
    {"output", KEY_OUTPUT, "N", 0,
     "The output that --colour output shows (default 0)", 0},
    {"level", KEY_LEVEL, "X", 0,
     "Where the boundary of a network with one output is (default 0)", 0},
    {"no-walls", KEY_NO_WALLS, NULL, 0, "No lines between regions", 0},
    {"no-boundary", KEY_NO_BOUNDARY, NULL, 0, "No decision boundary", 0},
    {"width", KEY_WIDTH, "W", 0,
     "Width in points, 1/72 inch (default 480), or pixels (default 1200)", 0},
    {"title", KEY_TITLE, "TEXT", 0,
     "What the legend calls the network (default: its file)", 0},
    {"max-cells", KEY_MAX_CELLS, "N", 0, "Give up above N regions", 0},
    {0}};

static const struct argp_child children[] = {
    {&domain_argp, 0, "Domain, one of:", 1}, {&model_argp, 0, NULL, 0}, {0}};

static void read_colour(const struct argp_state *state, const char *name,
                        pleats_draw_options *o)
{
    static const char *const names[] = {
        [PLEATS_DRAW_PATTERN] = "pattern", [PLEATS_DRAW_DEPTH] = "depth",
        [PLEATS_DRAW_ACTIVE] = "active",   [PLEATS_DRAW_GRADIENT] = "gradient",
        [PLEATS_DRAW_OUTPUT] = "output",   [PLEATS_DRAW_CLASS] = "class"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            o->colour = (pleats_draw_colour)i;
            return;
        }
    refuse_usage(state,
                 "--colour %s: must be one of pattern, depth, active, "
                 "gradient, output, class",
                 name);
}

/* A finite number in [lo, hi]. */
static double read_number(const struct argp_state *state, const char *flag,
                          const char *value, double lo, double hi)
{
    char *end;
    double x = strtod(value, &end);
    if (end == value || *end || !isfinite(x) || x < lo || x > hi)
        refuse_usage(state, "%s %s: must be a number from %g to %g", flag,
                     value, lo, hi);
    return x;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    draw_verb_options *o = state->input;
    int64_t n = 0;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        return 0;
    case KEY_OUT:
        o->out = value;
        return 0;
    case KEY_COLOUR:
        read_colour(state, value, &o->draw);
        return 0;
    case KEY_OUTPUT:
        if (!read_whole(value, &n) || n > INT32_MAX)
            refuse_usage(state, "--output %s: must be a whole number", value);
        o->draw.output = (int32_t)n;
        return 0;
    case KEY_LEVEL:
        o->draw.level = read_number(state, "--level", value, -1e300, 1e300);
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
        if (!read_whole(value, &n) || n == 0)
            refuse_usage(state,
                         "--max-cells %s: must be a positive whole "
                         "number",
                         value);
        o->draw.max_cells = (uint64_t)n;
        return 0;
    case ARGP_KEY_END:
        if (!o->out)
            refuse_usage(state,
                         "--out FILE is missing: where the picture goes");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int print_json(const session *s, const draw_verb_options *o,
                      const pleats_domain *domain, const pleats_draw_result *r)
{
    const report_facts facts = {.verb = "draw",
                                .domain = pleats_domain_text(domain),
                                .definition = "activation regions",
                                .label = "exact",
                                .complete = true,
                                .seconds = r->seconds};
    json_t *own = json_pack(
        "{s:o, s:o, s:I, s:o}", "regions", report_text(r->regions), "file",
        report_text(o->out), "boundary_segments",
        (json_int_t)r->boundary_segments, "remarks", report_remarks(s));
    return report_print(report_new(s, &facts), own);
}

static int draw(session *s, draw_verb_options *o, const pleats_domain *domain)
{
    pleats_draw_result result;
    cancel_on_signals(s->ctx);
    pleats_status status =
        pleats_draw(s->ctx, s->net, domain, &o->draw, o->out, &result);
    release_signals();
    int code = EXIT_ANSWERED;
    session_show_remarks(s);
    if (status != PLEATS_OK)
        code = session_fail(s, status);
    else if (o->model.json)
        code = print_json(s, o, domain, &result);
    else
        printf("%s: %s activation regions (exact) on %s\n", o->out,
               result.regions, pleats_domain_text(domain));
    pleats_draw_result_clear(s->ctx, &result);
    return code;
}

int verb_draw(int argc, char **argv)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    draw_verb_options o = {0};
    session s;
    pleats_domain *domain = NULL;
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    int code = session_open(&s, &o.model);
    if (code == EXIT_ANSWERED)
        code = domain_open(&s, &o.domain, &domain);
    if (code == EXIT_ANSWERED)
        code = draw(&s, &o, domain);
    if (s.ctx)
        pleats_domain_free(s.ctx, domain);
    session_close(&s);
    return code;
}
