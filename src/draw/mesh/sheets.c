/* Which triangles go on in which across their edges, and the sheets that they
 * make around each corner. */
#include "draw/mesh/faces.h"

typedef struct {
    pleats_mesh_points *corners;
    const pleats_faces *faces;
    const pleats_triangles *triangles;
    size_t *up;     /* [3 x triangles] union and find over their corners */
    size_t *around; /* edges around an edge, by angle */
    size_t capacity;
} sheets;

static size_t find(size_t *up, size_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static void join(size_t *up, size_t a, size_t b)
{
    a = find(up, a);
    b = find(up, b);
    up[a > b ? a : b] = a > b ? b : a;
}

static size_t next_in_triangle(size_t i)
{
    return i % 3 == 2 ? i - 2 : i + 1;
}

/* The triangles of two edges, that run in opposite directions, are neighbours.
 */
static void pair(sheets *s, const pleats_mesh_edge *x,
                 const pleats_mesh_edge *y)
{
    join(s->up, x->at, next_in_triangle(y->at));
    join(s->up, y->at, next_in_triangle(x->at));
}

/* The normal of an edge's face. */
static mpz_t *normal_of(const sheets *s, const pleats_mesh_edge *e)
{
    return pleats_face_normal(s->faces, s->triangles->face[e->at / 3]);
}

/* t[0] = u . (a x b) and its sign. */
static int side(mpz_t *u, mpz_t *a, mpz_t *b, mpz_t *t)
{
    mpz_set_ui(t[0], 0);
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        mpz_mul(t[1], a[j], b[k]);
        mpz_submul(t[1], a[k], b[j]);
        mpz_addmul(t[0], t[1], u[i]);
    }
    return mpz_sgn(t[0]);
}

/* Whether a turned from `from` on counter-clockwise around u is in the second
 * half of the turn. */
static bool is_behind(mpz_t *u, mpz_t *from, int from_sign, mpz_t *a, int sign,
                      mpz_t *t)
{
    int turn = side(u, from, a, t) * sign * from_sign;
    mpz_set_ui(t[0], 0);
    for (int i = 0; i < 3; i++)
        mpz_addmul(t[0], from[i], a[i]);
    return turn != 0 ? turn < 0 : mpz_sgn(t[0]) * sign * from_sign < 0;
}

/* Whether face y comes after face z, counter-clockwise around the edge from
 * `first` on.  A face lies where its normal, turned by a right angle, points;
 * of one that runs backward, its normal's opposite. */
static bool comes_after(const sheets *s, mpz_t *u,
                        const pleats_mesh_edge *first,
                        const pleats_mesh_edge *y, const pleats_mesh_edge *z)
{
    mpz_t *t = s->corners->room + 3;
    mpz_t *from = normal_of(s, first), *a = normal_of(s, y),
          *b = normal_of(s, z);
    int sign = first->forward ? 1 : -1, sa = y->forward ? 1 : -1,
        sb = z->forward ? 1 : -1;
    bool behind_a = is_behind(u, from, sign, a, sa, t);
    bool behind_b = is_behind(u, from, sign, b, sb, t);
    if (behind_a != behind_b)
        return behind_a;
    return side(u, a, b, t) * sa * sb < 0;
}

/* Of more than two faces around an edge, those are neighbours that bound the
 * same wedge of the solid: one that runs backward, and the next one
 * counter-clockwise, which then runs forward. */
static pleats_status pair_around(sheets *s, const pleats_mesh_edge *edge,
                                 size_t n)
{
    pleats_status status = PLEATS_OK;
    mpz_t *u = s->corners->room;
    TRY(pleats_grow(s->corners->ctx, &s->around, &s->capacity, n,
                    sizeof *s->around));
    pleats_mesh_points_direction(s->corners, edge->lo, edge->hi, u);
    for (size_t i = 0; i < n; i++) {
        size_t j = i;
        for (; j > 1 &&
               comes_after(s, u, edge, edge + s->around[j - 1], edge + i);
             j--)
            s->around[j] = s->around[j - 1];
        s->around[j] = i;
    }
    for (size_t i = 0; i < n; i++) {
        const pleats_mesh_edge *x = edge + s->around[i];
        const pleats_mesh_edge *y = edge + s->around[(i + 1) % n];
        if (!x->forward && y->forward)
            pair(s, x, y);
    }
done:
    return status;
}

static pleats_status pair_all(sheets *s)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = s->corners->ctx;
    pleats_mesh_edge *edge = NULL;
    size_t n = 3 * s->triangles->n;
    int64_t balance;
    TRY(pleats_alloc(ctx, n, sizeof *edge, &edge));
    for (size_t i = 0; i < n; i++) {
        size_t a = s->triangles->corner[i];
        size_t b = s->triangles->corner[next_in_triangle(i)];
        edge[i] = (pleats_mesh_edge){a < b ? a : b, a < b ? b : a, a < b, i};
    }
    pleats_mesh_sort_edges(edge, n);
    for (size_t i = 0, end; i < n; i = end) {
        end = pleats_mesh_edge_run(edge, n, i, &balance);
        if (end - i == 2 && balance == 0)
            pair(s, &edge[i], &edge[i + 1]);
        else if (end - i > 2)
            TRY(pair_around(s, edge + i, end - i));
    }
done:
    pleats_release(ctx, edge);
    return status;
}

pleats_status pleats_mesh_sheets(pleats_mesh_points *corners,
                                 const pleats_faces *f,
                                 const pleats_triangles *t, size_t *sheet,
                                 size_t *n_sheets)
{
    pleats_status status = PLEATS_OK;
    sheets s = {.corners = corners, .faces = f, .triangles = t};
    TRY(pleats_alloc(corners->ctx, 3 * t->n, sizeof *s.up, &s.up));
    for (size_t i = 0; i < 3 * t->n; i++)
        s.up[i] = i;
    TRY(pair_all(&s));
    *n_sheets = 0;
    for (size_t i = 0; i < 3 * t->n; i++) {
        size_t root = find(s.up, i);
        sheet[i] = root == i ? (*n_sheets)++ : sheet[root];
    }
done:
    pleats_release(corners->ctx, s.up);
    pleats_release(corners->ctx, s.around);
    return status;
}
