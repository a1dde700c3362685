#include "net/columns.h"

#include <math.h>
#include <string.h>

enum { MOST_TERMS = 1 << 22 };

typedef double four __attribute__((vector_size(32), aligned(8)));
typedef int64_t four_bits __attribute__((vector_size(32), aligned(8)));

void pleats_columns_clear(pleats_ctx *ctx, pleats_columns *c)
{
    pleats_release(ctx, c->start);
    pleats_release(ctx, c->row);
    pleats_release(ctx, c->weight);
    *c = (pleats_columns){0};
}

static int64_t n_terms(const pleats_step *s)
{
    switch (s->kind) {
    case PLEATS_STEP_CONV:
        return (int64_t)s->n_out * s->n_taps;
    case PLEATS_STEP_DENSE:
        return (int64_t)s->n_out * s->n_in;
    default:
        return s->n_in;
    }
}

static bool reads_units_only(const pleats_step *s, const pleats_step *units)
{
    for (pleats_idx j = 0; j < s->n_in; j++)
        if (s->in[j] >= 0 && (s->in[j] < units->out ||
                              s->in[j] >= units->out + units->n_out))
            return false;
    return true;
}

/* Goes through all terms: counts them by unit in start[unit + 1], or, with
 * `fill`, puts them in their place. */
static void visit_terms(pleats_columns *c, pleats_idx *scratch, bool fill)
{
    const pleats_step *s = c->affine;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_row row = pleats_step_row(s, i, scratch);
        for (pleats_idx j = 0; j < row.n; j++) {
            if (row.in[j] < 0 || row.weight[j] == 0)
                continue;
            size_t unit = (size_t)(row.in[j] - c->units->out);
            if (fill) {
                size_t place = c->start[unit]++;
                c->row[place] = i;
                c->weight[place] = row.weight[j];
            } else {
                c->start[unit + 1]++;
            }
        }
    }
}

pleats_status pleats_columns_init(pleats_ctx *ctx, pleats_columns *c,
                                  const pleats_net *net, pleats_idx units)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *u = &net->step[units], *s = u + 1;
    size_t n = (size_t)u->n_out;
    pleats_idx *scratch = NULL;
    *c = (pleats_columns){0};
    if (units + 2 >= net->n_steps || !pleats_step_is_affine(s) ||
        pleats_step_is_affine(s + 1) || n_terms(s) > MOST_TERMS ||
        !reads_units_only(s, u))
        return PLEATS_OK;
    c->units = u;
    c->affine = s;
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net), sizeof *scratch,
                     &scratch));
    TRY(pleats_alloc(ctx, n + 1, sizeof *c->start, &c->start));
    visit_terms(c, scratch, false);
    for (size_t i = 0; i < n; i++)
        c->start[i + 1] += c->start[i];
    TRY(pleats_alloc(ctx, c->start[n], sizeof *c->row, &c->row));
    TRY(pleats_alloc(ctx, c->start[n], sizeof *c->weight, &c->weight));
    visit_terms(c, scratch, true);
    for (size_t i = n; i > 0; i--)
        c->start[i] = c->start[i - 1];
    c->start[0] = 0;
done:
    pleats_release(ctx, scratch);
    return status;
}

size_t pleats_columns_size(const pleats_columns *c, const pleats_forms *f)
{
    return (size_t)c->affine->n_out * f->stride;
}

static double bias_of(const pleats_step *s, pleats_idx i)
{
    if (!s->bias)
        return 0;
    return s->bias[s->kind == PLEATS_STEP_CONV ? i / s->positions : i];
}

/* The entry after the constant gathers sum |weight| (error + gamma magnitude)
 * + gamma |bias|, the bound of the sum's error. */
void pleats_columns_start(const pleats_columns *c, const pleats_forms *f,
                          double *sum)
{
    size_t k = (size_t)f->k;
    memset(sum, 0, pleats_columns_size(c, f) * sizeof *sum);
    for (pleats_idx i = 0; i < c->affine->n_out; i++) {
        double bias = bias_of(c->affine, i);
        sum[(size_t)i * f->stride + k] = bias;
        sum[(size_t)i * f->stride + k + 1] = f->gamma * fabs(bias);
    }
}

void pleats_columns_add(const pleats_columns *c, const pleats_forms *f,
                        pleats_idx i, double *sum)
{
    const double *form = pleats_forms_entry(f, c->units->out + i);
    const size_t bound = (size_t)f->k + 1, stride = f->stride;
    for (size_t j = 0; j < stride; j += 4) {
        const four part = *(const four *)(form + j);
        four_bits mask = {-1, -1, -1, -1};
        if (j <= bound && bound < j + 4)
            mask[bound - j] = INT64_MAX;
        for (size_t t = c->start[i]; t < c->start[i + 1]; t++) {
            const double w = c->weight[t];
            const four weight = {w, w, w, w};
            four *to = (four *)(sum + (size_t)c->row[t] * stride + j);
            *to += (four)((four_bits)weight & mask) * part;
        }
    }
}

void pleats_columns_finish(const pleats_columns *c, pleats_forms *f,
                           const double *sum)
{
    const pleats_step *s = c->affine;
    for (pleats_idx i = 0; i < s->n_out; i++)
        pleats_forms_set(f, s->out + i, sum + (size_t)i * f->stride,
                         s->divisor ? s->divisor[i] : 1);
}
