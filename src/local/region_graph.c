#include "local/region_graph.h"

#include "count/pieces.h"
#include "exact/integers.h"
#include "local/inside.h"

#include <string.h>

void pleats_region_graph_clear(pleats_ctx *ctx, pleats_region_graph *g,
                               pleats_idx k)
{
    for (size_t i = 0; g->node && i < g->patterns.n; i++)
        pleats_integers_free(ctx, g->node[i].point, (size_t)k + 1);
    pleats_digest_set_clear(ctx, &g->patterns);
    pleats_release(ctx, g->node);
    pleats_release(ctx, g->piece);
    pleats_release(ctx, g->edge);
    pleats_release(ctx, g->unit);
    *g = (pleats_region_graph){0};
}

/* A graph in the making. */
typedef struct {
    pleats_ctx *ctx;
    pleats_region_graph *g;
    const pleats_locality *l;
    const pleats_limits *limits;
    pleats_hasher *hasher;
    pleats_facet_verdict *verdict;
    double *beyond;
    size_t verdict_capacity, beyond_capacity;
} growth;

static void stop(pleats_region_graph *g, pleats_stop why)
{
    g->complete = false;
    if (!g->stopped)
        g->stopped = why;
}

/* Adds a node, whose point [k + 1] is copied. */
static pleats_status add_node(growth *w, const pleats_idx *piece,
                              const pleats_digest *digest, pleats_idx depth,
                              mpz_t *point)
{
    pleats_status status = PLEATS_OK;
    pleats_region_graph *g = w->g;
    size_t n = g->patterns.n, units = (size_t)g->n_units, number;
    size_t width = (size_t)w->l->frame.k + 1;
    mpz_t *own = NULL;
    bool is_new;
    TRY(pleats_grow(w->ctx, &g->node, &g->node_capacity, n + 1,
                    sizeof *g->node));
    TRY(pleats_grow(w->ctx, &g->piece, &g->piece_capacity, (n + 1) * units,
                    sizeof *g->piece));
    TRY(pleats_integers_new(w->ctx, width, &own));
    for (size_t j = 0; j < width; j++)
        mpz_set(own[j], point[j]);
    if (units)
        memcpy(g->piece + n * units, piece, units * sizeof *piece);
    TRY(pleats_digest_set_add(w->ctx, &g->patterns, digest, &number, &is_new));
    g->node[n] = (pleats_region_graph_node){
        .digest = *digest, .depth = depth, .is_open = true, .point = own};
    return PLEATS_OK;
done:
    pleats_integers_free(w->ctx, own, width);
    return status;
}

/* The units that change between two nodes. */
static pleats_status add_edge(growth *w, size_t from, size_t to)
{
    pleats_status status = PLEATS_OK;
    pleats_region_graph *g = w->g;
    size_t units = (size_t)g->n_units;
    TRY(pleats_grow(w->ctx, &g->edge, &g->edge_capacity, g->n_edges + 1,
                    sizeof *g->edge));
    pleats_region_graph_edge e = {from, to, g->n_listed, 0};
    for (size_t u = 0; u < units; u++) {
        if (g->piece[from * units + u] == g->piece[to * units + u])
            continue;
        TRY(pleats_grow(w->ctx, &g->unit, &g->unit_capacity, g->n_listed + 1,
                        sizeof *g->unit));
        g->unit[g->n_listed++] = (pleats_idx)u;
        e.n++;
    }
    g->edge[g->n_edges++] = e;
done:
    return status;
}

/* The pattern across is in crossing->piece. */
static pleats_status meet(growth *w, size_t i, pleats_region *r,
                          pleats_idx facet, const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    pleats_region_graph *g = w->g;
    pleats_digest digest;
    size_t width = (size_t)r->k + 1;
    mpz_t *point = NULL;
    bool found = false;
    pleats_pattern_digest(g->n_units, piece, w->hasher, &digest);
    size_t other = pleats_digest_set_find(&g->patterns, &digest);
    if (other == SIZE_MAX) {
        if (w->limits->cells && g->patterns.n >= w->limits->cells) {
            stop(g, PLEATS_STOP_CELLS);
            return PLEATS_OK;
        }
        TRY(pleats_integers_new(w->ctx, width, &point));
        TRY(pleats_find_inside(w->l, r, facet,
                               w->beyond + (size_t)facet * (size_t)r->k, piece,
                               point, &found));
        if (!found) {
            stop(g, PLEATS_STOP_UNDECIDED);
            goto done;
        }
        other = g->patterns.n;
        TRY(add_node(w, piece, &digest, g->node[i].depth + 1, point));
    }
    if (other > i)
        TRY(add_edge(w, i, other));
done:
    pleats_integers_free(w->ctx, point, width);
    return status;
}

