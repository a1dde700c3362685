#include "draw/plane/polygon.h"

void pleats_polygon_clear(pleats_ctx *ctx, pleats_polygon *p)
{
    pleats_release(ctx, p->vertex);
    pleats_release(ctx, p->wall);
    *p = (pleats_polygon){0};
}

static bool is_on(const pleats_vertices *c, pleats_idx vertex, pleats_idx slot)
{
    const uint64_t *on = pleats_vertices_walls(c, vertex);
    return on[slot / 64] >> (slot % 64) & 1;
}

/* The other vertex on a slot's wall, when there are just the two of them; -1
 * when the wall carries no side of `vertex`. */
static pleats_idx across(const pleats_vertices *c, pleats_idx vertex,
                         pleats_idx slot)
{
    pleats_idx other = -1;
    if (!is_on(c, vertex, slot))
        return -1;
    for (pleats_idx i = 0; i < c->n; i++) {
        if (i == vertex || !is_on(c, i, slot))
            continue;
        if (other >= 0)
            return -1;
        other = i;
    }
    return other;
}

/* The next vertex after `at`, not the one that it was reached from; -1: none.
 */
static pleats_idx next_vertex(const pleats_vertices *c, pleats_idx at,
                              pleats_idx from, pleats_idx *slot)
{
    for (pleats_idx s = 0; s < c->n_slots; s++) {
        pleats_idx to = across(c, at, s);
        if (to < 0 || to == from)
            continue;
        *slot = s;
        return to;
    }
    return -1;
}

pleats_status pleats_polygon_of(pleats_ctx *ctx, const pleats_vertices *c,
                                pleats_polygon *p)
{
    pleats_status status = PLEATS_OK;
    pleats_idx at = 0, from = -1, slot = 0;
    TRY(pleats_grow(ctx, &p->vertex, &p->capacity, (size_t)c->n,
                    sizeof *p->vertex));
    TRY(pleats_grow(ctx, &p->wall, &p->wall_capacity, (size_t)c->n,
                    sizeof *p->wall));
    p->n = 0;
    do {
        pleats_idx to = next_vertex(c, at, from, &slot);
        if (to < 0 || p->n == (size_t)c->n)
            return pleats_fail(ctx, PLEATS_INTERNAL,
                               "the sides of a cell do not close");
        p->vertex[p->n] = at;
        p->wall[p->n++] = c->slot[slot];
        from = at;
        at = to;
    } while (at != 0);
    if (p->n != (size_t)c->n)
        return pleats_fail(ctx, PLEATS_INTERNAL,
                           "a vertex of a cell is on none of its sides");
done:
    return status;
}

void pleats_polygon_reverse(pleats_polygon *p)
{
    /* v0 w0 v1 w1 ... v(n-1) w(n-1) read backwards from v0 */
    for (size_t i = 1, j = p->n - 1; i < j; i++, j--) {
        pleats_idx v = p->vertex[i];
        p->vertex[i] = p->vertex[j];
        p->vertex[j] = v;
    }
    for (size_t i = 0, j = p->n - 1; i < j; i++, j--) {
        pleats_idx w = p->wall[i];
        p->wall[i] = p->wall[j];
        p->wall[j] = w;
    }
}
