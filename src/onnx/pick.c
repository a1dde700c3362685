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
            out->real[first + i] = pleats_tensor_real(t, i);
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

double pleats_call_rational(const pleats_call *c, const mpq_t value)
{
    mpq_t back;
    double low = mpq_get_d(value); /* towards 0 */
    mpq_init(back);
    mpq_set_d(back, low);
    if (!mpq_equal(back, value))
        c->net->n_rounded++;
    mpq_clear(back);
    return low;
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

static double row_of_reals(const pleats_call *c, const pleats_tensor *x,
                           const pleats_terms *rows, size_t i)
{
    double sum = rows->bias[i];
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
