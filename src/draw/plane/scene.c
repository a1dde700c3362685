#include "draw/plane/scene.h"

#include "base/doubles.h"
#include "draw/plane/gather.h"
#include "draw/plane/polygon.h"
#include "exact/integers.h"
#include "exact/rational.h"

#include <math.h>

/* What is needed while a scene is gathered. */
typedef struct {
    pleats_scene *scene;
    pleats_gather gather;
    pleats_vertex_names names;
    pleats_polygon polygon; /* of the cell at hand */
    const pleats_scene_options *options;
    mpz_t **point; /* room: the corners of a cell */
    double *place; /* room: the same in doubles */
    size_t point_capacity, place_capacity;
} gathering;

/* ---- cells ---- */

/* The number of the corner at vertex i of the cell. */
static pleats_status find_corner(gathering *g, pleats_vertices *cell,
                                 pleats_idx i, size_t *number)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    const size_t before = x->corners.n;
    mpz_t *point;
    double *at;
    TRY(pleats_corners_find(&x->corners, g->gather.space, cell, i, number));
    if (x->corners.n == before)
        goto done;
    TRY(pleats_grow(x->ctx, &x->corner, &x->corner_capacity, 2 * (before + 1),
                    sizeof *x->corner));
    at = x->corner + 2 * *number;
    if (!x->corners.is_exact &&
        pleats_axes_place(&x->axes, x->corners.local + 2 * *number, at))
        goto done;
    TRY(pleats_corners_solve(&x->corners, g->gather.space, cell, i, *number,
                             &point));
    pleats_axes_round(&x->axes, point, at);
done:
    return status;
}

/* The corners of the cell over the integers, in the polygon's order. */
static pleats_status solve_corners(gathering *g, pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    const pleats_polygon *p = &g->polygon;
    const size_t *side = x->side + x->start[x->n_cells];
    TRY(pleats_grow(x->ctx, &g->point, &g->point_capacity, p->n,
                    sizeof *g->point));
    for (size_t i = 0; i < p->n; i++)
        TRY(pleats_corners_solve(&x->corners, g->gather.space, cell,
                                 p->vertex[i], side[i], &g->point[i]));
done:
    return status;
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

/* Twice the signed area on the frame, in doubles; *error: how far off. */
static double twice_area(const pleats_corners *c, size_t n, const size_t *side,
                         double *error)
{
    const double *at = c->local + 2 * side[0];
    double twice = 0, size = 0, off = c->error[side[0]];
    for (size_t i = 1; i < n; i++)
        off = pleats_larger(off, c->error[side[i]]);
    for (size_t i = 2; i < n; i++) {
        const double *p = c->local + 2 * side[i - 1];
        const double *q = c->local + 2 * side[i];
        const double px = p[0] - at[0], py = p[1] - at[1];
        const double qx = q[0] - at[0], qy = q[1] - at[1];
        twice += px * qy - py * qx;
        size += fabs(px) + fabs(py) + fabs(qx) + fabs(qy);
    }
    off += 0x1p-50;
    *error = 4 * off * (size + (double)n * off);
    return twice;
}

/* area += the signed area of a triangle on the frame. */
static void add_triangle(mpz_t *p, mpz_t *q, mpz_t *r, mpq_t area)
{
    mpq_t part;
    mpq_init(part);
    triangle(p, q, r, mpq_numref(part));
    mpz_mul(mpq_denref(part), p[2], q[2]);
    mpz_mul(mpq_denref(part), mpq_denref(part), r[2]);
    mpz_mul_ui(mpq_denref(part), mpq_denref(part), 2);
    mpq_canonicalize(part);
    mpq_add(area, area, part);
    mpq_clear(part);
}

#define AREA_KNOWN 0x1p14 /* times its error */

/* The area on the axes, as far as it is asked for, and whether the corners go
 * clockwise there; where too much cancels or may have vanished, from the exact
 * one. */
static pleats_status find_area(gathering *g, pleats_vertices *cell,
                               double *area, bool *clockwise)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    const size_t n = g->polygon.n;
    const double unit = x->axes.unit;
    const double known = g->options->areas ? AREA_KNOWN : 1;
    double error;
    mpq_t exact;
    mpq_init(exact);
    *area = twice_area(&x->corners, n, x->side + x->start[x->n_cells], &error) /
            2 * unit;
    *clockwise = *area < 0;
    if (fabs(*area) > known * error * fabs(unit) && fabs(*area) > 0x1p-900 &&
        isfinite(*area))
        goto done;
    TRY(solve_corners(g, cell));
    for (size_t i = 2; i < n; i++)
        add_triangle(g->point[0], g->point[i - 1], g->point[i], exact);
    mpq_mul(exact, exact, x->axes.area[0]);
    *area = pleats_rational_to_double(exact);
    *clockwise = mpq_sgn(exact) < 0;
done:
    *area = g->options->areas ? fabs(*area) : 0;
    mpq_clear(exact);
    return status;
}

