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

/* The generators of a polygon on either side of a line; the walls that hold an
 * odd number of these. */
typedef struct {
    uint64_t side[2], odd[2];
    pleats_idx n[2];
} sorted;

static uint64_t all_of(const pleats_vertices *c)
{
    return ((uint64_t)1 << c->n) - 1;
}

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
                            sorted *x)
{
    const size_t pad = c->pad;
    const int64_t all = (int64_t)all_of(c);
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
    x->side[0] = any_of(&down) & (uint64_t)all;
    x->side[1] = any_of(&up) & (uint64_t)all;
    x->odd[0] = odd_of(&under);
    x->odd[1] = odd_of(&over);
    for (size_t side = 0; side < 2; side++)
        x->n[side] = (pleats_idx)__builtin_popcountll(x->side[side]);
}

/* Sorts the others. */
static pleats_status sort_unsure(pleats_space *s, pleats_vertices *c,
                                 uint64_t unsure, sorted *x)
{
    pleats_status status = PLEATS_OK;
    for (; unsure; unsure &= unsure - 1) {
        const pleats_idx i = (pleats_idx)__builtin_ctzll(unsure);
        int sign;
        TRY(pleats_vertices_sign(s, c, i, &sign));
        if (sign != 0) {
            x->side[sign > 0] |= unsure & -unsure;
            x->odd[sign > 0] ^= c->on[i];
            x->n[sign > 0]++;
        }
    }
done:
    return status;
}

