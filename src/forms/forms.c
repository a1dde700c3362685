#include "forms/forms.h"

#include "forms/fine.h"
#include "forms/four_forms.h"

#include "base/perturb.h"
#include "base/wide.h"
#include "exact/integers.h"

#include <float.h>
#include <math.h>
#include <string.h>

double pleats_gamma(pleats_idx n)
{
    double nu = ((double)n + 2) * (DBL_EPSILON / 2);
    return nu / (1 - nu) * (1 + 4 * DBL_EPSILON);
}

static double *entry(pleats_forms *f, pleats_idx scalar)
{
    return f->entry + (size_t)scalar * f->stride;
}

/* The same, from the entries. */
static void set_bounds(pleats_forms *f, pleats_idx scalar, double error)
{
    const double *form = entry(f, scalar);
    double sum = 0;
    for (pleats_idx c = 0; c <= f->k; c++)
        sum += fabs(form[c]);
    pleats_forms_set_bounds(f, scalar, error,
                            sum == 0 ? 0 : pleats_round_up(sum));
}

static pleats_idx longest(size_t a, size_t b)
{
    return (pleats_idx)(a > b ? a : b) + 3;
}

pleats_status pleats_forms_init(pleats_ctx *ctx, pleats_forms *f,
                                const pleats_net *net,
                                const pleats_coordinates *coordinates)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)net->n_scalars, width = (size_t)coordinates->k + 1;
    size_t terms = (size_t)pleats_net_row_terms(net) + 2;
    *f = (pleats_forms){.net = net,
                        .k = coordinates->k,
                        .stride = (width + 4) / 4 * 4,
                        .gamma = pleats_gamma(longest(terms, width + 4))};
    TRY(pleats_alloc(ctx, n * f->stride, sizeof *f->entry, &f->entry));
    TRY(pleats_alloc(ctx, n, sizeof *f->error, &f->error));
    TRY(pleats_alloc(ctx, n, sizeof *f->magnitude, &f->magnitude));
    TRY(pleats_alloc(ctx, terms, sizeof *f->scratch, &f->scratch));
    TRY(pleats_alloc(ctx, terms, sizeof *f->active, &f->active));
    TRY(pleats_alloc(ctx, terms, sizeof *f->weight, &f->weight));
    for (size_t i = 0; i < (size_t)net->n_inputs; i++) {
        double error = 0, *to = f->entry + i * f->stride;
        for (size_t c = 0; c < width; c++) {
            mpz_srcptr num = coordinates->num[i * width + c];
            bool exact;
            to[c] = pleats_quotient_to_double(num, coordinates->den, &exact);
            if (!exact)
                error += fabs(to[c]) * DBL_EPSILON + 0x1p-960;
        }
        set_bounds(f, (pleats_idx)i, error == 0 ? 0 : pleats_round_up(error));
        TRY(pleats_check_work(ctx, 8 * width));
    }
done:
    return status;
}

void pleats_forms_clear(pleats_ctx *ctx, pleats_forms *f)
{
    pleats_fine_clear(ctx, f);
    pleats_release(ctx, f->entry);
    pleats_release(ctx, f->error);
    pleats_release(ctx, f->magnitude);
    pleats_release(ctx, f->scratch);
    pleats_release(ctx, f->active);
    pleats_release(ctx, f->weight);
    *f = (pleats_forms){0};
}

/* sum [stride] = sum_j weight_j in_j, the entry after the constant with
 * |weight_j|: with A = sum |weight| error and B = sum |weight| magnitude it
 * becomes A + gamma B. */
PLEATS_WIDE
static void add_terms(const pleats_forms *f, pleats_idx n, const pleats_idx *in,
                      const double *weight, double *sum)
{
    const size_t bound = (size_t)f->k + 1, stride = f->stride;
    for (size_t c = 0; c < stride; c += 4) {
        four_bits mask = {-1, -1, -1, -1};
        four part = {0};
        if (c <= bound && bound < c + 4)
            mask[bound - c] = INT64_MAX;
        for (pleats_idx j = 0; j < n; j++) {
            const four from =
                *(const four *)(f->entry + (size_t)in[j] * stride + c);
            four w = {weight[j], weight[j], weight[j], weight[j]};
            part += (four)((four_bits)w & mask) * from;
        }
        *(four *)(sum + c) = part;
    }
}

