#include "sample/hulls.h"

#include "base/doubles.h"
#include "base/rng.h"

#include <math.h>

/* Exact arithmetic on so many terms for one hull. */
static const int64_t MOST_EXACT_TERMS = (int64_t)1 << 22;

/* ---- directions ---- */

static double dot(const double *a, const double *b, pleats_idx n)
{
    double sum = 0;
    for (pleats_idx i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void draw(pleats_rng *rng, double *x, pleats_idx n)
{
    for (pleats_idx i = 0; i < n; i++)
        x[i] = pleats_rng_normal(rng);
}

/* Takes the parts along the j vectors before it out of vector j, twice, so that
 * none is left but rounding, and makes it as long as 1; false: nothing was
 * left. */
static bool make_orthonormal(double *all, pleats_idx j, pleats_idx n)
{
    double *x = all + (size_t)j * (size_t)n;
    const double before = sqrt(dot(x, x, n));
    for (int times = 0; times < 2; times++)
        for (pleats_idx i = 0; i < j; i++) {
            const double *y = all + (size_t)i * (size_t)n;
            const double part = dot(x, y, n);
            for (pleats_idx c = 0; c < n; c++)
                x[c] -= part * y[c];
        }
    const double length = sqrt(dot(x, x, n));
    if (!(length > 0x1p-20 * before))
        return false;
    for (pleats_idx c = 0; c < n; c++)
        x[c] /= length;
    return true;
}

pleats_status pleats_hulls_sides(pleats_ctx *ctx, uint64_t seed, double length,
                                 pleats_idx k, pleats_idx n, double *side)
{
    pleats_status status = PLEATS_OK;
    pleats_rng rng;
    pleats_rng_init(&rng, seed);
    for (pleats_idx j = 0; j < k; j++) {
        TRY(pleats_check_work(ctx, (size_t)j * (size_t)n));
        do
            draw(&rng, side + (size_t)j * (size_t)n, n);
        while (!make_orthonormal(side, j, n));
    }
    for (size_t i = 0; i < (size_t)k * (size_t)n; i++)
        side[i] *= length;
done:
    return status;
}

/* ---- what all hulls share ---- */

/* A vertex is a sum that is rounded once. */
static void bound_inputs(const pleats_hulls *h, size_t n_rows,
                         const double *row, double *magnitude, double *error)
{
    const size_t n = (size_t)h->net->n_inputs;
    for (size_t i = 0; i < n; i++) {
        double reach = 0, most = 0;
        for (size_t j = 0; j < (size_t)h->k; j++)
            reach = fmax(reach, fabs(h->side[j * n + i]));
        for (size_t r = 0; r < n_rows; r++)
            most = fmax(most, fabs(row[r * n + i]));
        error[i] = reach > 0 ? pleats_round_up(0x1p-53 * (most + reach)) : 0;
        magnitude[i] = most + reach;
        if (reach > 0)
            magnitude[i] = pleats_round_up(magnitude[i]) + error[i];
    }
}

static pleats_status find_affine(pleats_ctx *ctx, pleats_hulls *h)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = h->net;
    bool *depends = NULL; /* on a unit */
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *depends, &depends));
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        bool any = false;
        for (pleats_idx j = 0; j < s->n_in; j++)
            any = any || (s->in[j] >= 0 && depends[s->in[j]]);
        for (pleats_idx i = 0; i < s->n_out; i++) {
            depends[s->out + i] = any || !pleats_step_is_affine(s);
            if (!pleats_step_is_affine(s))
                h->is_affine[s->first_unit + i] = !any;
        }
    }
done:
    pleats_release(ctx, depends);
    return status;
}

pleats_status pleats_hulls_init(pleats_ctx *ctx, pleats_hulls *h,
                                const pleats_net *net, pleats_idx k,
                                const double *side, size_t n_rows,
                                const double *row)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)net->n_inputs;
    double *magnitude = NULL, *error = NULL;
    *h = (pleats_hulls){.net = net, .k = k, .side = side};
    const int64_t exact = MOST_EXACT_TERMS / pleats_net_terms(net);
    const int64_t most = 2 * (int64_t)k;
    h->n_exact = (pleats_idx)(exact < most ? exact : most);
    TRY(pleats_alloc(ctx, n, sizeof *magnitude, &magnitude));
    TRY(pleats_alloc(ctx, n, sizeof *error, &error));
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *h->is_affine,
                     &h->is_affine));
    TRY(find_affine(ctx, h));
    bound_inputs(h, n_rows, row, magnitude, error);
    TRY(pleats_pass_init(ctx, &h->pass, net, magnitude, error));
done:
    pleats_release(ctx, magnitude);
    pleats_release(ctx, error);
    return status;
}

