#include "cells/crossed_edges.h"

#include "base/wide.h"

#include <string.h>

/* So many sets of one word are looked at together. */
enum { AT_ONCE = 16 };

void pleats_crossed_edges_clear(pleats_ctx *ctx, pleats_crossed_edges *x)
{
    pleats_release(ctx, x->edge);
    pleats_release(ctx, x->above);
    pleats_release(ctx, x->below);
    pleats_release(ctx, x->set);
    *x = (pleats_crossed_edges){0};
}

pleats_status pleats_crossed_edges_begin(pleats_ctx *ctx,
                                         pleats_crossed_edges *x, pleats_idx n)
{
    pleats_status status = PLEATS_OK;
    const size_t room = (size_t)n + 1; /* a generator is written before it is
                                          known whether it belongs there */
    x->n = x->n_above = x->n_below = 0;
    TRY(pleats_grow(ctx, &x->above, &x->above_capacity, room,
                    sizeof *x->above));
    TRY(pleats_grow(ctx, &x->below, &x->below_capacity, room,
                    sizeof *x->below));
done:
    return status;
}

pleats_status pleats_crossed_edges_put(pleats_ctx *ctx, pleats_crossed_edges *x,
                                       pleats_idx p, pleats_idx q)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &x->edge, &x->edge_capacity, x->n + 1,
                    sizeof *x->edge));
    x->edge[x->n++] = (pleats_edge){p, q};
done:
    return status;
}

/* ---- simple cells ---- */

/* Bit j: all walls of `set` but one, or none, are in other[j].  For an empty
 * other[j] it is 0 when the set has more than one. */
PLEATS_WITHIN unsigned find_near(uint64_t set, const uint64_t *other)
{
    const four_words all = {set, set, set, set};
    four_bits bit = {1, 2, 4, 8}, found = {0};
    for (size_t i = 0; i < AT_ONCE; i += 4) {
        const four_words rest = all & ~*(const four_words *)(other + i);
        found |= ((rest & (rest - 1)) == 0) & bit;
        bit *= 16;
    }
    return (unsigned)(found[0] | found[1] | found[2] | found[3]);
}

/* In simple cells, each of whose generators is on dim edges, of sets of one
 * word; those of the generators below lie in x->set, with empty ones behind
 * them. */
PLEATS_WIDE
static void find_by_words(pleats_crossed_edges *x, const uint64_t *on)
{
    pleats_edge *edge = x->edge;
    for (size_t i = 0; i < x->n_above; i++) {
        const pleats_idx p = x->above[i];
        for (size_t q = 0; q < x->n_below; q += AT_ONCE)
            for (unsigned near = find_near(on[p], x->set + q); near;
                 near &= near - 1)
                *edge++ =
                    (pleats_edge){p, x->below[q + (size_t)__builtin_ctz(near)]};
    }
    x->n = (size_t)(edge - x->edge);
}

/* How many walls are in both sets. */
PLEATS_WITHIN int n_shared(const uint64_t *a, const uint64_t *b, size_t n_words)
{
    int n = 0;
    for (size_t w = 0; w < n_words; w++)
        n += __builtin_popcountll(a[w] & b[w]);
    return n;
}

/* ---- any cell ---- */

/* Pairs with generator p that are both on dim - 1 walls at least. */
PLEATS_WIDE
static void find_by_counts(pleats_crossed_edges *x, pleats_idx p,
                           const pleats_wall_sets *sets)
{
    const size_t words = sets->n_words;
    const uint64_t *walls = sets->on + (size_t)p * words;
    for (size_t i = 0; i < x->n_below; i++) {
        const pleats_idx q = x->below[i];
        x->edge[x->n] = (pleats_edge){p, q};
        x->n += n_shared(walls, sets->on + (size_t)q * words, words) >=
                sets->dim - 1;
    }
}

/* How many generators are on all these walls, in sets of one word. */
PLEATS_WIDE
static size_t count_by_words(const pleats_wall_sets *sets, uint64_t walls)
{
    size_t count = 0;
    for (size_t i = 0; i < (size_t)sets->n; i++)
        count += (walls & ~sets->on[i]) == 0;
    return count;
}

/* Whether a third generator is on all walls that p and q share. */
static bool is_shadowed(const pleats_wall_sets *sets, pleats_edge edge)
{
    const size_t words = sets->n_words;
    const uint64_t *a = sets->on + (size_t)edge.p * words,
                   *b = sets->on + (size_t)edge.q * words;
    if (words == 1)
        return count_by_words(sets, *a & *b) > 2;
    for (pleats_idx i = 0; i < sets->n; i++) {
        const uint64_t *other = sets->on + (size_t)i * words;
        bool all = i != edge.p && i != edge.q;
        for (size_t w = 0; w < words && all; w++)
            all = (a[w] & b[w] & ~other[w]) == 0;
        if (all)
            return true;
    }
    return false;
}

static void drop_shadowed(pleats_crossed_edges *x, const pleats_wall_sets *sets)
{
    size_t kept = 0;
    for (size_t e = 0; e < x->n; e++)
        if (!is_shadowed(sets, x->edge[e]))
            x->edge[kept++] = x->edge[e];
    x->n = kept;
}

static pleats_status find_in_any(pleats_ctx *ctx, pleats_crossed_edges *x,
                                 const pleats_wall_sets *sets)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < x->n_above; i++) {
        TRY(pleats_grow(ctx, &x->edge, &x->edge_capacity, x->n + x->n_below,
                        sizeof *x->edge));
        find_by_counts(x, x->above[i], sets);
    }
    if (!sets->is_simple)
        drop_shadowed(x, sets);
done:
    return status;
}

pleats_status pleats_crossed_edges_find(pleats_ctx *ctx,
                                        pleats_crossed_edges *x,
                                        const pleats_wall_sets *sets)
{
    pleats_status status = PLEATS_OK;
    const size_t fewer = x->n_above < x->n_below ? x->n_above : x->n_below;
    if (!sets->is_simple || sets->n_words > 1 || sets->dim < 2)
        return find_in_any(ctx, x, sets);
    TRY(pleats_grow(ctx, &x->edge, &x->edge_capacity, fewer * (size_t)sets->dim,
                    sizeof *x->edge));
    TRY(pleats_grow(ctx, &x->set, &x->set_capacity, x->n_below + AT_ONCE,
                    sizeof *x->set));
    for (size_t q = 0; q < x->n_below; q++)
        x->set[q] = sets->on[x->below[q]];
    memset(x->set + x->n_below, 0, AT_ONCE * sizeof *x->set);
    find_by_words(x, sets->on);
done:
    return status;
}
