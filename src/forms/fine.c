#include "forms/fine.h"

#include "forms/fine_places.h"
#include "forms/four_forms.h"

#include "base/perturb.h"
#include "base/wide.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- what has changed ---- */

/* Whether a scalar's form rests on one that was made after it, of those in [n];
 * -1: none. */
static bool is_stale(const pleats_fine *x, pleats_idx scalar, pleats_idx n,
                     const pleats_idx *in)
{
    const uint64_t made = x->made[scalar];
    bool any = made == 0;
    for (pleats_idx j = 0; j < n && !any; j++)
        any = in[j] >= 0 && x->made[in[j]] > made;
    return any;
}

/* The same for a unit, whose form may also be that of another piece, or 0
 * whatever it reads. */
static bool is_unit_stale(const pleats_fine *x, const pleats_step *s,
                          pleats_idx i, pleats_idx piece)
{
    if (x->made[s->out + i] == 0 || x->piece[s->first_unit + i] != piece)
        return true;
    if (s->kind == PLEATS_STEP_MAX)
        return is_stale(x, s->out + i, 1, s->in + s->start[i] + piece);
    return pleats_step_function(s, i)->slope[piece] != 0 &&
           is_stale(x, s->out + i, 1, s->in + i);
}

/* ---- forms of units and rows ---- */

/* In the perturbation build, where the first part was moved by itself: takes
 * the second one along, so that the sum of both stays. */
static void follow(pleats_forms *f, pleats_idx scalar, const double *before)
{
    const double *high = pleats_forms_entry(f, scalar);
    double *low = f->fine->low + (size_t)scalar * f->stride, size = 0;
    for (pleats_idx c = 0; c <= f->k; c++) {
        const double gone = before[c] - high[c];
        low[c] += gone;
        size += fabs(gone) + fabs(low[c]);
    }
    f->fine->error[scalar] += 2 * DBL_EPSILON * size;
}

/* Sets the bounds of a form whose two parts are set; their sizes are the sums
 * of |entries|. */
PLEATS_WITHIN void set_bounds(pleats_forms *f, pleats_idx scalar, double error,
                              double size, double low_size)
{
    const size_t width = (size_t)f->k + 1;
    double *low = f->fine->low + (size_t)scalar * f->stride;
    low_size = pleats_perturb_form(PLEATS_PERTURB_FINE, scalar, width, low, 1,
                                   &error, low_size);
    const double off = error + low_size;
    if (PLEATS_PERTURB)
        memcpy(f->fine->before, pleats_forms_entry(f, scalar),
               width * sizeof *f->fine->before);
    f->fine->error[scalar] = error;
    pleats_forms_set_bounds(f, scalar, off == 0 ? 0 : pleats_round_up(off),
                            size == 0 ? 0 : pleats_round_up(size));
    if (PLEATS_PERTURB && off != 0 && isfinite(f->error[scalar]))
        follow(f, scalar, f->fine->before);
}

static void set_zero(pleats_forms *f, pleats_idx scalar)
{
    const size_t at = (size_t)scalar * f->stride;
    for (size_t c = at; c < at + f->stride; c += 4) {
        *(four *)(f->entry + c) = (four){0};
        *(four *)(f->fine->low + c) = (four){0};
    }
    f->error[scalar] = f->magnitude[scalar] = f->fine->error[scalar] = 0;
    f->fine->made[scalar] = f->fine->clock;
}

void pleats_fine_set(pleats_forms *f, pleats_idx scalar, double number)
{
    set_zero(f, scalar);
    f->entry[(size_t)scalar * f->stride + (size_t)f->k] = number;
    pleats_forms_set_bounds(f, scalar, 0, fabs(number));
}

static void copy_form(pleats_forms *f, pleats_idx from, pleats_idx to)
{
    const size_t source = (size_t)from * f->stride, at = (size_t)to * f->stride;
    for (size_t c = 0; c < f->stride; c += 4) {
        memcpy(f->entry + at + c, f->entry + source + c, sizeof(four));
        memcpy(f->fine->low + at + c, f->fine->low + source + c, sizeof(four));
    }
    f->error[to] = f->error[from];
    f->magnitude[to] = f->magnitude[from];
    f->fine->error[to] = f->fine->error[from];
    f->fine->made[to] = f->fine->clock;
}

/* Takes row i of the sums as a scalar's form. */
PLEATS_WITHIN void take_sum(pleats_forms *f, size_t width, size_t rows,
                            size_t i, pleats_idx scalar)
{
    const pleats_fine_sums *s = &f->fine->sums;
    double *high = f->entry + (size_t)scalar * f->stride;
    double *low = f->fine->low + (size_t)scalar * f->stride;
    for (size_t c = 0; c < width; c++) {
        high[c] = s->high[c * rows + i];
        low[c] = s->low[c * rows + i];
    }
    set_bounds(f, scalar, s->error[i], s->size[i], s->low_size[i]);
    f->fine->made[scalar] = f->fine->clock;
}

