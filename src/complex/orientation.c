/* A face's boundary is a sphere: each ridge lies in just two facets, and from
 * facet to facet over ridges one comes everywhere.  So the sign of one facet
 * says those of all. */
#include "complex/homology.h"

#include <stdlib.h>

void pleats_orientation_clear(pleats_ctx *ctx, pleats_orientation *o)
{
    for (pleats_idx d = 0; d < PLEATS_COMPLEX_LEVELS; d++) {
        pleats_release(ctx, o->start[d]);
        pleats_release(ctx, o->sign[d]);
    }
    *o = (pleats_orientation){0};
}

/* A ridge of a face in one of its facets, with its sign there. */
typedef struct {
    pleats_idx ridge, facet;
    int8_t sign;
} corner;

typedef struct {
    const pleats_complex_faces *faces;
    pleats_orientation *o;
    corner *corner;
    size_t n, capacity;
} orienting;

static int by_ridge(const void *a, const void *b)
{
    const corner *x = a, *y = b;
    return (x->ridge > y->ridge) - (x->ridge < y->ridge);
}

static pleats_status list_corners(orienting *v, pleats_idx d,
                                  const pleats_complex_face *face)
{
    pleats_status status = PLEATS_OK;
    v->n = 0;
    for (pleats_idx j = 0; j < face->n; j++) {
        const size_t g = (size_t)face->facet[j];
        const pleats_complex_face *facet = &v->faces->face[d - 1][g];
        const int8_t *sign = v->o->sign[d - 1] + v->o->start[d - 1][g];
        TRY(pleats_grow(v->faces->ctx, &v->corner, &v->capacity,
                        v->n + (size_t)facet->n, sizeof *v->corner));
        for (pleats_idx r = 0; r < facet->n; r++)
            v->corner[v->n++] = (corner){facet->facet[r], j, sign[r]};
    }
    if (v->n > 0)
        qsort(v->corner, v->n, sizeof *v->corner, by_ridge);
done:
    return status;
}

/* Whether ridges come in pairs. */
static bool are_pairs(const orienting *v)
{
    bool is = v->n % 2 == 0;
    for (size_t i = 0; i + 1 < v->n && is; i += 2)
        is = v->corner[i].ridge == v->corner[i + 1].ridge &&
             (i + 2 == v->n || v->corner[i + 2].ridge != v->corner[i].ridge);
    return is;
}

/* One pass over the ridges; whether a sign was found. */
static bool spread(const orienting *v, int8_t *sign)
{
    bool some = false;
    for (size_t i = 0; i < v->n; i += 2) {
        const corner *a = &v->corner[i], *b = a + 1;
        const int8_t turn = (int8_t)(-a->sign * b->sign);
        if (sign[a->facet] == 0 && sign[b->facet] != 0) {
            sign[a->facet] = (int8_t)(turn * sign[b->facet]);
            some = true;
        } else if (sign[b->facet] == 0 && sign[a->facet] != 0) {
            sign[b->facet] = (int8_t)(turn * sign[a->facet]);
            some = true;
        }
    }
    return some;
}

/* Whether all facets have a sign, and every ridge cancels. */
static bool is_sphere(const orienting *v, const int8_t *sign, pleats_idx n)
{
    bool is = n > 0;
    for (pleats_idx j = 0; j < n; j++)
        is = is && sign[j] != 0;
    for (size_t i = 0; i < v->n && is; i += 2) {
        const corner *a = &v->corner[i], *b = a + 1;
        is = sign[a->facet] * a->sign + sign[b->facet] * b->sign == 0;
    }
    return is;
}

static pleats_status orient(orienting *v, pleats_idx d, size_t i)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_face *face = &v->faces->face[d][i];
    int8_t *sign = v->o->sign[d] + v->o->start[d][i];
    bool is_good = face->n >= 2;
    if (is_good)
        sign[0] = 1;
    if (d == 1 && is_good) {
        sign[1] = -1;
        is_good = face->n == 2;
    } else if (is_good) {
        TRY(list_corners(v, d, face));
        is_good = are_pairs(v);
        while (is_good && spread(v, sign))
            continue;
        is_good = is_good && is_sphere(v, sign, face->n);
    }
    if (!is_good)
        TRY(pleats_fail(v->faces->ctx, PLEATS_INTERNAL,
                        "the boundary of a face is no sphere"));
done:
    return status;
}

static pleats_status begin_level(orienting *v, pleats_idx d)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_faces *f = v->faces;
    size_t n = 0;
    TRY(pleats_alloc(f->ctx, f->n[d] + 1, sizeof *v->o->start[d],
                     &v->o->start[d]));
    for (size_t i = 0; i < f->n[d]; i++) {
        v->o->start[d][i] = n;
        n += (size_t)f->face[d][i].n;
    }
    v->o->start[d][f->n[d]] = n;
    TRY(pleats_alloc(f->ctx, n + 1, 1, &v->o->sign[d]));
done:
    return status;
}

pleats_status pleats_orientation_find(const pleats_complex_faces *f,
                                      pleats_orientation *out)
{
    pleats_status status = PLEATS_OK;
    orienting v = {.faces = f, .o = out};
    *out = (pleats_orientation){0};
    for (pleats_idx d = 0; d <= f->k; d++) {
        TRY(begin_level(&v, d));
        for (size_t i = 0; d > 0 && i < f->n[d]; i++) {
            TRY(orient(&v, d, i));
            TRY(pleats_check_work(f->ctx, 100));
        }
    }
done:
    pleats_release(f->ctx, v.corner);
    return status;
}
