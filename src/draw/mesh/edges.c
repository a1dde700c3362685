/* Edges of faces, brought to where they meet edge to edge.
 *
 * Along every line the edges of the faces of a closed surface cover each of its
 * points equally often in both directions.  So do those that are left without
 * the edges that another one runs along from end to end: these alone are cut,
 * where another one of them on the same line ends. */
#include "draw/mesh/faces.h"

#include <stdlib.h>

static int by_ends(const void *a, const void *b)
{
    const pleats_mesh_edge *x = a, *y = b;
    if (x->lo != y->lo)
        return x->lo < y->lo ? -1 : 1;
    if (x->hi != y->hi)
        return x->hi < y->hi ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

void pleats_mesh_sort_edges(pleats_mesh_edge *edge, size_t n)
{
    if (n > 0)
        qsort(edge, n, sizeof *edge, by_ends);
}

size_t pleats_mesh_edge_run(const pleats_mesh_edge *edge, size_t n, size_t i,
                            int64_t *balance)
{
    size_t end = i;
    *balance = 0;
    for (; end < n && edge[end].lo == edge[i].lo && edge[end].hi == edge[i].hi;
         end++)
        *balance += edge[end].forward ? 1 : -1;
    return end;
}

/* The edges of all faces, sorted. */
static pleats_status list_edges(const pleats_faces *f, pleats_mesh_edge **edge,
                                size_t *n)
{
    pleats_status status = PLEATS_OK;
    pleats_release(f->ctx, *edge);
    *edge = NULL;
    *n = 0;
    TRY(pleats_alloc(f->ctx, f->n_loop, sizeof **edge, edge));
    for (size_t i = 0; i < f->n; i++) {
        const pleats_face *face = &f->face[i];
        const size_t *loop = f->loop + face->first;
        if (face->kind == PLEATS_FACE_GONE)
            continue;
        for (size_t j = 0; j < face->n; j++) {
            size_t a = loop[j], b = loop[(j + 1) % face->n];
            (*edge)[(*n)++] = (pleats_mesh_edge){a < b ? a : b, a < b ? b : a,
                                                 a < b, face->first + j};
        }
    }
    pleats_mesh_sort_edges(*edge, *n);
done:
    return status;
}

/* A corner to be put behind a place of the loops; of several at one place,
 * in the order of their ranks. */
typedef struct {
    size_t at, rank, corner;
} insertion;

static int by_place(const void *a, const void *b)
{
    const insertion *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* The loops with all insertions, in any order. */
static pleats_status insert(pleats_faces *f, insertion *list, size_t n)
{
    pleats_status status = PLEATS_OK;
    size_t *loop = NULL, n_loop = 0, next = 0;
    if (n == 0)
        return PLEATS_OK;
    qsort(list, n, sizeof *list, by_place);
    TRY(pleats_alloc(f->ctx, f->n_loop + n, sizeof *loop, &loop));
    for (size_t i = 0; i < f->n; i++) {
        pleats_face *face = &f->face[i];
        const size_t first = n_loop;
        for (size_t at = face->first; at < face->first + face->n; at++) {
            loop[n_loop++] = f->loop[at];
            for (; next < n && list[next].at == at; next++)
                loop[n_loop++] = list[next].corner;
        }
        face->first = first;
        face->n = n_loop - first;
    }
    pleats_release(f->ctx, f->loop);
    f->loop = loop;
    f->loop_capacity = f->n_loop + n;
    f->n_loop = n_loop;
done:
    return status;
}

/* ---- edges that end inside others ---- */

typedef struct {
    pleats_mesh_points *corners;
    size_t line, corner;
    int axis; /* which the line runs along */
} line_point;

static int by_position(const void *a, const void *b)
{
    const line_point *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->corner == y->corner)
        return 0;
    return pleats_mesh_points_compare(x->corners, x->axis, x->corner,
                                      y->corner);
}

typedef struct {
    size_t n; /* edges on the list */
    pleats_mesh_edge *edge;
    line_point *point; /* [2 x n], the edges' ends; then those that differ */
    size_t *line;      /* [n] */
    int *axis;         /* [n] */
    size_t n_points;
} lines;

/* The ends of edges that are not balanced, in order along their lines. */
static pleats_status list_points(pleats_mesh_points *c, lines *l)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(c->ctx, 2 * l->n, sizeof *l->point, &l->point));
    TRY(pleats_alloc(c->ctx, l->n, sizeof *l->line, &l->line));
    TRY(pleats_alloc(c->ctx, l->n, sizeof *l->axis, &l->axis));
    for (size_t i = 0; i < l->n; i++) {
        const pleats_mesh_edge e = l->edge[i];
        TRY(pleats_mesh_points_line(c, e.lo, e.hi, &l->line[i], &l->axis[i]));
        for (size_t j = 0; j < 2; j++)
            l->point[2 * i + j] =
                (line_point){c, l->line[i], j ? e.hi : e.lo, l->axis[i]};
    }
    if (l->n > 0)
        qsort(l->point, 2 * l->n, sizeof *l->point, by_position);
    for (size_t i = 0; i < 2 * l->n; i++)
        if (i == 0 || by_position(&l->point[i], &l->point[i - 1]) != 0)
            l->point[l->n_points++] = l->point[i];
