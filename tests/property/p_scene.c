/* Planes cut into cells, as they are drawn: as many as there are regions, of
 * the exact area of the square together, each with the outputs' affine map and
 * with sides where the units change their pieces.  Corners by their names are
 * those by exact arithmetic.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "base/perturb.h"
#include "cases.h"
#include "domains.h"
#include "need.h"
#include "random_layers.h"
#include "random_mlp.h"
#include "random_net.h"

#include "draw/plane/scene.h"
#include "pleats/pleats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 150, MOST_CELLS = 1500 };

/* How near corners that are not exact lie to the true ones. */
#define NEAR (PLEATS_PERTURB ? 0x1p-26 : 1e-10)

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *domain;
    pleats_scene scene, exact; /* without, with exact corners throughout */
    const char *wrong;
} scene_case;

/* The square is [-1, 1]^2 in the frame's coordinates, too. */
static bool area_is_whole(const pleats_scene *x)
{
    bool all_positive = true;
    mpq_t sum, area;
    mpq_init(sum);
    mpq_init(area);
    for (size_t i = 0; i < x->n_cells; i++) {
        pleats_scene_area(x, i, area);
        all_positive = all_positive && mpq_sgn(area) > 0;
        mpq_add(sum, sum, area);
    }
    bool whole = mpq_cmp_ui(sum, 4, 1) == 0;
    mpq_clear(sum);
    mpq_clear(area);
    return whole && all_positive;
}

static void find_centre(const pleats_scene *x, size_t cell, double *at)
{
    size_t n = pleats_scene_sides(x, cell);
    at[0] = at[1] = 0;
    for (size_t i = x->start[cell]; i < x->start[cell + 1]; i++)
        for (size_t j = 0; j < 2; j++)
            at[j] += x->corner[2 * x->side[i] + j] / (double)n;
}

/* The outputs at the middle of each cell that is large enough for its middle
 * to be in it after rounding.  Maps are doubles for colours: moved numbers are
 * off by their errors. */
static bool maps_are_right(const scene_case *c)
{
    const double off = PLEATS_PERTURB ? 0.1 : 1e-9;
    const pleats_scene *x = &c->scene;
    size_t n = (size_t)pleats_net_n_outputs(c->net);
    double *y = need_memory(n, sizeof *y), at[2];
    bool right = true;
    for (size_t i = 0; i < x->n_cells; i++) {
        find_centre(x, i, at);
        if (x->cell[i].area < 1e-6)
            continue;
        if (pleats_net_eval(c->ctx, c->net, at, y, NULL) != PLEATS_OK)
            continue;
        for (size_t o = 0; o < n; o++) {
            const double *m = x->map + (i * n + o) * 3;
            double size = 1 + fabs(m[0]) + fabs(m[1]) + fabs(m[2]);
            right = right && fabs(m[0] * at[0] + m[1] * at[1] + m[2] - y[o]) <
                                 off * size;
        }
    }
    free(y);
    return right;
}

static double size_of(const double *corner, size_t n)
{
    double twice = 0;
    for (size_t i = 0; i < n; i++) {
        const double *p = corner + 2 * i, *q = corner + 2 * ((i + 1) % n);
        twice += p[0] * q[1] - p[1] * q[0];
    }
    return fabs(twice) / 2;
}

/* Where the parts of cells lie, the outputs give their class; with the whole
 * cells they cover the square. */
static bool classes_are_right(const scene_case *c)
{
    const pleats_scene *x = &c->scene;
    const pleats_boundary *b = &x->boundary;
    double all = 0;
    if (b->n_cells != x->n_cells)
        return false;
    for (size_t i = 0; i < x->n_cells; i++)
        all += b->class[i] >= 0 ? x->cell[i].area : 0;
    for (size_t i = 0; i < b->n_parts; i++)
        all += size_of(b->corner + 2 * b->part[i].first, b->part[i].n);
    return fabs(all - 4) < 1e-6;
}

/* Sides of the domain lie on it, but for `off`, others are of units; corners go
 * around counter-clockwise. */
