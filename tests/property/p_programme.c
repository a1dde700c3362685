/* Cells held by their walls and a programme, cut again and again by random
 * planes, against cones of the oracle.  In most cases the planes' forms in
 * doubles are wrong, by as much as they claim to be at most: sides, witnesses
 * and the points beside a plane are right all the same.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "cell_check.h"
#include "need.h"
#include "random_net.h"

#include "exact/integers.h"

#include <math.h>
#include <stdio.h>

enum { CASES = 1500, MOST_PLANES = 24, MOST_WIDTH = 7 };

typedef struct {
    arrangement a;
    rng r;
    pleats_cell cell;
    cone known;
    const char *wrong;
} walk;

static void draw_rows(rng *r, size_t n, size_t k, double *rows)
{
    static const numbers kinds[] = {NUMBERS_SHORT, NUMBERS_DOUBLE,
                                    NUMBERS_INTEGER, NUMBERS_SCALED};
    numbers kind = kinds[rng_int(r, 0, 3)];
    double at = rng_one_in(r, 3) ? 1 : 0.3;
    for (size_t i = 0; i < n * (k + 1); i++) {
        rows[i] = random_number(r, kind);
        if (i % (k + 1) == k)
            rows[i] *= at;
    }
    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j <= k && i % 6 == 5; j++)
            rows[i * (k + 1) + j] =
                -rows[(i - 1) * (k + 1) + j] + 0x1p-12 * rng_real(r, 8);
}

/* Whether a point is strictly inside the cell, by the exact walls. */
static bool is_inside(walk *w, const double *t)
{
    pleats_space *s = &w->a.space;
    for (size_t j = 0; j < w->a.k; j++)
        if (!isfinite(t[j]) || (w->a.frame.boxed[j] && !(fabs(t[j]) < 1)))
            return false;
    for (pleats_idx i = 0; i < w->cell.n_walls; i++) {
        mpz_t *row = NULL;
        need_ok(w->a.ctx, pleats_walls_row(&s->walls, i, &row));
        if (pleats_sign_at(row, s->frame->k, t) <= 0)
            return false;
    }
    return true;
}

/* The cell's points: inside, and on the sides of the plane asked for that they
 * are said to be on. */
static void check_points(walk *w, pleats_hyperplane plane, bool cuts)
{
    pleats_space *s = &w->a.space;
    const pleats_witnesses *c = &w->cell.programme.pool;
    need_ok(w->a.ctx,
            pleats_exact_forms_difference(w->a.ctx, &s->exact, plane.a, plane.b,
                                          plane.at, s->question.objective));
    s->question.has_objective = false;
    for (pleats_idx i = 0; i < c->n; i++) {
        const double *t = pleats_witnesses_point(c, i, s->frame->k);
        if (!is_inside(w, t))
            w->wrong = "a point is not inside";
        if (cuts && c->kept[i] &&
            pleats_sign_at(s->question.objective, s->frame->k, t) != c->kept[i])
            w->wrong = "a point is not on its side of the plane";
    }
}

static void cut(walk *w, pleats_hyperplane plane, cone *above, cone *below)
{
    bool up = rng_one_in(&w->r, 2);
    pleats_space *s = &w->a.space;
    need_ok(w->a.ctx,
            pleats_cell_restrict(s, &w->cell, plane, up ? 1 : -1, &w->cell));
    cone_clear(&w->known);
    w->known = up ? *above : *below;
    cone_clear(up ? below : above);
}

static void ask_and_cut(walk *w, size_t i)
{
    bool has[2], two = rng_one_in(&w->r, 3);
    int other = two ? rng_int(&w->r, 0, (int32_t)w->a.n - 1) : -1;
    double at = rng_one_in(&w->r, 4) ? rng_real(&w->r, 8) : 0;
    pleats_hyperplane plane = arrangement_plane(&w->a, i, other, at);
    cone above, below;
    if (plane.a == plane.b)
        return;
    sides want = arrangement_split(&w->a, &w->known, plane, &above, &below);
    need_ok(w->a.ctx, pleats_cell_sides(&w->a.space, &w->cell, plane, has));
    if (has[1] != ((want & SIDE_POSITIVE) != 0) ||
        has[0] != ((want & SIDE_NEGATIVE) != 0))
        w->wrong = "sides";
    if (!w->wrong)
        check_points(w, plane, has[0] && has[1]);
    if (want != SIDE_BOTH)
        return;
    if (!w->wrong && rng_int(&w->r, 0, 2) > 0) {
        cut(w, plane, &above, &below);
        return;
    }
    cone_clear(&above);
    cone_clear(&below);
}

static bool run_case(uint64_t seed)
{
    static const unsigned box[] = {0, 1, 1, 3};
    walk w = {.r = {seed}};
    double rows[MOST_PLANES * MOST_WIDTH];
    pleats_ctx *ctx = need_ctx();
    size_t k = (size_t)rng_int(&w.r, 1, 4), n = k < 4 ? MOST_PLANES : 14;
    draw_rows(&w.r, n, k, rows);
    arrangement_init_for(ctx, &w.a, k, n, rows, box[rng_int(&w.r, 0, 3)],
                         PLEATS_ENGINE_PROGRAMME);
    w.a.space.paranoid = seed % 8 == 1;
    if (w.a.space.paranoid)
        arrangement_scramble(&w.a, &w.r);
    else if (!rng_one_in(&w.r, 4))
        arrangement_loosen(&w.a, &w.r);
    need_ok(ctx, pleats_cell_root(&w.a.space, &w.cell));
    arrangement_cone(&w.a, &w.known);
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
