/* The public face of the geometry around a point. */
#include "pleats/local.h"

#include "api/halfspace.h"
#include "api/local_state.h"
#include "api/text.h"
#include "base/doubles.h"
#include "exact/rational.h"
#include "local/map.h"
#include "local/vertex_list.h"
#include "local/widest.h"
#include "read/npz_write.h"

#include <float.h>
#include <math.h>
#include <string.h>

pleats_status pleats_local_new(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_domain *domain, pleats_local **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, 1, sizeof **out, out));
    TRY(pleats_locality_init(ctx, &(*out)->locality, net, domain, true));
    return PLEATS_OK;
done:
    pleats_local_free(ctx, *out);
    *out = NULL;
    return status;
}

void pleats_local_free(pleats_ctx *ctx, pleats_local *local)
{
    if (local)
        pleats_locality_clear(ctx, &local->locality);
    pleats_release(ctx, local);
}

void pleats_local_result_clear(pleats_ctx *ctx, pleats_local_result *r)
{
    for (int32_t i = 0; r->facet && i < r->n_facets; i++) {
        pleats_release(ctx, r->facet[i].unit);
        pleats_release(ctx, r->facet[i].change);
    }
    for (int64_t i = 0; r->vertex && i < (int64_t)r->n_vertices * r->n_inputs;
         i++)
        pleats_release(ctx, r->vertex[i]);
    pleats_release(ctx, r->vertex);
    for (int32_t i = 0; r->halfspace && i < r->n_halfspaces; i++)
        pleats_release(ctx, r->halfspace[i].row);
    pleats_release(ctx, r->halfspace);
    pleats_release(ctx, r->piece);
    pleats_release(ctx, r->facet);
    pleats_release(ctx, r->layer);
    pleats_release(ctx, r->ball);
    pleats_release(ctx, r->centre);
    pleats_release(ctx, r->a);
    pleats_release(ctx, r->b);
    pleats_release(ctx, r->slope);
    *r = (pleats_local_result){0};
}

/* What the parts of an answer are made from. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    pleats_place place;
    pleats_distance *distance; /* [region.n_units], NULL: not known */
    pleats_local_result *out;
} answer;

/* Units and domain sides on a facet; a unit of several planes once. */
static pleats_status list_units(answer *a, pleats_idx i, pleats_facet *f)
{
    pleats_status status = PLEATS_OK;
    const pleats_region *r = &a->place.region;
    int32_t n = 0;
    for (pleats_idx j = i; j < r->n; j++)
        n += r->twin[j] == i && r->half[j].unit >= 0;
    f->side = -1;
    TRY(pleats_alloc(a->ctx, (size_t)n, sizeof *f->unit, &f->unit));
    for (pleats_idx j = i; j < r->n; j++) {
        if (r->twin[j] != i)
            continue;
        if (r->half[j].unit < 0)
            f->side = r->half[j].at;
        else if (f->n_units == 0 || f->unit[f->n_units - 1] != r->half[j].unit)
            f->unit[f->n_units++] = r->half[j].unit;
    }
done:
    return status;
}

static pleats_status list_changes(answer *a, pleats_crossing *crossing,
                                  pleats_idx i, pleats_facet *f)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *from = a->place.piece, *to = crossing->piece;
    int32_t n = 0;
    TRY(pleats_cross(crossing, i));
    for (pleats_idx u = 0; u < a->net->n_units; u++)
        n += from[u] != to[u];
    TRY(pleats_alloc(a->ctx, (size_t)n, sizeof *f->change, &f->change));
    for (pleats_idx u = 0; u < a->net->n_units; u++)
        if (from[u] != to[u])
            f->change[f->n_changes++] =
                (pleats_piece_change){u, from[u], to[u]};
done:
    return status;
}

static pleats_status list_facets(answer *a)
{
    pleats_status status = PLEATS_OK;
    pleats_region *r = &a->place.region;
    pleats_local_result *o = a->out;
    pleats_crossing crossing = {0};
    int32_t n = 0;
    TRY(pleats_crossing_init(&crossing, r));
    o->n_halfspaces = r->n;
    for (pleats_idx i = 0; i < r->n; i++) {
        o->proofs[pleats_proof_of(a->place.verdict[i])]++;
        n += pleats_is_facet(a->place.verdict[i]);
    }
    o->exact = o->proofs[PLEATS_PROOF_NONE] == 0;
    TRY(pleats_alloc(a->ctx, (size_t)n, sizeof *o->facet, &o->facet));
    for (pleats_idx i = 0; i < r->n; i++) {
        if (!pleats_is_facet(a->place.verdict[i]))
            continue;
        pleats_facet *f = &o->facet[o->n_facets++];
        f->proof = pleats_proof_of(a->place.verdict[i]);
        f->distance = f->max_distance = -1;
        TRY(list_units(a, i, f));
        if (a->distance && i < r->n_units) {
            f->distance = a->distance[i].euclid;
            f->max_distance = a->distance[i].max_norm;
        }
        if (f->side < 0)
            TRY(list_changes(a, &crossing, i, f));
    }
done:
    pleats_crossing_clear(&crossing);
    return status;
}