static bool sides_are_right(const pleats_scene *x, double off)
{
    bool right = true;
    for (size_t i = 0; i < x->n_cells; i++)
        for (size_t s = x->start[i]; s < x->start[i + 1]; s++) {
            size_t end = s + 1 < x->start[i + 1] ? s + 1 : x->start[i];
            const double *p = x->corner + 2 * x->side[s];
            const double *q = x->corner + 2 * x->side[end];
            pleats_idx side = -1 - x->wall[s];
            if (x->wall[s] >= 0) {
                right = right && x->wall[s] < x->net->n_units;
                continue;
            }
            const double at = side % 2 ? 1 : -1;
            right = right && side < 4 && fabs(p[side / 2] - at) <= off &&
                    fabs(q[side / 2] - at) <= off;
        }
    return right;
}

/* The same cells with the same corners, near where these are. */
static bool corners_are_right(const pleats_scene *x, const pleats_scene *exact)
{
    const size_t n = exact->n_cells;
    if (x->n_cells != n || x->corners.n != exact->corners.n ||
        memcmp(x->start, exact->start, (n + 1) * sizeof *x->start) != 0 ||
        memcmp(x->side, exact->side, x->start[n] * sizeof *x->side) != 0)
        return false;
    const double share = PLEATS_PERTURB ? 0x1p-11 : 1e-8;
    for (size_t i = 0; i < 2 * x->corners.n; i++)
        if (!(fabs(x->corner[i] - exact->corner[i]) <= NEAR))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!(fabs(x->cell[i].area - exact->cell[i].area) <=
              share * exact->cell[i].area))
            return false;
    return true;
}

static void check(scene_case *c)
{
    const pleats_scene *x = &c->scene;
    pleats_count_result count;
    need_ok(c->ctx,
            pleats_count(c->ctx, c->net, c->domain, NULL, NULL, &count));
    if (strtoull(count.regions, NULL, 10) != x->n_cells)
        c->wrong = "number of cells";
    else if (!area_is_whole(&c->exact))
        c->wrong = "area";
    else if (!corners_are_right(x, &c->exact))
        c->wrong = "corners";
    else if (!maps_are_right(c))
        c->wrong = "maps";
    else if (!classes_are_right(c))
        c->wrong = "classes";
    else if (!sides_are_right(&c->exact, 0) || !sides_are_right(x, NEAR))
        c->wrong = "sides";
    pleats_count_result_clear(c->ctx, &count);
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    scene_case c = {.ctx = need_ctx()};
    if (rng_one_in(&r, 2)) {
        mlp m;
        random_mlp(&r, 2, rng_one_in(&r, 3), &m);
        c.net = mlp_build(c.ctx, &m);
        mlp_clear(&m);
    } else {
        c.net = random_layers(c.ctx, &r, 2, 2, 10);
    }
    c.domain = domain_boxes(c.ctx, 2, "-1 1 -1 1");
    pleats_scene_options options = {
        .boundary = true, .level = 0.25, .most_cells = MOST_CELLS};
    pleats_status status =
        pleats_scene_init(c.ctx, &c.scene, c.net, c.domain, &options);
    options.exact_corners = true;
    if (status == PLEATS_OK)
        status = pleats_scene_init(c.ctx, &c.exact, c.net, c.domain, &options);
    if (status == PLEATS_OK)
        check(&c);
    else if (status != PLEATS_LIMIT)
        c.wrong = pleats_ctx_message(c.ctx);
    if (c.wrong)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, c.wrong);
    pleats_scene_clear(&c.scene);
    pleats_scene_clear(&c.exact);
    pleats_net_clear(c.ctx, c.net);
    pleats_domain_clear(c.ctx, c.domain);
    bool clean = pleats_ctx_live_bytes(c.ctx) == 0;
    if (!clean)
        fprintf(stderr, "seed %llu: memory\n", (unsigned long long)seed);
    bool good = clean && !c.wrong;
    pleats_ctx_free(c.ctx);
    return good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
