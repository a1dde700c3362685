/* Cells held by their vertices, cut again and again by random planes, many of
 * them through vertices of the cell, nearly parallel to each other, or far out
 * of scale, against cones of the oracle.  In half of the cases the planes'
 * forms in doubles are wrong, by as much as they claim to be at most; in some
 * others they are anything at all, and exact arithmetic decides alone.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "cell_check.h"
#include "need.h"
#include "random_net.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 120, MOST_PLANES = 24, MOST_WIDTH = 7 };

/* A row that is another one but for a little, a multiple of it, or goes through
 * the same points as two others. */
static void repeat_row(rng *r, double *rows, size_t width, size_t i)
{
    static const double factor[] = {-3, 0.5, 1};
    size_t p = (size_t)rng_int(r, 0, (int32_t)i - 1);
    size_t q = (size_t)rng_int(r, 0, (int32_t)i - 1);
    double f = factor[rng_int(r, 0, 2)], other = rng_int(r, -1, 1);
    double off = ldexp(1, rng_int(r, -60, -20)) * !rng_one_in(r, 3);
    for (size_t j = 0; j < width; j++)
        rows[i * width + j] = f * rows[p * width + j] +
                              other * rows[q * width + j] +
                              off * rng_real(r, 8);
}

static void draw_rows(rng *r, size_t n, size_t k, double *rows)
{
    static const numbers kinds[] = {NUMBERS_SHORT,   NUMBERS_DOUBLE,
                                    NUMBERS_INTEGER, NUMBERS_SIGN,
                                    NUMBERS_SCALED,  NUMBERS_EXTREME};
    numbers kind = kinds[rng_int(r, 0, 5)];
    size_t width = k + 1;
    double repeats = rng_int(r, 0, 2), at = rng_one_in(r, 2);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < width; j++)
            rows[i * width + j] = random_number(r, kind);
        rows[i * width + k] *= 0.25 * at;
        if (i > 0 && rng_int(r, 0, 3) < repeats)
            repeat_row(r, rows, width, i);
    }
}

typedef struct {
    arrangement a;
    rng r;
    pleats_cell cell;
    cone known;
    const char *wrong;
} walk;

static void check(walk *w, pleats_vertices *cell, const cone *want,
                  bool section)
{
    if (!w->wrong)
        w->wrong = cell_is_wrong(&w->a, cell, want, section);
}

/* The section, asked for in a copy of the cell. */
static void check_section(walk *w, pleats_hyperplane plane, const cone *above)
{
    pleats_space *s = &w->a.space;
    pleats_vertices section = {0};
    pleats_cell copy = {0};
    pleats_idx wall = s->walls.n;
    need_ok(w->a.ctx, pleats_cell_copy(s, &copy, &w->cell));
    need_ok(w->a.ctx, pleats_walls_push_plane(&s->walls, plane, 1));
    pleats_vertices_ask(s, plane);
    need_ok(w->a.ctx,
            pleats_vertices_cut(s, &copy.vertices, 0, wall, &section));
    check(w, &section, above, true);
    pleats_walls_cut_back(&s->walls, wall);
    pleats_vertices_clear(w->a.ctx, &section);
    pleats_cell_clear(w->a.ctx, &copy);
}

/* Generators of the cell whose doubles are lost are worked out anew. */
static void check_refined(walk *w)
{
    pleats_space *s = &w->a.space;
    pleats_cell copy = {0};
    need_ok(w->a.ctx, pleats_cell_copy(s, &copy, &w->cell));
    pleats_vertices *v = &copy.vertices;
    for (pleats_idx i = 0; i < v->n; i++) {
        double noise = rng_one_in(&w->r, 2) ? 2 : ldexp(1, -20);
        v->error[i] = INFINITY;
        for (size_t j = 0; j <= w->a.k; j++)
            v->point[j * v->pad + (size_t)i] += noise * rng_real(&w->r, 20);
    }
    pleats_vertices_pad(s, v);
    for (pleats_idx i = 0; i < v->n; i++) {
        if (!rng_one_in(&w->r, 4)) /* as if no cell had had it before */
            v->id[i] = pleats_vertex_store_new(&s->vertices.store);
        (void)pleats_vertices_refine(s, v, i);
    }
    check(w, v, &w->known, false);
    pleats_cell_clear(w->a.ctx, &copy);
}

