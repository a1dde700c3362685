/* All regions in batches.  The count's own workers find them; each fills a
 * batch of its own and hands it to the visitor when it is full. */
#include "local/regions.h"

#include "count/facet.h"
#include "exact/integers.h"
#include "local/map.h"
#include "local/point.h"
#include "local/quantities.h"
#include "local/vertex_list.h"
#include "net/pattern.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef struct {
    pleats_idx n;
    unsigned char *pattern;
    double *point, *a, *b;
    bool *is_inside;
    pleats_idx *piece; /* [n_units] the pattern at a point */
    mpz_t *at;         /* [n_at] a point in the frame's coordinates */
    size_t n_at;
    double *t, *row; /* [n_at] its coordinates; a wall */
    pleats_quantities more;
} batch;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_domain *domain;
    const pleats_regions_task *task;
    size_t pattern_bytes;
    pleats_idx n_batches;
    batch *batch; /* [n_batches] by worker */
    atomic_uint_fast64_t regions;
    atomic_bool is_over; /* the visitor asked for no more */
} visiting;

/* ---- a region's point ---- */

/* A point of the cell, or near it where doubles round it out again. */
static pleats_status find_point(pleats_space *s, pleats_cell *cell, mpz_t *at)
{
    const pleats_idx k = s->frame->k;
    double t[PLEATS_VERTICES_DIMENSION];
    if (s->engine == PLEATS_ENGINE_VERTICES &&
        pleats_middle_of_vertices(&cell->vertices, k, t))
        return pleats_point_set(s->ctx, k, t, at);
    if (s->engine != PLEATS_ENGINE_VERTICES && cell->programme.pool.n > 0)
        return pleats_point_set(s->ctx, k, cell->programme.pool.point, at);
    return pleats_cell_find_inside(s, cell, at);
}

/* x [n_inputs] = the inputs at a point of the frame, rounded. */
static void write_inputs(const pleats_coordinates *c, mpz_t *at, double *x)
{
    const size_t k = (size_t)c->k;
    mpz_t num, den;
    mpz_init(num);
    mpz_init(den);
    mpz_mul(den, c->den, at[k]);
    for (size_t i = 0; i < (size_t)c->n_inputs; i++) {
        mpz_set_ui(num, 0);
        for (size_t j = 0; j <= k; j++)
            mpz_addmul(num, c->num[i * (k + 1) + j], at[j]);
        x[i] = pleats_quotient_to_double(num, den, NULL);
    }
    mpz_clear(num);
    mpz_clear(den);
}

/* Whether rounding bounds show the point b->at of the frame on the inner side
 * of all walls of the cell.  Its coordinates are rounded, which moves the form
 * of a wall by no more than its magnitude times half a DBL_EPSILON. */
static bool is_within_walls(const pleats_space *s, const pleats_cell *cell,
                            batch *b)
{
    const pleats_idx k = s->frame->k;
    double reach = 1;
    bool is_within = true;
    for (pleats_idx j = 0; j < k; j++) {
        b->t[j] = pleats_quotient_to_double(b->at[j], b->at[k], NULL);
        reach = fmax(reach, fabs(b->t[j]));
    }
    for (pleats_idx i = s->frame->m; i < cell->n_walls && is_within; i++) {
        const pleats_bounds bounds =
            pleats_plane_row(&s->forms, s->walls.plane[i], b->row);
        const double value = pleats_row_value(b->row, k, b->t);
        const double off = pleats_round_up(
            reach * (bounds.tolerance + DBL_EPSILON * bounds.magnitude));
        is_within = s->walls.sign[i] * value > off;
    }
    return is_within;
}

/* Whether the doubles x are a point of the region that the space is in, which
 * is what the walls of the cell leave of the frame; where bounds do not tell,
 * the pattern at x does. */
