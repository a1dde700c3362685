/* Regions and their neighbours as a graph, from one region outwards. */
#ifndef PLEATS_LOCAL_REGION_GRAPH_H
#define PLEATS_LOCAL_REGION_GRAPH_H

#include "exact/digest.h"
#include "local/local.h"

typedef struct {
    pleats_digest digest; /* of the pattern */
    pleats_idx depth;     /* facets on a shortest way from the first one */
    bool is_open;         /* its facets were not looked at */
    bool is_exact;        /* none of its half-spaces is undecided */
    pleats_idx n_facets, n_sides; /* of units; of the domain */
    mpz_t *point;                 /* [k + 1] strictly inside; NULL once done */
} pleats_region_graph_node;

/* Two regions with a common facet, and the units whose planes are on it:
 * unit[first .. first + n - 1]. */
typedef struct {
    size_t from, to; /* from < to */
    size_t first, n;
} pleats_region_graph_edge;

typedef struct {
    pleats_idx n_units;
    pleats_digest_set patterns;     /* numbers are those of the nodes */
    pleats_region_graph_node *node; /* [patterns.n] */
    pleats_idx *piece;              /* [patterns.n x n_units] */
    size_t n_edges;
    pleats_region_graph_edge *edge;
    size_t n_listed;
    pleats_idx *unit; /* [n_listed] */
    size_t node_capacity, piece_capacity, edge_capacity, unit_capacity;
    bool complete;       /* the graph is closed: no node is open, all exact */
    pleats_stop stopped; /* else why */
} pleats_region_graph;

/* Breadth first from the place's region over facets of units.  A limit of the
 * context ends it with what there is.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_region_graph_grow(
    pleats_ctx *ctx, pleats_region_graph *graph, const pleats_place *start,
    const pleats_limits *limits);
void pleats_region_graph_clear(pleats_ctx *ctx, pleats_region_graph *graph,
                               pleats_idx k);

#endif