/* Bounds of forms: 0 where what they bound is. */
PLEATS_WITHIN void round_up(const four *x, four *bound)
{
    const four_bits is_some = *x != 0;
    const four up = *x * (1 + 0x1p-20) + 0x1p-960;
    *bound = (four)((four_bits)up & is_some);
}

/* Takes four rows of a plane's sums, from row i on, as the forms of scalars one
 * after the other. */
PLEATS_WITHIN void take_four(pleats_forms *f, size_t rows, size_t i,
                             pleats_idx scalar)
{
    pleats_fine *x = f->fine;
    const four *high = (const four *)(x->sums.high + i);
    const four *low = (const four *)(x->sums.low + i);
    const size_t apart = rows / 4;
    const four error = *(const four *)(x->sums.error + i), none = {0};
    const four sum = error + *(const four *)(x->sums.low_size + i);
    const four size = *(const four *)(x->sums.size + i);
    const int64_t clock = (int64_t)x->clock;
    four off, magnitude;
    round_up(&sum, &off);
    round_up(&size, &magnitude);
    pleats_put_four(f, scalar, &high[0], &high[apart], &high[2 * apart], &off,
                    &magnitude);
    pleats_put_entries(&low[0], &low[apart], &low[2 * apart], &none,
                       (four *)(x->low + (size_t)scalar * f->stride));
    *(four *)(x->error + scalar) = error;
    *(four_bits *)(x->made + scalar) = (four_bits){clock, clock, clock, clock};
}

/* Takes the sums of n rows as the forms of scalars that are so far `apart`. */
PLEATS_WIDE
static void take_sums(pleats_forms *f, size_t rows, size_t n, pleats_idx scalar,
                      pleats_idx apart)
{
    const size_t width = f->fine->sums.width;
    size_t i = 0;
    if (width == 3 && apart == 1 && !PLEATS_PERTURB)
        for (; i + 4 <= n; i += 4, scalar += 4)
            take_four(f, rows, i, scalar);
    for (; i < n; i++, scalar += apart)
        if (width == 3)
            take_sum(f, 3, rows, i, scalar);
        else
            take_sum(f, width, rows, i, scalar);
}

/* Divides a form.  With q = high / d rounded, high - q d is exact but for
 * underflow, for which the error has room [Dekker 1971]; q + rest has two
 * roundings more, of the sum in `rest` and of its quotient. */
static void divide(pleats_forms *f, double divisor, pleats_idx scalar)
{
    const pleats_fine *x = f->fine;
    double *high = f->entry + (size_t)scalar * f->stride;
    double *low = x->low + (size_t)scalar * f->stride;
    double error = pleats_round_up(x->error[scalar]) / fabs(divisor);
    double size = 0, low_size = 0;
    if (pleats_forms_is_zero(f, scalar))
        return;
    for (pleats_idx c = 0; c <= f->k; c++) {
        const double q = high[c] / divisor;
        low[c] = (fma(-q, divisor, high[c]) + low[c]) / divisor;
        high[c] = q;
        size += fabs(high[c]);
        low_size += fabs(low[c]);
    }
    error = pleats_round_up(error + 2 * DBL_EPSILON * low_size);
    set_bounds(f, scalar, error, size, low_size);
}

/* One row of any step, whose inputs are not -1. */
static void run_row(pleats_forms *f, const pleats_row *row, pleats_idx out)
{
    pleats_fine *x = f->fine;
    double size = 0;
    size_t n = 0;
    pleats_fine_rows rows = {1, 1, row->weight, &size, &row->bias, false};
    for (pleats_idx j = 0; j < row->n; j++) {
        n = pleats_fine_add_term(f, row->in[j], (size_t)j, n, x->term);
        size += fabs(row->weight[j]);
        rows.has_tiny = rows.has_tiny || pleats_forms_is_tiny(row->weight[j]);
    }
    size = pleats_round_up(size);
    pleats_fine_sums_run(&x->sums, &rows, n, x->term);
    take_sums(f, 1, 1, out, 1);
    if (row->divisor != 1)
        divide(f, row->divisor, out);
}

/* ---- steps ---- */

static void run_dense(pleats_forms *f, const pleats_step *s,
                      const pleats_fine_step *x)
{
    size_t n = 0;
    if (s->n_out == 0 || !is_stale(f->fine, s->out, s->n_in, s->in))
        return;
    for (pleats_idx j = 0; j < s->n_in; j++)
        n = pleats_fine_add_term(f, s->in[j], (size_t)j, n, f->fine->term);
    pleats_fine_sums_run(&f->fine->sums, &x->rows, n, f->fine->term);
    take_sums(f, x->rows.rows, x->rows.n, s->out, 1);
}

/* Sparse rows. */
static pleats_status run_rows(pleats_ctx *ctx, pleats_forms *f,
                              const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_idx first = s->start[i], n = s->start[i + 1] - first;
        if (!is_stale(f->fine, s->out + i, n, s->in + first))
            continue;
        const pleats_row row = pleats_step_row(s, i, f->scratch);
        run_row(f, &row, s->out + i);
        TRY(pleats_check_work(ctx, (size_t)n * f->stride));
    }