/* Whether the facet is also a side of the domain. */
static bool is_side(const pleats_region *r, pleats_idx facet)
{
    for (pleats_idx i = r->n_units; i < r->n; i++)
        if (r->twin[i] == facet)
            return true;
    return false;
}

static pleats_status cross_facets(growth *w, size_t i, pleats_region *r)
{
    pleats_status status = PLEATS_OK;
    pleats_region_graph *g = w->g;
    pleats_crossing crossing = {0};
    TRY(pleats_crossing_init(&crossing, r));
    g->node[i].is_exact = true;
    for (pleats_idx f = 0; f < r->n; f++) {
        if (w->verdict[f] == PLEATS_FACET_UNDECIDED) {
            g->node[i].is_exact = false;
            stop(g, PLEATS_STOP_UNDECIDED);
        }
        if (!pleats_is_facet(w->verdict[f]))
            continue;
        if (is_side(r, f)) {
            g->node[i].n_sides++;
            continue;
        }
        g->node[i].n_facets++;
        TRY(pleats_check_stop(w->ctx));
        TRY(pleats_cross(&crossing, f));
        TRY(meet(w, i, r, f, crossing.piece));
    }
    g->node[i].is_open = false;
done:
    pleats_crossing_clear(&crossing);
    return status;
}

/* The node's patterns move when nodes are added: the region works on a copy. */
static pleats_status expand(growth *w, size_t i)
{
    pleats_status status = PLEATS_OK;
    pleats_region_graph *g = w->g;
    const size_t units = (size_t)g->n_units, k = (size_t)w->l->frame.k;
    pleats_coordinates about = {0};
    pleats_region r = {0};
    pleats_idx *piece = NULL;
    TRY(pleats_alloc(w->ctx, units, sizeof *piece, &piece));
    if (units)
        memcpy(piece, g->piece + i * units, units * sizeof *piece);
    TRY(pleats_coordinates_about(w->ctx, &w->l->frame.coordinates,
                                 g->node[i].point, false, &about));
    TRY(pleats_region_init(w->ctx, &r, w->l->net, piece, &about, &w->l->frame,
                           g->node[i].point));
    TRY(pleats_region_find_twins(&r));
    TRY(pleats_grow(w->ctx, &w->verdict, &w->verdict_capacity, (size_t)r.n,
                    sizeof *w->verdict));
    TRY(pleats_grow(w->ctx, &w->beyond, &w->beyond_capacity, (size_t)r.n * k,
                    sizeof *w->beyond));
    TRY(pleats_find_facets(&r, w->verdict, w->beyond));
    TRY(pleats_check_stop(w->ctx));
    TRY(cross_facets(w, i, &r));
    pleats_integers_free(w->ctx, g->node[i].point, k + 1);
    g->node[i].point = NULL;
done:
    pleats_region_clear(&r);
    pleats_coordinates_clear(w->ctx, &about);
    pleats_release(w->ctx, piece);
    return status;
}

static void tell(const growth *w, size_t done)
{
    const pleats_progress now = {.found = w->g->patterns.n,
                                 .share =
                                     (double)done / (double)w->g->patterns.n};
    w->limits->progress(w->limits->progress_state, &now);
}

static pleats_status grow_all(growth *w, const pleats_place *start)
{
    pleats_status status = PLEATS_OK;
    pleats_region_graph *g = w->g;
    pleats_digest digest;
    pleats_pattern_digest(g->n_units, start->piece, w->hasher, &digest);
    TRY(add_node(w, start->piece, &digest, 0, start->anchor));
    for (size_t i = 0; i < g->patterns.n; i++) {
        pleats_stop reason = pleats_stop_reason(w->ctx);
        if (reason) {
            stop(g, reason);
            break;
        }
        status = expand(w, i);
        reason = status == PLEATS_LIMIT ? pleats_ctx_limit(w->ctx)
                                        : PLEATS_STOP_NONE;
        if (reason) {
            stop(g, reason);
            status = PLEATS_OK;
            break;
        }
        TRY(status);
        if (w->limits->progress)
            tell(w, i + 1);
    }
done:
    return status;
}

pleats_status pleats_region_graph_grow(pleats_ctx *ctx,
                                       pleats_region_graph *graph,
                                       const pleats_place *start,
                                       const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    growth w = {.ctx = ctx, .g = graph, .l = start->locality, .limits = limits};
    *graph =
        (pleats_region_graph){.n_units = w.l->net->n_units, .complete = true};
    TRY(pleats_hasher_new(ctx, &w.hasher));
    TRY(grow_all(&w, start));
done:
    pleats_hasher_free(ctx, w.hasher);
    pleats_release(ctx, w.verdict);
    pleats_release(ctx, w.beyond);
    return status;
}
