/* The double description step: the parts into which a plane cuts a cell. */
#include "cells/vertices.h"

#include "cells/vertex_names.h"

#include "base/doubles.h"
#include "base/perturb.h"
#include "exact/integers.h"

#include <float.h>
#include <math.h>
#include <string.h>

void pleats_vertices_pad(pleats_space *s, pleats_vertices *c)
{
    size_t n = (size_t)c->n, k = (size_t)s->frame->k;
    for (size_t i = n; i < c->pad; i++) {
        for (size_t j = 0; j <= k; j++)
            c->point[j * c->pad + i] = c->point[j * c->pad + n - 1];
        c->error[i] = c->error[n - 1];
    }
}

void pleats_vertices_mend(pleats_space *s, pleats_vertices *c)
{
    for (pleats_idx i = 0; i < c->n; i++)
        if (c->error[i] > PLEATS_ERROR_KEPT)
            (void)pleats_vertices_refine(s, c, i);
}

pleats_status pleats_vertices_take_walls(pleats_space *s,
                                         const pleats_vertices *c, int sign,
                                         pleats_idx wall, pleats_vertices *to,
                                         size_t *n_words)
{
    pleats_status status = PLEATS_OK;
    *n_words = (size_t)c->n_slots / 64 + 1;
    *n_words = *n_words > c->n_words ? *n_words : c->n_words;
    TRY(pleats_vertices_copy_walls(s, to, c));
    if (sign == 0) {
        TRY(pleats_grow(s->ctx, &to->plane, &to->plane_capacity,
                        (size_t)to->n_planes + 1, sizeof *to->plane));
        to->plane[to->n_planes++] = wall;
    } else {
        TRY(pleats_grow(s->ctx, &to->slot, &to->slot_capacity,
                        (size_t)to->n_slots + 1, sizeof *to->slot));
        to->slot[to->n_slots++] = wall;
    }
done:
    return status;
}

/* Sets the walls of generator o: those of `a` that are also in `b`. */
static void set_walls(const pleats_vertices *c, const uint64_t *a,
                      const uint64_t *b, pleats_vertices *to, pleats_idx o)
{
    uint64_t *on = to->on + (size_t)o * to->n_words;
    if (to->n_words == 1) {
        *on = *a & *b;
        return;
    }
    for (size_t w = 0; w < to->n_words; w++)
        on[w] = w < c->n_words ? a[w] & b[w] : 0;
}

static void add_last_wall(pleats_vertices *to, pleats_idx o)
{
    size_t last = (size_t)to->n_slots - 1;
    to->on[(size_t)o * to->n_words + last / 64] |= (uint64_t)1 << (last % 64);
}

/* Generators o, o + 1, ... of `to` are n generators of c. */
static void keep(const pleats_space *s, const pleats_vertices *c, size_t n,
                 const pleats_idx *kept, pleats_vertices *to, pleats_idx o)
{
    const double *from = c->point;
    double *point = to->point + o;
    for (pleats_idx j = 0; j <= s->frame->k; j++) {
        for (size_t i = 0; i < n; i++)
            point[i] = from[kept[i]];
        from += c->pad;
        point += to->pad;
    }
    for (size_t i = 0; i < n; i++) {
        const uint64_t *on = pleats_vertices_walls(c, kept[i]);
        set_walls(c, on, on, to, o + (pleats_idx)i);
        to->error[o + (pleats_idx)i] = c->error[kept[i]];
        to->id[o + (pleats_idx)i] = c->id[kept[i]];
        if (to->name)
            to->name[o + (pleats_idx)i] = c->name[kept[i]];
    }
}

/* The n last generators of `to`, from the n last ones of another part. */
static void keep_last(const pleats_space *s, const pleats_vertices *other,
                      size_t n, pleats_vertices *to)
{
    const double *from = other->point + other->n - n;
    double *point = to->point + to->n - n;
    for (pleats_idx j = 0; j <= s->frame->k && n > 0; j++) {
        memcpy(point, from, n * sizeof *point);
        from += other->pad;
        point += to->pad;
    }
    for (size_t i = n; i > 0; i--) {
        const uint64_t *on =
            pleats_vertices_walls(other, other->n - (pleats_idx)i);
        set_walls(other, on, on, to, to->n - (pleats_idx)i);
        to->error[to->n - (pleats_idx)i] =
            other->error[other->n - (pleats_idx)i];
        to->id[to->n - (pleats_idx)i] = other->id[other->n - (pleats_idx)i];
        if (to->name)
            to->name[to->n - (pleats_idx)i] =
                other->name[other->n - (pleats_idx)i];
    }
}

