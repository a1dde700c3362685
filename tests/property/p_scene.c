/* Planes cut into cells, as they are drawn: as many as there are regions, of
 * the exact area of the square together, each with the outputs' affine map and
 * with sides where the units change their pieces.  Corners by their names, and
 * boundaries in doubles, are those by exact arithmetic.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "base/doubles.h"
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
    pleats_scene scene; /* as the options say */
    pleats_scene exact; /* with exact corners throughout, all that may be
                           asked for, and places rounded once */
    pleats_scene_options options;
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
        if (c->exact.cell[i].area < 1e-6)
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

/* What is said of a cell's pattern, from the pattern: how many units have a
 * slope, and FNV-1a of the pieces, mixed. */
static bool pattern_is_right(const pleats_scene *x, size_t cell,
                             pleats_idx *piece)
{
    const pleats_net *net = x->net;
    pleats_idx active = 0;
    uint32_t hash = 0x811c9dc5u;
    pleats_layers_unpack(&x->layers, x->pattern + cell * x->n_pattern, piece);
    for (pleats_idx i = 0; i < net->n_units; i++)
        hash = (hash ^ ((uint32_t)piece[i] & 0xff)) * 0x01000193u;
    hash = (hash ^ hash >> 16) * 0x85ebca6bu;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; u < s->n_out && s->kind == PLEATS_STEP_PL; u++)
            active +=
                pleats_step_function(s, u)->slope[piece[s->first_unit + u]] !=
                0;
    }
    return x->cell[cell].active == active &&
           x->cell[cell].hash == (hash ^ hash >> 16);
}

static bool patterns_are_right(const pleats_scene *x)
{
    pleats_idx *piece = need_memory((size_t)x->net->n_units + 1, sizeof *piece);
    bool right = true;
    for (size_t i = 0; i < x->n_cells; i++)
        right = right && pattern_is_right(x, i, piece);
    free(piece);
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
        all += b->class[i] >= 0 ? c->exact.cell[i].area : 0;
    for (size_t i = 0; i < b->n_parts; i++)
        all += size_of(b->corner + 2 * b->part[i].first, b->part[i].n);
    return fabs(all - 4) < 1e-6;
}

static bool are_near(size_t n, const double *a, const double *b, double off)
{
    bool near = true;
    for (size_t i = 0; i < n; i++)
        near = near && fabs(a[i] - b[i]) <= off;
    return near;
}

/* The same classes, parts and segments; also the same places, unless there is a
 * grain. */
static bool boundary_is_right(const scene_case *c)
{
    const pleats_boundary *a = &c->scene.boundary, *b = &c->exact.boundary;
    const double grain = c->options.grain;
    const double off = grain > 0 ? pleats_larger(grain, NEAR) : 0;
    bool same = a->n_cells == b->n_cells && a->n_parts == b->n_parts &&
                a->n_corners == b->n_corners && a->n_segments == b->n_segments;
    for (size_t i = 0; same && i < a->n_cells; i++)
        same = a->class[i] == b->class[i];
    for (size_t i = 0; same && i < a->n_parts; i++)
        same = a->part[i].cell == b->part[i].cell &&
               a->part[i].class == b->part[i].class &&
               a->part[i].first == b->part[i].first &&
               a->part[i].n == b->part[i].n;
    return same && are_near(2 * a->n_corners, a->corner, b->corner, off) &&
           are_near(4 * a->n_segments, a->segment, b->segment, off);
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
static bool corners_are_right(const scene_case *c)
{
    const pleats_scene *x = &c->scene, *exact = &c->exact;
    const size_t n = exact->n_cells;
    if (x->n_cells != n || x->corners.n != exact->corners.n ||
        memcmp(x->start, exact->start, (n + 1) * sizeof *x->start) != 0 ||
        memcmp(x->side, exact->side, x->start[n] * sizeof *x->side) != 0)
        return false;
    const double share = PLEATS_PERTURB ? 0x1p-11 : 1e-8;
    if (!are_near(2 * x->corners.n, x->corner, exact->corner, NEAR))
        return false;
    for (size_t i = 0; i < n && c->options.areas; i++)
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
    else if (!corners_are_right(c))
        c->wrong = "corners";
    else if (!patterns_are_right(x))
        c->wrong = "patterns";
    else if (c->options.maps && !maps_are_right(c))
        c->wrong = "maps";
    else if (!classes_are_right(c))
        c->wrong = "classes";
    else if (!boundary_is_right(c))
        c->wrong = "boundary";
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
    c.options = (pleats_scene_options){.boundary = true,
                                       .patterns = true,
                                       .maps = rng_one_in(&r, 2),
                                       .areas = rng_one_in(&r, 2),
                                       .level = 0.25,
                                       .grain = rng_one_in(&r, 3) ? 0 : 0x1p-20,
                                       .most_cells = MOST_CELLS};
    pleats_status status =
        pleats_scene_init(c.ctx, &c.scene, c.net, c.domain, &c.options);
    const pleats_scene_options all = {.boundary = true,
                                      .maps = true,
                                      .areas = true,
                                      .exact_corners = true,
                                      .level = c.options.level,
                                      .most_cells = MOST_CELLS};
    if (status == PLEATS_OK)
        status = pleats_scene_init(c.ctx, &c.exact, c.net, c.domain, &all);
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