static void nearer(double *least, double distance)
{
    if (*least < 0 || distance < *least)
        *least = distance;
}

/* Whether half-space i is the first one of its facet from `first` on. */
static bool is_first(const pleats_region *r, pleats_idx first, pleats_idx i)
{
    for (pleats_idx j = first; j < i; j++)
        if (r->twin[j] == r->twin[i])
            return false;
    return true;
}

static pleats_status list_layers(answer *a)
{
    pleats_status status = PLEATS_OK;
    const pleats_region *r = &a->place.region;
    pleats_local_result *o = a->out;
    pleats_idx i = 0;
    TRY(pleats_alloc(a->ctx, (size_t)a->net->n_steps, sizeof *o->layer,
                     &o->layer));
    o->distance = -1;
    for (pleats_idx step = 0; step < a->net->n_steps; step++) {
        if (pleats_step_is_affine(&a->net->step[step]))
            continue;
        pleats_layer_walls *l = &o->layer[o->n_layers++];
        *l = (pleats_layer_walls){step, 0, -1, -1};
        for (pleats_idx first = i; i < r->n_units && r->half[i].step == step;
             i++) {
            bool facet = pleats_is_facet(a->place.verdict[r->twin[i]]);
            l->facets += facet && is_first(r, first, i);
            if (!a->distance)
                continue;
            nearer(&l->wall_distance, a->distance[i].euclid);
            nearer(&o->distance, a->distance[i].euclid);
            if (facet)
                nearer(&l->facet_distance, a->distance[i].euclid);
        }
    }
done:
    return status;
}

static pleats_status measure_ball(answer *a)
{
    pleats_status status = PLEATS_OK;
    pleats_region *r = pleats_place_here(&a->place);
    pleats_idx wall = -1;
    mpq_t radius;
    mpq_init(radius);
    a->out->ball_unit = -1;
    a->out->ball_below = -1;
    if (!a->distance)
        goto done;
    TRY(pleats_largest_ball(r, &a->place.locality->metric, a->distance, radius,
                            &wall));
    if (wall < 0)
        goto done;
    TRY(pleats_fraction_text(a->ctx, radius, &a->out->ball));
    a->out->ball_unit = r->half[wall].unit;
    a->out->ball_below = pleats_rational_below(radius);
done:
    mpq_clear(radius);
    return status;
}

/* Rounding may leave no ball. */
static pleats_status set_centre(answer *a, const double *s, double radius)
{
    pleats_status status = PLEATS_OK;
    const pleats_coordinates *c = &a->place.region.coordinates;
    pleats_local_result *o = a->out;
    TRY(pleats_alloc(a->ctx, (size_t)c->n_inputs, sizeof *o->centre,
                     &o->centre));
    o->radius = radius;
    TRY(pleats_ball_in_inputs(a->ctx, c, s, o->centre, &o->radius));
    if (o->radius == 0) {
        pleats_release(a->ctx, o->centre);
        o->centre = NULL;
    }
done:
    return status;
}

static pleats_status measure_shape(answer *a)
{
    pleats_status status = PLEATS_OK;
    pleats_boundedness shape;
    double *s = NULL, radius = 0;
    const pleats_locality *l = a->place.locality;
    TRY(pleats_place_boundedness(&a->place, &shape));
    a->out->shape = shape == PLEATS_BOUNDED     ? PLEATS_SHAPE_BOUNDED
                    : shape == PLEATS_UNBOUNDED ? PLEATS_SHAPE_UNBOUNDED
                                                : PLEATS_SHAPE_UNKNOWN;
    if (shape != PLEATS_BOUNDED || !pleats_metric_has_length(&l->metric) ||
        l->frame.k == 0)
        goto done;
    TRY(pleats_alloc(a->ctx, (size_t)l->frame.k, sizeof *s, &s));
    TRY(pleats_chebyshev(&a->place.region, &l->metric, a->place.verdict, s,
                         &radius));
    if (radius > 0)
        TRY(set_centre(a, s, radius));
done:
    pleats_release(a->ctx, s);
    return status;
}

