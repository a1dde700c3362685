#include "cells/vertices.h"

#include "base/wide.h"
#include "cells/vertex_names.h"
#include "exact/integers.h"

#include <float.h>
#include <string.h>

/* Walls have their number on the stack; PLEATS_WALL_AT_INFINITY is w >= 0, and
 * PLEATS_WALL_OF_BOX - 2 j - i is w + t_j >= 0 (i = 0) or w - t_j >= 0. */

_Static_assert(sizeof(double) == sizeof(pleats_exact_point *) &&
                   sizeof(double) == sizeof(pleats_vertex_id) &&
                   sizeof(double) == sizeof(uint64_t),
               "the arrays of a cell share a block");

static void release_exact(pleats_ctx *ctx, pleats_vertices *c)
{
    for (pleats_idx i = 0; i < c->n && c->has_exact; i++)
        pleats_exact_point_release(ctx, c->exact[i]);
    c->has_exact = false;
}

void pleats_vertices_clear(pleats_ctx *ctx, pleats_vertices *c)
{
    release_exact(ctx, c);
    pleats_release(ctx, c->block);
    pleats_release(ctx, c->slot);
    pleats_release(ctx, c->plane);
    pleats_release(ctx, c->line_point);
    pleats_integers_free(ctx, c->line, c->n_integers);
    if (c->positive)
        pleats_vertices_clear(ctx, c->positive);
    pleats_release(ctx, c->positive);
    *c = (pleats_vertices){0};
}

pleats_status pleats_vertices_reserve(pleats_space *s, pleats_vertices *c,
                                      pleats_idx n, size_t n_words)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)s->frame->k + 1, pad = ((size_t)n + 3) / 4 * 4;
    const size_t names =
        s->names ? pad * sizeof *c->name / sizeof *c->block : 0;
    release_exact(s->ctx, c);
    c->n = 0;
    c->has_positive = false;
    TRY(pleats_grow(s->ctx, &c->block, &c->block_capacity,
                    pad * (width + 3 + n_words) + names, sizeof *c->block));
    c->point = c->block;
    c->error = c->point + width * pad;
    c->on = (uint64_t *)(void *)(c->error + pad);
    c->id = c->on + pad * n_words;
    c->exact = (pleats_exact_point **)(void *)(c->id + pad);
    c->name = names ? (pleats_idx *)(void *)(c->exact + pad) : NULL;
    c->n = n;
    c->pad = pad;
    c->n_words = n_words;
    pleats_vertices_changed(s, c);
done:
    return status;
}

static pleats_status copy_numbers(pleats_ctx *ctx, pleats_idx **to,
                                  size_t *capacity, const pleats_idx *from,
                                  pleats_idx n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, to, capacity, (size_t)n, sizeof **to));
    if (n)
        memcpy(*to, from, (size_t)n * sizeof **to);
done:
    return status;
}

pleats_status pleats_vertices_copy_walls(pleats_space *s, pleats_vertices *to,
                                         const pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    to->n_slots = c->n_slots;
    to->n_planes = c->n_planes;
    TRY(copy_numbers(s->ctx, &to->slot, &to->slot_capacity, c->slot,
                     c->n_slots));
    TRY(copy_numbers(s->ctx, &to->plane, &to->plane_capacity, c->plane,
                     c->n_planes));
done:
    return status;
}

pleats_status pleats_vertices_copy(pleats_space *s, pleats_vertices *to,
                                   const pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)s->frame->k + 1;
    TRY(pleats_vertices_reserve(s, to, c->n, c->n_words));
    TRY(pleats_vertices_copy_walls(s, to, c));
    TRY(pleats_vertices_copy_lines(s, to, c));
    to->dim = c->dim;
    memcpy(to->point, c->point, width * c->pad * sizeof *c->point);
    memcpy(to->error, c->error, c->pad * sizeof *c->error);
    memcpy(to->on, c->on, (size_t)c->n * c->n_words * sizeof *c->on);
    memcpy(to->id, c->id, (size_t)c->n * sizeof *c->id);
    if (to->name)
        memcpy(to->name, c->name, (size_t)c->n * sizeof *c->name);
    for (pleats_idx i = 0; i < c->n; i++)
        pleats_vertices_share(c, i, to, i);
    to->simple = c->simple;
done:
    return status;
}

/* R^k: one vertex, the origin, and k lines. */
static pleats_status make_space(pleats_space *s, pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    size_t width = (size_t)k + 1;
    TRY(pleats_vertices_reserve(s, c, 1, 1));
    TRY(pleats_grow(s->ctx, &c->slot, &c->slot_capacity, 1, sizeof *c->slot));
    c->dim = 0;
    c->n_planes = 0;
    c->n_slots = 1;
    c->slot[0] = PLEATS_WALL_AT_INFINITY;
    c->on[0] = 0;
    c->id[0] = pleats_vertex_store_new(&s->vertices.store);
    c->simple = true;
    for (size_t i = 0; i < width * c->pad; i++)
        c->point[i] = i / c->pad == (size_t)k;
    for (size_t i = 0; i < c->pad; i++)
        c->error[i] = 0;
    TRY(pleats_vertices_reserve_lines(s, c, k));
    for (size_t i = 0; i < (size_t)k * width; i++) {
        mpz_set_ui(c->line[i], i / width == i % width);
        c->line_point[i] = i / width == i % width;
    }
done:
    return status;
}

/* Cuts c down to a wall's side; `spare` is room.  A wall that does not cut is
 * left out: the frame has an interior. */
