/* The public face of graphs of regions. */
#include "pleats/local.h"

#include "api/local_state.h"
#include "local/region_graph.h"

#include <string.h>

void pleats_walk_result_clear(pleats_ctx *ctx, pleats_walk_result *r)
{
    pleats_release(ctx, r->node);
    pleats_release(ctx, r->piece);
    pleats_release(ctx, r->edge);
    pleats_release(ctx, r->unit);
    *r = (pleats_walk_result){0};
}

static pleats_status take_nodes(pleats_ctx *ctx, const pleats_region_graph *g,
                                pleats_walk_result *out)
{
    pleats_status status = PLEATS_OK;
    const size_t n = g->patterns.n, units = (size_t)g->n_units;
    TRY(pleats_alloc(ctx, n, sizeof *out->node, &out->node));
    TRY(pleats_alloc(ctx, n * units, sizeof *out->piece, &out->piece));
    if (n > 0 && units > 0)
        memcpy(out->piece, g->piece, n * units * sizeof *out->piece);
    for (size_t i = 0; i < n; i++) {
        const pleats_region_graph_node *from = &g->node[i];
        pleats_walk_node *to = &out->node[i];
        to->depth = from->depth;
        to->expanded = !from->is_open;
        to->exact = from->is_exact;
        to->facets = from->n_facets;
        to->sides = from->n_sides;
        pleats_digest_hex(&from->digest, to->hash);
    }
    out->n_nodes = (int64_t)n;
    out->n_units = g->n_units;
done:
    return status;
}

static pleats_status take_edges(pleats_ctx *ctx, const pleats_region_graph *g,
                                pleats_walk_result *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, g->n_edges, sizeof *out->edge, &out->edge));
    TRY(pleats_alloc(ctx, g->n_listed, sizeof *out->unit, &out->unit));
    if (g->n_listed)
        memcpy(out->unit, g->unit, g->n_listed * sizeof *out->unit);
    for (size_t i = 0; i < g->n_edges; i++) {
        const pleats_region_graph_edge *e = &g->edge[i];
        out->edge[i] = (pleats_walk_edge){(int64_t)e->from, (int64_t)e->to,
                                          (int64_t)e->n, out->unit + e->first};
    }
    out->n_edges = (int64_t)g->n_edges;
done:
    return status;
}

pleats_status pleats_local_walk(pleats_ctx *ctx, pleats_local *local,
                                const double *x, const pleats_limits *limits,
                                pleats_walk_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    pleats_region_graph graph = {0};
    pleats_place place = {0};
    *out = (pleats_walk_result){0};
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_place_init(ctx, &place, &local->locality, x));
    TRY(pleats_region_graph_grow(ctx, &graph, &place, &watch.limits));
    pleats_set_ending(ctx, true);
    TRY(take_nodes(ctx, &graph, out));
    TRY(take_edges(ctx, &graph, out));
    out->complete = graph.complete;
    out->stopped = graph.stopped;
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_region_graph_clear(ctx, &graph, local->locality.frame.k);
    pleats_place_clear(ctx, &place);
    return status;
}
