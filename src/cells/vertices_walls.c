/* The sets of walls that hold generators: which generators share an edge, and
 * which walls are left out when their numbers grow too large. */
#include "cells/vertices.h"

#include "cells/wall_sets.h"

#include <string.h>

/* Whether a third generator is on all walls that p and q share. */
static inline bool is_shadowed(const pleats_vertices *c, pleats_idx p,
                               pleats_idx q)
{
    const uint64_t *a = pleats_vertices_walls(c, p),
                   *b = pleats_vertices_walls(c, q);
    for (pleats_idx i = 0; i < c->n; i++) {
        const uint64_t *other = pleats_vertices_walls(c, i);
        bool all = i != p && i != q;
        for (size_t w = 0; w < c->n_words && all; w++)
            all = (a[w] & b[w] & ~other[w]) == 0;
        if (all)
            return true;
    }
    return false;
}

bool pleats_vertices_are_adjacent(const pleats_vertices *c, pleats_idx p,
                                  pleats_idx q)
{
    if (pleats_vertices_n_shared(c, p, q) < c->dim - 1)
        return false;
    return c->simple || c->n == 2 || !is_shadowed(c, p, q);
}

pleats_status pleats_vertices_list(pleats_space *s, const pleats_vertices *c,
                                   int least, int most, size_t *n)
{
    pleats_status status = PLEATS_OK;
    *n = 0;
    TRY(pleats_grow(s->ctx, &s->vertices.kept, &s->vertices.kept_capacity,
                    (size_t)c->n, sizeof *s->vertices.kept));
    for (pleats_idx i = 0; i < c->n; i++) {
        s->vertices.kept[*n] = i;
        *n += s->vertices.sign[i] >= least && s->vertices.sign[i] <= most;
    }
done:
    return status;
}

static pleats_status add_edge(pleats_space *s, pleats_idx p, pleats_idx q)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(s->ctx, &s->vertices.edge, &s->vertices.edge_capacity,
                    2 * s->vertices.n_edges + 2, sizeof *s->vertices.edge));
    s->vertices.edge[2 * s->vertices.n_edges] = p;
    s->vertices.edge[2 * s->vertices.n_edges + 1] = q;
    s->vertices.n_edges++;
done:
    return status;
}

/* The sets of the n generators in space->vertices.kept side by side, and empty
 * ones behind them. */
static pleats_status gather_sets(pleats_space *s, const pleats_vertices *c,
                                 size_t n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(s->ctx, &s->vertices.set, &s->vertices.set_capacity,
                    n + PLEATS_SETS_AT_ONCE, sizeof *s->vertices.set));
    for (size_t q = 0; q < n; q++)
        s->vertices.set[q] = c->on[s->vertices.kept[q]];
    memset(s->vertices.set + n, 0,
           PLEATS_SETS_AT_ONCE * sizeof *s->vertices.set);
done:
    return status;
}

/* Of a simple cell with at most 64 walls; each generator is on dim edges. */
PLEATS_WIDE
static void find_simple_edges(pleats_space *s, const pleats_vertices *c,
                              size_t n)
{
    const pleats_idx *kept = s->vertices.kept;
    pleats_idx *edge = s->vertices.edge;
    for (pleats_idx p = 0; p < c->n; p++)
        for (size_t q = 0; s->vertices.sign[p] > 0 && q < n;
             q += PLEATS_SETS_AT_ONCE)
            for (unsigned near =
                     pleats_sets_near(c->on[p], s->vertices.set + q);
                 near; near &= near - 1) {
                *edge++ = p;
                *edge++ = kept[q + (size_t)__builtin_ctz(near)];
            }
    s->vertices.n_edges = (size_t)(edge - s->vertices.edge) / 2;
}

pleats_status pleats_vertices_edges(pleats_space *s, const pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    size_t n;
    s->vertices.n_edges = 0;
    TRY(pleats_vertices_list(s, c, -1, -1, &n));
    if (c->simple && c->n_words == 1 && c->dim > 1) {
        TRY(gather_sets(s, c, n));
        TRY(pleats_grow(s->ctx, &s->vertices.edge, &s->vertices.edge_capacity,
                        2 * n * (size_t)c->dim, sizeof *s->vertices.edge));
        find_simple_edges(s, c, n);
        return PLEATS_OK;
    }
    for (pleats_idx p = 0; p < c->n; p++)
        for (size_t q = 0; s->vertices.sign[p] > 0 && q < n; q++)
            if (pleats_vertices_are_adjacent(c, p, s->vertices.kept[q]))
                TRY(add_edge(s, p, s->vertices.kept[q]));
done:
    return status;
}

/* Takes the lowest wall out of word w of a set; its number. */
static inline size_t take_wall(uint64_t *word, size_t w)
{
    size_t j = 64 * w + (size_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    return j;
}

/* Gives the walls of a generator their new numbers, -1: none. */
static void renumber_walls(uint64_t *on, size_t n_words,
                           const pleats_idx *number)
{
    for (size_t w = 0; w < n_words; w++) {
        uint64_t left = on[w];
        on[w] = 0;
        while (left) {
            pleats_idx to = number[take_wall(&left, w)];
            if (to >= 0)
                on[to / 64] |= (uint64_t)1 << (to % 64);
        }
    }
}

/* Leaves out walls that too few generators are on to carry a facet. */
static pleats_status drop_walls(pleats_space *s, pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    pleats_idx kept = 0, *count = NULL;
    TRY(pleats_alloc(s->ctx, (size_t)c->n_slots, sizeof *count, &count));
    for (pleats_idx i = 0; i < c->n; i++)
        for (size_t w = 0; w < c->n_words; w++)
            for (uint64_t left = pleats_vertices_walls(c, i)[w]; left;)
                count[take_wall(&left, w)]++;
    for (pleats_idx j = 0; j < c->n_slots; j++) {
        bool is_kept = count[j] >= c->dim;
        c->slot[kept] = c->slot[j];
        count[j] = is_kept ? kept : -1;
        kept += is_kept;
    }
    for (pleats_idx i = 0; i < c->n; i++)
        renumber_walls(c->on + (size_t)i * c->n_words, c->n_words, count);
    c->n_slots = kept;
done:
    pleats_release(s->ctx, count);
    return status;
}

/* Before a cut: one more wall would need one more word. */
pleats_status pleats_vertices_room_for_wall(pleats_space *s, pleats_vertices *c)
{
    return (size_t)c->n_slots == 64 * c->n_words ? drop_walls(s, c) : PLEATS_OK;
}
