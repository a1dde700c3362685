#include "draw/scene.h"

#include "cells/parts.h"
#include "cells/walk.h"
#include "draw/polygon.h"
#include "exact/integers.h"
#include "exact/rational.h"

#include <math.h>
#include <string.h>

/* What is needed while a scene is gathered. */
typedef struct {
    pleats_scene *scene;
    pleats_space space;
    pleats_ahead ahead;
    pleats_forms forms; /* of the pattern `piece` */
    pleats_idx *piece;  /* [n_units], -1: none yet */
    pleats_idx *unit;   /* [n_scalars] the first unit that reads it, or -1 */
    pleats_polygon polygon;
    pleats_hasher *hasher;
    double inverse[4]; /* of the axes' dependence on the frame, [2 x 2] */
    const pleats_scene_options *options;
    mpz_t **point; /* room: the corners of a cell */
    size_t point_capacity;
    pleats_task root;
} gathering;

/* ---- what does not change from cell to cell ---- */

static pleats_status find_layers(pleats_ctx *ctx, pleats_scene *x)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = x->net;
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *x->layer_of,
                     &x->layer_of));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) || s->n_out == 0)
            continue;
        x->n_layers++;
        for (pleats_idx u = 0; u < s->n_out; u++)
            x->layer_of[s->first_unit + u] = x->n_layers;
    }
done:
    return status;
}

static pleats_status find_readers(gathering *g)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = g->scene->net;
    TRY(pleats_alloc(g->scene->ctx, (size_t)net->n_scalars, sizeof *g->unit,
                     &g->unit));
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        g->unit[i] = -1;
    for (pleats_idx i = net->n_steps - 1; i >= 0; i--) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = s->n_out - 1; u >= 0 && !pleats_step_is_affine(s);
             u--) {
            bool is_max = s->kind == PLEATS_STEP_MAX;
            pleats_idx first = is_max ? s->start[u] : u;
            pleats_idx end = is_max ? s->start[u + 1] : u + 1;
            for (pleats_idx j = first; j < end; j++)
                g->unit[s->in[j]] = s->first_unit + u;
        }
    }
done:
    return status;
}

/* How the frame's coordinates depend on the axes, rounded. */
static void invert_axes(gathering *g)
{
    mpz_t *p = g->scene->axes.place;
    double m[4], det;
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++)
            m[2 * i + j] =
                pleats_quotient_to_double(p[4 * i + j], p[4 * i + 3], NULL);
    det = m[0] * m[3] - m[1] * m[2];
    const double inverse[] = {m[3] / det, -m[1] / det, -m[2] / det, m[0] / det};
    memcpy(g->inverse, inverse, sizeof inverse);
}

/* ---- cells ---- */

/* The number of the corner at vertex i of the cell. */
static pleats_status find_corner(gathering *g, pleats_vertices *cell,
                                 pleats_idx i, size_t *number)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    pleats_digest digest;
    mpz_t *point;
    bool is_new;
    TRY(pleats_vertices_solve(&g->space, cell, i, &point));
    for (size_t j = 0; j < 3; j++)
        TRY(pleats_hasher_add_integer(x->ctx, g->hasher, point[j]));
    TRY(pleats_hasher_end(x->ctx, g->hasher, &digest));
    TRY(pleats_digest_set_add(x->ctx, &x->corners, &digest, number, &is_new));
    if (!is_new)
        goto done;
    TRY(pleats_grow(x->ctx, &x->corner, &x->corner_capacity, 2 * x->corners.n,
                    sizeof *x->corner));
    TRY(pleats_grow(x->ctx, &x->point, &x->point_capacity, 3 * x->corners.n,
                    sizeof *x->point));
    for (size_t j = 0; j < 3; j++)
        mpz_init_set(x->point[x->n_points++], point[j]);
    pleats_axes_round(&x->axes, x->point + 3 * *number,
                      x->corner + 2 * *number);
done:
    return status;
}

/* The unit, or side of the domain, behind a wall of the cell. */
static pleats_idx owner_of(const gathering *g, pleats_idx wall)
{
    const pleats_frame *f = &g->scene->frame;
    if (wall <= PLEATS_WALL_OF_BOX)
        return -1 - (PLEATS_WALL_OF_BOX - wall);
    if (wall < f->m)
        return -1 - (2 * f->k + wall);
    const pleats_hyperplane plane = g->space.walls.plane[wall];
    pleats_idx unit = g->unit[plane.a];
    return unit >= 0 || plane.b < 0 ? unit : g->unit[plane.b];
}

