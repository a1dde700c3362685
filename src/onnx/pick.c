#include "onnx/pick.h"

#include <math.h>
#include <string.h>

pleats_status pleats_tensor_pick(pleats_ctx *ctx, const pleats_tensor *t,
                                 const int64_t *from,
                                 const pleats_tensor_shape *shape,
                                 pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_tensor_new(ctx, t->sort, shape, out));
    for (int64_t i = 0; i < shape->n; i++)
        if (t->sort == PLEATS_TENSOR_VAR)
            out->scalar[i] = from[i] < 0 ? -1 : t->scalar[from[i]];
        else if (from[i] >= 0)
            memcpy((char *)out->data + i * 8, (char *)t->data + from[i] * 8, 8);
done:
    return status;
}

/* Copies t, as elements of out's sort, to out from `first` on. */
static pleats_status append(const pleats_call *c, const pleats_tensor *t,
                            int64_t first, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor scalars = {0};
    if (out->sort == PLEATS_TENSOR_VAR)
        TRY(pleats_call_scalars(c, t, true, &scalars));
    for (int64_t i = 0; i < t->shape.n; i++)
        if (out->sort == PLEATS_TENSOR_VAR)
            out->scalar[first + i] = scalars.scalar[i];
        else if (out->sort == PLEATS_TENSOR_INT)
            out->integer[first + i] = t->integer[i];
        else
            out->real[first + i] = pleats_call_real(c, t, i);
done:
    pleats_tensor_clear(c->ctx, &scalars);
    return status;
}

pleats_status pleats_call_join(const pleats_call *c, size_t n,
                               const pleats_tensor *const *t,
                               pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = {0};
    pleats_tensor_sort sort = PLEATS_TENSOR_INT;
    int64_t size = 0;
    for (size_t k = 0; k < n; k++) {
        size += t[k]->shape.n;
        sort = t[k]->sort > sort ? t[k]->sort : sort;
    }
    TRY(pleats_shape_set(c->ctx, 1, &size, &shape));
    TRY(pleats_tensor_new(c->ctx, sort, &shape, out));
    size = 0;
    for (size_t k = 0; k < n; k++) {
        TRY(append(c, t[k], size, out));
        size += t[k]->shape.n;
    }
done:
    return status;
}

void pleats_shape_coordinates(const pleats_tensor_shape *shape, int64_t i,
                              int64_t *at)
{
    for (int k = shape->rank - 1; k >= 0; k--) {
        at[k] = i % shape->dim[k];
        i /= shape->dim[k];
    }
}

pleats_status pleats_call_index(const pleats_call *c, int64_t index, int64_t n,
                                int64_t *out)
{
    if (index < -n || index >= n)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "index %lld of an axis of size %lld",
                           (long long)index, (long long)n);
    *out = index < 0 ? index + n : index;
    return PLEATS_OK;
}

pleats_status pleats_mix_add(pleats_ctx *ctx, pleats_mix *mix, int64_t in,
                             const mpq_t weight)
{
    pleats_status status = PLEATS_OK;
    if (mix->n && mix->in[mix->n - 1] == in) {
        mpq_add(mix->weight[mix->n - 1], mix->weight[mix->n - 1], weight);
        return PLEATS_OK;
    }
    TRY(pleats_grow(ctx, &mix->in, &mix->capacity, mix->n + 1,
                    sizeof *mix->in));
    TRY(pleats_grow(ctx, &mix->weight, &mix->weight_capacity, mix->n + 1,
                    sizeof *mix->weight));
    mix->in[mix->n] = in;
    mpq_init(mix->weight[mix->n]);
    mpq_set(mix->weight[mix->n++], weight);
done:
    return status;
}

void pleats_mix_drop(pleats_mix *mix)
{
    for (size_t k = 0; k < mix->n; k++)
        mpq_clear(mix->weight[k]);
    mix->n = 0;
}

pleats_status pleats_mix_product(pleats_ctx *ctx, int n,
                                 const pleats_mix *const *axis,
                                 const int64_t *stride, int64_t base,
                                 pleats_mix *out)
{
    pleats_status status = PLEATS_OK;
    size_t digit[PLEATS_MAX_RANK] = {0};
    int k = 0;
    mpq_t weight;
    mpq_init(weight);
    pleats_mix_drop(out);
    while (k >= 0) {
        int64_t from = base;
        bool inside = true;
        mpq_set_si(weight, 1, 1);
        for (int i = 0; i < n; i++) {
            const int64_t at = axis[i]->in[digit[i]];
            inside = inside && at >= 0;
            from += at * stride[i];
            mpq_mul(weight, weight, axis[i]->weight[digit[i]]);
        }
        if (inside)
            TRY(pleats_mix_add(ctx, out, from, weight));
        for (k = n - 1; k >= 0; k--) {
            if (++digit[k] < axis[k]->n)
                break;
            digit[k] = 0;
        }
    }
done:
    mpq_clear(weight);
    return status;
}

