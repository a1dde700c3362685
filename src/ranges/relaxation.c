#include "ranges/relaxation.h"

#include "base/doubles.h"
#include "base/perturb.h"

#include <math.h>
#include <string.h>

/* Entries of the programme, and how often one of them may be written before no
 * more questions are asked: one to two seconds. */
static const double ENTRIES_MOST = 0x1p18, WORK_MOST = 0x1p32;

typedef struct {
    double centre, radius;
} ball;

/* The centre is any number; the radius covers what rounding did to it. */
static ball ball_around(pleats_interval x)
{
    if (!isfinite(x.lo) || !isfinite(x.hi))
        return (ball){0, INFINITY};
    if (x.lo == x.hi)
        return (ball){x.lo, 0};
    double centre = x.lo / 2 + x.hi / 2;
    double radius = fmax(x.hi - centre, centre - x.lo);
    return (ball){centre, nextafter(radius, INFINITY)};
}

static double *entry_of(pleats_relaxation *r, pleats_idx scalar)
{
    return r->forms.entry + (size_t)scalar * r->forms.stride;
}

/* A double not below a + b, for a, b >= 0. */
static double sum_above(double a, double b)
{
    return b == 0 ? a : nextafter(a + b, INFINITY);
}

/* Adds radius * t to a form, t being a new coordinate; without one, or for a
 * radius that is none, it goes into the error. */
static void spread(pleats_relaxation *r, pleats_idx scalar, double radius)
{
    pleats_forms *f = &r->forms;
    double error = f->error[scalar], magnitude = f->magnitude[scalar];
    bool has_room = r->n_used < f->k && isfinite(radius);
    if (radius == 0)
        return;
    if (has_room) {
        r->coordinate[scalar] = r->n_used;
        entry_of(r, scalar)[r->n_used++] = radius;
        magnitude = sum_above(magnitude, radius);
    } else {
        error = sum_above(error, radius);
    }
    pleats_forms_set_bounds(f, scalar, error, magnitude);
}

static void set_input(pleats_relaxation *r, pleats_idx j, pleats_interval x,
                      bool is_moving)
{
    ball b = ball_around(x);
    entry_of(r, j)[r->forms.k] = b.centre;
    pleats_forms_set_bounds(&r->forms, j, is_moving ? 0 : b.radius,
                            fabs(b.centre));
    if (is_moving)
        spread(r, j, b.radius);
}

/* Room for k coordinates, and forms that are all unset. */
static pleats_status make_room(pleats_ctx *ctx, pleats_relaxation *r,
                               const pleats_net *net, pleats_idx k,
                               bool has_programme)
{
    pleats_status status = PLEATS_OK;
    const pleats_coordinates none = {.n_inputs = 0, .k = k};
    size_t width = (size_t)k + 1;
    *r = (pleats_relaxation){
        .ctx = ctx, .net = *net, .has_programme = has_programme && k > 0};
    r->net.n_scalars++;
    r->net.n_inputs = 0;
    TRY(pleats_forms_init(ctx, &r->forms, &r->net, &none));
    TRY(pleats_alloc(ctx, (size_t)r->net.n_scalars, sizeof *r->coordinate,
                     &r->coordinate));
    TRY(pleats_alloc(ctx, width, sizeof *r->objective, &r->objective));
    TRY(pleats_alloc(ctx, width, sizeof *r->sum, &r->sum));
    TRY(pleats_alloc(ctx, width, sizeof *r->boxed, &r->boxed));
    for (pleats_idx j = 0; j < k; j++)
        r->boxed[j] = true;
    if (r->has_programme)
        TRY(pleats_lp_init(ctx, &r->lp, k, r->boxed));
done:
    return status;
}

pleats_status pleats_relaxation_init(pleats_ctx *ctx, pleats_relaxation *r,
                                     const pleats_net *net,
                                     const pleats_interval *scalar,
                                     const bool *is_moving, pleats_idx k,
                                     bool has_programme)
{
    pleats_status status = PLEATS_OK;
    TRY(make_room(ctx, r, net, k, has_programme));
    for (pleats_idx j = 0; j < net->n_inputs; j++)
        set_input(r, j, scalar[j], is_moving[j]);
done:
    return status;
}

