/* The sets of walls that hold generators: the edges that they tell of, and
 * which walls are left out when their numbers grow too large. */
#include "cells/vertices.h"

#include <string.h>

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

pleats_status pleats_vertices_edges(pleats_space *s, const pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    pleats_crossed_edges *x = &s->vertices.crossed;
    TRY(pleats_crossed_edges_begin(s->ctx, x, c->n));
    for (pleats_idx i = 0; i < c->n; i++)
        pleats_crossed_edges_add(x, i, s->vertices.sign[i]);
    TRY(pleats_crossed_edges_find(
        s->ctx, x,
        &(pleats_wall_sets){c->n, c->dim, c->n_words, c->on, c->simple}));
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
