#include "optimum/slope.h"

#include "base/doubles.h"

#include <float.h>
#include <math.h>
#include <string.h>

pleats_status pleats_slopes_init(pleats_ctx *ctx, pleats_slopes *s,
                                 const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)net->n_scalars;
    *s = (pleats_slopes){.ctx = ctx, .net = net};
    TRY(pleats_alloc(ctx, n, sizeof *s->lo, &s->lo));
    TRY(pleats_alloc(ctx, n, sizeof *s->hi, &s->hi));
    TRY(pleats_alloc(ctx, n, sizeof *s->size, &s->size));
    TRY(pleats_alloc(ctx, n, sizeof *s->n_terms, &s->n_terms));
    TRY(pleats_alloc(ctx, n, sizeof *s->reach, &s->reach));
    TRY(pleats_alloc(ctx, (size_t)net->n_inputs, sizeof *s->sum, &s->sum));
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *s->influence,
                     &s->influence));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net) + 1,
                     sizeof *s->scratch, &s->scratch));
done:
    return status;
}

void pleats_slopes_clear(pleats_slopes *s)
{
    if (!s->ctx)
        return;
    pleats_release(s->ctx, s->lo);
    pleats_release(s->ctx, s->hi);
    pleats_release(s->ctx, s->size);
    pleats_release(s->ctx, s->n_terms);
    pleats_release(s->ctx, s->reach);
    pleats_release(s->ctx, s->sum);
    pleats_release(s->ctx, s->influence);
    pleats_release(s->ctx, s->scratch);
    *s = (pleats_slopes){0};
}

/* ---- the pass from the inputs: how much they move a scalar, roughly ---- */

/* The slopes that a unit's pieces have. */
static void slopes_of(const pleats_step *s, pleats_idx i,
                      const pleats_range *range, double *lo, double *hi)
{
    *lo = s->kind == PLEATS_STEP_PL ? INFINITY : range->n > 1 ? 0 : 1;
    *hi = s->kind == PLEATS_STEP_PL ? -INFINITY : 1;
    for (pleats_idx p = 0; s->kind == PLEATS_STEP_PL && p < range->n; p++) {
        const double slope =
            pleats_step_function(s, i)->slope[range->first + p];
        *lo = slope < *lo ? slope : *lo;
        *hi = slope > *hi ? slope : *hi;
    }
}

static double reach_of_unit(const pleats_slopes *w, const pleats_step *s,
                            pleats_idx i, const pleats_range *range)
{
    double lo, hi, most = 0;
    slopes_of(s, i, range, &lo, &hi);
    if (s->kind == PLEATS_STEP_PL)
        return w->reach[s->in[i]] * fmax(fabs(lo), fabs(hi));
    for (pleats_idx c = s->start[i]; c < s->start[i + 1]; c++)
        most = fmax(most, w->reach[s->in[c]]);
    return most;
}

static void find_reach(pleats_slopes *w, const pleats_range *unit)
{
    for (pleats_idx j = 0; j < w->net->n_inputs; j++)
        w->reach[j] = 1;
    for (pleats_idx k = 0; k < w->net->n_steps; k++) {
        const pleats_step *s = &w->net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++) {
            double *to = &w->reach[s->out + i];
            *to = 0;
            if (!pleats_step_is_affine(s)) {
                *to = reach_of_unit(w, s, i, &unit[s->first_unit + i]);
                continue;
            }
            const pleats_row row = pleats_step_row(s, i, w->scratch);
            for (pleats_idx t = 0; t < row.n; t++)
                if (row.in[t] >= 0)
                    *to += fabs(row.weight[t]) * w->reach[row.in[t]];
            *to /= fabs(row.divisor);
        }
    }
}

/* ---- the pass from a goal: its derivatives by scalars, in intervals ---- */

/* Adds what lies in [lo, hi] and was rounded twice. */
static void add(pleats_slopes *w, pleats_idx scalar, double lo, double hi)
{
    w->lo[scalar] += lo;
    w->hi[scalar] += hi;
    w->size[scalar] += fmax(fabs(lo), fabs(hi));
    w->n_terms[scalar]++;
}

/* Widens a sum by what its roundings can be, when all was added. */
static void settle(pleats_slopes *w, pleats_idx scalar)
{
    if (w->n_terms[scalar] == 0)
        return;
    const double error = pleats_round_up(pleats_gamma(w->n_terms[scalar] + 3) *
                                         pleats_round_up(w->size[scalar]));
    w->lo[scalar] -= error;
    w->hi[scalar] += error;
    w->n_terms[scalar] = 0;
    if (isfinite(w->lo[scalar]) && isfinite(w->hi[scalar]))
        return;
    w->lo[scalar] = -INFINITY;
    w->hi[scalar] = INFINITY;
}

/* Adds the product with a factor in [least, most] of the derivative by `out`.
 */
