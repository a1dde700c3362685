/* The parts into which a line cuts a polygon: a cell of two dimensions in the
 * plane, unbounded ones included, which closes at infinity.
 *
 * Each of its walls holds two generators, the ends of an edge, or none: one
 * that holds a single generator would be the third one there.  So the walls
 * whose edges a line crosses are those that hold an odd number of generators on
 * either side of it, and a crossing is where two lines meet, that wall's and
 * the one that cuts: what it is off by depends on these two alone, and not on
 * how often its edge was cut before. */
#include "cells/vertices.h"

#include "base/doubles.h"
#include "base/perturb.h"
#include "base/wide.h"
#include "cells/vertex_names.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A set of walls in one word, and one of generators, which are no more. */
enum { MOST_WALLS = 64 };

/* What a generator has in a column of the block: its entries, the error, the
 * exact point, the walls, the number. */
enum { ENTRIES = 3, COLUMN = ENTRIES + 4 };

bool pleats_vertices_is_polygon(const pleats_space *s, const pleats_vertices *c)
{
    return s->frame->k == 2 && c->dim == 2 && c->simple &&
           c->n_slots < MOST_WALLS && c->n_words == 1;
}

/* How a line meets a polygon, its negative side first. */
typedef struct {
    uint64_t side[2]; /* the generators on either side of it */
    uint64_t odd[2];  /* the walls that hold an odd number of these */
    pleats_idx n[2];  /* how many they are */
} meeting;

PLEATS_WITHIN uint64_t any_of(const four_bits *x)
{
    const four_words w = (four_words)*x;
    return (w[0] | w[2]) | (w[1] | w[3]);
}

PLEATS_WITHIN uint64_t odd_of(const four_bits *x)
{
    const four_words w = (four_words)*x;
    return (w[0] ^ w[2]) ^ (w[1] ^ w[3]);
}

/* Sorts the generators whose values are certain. */
PLEATS_WIDE
static void sort_generators(const pleats_vertices *c, const double *value,
                            meeting *m)
{
    const size_t pad = c->pad;
    const int64_t all = (int64_t)(((uint64_t)1 << c->n) - 1);
    four_bits bit = {1, 2, 4, 8}, up = {0}, down = {0}, over = {0}, under = {0};
    for (size_t i = 0; i < pad; i += 4) {
        const four v = *(const four *)(value + i);
        const four bound = *(const four *)(value + pad + i);
        const four_bits walls =
            *(const four_bits *)(c->on + i) & ((bit & all) != 0);
        const four_bits above = v > bound, below = v < -bound;
        up |= above & bit;
        down |= below & bit;
        over ^= above & walls;
        under ^= below & walls;
        bit <<= 4;
    }
    m->side[0] = any_of(&down) & (uint64_t)all;
    m->side[1] = any_of(&up) & (uint64_t)all;
    m->odd[0] = odd_of(&under);
    m->odd[1] = odd_of(&over);
    for (size_t side = 0; side < 2; side++)
        m->n[side] = (pleats_idx)__builtin_popcountll(m->side[side]);
}

/* Sorts the others. */
static pleats_status sort_unsure(pleats_space *s, pleats_vertices *c,
                                 uint64_t unsure, meeting *m)
{
    pleats_status status = PLEATS_OK;
    for (; unsure; unsure &= unsure - 1) {
        const pleats_idx i = (pleats_idx)__builtin_ctzll(unsure);
        int sign;
        TRY(pleats_vertices_sign(s, c, i, &sign));
        if (sign != 0) {
            m->side[sign > 0] |= unsure & -unsure;
            m->odd[sign > 0] ^= c->on[i];
            m->n[sign > 0]++;
        }
    }
done:
    return status;
}

/* Of a set of generators the one that a wall holds. */
static pleats_idx find_end(const pleats_vertices *c, uint64_t set,
                           uint64_t wall)
{
    pleats_idx end = 0;
    for (; set; set &= set - 1) {
        const pleats_idx i = (pleats_idx)__builtin_ctzll(set);
        end = c->on[i] & wall ? i : end;
    }
    return end;
}

/* Generators o, o + 1, ... of `to` are those of a set of c's. */
static void keep(const pleats_vertices *c, uint64_t set, pleats_vertices *to,
                 pleats_idx o)
{
    for (; set; set &= set - 1, o++) {
        const pleats_idx i = (pleats_idx)__builtin_ctzll(set);
        const double *from = c->block + i;
        double *at = to->block + o;
        for (size_t j = 0; j < COLUMN; j++)
            memcpy(at + j * to->pad, from + j * c->pad, sizeof *at);
        if (to->exact[o])
            to->exact[o]->n_users++;
        if (to->name)
            to->name[o] = c->name[i];
    }
}

/* A part with the generators that stay, and room for the crossings. */
static pleats_status begin_part(pleats_space *s, const pleats_vertices *c,
                                const meeting *m, int sign, pleats_idx wall,
                                pleats_idx n_edges, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    const uint64_t all = ((uint64_t)1 << c->n) - 1;
    const uint64_t last = (uint64_t)1 << c->n_slots;
    const uint64_t set = all & ~m->side[sign < 0];
    const pleats_idx n = c->n - m->n[sign < 0];
    size_t n_words;
    TRY(pleats_vertices_take_walls(s, c, sign, wall, to, &n_words));
    TRY(pleats_vertices_reserve(s, to, n + n_edges, n_words));
    to->n_lines = 0;
    to->dim = c->dim;
    to->simple = m->n[0] + m->n[1] == c->n;
    keep(c, set, to, 0);
    if (!to->simple) {
        pleats_idx o = 0;
        for (uint64_t left = set; left; left &= left - 1, o++)
            to->on[o] |= left & -left & m->side[sign > 0] ? 0 : last;
    }
done:
    return status;
}

