/* Normalisations of constants whose values are irrational throughout: in
 * doubles. */
#include "onnx/op_fold.h"

/* Input 0 in doubles [x.n], and the result in its shape. */
static pleats_status begin(const pleats_call *c, const pleats_tensor **x,
                           double **value)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_call_need(c, 0, x));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &(*x)->shape, c->out));
    TRY(pleats_alloc(c->ctx, (size_t)(*x)->shape.n, sizeof **value, value));
    for (int64_t i = 0; i < (*x)->shape.n; i++)
        (*value)[i] =
            pleats_number_nearest(c->pool, pleats_call_real(c, *x, i));
done:
    return status;
}

/* x / (bias + alpha / size * sum of squares over `size` channels)^beta */
pleats_status pleats_fold_lrn(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    double *value = NULL, alpha = 0, beta = 0, bias = 0;
    int64_t size = 0, inner = 1, channels = 0;
    TRY(begin(c, &x, &value));
    TRY(pleats_call_float(c, "alpha", 1e-4f, &alpha));
    TRY(pleats_call_float(c, "beta", 0.75f, &beta));
    TRY(pleats_call_float(c, "bias", 1, &bias));
    TRY(pleats_call_int(c, "size", 0, &size));
    if (x->shape.rank < 2 || size < 1 || size > PLEATS_MAX_ELEMENTS)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "it has no channel axis or a size below 1"));
    channels = x->shape.dim[1];
    for (int k = 2; k < x->shape.rank; k++)
        inner *= x->shape.dim[k];
    for (int64_t i = 0; i < x->shape.n; i++) {
        int64_t at = i / inner % channels;
        int64_t first = at - (size - 1) / 2, last = at + size / 2;
        double sum = 0;
        first = first < 0 ? 0 : first;
        last = last < channels ? last : channels - 1;
        for (int64_t k = first; k <= last; k++) {
            double v = value[i + (k - at) * inner];
            sum += v * v;
        }
        c->out->real[i] = pleats_fold_rounded(
            c, value[i] / pow(bias + alpha / (double)size * sum, beta));
    }
done:
    pleats_release(c->ctx, value);
    return status;
}

/* The number of the class of element i: of those that differ from it along the
 * reduced axes alone. */
static int64_t class_of(const pleats_tensor_shape *shape, const bool *reduced,
                        int64_t i)
{
    int64_t number = 0, stride[PLEATS_MAX_RANK];
    pleats_shape_strides(shape, stride);
    for (int k = 0; k < shape->rank; k++)
        if (!reduced[k])
            number = number * shape->dim[k] + i / stride[k] % shape->dim[k];
    return number;
}

/* (x - mean) / (deviation + 1e-9) over axes 0, 2, 3 unless given. */
pleats_status pleats_fold_mean_variance(pleats_call *c)
{
    enum { SUM, SQUARES, COUNT, N_SUMS };
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    bool reduced[PLEATS_MAX_RANK] = {true, false, true, true};
    double *value = NULL, *sum = NULL;
    pleats_ints axes = {0};
    TRY(begin(c, &x, &value));
    TRY(pleats_call_ints(c, "axes", &axes));
    for (int k = 0; axes.present && k < PLEATS_MAX_RANK; k++)
        reduced[k] = false;
    for (size_t i = 0; i < axes.n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.v[i], x->shape.rank, &k));
        reduced[k] = true;
    }
    TRY(pleats_alloc(c->ctx, (size_t)x->shape.n, N_SUMS * sizeof *sum, &sum));
    for (int64_t i = 0; i < x->shape.n; i++) {
        double *s = sum + N_SUMS * class_of(&x->shape, reduced, i);
        s[SUM] += value[i];
        s[COUNT] += 1;
    }
    for (int64_t i = 0; i < x->shape.n; i++) {
        double *s = sum + N_SUMS * class_of(&x->shape, reduced, i);
        double d = value[i] - s[SUM] / s[COUNT];
        s[SQUARES] += d * d;
    }
    for (int64_t i = 0; i < x->shape.n; i++) {
        const double *s = sum + N_SUMS * class_of(&x->shape, reduced, i);
        double d = value[i] - s[SUM] / s[COUNT];
        c->out->real[i] =
            pleats_fold_rounded(c, d / (sqrt(s[SQUARES] / s[COUNT]) + 1e-9));
    }
done:
    pleats_release(c->ctx, value);
    pleats_release(c->ctx, sum);
    return status;
}