/* Whether no term adds to the form. */
static bool is_empty(const pleats_forms *f, pleats_idx n, const pleats_idx *in,
                     const double *weight)
{
    for (pleats_idx j = 0; j < n; j++)
        if (weight[j] != 0 && !pleats_forms_is_zero(f, in[j]))
            return false;
    return true;
}

/* out = (bias + sum_j weight_j in_j) / divisor, all in_j >= 0.  With A, B as
 * above, B and |bias| being together the sum of all absolute products, the sum
 * is off by at most A + gamma (B + |bias|), and the division adds one more
 * rounding of at most that sum.  The division may also blow up what the sum
 * lost to underflow.  A row without terms is exact unless it is divided. */
static void run_row(pleats_forms *f, pleats_idx n, const pleats_idx *in,
                    const double *weight, double bias, double divisor,
                    pleats_idx out)
{
    pleats_idx k = f->k;
    double *to = entry(f, out);
    add_terms(f, n, in, weight, to);
    double error = pleats_round_up(to[k + 1] + f->gamma * fabs(bias));
    bool exact = to[k + 1] == 0 && (divisor == 1 || bias == 0) &&
                 is_empty(f, n, in, weight);
    to[k] += bias;
    if (divisor != 1)
        for (pleats_idx c = 0; c <= k; c++)
            to[c] /= divisor;
    set_bounds(f, out, exact ? 0 : pleats_round_up(error / fabs(divisor)));
}

/* Rows of a dense step read the same scalars: those that are 0 are left out
 * once for all. */
static pleats_status run_dense(pleats_ctx *ctx, pleats_forms *f,
                               const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n = 0;
    for (pleats_idx j = 0; j < s->n_in; j++)
        if (!pleats_forms_is_zero(f, s->in[j])) {
            f->active[n] = j;
            f->scratch[n++] = s->in[j];
        }
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const double *row = s->weight + (size_t)i * (size_t)s->n_in;
        for (pleats_idx j = 0; j < n; j++)
            f->weight[j] = row[f->active[j]];
        run_row(f, n, f->scratch, f->weight, s->bias ? s->bias[i] : 0, 1,
                s->out + i);
        TRY(pleats_check_work(ctx, (size_t)n * f->stride / 4));
    }
done:
    return status;
}

void pleats_forms_run_row(pleats_forms *f, const pleats_step *s, pleats_idx i)
{
    pleats_row row = pleats_step_row(s, i, f->scratch);
    pleats_idx n = 0;
    for (pleats_idx j = 0; j < row.n; j++)
        if (row.in[j] >= 0) {
            f->active[n] = row.in[j];
            f->weight[n++] = row.weight[j];
        }
    run_row(f, n, f->active, f->weight, row.bias, row.divisor, s->out + i);
}

static pleats_status run_affine(pleats_ctx *ctx, pleats_forms *f,
                                const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    if (s->kind == PLEATS_STEP_DENSE)
        return run_dense(ctx, f, s);
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const size_t terms = s->kind == PLEATS_STEP_CONV
                                 ? (size_t)s->n_taps
                                 : (size_t)(s->start[i + 1] - s->start[i]);
        pleats_forms_run_row(f, s, i);
        TRY(pleats_check_work(ctx, terms * f->stride / 4));
    }
done:
    return status;
}

static void copy_form(pleats_forms *f, pleats_idx from, pleats_idx to)
{
    memcpy(entry(f, to), entry(f, from), f->stride * sizeof *f->entry);
    f->error[to] = f->error[from];
    f->magnitude[to] = f->magnitude[from];
}

static void clear_form(pleats_forms *f, pleats_idx scalar)
{
    memset(entry(f, scalar), 0, f->stride * sizeof *f->entry);
    f->error[scalar] = f->magnitude[scalar] = 0;
}

static void run_pl_unit(pleats_forms *f, const pleats_step *s, pleats_idx i,
                        pleats_idx piece)
{
    const pleats_pl *function = pleats_step_function(s, i);
    double slope = function->slope[piece];
    double intercept = function->intercept[piece];
    if (slope == 1 && intercept == 0)
        copy_form(f, s->in[i], s->out + i);
    else if (slope == 0 && intercept == 0)
        clear_form(f, s->out + i);
    else
        run_row(f, slope != 0, &s->in[i], &slope, intercept, 1, s->out + i);
}

