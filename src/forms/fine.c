#include "forms/fine.h"

#include "forms/fine_places.h"

#include "base/perturb.h"
#include "base/wide.h"
#include "exact/integers.h"

#include <float.h>
#include <math.h>
#include <string.h>

void pleats_fine_clear(pleats_ctx *ctx, pleats_forms *f)
{
    pleats_fine *x = f->fine;
    if (!x)
        return;
    for (pleats_idx i = 0; x->step && i < x->n_steps; i++) {
        pleats_release(ctx, x->step[i].weight);
        pleats_release(ctx, x->step[i].size);
        pleats_release(ctx, x->step[i].bias);
    }
    pleats_fine_sums_clear(ctx, &x->sums);
    pleats_release(ctx, x->step);
    pleats_release(ctx, x->low);
    pleats_release(ctx, x->error);
    pleats_release(ctx, x->made);
    pleats_release(ctx, x->place);
    pleats_release(ctx, x->at_place);
    pleats_release(ctx, x->piece);
    pleats_release(ctx, x->term);
    pleats_release(ctx, x->before);
    pleats_release(ctx, x);
    f->fine = NULL;
}

/* ---- the parameters of a step, column by column ---- */

/* Puts a row among the rows of a group, as its row j.  Its weights are
 * `channels` channels after each other; columns have those at one position of
 * the kernel side by side. */
static void take_row(pleats_fine_step *x, const pleats_row *row,
                     size_t channels, size_t group, size_t j)
{
    const size_t rows = x->rows.rows, to = group * rows + j;
    const size_t columns = (size_t)row->n, kernel = columns / channels;
    double size = 0;
    for (size_t c = 0; c < columns; c++) {
        const double w = row->weight[c];
        const size_t column = c % kernel * channels + c / kernel;
        x->weight[(group * columns + column) * rows + j] = w;
        x->rows.has_tiny = x->rows.has_tiny || pleats_forms_is_tiny(w);
        size += fabs(w);
    }
    x->size[to] = pleats_round_up(size);
    x->bias[to] = row->bias;
}

/* A dense step, or a convolution, in which all channels of a group read the
 * same at each position. */
static pleats_status take_step(pleats_ctx *ctx, pleats_fine_step *x,
                               const pleats_step *s, pleats_idx *scratch)
{
    pleats_status status = PLEATS_OK;
    const bool is_conv = s->kind == PLEATS_STEP_CONV;
    const size_t groups = is_conv ? (size_t)s->conv.groups : 1;
    const size_t apart = is_conv ? (size_t)s->positions : 1;
    const size_t columns = (size_t)(is_conv ? s->n_taps : s->n_in);
    const size_t channels = is_conv ? (size_t)s->conv.in_channels : columns;
    const size_t n = (size_t)s->n_out / (groups * apart);
    const size_t rows = n == 1 ? 1 : (n + 7) / 8 * 8;
    TRY(pleats_alloc(ctx, groups * columns * rows, sizeof *x->weight,
                     &x->weight));
    TRY(pleats_alloc(ctx, groups * rows, sizeof *x->size, &x->size));
    TRY(pleats_alloc(ctx, groups * rows, sizeof *x->bias, &x->bias));
    x->rows = (pleats_fine_rows){n, rows, x->weight, x->size, x->bias, false};
    for (size_t g = 0; g < groups; g++)
        for (size_t j = 0; j < n; j++) {
            const size_t i = (g * n + j) * apart;
            const pleats_row row = pleats_step_row(s, (pleats_idx)i, scratch);
            take_row(x, &row, channels, g, j);
            TRY(pleats_check_work(ctx, 4 * columns));
        }
done:
    return status;
}

/* ---- the forms of the inputs ---- */

