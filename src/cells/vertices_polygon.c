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
 * walls, the number. */
enum { ENTRIES = 3, COLUMN = ENTRIES + 3 };

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
    uint64_t crossed; /* the walls on whose edges it crosses the polygon */
    pleats_idx n_edges;
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

/* Generator o of `to` is generator i of c, as far as few have that. */
static void keep_rest(const pleats_vertices *c, pleats_idx i,
                      pleats_vertices *to, pleats_idx o)
{
    pleats_vertices_share(c, i, to, o);
    if (to->name)
        to->name[o] = c->name[i];
}

/* The first generators of `to` are those of a set of c's. */
static void keep(const pleats_vertices *c, uint64_t set, pleats_vertices *to)
{
    const size_t from_pad = c->pad, to_pad = to->pad;
    const double *from = c->block;
    double *at = to->block;
    for (uint64_t left = set; left; left &= left - 1, at++)
        for (size_t j = 0, i = (size_t)__builtin_ctzll(left); j < COLUMN; j++)
            memcpy(at + j * to_pad, from + j * from_pad + i, sizeof *at);
    if (c->has_exact || c->name)
        for (pleats_idx o = 0; set; set &= set - 1, o++)
            keep_rest(c, __builtin_ctzll(set), to, o);
}

static pleats_status take_walls(pleats_ctx *ctx, const pleats_vertices *c,
                                pleats_idx wall, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)c->n_slots;
    TRY(pleats_grow(ctx, &to->slot, &to->slot_capacity, n + 1,
                    sizeof *to->slot));
    memcpy(to->slot, c->slot, n * sizeof *to->slot);
    to->slot[n] = wall;
    to->n_slots = c->n_slots + 1;
    to->n_planes = 0;
done:
    return status;
}

/* A part with the generators that stay, and room for the crossings. */
static pleats_status begin_part(pleats_space *s, const pleats_vertices *c,
                                const meeting *m, size_t side, pleats_idx wall,
                                pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    const uint64_t all = ((uint64_t)1 << c->n) - 1;
    const uint64_t last = (uint64_t)1 << c->n_slots;
    const uint64_t set = all & ~m->side[!side];
    TRY(take_walls(s->ctx, c, wall, to));
    TRY(pleats_vertices_reserve(s, to, c->n - m->n[!side] + m->n_edges, 1));
    to->n_lines = 0;
    to->dim = c->dim;
    to->simple = m->n[0] + m->n[1] == c->n;
    keep(c, set, to);
    if (!to->simple) {
        pleats_idx o = 0;
        for (uint64_t left = set; left; left &= left - 1, o++)
            to->on[o] |= left & -left & m->side[side] ? 0 : last;
    }
done:
    return status;
}

/* row . (t, w) = 0 */
typedef struct {
    double room[ENTRIES];
    const double *row;
    double size;  /* its largest entry */
    double error; /* |row - true row|_1 <= error */
} line;

static double largest_of(const double x[ENTRIES])
{
    const double a = fabs(x[0]), b = fabs(x[1]), c = fabs(x[2]);
    const double most = a > b ? a : b;
    return most > c ? most : c;
}

static void take_line(const pleats_space *s, pleats_idx wall, line *l)
{
    l->row = pleats_vertices_wall_form(s, wall, l->room, &l->error);
    l->size = largest_of(l->row);
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
    for (size_t j = 0; j < ENTRIES; j++) {
        const size_t p = (j + 1) % ENTRIES, q = (j + 2) % ENTRIES;
        g[j] = a->row[p] * b->row[q] - a->row[q] * b->row[p];
    }
    const double most = largest_of(g);
    const double error = a->error * (b->size + b->error) +
                         a->size * (b->error + 2 * DBL_EPSILON * b->size);
    const double scale = g[2] < 0 ? -most : most;
    for (size_t j = 0; j < ENTRIES; j++)
        g[j] /= scale;
    return a->size * b->size < 0x1p1000
               ? pleats_round_up(pleats_round_up(error) / most + DBL_EPSILON)
               : INFINITY;
}

/* A crossing: its entries, what they are off by, the walls. */
typedef struct {
    double g[ENTRIES], error;
    uint64_t on;
    pleats_idx name;
} crossing;

