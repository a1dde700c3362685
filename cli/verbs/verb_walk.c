/* pleats walk: the graph of the regions around a point. */
#include "exit_codes.h"
#include "options/numbers.h"
#include "options/point_option.h"
#include "options/run_options.h"
#include "pleats/local.h"
#include "print/graph_file.h"
#include "print/output_file.h"
#include "print/progress.h"
#include "print/report.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_POINT = 0x300, KEY_MAX_REGIONS, KEY_RADIUS, KEY_OUT };

enum { DEFAULT_REGIONS = 1000 };

typedef struct {
    model_options model;
    domain_options domain;
    pleats_limits limits;
    const char *point, *radius;
    bool progress, has_limit;
} walk_verb_options;

static const char doc[] =
    "Walks breadth first from the region that holds a point over its facets to "
    "the regions around it, and prints or writes the graph: a node for each "
    "region, an edge for each facet between two of them."
    "\v"
    "Regions are told apart by their patterns, each is there once, and an edge "
    "names the units that change. Without limits the graph has as many nodes "
    "as `pleats count' says. With --radius the domain is the max-norm ball "
    "about the point, so that the nodes are the regions that meet it, and the "
    "edges the facets inside it. The walk goes on to look at all nodes that it "
    "has after --max-regions, so that every edge between them is "
    "there.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats walk net.onnx --at data.npz:7 --max-regions 500\n"
    "  pleats walk net.onnx --point 0.5,0.25 --box -1,1 --out graph.graphml\n"
    "  pleats walk net.onnx --at data.npz:7 --radius 1/255 "
    "--json\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"point", KEY_POINT, "X,Y,...", 0,
     "The point, instead of --at: each number as the nearest double", 0},
    {"max-regions", KEY_MAX_REGIONS, "N", 0,
     "No more than N regions (default 1000; 0: all)", 0},
    {"radius", KEY_RADIUS, "R", 0,
     "Only regions that meet the max-norm ball of radius R about --at, an "
     "exact decimal or fraction",
     0},
    {"out", KEY_OUT, "FILE", 0,
     "Write the graph: FILE.json or FILE.graphml" OUTPUT_HELP, 0},
    {0}};

static const struct argp_child children[] = {{&domain_argp, 0, NULL, 0},
                                             {&model_argp, 0, NULL, 0},
                                             {&progress_argp, 0, NULL, 0},
                                             {0}};

static void check(const struct argp_state *state, walk_verb_options *o)
{
    check_point(state, &o->domain, o->point);
    if (!o->has_limit)
        o->limits.cells = DEFAULT_REGIONS;
    if (o->model.out && !graph_file_kind(o->model.out))
        refuse_usage(state, "--out %s: must end in .json or .graphml",
                     o->model.out);
    if (!o->radius)
        return;
    if (o->domain.flag)
        refuse_usage(state, "%s and --radius: one domain at a time",
                     o->domain.flag);
    if (o->point)
        refuse_usage(state, "--radius is about a data row: use --at");
    o->domain.kind = DOMAIN_BALL;
    o->domain.flag = "--radius";
    o->domain.eps = o->radius;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    walk_verb_options *o = state->input;
    int64_t n = 0;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->model;
        state->child_inputs[2] = &o->progress;
        return 0;
    case KEY_POINT:
        o->point = value;
        return 0;
    case KEY_MAX_REGIONS:
        if (!read_whole(value, &n))
            refuse_usage(state, "--max-regions %s: must be a whole number",
                         value);
        o->limits.cells = (uint64_t)n;
        o->has_limit = true;
        return 0;
    case KEY_RADIUS:
        o->radius = value;
        return 0;
    case KEY_OUT:
        o->model.out = value;
        return 0;
    case ARGP_KEY_END:
        check(state, o);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void print_text(const session *s, const walk_verb_options *o,
                       const pleats_walk_result *r)
{
    char point[512];
    int32_t depth = 0;
    int64_t open = 0;
    point_text(&o->domain, o->point, point, sizeof point);
    for (int64_t i = 0; i < r->n_nodes; i++) {
        depth = r->node[i].depth > depth ? r->node[i].depth : depth;
        open += !r->node[i].expanded;
    }
    printf("%lld region%s, %lld facet%s between them%s%s%s\n",
           (long long)r->n_nodes, r->n_nodes == 1 ? "" : "s",
           (long long)r->n_edges, r->n_edges == 1 ? "" : "s",
           r->complete ? " (" : "; stopped by: ",
           r->complete ? report_exact(s) : pleats_stop_text(r->stopped),
           r->complete ? ": all of the domain)" : "");
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), r->n_units);
    printf("domain  %s\n", pleats_domain_text(s->domain));
    printf("point   %s\n", point);
    printf("depth   %d", depth);
    if (open)
        printf("; %lld regions not looked at", (long long)open);
    if (o->model.out)
        printf("\ngraph   written to %s", o->model.out);
    printf("\ncost    %.3g s, %.3g MiB\n", r->seconds,
           (double)pleats_ctx_peak_bytes(s->ctx) / 0x1p20);
}

static int print_json(const session *s, const walk_verb_options *o,
                      const pleats_walk_result *r)
{
    char point[512];
    const report_facts facts = {.verb = "walk",
                                .domain = pleats_domain_text(s->domain),
                                .definition = "activation regions",
                                .label = r->complete ? "exact" : "lower",
                                .complete = r->complete,
                                .seconds = r->seconds};
    point_text(&o->domain, o->point, point, sizeof point);
    json_t *own = json_pack(
        "{s:o, s:I, s:I, s:o, s:o}", "point", report_text(point), "regions",
        (json_int_t)r->n_nodes, "edges_found", (json_int_t)r->n_edges, "file",
        report_text(o->model.out), "remarks", report_remarks(s));
    report_put(&own, "graph", o->model.out ? json_null() : graph_json(r));
    report_put(&own, "stopped", report_stop(r->stopped));
    return report_print(report_new(s, &facts), own);
}

static int report(session *s, const walk_verb_options *o,
                  const pleats_walk_result *r)
{
    int code = EXIT_ANSWERED;
    if (o->model.out)
        code = graph_write(s, r);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, r);
    else if (code == EXIT_ANSWERED && session_prints(s))
        print_text(s, o, r);
    if (code == EXIT_ANSWERED && !r->complete)
        code =
            r->stopped == PLEATS_STOP_UNDECIDED ? EXIT_UNDECIDED : EXIT_PARTIAL;
    return code;
}

static int answer(session *s, void *options)
{
    walk_verb_options *o = options;
    pleats_local *local = NULL;
    pleats_walk_result result = {0};
    progress line;
    progress_start(&line, o->progress);
    o->limits.progress = progress_report;
    o->limits.progress_state = &line;
    pleats_status status = pleats_local_new(s->ctx, s->net, s->domain, &local);
    if (status == PLEATS_OK)
        status =
            pleats_local_walk(s->ctx, local, s->point, &o->limits, &result);
    progress_end(&line);
    int code = session_finish(s, status);
    if (code == EXIT_ANSWERED)
        code = report(s, o, &result);
    pleats_walk_result_clear(s->ctx, &result);
    pleats_local_free(s->ctx, local);
    return code;
}

int verb_walk(int argc, char **argv)
{
    const struct argp argp = {
        option_table, parse, "MODEL --at F:I", doc, children, NULL, NULL};
    walk_verb_options o = {.domain = {.at_is_point = true}};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .point = &o.point,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
