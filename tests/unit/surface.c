#include "surface.h"

#include "unit.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    size_t lo, hi;
    int forward;
} side;

static int by_ends(const void *a, const void *b)
{
    const side *x = a, *y = b;
    if (x->lo != y->lo)
        return x->lo < y->lo ? -1 : 1;
    return (x->hi > y->hi) - (x->hi < y->hi);
}

/* The edges of all triangles, sorted; free() them. */
static side *sides_of(const pleats_mesh *m)
{
    side *list = need_memory(3 * m->n_triangles, sizeof *list);
    for (size_t i = 0; i < 3 * m->n_triangles; i++) {
        size_t a = m->triangle[i], b = m->triangle[i % 3 == 2 ? i - 2 : i + 1];
        assert_true(a < m->n_corners && b < m->n_corners && a != b);
        list[i] = (side){a < b ? a : b, a < b ? b : a, a < b ? 1 : -1};
    }
    qsort(list, 3 * m->n_triangles, sizeof *list, by_ends);
    return list;
}

size_t surface_edges(const pleats_mesh *m, size_t *single)
{
    side *list = sides_of(m);
    size_t edges = 0;
    *single = 0;
    for (size_t i = 0, end; i < 3 * m->n_triangles; i = end, edges++) {
        int balance = 0;
        for (end = i;
             end < 3 * m->n_triangles && by_ends(&list[end], &list[i]) == 0;
             end++)
            balance += list[end].forward;
        if (end - i == 1)
            ++*single;
        else
            assert_true(end - i == 2 && balance == 0);
    }
    free(list);
    return edges;
}

static const double *point(const pleats_mesh *m, size_t triangle, size_t i)
{
    return m->corner + 3 * m->triangle[3 * triangle + i];
}

static void cross(const double *a, const double *b, double *out)
{
    for (size_t i = 0; i < 3; i++)
        out[i] =
            a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3];
}

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

double surface_volume(const pleats_mesh *m)
{
    double sum = 0, n[3];
    for (size_t i = 0; i < m->n_triangles; i++) {
        cross(point(m, i, 1), point(m, i, 2), n);
        sum += dot(point(m, i, 0), n) / 6;
    }
    return sum;
}

double surface_area(const pleats_mesh *m)
{
    double sum = 0, n[3], a[3], b[3];
    for (size_t i = 0; i < m->n_triangles; i++) {
        for (size_t j = 0; j < 3; j++) {
            a[j] = point(m, i, 1)[j] - point(m, i, 0)[j];
            b[j] = point(m, i, 2)[j] - point(m, i, 0)[j];
        }
        cross(a, b, n);
        sum += sqrt(dot(n, n)) / 2;
    }
    return sum;
}

int64_t surface_euler(const pleats_mesh *m)
{
    size_t single, edges = surface_edges(m, &single);
    assert_int_equal(single, 0);
    assert_int_equal(2 * edges, 3 * m->n_triangles);
    int64_t euler =
        (int64_t)m->n_corners - (int64_t)edges + (int64_t)m->n_triangles;
    assert_int_equal(euler % 2, 0);
    return euler;
}