/* Makes generator o of `to` a crossing. */
static void put(const crossing *x, pleats_vertices *to, size_t o)
{
    const size_t pad = to->pad;
    double *point = to->point + o;
    for (size_t j = 0; j < ENTRIES; j++)
        point[j * pad] = x->g[j];
    to->error[o] = x->error;
    to->on[o] = x->on;
    to->id[o] = 0;
}

/* Repeats the last generator, a crossing if there is one. */
static void end_part(pleats_space *s, const meeting *m, const crossing *last,
                     pleats_vertices *to)
{
    if (m->n_edges == 0)
        pleats_vertices_pad(s, to);
    for (size_t i = (size_t)to->n; i < to->pad && m->n_edges > 0; i++)
        put(last, to, i);
}

/* Finds a crossing, generator o of `to`, from the ends of its edge: rays, and
 * what two lines leave all but open. */
static void interpolate(pleats_space *s, const pleats_vertices *c,
                        pleats_edge edge, pleats_vertices *to, pleats_idx o,
                        crossing *x)
{
    put(x, to, (size_t)o);
    pleats_vertices_cross(s, c, edge, to, o);
    if (to->error[o] > PLEATS_ERROR_KEPT)
        (void)pleats_vertices_refine(s, to, o);
    for (size_t j = 0; j < ENTRIES; j++)
        x->g[j] = to->point[j * to->pad + (size_t)o];
    x->error = to->error[o];
}

/* Finds where the line crosses the edge on a wall, generator o of `to`. */
static pleats_status cross(pleats_space *s, const pleats_vertices *c,
                           const meeting *m, uint64_t wall, const line *l,
                           pleats_vertices *to, pleats_idx o, crossing *x)
{
    pleats_status status = PLEATS_OK;
    line edge;
    take_line(s, c->slot[__builtin_ctzll(wall)], &edge);
    x->on = wall | (uint64_t)1 << c->n_slots;
    x->error = meet(&edge, l, x->g);
    pleats_perturb_point(o, ENTRIES, x->g, 1, &x->error);
    const bool is_known = x->error < PLEATS_ERROR_KEPT && x->g[2] > x->error;
    if (!is_known || to->name) {
        const pleats_edge ends = {find_end(c, m->side[1], wall),
                                  find_end(c, m->side[0], wall)};
        if (!is_known)
            interpolate(s, c, ends, to, o, x);
        if (to->name)
            TRY(pleats_vertex_names_cross(s->names, c->name[ends.p],
                                          c->name[ends.q], s->question.plane,
                                          &x->name));
    }
done:
    return status;
}

/* Makes the crossings, the last generators of both parts. */
static pleats_status add_crossings(pleats_space *s, const pleats_vertices *c,
                                   const meeting *m, pleats_idx wall,
                                   pleats_vertices *negative,
                                   pleats_vertices *positive)
{
    pleats_status status = PLEATS_OK;
    pleats_idx o = negative->n - m->n_edges, e = positive->n - m->n_edges;
    line l;
    crossing x;
    take_line(s, wall, &l);
    for (uint64_t left = m->crossed; left; left &= left - 1, o++, e++) {
        TRY(cross(s, c, m, left & -left, &l, negative, o, &x));
        put(&x, negative, (size_t)o);
        put(&x, positive, (size_t)e);
        if (negative->name)
            negative->name[o] = positive->name[e] = x.name;
    }
    end_part(s, m, &x, negative);
    end_part(s, m, &x, positive);
done:
    return status;
}

/* How the line in question meets a polygon. */
static pleats_status find_meeting(pleats_space *s, pleats_vertices *c,
                                  meeting *m)
{
    pleats_status status = PLEATS_OK;
    const uint64_t all = ((uint64_t)1 << c->n) - 1;
    TRY(pleats_vertices_evaluate(s, c));
    sort_generators(c, s->vertices.value, m);
    if ((m->side[0] | m->side[1]) != all)
        TRY(sort_unsure(s, c, all & ~(m->side[0] | m->side[1]), m));
    m->crossed = m->odd[0] & m->odd[1];
    m->n_edges = (m->crossed != 0) + ((m->crossed & (m->crossed - 1)) != 0);
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
    TRY(find_meeting(s, c, &m));
    TRY(begin_part(s, c, &m, 0, wall, negative));
    TRY(begin_part(s, c, &m, 1, wall, positive));
    TRY(add_crossings(s, c, &m, wall, negative, positive));
done:
    return status;
}