/* A scalar's form becomes a . (t, 1), off by at most `error`, at
 * t_j = c_j + r_j s_j: products a_j r_j, and a sum of part->k + 1 terms;
 * |s_j| <= 1 and |t_j| <= 1. */
static void set_within(pleats_relaxation *r, pleats_idx scalar,
                       const pleats_box_part *part, const double *a,
                       double error)
{
    double *to = entry_of(r, scalar), at = a[part->k];
    double size = fabs(at), sum = 0;
    for (pleats_idx c = 0; c <= r->forms.k; c++)
        to[c] = 0;
    for (pleats_idx j = 0; j < part->k; j++) {
        const ball b = ball_around((pleats_interval){part->lo[j], part->hi[j]});
        to[j] = a[j] * b.radius;
        at += a[j] * b.centre;
        size += fabs(a[j]) * (fabs(b.centre) + b.radius);
        sum += fabs(to[j]);
    }
    to[r->forms.k] = at;
    if (size != 0)
        error += pleats_gamma(part->k + 4) * pleats_round_up(size);
    pleats_forms_set_bounds(&r->forms, scalar,
                            error == 0 ? 0 : pleats_round_up(error),
                            size == 0 ? 0 : pleats_round_up(sum + fabs(at)));
}

pleats_status pleats_relaxation_init_within(pleats_ctx *ctx,
                                            pleats_relaxation *r,
                                            const pleats_net *net,
                                            const pleats_forms *inputs,
                                            const pleats_box_part *part,
                                            pleats_idx k, bool has_programme)
{
    pleats_status status = PLEATS_OK;
    TRY(make_room(ctx, r, net, k, has_programme));
    for (pleats_idx i = 0; i < net->n_inputs; i++)
        set_within(r, i, part, pleats_forms_entry(inputs, i), inputs->error[i]);
    r->n_used = part->k;
done:
    return status;
}

/* Centre and sides are the form's entries, so that it is exact. */
pleats_status pleats_relaxation_init_cross(pleats_ctx *ctx,
                                           pleats_relaxation *r,
                                           const pleats_net *net,
                                           const pleats_cross *cross,
                                           pleats_idx k)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)cross->n_inputs;
    TRY(make_room(ctx, r, net, k, false));
    for (pleats_idx i = 0; i < cross->n_inputs; i++) {
        double *to = entry_of(r, i), size = fabs(cross->centre[i]);
        for (pleats_idx j = 0; j < cross->k; j++) {
            to[j] = cross->side[(size_t)j * n + (size_t)i];
            size = sum_above(size, fabs(to[j]));
        }
        to[r->forms.k] = cross->centre[i];
        pleats_forms_set_bounds(&r->forms, i, 0, size);
    }
    r->n_used = r->n_cross = cross->k;
done:
    return status;
}

void pleats_relaxation_clear(pleats_relaxation *r)
{
    if (!r->ctx)
        return;
    pleats_forms_clear(r->ctx, &r->forms);
    pleats_lp_clear(r->ctx, &r->lp);
    pleats_release(r->ctx, r->coordinate);
    pleats_release(r->ctx, r->objective);
    pleats_release(r->ctx, r->sum);
    pleats_release(r->ctx, r->boxed);
    pleats_release(r->ctx, r->row);
    pleats_release(r->ctx, r->error);
    pleats_release(r->ctx, r->magnitude);
    pleats_release(r->ctx, r->multiplier);
    *r = (pleats_relaxation){0};
}

/* The form of bias + sum_j weight_j in_j becomes that of scalar `out`. */
static void combine(pleats_relaxation *r, pleats_idx n, pleats_idx *in,
                    double *weight, double bias, pleats_idx out)
{
    pleats_idx start[] = {0, n};
    const pleats_step row = {.kind = PLEATS_STEP_SPARSE,
                             .n_in = n,
                             .in = in,
                             .out = out,
                             .n_out = 1,
                             .weight = weight,
                             .bias = &bias,
                             .start = start};
    pleats_forms_run_row(&r->forms, &row, 0);
}