/* Twice the signed area of a triangle on the frame has the sign of this. */
static void triangle(mpz_t *p, mpz_t *q, mpz_t *r, mpz_t out)
{
    mpz_t term;
    mpz_init(term);
    mpz_set_ui(out, 0);
    mpz_t *corner[] = {p, q, r};
    for (size_t i = 0; i < 3; i++) {
        mpz_t *a = corner[i], *b = corner[(i + 1) % 3],
              *c = corner[(i + 2) % 3];
        mpz_mul(term, a[0], b[1]);
        mpz_submul(term, a[1], b[0]);
        mpz_addmul(out, term, c[2]);
    }
    mpz_clear(term);
}

/* Of the frame's coordinates on the axes. */
static double determinant(const gathering *g)
{
    return g->inverse[0] * g->inverse[3] - g->inverse[1] * g->inverse[2];
}

/* Whether three corners of a cell go clockwise on the axes. */
static bool is_clockwise(const gathering *g, size_t a, size_t b, size_t c)
{
    const pleats_scene *x = g->scene;
    mpz_t area;
    mpz_init(area);
    triangle(x->point + 3 * a, x->point + 3 * b, x->point + 3 * c, area);
    int sign = mpz_sgn(area) * (determinant(g) < 0 ? -1 : 1);
    mpz_clear(area);
    return sign < 0;
}

static pleats_status add_sides(gathering *g, pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    pleats_polygon *p = &g->polygon;
    size_t first = x->start[x->n_cells], number[3];
    TRY(pleats_polygon_of(x->ctx, cell, p));
    TRY(pleats_grow(x->ctx, &x->side, &x->side_capacity, first + p->n,
                    sizeof *x->side));
    TRY(pleats_grow(x->ctx, &x->wall, &x->wall_capacity, first + p->n,
                    sizeof *x->wall));
    for (size_t i = 0; i < 3; i++)
        TRY(find_corner(g, cell, p->vertex[i], &number[i]));
    if (is_clockwise(g, number[0], number[1], number[2]))
        pleats_polygon_reverse(p);
    for (size_t i = 0; i < p->n; i++) {
        TRY(find_corner(g, cell, p->vertex[i], &x->side[first + i]));
        x->wall[first + i] = owner_of(g, p->wall[i]);
    }
    x->start[x->n_cells + 1] = first + p->n;
done:
    return status;
}

/* Forms of the outputs for the pattern, from the first step that it changes. */
static void find_forms(gathering *g)
{
    const pleats_net *net = g->scene->net;
    const pleats_idx *piece = g->space.piece;
    pleats_idx from = 0;
    while (from < net->n_steps) {
        const pleats_step *s = &net->step[from];
        bool same = pleats_step_is_affine(s) || s->n_out == 0 ||
                    memcmp(g->piece + s->first_unit, piece + s->first_unit,
                           (size_t)s->n_out * sizeof *piece) == 0;
        if (!same || (g->scene->n_cells == 0 && pleats_step_is_affine(s)))
            break;
        from++;
    }
    for (pleats_idx i = from; i < net->n_steps; i++)
        pleats_forms_run(&g->forms, &net->step[i], piece);
    if (net->n_units)
        memcpy(g->piece, piece, (size_t)net->n_units * sizeof *piece);
}

/* The outputs as functions of the axes; their derivatives' norm. */
static pleats_status add_map(gathering *g, double *gradient)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    size_t n = (size_t)x->net->n_outputs;
    double square = 0;
    TRY(pleats_grow(x->ctx, &x->map, &x->map_capacity, (x->n_cells + 1) * n * 3,
                    sizeof *x->map));
    const double *origin = x->corner;
    mpz_t *point = x->point;
    double t[2];
    for (size_t j = 0; j < 2; j++)
        t[j] = pleats_quotient_to_double(point[j], point[2], NULL);
    for (size_t i = 0; i < n; i++) {
        const double *form = pleats_forms_entry(&g->forms, x->net->output[i]);
        double *map = x->map + (x->n_cells * n + i) * 3;
        map[0] = form[0] * g->inverse[0] + form[1] * g->inverse[2];
        map[1] = form[0] * g->inverse[1] + form[1] * g->inverse[3];
        map[2] = form[2] + form[0] * t[0] + form[1] * t[1] -
                 map[0] * origin[0] - map[1] * origin[1];
        square += map[0] * map[0] + map[1] * map[1];
    }
    *gradient = sqrt(square);
done:
    return status;
}

static pleats_status add_boundary(gathering *g)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    size_t first = x->start[x->n_cells], n = pleats_scene_sides(x, x->n_cells);
    TRY(pleats_grow(x->ctx, &g->point, &g->point_capacity, n,
                    sizeof *g->point));
    for (size_t i = 0; i < n; i++)
        g->point[i] = x->point + 3 * x->side[first + i];
    TRY(pleats_boundary_add(&x->boundary, &g->space, &g->forms, &x->axes, n,
                            g->point));
