/* pleats local: the region that holds a point, and what is around it. */
#include "exit_codes.h"
#include "options/numbers.h"
#include "options/point_option.h"
#include "pleats/local.h"
#include "print/local_report.h"
#include "print/output_file.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEY_POINT = 0x300, KEY_MAP, KEY_VERTICES, KEY_FACETS };

typedef struct {
    model_options model;
    domain_options domain;
    pleats_local_options local;
    const char *point;
    bool facets;
} local_verb_options;

static const char doc[] =
    "The activation region that holds a point: its pattern, its affine map, "
    "its facets with the regions behind them, the largest ball about the point "
    "inside it, the nearest walls of every layer, and its shape."
    "\v"
    "A facet is a half-space of the region that the others do not imply. Each "
    "one, and each redundant one, is proven, over the rationals where rounding "
    "bounds do not tell; what no proof was found for is counted as undecided, "
    "and the answer is then not exact. A data row is taken as the exact "
    "numbers that its doubles are. A point on a wall is refused, with the "
    "units whose breakpoint it is on. Balls and distances are about walls of "
    "units; the domain's sides are facets, but no walls.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats local net.onnx --at data.npz:7\n"
    "  pleats local net.onnx --point 0.5,0.25 --box -1,1 --vertices\n"
    "  pleats local net.onnx --at data.npz:7 --map map.npz "
    "--json\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"point", KEY_POINT, "X,Y,...", 0,
     "The point, instead of --at: each number as the nearest double", 0},
    {"map", KEY_MAP, "FILE.npz", 0,
     "Write the affine map y = A x + b of the region, arrays A and "
     "b" OUTPUT_HELP,
     0},
    {"vertices", KEY_VERTICES, NULL, 0,
     "Also the vertices, exactly; in at most 8 dimensions", 0},
    {"facets", KEY_FACETS, NULL, 0, "Print every facet (--json always does)",
     0},
    {0}};

static const struct argp_child children[] = {
    {&domain_argp, 0, NULL, 0}, {&model_argp, 0, NULL, 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    local_verb_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        return 0;
    case KEY_POINT:
        o->point = value;
        return 0;
    case KEY_MAP:
        o->model.out = value;
        return 0;
    case KEY_VERTICES:
        o->local.vertices = true;
        return 0;
    case KEY_FACETS:
        o->facets = true;
        return 0;
    case ARGP_KEY_END:
        check_point(state, &o->domain, o->point);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int report(session *s, const local_verb_options *o,
                  const pleats_local_result *r)
{
    char point[512];
    int code = EXIT_ANSWERED;
    point_text(&o->domain, o->point, point, sizeof point);
    const local_report facts = {
        s, r, pleats_domain_text(s->domain), point, o->model.out, o->facets};
    if (s->out) {
        pleats_status status = pleats_local_write_map(s->ctx, r, s->out);
        code = status == PLEATS_OK ? output_file_commit(s)
                                   : session_fail(s, status);
    }
    if (code == EXIT_ANSWERED && o->model.json)
        code = local_print_json(&facts);
    else if (code == EXIT_ANSWERED && session_prints(s))
        local_print_text(&facts);
    if (code == EXIT_ANSWERED && r->stopped)
        return EXIT_PARTIAL;
    return code == EXIT_ANSWERED && !r->exact ? EXIT_UNDECIDED : code;
}

static int answer(session *s, void *options)
{
    local_verb_options *o = options;
    pleats_local *local = NULL;
    pleats_local_result result = {0};
    o->local.map = o->model.out || o->model.json;
    pleats_status status = pleats_local_new(s->ctx, s->net, s->domain, &local);
    if (status == PLEATS_OK)
        status =
            pleats_local_at(s->ctx, local, s->point, &o->local, NULL, &result);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED)
        code = report(s, o, &result);
    pleats_local_result_clear(s->ctx, &result);
    pleats_local_free(s->ctx, local);
    return code;
}

int verb_local(int argc, char **argv)
{
    const struct argp argp = {
        option_table, parse, "MODEL --at F:I", doc, children, NULL, NULL};
    local_verb_options o = {.domain = {.at_is_point = true}};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .point = &o.point,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