static pleats_idx spare(const pleats_relaxation *r)
{
    return r->net.n_scalars - 1;
}

/* An upper bound of form . (t, 1) + error on the box, of a cross-polytope at a
 * vertex; infinite when that is not known. */
static double most_on_box(const pleats_relaxation *r, const double *form,
                          double error)
{
    const pleats_idx k = r->forms.k;
    double reach = 0;
    for (pleats_idx j = 0; j < r->n_cross; j++)
        reach = pleats_larger(reach, fabs(form[j]));
    reach += error;
    for (pleats_idx j = r->n_cross; j < k; j++)
        reach += fabs(form[j]);
    if (reach == 0)
        return form[k];
    reach += pleats_gamma(k + 6) * reach;
    double most = nextafter(form[k] + reach, INFINITY);
    return isfinite(most) ? most : INFINITY;
}

/* The objective, sign times the form of a scalar, without the programme. */
static double most_of_form(pleats_relaxation *r, pleats_idx scalar, double sign)
{
    const double *form = pleats_forms_entry(&r->forms, scalar);
    for (pleats_idx j = 0; j <= r->forms.k; j++)
        r->objective[j] = sign * form[j];
    return most_on_box(r, r->objective, r->forms.error[scalar]);
}

pleats_interval pleats_relaxation_bounds(pleats_relaxation *r,
                                         pleats_idx scalar)
{
    double hi = most_of_form(r, scalar, 1);
    return (pleats_interval){-most_of_form(r, scalar, -1), hi};
}

/* The bound that the programme's multipliers prove for the objective, whose
 * error and magnitude are those of the scalar. */
static double most_by_multipliers(pleats_relaxation *r, pleats_idx scalar,
                                  double scale)
{
    size_t width = (size_t)r->forms.k + 1;
    double error = r->forms.error[scalar], size = r->forms.magnitude[scalar];
    pleats_idx terms = 0;
    pleats_lp_multipliers(&r->lp, r->multiplier);
    for (size_t c = 0; c < width; c++)
        r->sum[c] = r->objective[c];
    for (pleats_idx i = 0; i < r->lp.m; i++) {
        double y = r->multiplier[i] * scale;
        const double *row = r->row + (size_t)i * width;
        if (!(y > 0))
            continue;
        for (size_t c = 0; c < width; c++)
            r->sum[c] += y * row[c];
        error += y * r->error[i];
        size += y * r->magnitude[i];
        terms++;
    }
    return most_on_box(r, r->sum,
                       pleats_round_up(error + pleats_gamma(terms + 2) * size));
}

/* The power of two that brings a magnitude to about 1. */
static int exponent_of(double magnitude)
{
    int exponent = 0;
    (void)frexp(magnitude, &exponent);
    return exponent;
}

/* Counts what a call did that left the programme with more pivots: each writes
 * all entries, and up to k variables may have changed their bound, for each of
 * which k columns were looked at. */
static void count_work(pleats_relaxation *r, pleats_idx pivots_before)
{
    double width = (double)r->forms.k + 1;
    double entries = ((double)r->lp.m + 1) * width;
    r->work += entries * (r->lp.n_pivots - pivots_before) + width * width;
}

/* The same as most_of_form with the programme's help. */
static double most_of_programme(pleats_relaxation *r, pleats_idx scalar,
                                double sign)
{
    double most = most_of_form(r, scalar, sign);
    double magnitude = r->forms.magnitude[scalar];
    pleats_idx pivots = r->lp.n_pivots;
    if (!isfinite(most) || magnitude == 0)
        return most;
    int exponent = exponent_of(magnitude);
    for (pleats_idx j = 0; j <= r->forms.k; j++)
        r->sum[j] = ldexp(r->objective[j], -exponent);
    (void)pleats_lp_maximize(&r->lp, r->sum, INFINITY);
    count_work(r, pivots);
    return fmin(most, most_by_multipliers(r, scalar, ldexp(1, exponent)));
}

