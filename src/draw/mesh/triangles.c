/* Faces cut into triangles, none of them flat. */
#include "draw/mesh/faces.h"

#include <math.h>

static pleats_status add_triangle(pleats_ctx *ctx, pleats_triangles *t,
                                  size_t face, size_t a, size_t b, size_t c)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &t->corner, &t->capacity, 3 * t->n + 3,
                    sizeof *t->corner));
    TRY(pleats_grow(ctx, &t->face, &t->owner_capacity, t->n + 1,
                    sizeof *t->face));
    t->corner[3 * t->n] = a;
    t->corner[3 * t->n + 1] = b;
    t->corner[3 * t->n + 2] = c;
    t->face[t->n++] = face;
done:
    return status;
}

static double distance(const pleats_mesh_points *c, size_t a, size_t b)
{
    double sum = 0;
    for (int j = 0; j < 3; j++) {
        double d = pleats_mesh_points_coordinate(c, a, j) -
                   pleats_mesh_points_coordinate(c, b, j);
        sum += d * d;
    }
    return sum;
}

/* Whether the corner of number i can be cut off a polygon [n], n >= 4, whose
 * corners turn left or lie on its sides: it turns, and the others are not all
 * on one line then.  In such a polygon there always is one. */
static bool is_ear(pleats_mesh_points *c, pleats_view view, size_t n,
                   const size_t *polygon, size_t i)
{
    size_t a = polygon[(i + n - 1) % n], b = polygon[(i + 1) % n];
    if (pleats_mesh_points_turn(c, view, a, polygon[i], b, NULL) <= 0)
        return false;
    for (size_t j = 2; j + 1 < n; j++)
        if (pleats_mesh_points_turn(c, view, a, b, polygon[(i + j) % n],
                                    NULL) != 0)
            return true;
    return false;
}

/* Cuts corners off, that with the shortest new side first (in doubles: a matter
 * of shape alone), until a triangle is left; polygon is used up. */
static pleats_status cut_face(pleats_mesh_points *c, pleats_view view,
                              size_t face, size_t n, size_t *polygon,
                              pleats_triangles *t)
{
    pleats_status status = PLEATS_OK;
    for (; n > 3; n--) {
        size_t best = SIZE_MAX;
        double least = INFINITY;
        for (size_t i = 0; i < n; i++) {
            double d =
                distance(c, polygon[(i + n - 1) % n], polygon[(i + 1) % n]);
            if ((best == SIZE_MAX || d < least) &&
                is_ear(c, view, n, polygon, i)) {
                best = i;
                least = d;
            }
        }
        if (best == SIZE_MAX)
            TRY(pleats_fail(c->ctx, PLEATS_INTERNAL,
                            "a face has no corner to cut off"));
        TRY(add_triangle(c->ctx, t, face, polygon[(best + n - 1) % n],
                         polygon[best], polygon[(best + 1) % n]));
        for (size_t i = best; i + 1 < n; i++)
            polygon[i] = polygon[i + 1];
    }
    TRY(add_triangle(c->ctx, t, face, polygon[0], polygon[1], polygon[2]));
done:
    return status;
}

pleats_status pleats_mesh_triangulate(pleats_mesh_points *c,
                                      const pleats_faces *f,
                                      pleats_triangles *t)
{
    pleats_status status = PLEATS_OK;
    size_t *polygon = NULL, capacity = 0;
    for (size_t i = 0; i < f->n; i++) {
        const pleats_face face = f->face[i];
        if (face.kind == PLEATS_FACE_GONE)
            continue;
        TRY(pleats_grow(f->ctx, &polygon, &capacity, face.n, sizeof *polygon));
        for (size_t j = 0; j < face.n; j++)
            polygon[j] = f->loop[face.first + j];
        TRY(cut_face(c, pleats_view_of(pleats_face_normal(f, i)), i, face.n,
                     polygon, t));
    }
done:
    pleats_release(f->ctx, polygon);
    return status;
}