static pleats_status prove_inside(pleats_space *s, const pleats_cell *cell,
                                  batch *b, const double *x, bool *is_inside)
{
    pleats_status status = PLEATS_OK;
    const size_t units = (size_t)s->net->n_units;
    pleats_pattern_facts facts = {0};
    bool found, on_side;
    *is_inside = false;
    for (pleats_idx i = 0; i < s->net->n_inputs; i++)
        if (!isfinite(x[i]))
            return PLEATS_OK;
    TRY(pleats_point_of(s->ctx, s->frame, x, b->at, &found, &on_side));
    if (!found || on_side)
        goto done;
    *is_inside = !s->paranoid && is_within_walls(s, cell, b);
    if (*is_inside)
        goto done;
    TRY(pleats_pattern_at(s->ctx, s->net, &s->frame->coordinates, b->at,
                          b->piece, &facts));
    TRY(pleats_ties_keep_walls(s->ctx, s->net, &s->frame->coordinates, b->piece,
                               &facts));
    *is_inside =
        facts.n_ties == 0 &&
        (!units || memcmp(b->piece, s->piece, units * sizeof *b->piece) == 0);
done:
    pleats_pattern_facts_clear(s->ctx, &facts);
    return status;
}

static pleats_status take_point(visiting *v, batch *b, pleats_space *s,
                                pleats_cell *cell)
{
    pleats_status status = PLEATS_OK;
    double *x = b->point + (size_t)b->n * (size_t)v->net->n_inputs;
    TRY(find_point(s, cell, b->at));
    write_inputs(&s->frame->coordinates, b->at, x);
    TRY(prove_inside(s, cell, b, x, &b->is_inside[b->n]));
done:
    return status;
}

/* ---- batches ---- */

static pleats_status make_batch(visiting *v, const pleats_space *s, batch *b)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = s->ctx;
    const size_t n = (size_t)v->task->batch, in = (size_t)v->net->n_inputs;
    const size_t out = (size_t)v->net->n_outputs;
    const unsigned want = v->task->want;
    if (b->at)
        return PLEATS_OK;
    if (want & PLEATS_REGION_PATTERN)
        TRY(pleats_alloc(ctx, n, v->pattern_bytes, &b->pattern));
    if (want & PLEATS_REGION_POINT) {
        TRY(pleats_alloc(ctx, n, in * sizeof *b->point, &b->point));
        TRY(pleats_alloc(ctx, n, sizeof *b->is_inside, &b->is_inside));
        TRY(pleats_alloc(ctx, (size_t)v->net->n_units + 1, sizeof *b->piece,
                         &b->piece));
    }
    if (want & PLEATS_REGION_MAP) {
        TRY(pleats_alloc(ctx, n, out * in * sizeof *b->a, &b->a));
        TRY(pleats_alloc(ctx, n, out * sizeof *b->b, &b->b));
    }
    if (want & PLEATS_REGION_QUANTITIES)
        TRY(pleats_quantities_init(ctx, &b->more, v->net, v->domain, want, n));
    b->n_at = in + 1; /* no frame has more coordinates than there are inputs */
    TRY(pleats_integers_new(ctx, b->n_at, &b->at));
    TRY(pleats_alloc(ctx, b->n_at, sizeof *b->t, &b->t));
    TRY(pleats_alloc(ctx, b->n_at, sizeof *b->row, &b->row));
done:
    return status;
}

static void clear_batch(pleats_ctx *ctx, batch *b)
{
    pleats_release(ctx, b->pattern);
    pleats_release(ctx, b->point);
    pleats_release(ctx, b->is_inside);
    pleats_release(ctx, b->a);
    pleats_release(ctx, b->b);
    pleats_release(ctx, b->piece);
    pleats_release(ctx, b->t);
    pleats_release(ctx, b->row);
    pleats_quantities_clear(ctx, &b->more);
    pleats_integers_free(ctx, b->at, b->n_at);
}

/* Gives the visitor what there is, unless it asked for no more. */
static void hand_over(visiting *v, pleats_idx worker, batch *b)
{
    const pleats_region_batch full = {
        .n = b->n,
        .worker = worker,
        .n_inputs = v->net->n_inputs,
        .n_outputs = v->net->n_outputs,
        .n_units = v->net->n_units,
        .pattern_bytes = (int32_t)v->pattern_bytes,
        .pattern = b->pattern,
        .point = b->point,
        .is_inside = b->is_inside,
        .a = b->a,
        .b = b->b,
        .volume = b->more.volume,
        .volume_error = b->more.volume_error,
        .exact_volume = (const char *const *)b->more.exact_volume,
        .is_bounded = b->more.is_bounded,
        .standing = b->more.standing,
        .slope = b->more.slope,
        .vertices = (const char *const *)b->more.vertices,
        .neighbours = (const char *const *)b->more.neighbours,
        .facets = (const char *const *)b->more.facets,
        .centre = b->more.centre,
        .radius = b->more.radius};
    if (b->n == 0 || atomic_load(&v->is_over))
        return;
    atomic_fetch_add(&v->regions, (uint_fast64_t)b->n);
    b->n = 0;
    if (!v->task->visit(v->task->state, &full))
        atomic_store(&v->is_over, true);
}

