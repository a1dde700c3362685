#include "local/quantities.h"

#include "base/doubles.h"
#include "exact/rational.h"
#include "local/map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static pleats_status make_arrays(pleats_ctx *ctx, pleats_quantities *q)
{
    pleats_status status = PLEATS_OK;
    const size_t in = (size_t)q->net->n_inputs;
    const size_t out = (size_t)q->net->n_outputs;
    if (q->want & PLEATS_REGION_VOLUME) {
        TRY(pleats_alloc(ctx, q->n, sizeof *q->volume, &q->volume));
        TRY(pleats_alloc(ctx, q->n, sizeof *q->volume_error, &q->volume_error));
    }
    if (q->want & PLEATS_REGION_EXACT_VOLUME)
        TRY(pleats_alloc(ctx, q->n, sizeof *q->exact_volume, &q->exact_volume));
    if (q->want & PLEATS_REGION_BOUNDED)
        TRY(pleats_alloc(ctx, q->n, sizeof *q->is_bounded, &q->is_bounded));
    if (q->want & PLEATS_REGION_CLASS) {
        TRY(pleats_classes_init(ctx, &q->classes, q->net));
        TRY(pleats_alloc(ctx, q->n, (size_t)q->classes.n, &q->standing));
    }
    if (q->want & PLEATS_REGION_SLOPE) {
        TRY(pleats_alloc(ctx, q->n, out * PLEATS_SLOPE_NORMS * sizeof *q->slope,
                         &q->slope));
        TRY(pleats_alloc(ctx, out * in, sizeof *q->a, &q->a));
        TRY(pleats_alloc(ctx, out, sizeof *q->b, &q->b));
    }
done:
    return status;
}

pleats_status pleats_quantities_init(pleats_ctx *ctx, pleats_quantities *q,
                                     const pleats_net *net,
                                     const pleats_domain *domain,
                                     const pleats_frame *frame, unsigned want,
                                     size_t n)
{
    pleats_status status = PLEATS_OK;
    *q = (pleats_quantities){.net = net, .want = want, .n = n};
    mpq_init(q->exact);
    if (want & (PLEATS_REGION_VOLUME | PLEATS_REGION_EXACT_VOLUME)) {
        q->has_measure = true;
        TRY(pleats_measure_init(ctx, &q->measure, domain, frame));
    }
    TRY(make_arrays(ctx, q));
done:
    return status;
}

void pleats_quantities_clear(pleats_ctx *ctx, pleats_quantities *q)
{
    if (!q->net)
        return;
    mpq_clear(q->exact);
    if (q->has_measure)
        pleats_measure_clear(&q->measure);
    pleats_volume_clear(ctx, &q->room);
    pleats_classes_clear(ctx, &q->classes);
    for (size_t i = 0; i < q->n && q->exact_volume; i++)
        pleats_release(ctx, q->exact_volume[i]);
    pleats_release(ctx, q->exact_volume);
    pleats_release(ctx, q->volume);
    pleats_release(ctx, q->volume_error);
    pleats_release(ctx, q->slope);
    pleats_release(ctx, q->is_bounded);
    pleats_release(ctx, q->standing);
    pleats_release(ctx, q->a);
    pleats_release(ctx, q->b);
    *q = (pleats_quantities){0};
}

/* The fraction in full; NULL of an unbounded cell. */
static pleats_status take_exact(pleats_quantities *q, size_t i, pleats_space *s,
                                pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    bool is_bounded = false;
    pleats_release(s->ctx, q->exact_volume[i]);
    q->exact_volume[i] = NULL;
    TRY(pleats_measure_exact(&q->measure, s, cell, &q->room, q->exact,
                             &is_bounded));
    if (is_bounded)
        TRY(pleats_fraction_text(s->ctx, q->exact, &q->exact_volume[i]));
done:
    return status;
}

static void take_norms(const double *row, size_t n, double *norm)
{
    norm[0] = norm[2] = 0;
    for (size_t j = 0; j < n; j++) {
        norm[0] += fabs(row[j]);
        norm[2] = pleats_larger(norm[2], fabs(row[j]));
    }
    norm[1] = pleats_length(row, n);
}

static pleats_status take_slope(pleats_quantities *q, size_t i,
                                const pleats_space *s, const double *a)
{
    pleats_status status = PLEATS_OK;
    const size_t in = (size_t)q->net->n_inputs;
    const size_t out = (size_t)q->net->n_outputs;
    if (!a)
        TRY(pleats_affine_map(s->ctx, q->net, s->piece, q->a, q->b));
    for (size_t o = 0; o < out; o++)
        take_norms((a ? a : q->a) + o * in, in,
                   q->slope + (i * out + o) * PLEATS_SLOPE_NORMS);
done:
    return status;
}

pleats_status pleats_quantities_take(pleats_quantities *q, size_t i,
                                     pleats_space *s, pleats_cell *cell,
                                     const double *a)
{
    pleats_status status = PLEATS_OK;
    if (q->volume) {
        pleats_enclosed volume;
        TRY(pleats_measure_enclose(&q->measure, s, &cell->vertices, &q->room, 0,
                                   &volume));
        q->volume[i] = volume.value;
        q->volume_error[i] = volume.error;
    }
    if (q->exact_volume)
        TRY(take_exact(q, i, s, &cell->vertices));
    if (q->is_bounded)
        TRY(pleats_volume_is_bounded(s, &cell->vertices, &q->is_bounded[i]));
    if (q->slope)
        TRY(take_slope(q, i, s, a));
    if (q->standing) {
        TRY(pleats_classes_find(&q->classes, s, cell, NULL, NULL));
        memcpy(q->standing + i * (size_t)q->classes.n, q->classes.standing,
               (size_t)q->classes.n);
    }
done:
    return status;
}