void pleats_hulls_clear(pleats_ctx *ctx, pleats_hulls *h)
{
    pleats_pass_clear(ctx, &h->pass);
    pleats_release(ctx, h->is_affine);
    *h = (pleats_hulls){0};
}

/* ---- one hull ---- */

pleats_status pleats_hull_init(pleats_ctx *ctx, pleats_hull *h,
                               const pleats_hulls *hulls)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)hulls->net->n_units;
    *h = (pleats_hull){0};
    TRY(pleats_lanes_init(ctx, &h->lanes, &hulls->pass));
    TRY(pleats_seen_init(ctx, &h->seen, hulls->net));
    TRY(pleats_alloc(ctx, n, sizeof *h->is_unsure, &h->is_unsure));
    TRY(pleats_alloc(ctx, n, sizeof *h->is_near, &h->is_near));
    TRY(pleats_alloc(ctx, n, sizeof *h->changes, &h->changes));
    TRY(pleats_alloc(ctx, n, sizeof *h->may_change, &h->may_change));
    TRY(pleats_alloc(ctx, n, sizeof *h->cut_changes, &h->cut_changes));
    TRY(pleats_alloc(ctx, n, sizeof *h->piece, &h->piece));
done:
    return status;
}

void pleats_hull_clear(pleats_ctx *ctx, pleats_hull *h)
{
    pleats_lanes_clear(ctx, &h->lanes);
    pleats_seen_clear(ctx, &h->seen);
    pleats_release(ctx, h->is_unsure);
    pleats_release(ctx, h->is_near);
    pleats_release(ctx, h->changes);
    pleats_release(ctx, h->may_change);
    pleats_release(ctx, h->cut_changes);
    pleats_release(ctx, h->piece);
    *h = (pleats_hull){0};
}

static pleats_status find_ranges(pleats_ctx *ctx, const pleats_hulls *hulls,
                                 const double *point, pleats_hull *h)
{
    pleats_status status = PLEATS_OK;
    const pleats_cross cross = {hulls->k, hulls->net->n_inputs, point,
                                hulls->side};
    pleats_ranges ranges = {0};
    TRY(pleats_ranges_on_cross(ctx, hulls->net, &cross, &ranges));
    for (pleats_idx u = 0; u < hulls->net->n_units; u++)
        h->may_change[u] = ranges.unit[u].n != 1;
done:
    pleats_ranges_clear(ctx, &ranges);
    return status;
}

/* Vertices v = 0 .. 2 k - 1: the first k are point + side_v, the others point -
 * side_(v - k). */
static const double *side_of(const pleats_hulls *h, pleats_idx v, double *sign)
{
    *sign = v < h->k ? 1 : -1;
    return h->side + (size_t)(v % h->k) * (size_t)h->net->n_inputs;
}

/* Vertices first .. first + n - 1, n <= PLEATS_LANES. */
static pleats_status take_vertices(pleats_ctx *ctx, const pleats_hulls *hulls,
                                   const double *point, pleats_idx first, int n,
                                   pleats_hull *h)
{
    pleats_status status = PLEATS_OK;
    double sign;
    for (int l = 0; l < PLEATS_LANES; l++) {
        const double *side = side_of(hulls, first + (l < n ? l : 0), &sign);
        for (pleats_idx i = 0; i < hulls->net->n_inputs; i++)
            pleats_lanes_at(h->lanes.value, i)[l] = point[i] + sign * side[i];
    }
    pleats_pass_run(&hulls->pass, &h->lanes);
    for (int l = 0; l < n; l++) {
        const double *side = side_of(hulls, first + l, &sign);
        TRY(pleats_check_stop(ctx));
        TRY(pleats_hull_take_vertex(ctx, hulls, h, point, side, sign, l));
    }
done:
    return status;
}

pleats_status pleats_hull_look(pleats_ctx *ctx, const pleats_hulls *hulls,
                               const double *point, pleats_hull *h)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = hulls->net->n_units, vertices = 2 * hulls->k;
    TRY(find_ranges(ctx, hulls, point, h));
    pleats_seen_forget(&h->seen);
    h->n_exact = 0;
    for (pleats_idx u = 0; u < n; u++)
        h->is_unsure[u] = false;
    for (pleats_idx v = 0; v < vertices; v += PLEATS_LANES) {
        const pleats_idx left = vertices - v;
        TRY(take_vertices(ctx, hulls, point, v,
                          left < PLEATS_LANES ? left : PLEATS_LANES, h));
    }
    for (pleats_idx u = 0; u < n; u++) {
        h->changes[u] = pleats_seen_changes(&h->seen, u);
        if (hulls->is_affine[u] && !h->is_unsure[u])
            h->may_change[u] = h->changes[u];
        if (h->changes[u] && !h->may_change[u])
            TRY(pleats_fail(ctx, PLEATS_INTERNAL,
                            "unit %d changes where bounds say it does not", u));
    }
done:
    return status;
}