static pleats_status list_vertices(answer *a)
{
    pleats_status status = PLEATS_OK;
    pleats_vertex_list corners = {0};
    pleats_local_result *o = a->out;
    TRY(pleats_vertex_list_init(a->ctx, &corners, a->place.locality,
                                a->place.piece));
    size_t n = (size_t)corners.n * (size_t)corners.n_inputs;
    TRY(pleats_alloc(a->ctx, n, sizeof *o->vertex, &o->vertex));
    o->n_vertices = corners.n;
    o->n_rays = corners.n_rays;
    for (size_t i = 0; i < n; i++)
        TRY(pleats_fraction_text(a->ctx, corners.x[i], &o->vertex[i]));
done:
    pleats_vertex_list_clear(a->ctx, &corners);
    return status;
}

static pleats_status write_map(answer *a)
{
    pleats_status status = PLEATS_OK;
    pleats_local_result *o = a->out;
    size_t n = (size_t)o->n_outputs;
    TRY(pleats_alloc(a->ctx, n * (size_t)o->n_inputs, sizeof *o->a, &o->a));
    TRY(pleats_alloc(a->ctx, n, sizeof *o->b, &o->b));
    TRY(pleats_alloc(a->ctx, n, PLEATS_SLOPE_NORMS * sizeof *o->slope,
                     &o->slope));
    TRY(pleats_affine_map(a->ctx, a->net, a->place.piece, o->a, o->b));
    for (size_t i = 0; i < n; i++)
        pleats_slope_norms(o->a + i * (size_t)o->n_inputs, (size_t)o->n_inputs,
                           o->slope + i * PLEATS_SLOPE_NORMS);
done:
    return status;
}

static pleats_status describe(answer *a, const pleats_local_options *o)
{
    pleats_status status = PLEATS_OK;
    pleats_region *here = pleats_place_here(&a->place);
    const pleats_locality *l = a->place.locality;
    if (l->metric.is_known)
        TRY(pleats_alloc(a->ctx, (size_t)here->n_units + 1, sizeof *a->distance,
                         &a->distance));
    if (a->distance)
        TRY(pleats_distances(here, &l->metric, a->distance));
    TRY(pleats_place_find_facets(a->ctx, &a->place));
    a->out->stopped = pleats_stop_reason(a->ctx);
    pleats_set_ending(a->ctx, a->out->stopped != PLEATS_STOP_NONE);
    TRY(list_facets(a));
    TRY(list_layers(a));
    TRY(measure_ball(a));
    if (!a->out->stopped)
        TRY(measure_shape(a));
    else if (l->frame.bounded)
        a->out->shape = PLEATS_SHAPE_BOUNDED;
    if (o->vertices && !a->out->stopped)
        TRY(list_vertices(a));
    if (o->halfspaces && !a->out->stopped)
        TRY(pleats_halfspace_rows(a->ctx, &a->place, &a->out->halfspace));
    if (o->map)
        TRY(write_map(a));
done:
    return status;
}

static pleats_status take_pattern(answer *a)
{
    pleats_status status = PLEATS_OK;
    pleats_local_result *o = a->out;
    size_t n = (size_t)a->net->n_units;
    o->n_inputs = a->net->n_inputs;
    o->n_outputs = a->net->n_outputs;
    o->n_units = a->net->n_units;
    o->dimension = a->place.locality->frame.k;
    o->on_side = a->place.on_side;
    o->by_bounds = a->place.facts.by_bounds;
    o->by_exact = a->place.facts.by_exact;
    TRY(pleats_alloc(a->ctx, n, sizeof *o->piece, &o->piece));
    if (n)
        memcpy(o->piece, a->place.piece, n * sizeof *o->piece);
done:
    return status;
}

pleats_status pleats_local_write_map(pleats_ctx *ctx,
                                     const pleats_local_result *r,
                                     pleats_output *out)
{
    const int64_t matrix[] = {r->n_outputs, r->n_inputs};
    const pleats_npz_part part[] = {{"A", PLEATS_NPZ_DOUBLE, 2, matrix, r->a},
                                    {"b", PLEATS_NPZ_DOUBLE, 1, matrix, r->b}};
    if (!r->a || !r->b)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the map was not asked for: set options.map");
    return pleats_npz_write(ctx, out, 2, part);
}

pleats_status pleats_local_at(pleats_ctx *ctx, pleats_local *local,
                              const double *x,
                              const pleats_local_options *options,
                              const pleats_limits *limits,
                              pleats_local_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_local_options o;
    pleats_watch watch = {0};
    answer a = {.ctx = ctx, .net = local->locality.net, .out = out};
    *out = (pleats_local_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_place_init(ctx, &a.place, &local->locality, x));
    TRY(take_pattern(&a));
    TRY(describe(&a, &o));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_place_clear(ctx, &a.place);
    pleats_release(ctx, a.distance);
    return status;
}