done:
    return status;
}

static pleats_idx count_active(const gathering *g)
{
    const pleats_net *net = g->scene->net;
    pleats_idx n = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; u < s->n_out && s->kind == PLEATS_STEP_PL; u++)
            n += pleats_step_function(s, u)
                     ->slope[g->space.piece[s->first_unit + u]] != 0;
    }
    return n;
}

/* FNV-1a, of the pieces. */
static uint64_t hash_pattern(const pleats_idx *piece, pleats_idx n)
{
    uint64_t hash = 14695981039346656037u;
    for (pleats_idx i = 0; i < n; i++)
        hash = (hash ^ (uint64_t)piece[i]) * 1099511628211u;
    return hash ^ hash >> 29;
}

static pleats_idx depth_of(const pleats_scene *x, size_t cell)
{
    pleats_idx depth = 0;
    for (size_t i = x->start[cell]; i < x->start[cell + 1]; i++) {
        pleats_idx unit = x->wall[i];
        if (unit >= 0 && x->layer_of[unit] > depth)
            depth = x->layer_of[unit];
    }
    return depth;
}

/* The area on the axes; where too much cancels, from the exact one, times
 * `scale`, the area of a unit square of the frame. */
static double area_of(const pleats_scene *x, size_t cell, double scale)
{
    const double *at = x->corner + 2 * x->side[x->start[cell]];
    double twice = 0, size = 0;
    for (size_t i = x->start[cell] + 2; i < x->start[cell + 1]; i++) {
        const double *p = x->corner + 2 * x->side[i - 1];
        const double *q = x->corner + 2 * x->side[i];
        twice +=
            (p[0] - at[0]) * (q[1] - at[1]) - (p[1] - at[1]) * (q[0] - at[0]);
        size += (fabs(p[0]) + fabs(at[0])) * (fabs(q[1]) + fabs(at[1])) +
                (fabs(p[1]) + fabs(at[1])) * (fabs(q[0]) + fabs(at[0]));
    }
    if (twice > 1e-9 * size)
        return twice / 2;
    mpq_t exact;
    mpq_init(exact);
    pleats_scene_area(x, cell, exact);
    double area = pleats_rational_to_double(exact) * scale;
    mpq_clear(exact);
    return area;
}

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    gathering *g = state;
    pleats_scene *x = g->scene;
    pleats_scene_cell *c;
    (void)share;
    (void)stop;
    if (g->options->most_cells && x->n_cells == g->options->most_cells)
        return pleats_fail(x->ctx, PLEATS_LIMIT,
                           "there are more than %zu cells",
                           g->options->most_cells);
    TRY(pleats_check_stop(x->ctx));
    TRY(pleats_grow(x->ctx, &x->cell, &x->cell_capacity, x->n_cells + 1,
                    sizeof *x->cell));
    TRY(pleats_grow(x->ctx, &x->start, &x->start_capacity, x->n_cells + 2,
                    sizeof *x->start));
    TRY(add_sides(g, &cell->vertices));
    find_forms(g);
    c = &x->cell[x->n_cells];
    TRY(add_map(g, &c->gradient));
    c->active = count_active(g);
    c->depth = depth_of(x, x->n_cells);
    c->hash = hash_pattern(space->piece, x->net->n_units);
    c->area = area_of(x, x->n_cells, 1 / fabs(determinant(g)));
    if (g->options->boundary)
        TRY(add_boundary(g));
    x->n_cells++;
done:
    return status;
}

/* ---- the walk ---- */

static pleats_status walk_all(void *state, pleats_crew *crew, pleats_idx worker,
                              pleats_ctx *ctx, const pleats_parcel *task,
                              bool *stop)
{
    gathering *g = state;
    const pleats_visitor visitor = {.region = on_region, .state = g};
    bool complete;
    (void)worker;
    (void)ctx;
    (void)task;
    (void)stop;
    return pleats_walk(&g->space, &g->ahead, &visitor, &g->root, crew,
                       &complete);
}

static pleats_status prepare(gathering *g)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    pleats_ctx *ctx = x->ctx;
    size_t n = (size_t)x->net->n_units;
    TRY(pleats_space_init(ctx, &g->space, x->net, &x->frame,
                          PLEATS_ENGINE_VERTICES, false));
    TRY(pleats_ahead_init(ctx, &g->ahead, x->net));
    TRY(pleats_forms_init(ctx, &g->forms, x->net, &x->frame.coordinates));
    TRY(pleats_alloc(ctx, n, sizeof *g->piece, &g->piece));
    for (size_t i = 0; i < n; i++)
        g->piece[i] = -1;
    TRY(pleats_hasher_new(ctx, &g->hasher));
    TRY(find_layers(ctx, x));
    TRY(find_readers(g));
    TRY(pleats_alloc(ctx, 1, sizeof *x->start, &x->start));
    x->start_capacity = 1;
    invert_axes(g);
