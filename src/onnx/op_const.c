/* Constants, and arithmetic on shapes that exporters leave in a file. */
#include "onnx/ops.h"

#include "onnx/stored.h"

#include <math.h>
#include <string.h>

static pleats_status constant_list(const pleats_call *c,
                                   pleats_tensor_sort sort, size_t rank,
                                   size_t n, pleats_tensor *out)
{
    pleats_tensor_shape shape = {0};
    pleats_status status =
        pleats_shape_set(c->ctx, rank, (int64_t[]){(int64_t)n}, &shape);
    return status == PLEATS_OK ? pleats_tensor_new(c->ctx, sort, &shape, out)
                               : status;
}

pleats_status pleats_op_constant(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const char *const names[] = {"value",        "sparse_value", "value_float",
                                 "value_floats", "value_int",    "value_ints"};
    const Onnx__AttributeProto *a[6] = {0};
    for (int i = 0; i < 6; i++)
        a[i] = pleats_node_attribute(c->graph, c->node, names[i]);
    if (a[0] && a[0]->t) {
        TRY(pleats_stored_read(c->ctx, a[0]->t, c->path, c->out));
    } else if (a[1] && a[1]->sparse_tensor) {
        TRY(pleats_stored_read_sparse(c->ctx, a[1]->sparse_tensor, c->path,
                                      c->out));
    } else if (a[2] && a[2]->has_f) {
        TRY(constant_list(c, PLEATS_TENSOR_REAL, 0, 1, c->out));
        c->out->real[0] = (double)a[2]->f;
    } else if (a[3]) {
        TRY(constant_list(c, PLEATS_TENSOR_REAL, 1, a[3]->n_floats, c->out));
        for (size_t i = 0; i < a[3]->n_floats; i++)
            c->out->real[i] = (double)a[3]->floats[i];
    } else if (a[4] && a[4]->has_i) {
        TRY(constant_list(c, PLEATS_TENSOR_INT, 0, 1, c->out));
        c->out->integer[0] = a[4]->i;
    } else if (a[5]) {
        TRY(constant_list(c, PLEATS_TENSOR_INT, 1, a[5]->n_ints, c->out));
        for (size_t i = 0; i < a[5]->n_ints; i++)
            c->out->integer[i] = a[5]->ints[i];
    } else {
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "it holds no numbers (texts are not supported)"));
    }
done:
    return status;
}

pleats_status pleats_op_constant_of_shape(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_ints sizes = {0};
    pleats_tensor_shape shape = {0};
    pleats_tensor value = {0};
    const Onnx__AttributeProto *a =
        pleats_node_attribute(c->graph, c->node, "value");
    TRY(pleats_call_list(c, 0, NULL, &sizes));
    TRY(pleats_shape_set(c->ctx, sizes.n, sizes.v, &shape));
    if (a && a->t)
        TRY(pleats_stored_read(c->ctx, a->t, c->path, &value));
    else
        TRY(constant_list(c, PLEATS_TENSOR_REAL, 0, 1, &value));
    if (value.shape.n != 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its value is not one number"));
    value.shape = (pleats_tensor_shape){.n = 1};
    TRY(pleats_tensor_expand(c->ctx, &value, &shape, c->out));
done:
    pleats_tensor_clear(c->ctx, &value);
    return status;
}

pleats_status pleats_op_shape(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    int64_t start = 0, end = 0, rank = 0;
    TRY(pleats_call_need(c, 0, &x));
    rank = x->shape.rank;
    TRY(pleats_call_int(c, "start", 0, &start));
    TRY(pleats_call_int(c, "end", rank, &end));
    start = start < -rank ? 0 : start < 0 ? start + rank : start;
    end = end < -rank ? 0 : end < 0 ? end + rank : end > rank ? rank : end;
    TRY(constant_list(c, PLEATS_TENSOR_INT, 1,
                      start < end ? (size_t)(end - start) : 0, c->out));
    for (int64_t k = start; k < end; k++)
        c->out->integer[k - start] = x->shape.dim[k];
done:
    return status;
}

pleats_status pleats_op_size(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    TRY(pleats_call_need(c, 0, &x));
    TRY(constant_list(c, PLEATS_TENSOR_INT, 0, 1, c->out));
    c->out->integer[0] = x->shape.n;
done:
    return status;
}

/* Ones on diagonal k of a matrix like the input, of the input's type unless
 * `dtype` says otherwise. */
pleats_status pleats_op_eye_like(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    int64_t k = 0, type = 0, columns = 0;
    bool integers = false;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_int(c, "k", 0, &k));
    TRY(pleats_call_int(c, "dtype", 0, &type));
    if (x->shape.rank != 2)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its input has %d axes, not 2",
                        x->shape.rank));
    integers = type ? pleats_stored_type_is_integer((int32_t)type)
                    : x->sort == PLEATS_TENSOR_INT;
    TRY(pleats_tensor_new(c->ctx,
                          integers ? PLEATS_TENSOR_INT : PLEATS_TENSOR_REAL,
                          &x->shape, c->out));
    columns = x->shape.dim[1];
    for (int64_t i = 0; i < x->shape.n; i++) {
        bool one = i % columns - i / columns == k;
        if (integers)
            c->out->integer[i] = one;
        else
            c->out->real[i] = one;
    }
