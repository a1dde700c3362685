/* The parts into which a line cuts a polygon: a cell of two dimensions in the
 * plane, unbounded ones included, which closes at infinity.
 *
 * Each of its walls holds two generators, the ends of an edge, or none: one
 * that holds a single generator would be the third one there.  So the walls
 * whose edges a line crosses are those that hold an odd number of generators on
 * either side of it. */
#include "cells/vertices.h"

#include "cells/vertex_names.h"

#include <string.h>

/* A set of walls in one word. */
enum { MOST_WALLS = 64 };

/* What a generator has in a column of the block: its entries, the error, the
 * exact point, the walls, the number. */
enum { ENTRIES = 3, COLUMN = ENTRIES + 4 };

bool pleats_vertices_is_polygon(const pleats_space *s, const pleats_vertices *c)
{
    return s->frame->k == 2 && c->dim == 2 && c->simple &&
           c->n_slots < MOST_WALLS && c->n_words == 1;
}

/* How a line meets a polygon. */
typedef struct {
    pleats_idx n[2];                /* generators of both parts that stay */
    pleats_idx kept[2][MOST_WALLS]; /* [n], there being as many as edges */
    pleats_idx n_edges;             /* 0 .. 2 that are crossed */
    pleats_idx end[2][2];           /* [n_edges] negative, positive */
} meeting;

/* Sorts the generators by their signs; the walls whose edges are crossed. */
static uint64_t sort_generators(const pleats_space *s, const pleats_vertices *c,
                                meeting *m)
{
    uint64_t below = 0, above = 0;
    m->n[0] = m->n[1] = 0;
    for (pleats_idx i = 0; i < c->n; i++) {
        const int sign = s->vertices.sign[i];
        below ^= sign < 0 ? c->on[i] : 0;
        above ^= sign > 0 ? c->on[i] : 0;
        m->kept[0][m->n[0]] = m->kept[1][m->n[1]] = i;
        m->n[0] += sign <= 0;
        m->n[1] += sign >= 0;
    }
    return below & above;
}

/* Of n generators the one that a wall holds. */
static pleats_idx find_end(const pleats_vertices *c, uint64_t wall,
                           pleats_idx n, const pleats_idx *generator)
{
    pleats_idx end = 0;
    for (pleats_idx i = 0; i < n; i++)
        end = c->on[generator[i]] & wall ? generator[i] : end;
    return end;
}

/* Whether an edge comes after another one: by their positive ends, then by the
 * negative ones. */
static bool is_after(const pleats_idx *a, const pleats_idx *b)
{
    return a[1] != b[1] ? a[1] > b[1] : a[0] > b[0];
}

/* Finds the ends of the edges, in their order. */
static void find_edges(const pleats_vertices *c, uint64_t crossed, meeting *m)
{
    for (m->n_edges = 0; crossed; crossed &= crossed - 1, m->n_edges++)
        for (size_t side = 0; side < 2; side++)
            m->end[m->n_edges][side] =
                find_end(c, crossed & -crossed, m->n[side], m->kept[side]);
    if (m->n_edges == 2 && is_after(m->end[0], m->end[1])) {
        pleats_idx end[2];
        memcpy(end, m->end[0], sizeof end);
        memcpy(m->end[0], m->end[1], sizeof end);
        memcpy(m->end[1], end, sizeof end);
    }
}

/* Generator o of `to` is generator i of c. */
static inline void keep(const pleats_vertices *c, pleats_idx i,
                        pleats_vertices *to, pleats_idx o)
{
    const double *from = c->block + i;
    double *at = to->block + o;
    for (size_t j = 0; j < COLUMN; j++)
        memcpy(at + j * to->pad, from + j * c->pad, sizeof *at);
    if (to->exact[o])
        to->exact[o]->n_users++;
    if (to->name)
        to->name[o] = c->name[i];
}

/* A part with the generators that stay, and room for the crossings. */
static pleats_status begin_part(pleats_space *s, const pleats_vertices *c,
                                const meeting *m, int sign, pleats_idx wall,
                                pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *kept = m->kept[sign > 0], n = m->n[sign > 0];
    const uint64_t last = (uint64_t)1 << c->n_slots;
    size_t n_words;
    TRY(pleats_vertices_take_walls(s, c, sign, wall, to, &n_words));
    TRY(pleats_vertices_reserve(s, to, n + m->n_edges, n_words));
    to->n_lines = 0;
    to->dim = c->dim;
    to->simple = m->n[0] + m->n[1] == c->n;
    for (pleats_idx i = 0; i < n; i++)
        keep(c, kept[i], to, i);
    for (pleats_idx i = 0; i < n && !to->simple; i++)
        to->on[i] |= s->vertices.sign[kept[i]] == 0 ? last : 0;
done:
    return status;
}

/* Makes the crossings, the last generators of `to`. */
static pleats_status add_crossings(pleats_space *s, const pleats_vertices *c,
                                   const meeting *m, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    const uint64_t last = (uint64_t)1 << c->n_slots;
    pleats_idx o = to->n - m->n_edges;
    for (pleats_idx e = 0; e < m->n_edges; e++, o++) {
        const pleats_edge edge = {m->end[e][1], m->end[e][0]};
        to->on[o] = (c->on[edge.p] & c->on[edge.q]) | last;
        to->id[o] = 0;
        pleats_vertices_cross(s, c, edge, to, o);
        if (to->name)
            TRY(pleats_vertex_names_cross(s->names, c->name[edge.p],
                                          c->name[edge.q], s->question.plane,
                                          &to->name[o]));
    }
done:
    return status;
}

pleats_status pleats_vertices_cut_polygon(pleats_space *s,
                                          const pleats_vertices *c,
                                          pleats_idx wall,
                                          pleats_vertices *negative,
                                          pleats_vertices *positive)
{
    pleats_status status = PLEATS_OK;
    meeting m;
    find_edges(c, sort_generators(s, c, &m), &m);
    TRY(begin_part(s, c, &m, -1, wall, negative));
    TRY(begin_part(s, c, &m, 1, wall, positive));
    TRY(add_crossings(s, c, &m, negative));
    pleats_vertices_pad(s, negative);
    pleats_vertices_mend(s, negative);
    for (pleats_idx e = 1; e <= m.n_edges; e++)
        keep(negative, negative->n - e, positive, positive->n - e);
    pleats_vertices_pad(s, positive);
    pleats_vertices_mend(s, positive);
done:
    return status;
}