pleats_status pleats_relaxation_solve(pleats_relaxation *r, pleats_idx scalar,
                                      pleats_interval *out)
{
    pleats_status status = PLEATS_OK;
    *out = pleats_relaxation_bounds(r, scalar);
    if (!r->has_programme || r->lp.m == 0 || r->work > WORK_MOST)
        return PLEATS_OK;
    TRY(pleats_check_stop(r->ctx));
    out->hi = most_of_programme(r, scalar, 1);
    out->lo = -most_of_programme(r, scalar, -1);
done:
    return status;
}

pleats_status pleats_relaxation_compare(pleats_relaxation *r, pleats_idx a,
                                        pleats_idx b, bool with_programme,
                                        pleats_interval *out)
{
    pleats_idx in[] = {a, b};
    double weight[] = {1, -1};
    if (a == b) {
        *out = (pleats_interval){0, 0};
        return PLEATS_OK;
    }
    combine(r, 2, in, weight, 0, spare(r));
    if (with_programme)
        return pleats_relaxation_solve(r, spare(r), out);
    *out = pleats_relaxation_bounds(r, spare(r));
    return PLEATS_OK;
}

/* out = slope * in + what lies in `rest`. */
static void relax(pleats_relaxation *r, pleats_idx in, double slope,
                  pleats_interval rest, bool is_stable, pleats_idx out)
{
    pleats_perturb_interval(out, &rest.lo, &rest.hi);
    ball b = ball_around(rest);
    combine(r, slope != 0, &in, &slope, b.centre, out);
    r->coordinate[out] = -1;
    if (is_stable)
        pleats_forms_set_bounds(&r->forms, out,
                                sum_above(r->forms.error[out], b.radius),
                                r->forms.magnitude[out]);
    else
        spread(r, out, b.radius);
}

/* Any slope would do; the chord's keeps the rest small. */
void pleats_relaxation_add_pl(pleats_relaxation *r, const pleats_step *s,
                              pleats_idx i, const pleats_range *range)
{
    const pleats_pl *f = pleats_step_function(s, i);
    pleats_interval x = {range->lo, range->hi};
    pleats_idx last = range->first + range->n - 1;
    double slope = f->slope[range->first];
    if (range->n > 1)
        slope = (f->slope[last] * x.hi + f->intercept[last] -
                 (slope * x.lo + f->intercept[range->first])) /
                (x.hi - x.lo);
    if (!isfinite(slope))
        slope = 0;
    relax(r, s->in[i], slope, pleats_interval_of_pieces(f, range, x, slope),
          range->n == 1, s->out + i);
}

void pleats_relaxation_add_max(pleats_relaxation *r, const pleats_step *s,
                               pleats_idx i, pleats_idx leader, double lead)
{
    pleats_interval rest = {s->is_min ? -lead : 0, s->is_min ? 0 : lead};
    relax(r, s->in[s->start[i] + leader], 1, rest, lead == 0, s->out + i);
}

/* Adds the row form >= 0, of the spare scalar's form. */
static pleats_status add_spare(pleats_relaxation *r)
{
    pleats_status status = PLEATS_OK;
    pleats_forms *f = &r->forms;
    pleats_idx out = spare(r), pivots = r->lp.n_pivots;
    size_t width = (size_t)f->k + 1, m = (size_t)r->lp.m;
    if (!isfinite(f->magnitude[out]) || !isfinite(f->error[out]) ||
        f->magnitude[out] == 0)
        return PLEATS_OK;
    TRY(pleats_grow(r->ctx, &r->row, &r->row_capacity, (m + 1) * width,
                    sizeof *r->row));
    TRY(pleats_grow(r->ctx, &r->error, &r->error_capacity, m + 1,
                    sizeof *r->error));
    TRY(pleats_grow(r->ctx, &r->magnitude, &r->magnitude_capacity, m + 1,
                    sizeof *r->magnitude));
    TRY(pleats_grow(r->ctx, &r->multiplier, &r->multiplier_capacity, m + 1,
                    sizeof *r->multiplier));
    int exponent = exponent_of(f->magnitude[out]);
    double *row = r->row + m * width;
    for (size_t c = 0; c < width; c++)
        row[c] = ldexp(entry_of(r, out)[c], -exponent);
    r->error[m] = pleats_round_up(ldexp(f->error[out], -exponent));
    r->magnitude[m] = pleats_round_up(ldexp(f->magnitude[out], -exponent));
    TRY(pleats_lp_cut(r->ctx, &r->lp, row));
    count_work(r, pivots);
done:
    return status;
}

