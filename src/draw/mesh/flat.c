/* Facets at the level with the solid on both sides are inside it. */
#include "base/doubles.h"
#include "draw/mesh/faces.h"

#include <math.h>
#include <stdlib.h>

/* Flat faces by plane, and room to cut one. */
typedef struct {
    pleats_mesh_points *corners;
    pleats_faces *faces;
    mpz_t last, value; /* of the line in question */
    size_t n, capacity;
    size_t *polygon; /* what is left of the face */
    size_t n_out, out_capacity;
    size_t *out;
} cutting;

typedef struct {
    size_t plane, face;
    bool is_up; /* the first entry of its normal that is not 0 is above 0 */
    double lo[3], hi[3];
} flat;

static int by_plane(const void *a, const void *b)
{
    const flat *x = a, *y = b;
    if (x->plane != y->plane)
        return x->plane < y->plane ? -1 : 1;
    return (x->face > y->face) - (x->face < y->face);
}

/* A box around the face, a little too large. */
static void set_box(const pleats_mesh_points *c, const pleats_faces *f, flat *x)
{
    const size_t *loop = pleats_face_loop(f, x->face);
    for (int j = 0; j < 3; j++) {
        x->lo[j] = INFINITY;
        x->hi[j] = -INFINITY;
        for (size_t i = 0; i < f->face[x->face].n; i++) {
            double at = pleats_mesh_points_coordinate(c, loop[i], j);
            x->lo[j] =
                pleats_smaller(x->lo[j], at - 0x1p-50 * fabs(at) - 0x1p-900);
            x->hi[j] =
                pleats_larger(x->hi[j], at + 0x1p-50 * fabs(at) + 0x1p-900);
        }
    }
}

static bool may_meet(const flat *x, const flat *y)
{
    bool all = true;
    for (int j = 0; j < 3; j++)
        all = all && x->lo[j] <= y->hi[j] && y->lo[j] <= x->hi[j];
    return all;
}

static pleats_status put(pleats_ctx *ctx, size_t **list, size_t *capacity,
                         size_t *n, size_t corner)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, list, capacity, *n + 1, sizeof **list));
    (*list)[(*n)++] = corner;
done:
    return status;
}

/* Splits c->polygon along the line a b: what is on its left stays, c->out gets
 * the rest; of either, nothing where it has no points off the line. */
static pleats_status split(cutting *c, pleats_view view, size_t a, size_t b)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = c->corners->ctx;
    size_t kept = 0, room = 0, *left = NULL, before = 0;
    bool has_left = false, has_right = false;
    int sign, last_sign = 0;
    c->n_out = 0;
    for (size_t i = 0; i <= c->n && c->n > 0; i++) {
        size_t x = c->polygon[i % c->n];
        sign = pleats_mesh_points_turn(c->corners, view, a, b, x, c->value);
        if (i > 0 && sign * last_sign < 0) {
            size_t new = 0;
            TRY(pleats_mesh_points_add_crossing(
                c->corners, pleats_mesh_point(c->corners, before),
                pleats_mesh_point(c->corners, x), c->last, c->value, &new));
            TRY(put(ctx, &left, &room, &kept, new));
            TRY(put(ctx, &c->out, &c->out_capacity, &c->n_out, new));
        }
        if (i < c->n && sign >= 0)
            TRY(put(ctx, &left, &room, &kept, x));
        if (i < c->n && sign <= 0)
            TRY(put(ctx, &c->out, &c->out_capacity, &c->n_out, x));
        has_left = has_left || sign > 0;
        has_right = has_right || sign < 0;
        before = x;
        last_sign = sign;
        mpz_swap(c->last, c->value);
    }
    c->n_out = has_right ? c->n_out : 0;
    kept = has_left ? kept : 0;
    c->n = 0;
    for (size_t i = 0; i < kept; i++)
        TRY(put(ctx, &c->polygon, &c->capacity, &c->n, left[i]));
done:
    pleats_release(ctx, left);
    return status;
}

/* Cuts face x along the edges of face y: c->polygon is what they share.  With
 * `add`, the rest becomes faces. */
