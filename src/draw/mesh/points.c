#include "draw/mesh/points.h"

enum { WIDTH = PLEATS_POINT_WIDTH };

void pleats_mesh_points_init(pleats_ctx *ctx, pleats_mesh_points *c)
{
    *c = (pleats_mesh_points){.ctx = ctx};
    pleats_vectors_init(ctx, &c->points, WIDTH);
    pleats_vectors_init(ctx, &c->lines, WIDTH * (WIDTH - 1) / 2);
    pleats_vectors_init(ctx, &c->planes, 4);
    for (size_t i = 0; i < PLEATS_POINT_ROOM; i++)
        mpz_init(c->room[i]);
}

void pleats_mesh_points_clear(pleats_mesh_points *c)
{
    if (!c->ctx)
        return;
    for (size_t i = 0; i < PLEATS_POINT_ROOM; i++)
        mpz_clear(c->room[i]);
    pleats_vectors_clear(&c->points);
    pleats_vectors_clear(&c->lines);
    pleats_vectors_clear(&c->planes);
    *c = (pleats_mesh_points){0};
}

pleats_status pleats_mesh_points_add(pleats_mesh_points *c, mpz_t *x,
                                     size_t *number)
{
    pleats_integers_make_primitive(x, WIDTH);
    return pleats_vectors_add(&c->points, x, number, NULL);
}

pleats_status pleats_mesh_points_add_crossing(pleats_mesh_points *c, mpz_t *p,
                                              mpz_t *q, const mpz_t fp,
                                              const mpz_t fq, size_t *number)
{
    mpz_t *x = c->room;
    for (size_t i = 0; i < WIDTH; i++) {
        mpz_mul(x[i], p[i], fq);
        mpz_submul(x[i], q[i], fp);
    }
    for (size_t i = 0; mpz_sgn(fq) < 0 && i < WIDTH; i++)
        mpz_neg(x[i], x[i]);
    return pleats_mesh_points_add(c, x, number);
}

pleats_status pleats_mesh_points_add_middle(pleats_mesh_points *c, size_t a,
                                            size_t b, size_t *number)
{
    mpz_t *p = pleats_mesh_point(c, a), *q = pleats_mesh_point(c, b),
          *x = c->room;
    for (size_t i = 0; i < WIDTH; i++) {
        mpz_mul(x[i], p[i], q[WIDTH - 1]);
        mpz_addmul(x[i], q[i], p[WIDTH - 1]);
    }
    return pleats_mesh_points_add(c, x, number);
}

pleats_view pleats_view_of(mpz_t *normal)
{
    int axis = 0;
    for (int i = 1; i < 3; i++)
        if (mpz_cmpabs(normal[i], normal[axis]) > 0)
            axis = i;
    return (pleats_view){axis, mpz_sgn(normal[axis])};
}

/* The determinant of a, b, c without the coordinate that is left out. */
int pleats_mesh_points_turn(pleats_mesh_points *corners, pleats_view view,
                            size_t a, size_t b, size_t c, mpz_t value)
{
    int u = (view.axis + 1) % 3, v = (view.axis + 2) % 3, w = WIDTH - 1;
    mpz_t *p = pleats_mesh_point(corners, a),
          *q = pleats_mesh_point(corners, b);
    mpz_t *r = pleats_mesh_point(corners, c), *t = corners->room + 6;
    mpz_mul(t[0], q[u], p[w]);
    mpz_submul(t[0], p[u], q[w]);
    mpz_mul(t[1], q[v], p[w]);
    mpz_submul(t[1], p[v], q[w]);
    mpz_mul(t[2], q[v], p[u]);
    mpz_submul(t[2], q[u], p[v]);
    mpz_mul(t[3], t[0], r[v]);
    mpz_submul(t[3], t[1], r[u]);
    mpz_addmul(t[3], t[2], r[w]);
    if (view.sign < 0)
        mpz_neg(t[3], t[3]);
    if (value)
        mpz_set(value, t[3]);
    return mpz_sgn(t[3]);
}

void pleats_mesh_points_order(pleats_mesh_points *c, pleats_view view, size_t n,
                              size_t *polygon)
{
    for (size_t i = 2; i < n; i++) {
        size_t x = polygon[i], j = i;
        for (; j > 1 && pleats_mesh_points_turn(c, view, polygon[0],
                                                polygon[j - 1], x, NULL) < 0;
             j--)
            polygon[j] = polygon[j - 1];
        polygon[j] = x;
    }
}

/* z [n] primitive, its first entry that is not 0 above 0. */
static void make_canonical(mpz_t *z, size_t n)
{
    size_t first = 0;
    pleats_integers_make_primitive(z, n);
    while (first < n && mpz_sgn(z[first]) == 0)
        first++;
    for (size_t i = first; i < n && mpz_sgn(z[first]) < 0; i++)
        mpz_neg(z[n - 1 + first - i], z[n - 1 + first - i]);
}

/* The six minors of the two points name their line [Pluecker]. */
pleats_status pleats_mesh_points_line(pleats_mesh_points *c, size_t a, size_t b,
                                      size_t *number, int *axis)
{
    mpz_t *p = pleats_mesh_point(c, a), *q = pleats_mesh_point(c, b),
          *z = c->room;
    size_t n = 0;
    *axis = 0;
    for (int i = 0; i < WIDTH; i++)
        for (int j = i + 1; j < WIDTH; j++, n++) {
            mpz_mul(z[n], p[i], q[j]);
            mpz_submul(z[n], p[j], q[i]);
            if (j == WIDTH - 1 && mpz_sgn(z[n]) != 0)
                *axis = i;
        }
    make_canonical(z, n);
    return pleats_vectors_add(&c->lines, z, number, NULL);
}

pleats_status pleats_mesh_points_plane(pleats_mesh_points *c, mpz_t *normal,
                                       size_t a, size_t *number)
{
    mpz_t *p = pleats_mesh_point(c, a), *z = c->room;
    mpz_set_ui(z[3], 0);
    for (int i = 0; i < 3; i++) {
        mpz_mul(z[i], normal[i], p[3]);
        mpz_submul(z[3], normal[i], p[i]);
    }
    make_canonical(z, 4);
    return pleats_vectors_add(&c->planes, z, number, NULL);
}

int pleats_mesh_points_compare(pleats_mesh_points *c, int axis, size_t a,
                               size_t b)
{
    mpz_t *p = pleats_mesh_point(c, a), *q = pleats_mesh_point(c, b),
          *t = c->room;
    mpz_mul(t[0], p[axis], q[WIDTH - 1]);
    mpz_submul(t[0], q[axis], p[WIDTH - 1]);
    return mpz_sgn(t[0]);
}

double pleats_mesh_points_coordinate(const pleats_mesh_points *c, size_t a,
                                     int axis)
{
    mpz_t *p = pleats_mesh_point(c, a);
    return pleats_quotient_to_double(p[axis], p[WIDTH - 1], NULL);
}

void pleats_mesh_points_direction(pleats_mesh_points *c, size_t a, size_t b,
                                  mpz_t *out)
{
    mpz_t *p = pleats_mesh_point(c, a), *q = pleats_mesh_point(c, b);
    for (int i = 0; i < 3; i++) {
        mpz_mul(out[i], q[i], p[WIDTH - 1]);
        mpz_submul(out[i], p[i], q[WIDTH - 1]);
    }
}
