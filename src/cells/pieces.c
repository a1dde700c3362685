#include "cells/pieces.h"

#include "cells/facet.h"
#include "exact/integers.h"

#include <string.h>

void pleats_region_list_clear(pleats_ctx *ctx, pleats_region_list *l)
{
    pleats_digest_set_clear(ctx, &l->patterns);
    pleats_release(ctx, l->map);
    pleats_release(ctx, l->piece);
    *l = (pleats_region_list){0};
}

static pleats_status pattern_digest(pleats_ctx *ctx, pleats_idx n_units,
                                    const pleats_idx *piece,
                                    pleats_hasher *hasher, pleats_digest *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_hasher_add(ctx, hasher, piece, (size_t)n_units * sizeof *piece));
    TRY(pleats_hasher_end(ctx, hasher, out));
done:
    return status;
}

pleats_status pleats_region_list_add(pleats_ctx *ctx, pleats_region_list *l,
                                     pleats_idx n_units,
                                     const pleats_idx *piece, size_t map,
                                     pleats_hasher *hasher)
{
    pleats_status status = PLEATS_OK;
    size_t n = l->patterns.n, units = (size_t)n_units, number;
    pleats_digest pattern;
    bool is_new;
    TRY(pleats_grow(ctx, &l->map, &l->map_capacity, n + 1, sizeof *l->map));
    TRY(pleats_grow(ctx, &l->piece, &l->piece_capacity, (n + 1) * units,
                    sizeof *l->piece));
    l->map[n] = map;
    if (map >= l->n_maps)
        l->n_maps = map + 1;
    if (units)
        memcpy(l->piece + n * units, piece, units * sizeof *piece);
    TRY(pattern_digest(ctx, n_units, piece, hasher, &pattern));
    TRY(pleats_digest_set_add(ctx, &l->patterns, &pattern, &number, &is_new));
    if (!is_new)
        TRY(pleats_fail(ctx, PLEATS_INTERNAL, "a region was met twice"));
done:
    return status;
}

/* Union-find over region numbers. */
static size_t root_of(size_t *parent, size_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* Joins region i with its neighbours of the same map. */
static pleats_status join_neighbours(pleats_space *s, pleats_region_list *l,
                                     size_t i, pleats_hasher *hasher,
                                     size_t *parent, size_t *pieces)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_units = s->net->n_units;
    size_t width = (size_t)s->frame->k + 1;
    const pleats_idx *piece = l->piece + i * (size_t)n_units;
    mpz_t *point = NULL, *across = NULL;
    pleats_cell cell = {0};
    bool has = false;
    TRY(pleats_integers_new(s->ctx, width, &point));
    TRY(pleats_integers_new(s->ctx, width, &across));
    TRY(pleats_walk_pattern(s, piece, &cell, &has));
    if (!has)
        TRY(pleats_fail(s->ctx, PLEATS_INTERNAL, "a region got lost"));
    for (pleats_idx w = s->frame->m; w < cell.n_walls; w++) {
        mpz_t *wall = NULL;
        TRY(pleats_walls_row(&s->walls, w, &wall));
    }
    for (pleats_idx w = s->frame->m; w < cell.n_walls; w++) {
        bool is_facet = false;
        pleats_digest pattern;
        mpz_t *wall = NULL;
        TRY(pleats_facet_find(s, &cell, w, point, &is_facet));
        if (!is_facet)
            continue;
        TRY(pleats_walls_row(&s->walls, w, &wall));
        for (size_t c = 0; c < width; c++)
            mpz_neg(across[c], wall[c]);
        TRY(pleats_pattern_beside(s, point, across));
        TRY(pattern_digest(s->ctx, n_units, s->piece, hasher, &pattern));
        size_t other = pleats_digest_set_find(&l->patterns, &pattern);
        if (other == SIZE_MAX)
            TRY(pleats_fail(s->ctx, PLEATS_INTERNAL,
                            "a region has an unknown neighbour"));
        if (l->map[other] != l->map[i])
            continue;
        size_t a = root_of(parent, i), b = root_of(parent, other);
        if (a != b) {
            parent[a] = b;
            --*pieces;
        }
    }
done:
    pleats_integers_free(s->ctx, point, width);
    pleats_integers_free(s->ctx, across, width);
    pleats_cell_clear(s->ctx, &cell);
    return status;
}

pleats_status pleats_pieces_count(pleats_space *s, pleats_region_list *l,
                                  pleats_hasher *hasher,
                                  const pleats_visitor *visitor, size_t *pieces,
                                  bool *complete)
{
    bool stop = false;
    pleats_status status = PLEATS_OK;
    size_t n = l->patterns.n;
    size_t *parent = NULL, *sharers = NULL;
    TRY(pleats_alloc(s->ctx, n, sizeof *parent, &parent));
    TRY(pleats_alloc(s->ctx, l->n_maps, sizeof *sharers, &sharers));
    *pieces = n;
    for (size_t i = 0; i < n; i++) {
        parent[i] = i;
        sharers[l->map[i]]++;
    }
    for (size_t i = 0; i < n && !stop; i++) {
        if (sharers[l->map[i]] > 1)
            TRY(join_neighbours(s, l, i, hasher, parent, pieces));
        visitor->tick(visitor->state, 1, &stop);
    }
    *complete = !stop;
done:
    pleats_release(s->ctx, parent);
    pleats_release(s->ctx, sharers);
    return status;
}