void pleats_mix_clear(pleats_ctx *ctx, pleats_mix *mix)
{
    pleats_mix_drop(mix);
    pleats_release(ctx, mix->in);
    pleats_release(ctx, mix->weight);
    *mix = (pleats_mix){0};
}

/* Whether the weights times their common denominator, and that, are integers
 * of at most 53 bits. */
static bool common_denominator(const pleats_mix *mix, mpz_t out)
{
    bool fits = true;
    mpz_t t;
    mpz_init(t);
    mpz_set_ui(out, 1);
    for (size_t k = 0; k < mix->n; k++)
        mpz_lcm(out, out, mpq_denref(mix->weight[k]));
    fits = mpz_sizeinbase(out, 2) <= 53;
    for (size_t k = 0; fits && k < mix->n; k++) {
        mpz_divexact(t, out, mpq_denref(mix->weight[k]));
        mpz_mul(t, t, mpq_numref(mix->weight[k]));
        fits = mpz_sizeinbase(t, 2) <= 53;
    }
    mpz_clear(t);
    return fits;
}

pleats_status pleats_terms_mix(const pleats_call *c, pleats_terms *rows,
                               const pleats_mix *mix)
{
    pleats_status status = PLEATS_OK;
    mpq_t divisor, w;
    bool fits = false;
    mpq_inits(divisor, w, NULL);
    mpq_set_si(divisor, 1, 1);
    fits = common_denominator(mix, mpq_numref(divisor));
    for (size_t k = 0; k < mix->n; k++) {
        mpq_set(w, mix->weight[k]);
        if (fits)
            mpq_mul(w, w, divisor);
        TRY(pleats_terms_add(c, rows, (pleats_idx)mix->in[k],
                             pleats_number_put(c->pool, w)));
    }
    TRY(pleats_terms_end(c, rows, 0, fits ? mpq_get_d(divisor) : 1));
done:
    mpq_clears(divisor, w, NULL);
    return status;
}

static pleats_status emit_variable(const pleats_call *c, const pleats_tensor *x,
                                   const pleats_terms *rows,
                                   int64_t n_parameters,
                                   const pleats_tensor_shape *shape,
                                   pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    for (size_t i = 0; i < rows->n; i++) {
        for (pleats_idx k = rows->start[i]; k < rows->start[i + 1]; k++)
            TRY(pleats_terms_add(c, &terms, x->scalar[rows->in[k]],
                                 rows->weight[k]));
        TRY(pleats_terms_end(c, &terms, rows->bias[i], rows->divisor[i]));
    }
    TRY(pleats_emit_sparse(c, &terms, n_parameters, shape, out));
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

static pleats_number row_of_reals(const pleats_call *c, const pleats_tensor *x,
                                  const pleats_terms *rows, size_t i)
{
    pleats_number sum = rows->bias[i];
    for (pleats_idx k = rows->start[i]; k < rows->start[i + 1]; k++)
        sum = pleats_call_add(
            c, sum, pleats_call_mul(c, rows->weight[k], x->real[rows->in[k]]));
    return pleats_call_div(c, sum, rows->divisor[i]);
}

static pleats_status row_of_integers(const pleats_call *c,
                                     const pleats_tensor *x,
                                     const pleats_terms *rows, size_t i,
                                     int64_t *out)
{
    bool fits = rows->divisor[i] == 1 && rows->bias[i] == 0;
    int64_t term = 0, sum = 0;
    for (pleats_idx k = rows->start[i]; fits && k < rows->start[i + 1]; k++) {
        double w = rows->weight[k];
        fits = w == trunc(w) && fabs(w) <= 0x1p53 &&
               !__builtin_mul_overflow((int64_t)w, x->integer[rows->in[k]],
                                       &term) &&
               !__builtin_add_overflow(sum, term, &sum);
    }
    *out = sum;
    if (!fits)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "integers that overflow or become fractions");
    return PLEATS_OK;
}

pleats_status pleats_emit_rows(const pleats_call *c, const pleats_tensor *x,
                               const pleats_terms *rows, int64_t n_parameters,
                               const pleats_tensor_shape *shape,
                               pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    if (x->sort == PLEATS_TENSOR_VAR)
        return emit_variable(c, x, rows, n_parameters, shape, out);
    TRY(pleats_tensor_new(c->ctx, x->sort, shape, out));
    for (size_t i = 0; i < rows->n; i++)
        if (x->sort == PLEATS_TENSOR_REAL)
            out->real[i] = row_of_reals(c, x, rows, i);
        else
            TRY(row_of_integers(c, x, rows, i, &out->integer[i]));
done:
    return status;
}