/* Adds the row sign * (a - slope * b - at) >= 0. */
static pleats_status add_row(pleats_relaxation *r, double sign, pleats_idx a,
                             double slope, pleats_idx b, double at)
{
    pleats_idx in[] = {a, b};
    double weight[] = {sign, -sign * slope};
    combine(r, 2, in, weight, -sign * at, spare(r));
    return add_spare(r);
}

/* Adds the side of the spare scalar's form, which need not have points. */
static pleats_status add_side(pleats_relaxation *r)
{
    r->is_empty = r->is_empty || most_of_programme(r, spare(r), 1) < 0;
    return r->is_empty ? PLEATS_OK : add_spare(r);
}

/* Whether there is a programme, and it may grow. */
static bool has_room(const pleats_relaxation *r)
{
    double entries = ((double)r->lp.m + 1) * ((double)r->forms.k + 1);
    return r->has_programme && r->work <= WORK_MOST && entries <= ENTRIES_MOST;
}

pleats_status pleats_relaxation_add_side(pleats_relaxation *r, double sign,
                                         pleats_idx a, pleats_idx b, double at)
{
    pleats_idx in[] = {a, b};
    double weight[] = {sign, -sign};
    if (!has_room(r))
        return PLEATS_OK;
    combine(r, b < 0 ? 1 : 2, in, weight, -sign * at, spare(r));
    return add_side(r);
}

pleats_status pleats_relaxation_add_row(pleats_relaxation *r,
                                        const pleats_box_part *part,
                                        const double *row, double error)
{
    if (!has_room(r))
        return PLEATS_OK;
    set_within(r, spare(r), part, row, error);
    return add_side(r);
}

static bool wants_rows(const pleats_relaxation *r, pleats_idx scalar)
{
    return has_room(r) && r->coordinate[scalar] >= 0;
}

/* f(x) - slope x lies between two numbers, for the slope of each piece; the one
 * that is nearer to the piece's own line makes the row. */
pleats_status pleats_relaxation_add_pl_rows(pleats_relaxation *r,
                                            const pleats_step *s, pleats_idx i,
                                            const pleats_range *range)
{
    pleats_status status = PLEATS_OK;
    const pleats_pl *f = pleats_step_function(s, i);
    pleats_interval x = {range->lo, range->hi};
    if (!wants_rows(r, s->out + i))
        return PLEATS_OK;
    TRY(pleats_check_stop(r->ctx));
    for (pleats_idx p = range->first; p < range->first + range->n; p++) {
        pleats_interval rest =
            pleats_interval_of_pieces(f, range, x, f->slope[p]);
        bool is_lower = f->intercept[p] - rest.lo <= rest.hi - f->intercept[p];
        TRY(add_row(r, is_lower ? 1 : -1, s->out + i, f->slope[p], s->in[i],
                    is_lower ? rest.lo : rest.hi));
    }
done:
    return status;
}

pleats_status pleats_relaxation_add_max_rows(pleats_relaxation *r,
                                             const pleats_step *s, pleats_idx i,
                                             pleats_idx leader,
                                             const bool *may_win)
{
    pleats_status status = PLEATS_OK;
    if (!wants_rows(r, s->out + i))
        return PLEATS_OK;
    TRY(pleats_check_stop(r->ctx));
    for (pleats_idx c = 0; c < pleats_step_pieces(s, i); c++)
        if (may_win[c] && c != leader)
            TRY(add_row(r, s->is_min ? -1 : 1, s->out + i, 1,
                        s->in[s->start[i] + c], 0));
done:
    return status;
}