/* Side `sign` alone, of a copy of the cell. */
static void check_alone(walk *w, pleats_hyperplane plane, int sign,
                        const cone *want)
{
    pleats_cell copy = {0}, part = {0};
    pleats_space *s = &w->a.space;
    need_ok(w->a.ctx, pleats_cell_copy(s, &copy, &w->cell));
    need_ok(w->a.ctx, pleats_cell_restrict(s, &copy, plane, sign, &part));
    check(w, &part.vertices, want, false);
    pleats_cell_clear(w->a.ctx, &part);
    need_ok(w->a.ctx, pleats_cell_restrict(s, &copy, plane, sign, &copy));
    check(w, &copy.vertices, want, false);
    pleats_cell_clear(w->a.ctx, &copy);
}

/* Both parts of a cell whose generators are off, in every entry by as much as
 * they claim to be. */
static void check_shaken(walk *w, pleats_hyperplane plane, const cone *above,
                         const cone *below)
{
    pleats_space *s = &w->a.space;
    pleats_cell copy = {0}, part[2] = {0};
    need_ok(w->a.ctx, pleats_cell_copy(s, &copy, &w->cell));
    pleats_vertices *v = &copy.vertices;
    for (pleats_idx i = 0; i < v->n; i++) {
        double error = ldexp(1, -rng_int(&w->r, 8, 30));
        if (!(v->error[i] < error) || rng_one_in(&w->r, 3))
            continue;
        for (size_t j = 0; j <= w->a.k; j++) {
            double *x = &v->point[j * v->pad + (size_t)i];
            bool up =
                *x + error > 1 || (*x - error >= -1 && rng_one_in(&w->r, 2));
            *x += up ? -error : error;
        }
        v->error[i] += error * (1 + 0x1p-30) + 0x1p-50;
    }
    pleats_vertices_pad(s, v);
    for (int side = 0; side < 2; side++) {
        need_ok(w->a.ctx, pleats_cell_restrict(s, &copy, plane, side ? 1 : -1,
                                               &part[side]));
        check(w, &part[side].vertices, side ? above : below, false);
        pleats_cell_clear(w->a.ctx, &part[side]);
    }
    pleats_cell_clear(w->a.ctx, &copy);
}

/* One side of a plane, then the other side of another one: they have nothing to
 * do with each other. */
static void check_switched(walk *w, pleats_hyperplane plane)
{
    pleats_space *s = &w->a.space;
    pleats_cell copy = {0}, part = {0};
    pleats_hyperplane other = plane;
    cone above, below;
    if (plane.b >= 0)
        other.b = -1;
    else
        other.at += 0.25;
    if (arrangement_split(&w->a, &w->known, other, &above, &below) != SIDE_BOTH)
        return;
    need_ok(w->a.ctx, pleats_cell_copy(s, &copy, &w->cell));
    need_ok(w->a.ctx, pleats_cell_restrict(s, &copy, plane, -1, &part));
    pleats_cell_clear(w->a.ctx, &part);
    need_ok(w->a.ctx, pleats_cell_restrict(s, &copy, other, 1, &part));
    check(w, &part.vertices, &above, false);
    pleats_cell_clear(w->a.ctx, &part);
    pleats_cell_clear(w->a.ctx, &copy);
    cone_clear(&above);
    cone_clear(&below);
}

/* Whether a cell has a generator on just the walls of generator i of another
 * one, with its number. */
static bool has_generator(const pleats_vertices *a, const pleats_vertices *b,
                          pleats_idx i)
{
    const uint64_t *on = pleats_vertices_walls(b, i);
    bool has = false;
    for (pleats_idx j = 0; j < a->n; j++)
        has = has || (memcmp(pleats_vertices_walls(a, j), on,
                             a->n_words * sizeof *on) == 0 &&
                      a->id[j] == b->id[i]);
    return has;
}

/* Whether two cells have the same generators, in whatever order. */
static bool are_alike(const pleats_vertices *a, const pleats_vertices *b)
{
    bool are = a->n == b->n && a->pad == b->pad && a->n_words == b->n_words &&
               a->simple == b->simple && a->dim == b->dim &&
               a->n_lines == b->n_lines && a->n_slots == b->n_slots &&
               a->n_planes == b->n_planes;
    for (pleats_idx i = 0; i < b->n && are; i++)
        are = has_generator(a, b, i);
    return are;
}

