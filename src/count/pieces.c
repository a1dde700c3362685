#include "count/pieces.h"

#include "count/facet.h"
#include "exact/integers.h"

#include <string.h>

void pleats_region_list_clear(pleats_ctx *ctx, pleats_region_list *l)
{
    pleats_digest_set_clear(ctx, &l->patterns);
    pleats_release(ctx, l->map);
    pleats_release(ctx, l->piece);
    *l = (pleats_region_list){0};
}

void pleats_pattern_digest(pleats_idx n_units, const pleats_idx *piece,
                           pleats_hasher *hasher, pleats_digest *out)
{
    pleats_hasher_add(hasher, piece, (size_t)n_units * sizeof *piece);
    pleats_hasher_end(hasher, out);
}

pleats_status pleats_region_list_add(pleats_ctx *ctx, pleats_region_list *l,
                                     pleats_idx n_units,
                                     const pleats_idx *piece, size_t map,
                                     const pleats_digest *pattern)
{
    pleats_status status = PLEATS_OK;
    size_t n = l->patterns.n, units = (size_t)n_units, number;
    bool is_new;
    TRY(pleats_grow(ctx, &l->map, &l->map_capacity, n + 1, sizeof *l->map));
    TRY(pleats_grow(ctx, &l->piece, &l->piece_capacity, (n + 1) * units,
                    sizeof *l->piece));
    l->map[n] = map;
    if (map >= l->n_maps)
        l->n_maps = map + 1;
    if (units)
        memcpy(l->piece + n * units, piece, units * sizeof *piece);
    TRY(pleats_digest_set_add(ctx, &l->patterns, pattern, &number, &is_new));
    if (!is_new)
        TRY(pleats_fail(ctx, PLEATS_INTERNAL, "a region was met twice"));
done:
    return status;
}

pleats_status pleats_joining_init(pleats_ctx *ctx, pleats_joining *j,
                                  const pleats_region_list *list,
                                  pthread_mutex_t *lock)
{
    pleats_status status = PLEATS_OK;
    size_t n = list->patterns.n;
    *j = (pleats_joining){.list = list, .lock = lock, .pieces = n};
    TRY(pleats_alloc(ctx, n, sizeof *j->parent, &j->parent));
    TRY(pleats_alloc(ctx, list->n_maps, sizeof *j->sharers, &j->sharers));
    for (size_t i = 0; i < n; i++) {
        j->parent[i] = i;
        j->sharers[list->map[i]]++;
    }
done:
    return status;
}

void pleats_joining_clear(pleats_ctx *ctx, pleats_joining *j)
{
    pleats_release(ctx, j->parent);
    pleats_release(ctx, j->sharers);
    *j = (pleats_joining){0};
}

/* Union-find over region numbers. */
static size_t root_of(size_t *parent, size_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void join(pleats_joining *j, size_t one, size_t other)
{
    pthread_mutex_lock(j->lock);
    size_t a = root_of(j->parent, one), b = root_of(j->parent, other);
    if (a != b) {
        j->parent[a] = b;
        j->pieces--;
    }
    pthread_mutex_unlock(j->lock);
}

/* The region on the other side of a wall, at a point inside its facet. */
static pleats_status
find_neighbour(pleats_space *s, const pleats_region_list *l, pleats_idx wall,
               mpz_t *point, mpz_t *across, pleats_hasher *hasher, size_t *out)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)s->frame->k + 1;
    pleats_digest pattern;
    mpz_t *row = NULL;
    TRY(pleats_walls_row(&s->walls, wall, &row));
    for (size_t c = 0; c < width; c++)
        mpz_neg(across[c], row[c]);
    TRY(pleats_pattern_beside(s, point, across));
    pleats_pattern_digest(s->net->n_units, s->piece, hasher, &pattern);
    *out = pleats_digest_set_find(&l->patterns, &pattern);
    if (*out == SIZE_MAX)
        TRY(pleats_fail(s->ctx, PLEATS_INTERNAL,
                        "a region has an unknown neighbour"));
done:
    return status;
}

pleats_status pleats_joining_do(pleats_joining *j, pleats_space *s,
                                pleats_hasher *hasher, size_t i)
{
    pleats_status status = PLEATS_OK;
    const pleats_region_list *l = j->list;
    size_t width = (size_t)s->frame->k + 1, other;
    mpz_t *point = NULL, *across = NULL, *row = NULL;
    pleats_cell cell = {0};
    bool has = false;
    if (j->sharers[l->map[i]] < 2)
        return PLEATS_OK;
    TRY(pleats_integers_new(s->ctx, width, &point));
    TRY(pleats_integers_new(s->ctx, width, &across));
    TRY(pleats_walk_pattern(s, l->piece + i * (size_t)s->net->n_units, &cell,
                            &has));
    if (!has)
        TRY(pleats_fail(s->ctx, PLEATS_INTERNAL, "a region got lost"));
    for (pleats_idx w = s->frame->m; w < cell.n_walls; w++)
        TRY(pleats_walls_row(&s->walls, w, &row));
    for (pleats_idx w = s->frame->m; w < cell.n_walls; w++) {
        bool is_facet = false;
        TRY(pleats_facet_find(s, &cell, w, point, &is_facet));
        if (!is_facet)
            continue;
        TRY(find_neighbour(s, l, w, point, across, hasher, &other));
        if (l->map[other] == l->map[i])
            join(j, i, other);
    }
done:
    pleats_integers_free(s->ctx, point, width);
    pleats_integers_free(s->ctx, across, width);
    pleats_cell_clear(s->ctx, &cell);
    return status;
}
