#include "draw/mesh_corners.h"

enum { WIDTH = PLEATS_CORNER_WIDTH };

pleats_status pleats_corners_init(pleats_ctx *ctx, pleats_corners *c)
{
    *c = (pleats_corners){.ctx = ctx};
    for (size_t i = 0; i < PLEATS_CORNER_ROOM; i++)
        mpz_init(c->room[i]);
    return pleats_hasher_new(ctx, &c->hasher);
}

void pleats_corners_clear(pleats_corners *c)
{
    if (!c->ctx)
        return;
    for (size_t i = 0; i < WIDTH * c->n; i++)
        mpz_clear(c->x[i]);
    for (size_t i = 0; i < PLEATS_CORNER_ROOM; i++)
        mpz_clear(c->room[i]);
    pleats_release(c->ctx, c->x);
    pleats_hasher_free(c->ctx, c->hasher);
    pleats_digest_set_clear(c->ctx, &c->known);
    pleats_digest_set_clear(c->ctx, &c->lines);
    pleats_digest_set_clear(c->ctx, &c->planes);
    *c = (pleats_corners){0};
}

/* Number of a list of integers [n] in a set, which may be new to it. */
static pleats_status number_of(pleats_corners *c, pleats_digest_set *set,
                               size_t n, mpz_t *z, size_t *number, bool *is_new)
{
    pleats_status status = PLEATS_OK;
    pleats_digest digest;
    for (size_t i = 0; i < n; i++)
        TRY(pleats_hasher_add_integer(c->ctx, c->hasher, z[i]));
    TRY(pleats_hasher_end(c->ctx, c->hasher, &digest));
    TRY(pleats_digest_set_add(c->ctx, set, &digest, number, is_new));
done:
    return status;
}

pleats_status pleats_corners_add(pleats_corners *c, mpz_t *x, size_t *number)
{
    pleats_status status = PLEATS_OK;
    bool is_new = false;
    pleats_integers_make_primitive(x, WIDTH);
    TRY(pleats_grow(c->ctx, &c->x, &c->capacity, WIDTH * (c->n + 1),
                    sizeof *c->x));
    TRY(number_of(c, &c->known, WIDTH, x, number, &is_new));
    for (size_t i = 0; is_new && i < WIDTH; i++)
        mpz_init_set(c->x[WIDTH * c->n + i], x[i]);
    c->n += is_new;
done:
    return status;
}

pleats_status pleats_corners_add_crossing(pleats_corners *c, mpz_t *p, mpz_t *q,
                                          const mpz_t fp, const mpz_t fq,
                                          size_t *number)
{
    mpz_t *x = c->room;
    for (size_t i = 0; i < WIDTH; i++) {
        mpz_mul(x[i], p[i], fq);
        mpz_submul(x[i], q[i], fp);
    }
    for (size_t i = 0; mpz_sgn(fq) < 0 && i < WIDTH; i++)
        mpz_neg(x[i], x[i]);
    return pleats_corners_add(c, x, number);
}

pleats_status pleats_corners_add_middle(pleats_corners *c, size_t a, size_t b,
                                        size_t *number)
{
    mpz_t *p = pleats_corner(c, a), *q = pleats_corner(c, b), *x = c->room;
    for (size_t i = 0; i < WIDTH; i++) {
        mpz_mul(x[i], p[i], q[WIDTH - 1]);
        mpz_addmul(x[i], q[i], p[WIDTH - 1]);
    }
    return pleats_corners_add(c, x, number);
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
int pleats_corners_turn(pleats_corners *corners, pleats_view view, size_t a,
                        size_t b, size_t c, mpz_t value)
{
    int u = (view.axis + 1) % 3, v = (view.axis + 2) % 3, w = WIDTH - 1;
    mpz_t *p = pleats_corner(corners, a), *q = pleats_corner(corners, b);
    mpz_t *r = pleats_corner(corners, c), *t = corners->room + 6;
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

void pleats_corners_order(pleats_corners *c, pleats_view view, size_t n,
                          size_t *polygon)
{
    for (size_t i = 2; i < n; i++) {
        size_t x = polygon[i], j = i;
        for (; j > 1 && pleats_corners_turn(c, view, polygon[0], polygon[j - 1],
                                            x, NULL) < 0;
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
pleats_status pleats_corners_line(pleats_corners *c, size_t a, size_t b,
                                  size_t *number, int *axis)
{
    mpz_t *p = pleats_corner(c, a), *q = pleats_corner(c, b), *z = c->room;
    size_t n = 0;
    bool is_new;
    *axis = 0;
    for (int i = 0; i < WIDTH; i++)
        for (int j = i + 1; j < WIDTH; j++, n++) {
            mpz_mul(z[n], p[i], q[j]);
            mpz_submul(z[n], p[j], q[i]);
            if (j == WIDTH - 1 && mpz_sgn(z[n]) != 0)
                *axis = i;
        }
    make_canonical(z, n);
    return number_of(c, &c->lines, n, z, number, &is_new);
}

pleats_status pleats_corners_plane(pleats_corners *c, mpz_t *normal, size_t a,
                                   size_t *number)
{
    mpz_t *p = pleats_corner(c, a), *z = c->room;
    bool is_new;
    mpz_set_ui(z[3], 0);
    for (int i = 0; i < 3; i++) {
        mpz_mul(z[i], normal[i], p[3]);
        mpz_submul(z[3], normal[i], p[i]);
    }
    make_canonical(z, 4);
    return number_of(c, &c->planes, 4, z, number, &is_new);
}

int pleats_corners_compare(pleats_corners *c, int axis, size_t a, size_t b)
{
    mpz_t *p = pleats_corner(c, a), *q = pleats_corner(c, b), *t = c->room;
    mpz_mul(t[0], p[axis], q[WIDTH - 1]);
    mpz_submul(t[0], q[axis], p[WIDTH - 1]);
    return mpz_sgn(t[0]);
}

double pleats_corners_coordinate(const pleats_corners *c, size_t a, int axis)
{
    mpz_t *p = pleats_corner(c, a);
    return pleats_quotient_to_double(p[axis], p[WIDTH - 1], NULL);
}

void pleats_corners_direction(pleats_corners *c, size_t a, size_t b, mpz_t *out)
{
    mpz_t *p = pleats_corner(c, a), *q = pleats_corner(c, b);
    for (int i = 0; i < 3; i++) {
        mpz_mul(out[i], q[i], p[WIDTH - 1]);
        mpz_submul(out[i], p[i], q[WIDTH - 1]);
    }
}