done:
    return status;
}

/* start, start + step, ... before limit */
static pleats_status integer_range(const pleats_call *c, int64_t start,
                                   int64_t limit, int64_t step)
{
    pleats_status status = PLEATS_OK;
    int64_t span = 0, n = 0;
    if (step == 0 || step == INT64_MIN ||
        __builtin_sub_overflow(limit, start, &span))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "a range without end"));
    n = (span > 0) == (step > 0) && span
            ? (span - (span > 0 ? 1 : -1)) / step + 1
            : 0;
    TRY(constant_list(c, PLEATS_TENSOR_INT, 1, (size_t)n, c->out));
    for (int64_t i = 0; i < n; i++)
        c->out->integer[i] = start + i * step;
done:
    return status;
}

static pleats_status real_range(const pleats_call *c, pleats_number start,
                                pleats_number limit, pleats_number step)
{
    pleats_status status = PLEATS_OK;
    double n = ceil(pleats_number_nearest(
        c->pool,
        pleats_call_div(
            c, pleats_call_add(c, limit, pleats_number_neg(c->pool, start)),
            step)));
    if (!(fabs(n) <= (double)PLEATS_MAX_ELEMENTS))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "a range without end"));
    TRY(constant_list(c, PLEATS_TENSOR_REAL, 1, n > 0 ? (size_t)n : 0, c->out));
    for (int64_t i = 0; i < c->out->shape.n; i++)
        c->out->real[i] =
            pleats_call_add(c, start, pleats_call_mul(c, (double)i, step));
done:
    return status;
}

pleats_status pleats_op_range(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t[3] = {0};
    bool integers = true;
    for (int k = 0; k < 3; k++) {
        TRY(pleats_call_need(c, k, &t[k]));
        if (!pleats_tensor_is_const(t[k]) || t[k]->shape.n != 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "input %d is not one constant number", k));
        integers = integers && t[k]->sort == PLEATS_TENSOR_INT;
    }
    if (integers)
        TRY(integer_range(c, t[0]->integer[0], t[1]->integer[0],
                          t[2]->integer[0]));
    else
        TRY(real_range(c, pleats_call_real(c, t[0], 0),
                       pleats_call_real(c, t[1], 0),
                       pleats_call_real(c, t[2], 0)));
done:
    return status;
}

/* Coordinates of the elements that are not 0: [rank x how many]. */
pleats_status pleats_op_non_zero(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_tensor_shape shape = {0};
    int64_t stride[PLEATS_MAX_RANK], n = 0, at = 0;
    TRY(pleats_call_need(c, 0, &x));
    if (!pleats_tensor_is_const(x))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its input is not constant"));
    for (int64_t i = 0; i < x->shape.n; i++)
        n += pleats_tensor_real(x, i) != 0;
    TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){x->shape.rank, n}, &shape));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &shape, c->out));
    pleats_shape_strides(&x->shape, stride);
    for (int64_t i = 0; i < x->shape.n; i++) {
        if (pleats_tensor_real(x, i) == 0)
            continue;
        for (int k = 0; k < x->shape.rank; k++)
            c->out->integer[k * n + at] = i / stride[k] % x->shape.dim[k];
        at++;
    }
done:
    return status;
}