/* Makes a cell that goes clockwise on the axes go the other way. */
static void turn(gathering *g, size_t *side)
{
    pleats_polygon *p = &g->polygon;
    pleats_polygon_reverse(p);
    for (size_t i = 1, j = p->n - 1; i < j; i++, j--) {
        const size_t corner = side[i];
        side[i] = side[j];
        side[j] = corner;
    }
}

static pleats_status add_sides(gathering *g, pleats_vertices *cell,
                               double *area)
{
    pleats_status status = PLEATS_OK;
    bool clockwise;
    pleats_scene *x = g->scene;
    pleats_polygon *p = &g->polygon;
    size_t first = x->start[x->n_cells], end, *side;
    TRY(pleats_polygon_of(x->ctx, cell, p));
    end = first + p->n;
    TRY(pleats_grow(x->ctx, &x->side, &x->side_capacity, end, sizeof *x->side));
    TRY(pleats_grow(x->ctx, &x->wall, &x->wall_capacity, end, sizeof *x->wall));
    side = x->side + first;
    for (size_t i = 0; i < p->n; i++)
        TRY(find_corner(g, cell, p->vertex[i], &side[i]));
    TRY(find_area(g, cell, area, &clockwise));
    if (clockwise)
        turn(g, side);
    for (size_t i = 0; i < p->n; i++)
        x->wall[first + i] = pleats_gather_owner(&g->gather, p->wall[i]);
    x->start[x->n_cells + 1] = end;
done:
    return status;
}

/* The outputs as functions of the axes; their derivatives' norm. */
static pleats_status add_map(gathering *g, double *gradient)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    const double *inverse = x->axes.inverse, *origin = x->axes.origin;
    size_t n = (size_t)x->net->n_outputs;
    double all = 0;
    TRY(pleats_grow(x->ctx, &x->map, &x->map_capacity, (x->n_cells + 1) * n * 3,
                    sizeof *x->map));
    for (size_t i = 0; i < n; i++) {
        double form[3], *map = x->map + (x->n_cells * n + i) * 3;
        TRY(pleats_gather_form(&g->gather, (pleats_idx)i, form));
        map[0] = form[0] * inverse[0] + form[1] * inverse[2];
        map[1] = form[0] * inverse[1] + form[1] * inverse[3];
        map[2] = form[2] - map[0] * origin[0] - map[1] * origin[1];
        const double parts[] = {all, map[0], map[1]};
        all = pleats_length(parts, 3);
    }
    *gradient = all;
done:
    return status;
}

static pleats_status add_pattern(gathering *g)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    TRY(pleats_grow(x->ctx, &x->pattern, &x->pattern_capacity,
                    (x->n_cells + 1) * x->n_pattern, 1));
    pleats_layers_pack(&x->layers, g->gather.space->piece,
                       x->pattern + x->n_cells * x->n_pattern);
done:
    return status;
}

/* The corners of the cell in doubles, for its boundary: on the frame, then on
 * the axes. */
static pleats_status place_corners(gathering *g, pleats_boundary_cell *cell)
{
    pleats_status status = PLEATS_OK;
    const pleats_scene *x = g->scene;
    const size_t n = g->polygon.n;
    const size_t *side = x->side + x->start[x->n_cells];
    TRY(pleats_grow(x->ctx, &g->place, &g->place_capacity, 4 * n,
                    sizeof *g->place));
    *cell = (pleats_boundary_cell){
        .n = n, .local = g->place, .at = g->place + 2 * n};
    for (size_t i = 0; i < n; i++) {
        const size_t point = 2 * sizeof *g->place;
        memcpy(g->place + 2 * i, x->corners.local + 2 * side[i], point);
        memcpy(g->place + 2 * (n + i), x->corner + 2 * side[i], point);
        cell->off = pleats_larger(cell->off, x->corners.error[side[i]]);
    }
done:
    return status;
}

static pleats_status add_boundary(gathering *g, pleats_vertices *vertices)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    pleats_boundary_cell cell;
    bool is_done;
    TRY(place_corners(g, &cell));
    TRY(pleats_boundary_add(&x->boundary, g->gather.space, &cell, &is_done));
    if (!is_done)
        TRY(pleats_boundary_halve(&x->boundary, g->gather.space, &x->axes,
                                  &cell, &is_done));
    if (is_done)
        goto done;
    TRY(solve_corners(g, vertices));
    TRY(pleats_boundary_cut(&x->boundary, g->gather.space, &x->axes, &cell,
                            g->point));
done:
    return status;
}

static pleats_idx depth_of(const pleats_scene *x, size_t cell)
{
    pleats_idx depth = 0;
    for (size_t i = x->start[cell]; i < x->start[cell + 1]; i++) {
        pleats_idx unit = x->wall[i];
        if (unit >= 0 && x->layers.of[unit] > depth)
            depth = x->layers.of[unit];
    }
    return depth;
}