/* Divides generator o by its largest entry; `error` belongs to it as it is. */
static void normalise(const pleats_space *s, pleats_vertices *to, pleats_idx o,
                      double error)
{
    size_t k = (size_t)s->frame->k;
    double *g = to->point + o, most = 0;
    for (size_t j = 0; j <= k; j++)
        most = pleats_larger(most, fabs(g[j * to->pad]));
    if (most != 1) {
        for (size_t j = 0; j <= k; j++)
            g[j * to->pad] /= most;
        error = error / most + DBL_EPSILON;
    }
    error = pleats_round_up(error);
    pleats_perturb_point(o, k + 1, g, to->pad, &error);
    to->error[o] = error < PLEATS_ERROR_KEPT ? error : INFINITY;
}

/* a - b, rounded down so far that it is not above the true difference. */
static inline double gap(double a, double b)
{
    return a * (1 - 4 * DBL_EPSILON) - b * (1 + 4 * DBL_EPSILON);
}

/* With f off by at most d and the difference D of the values, the share is off
 * by at most d / (D - 2 d). */
bool pleats_vertices_crossing(double fp, double fq, double dp, double dq,
                              double *share, double *off)
{
    double room = gap(fabs(fp - fq), dp + dq);
    bool is_certain = (fp > dp && fq < -dq) || (fp < -dp && fq > dq);
    *share = fp / (fp - fq);
    *off = pleats_round_up(pleats_larger(dp, dq) / room + 4 * DBL_EPSILON);
    pleats_perturb_value(PLEATS_PERTURB_VALUE, -1, share, off);
    return is_certain && room > 0 && isfinite(room);
}

/* p + share (q - p).  With the true share, in [0, 1], it is off by no more than
 * the larger one of their errors; the share's own moves it along q - p. */
void pleats_vertices_cross(const pleats_space *s, const pleats_vertices *c,
                           pleats_edge edge, pleats_vertices *to, pleats_idx o)
{
    const pleats_idx p = edge.p, q = edge.q;
    const size_t k = (size_t)s->frame->k;
    const double *value = s->vertices.value, *bound = value + c->pad;
    double share, off, far = 0, error = pleats_larger(c->error[p], c->error[q]);
    bool is_certain = pleats_vertices_crossing(value[p], value[q], bound[p],
                                               bound[q], &share, &off);
    for (size_t j = 0; j <= k; j++) {
        double a = c->point[j * c->pad + (size_t)p];
        double step = c->point[j * c->pad + (size_t)q] - a;
        to->point[j * to->pad + (size_t)o] = a + share * step;
        far = pleats_larger(far, fabs(step));
    }
    normalise(s, to, o,
              is_certain ? error + off * far + 8 * DBL_EPSILON : INFINITY);
}

/* Whether vertices are kept for cells to come.  In a plane an edge has but two
 * cells, and a vertex is worked out in less time than it is found. */
static bool keeps_vertices(const pleats_space *s)
{
    return !s->is_repeatable && s->frame->k > 2;
}

/* Makes generator o of `to`, where the plane in question crosses the edge. */
static void add_crossing(pleats_space *s, const pleats_vertices *c,
                         pleats_edge edge, pleats_vertices *to, pleats_idx o)
{
    const pleats_idx p = edge.p, q = edge.q;
    pleats_vertex_store *store = &s->vertices.store;
    set_walls(c, pleats_vertices_walls(c, p), pleats_vertices_walls(c, q), to,
              o);
    to->id[o] = keeps_vertices(s)
                    ? pleats_vertex_store_cross(store, c->id[p], c->id[q],
                                                s->question.plane)
                    : 0;
    if (to->id[o] && pleats_vertices_recall(s, to, o, PLEATS_ERROR_KEPT))
        return;
    pleats_vertices_cross(s, c, edge, to, o);
    pleats_vertex_store_put(store, to->id[o], to->point + o, to->pad,
                            to->error[o]);
}

/* Makes the generators from `first` on, the crossings of all edges. */
static pleats_status add_crossings(pleats_space *s, const pleats_vertices *c,
                                   bool is_wall, pleats_vertices *to,
                                   pleats_idx first)
{
    pleats_status status = PLEATS_OK;
    pleats_vertex_store *store = &s->vertices.store;
    const pleats_edge *edge = s->vertices.crossed.edge;
    const size_t n = s->vertices.crossed.n;
    const bool keeps = keeps_vertices(s);
    if (keeps)
        TRY(pleats_vertex_store_begin(s->ctx, store, (size_t)s->frame->k + 1));
    for (size_t e = 0; e < n && keeps; e++)
        pleats_vertex_store_expect(store, c->id[edge[e].p], c->id[edge[e].q],
                                   s->question.plane);
    for (size_t e = 0; e < n; e++, first++) {
        add_crossing(s, c, edge[e], to, first);
        if (is_wall)
            add_last_wall(to, first);
    }
done:
    return status;
}