done:
    return status;
}

/* Corners inside edge i of the list. */
static pleats_status list_inside(pleats_mesh_points *c, const lines *l,
                                 size_t i, insertion **list, size_t *capacity,
                                 size_t *n)
{
    pleats_status status = PLEATS_OK;
    const pleats_mesh_edge e = l->edge[i];
    const line_point end = {c, l->line[i], e.lo, l->axis[i]};
    bool is_up = pleats_mesh_points_compare(c, end.axis, e.lo, e.hi) < 0;
    const line_point *p =
        bsearch(&end, l->point, l->n_points, sizeof *p, by_position);
    if (!p)
        return pleats_fail(c->ctx, PLEATS_INTERNAL, "an edge lost its end");
    size_t rank = 0;
    for (p += is_up ? 1 : -1; p->corner != e.hi; p += is_up ? 1 : -1) {
        rank++;
        TRY(pleats_grow(c->ctx, list, capacity, *n + 1, sizeof **list));
        (*list)[(*n)++] =
            (insertion){e.at, e.forward ? rank : SIZE_MAX - rank, p->corner};
    }
done:
    return status;
}

static pleats_status put_ends(pleats_mesh_points *c, pleats_faces *f,
                              pleats_mesh_edge *edge, size_t n)
{
    pleats_status status = PLEATS_OK;
    lines l = {.edge = edge};
    insertion *list = NULL;
    size_t n_list = 0, capacity = 0;
    int64_t balance;
    for (size_t i = 0, end; i < n; i = end) {
        end = pleats_mesh_edge_run(edge, n, i, &balance);
        for (size_t j = i; j < end && balance != 0; j++)
            edge[l.n++] = edge[j];
    }
    TRY(list_points(c, &l));
    for (size_t i = 0; i < l.n; i++)
        TRY(list_inside(c, &l, i, &list, &capacity, &n_list));
    TRY(insert(f, list, n_list));
done:
    pleats_release(f->ctx, l.point);
    pleats_release(f->ctx, l.line);
    pleats_release(f->ctx, l.axis);
    pleats_release(f->ctx, list);
    return status;
}

/* ---- edges where more than two faces meet ---- */

static pleats_status put_middles(pleats_mesh_points *c, pleats_faces *f,
                                 const pleats_mesh_edge *edge, size_t n)
{
    pleats_status status = PLEATS_OK;
    insertion *list = NULL;
    size_t n_list = 0, capacity = 0;
    int64_t balance;
    for (size_t i = 0, end; i < n; i = end) {
        size_t middle = 0;
        end = pleats_mesh_edge_run(edge, n, i, &balance);
        if (end - i < 3)
            continue;
        TRY(pleats_mesh_points_add_middle(c, edge[i].lo, edge[i].hi, &middle));
        TRY(pleats_grow(f->ctx, &list, &capacity, n_list + end - i,
                        sizeof *list));
        for (size_t j = i; j < end; j++)
            list[n_list++] = (insertion){edge[j].at, 0, middle};
    }
    TRY(insert(f, list, n_list));
done:
    pleats_release(f->ctx, list);
    return status;
}

/* ---- what must come out ---- */

/* Whether a side of the domain holds both corners. */
static bool are_on_side(pleats_mesh_points *c, const pleats_frame *frame,
                        size_t a, size_t b)
{
    mpz_t *p = pleats_mesh_point(c, a), *q = pleats_mesh_point(c, b),
          *t = c->room;
    for (int j = 0; j < 3; j++)
        if (frame->boxed[j] && mpz_cmpabs(p[j], p[3]) == 0 &&
            mpz_cmpabs(q[j], q[3]) == 0 && mpz_sgn(p[j]) == mpz_sgn(q[j]))
            return true;
    for (pleats_idx i = 0; i < frame->m; i++) {
        mpz_t *row = frame->row + 4 * (size_t)i;
        mpz_set_ui(t[0], 0);
        mpz_set_ui(t[1], 0);
        for (int j = 0; j < 4; j++) {
            mpz_addmul(t[0], row[j], p[j]);
            mpz_addmul(t[1], row[j], q[j]);
        }
        if (mpz_sgn(t[0]) == 0 && mpz_sgn(t[1]) == 0)
            return true;
    }
    return false;
}

pleats_status pleats_mesh_join(pleats_mesh_points *c, pleats_faces *f, bool cap,
                               const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    pleats_mesh_edge *edge = NULL;
    size_t n = 0;
    int64_t balance;
    TRY(list_edges(f, &edge, &n));
    TRY(put_ends(c, f, edge, n));
    TRY(pleats_check_stop(f->ctx));
    TRY(list_edges(f, &edge, &n));
    TRY(put_middles(c, f, edge, n));
    TRY(list_edges(f, &edge, &n));
    for (size_t i = 0, end; i < n; i = end) {
        end = pleats_mesh_edge_run(edge, n, i, &balance);
        if (balance != 0 &&
            (cap || !are_on_side(c, frame, edge[i].lo, edge[i].hi)))
            TRY(pleats_fail(f->ctx, PLEATS_INTERNAL,
                            "a mesh is not watertight"));
    }
done:
    pleats_release(f->ctx, edge);
    return status;
}