done:
    return status;
}

/* All channels of a group at one position. */
static void run_position(pleats_forms *f, const pleats_step *s,
                         const pleats_fine_step *x, pleats_idx group,
                         pleats_idx position)
{
    const size_t rows = x->rows.rows, taps = (size_t)s->n_taps;
    const size_t first = (size_t)group * rows;
    const pleats_fine_rows own = {x->rows.n,
                                  rows,
                                  x->weight + first * taps,
                                  x->size + first,
                                  x->bias + first,
                                  x->rows.has_tiny};
    const pleats_idx row =
        (group * (pleats_idx)own.n) * s->positions + position;
    if (!pleats_fine_window_is_stale(f->fine, s, s->out + row, position))
        return;
    pleats_fine_sums_run(&f->fine->sums, &own,
                         pleats_fine_places_take(f, s, group, position),
                         f->fine->term);
    take_sums(f, rows, own.n, s->out + row, s->positions);
}

/* A PL unit that neither passes its input on nor is 0. */
static void run_bent(pleats_forms *f, const pleats_step *s, pleats_idx i,
                     pleats_idx piece)
{
    const pleats_pl *function = pleats_step_function(s, i);
    const double slope = function->slope[piece];
    const pleats_row row = {slope != 0, &s->in[i], &slope,
                            function->intercept[piece], 1};
    run_row(f, &row, s->out + i);
}

static void run_unit(pleats_forms *f, const pleats_step *s, pleats_idx i,
                     pleats_idx piece)
{
    const pleats_idx out = s->out + i;
    f->fine->piece[s->first_unit + i] = piece;
    if (s->kind == PLEATS_STEP_MAX)
        copy_form(f, s->in[s->start[i] + piece], out);
    else if (pleats_pl_passes(pleats_step_function(s, i), piece))
        copy_form(f, s->in[i], out);
    else if (pleats_pl_is_flat(pleats_step_function(s, i), piece))
        set_zero(f, out);
    else
        run_bent(f, s, i, piece);
}

void pleats_fine_run_unit(pleats_forms *f, const pleats_step *s, pleats_idx i,
                          pleats_idx piece)
{
    f->fine->clock++;
    run_unit(f, s, i, piece);
}

static pleats_status run_conv(pleats_ctx *ctx, pleats_forms *f,
                              const pleats_step *s, const pleats_fine_step *x)
{
    pleats_status status = PLEATS_OK;
    const size_t work = (size_t)s->n_taps * x->rows.rows * f->stride / 4;
    for (pleats_idx g = 0; g < s->conv.groups; g++) {
        pleats_fine_places_look(f->fine, s, g);
        for (pleats_idx p = 0; p < s->positions; p++) {
            run_position(f, s, x, g, p);
            TRY(pleats_check_work(ctx, work));
        }
    }
done:
    return status;
}

/* Units of one function with one breakpoint: what a piece needs is looked up
 * once for all of them. */
static void run_plain(pleats_forms *f, const pleats_step *s,
                      const pleats_idx *piece)
{
    const pleats_fine *x = f->fine;
    const pleats_pl *function = &s->function[0];
    const bool passes[2] = {pleats_pl_passes(function, 0),
                            pleats_pl_passes(function, 1)};
    const bool reads[2] = {function->slope[0] != 0, function->slope[1] != 0};
    const pleats_idx *before = x->piece + s->first_unit;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_idx p = piece[i], out = s->out + i, in = s->in[i];
        const uint64_t made = x->made[out];
        if (made != 0 && before[i] == p && !(reads[p] && x->made[in] > made))
            continue;
        x->piece[s->first_unit + i] = p;
        if (passes[p])
            copy_form(f, in, out);
        else
            run_unit(f, s, i, p);
    }
}

pleats_status pleats_fine_run(pleats_ctx *ctx, pleats_forms *f,
                              const pleats_step *s, const pleats_idx *piece)
{
    const pleats_fine_step *x = &f->fine->step[s - f->net->step];
    f->fine->clock++;
    if (s->kind == PLEATS_STEP_CONV)
        return run_conv(ctx, f, s, x);
    if (s->kind == PLEATS_STEP_DENSE) {
        run_dense(f, s, x);
        return pleats_check_work(ctx, (size_t)s->n_in * x->rows.rows *
                                          f->stride / 4);
    }
    if (pleats_step_is_affine(s))
        return run_rows(ctx, f, s);
    if (pleats_step_is_plain(s))
        run_plain(f, s, piece + s->first_unit);
    for (pleats_idx i = 0; i < s->n_out && !pleats_step_is_plain(s); i++)
        if (is_unit_stale(f->fine, s, i, piece[s->first_unit + i]))
            run_unit(f, s, i, piece[s->first_unit + i]);
    return pleats_check_work(ctx, 2 * f->stride * (size_t)s->n_out);
}