static pleats_status on_cell(void *state, pleats_gather *gather,
                             pleats_vertices *vertices)
{
    pleats_status status = PLEATS_OK;
    gathering *g = state;
    pleats_scene *x = g->scene;
    pleats_scene_cell *c;
    TRY(pleats_grow(x->ctx, &x->cell, &x->cell_capacity, x->n_cells + 1,
                    sizeof *x->cell));
    TRY(pleats_grow(x->ctx, &x->start, &x->start_capacity, x->n_cells + 2,
                    sizeof *x->start));
    c = &x->cell[x->n_cells];
    TRY(add_sides(g, vertices, &c->area));
    gather->is_over = x->corners.unclear;
    c->gradient = 0;
    if (g->options->maps)
        TRY(add_map(g, &c->gradient));
    c->active = pleats_gather_active(gather);
    c->depth = depth_of(x, x->n_cells);
    c->hash = pleats_gather_hash(gather);
    if (g->options->patterns)
        TRY(add_pattern(g));
    if (g->options->boundary)
        TRY(add_boundary(g, vertices));
    x->n_cells++;
done:
    return status;
}

/* ---- the walk ---- */

/* One walk; the corners may come out unclear. */
static pleats_status walk(gathering *g, bool exact_corners)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    pleats_corners_init(x->ctx, &x->corners, exact_corners);
    pleats_vertex_names_init(x->ctx, &g->names);
    TRY(pleats_gather_init(x->ctx, &g->gather, x->net, &x->frame));
    g->gather.most_cells = g->options->most_cells;
    g->gather.names = exact_corners ? NULL : &g->names;
    g->gather.visit = on_cell;
    g->gather.state = g;
    TRY(pleats_gather_run(&g->gather));
    x->stopped = g->gather.stopped;
done:
    pleats_gather_clear(&g->gather);
    pleats_vertex_names_clear(&g->names);
    return status;
}

static pleats_status gather_all(gathering *g)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *x = g->scene;
    TRY(pleats_layers_init(x->ctx, &x->layers, x->net));
    x->n_pattern = pleats_layers_pattern_bytes(&x->layers);
    TRY(pleats_alloc(x->ctx, 1, sizeof *x->start, &x->start));
    x->start_capacity = 1;
    TRY(walk(g, g->options->exact_corners));
    if (x->corners.unclear) {
        x->n_cells = 0;
        pleats_boundary_clear(x->ctx, &x->boundary);
        pleats_corners_clear(&x->corners);
        TRY(walk(g, true));
    }
    if (x->n_cells == 0)
        TRY(pleats_fail(x->ctx, PLEATS_LIMIT,
                        "stopped before there was a cell to draw: %s",
                        pleats_stop_text(x->stopped)));
done:
    pleats_polygon_clear(x->ctx, &g->polygon);
    pleats_release(x->ctx, g->point);
    pleats_release(x->ctx, g->place);
    return status;
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
    *x = (pleats_scene){
        .ctx = ctx,
        .net = net,
        .boundary = {.level = options->level, .grain = options->grain}};
    TRY(take_plane(ctx, x, domain));
    TRY(gather_all(&g));
    find_frame(x);
done:
    return status;
}

void pleats_scene_clear(pleats_scene *x)
{
    pleats_ctx *ctx = x->ctx;
    if (!ctx)
        return;
    pleats_corners_clear(&x->corners);
    pleats_release(ctx, x->corner);
    pleats_release(ctx, x->cell);
    pleats_release(ctx, x->start);
    pleats_release(ctx, x->side);
    pleats_release(ctx, x->wall);
    pleats_release(ctx, x->map);
    pleats_release(ctx, x->pattern);
    pleats_layers_clear(ctx, &x->layers);
    pleats_boundary_clear(ctx, &x->boundary);
    pleats_axes_clear(ctx, &x->axes);
    pleats_frame_clear(ctx, &x->frame);
    *x = (pleats_scene){0};
}

void pleats_scene_area(const pleats_scene *x, size_t cell, mpq_t area)
{
    pleats_exact_point **exact = x->corners.exact;
    const size_t *side = x->side + x->start[cell];
    mpq_set_ui(area, 0, 1);
    for (size_t i = 2; i < pleats_scene_sides(x, cell); i++)
        add_triangle(exact[side[0]]->x, exact[side[i - 1]]->x,
                     exact[side[i]]->x, area);
}

void pleats_scene_range(const pleats_scene *x, pleats_idx output, double *lo,
                        double *hi)
{
    const size_t n = (size_t)x->net->n_outputs;
    for (size_t i = 0; i < x->n_cells; i++)
        for (size_t j = x->start[i]; j < x->start[i + 1]; j++) {
            const double *map = x->map + (i * n + (size_t)output) * 3;
            const double *at = x->corner + 2 * x->side[j];
            double value = map[0] * at[0] + map[1] * at[1] + map[2];
            *lo = fmin(*lo, value);
            *hi = fmax(*hi, value);
        }
}
