/* What fine steps have of the network, and the forms of the inputs. */
#include "forms/fine.h"
#include "forms/fine_places.h"

#include "exact/integers.h"

#include <float.h>
#include <math.h>

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
