#include "cells/vertex_store.h"

#include <math.h>
#include <string.h>

/* An id's lowest bits are its place. */
enum {
    LEAST_PLACES = 64,
    GROWTH = 4,
    PLACE_BITS = 14,
    MOST_PLACES = 1 << PLACE_BITS
};

_Static_assert(LEAST_PLACES *GROWTH *GROWTH *GROWTH *GROWTH == MOST_PLACES,
               "the store grows to just so many places");

void pleats_vertex_store_clear(pleats_ctx *ctx, pleats_vertex_store *store)
{
    pleats_release(ctx, store->vertex);
    pleats_release(ctx, store->point);
    *store = (pleats_vertex_store){0};
}

static pleats_vertex_id id_at(pleats_vertex_store *store, size_t place)
{
    return ++store->n_ids << PLACE_BITS | place;
}

pleats_vertex_id pleats_vertex_store_new(pleats_vertex_store *store)
{
    return id_at(store, 0);
}

static size_t hash_of(pleats_vertex_id p, pleats_vertex_id q,
                      pleats_hyperplane plane)
{
    uint64_t at, h = p * 0x9e3779b97f4a7c15u + q;
    memcpy(&at, &plane.at, sizeof at);
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u + at;
    h += (uint64_t)(uint32_t)plane.a << 32 | (uint32_t)plane.b;
    h = (h ^ h >> 32) * 0x94d049bb133111ebu;
    return (size_t)(h >> 40);
}

static bool is_stored(const pleats_stored_vertex *v, pleats_vertex_id p,
                      pleats_vertex_id q, pleats_hyperplane plane)
{
    return v->p == p && v->q == q && v->plane.a == plane.a &&
           v->plane.b == plane.b && v->plane.at == plane.at;
}

/* Where the crossing is, or where it belongs: in one of two places, that of
 * the older vertex.  Places of the store that was smaller stay in use. */
static size_t place_of(const pleats_vertex_store *store, pleats_vertex_id p,
                       pleats_vertex_id q, pleats_hyperplane plane)
{
    const size_t h = hash_of(p, q, plane), place = h & (store->n - 1);
    const size_t before = h & (store->n / GROWTH - 1);
    if (is_stored(&store->vertex[place], p, q, plane))
        return place;
    if (is_stored(&store->vertex[place ^ 1], p, q, plane))
        return place ^ 1;
    if (is_stored(&store->vertex[before], p, q, plane))
        return before;
    return store->vertex[place].id < store->vertex[place ^ 1].id ? place
                                                                 : place ^ 1;
}

void pleats_vertex_store_expect(const pleats_vertex_store *store,
                                pleats_vertex_id p, pleats_vertex_id q,
                                pleats_hyperplane plane)
{
    const size_t place = hash_of(p, q, plane) & (store->n - 1);
    __builtin_prefetch(&store->vertex[place]);
    __builtin_prefetch(&store->point[place * store->width]);
}

/* More places, as soon as as many are used. */
static pleats_status grow(pleats_ctx *ctx, pleats_vertex_store *store,
                          size_t width)
{
    pleats_status status = PLEATS_OK;
    const size_t n = store->n ? GROWTH * store->n : LEAST_PLACES;
    TRY(pleats_grow(ctx, &store->vertex, &store->vertex_capacity, n,
                    sizeof *store->vertex));
    TRY(pleats_grow(ctx, &store->point, &store->point_capacity, n * width,
                    sizeof *store->point));
    store->n = n;
    store->width = width;
    store->n_new = 0;
done:
    return status;
}

pleats_status pleats_vertex_store_begin(pleats_ctx *ctx,
                                        pleats_vertex_store *store,
                                        size_t width)
{
    if (store->n == MOST_PLACES || (store->n && store->n_new < store->n))
        return PLEATS_OK;
    return grow(ctx, store, width);
}

pleats_vertex_id pleats_vertex_store_cross(pleats_vertex_store *store,
                                           pleats_vertex_id p,
                                           pleats_vertex_id q,
                                           pleats_hyperplane plane)
{
    const size_t place = place_of(store, p, q, plane);
    pleats_stored_vertex *v = &store->vertex[place];
    if (!is_stored(v, p, q, plane)) {
        *v = (pleats_stored_vertex){id_at(store, place), p, q, plane, INFINITY};
        store->n_new++;
    }
    return v->id;
}

/* NULL: none, or forgotten. */
static pleats_stored_vertex *find(const pleats_vertex_store *store,
                                  pleats_vertex_id id)
{
    const size_t place = (size_t)id & (MOST_PLACES - 1);
    return id != 0 && place < store->n && store->vertex[place].id == id
               ? &store->vertex[place]
               : NULL;
}

static double *point_of(const pleats_vertex_store *store,
                        const pleats_stored_vertex *v)
{
    return store->point + (size_t)(v - store->vertex) * store->width;
}

const double *pleats_vertex_store_get(const pleats_vertex_store *store,
                                      pleats_vertex_id id, double *error)
{
    const pleats_stored_vertex *v = find(store, id);
    if (!v || !(v->error < *error))
        return NULL;
    *error = v->error;
    return point_of(store, v);
}

void pleats_vertex_store_put(pleats_vertex_store *store, pleats_vertex_id id,
                             const double *point, size_t stride, double error)
{
    pleats_stored_vertex *v = find(store, id);
    if (!v || !(error < v->error))
        return;
    v->error = error;
    for (size_t j = 0; j < store->width; j++)
        point_of(store, v)[j] = point[j * stride];
}