/* Names the last generators of `to`, the crossings of the wall's plane; the
 * frame's corners get their names when all of its walls are there. */
static pleats_status name_crossings(pleats_space *s, const pleats_vertices *c,
                                    pleats_idx wall, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    const pleats_edge *edge = s->vertices.crossed.edge;
    const pleats_idx first = to->n - (pleats_idx)s->vertices.crossed.n;
    for (pleats_idx o = first; o < to->n && wall >= s->frame->m; o++, edge++)
        TRY(pleats_vertex_names_cross(s->names, c->name[edge->p],
                                      c->name[edge->q], s->question.plane,
                                      &to->name[o]));
done:
    return status;
}

/* Whether each generator is on just dim walls. */
PLEATS_WIDE
static bool are_simple(const pleats_vertices *c)
{
    const uint64_t *on = c->on;
    for (pleats_idx i = 0; i < c->n; i++) {
        pleats_idx n = 0;
        for (size_t w = 0; w < c->n_words; w++)
            n += (pleats_idx)__builtin_popcountll(*on++);
        if (n != c->dim)
            return false;
    }
    return true;
}

/* The same of `to`, a part of c; a plane that no generator of c is on leaves
 * that as it is. */
static void find_simple(const pleats_vertices *c, bool meets_generators,
                        pleats_vertices *to)
{
    to->simple = (c->simple && !meets_generators) || are_simple(to);
}

static bool meets_generators(const pleats_space *s, const pleats_vertices *c)
{
    for (pleats_idx i = 0; i < c->n; i++)
        if (s->vertices.sign[i] == 0)
            return true;
    return false;
}

/* Builds the part on side `sign` from the signs and edges that were found.
 * `other`, when not NULL, is the other part, which has the same crossings. */
static pleats_status build(pleats_space *s, pleats_vertices *c, int sign,
                           pleats_idx wall, const pleats_vertices *other,
                           pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    size_t n, n_words;
    const bool meets = meets_generators(s, c);
    TRY(pleats_vertices_take_walls(s, c, sign, wall, to, &n_words));
    TRY(pleats_vertices_copy_lines(s, to, c));
    TRY(pleats_vertices_list(s, c, sign < 0 ? -1 : 0, sign > 0 ? 1 : 0, &n));
    TRY(pleats_vertices_reserve(s, to, (pleats_idx)(n + s->vertices.crossed.n),
                                n_words));
    to->dim = sign == 0 ? c->dim - 1 : c->dim;
    keep(s, c, n, s->vertices.kept, to, 0);
    for (size_t i = 0; i < n; i++) {
        pleats_vertices_share(c, s->vertices.kept[i], to, (pleats_idx)i);
        if (meets && sign != 0 && s->vertices.sign[s->vertices.kept[i]] == 0)
            add_last_wall(to, (pleats_idx)i);
    }
    if (other)
        keep_last(s, other, s->vertices.crossed.n, to);
    else
        TRY(add_crossings(s, c, sign != 0, to, (pleats_idx)n));
    if (to->name && !other)
        TRY(name_crossings(s, c, wall, to));
    pleats_vertices_pad(s, to);
    find_simple(c, meets, to);
    pleats_vertices_mend(s, to);
done:
    return status;
}

/* A plane that holds all lines. */
static pleats_status cut_across(pleats_space *s, pleats_vertices *c, int sign,
                                pleats_idx wall, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_vertices_room_for_wall(s, c));
    TRY(pleats_vertices_signs(s, c));
    TRY(pleats_vertices_edges(s, c));
    TRY(build(s, c, sign, wall, NULL, to));
done:
    return status;
}

pleats_status pleats_vertices_cut_both(pleats_space *s, pleats_vertices *c,
                                       pleats_idx wall,
                                       pleats_vertices *negative,
                                       pleats_vertices *positive)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_vertices_signs(s, c));
    TRY(pleats_vertices_edges(s, c));
    TRY(build(s, c, -1, wall, NULL, negative));
    TRY(build(s, c, 1, wall, negative, positive));
done:
    return status;
}

/* Generator o = generator i, moved along the line onto the plane:
 * g - f(g) / f(line) line. */