static pleats_status cut_by(cutting *c, size_t x, size_t y, bool add)
{
    pleats_status status = PLEATS_OK;
    pleats_faces *f = c->faces;
    const pleats_face face = f->face[x], other = f->face[y];
    pleats_view view = pleats_view_of(pleats_face_normal(f, y));
    mpz_t normal[3];
    for (size_t j = 0; j < 3; j++)
        mpz_init_set(normal[j], pleats_face_normal(f, x)[j]);
    c->n = 0;
    for (size_t i = 0; i < face.n; i++)
        TRY(put(f->ctx, &c->polygon, &c->capacity, &c->n,
                f->loop[face.first + i]));
    for (size_t i = 0; i < other.n && c->n > 0; i++) {
        TRY(split(c, view, f->loop[other.first + i],
                  f->loop[other.first + (i + 1) % other.n]));
        if (add && c->n_out > 0)
            TRY(pleats_faces_add(f, PLEATS_FACE_FLAT, normal, c->n_out,
                                 c->out));
    }
done:
    for (size_t j = 0; j < 3; j++)
        mpz_clear(normal[j]);
    return status;
}

/* Takes face y away from face x and what came of it: faces `first` .. on. */
static pleats_status subtract(cutting *c, size_t x, size_t first, size_t y)
{
    pleats_status status = PLEATS_OK;
    pleats_faces *f = c->faces;
    const size_t n = f->n;
    for (size_t i = x; i < n; i = i == x ? first : i + 1) {
        if (f->face[i].kind == PLEATS_FACE_GONE)
            continue;
        TRY(cut_by(c, i, y, false));
        if (c->n == 0)
            continue;
        TRY(cut_by(c, i, y, true));
        f->face[i].kind = PLEATS_FACE_GONE;
    }
done:
    return status;
}

static pleats_status list_flats(pleats_mesh_points *c, pleats_faces *f,
                                flat **list, size_t *n)
{
    pleats_status status = PLEATS_OK;
    size_t count = 0;
    for (size_t i = 0; i < f->n; i++)
        count += f->face[i].kind == PLEATS_FACE_FLAT;
    TRY(pleats_alloc(f->ctx, count, sizeof **list, list));
    for (size_t i = 0; i < f->n; i++) {
        flat *x = *list + *n;
        mpz_t *normal = pleats_face_normal(f, i);
        int first = 0;
        if (f->face[i].kind != PLEATS_FACE_FLAT)
            continue;
        while (mpz_sgn(normal[first]) == 0)
            first++;
        x->is_up = mpz_sgn(normal[first]) > 0;
        x->face = i;
        TRY(pleats_mesh_points_plane(c, normal, pleats_face_loop(f, i)[0],
                                     &x->plane));
        set_box(c, f, x);
        ++*n;
    }
    if (*n > 0)
        qsort(*list, *n, sizeof **list, by_plane);
done:
    return status;
}

/* All faces are cut by the others as they were at first, so that both sides
 * lose the same: faces that are gone still have their corners. */
pleats_status pleats_mesh_cancel(pleats_mesh_points *corners,
                                 pleats_faces *faces)
{
    pleats_status status = PLEATS_OK;
    cutting c = {.corners = corners, .faces = faces};
    flat *list = NULL;
    size_t n = 0;
    mpz_init(c.last);
    mpz_init(c.value);
    TRY(list_flats(corners, faces, &list, &n));
    for (size_t i = 0, begin = 0, end = 0; i < n; i++) {
        size_t first = faces->n;
        if (i == end) {
            begin = end;
            while (end < n && list[end].plane == list[i].plane)
                end++;
        }
        for (size_t j = begin; j < end; j++)
            if (list[j].is_up != list[i].is_up && may_meet(&list[i], &list[j]))
                TRY(subtract(&c, list[i].face, first, list[j].face));
        TRY(pleats_check_stop(faces->ctx));
    }
done:
    mpz_clear(c.last);
    mpz_clear(c.value);
    pleats_release(faces->ctx, c.polygon);
    pleats_release(faces->ctx, c.out);
    pleats_release(faces->ctx, list);
    return status;
}
