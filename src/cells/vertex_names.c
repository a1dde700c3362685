#include "cells/vertex_names.h"

#include "base/hash.h"

#include <string.h>

void pleats_vertex_names_init(pleats_ctx *ctx, pleats_vertex_names *names)
{
    *names = (pleats_vertex_names){.ctx = ctx};
}

void pleats_vertex_names_clear(pleats_vertex_names *names)
{
    if (!names->ctx)
        return;
    pleats_release(names->ctx, names->named);
    pleats_release(names->ctx, names->slot);
    *names = (pleats_vertex_names){0};
}

static uint64_t hash_of(const pleats_vertex_name *v)
{
    uint64_t hash =
        pleats_hash_add(0, (uint64_t)v->end[0] << 32 | (uint32_t)v->end[1]);
    hash = pleats_hash_add(hash, (uint64_t)(uint32_t)v->plane.a << 32 |
                                     (uint32_t)v->plane.b);
    return pleats_hash_add_double(hash, v->plane.at);
}

static bool is_same(const pleats_vertex_name *v, const pleats_vertex_name *w)
{
    return v->end[0] == w->end[0] && v->end[1] == w->end[1] &&
           v->plane.a == w->plane.a && v->plane.b == w->plane.b &&
           v->plane.at == w->plane.at;
}

/* The slot that has v, or the free one where it belongs. */
static size_t slot_of(const pleats_vertex_names *names,
                      const pleats_vertex_name *v)
{
    size_t s = (size_t)hash_of(v) & (names->n_slots - 1);
    while (names->slot[s] && !is_same(&names->named[names->slot[s] - 1], v))
        s = (s + 1) & (names->n_slots - 1);
    return s;
}

static pleats_status grow_slots(pleats_vertex_names *names)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *slot = NULL;
    const size_t n_slots = names->n_slots ? 4 * names->n_slots : 256;
    TRY(pleats_alloc(names->ctx, n_slots, sizeof *slot, &slot));
    pleats_release(names->ctx, names->slot);
    names->slot = slot;
    names->n_slots = n_slots;
    for (pleats_idx i = 0; i < names->n; i++)
        if (names->named[i].end[0] >= 0)
            slot[slot_of(names, &names->named[i])] = i + 1;
done:
    return status;
}

static pleats_status add(pleats_vertex_names *names,
                         const pleats_vertex_name *v, pleats_idx *name)
{
    pleats_status status = PLEATS_OK;
    if (names->n == INT32_MAX)
        return pleats_fail(names->ctx, PLEATS_LIMIT,
                           "more vertices than can be named");
    TRY(pleats_grow(names->ctx, &names->named, &names->named_capacity,
                    (size_t)names->n + 1, sizeof *names->named));
    names->named[names->n] = *v;
    *name = names->n++;
done:
    return status;
}

pleats_status pleats_vertex_names_add(pleats_vertex_names *names,
                                      pleats_idx *name)
{
    const pleats_vertex_name corner = {.end = {-1, -1}};
    return add(names, &corner, name);
}

pleats_status pleats_vertex_names_cross(pleats_vertex_names *names,
                                        pleats_idx p, pleats_idx q,
                                        pleats_hyperplane plane,
                                        pleats_idx *name)
{
    pleats_status status = PLEATS_OK;
    const pleats_vertex_name v = {{p < q ? p : q, p < q ? q : p}, plane};
    size_t slot;
    if (2 * ((size_t)names->n + 1) > names->n_slots)
        TRY(grow_slots(names));
    slot = slot_of(names, &v);
    if (names->slot[slot]) {
        *name = names->slot[slot] - 1;
        return PLEATS_OK;
    }
    TRY(add(names, &v, name));
    names->slot[slot] = *name + 1;
done:
    return status;
}