static pleats_status keep_inside(pleats_space *s, pleats_vertices *c,
                                 pleats_vertices *spare, pleats_idx wall)
{
    pleats_status status = PLEATS_OK;
    pleats_idx line;
    bool cuts = false;
    TRY(pleats_vertices_ask_wall(s, wall));
    TRY(pleats_vertices_crossing_line(s, c, &line));
    if (line < 0) {
        TRY(pleats_vertices_signs(s, c));
        for (pleats_idx i = 0; i < c->n; i++)
            cuts = cuts || s->vertices.sign[i] < 0;
        if (!cuts)
            return PLEATS_OK;
    }
    TRY(pleats_vertices_cut(s, c, 1, wall, spare));
    const pleats_vertices kept = *spare;
    *spare = *c;
    *c = kept;
done:
    return status;
}

pleats_status pleats_vertices_root(pleats_space *s, pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_frame *frame = s->frame;
    pleats_vertices spare = {0};
    TRY(make_space(s, c));
    for (pleats_idx side = 0; side < 2 * frame->k; side++)
        if (frame->boxed[side / 2])
            TRY(keep_inside(s, c, &spare, PLEATS_WALL_OF_BOX - side));
    for (pleats_idx i = 0; i < frame->m; i++)
        TRY(keep_inside(s, c, &spare, i));
    for (pleats_idx i = 0; i < c->n && c->name; i++)
        TRY(pleats_vertex_names_add(s->names, &c->name[i]));
done:
    pleats_vertices_clear(s->ctx, &spare);
    return status;
}

static void swap(pleats_vertices *a, pleats_vertices *b)
{
    const pleats_vertices x = *a;
    *a = *b;
    *b = x;
}

static pleats_status cut_down(pleats_space *s, pleats_vertices *c,
                              pleats_hyperplane plane, int sign,
                              pleats_idx wall)
{
    pleats_status status = PLEATS_OK;
    pleats_vertices part = {0};
    pleats_vertices_ask(s, plane);
    TRY(pleats_vertices_cut(s, c, sign, wall, &part));
    swap(c, &part);
done:
    pleats_vertices_clear(s->ctx, &part);
    return status;
}

static bool are_same(pleats_hyperplane p, pleats_hyperplane q)
{
    return p.a == q.a && p.b == q.b && p.at == q.at;
}

/* The negative side, and what the positive one takes. */
static pleats_status cut_in_two(pleats_space *s, pleats_vertices *c,
                                pleats_idx wall, pleats_vertices *negative)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_vertices_room_for_wall(s, c));
    if (pleats_vertices_is_polygon(s, c))
        return pleats_vertices_cut_polygon(s, c, wall, negative);
    if (!c->positive)
        TRY(pleats_alloc(s->ctx, 1, sizeof *c->positive, &c->positive));
    TRY(pleats_vertices_cut_both(s, c, wall, negative, c->positive));
done:
    return status;
}

/* Child after child: the negative side is asked for first, and both have the
 * same crossings.  Of the last question the values are still known. */
static pleats_status cut_for_child(pleats_space *s, pleats_vertices *c,
                                   pleats_hyperplane plane, int sign,
                                   pleats_idx wall, pleats_vertices *to)
{
    pleats_status status = PLEATS_OK;
    const bool is_other =
        sign > 0 && c->has_positive && are_same(c->cut, plane);
    c->has_positive = false;
    if (is_other && pleats_vertices_is_polygon(s, c))
        return pleats_vertices_take_part(s, c, 1, wall, to);
    if (is_other) {
        swap(c->positive, to);
        return PLEATS_OK;
    }
    if (!pleats_vertices_have_values(s, c) ||
        !are_same(s->question.plane, plane))
        pleats_vertices_ask(s, plane);
    if (sign > 0 || c->n_lines > 0)
        return pleats_vertices_cut(s, c, sign, wall, to);
    TRY(cut_in_two(s, c, wall, to));
    c->has_positive = true;
    c->cut = plane;
done:
    return status;
}

pleats_status pleats_vertices_restrict(pleats_space *s, pleats_vertices *c,
                                       pleats_hyperplane plane, int sign,
                                       pleats_idx wall, pleats_vertices *to)
{
    return to == c ? cut_down(s, c, plane, sign, wall)
                   : cut_for_child(s, c, plane, sign, wall, to);
}

/* The least and largest of x [pad]. */
PLEATS_WITHIN void find_range(const double *x, size_t pad, double *lo,
                              double *hi)
{
    four least = *(const four *)x, most = least;
    for (size_t i = 4; i < pad; i += 4)
        widen((const four *)(x + i), &least, &most);
    *lo = least[0];
    *hi = most[0];
    for (size_t i = 1; i < 4; i++) {
        *lo = least[i] < *lo ? least[i] : *lo;
        *hi = most[i] > *hi ? most[i] : *hi;
    }
}

PLEATS_WIDE
static void find_box(const pleats_vertices *c, size_t k, double *centre,
                     double *half)
{
    const size_t pad = c->pad;
    double lo, hi, error;
    find_range(c->error, pad, &lo, &error);
    for (size_t j = 0; j <= k; j++) {
        find_range(c->point + j * pad, pad, &lo, &hi);
        centre[j] = (lo + hi) / 2;
        half[j] = pleats_round_up((hi - lo) / 2 + error + DBL_EPSILON);
    }
}

void pleats_vertices_box(const pleats_space *s, const pleats_vertices *c,
                         double *centre, double *half)
{
    find_box(c, (size_t)s->frame->k, centre, half);
}