/* A polygon that is cut in two: as each part is cut alone. */
static void check_polygon(walk *w, pleats_hyperplane plane)
{
    pleats_space *s = &w->a.space;
    pleats_cell both = {0};
    if (w->a.k != 2 || w->known.line.n > 0)
        return;
    need_ok(w->a.ctx, pleats_cell_copy(s, &both, &w->cell));
    for (int side = 0; side < 2; side++) {
        const int sign = side ? 1 : -1;
        pleats_cell part = {0}, copy = {0};
        need_ok(w->a.ctx, pleats_cell_restrict(s, &both, plane, sign, &part));
        need_ok(w->a.ctx, pleats_cell_copy(s, &copy, &w->cell));
        need_ok(w->a.ctx, pleats_cell_restrict(s, &copy, plane, sign, &copy));
        if (!w->wrong && !are_alike(&copy.vertices, &part.vertices))
            w->wrong = "a part of a polygon";
        pleats_cell_clear(w->a.ctx, &part);
        pleats_cell_clear(w->a.ctx, &copy);
    }
    pleats_cell_clear(w->a.ctx, &both);
}

/* Both parts; the walk goes on in one of them. */
static void cut(walk *w, pleats_hyperplane plane, cone *above, cone *below)
{
    pleats_cell part[2] = {0};
    pleats_space *s = &w->a.space;
    bool go_up = rng_one_in(&w->r, 2);
    if (above->line.n == w->known.line.n)
        check_section(w, plane, above);
    check_alone(w, plane, 1, above);
    check_alone(w, plane, -1, below);
    check_switched(w, plane);
    check_polygon(w, plane);
    for (int again = 0; again < (w->known.line.n > 0 ? 12 : 1); again++)
        check_shaken(w, plane, above, below);
    need_ok(w->a.ctx, pleats_cell_restrict(s, &w->cell, plane, -1, &part[0]));
    check(w, &part[0].vertices, below, false);
    if (go_up) {
        need_ok(w->a.ctx,
                pleats_cell_restrict(s, &w->cell, plane, 1, &part[1]));
        check(w, &part[1].vertices, above, false);
    }
    pleats_cell_clear(w->a.ctx, &w->cell);
    w->cell = part[go_up];
    pleats_cell_clear(w->a.ctx, &part[!go_up]);
    cone_clear(&w->known);
    w->known = go_up ? *above : *below;
    cone_clear(go_up ? below : above);
    check_refined(w);
}

static void ask_and_cut(walk *w, size_t i)
{
    bool has[2], two = rng_one_in(&w->r, 4);
    int other = two ? rng_int(&w->r, 0, (int32_t)w->a.n - 1) : -1;
    double at = rng_one_in(&w->r, 5) ? rng_real(&w->r, 8) : 0;
    pleats_hyperplane plane = arrangement_plane(&w->a, i, other, at);
    cone above, below;
    if (plane.a == plane.b)
        return;
    sides want = arrangement_split(&w->a, &w->known, plane, &above, &below);
    need_ok(w->a.ctx, pleats_cell_sides(&w->a.space, &w->cell, plane, has));
    if (!w->wrong && (has[1] != ((want & SIDE_POSITIVE) != 0) ||
                      has[0] != ((want & SIDE_NEGATIVE) != 0)))
        w->wrong = "sides";
    if (want == SIDE_BOTH && !w->wrong)
        cut(w, plane, &above, &below);
    else if (want == SIDE_BOTH) {
        cone_clear(&above);
        cone_clear(&below);
    }
}

static bool run_case(uint64_t seed)
{
    static const unsigned box[] = {0, 0, 1, 3};
    walk w = {.r = {seed}};
    double rows[MOST_PLANES * MOST_WIDTH];
    pleats_ctx *ctx = need_ctx();
    const bool is_open = seed % 4 == 0; /* few dimensions, no box */
    size_t k = (size_t)rng_int(&w.r, 1, is_open ? 2 : 5);
    size_t n = k < 4 ? MOST_PLANES : 14;
    draw_rows(&w.r, n, k, rows);
    arrangement_init(ctx, &w.a, k, n, rows,
                     is_open ? 0 : box[rng_int(&w.r, 0, 3)]);
    w.a.space.paranoid = seed % 8 == 1;
    if (w.a.space.paranoid)
        arrangement_scramble(&w.a, &w.r);
    else if (rng_one_in(&w.r, 2))
        arrangement_loosen(&w.a, &w.r);
    need_ok(ctx, pleats_cell_root(&w.a.space, &w.cell));
    arrangement_cone(&w.a, &w.known);
    check(&w, &w.cell.vertices, &w.known, false);
    for (size_t i = 0; i < n && !w.wrong; i++)
        ask_and_cut(&w, i);
    if (w.wrong)
        fprintf(stderr, "seed %llu, dimension %zu: %s\n",
                (unsigned long long)seed, k, w.wrong);
    cone_clear(&w.known);
    pleats_cell_clear(ctx, &w.cell);
    arrangement_clear(&w.a);
    bool clean = pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return clean && !w.wrong;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