/* row . (t, w) = 0 */
typedef struct {
    double row[ENTRIES];
    double size;  /* their largest one */
    double error; /* |row - true row|_1 <= error */
} line;

static void take_line(const pleats_space *s, pleats_idx wall, line *l)
{
    pleats_vertices_wall_form(s, wall, l->row, &l->error);
    l->size = 0;
    for (size_t j = 0; j < ENTRIES; j++)
        l->size = pleats_larger(l->size, fabs(l->row[j]));
    if (s->paranoid)
        l->error = INFINITY;
}

/* Sets g to the vertex where two lines meet, their rows' cross product with its
 * largest entry 1; what it is off by, infinite or NaN where that is not known.
 * An entry is a_i b_j - a_j b_i.  It is off by at most 2 DBL_EPSILON |a| |b|
 * for its rounding, and with rows a + d, b + e by at most
 * |d|_1 |b| + |a| |e|_1 + |d|_1 |e|_1. */
static double meet(const line *a, const line *b, double g[ENTRIES])
{
    double most = 0;
    for (size_t j = 0; j < ENTRIES; j++) {
        const size_t p = (j + 1) % ENTRIES, q = (j + 2) % ENTRIES;
        g[j] = a->row[p] * b->row[q] - a->row[q] * b->row[p];
        most = pleats_larger(most, fabs(g[j]));
    }
    const double error = a->error * (b->size + b->error) +
                         a->size * (b->error + 2 * DBL_EPSILON * b->size);
    const double scale = g[2] < 0 ? -most : most;
    for (size_t j = 0; j < ENTRIES; j++)
        g[j] /= scale;
    return isfinite(most)
               ? pleats_round_up(pleats_round_up(error) / most + DBL_EPSILON)
               : INFINITY;
}

/* Makes generator o of `to`, where the line crosses the edge on a wall. */
static void cross(pleats_space *s, const pleats_vertices *c, const meeting *m,
                  uint64_t wall, const line *l, pleats_vertices *to,
                  pleats_idx o)
{
    line edge;
    double g[ENTRIES];
    to->on[o] = wall | (uint64_t)1 << c->n_slots;
    to->id[o] = 0;
    take_line(s, c->slot[__builtin_ctzll(wall)], &edge);
    double error = meet(&edge, l, g);
    pleats_perturb_point(o, ENTRIES, g, 1, &error);
    if (error < PLEATS_ERROR_KEPT && g[2] > error) {
        for (size_t j = 0; j < ENTRIES; j++)
            to->point[j * to->pad + (size_t)o] = g[j];
        to->error[o] = error;
    } else {
        const pleats_edge ends = {find_end(c, m->side[1], wall),
                                  find_end(c, m->side[0], wall)};
        pleats_vertices_cross(s, c, ends, to, o);
    }
}

/* Makes the crossings, the last generators of `to`. */
static pleats_status add_crossings(pleats_space *s, const pleats_vertices *c,
                                   const meeting *m, uint64_t crossed,
                                   pleats_idx n_edges, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    pleats_idx o = to->n - n_edges;
    line l;
    take_line(s, to->slot[c->n_slots], &l);
    for (; crossed; crossed &= crossed - 1, o++) {
        const uint64_t wall = crossed & -crossed;
        cross(s, c, m, wall, &l, to, o);
        if (to->name)
            TRY(pleats_vertex_names_cross(
                s->names, c->name[find_end(c, m->side[1], wall)],
                c->name[find_end(c, m->side[0], wall)], s->question.plane,
                &to->name[o]));
    }
    pleats_vertices_pad(s, to);
    pleats_vertices_mend(s, to);
done:
    return status;
}

pleats_status pleats_vertices_cut_polygon(pleats_space *s, pleats_vertices *c,
                                          pleats_idx wall,
                                          pleats_vertices *negative,
                                          pleats_vertices *positive)
{
    pleats_status status = PLEATS_OK;
    meeting m;
    TRY(pleats_vertices_evaluate(s, c));
    sort_generators(c, s->vertices.value, &m);
    const uint64_t unsure =
        (((uint64_t)1 << c->n) - 1) & ~(m.side[0] | m.side[1]);
    if (unsure)
        TRY(sort_unsure(s, c, unsure, &m));
    const uint64_t crossed = m.odd[0] & m.odd[1];
    const pleats_idx n_edges =
        (crossed != 0) + ((crossed & (crossed - 1)) != 0);
    TRY(begin_part(s, c, &m, -1, wall, n_edges, negative));
    TRY(begin_part(s, c, &m, 1, wall, n_edges, positive));
    TRY(add_crossings(s, c, &m, crossed, n_edges, negative));
    for (pleats_idx e = 1; e <= n_edges; e++)
        keep(negative, (uint64_t)1 << (negative->n - e), positive,
             positive->n - e);
    pleats_vertices_pad(s, positive);
done:
    return status;
}