void pleats_forms_run_unit(pleats_forms *f, const pleats_step *s, pleats_idx i,
                           pleats_idx piece)
{
    if (pleats_fine_has(f, s))
        pleats_fine_run_unit(f, s, i, piece);
    else if (s->kind == PLEATS_STEP_PL)
        run_pl_unit(f, s, i, piece);
    else
        copy_form(f, s->in[s->start[i] + piece], s->out + i);
}

/* Sets a form to its sum. */
PLEATS_WITHIN void set_plain(pleats_forms *f, pleats_idx scalar,
                             const pleats_form_sums *sums)
{
    const size_t k = (size_t)f->k;
    const double *sum =
        sums->entry + (size_t)(scalar - sums->first) * sums->row;
    double *to = entry(f, scalar), size = 0;
    for (size_t c = 0; c <= k; c++, sum += sums->column) {
        to[c] = *sum;
        size += fabs(*sum);
    }
    double off = pleats_round_up(*sum);
    size = pleats_round_up(size);
    if (*sum == 0 && sums->zero_is_exact)
        off = size = 0;
    if (!isfinite(size) || isnan(off))
        off = size = INFINITY;
    size = pleats_perturb_form(PLEATS_PERTURB_FORM, scalar, k + 1, to, 1, &off,
                               size);
    f->error[scalar] = off;
    f->magnitude[scalar] = size;
    to[k + 1] = size == 0 ? 0 : pleats_round_up(off + f->gamma * size);
}

/* What set_plain makes of four scalars in a plane, whose sums lie entry by
 * entry. */
PLEATS_WITHIN void set_four(pleats_forms *f, pleats_idx first,
                            const pleats_form_sums *sums)
{
    const four_bits sign = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
    const four none = {0};
    const double *at = sums->entry + (first - sums->first);
    const four x = *(const four *)at, y = *(const four *)(at + sums->column);
    const four z = *(const four *)(at + 2 * sums->column);
    const four sum = *(const four *)(at + 3 * sums->column);
    four size = (four)((four_bits)x & ~sign) + (four)((four_bits)y & ~sign) +
                (four)((four_bits)z & ~sign);
    four off = sum * (1 + 0x1p-20) + 0x1p-960;
    size = size * (1 + 0x1p-20) + 0x1p-960;
    const four_bits is_zero = (sum == 0) & -(int64_t)sums->zero_is_exact;
    choose(&is_zero, &none, &off);
    choose(&is_zero, &none, &size);
    pleats_put_four(f, first, &x, &y, &z, &off, &size);
}

PLEATS_WIDE
static void set_plane(pleats_forms *f, pleats_idx n,
                      const pleats_form_sums *sums)
{
    pleats_idx i = 0;
    for (; i + 4 <= n; i += 4)
        set_four(f, sums->first + i, sums);
    for (; i < n; i++)
        set_plain(f, sums->first + i, sums);
}

void pleats_forms_set_plane(pleats_forms *f, pleats_idx n,
                            const pleats_form_sums *sums)
{
    set_plane(f, n, sums);
}

void pleats_forms_set_some(pleats_forms *f, pleats_idx n,
                           const pleats_idx *scalar,
                           const pleats_form_sums *sums)
{
    for (pleats_idx i = 0; i < n; i++)
        set_plain(f, scalar[i], sums);
}

void pleats_forms_set(pleats_forms *f, pleats_idx n,
                      const pleats_form_sums *sums, const double *divisor)
{
    const pleats_idx first = sums->first;
    for (pleats_idx i = 0; i < n; i++)
        set_plain(f, first + i, sums);
    for (pleats_idx i = 0; divisor && i < n; i++) {
        double *to = entry(f, first + i), d = divisor[i];
        if (pleats_forms_is_zero(f, first + i))
            continue;
        for (pleats_idx c = 0; c <= f->k; c++)
            to[c] /= d;
        set_bounds(f, first + i,
                   pleats_round_up(f->error[first + i] / fabs(d)));
    }
}

pleats_status pleats_forms_run(pleats_ctx *ctx, pleats_forms *f,
                               const pleats_step *s, const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    if (pleats_fine_has(f, s))
        return pleats_fine_run(ctx, f, s, piece);
    if (pleats_step_is_affine(s))
        return run_affine(ctx, f, s);
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_forms_run_unit(f, s, i, piece[s->first_unit + i]);
        TRY(pleats_check_work(ctx, f->stride));
    }
done:
    return status;
}