/* *low = num / den - high, rounded once; its error. */
static double low_part(const mpz_t num, const mpz_t den, double high,
                       double *low)
{
    const pleats_dyadic d = pleats_dyadic_of(high);
    const mp_bitcnt_t down = d.exponent < 0 ? (mp_bitcnt_t)-d.exponent : 0;
    bool exact;
    mpz_t rest, scale, part;
    mpz_init(rest);
    mpz_init(scale);
    mpz_init(part);
    mpz_mul_2exp(rest, num, down);
    mpz_mul_2exp(scale, den, down);
    pleats_integer_set_shifted(part, d.mantissa,
                               d.exponent < 0 ? 0 : (unsigned long)d.exponent);
    mpz_submul(rest, part, den);
    *low = pleats_quotient_to_double(rest, scale, &exact);
    mpz_clear(rest);
    mpz_clear(scale);
    mpz_clear(part);
    return exact ? 0 : fabs(*low) * DBL_EPSILON + 0x1p-960;
}

static pleats_status take_inputs(pleats_ctx *ctx, pleats_forms *f,
                                 const pleats_coordinates *c)
{
    pleats_status status = PLEATS_OK;
    pleats_fine *x = f->fine;
    const size_t width = (size_t)f->k + 1;
    for (size_t i = 0; i < (size_t)f->net->n_inputs; i++) {
        const double *high = f->entry + i * f->stride;
        double *low = x->low + i * f->stride, error = 0;
        for (size_t j = 0; j < width && isfinite(f->error[i]); j++)
            error += low_part(c->num[i * width + j], c->den, high[j], &low[j]);
        x->error[i] = isfinite(f->error[i])
                          ? (error == 0 ? 0 : pleats_round_up(error))
                          : INFINITY;
        TRY(pleats_check_work(ctx, 16 * width));
    }
done:
    return status;
}

pleats_status pleats_fine_init(pleats_ctx *ctx, pleats_forms *f,
                               const pleats_coordinates *coordinates,
                               pleats_idx n_steps)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *step = f->net->step;
    const size_t terms = (size_t)pleats_net_row_terms(f->net) + 2;
    size_t n = (size_t)f->net->n_inputs, units = 0, most = 1;
    TRY(pleats_alloc(ctx, 1, sizeof *f->fine, &f->fine));
    pleats_fine *x = f->fine;
    x->n_steps = n_steps;
    TRY(pleats_alloc(ctx, (size_t)n_steps, sizeof *x->step, &x->step));
    for (pleats_idx i = 0; i < n_steps; i++) {
        n = (size_t)step[i].out + (size_t)step[i].n_out;
        if (step[i].kind == PLEATS_STEP_DENSE ||
            step[i].kind == PLEATS_STEP_CONV)
            TRY(take_step(ctx, &x->step[i], &step[i], f->scratch));
        if (!pleats_step_is_affine(&step[i]))
            units = (size_t)step[i].first_unit + (size_t)step[i].n_out;
        most = x->step[i].rows.rows > most ? x->step[i].rows.rows : most;
    }
    TRY(pleats_alloc(ctx, n * f->stride, sizeof *x->low, &x->low));
    TRY(pleats_alloc(ctx, n, sizeof *x->error, &x->error));
    TRY(pleats_alloc(ctx, n, sizeof *x->made, &x->made));
    TRY(pleats_fine_places_init(ctx, x, step));
    TRY(pleats_alloc(ctx, units, sizeof *x->piece, &x->piece));
    TRY(pleats_alloc(ctx, terms, sizeof *x->term, &x->term));
    TRY(pleats_alloc(ctx, (size_t)f->k + 1, sizeof *x->before, &x->before));
    TRY(pleats_fine_sums_init(ctx, &x->sums, (size_t)f->k + 1, most));
    TRY(take_inputs(ctx, f, coordinates));
done:
    return status;
}

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
        *(four *)(f->entry + at + c) = *(const four *)(f->entry + source + c);
        *(four *)(f->fine->low + at + c) =
            *(const four *)(f->fine->low + source + c);
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

/* Takes the sums of n rows as the forms of scalars that are so far `apart`. */
PLEATS_WIDE
static void take_sums(pleats_forms *f, size_t rows, size_t n, pleats_idx scalar,
                      pleats_idx apart)
{
    const size_t width = f->fine->sums.width;
    for (size_t i = 0; i < n; i++, scalar += apart)
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
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (is_unit_stale(f->fine, s, i, piece[s->first_unit + i]))
            run_unit(f, s, i, piece[s->first_unit + i]);
    return pleats_check_work(ctx, 2 * f->stride * (size_t)s->n_out);
}
