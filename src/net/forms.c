#include "net/forms.h"

#include "exact/integers.h"

#include <float.h>
#include <math.h>
#include <string.h>

double pleats_gamma(pleats_idx n)
{
    double nu = ((double)n + 2) * (DBL_EPSILON / 2);
    return nu / (1 - nu) * (1 + 4 * DBL_EPSILON);
}

/* Relative 2^-20 covers the rounding of up to 2^30 additions of non-negative
 * numbers; 2^-960 covers as many underflows of products. */
double pleats_round_up(double x)
{
    return x * (1 + 0x1p-20) + 0x1p-960;
}

static double magnitude_of(const double *form, pleats_idx k)
{
    double sum = 0;
    for (pleats_idx c = 0; c <= k; c++)
        sum += fabs(form[c]);
    return sum == 0 ? 0 : pleats_round_up(sum);
}

pleats_status pleats_forms_init(pleats_ctx *ctx, pleats_forms *f,
                                const pleats_net *net,
                                const pleats_coordinates *coordinates)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)net->n_scalars, width = (size_t)coordinates->k + 1;
    *f = (pleats_forms){.net = net, .k = coordinates->k};
    TRY(pleats_alloc(ctx, n * width, sizeof *f->entry, &f->entry));
    TRY(pleats_alloc(ctx, n, sizeof *f->error, &f->error));
    TRY(pleats_alloc(ctx, n, sizeof *f->magnitude, &f->magnitude));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net), sizeof *f->scratch,
                     &f->scratch));
    for (size_t i = 0; i < (size_t)net->n_inputs; i++) {
        double error = 0;
        for (size_t c = 0; c < width; c++) {
            mpz_srcptr num = coordinates->num[i * width + c];
            bool exact;
            double x = pleats_quotient_to_double(num, coordinates->den, &exact);
            f->entry[i * width + c] = x;
            if (!exact)
                error += fabs(x) * DBL_EPSILON + 0x1p-960;
        }
        f->magnitude[i] = magnitude_of(f->entry + i * width, coordinates->k);
        f->error[i] = error == 0 ? 0 : pleats_round_up(error);
    }
done:
    return status;
}

void pleats_forms_clear(pleats_ctx *ctx, pleats_forms *f)
{
    pleats_release(ctx, f->entry);
    pleats_release(ctx, f->error);
    pleats_release(ctx, f->magnitude);
    pleats_release(ctx, f->scratch);
    *f = (pleats_forms){0};
}

static double *entry(pleats_forms *f, pleats_idx scalar)
{
    return f->entry + (size_t)scalar * ((size_t)f->k + 1);
}

/* out = (bias + sum_j weight_j in_j) / divisor.  With A = sum |weight| error
 * and B = sum |weight| magnitude + |bias|, the sum is off by at most
 * A + gamma B, and the division adds one more rounding of at most B.  The
 * division may also blow up what the sum lost to underflow.  A row without
 * terms is exact unless it is divided. */
static void run_row(pleats_forms *f, const pleats_row *row, pleats_idx out)
{
    pleats_idx k = f->k;
    double *to = entry(f, out);
    double inherited = 0, size = fabs(row->bias);
    pleats_idx terms = 0;
    memset(to, 0, (size_t)k * sizeof *to);
    to[k] = row->bias;
    for (pleats_idx j = 0; j < row->n; j++) {
        pleats_idx in = row->in[j];
        double w = row->weight[j];
        if (in < 0 || w == 0 || (f->magnitude[in] == 0 && f->error[in] == 0))
            continue;
        const double *from = entry(f, in);
        for (pleats_idx c = 0; c <= k; c++)
            to[c] += w * from[c];
        inherited += fabs(w) * f->error[in];
        size += fabs(w) * f->magnitude[in];
        terms++;
    }
    if (row->divisor != 1)
        for (pleats_idx c = 0; c <= k; c++)
            to[c] /= row->divisor;
    bool exact = terms == 0 && (row->divisor == 1 || row->bias == 0);
    double error = pleats_round_up(inherited + pleats_gamma(terms + 3) * size);
    f->error[out] = exact ? 0 : pleats_round_up(error / fabs(row->divisor));
    f->magnitude[out] = magnitude_of(to, k);
}

static void run_affine(pleats_forms *f, const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_row row = pleats_step_row(s, i, f->scratch);
        run_row(f, &row, s->out + i);
    }
}

static void copy_form(pleats_forms *f, pleats_idx from, pleats_idx to)
{
    memcpy(entry(f, to), entry(f, from), ((size_t)f->k + 1) * sizeof *f->entry);
    f->error[to] = f->error[from];
    f->magnitude[to] = f->magnitude[from];
}

static void run_pl(pleats_forms *f, const pleats_step *s,
                   const pleats_idx *piece)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_pl *function = pleats_step_function(s, i);
        pleats_idx p = piece[s->first_unit + i];
        double slope = function->slope[p], intercept = function->intercept[p];
        const pleats_row row = {slope != 0, &s->in[i], &slope, intercept, 1};
        if (slope == 1 && intercept == 0)
            copy_form(f, s->in[i], s->out + i);
        else
            run_row(f, &row, s->out + i);
    }
}

static void run_max(pleats_forms *f, const pleats_step *s,
                    const pleats_idx *piece)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_idx in = s->in[s->start[i] + piece[s->first_unit + i]];
        copy_form(f, in, s->out + i);
    }
}

void pleats_forms_run(pleats_forms *f, const pleats_step *s,
                      const pleats_idx *piece)
{
    if (pleats_step_is_affine(s))
        run_affine(f, s);
    else if (s->kind == PLEATS_STEP_PL)
        run_pl(f, s, piece);
    else
        run_max(f, s, piece);
}