static void add_product(pleats_slopes *w, pleats_idx scalar, pleats_idx out,
                        double least, double most)
{
    const double a = w->lo[out], b = w->hi[out];
    if (!isfinite(a)) {
        if (least != 0 || most != 0)
            add(w, scalar, -INFINITY, INFINITY);
        return;
    }
    const double corner[] = {a * least, a * most, b * least, b * most};
    double lo = corner[0], hi = corner[0];
    for (int i = 1; i < 4; i++) {
        lo = fmin(lo, corner[i]);
        hi = fmax(hi, corner[i]);
    }
    add(w, scalar, lo, hi);
}

static void go_back_row(pleats_slopes *w, const pleats_step *s, pleats_idx i)
{
    const pleats_row row = pleats_step_row(s, i, w->scratch);
    for (pleats_idx t = 0; t < row.n; t++) {
        if (row.in[t] < 0 || row.weight[t] == 0)
            continue;
        /* A quotient is off by one rounding more, which settle covers, or below
         * the normal numbers by as much as the least double. */
        const double factor = row.weight[t] / row.divisor;
        const double off = fabs(factor) < DBL_MIN ? 0x1p-1074 : 0;
        add_product(w, row.in[t], s->out + i, factor - off, factor + off);
    }
}

static void go_back_unit(pleats_slopes *w, const pleats_step *s, pleats_idx i,
                         const pleats_range *range)
{
    const pleats_idx out = s->out + i, unit = s->first_unit + i;
    double lo, hi, most = 0;
    slopes_of(s, i, range, &lo, &hi);
    for (pleats_idx c = 0; c < s->n_in; c++) {
        const bool is_pl = s->kind == PLEATS_STEP_PL;
        if (is_pl ? c != i : c < s->start[i] || c >= s->start[i + 1])
            continue;
        most = fmax(most, w->reach[s->in[c]]);
        if (is_pl || range->n > 1 || c == s->start[i] + range->first)
            add_product(w, s->in[c], out, lo, hi);
    }
    w->influence[unit] =
        fmax(w->influence[unit],
             (hi - lo) * most * fmax(fabs(w->lo[out]), fabs(w->hi[out])));
}

static void go_back(pleats_slopes *w, pleats_idx goal, const pleats_range *unit)
{
    const size_t n = (size_t)w->net->n_scalars;
    memset(w->lo, 0, n * sizeof *w->lo);
    memset(w->hi, 0, n * sizeof *w->hi);
    memset(w->size, 0, n * sizeof *w->size);
    memset(w->n_terms, 0, n * sizeof *w->n_terms);
    w->lo[goal] = w->hi[goal] = 1;
    for (pleats_idx k = w->net->n_steps - 1; k >= 0; k--) {
        const pleats_step *s = &w->net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++) {
            settle(w, s->out + i);
            if (w->lo[s->out + i] == 0 && w->hi[s->out + i] == 0)
                continue;
            if (pleats_step_is_affine(s))
                go_back_row(w, s, i);
            else
                go_back_unit(w, s, i, &unit[s->first_unit + i]);
        }
    }
    for (pleats_idx j = 0; j < w->net->n_inputs; j++)
        settle(w, j);
}

/* Whether an input moves on the frame. */
static bool moves(const pleats_frame *f, pleats_idx input)
{
    mpz_t *row = f->coordinates.num + (size_t)input * ((size_t)f->k + 1);
    for (pleats_idx j = 0; j < f->k; j++)
        if (mpz_sgn(row[j]) != 0)
            return true;
    return false;
}

/* Adds up the goal's derivatives as the norm does, in w->sum for columns. */
static double norm_of(pleats_slopes *w, const pleats_frame *frame,
                      pleats_slope_norm norm)
{
    double sum = 0;
    for (pleats_idx j = 0; j < w->net->n_inputs; j++) {
        const double most =
            moves(frame, j) ? pleats_larger(fabs(w->lo[j]), fabs(w->hi[j])) : 0;
        w->sum[j] += most;
        sum += norm == PLEATS_SLOPE_2 ? most * most : most;
    }
    return sum;
}

pleats_status pleats_slopes_bound(pleats_slopes *w, const pleats_goals *goals,
                                  const pleats_site *site,
                                  pleats_slope_norm norm,
                                  const pleats_range *unit, double *most)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = w->net->n_inputs;
    *most = 0;
    memset(w->influence, 0, (size_t)w->net->n_units * sizeof *w->influence);
    memset(w->sum, 0, (size_t)n * sizeof *w->sum);
    find_reach(w, unit);
    for (pleats_idx i = 0; i < goals->n; i++) {
        TRY(pleats_check_stop(w->ctx));
        go_back(w, goals->scalar[i], unit);
        const double sum = norm_of(w, &site->frame, norm);
        if (norm != PLEATS_SLOPE_1)
            *most = pleats_larger(*most, sum);
    }
    for (pleats_idx j = 0; norm == PLEATS_SLOPE_1 && j < n; j++)
        *most = pleats_larger(*most, w->sum[j]);
    *most = pleats_round_up(*most);
done:
    return status;
}