static pleats_status on_region(void *state, pleats_idx worker, pleats_space *s,
                               pleats_cell *cell, bool *stop)
{
    pleats_status status = PLEATS_OK;
    visiting *v = state;
    batch *b = &v->batch[worker];
    const size_t i = (size_t)b->n, in = (size_t)v->net->n_inputs;
    const size_t out = (size_t)v->net->n_outputs;
    TRY(make_batch(v, s, b));
    if (b->pattern) {
        unsigned char *pattern = b->pattern + i * v->pattern_bytes;
        memset(pattern, 0, v->pattern_bytes);
        pleats_pattern_pack(v->net, s->piece, pattern);
    }
    if (b->point)
        TRY(take_point(v, b, s, cell));
    if (b->a)
        TRY(pleats_affine_map(s->ctx, v->net, s->piece, b->a + i * out * in,
                              b->b + i * out));
    if (b->more.net)
        TRY(pleats_quantities_take(&b->more, i, s, cell,
                                   b->a ? b->a + i * out * in : NULL));
    if (++b->n == v->task->batch)
        hand_over(v, worker, b);
    *stop = atomic_load(&v->is_over);
done:
    return status;
}

/* ---- the whole ---- */

/* Cells are held by their vertices where these are asked for. */
static pleats_status choose_engine(const visiting *v, pleats_count_task *count)
{
    pleats_status status = PLEATS_OK;
    if (!(v->task->want & PLEATS_REGION_BY_VERTICES))
        return PLEATS_OK;
    if (count->engine == PLEATS_ENGINE_PROGRAMME)
        TRY(pleats_fail(v->ctx, PLEATS_INVALID,
                        "volumes, facets and whether a region is bounded are "
                        "told from vertices, not by programmes"));
    count->engine = PLEATS_ENGINE_VERTICES;
done:
    return status;
}

static pleats_status run(visiting *v, pleats_tally *found)
{
    pleats_status status = PLEATS_OK;
    const pleats_regions_task *t = v->task;
    pleats_count_task count = {.paranoid = t->paranoid,
                               .engine = t->engine,
                               .limits = t->limits,
                               .outputs = t->want & PLEATS_REGION_CLASS,
                               .part = t->part,
                               .of = t->of,
                               .visit = on_region,
                               .visit_state = v};
    TRY(choose_engine(v, &count));
    if (!t->any_thread)
        count.limits.threads = 1;
    v->n_batches = pleats_watch_threads(&count.limits);
    TRY(pleats_alloc(v->ctx, (size_t)v->n_batches, sizeof *v->batch,
                     &v->batch));
    TRY(pleats_count_regions(v->ctx, v->net, v->domain, &count, found));
    for (pleats_idx i = 0; i < v->n_batches; i++)
        hand_over(v, i, &v->batch[i]);
done:
    return status;
}

pleats_status pleats_regions_visit(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_domain *domain,
                                   const pleats_regions_task *task,
                                   pleats_regions_tally *tally)
{
    visiting v = {.ctx = ctx,
                  .net = net,
                  .domain = domain,
                  .task = task,
                  .pattern_bytes = pleats_pattern_size(net)};
    pleats_tally found = {0};
    atomic_init(&v.regions, 0);
    atomic_init(&v.is_over, false);
    mpz_init(found.regions);
    pleats_status status = run(&v, &found);
    tally->regions = atomic_load(&v.regions);
    tally->complete =
        found.complete && mpz_cmp_ui(found.regions, tally->regions) == 0;
    tally->stopped = found.stopped;
    if (!tally->complete && !tally->stopped)
        tally->stopped = PLEATS_STOP_VISITOR;
    tally->dimension = found.dimension;
    for (pleats_idx i = 0; i < v.n_batches && v.batch; i++)
        clear_batch(ctx, &v.batch[i]);
    pleats_release(ctx, v.batch);
    mpz_clear(found.regions);
    return status;
}