/* How the line in question meets a polygon, but for the crossings' places. */
static pleats_status find_meeting(pleats_space *s, pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    pleats_polygon_meeting *m = &c->meeting;
    sorted x;
    TRY(pleats_vertices_evaluate(s, c));
    sort_generators(c, s->vertices.value, &x);
    if ((x.side[0] | x.side[1]) != all_of(c))
        TRY(sort_unsure(s, c, all_of(c) & ~(x.side[0] | x.side[1]), &x));
    m->n_edges = 0;
    for (uint64_t left = x.odd[0] & x.odd[1]; left; left &= left - 1)
        m->crossing[m->n_edges++].on = left & -left;
    for (size_t side = 0; side < 2; side++) {
        m->side[side] = x.side[side];
        m->n[side] = x.n[side];
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

/* row . (t, w) = 0 */
typedef struct {
    double room[ENTRIES];
    const double *row;
    double error; /* |row - true row|_1 <= error */
    double size;  /* no entry of either is larger */
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
    if (s->paranoid)
        l->error = INFINITY;
    l->size = largest_of(l->row) + l->error;
}

/* Products of rows of such sizes may lose bits to underflow. */
#define LEAST_SIZE 0x1p-900

/* Sets g to the vertex where two lines meet, their rows' cross product with its
 * largest entry 1; what it is off by, if that is below PLEATS_ERROR_KEPT, else
 * anything that is not.
 *
 * The product of rows that are off by d and e is off by d x (b + e) + a x e,
 * and an entry a_i b_j - a_j b_i by DBL_EPSILON |a| |b| for its products; the
 * difference and the division add DBL_EPSILON / 2 of the largest entry each,
 * which underflows are small beside: it is above 2^-36 LEAST_SIZE. */
static double meet(const line *a, const line *b, double g[ENTRIES])
{
    for (size_t j = 0; j < ENTRIES; j++) {
        const size_t p = (j + 1) % ENTRIES, q = (j + 2) % ENTRIES;
        g[j] = a->row[p] * b->row[q] - a->row[q] * b->row[p];
    }
    const double most = largest_of(g), size = a->size * b->size;
    const double scale = g[2] < 0 ? -most : most;
    for (size_t j = 0; j < ENTRIES; j++)
        g[j] /= scale;
    const double off =
        a->error * b->size + a->size * b->error + DBL_EPSILON * size;
    return size > LEAST_SIZE ? pleats_round_up(off / most + DBL_EPSILON)
                             : INFINITY;
}

/* Finds where the line crosses the edge on a wall; false: the two lines do not
 * tell which way, as of rays, or not well enough. */
static bool find_crossing(const pleats_space *s, const pleats_vertices *c,
                          const line *l, pleats_polygon_crossing *x)
{
    line edge;
    take_line(s, c->slot[__builtin_ctzll(x->on)], &edge);
    x->error = meet(&edge, l, x->point);
    pleats_perturb_point(0, ENTRIES, x->point, 1, &x->error);
    return x->error < PLEATS_ERROR_KEPT && x->point[2] > x->error;
}

/* Makes generator o of `to` a crossing. */
static void put(const pleats_polygon_crossing *x, pleats_vertices *to, size_t o)
{
    const size_t pad = to->pad;
    double *point = to->point + o;
    for (size_t j = 0; j < ENTRIES; j++)
        point[j * pad] = x->point[j];
    to->error[o] = x->error;
    to->on[o] = x->on;
    to->id[o] = 0;
    if (to->name)
        to->name[o] = x->name;
}

pleats_status pleats_vertices_take_part(pleats_space *s,
                                        const pleats_vertices *c, int sign,
                                        pleats_idx wall, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    const pleats_polygon_meeting *m = &c->meeting;
    const size_t side = sign > 0;
    const uint64_t set = all_of(c) & ~m->side[!side];
    const pleats_idx n = c->n - m->n[!side];
    const uint64_t last = (uint64_t)1 << c->n_slots;
    size_t o = (size_t)n, n_words;
    TRY(pleats_vertices_take_walls(s, c, sign, wall, to, &n_words));
    TRY(pleats_vertices_reserve(s, to, n + m->n_edges, n_words));
    to->n_lines = 0;
    to->dim = c->dim;
    to->simple = m->n[0] + m->n[1] == c->n;
    keep(c, set, to);
    for (pleats_idx e = 0; e < m->n_edges; e++)
        put(&m->crossing[e], to, o++);
    for (; m->n_edges > 0 && o < to->pad; o++)
        put(&m->crossing[m->n_edges - 1], to, o);
    if (!to->simple) {
        o = 0;
        for (uint64_t left = set; left; left &= left - 1, o++)
            to->on[o] |= left & -left & m->side[side] ? 0 : last;
        pleats_vertices_pad(s, to);
    }
done:
    return status;
}

/* Finds crossing e from the ends of its edge: in the negative part, where it is
 * worked out anew if need be. */
static void interpolate(pleats_space *s, pleats_vertices *c, pleats_idx e,
                        pleats_edge edge, pleats_vertices *negative)
{
    pleats_polygon_crossing *x = &c->meeting.crossing[e];
    const pleats_idx o = negative->n - c->meeting.n_edges + e;
    pleats_vertices_cross(s, c, edge, negative, o);
    if (negative->error[o] > PLEATS_ERROR_KEPT)
        (void)pleats_vertices_refine(s, negative, o);
    pleats_vertices_pad(s, negative);
    for (size_t j = 0; j < ENTRIES; j++)
        x->point[j] = negative->point[j * negative->pad + (size_t)o];
    x->error = negative->error[o];
}

/* Finds all crossings; edge [2] gets the ends of those edges whose crossings
 * are left to interpolate, p = q for others. */
static pleats_status find_crossings(pleats_space *s, pleats_vertices *c,
                                    pleats_idx wall, pleats_edge *edge)
{
    pleats_status status = PLEATS_OK;
    line l;
    take_line(s, wall, &l);
    for (pleats_idx e = 0; e < c->meeting.n_edges; e++) {
        pleats_polygon_crossing *x = &c->meeting.crossing[e];
        const bool is_known = find_crossing(s, c, &l, x);
        edge[e] = (pleats_edge){0, 0};
        if (!is_known || c->name) {
            const pleats_edge ends = {find_end(c, c->meeting.side[1], x->on),
                                      find_end(c, c->meeting.side[0], x->on)};
            if (c->name)
                TRY(pleats_vertex_names_cross(s->names, c->name[ends.p],
                                              c->name[ends.q],
                                              s->question.plane, &x->name));
            if (!is_known)
                edge[e] = ends;
        }
        x->on |= (uint64_t)1 << c->n_slots;
    }
done:
    return status;
}

pleats_status pleats_vertices_cut_polygon(pleats_space *s, pleats_vertices *c,
                                          pleats_idx wall, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    pleats_edge edge[2];
    TRY(find_meeting(s, c));
    TRY(find_crossings(s, c, wall, edge));
    TRY(pleats_vertices_take_part(s, c, -1, wall, to));
    for (pleats_idx e = 0; e < c->meeting.n_edges; e++)
        if (edge[e].p != edge[e].q)
            interpolate(s, c, e, edge[e], to);
done:
    return status;
}