static void slide(pleats_space *s, const pleats_vertices *c, pleats_idx i,
                  const double *line, double rate, double rate_bound,
                  pleats_vertices *to, pleats_idx o)
{
    size_t k = (size_t)s->frame->k;
    double bound = s->vertices.value[c->pad + (size_t)i];
    double length = s->vertices.value[i] / rate, size = 1 + fabs(length);
    double room = gap(fabs(rate), rate_bound);
    double off = (bound + fabs(length) * rate_bound) / room;
    keep(s, c, 1, &i, to, o);
    to->id[o] = pleats_vertex_store_new(&s->vertices.store);
    for (size_t j = 0; j <= k; j++)
        to->point[j * to->pad + (size_t)o] -= length * line[j];
    bool is_certain = room > 0 && isfinite(length);
    off = pleats_round_up(off) + 8 * DBL_EPSILON * size;
    normalise(s, to, o, is_certain ? c->error[i] + off : INFINITY);
}

/* The other lines, moved onto the plane, over the integers. */
static pleats_status slide_lines(pleats_space *s, const pleats_vertices *c,
                                 pleats_idx line, int *side,
                                 pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)s->frame->k + 1, o = 0;
    mpz_t *across = c->line + (size_t)line * width;
    mpz_t rate, other;
    mpz_init(rate);
    mpz_init(other);
    TRY(pleats_space_need_objective(s));
    TRY(pleats_vertices_reserve_lines(s, to, c->n_lines - 1));
    for (size_t j = 0; j < width; j++)
        mpz_addmul(rate, s->question.objective[j], across[j]);
    *side = mpz_sgn(rate);
    for (size_t i = 0; i < (size_t)c->n_lines; i++) {
        mpz_t *from = c->line + i * width, *move = to->line + o * width;
        if (i == (size_t)line)
            continue;
        mpz_set_ui(other, 0);
        for (size_t j = 0; j < width; j++)
            mpz_addmul(other, s->question.objective[j], from[j]);
        for (size_t j = 0; j < width; j++) {
            mpz_mul(move[j], from[j], rate);
            mpz_submul(move[j], across[j], other);
        }
        pleats_integers_make_primitive(move, width);
        o++;
    }
    pleats_vertices_round_lines(s, to);
done:
    mpz_clear(rate);
    mpz_clear(other);
    return status;
}

/* The new ray, the half of the line on the plane's side: on all walls but the
 * new one. */
static void add_ray(pleats_space *s, const double *line, double sign,
                    pleats_vertices *to, pleats_idx o)
{
    size_t k = (size_t)s->frame->k, last = (size_t)to->n_slots - 1;
    uint64_t *on = to->on + (size_t)o * to->n_words;
    for (size_t j = 0; j <= k; j++)
        to->point[j * to->pad + (size_t)o] = sign * line[j];
    to->error[o] = DBL_EPSILON;
    to->id[o] = pleats_vertex_store_new(&s->vertices.store);
    pleats_perturb_point(o, k + 1, to->point + o, to->pad, &to->error[o]);
    for (size_t w = 0; w < to->n_words; w++)
        on[w] = 0;
    for (size_t j = 0; j < last; j++)
        on[j / 64] |= (uint64_t)1 << (j % 64);
}

/* A plane that does not hold the line: all generators move along it onto the
 * plane, and half of the line becomes a ray. */
static pleats_status cut_along(pleats_space *s, pleats_vertices *c,
                               pleats_idx line, int sign, pleats_idx wall,
                               pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)s->frame->k + 1, n_words;
    const double *along = c->line_point + (size_t)line * width;
    const pleats_form_bounds *form = &s->vertices.form;
    double rate = 0;
    double bound = pleats_round_up(form->tolerance + form->size * DBL_EPSILON);
    int side = 0;
    TRY(pleats_vertices_room_for_wall(s, c));
    TRY(pleats_vertices_take_walls(s, c, sign, wall, to, &n_words));
    TRY(slide_lines(s, c, line, &side, to));
    TRY(pleats_vertices_evaluate(s, c));
    TRY(pleats_vertices_reserve(s, to, c->n + (sign != 0), n_words));
    to->dim = sign == 0 ? c->dim : c->dim + 1;
    for (size_t j = 0; j < width; j++)
        rate += form->entry[j] * along[j];
    for (pleats_idx i = 0; i < c->n; i++) {
        slide(s, c, i, along, rate, bound, to, i);
        if (sign != 0)
            add_last_wall(to, i);
    }
    if (sign != 0)
        add_ray(s, along, sign * side, to, c->n);
    pleats_vertices_pad(s, to);
    find_simple(c, true, to);
done:
    return status;
}

pleats_status pleats_vertices_cut(pleats_space *s, pleats_vertices *c, int sign,
                                  pleats_idx wall, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    pleats_idx line = -1;
    if (c->n_lines > 0)
        TRY(pleats_vertices_crossing_line(s, c, &line));
    if (line < 0)
        TRY(cut_across(s, c, sign, wall, to));
    else
        TRY(cut_along(s, c, line, sign, wall, to));
done:
    return status;
}