done:
    return status;
}

static void dismiss(gathering *g)
{
    pleats_ctx *ctx = g->scene->ctx;
    if (g->space.ctx)
        pleats_space_clear(&g->space);
    if (g->ahead.net)
        pleats_ahead_clear(ctx, &g->ahead);
    if (g->forms.net)
        pleats_forms_clear(ctx, &g->forms);
    pleats_release(ctx, g->piece);
    pleats_release(ctx, g->unit);
    pleats_release(ctx, g->point);
    pleats_polygon_clear(ctx, &g->polygon);
    pleats_hasher_free(ctx, g->hasher);
    pleats_task_clear(ctx, &g->root);
}

static pleats_status take_plane(pleats_ctx *ctx, pleats_scene *x,
                                const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    if (domain->n_parts != 1)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a picture needs a domain of one part; this one "
                           "has %d",
                           domain->n_parts);
    TRY(pleats_frame_init(ctx, &x->frame, domain, &domain->part[0]));
    if (x->frame.empty)
        return pleats_fail(ctx, PLEATS_INVALID, "the domain is empty");
    if (x->frame.k != 2)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a picture needs a domain of dimension 2; this one "
                           "has dimension %d (--plane, --rows or --axes take a "
                           "plane)",
                           x->frame.k);
    if (!x->frame.bounded)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a picture needs a bounded domain (--box LO,HI, or "
                           "\"box\" in the plane's file)");
    TRY(pleats_axes_init(ctx, &x->axes, &domain->part[0], &x->frame));
done:
    return status;
}

static void find_frame(pleats_scene *x)
{
    for (size_t j = 0; j < 4; j++)
        x->frame_of[j] = j % 2 ? -INFINITY : INFINITY;
    for (size_t i = 0; i < 2 * x->corners.n; i++) {
        double *side = x->frame_of + i % 2 * 2;
        side[0] = fmin(side[0], x->corner[i]);
        side[1] = fmax(side[1], x->corner[i]);
    }
}

pleats_status pleats_scene_init(pleats_ctx *ctx, pleats_scene *x,
                                const pleats_net *net,
                                const pleats_domain *domain,
                                const pleats_scene_options *options)
{
    pleats_status status = PLEATS_OK;
    gathering g = {.scene = x, .options = options};
    const pleats_team team = {.n = 1, .ctx = &ctx};
    const pleats_job job = {&team, &g, walk_all, NULL};
    const pleats_parcel all = {0};
    bool complete;
    *x = (pleats_scene){
        .ctx = ctx, .net = net, .boundary = {.level = options->level}};
    TRY(take_plane(ctx, x, domain));
    TRY(prepare(&g));
    TRY(pleats_crew_run(&job, &all, &complete));
    find_frame(x);
done:
    dismiss(&g);
    return status;
}

void pleats_scene_clear(pleats_scene *x)
{
    pleats_ctx *ctx = x->ctx;
    if (!ctx)
        return;
    for (size_t i = 0; i < x->n_points; i++)
        mpz_clear(x->point[i]);
    pleats_release(ctx, x->point);
    pleats_digest_set_clear(ctx, &x->corners);
    pleats_release(ctx, x->corner);
    pleats_release(ctx, x->cell);
    pleats_release(ctx, x->start);
    pleats_release(ctx, x->side);
    pleats_release(ctx, x->wall);
    pleats_release(ctx, x->map);
    pleats_release(ctx, x->layer_of);
    pleats_boundary_clear(ctx, &x->boundary);
    pleats_axes_clear(ctx, &x->axes);
    pleats_frame_clear(ctx, &x->frame);
    *x = (pleats_scene){0};
}

void pleats_scene_area(const pleats_scene *x, size_t cell, mpq_t area)
{
    mpq_t part;
    mpq_init(part);
    mpq_set_ui(area, 0, 1);
    mpz_t *first = x->point + 3 * x->side[x->start[cell]];
    for (size_t i = x->start[cell] + 2; i < x->start[cell + 1]; i++) {
        mpz_t *p = x->point + 3 * x->side[i - 1],
              *q = x->point + 3 * x->side[i];
        triangle(first, p, q, mpq_numref(part));
        mpz_mul(mpq_denref(part), first[2], p[2]);
        mpz_mul(mpq_denref(part), mpq_denref(part), q[2]);
        mpz_mul_ui(mpq_denref(part), mpq_denref(part), 2);
        mpq_canonicalize(part);
        mpq_add(area, area, part);
    }
    mpq_abs(area, area);
    mpq_clear(part);
}
