/* The edges of a cell that a plane crosses. */
#ifndef PLEATS_CELLS_CROSSED_EDGES_H
#define PLEATS_CELLS_CROSSED_EDGES_H

#include "base/base.h"

/* Two generators: p where the plane's form is positive, q where it is
 * negative. */
typedef struct {
    pleats_idx p, q;
} pleats_edge;

typedef struct {
    size_t n;
    pleats_edge *edge; /* [n] ascending by p, then q */
    size_t n_above, n_below;
    pleats_idx *above, *below; /* [n_above], [n_below] generators */
    uint64_t *set;             /* room for sets of walls */
    size_t edge_capacity, above_capacity, below_capacity, set_capacity;
} pleats_crossed_edges;

void pleats_crossed_edges_clear(pleats_ctx *ctx, pleats_crossed_edges *x);

/* No edges, and lists with room for n generators. */
PLEATS_NODISCARD pleats_status pleats_crossed_edges_begin(
    pleats_ctx *ctx, pleats_crossed_edges *x, pleats_idx n);

/* Adds the next generator, where the form has this sign. */
static inline void pleats_crossed_edges_add(pleats_crossed_edges *x,
                                            pleats_idx generator, int sign)
{
    x->above[x->n_above] = x->below[x->n_below] = generator;
    x->n_above += sign > 0;
    x->n_below += sign < 0;
}

/* Which walls hold the generators of a cell. */
typedef struct {
    pleats_idx n, dim; /* generators; of the cell, across its lines */
    size_t n_words;
    const uint64_t *on; /* [n x n_words] bit i: wall i does */
    bool is_simple;     /* every generator is on just dim walls */
} pleats_wall_sets;

/* Lists the edges.  Two generators share one when no other is on all walls that
 * they are both on; there must be dim - 1 of these at least, and in a simple
 * cell that is enough. */
PLEATS_NODISCARD pleats_status pleats_crossed_edges_find(
    pleats_ctx *ctx, pleats_crossed_edges *x, const pleats_wall_sets *sets);

/* Adds one more. */
PLEATS_NODISCARD pleats_status pleats_crossed_edges_put(pleats_ctx *ctx,
                                                        pleats_crossed_edges *x,
                                                        pleats_idx p,
                                                        pleats_idx q);

#endif
