/* Operators that only rename elements. */
#include "onnx/ops.h"
#include "onnx/small_floats.h"
#include "onnx/stored.h"

pleats_status pleats_op_identity(pleats_call *c)
{
    const pleats_tensor *x = NULL;
    pleats_status status = pleats_call_need(c, 0, &x);
    return status == PLEATS_OK
               ? pleats_tensor_reshape(c->ctx, x, &x->shape, c->out)
               : status;
}

pleats_status pleats_op_dropout(pleats_call *c)
{
    double training = 0;
    bool present = false;
    pleats_status status =
        pleats_call_number(c, 2, "training_mode", &training, &present);
    if (status == PLEATS_OK && training != 0)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "Dropout in training mode is random");
    return status == PLEATS_OK ? pleats_op_identity(c) : status;
}

/* An integer, or a real number towards 0. */
static pleats_status to_integers(const pleats_call *c, const pleats_tensor *x,
                                 bool is_bool)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &x->shape, c->out));
    for (int64_t i = 0; i < x->shape.n; i++) {
        double value = pleats_tensor_real(x, i);
        if (is_bool)
            c->out->integer[i] =
                x->sort == PLEATS_TENSOR_INT ? x->integer[i] != 0 : value != 0;
        else if (x->sort == PLEATS_TENSOR_INT)
            c->out->integer[i] = x->integer[i];
        else if (!pleats_number_to_integer(c->pool, value, &c->out->integer[i]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a number does not fit an integer"));
    }
done:
    return status;
}

static pleats_number as_real(const pleats_call *c, const pleats_tensor *x,
                             int64_t i, const pleats_float_format *format)
{
    bool is_integer = x->sort == PLEATS_TENSOR_INT;
    if (format && is_integer && format->fraction == 23)
        return (double)(float)x->integer[i];
    if (format && (is_integer || !pleats_number_is_rational(x->real[i])))
        return pleats_float_round(format, pleats_tensor_real(x, i));
    return pleats_call_real(c, x, i);
}

/* A constant becomes the number of the format (NULL: double) next to it, which
 * is what the file defines.  What depends on the input stays what it is, and so
 * does what only exact arithmetic on constants made: the network is evaluated
 * in real arithmetic. */
static pleats_status to_reals(const pleats_call *c, const pleats_tensor *x,
                              const pleats_float_format *format)
{
    pleats_status status = PLEATS_OK;
    if (x->sort == PLEATS_TENSOR_VAR)
        return pleats_tensor_reshape(c->ctx, x, &x->shape, c->out);
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, c->out));
    for (int64_t i = 0; i < x->shape.n; i++)
        c->out->real[i] = as_real(c, x, i, format);
done:
    return status;
}

/* Numbers that do not fit the integer type are refused: what becomes of them
 * is not defined. */
static pleats_status check_range(const pleats_call *c, int32_t type)
{
    int bits = pleats_stored_integer_bits(type);
    bool is_signed = bits < 0;
    bits = is_signed ? -bits - 1 : bits;
    for (int64_t i = 0; bits && bits < 63 && i < c->out->shape.n; i++) {
        int64_t v = c->out->integer[i], top = (int64_t)1 << bits;
        if (v >= top || v < (is_signed ? -top : 0))
            return pleats_fail(c->ctx, PLEATS_INVALID,
                               "the number %lld does not fit the type %s",
                               (long long)v, pleats_stored_type_name(type));
    }
    return PLEATS_OK;
}

pleats_status pleats_cast(const pleats_call *c, const pleats_tensor *x,
                          int64_t to)
{
    pleats_status status = PLEATS_OK;
    int32_t type = to > 0 && to < 1 << 16 ? (int32_t)to : 0;
    bool is_bool = type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL;
    if (type == ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE ||
        pleats_float_format_of(type)) {
        TRY(to_reals(c, x, pleats_float_format_of(type)));
        if (x->sort == PLEATS_TENSOR_VAR)
            TRY(pleats_stored_remark(c->ctx, type));
    } else if (pleats_stored_type_is_integer(type)) {
        if (x->sort == PLEATS_TENSOR_VAR)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "Cast to integers is not continuous"));
        TRY(to_integers(c, x, is_bool));
        if (!is_bool)
            TRY(check_range(c, type));
    } else {
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "Cast to type %lld (%s) is not supported; floats and "
                        "integers are",
                        (long long)to, pleats_stored_type_name(type)));
    }
done:
    return status;
}

pleats_status pleats_op_cast(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    int64_t to = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_int(c, "to", 0, &to));
    TRY(pleats_cast(c, x, to));
done:
    return status;
}

pleats_status pleats_op_flatten(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_tensor_shape shape = {0};
    int64_t axis = 0, dim[2] = {1, 1};
    int k = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_int(c, "axis", 1, &axis));
    if (axis == x->shape.rank)
        k = x->shape.rank;
    else
        TRY(pleats_axis(c->ctx, axis, x->shape.rank, &k));
    for (int i = 0; i < x->shape.rank; i++)
        dim[i >= k] *= x->shape.dim[i];
    TRY(pleats_shape_set(c->ctx, 2, dim, &shape));
    TRY(pleats_tensor_reshape(c->ctx, x, &shape, c->out));
done:
    return status;
}

/* Sizes with 0 (copy the input's) and one -1 (what is left). */
static pleats_status wanted_shape(const pleats_call *c,
                                  const pleats_tensor_shape *x,
                                  const pleats_ints *sizes, bool zero_is_zero,
                                  pleats_tensor_shape *out)
{
    pleats_status status = PLEATS_OK;
    int64_t dim[PLEATS_MAX_RANK] = {0};
    int open = -1;
    if (sizes->n > PLEATS_MAX_RANK)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "a shape of %zu axes",
                        sizes->n));
    for (size_t k = 0; k < sizes->n; k++) {
        dim[k] = sizes->v[k];
        if (dim[k] == 0 && !zero_is_zero) {
            if (k >= (size_t)x->rank)
                TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                                "size 0 copies axis %zu, which is not there",
                                k));
            dim[k] = x->dim[k];
        } else if (dim[k] == -1) {
            if (open >= 0)
                TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                                "two sizes of the new shape are -1"));
            open = (int)k;
            dim[k] = 1;
        }
    }
    TRY(pleats_shape_set(c->ctx, sizes->n, dim, out));
    if (open >= 0) {
        dim[open] = out->n ? x->n / out->n : 0;
        TRY(pleats_shape_set(c->ctx, sizes->n, dim, out));
    }
done:
    return status;
}

pleats_status pleats_op_reshape(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints sizes = {0};
    pleats_tensor_shape shape = {0};
    int64_t zero_is_zero = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, NULL, &sizes));
    TRY(pleats_call_int(c, "allowzero", 0, &zero_is_zero));
    if (!sizes.present)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its shape is missing"));
    TRY(wanted_shape(c, &x->shape, &sizes, zero_is_zero != 0, &shape));
    TRY(pleats_tensor_reshape(c->ctx, x, &shape, c->out));
done:
    return status;
}

pleats_status pleats_op_squeeze(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints axes = {0};
    pleats_tensor_shape shape = {0};
    bool gone[PLEATS_MAX_RANK] = {0};
    int64_t dim[PLEATS_MAX_RANK];
    size_t rank = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, "axes", &axes));
    for (size_t i = 0; i < axes.n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.v[i], x->shape.rank, &k));
        gone[k] = true;
        if (x->shape.dim[k] != 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "axis %d has size %lld, not 1", k,
                            (long long)x->shape.dim[k]));
    }
    for (int k = 0; k < x->shape.rank; k++)
        if (!gone[k] && (axes.present || x->shape.dim[k] != 1))
            dim[rank++] = x->shape.dim[k];
    TRY(pleats_shape_set(c->ctx, rank, dim, &shape));
    TRY(pleats_tensor_reshape(c->ctx, x, &shape, c->out));
done:
    return status;
}

pleats_status pleats_op_unsqueeze(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints axes = {0};
    pleats_tensor_shape shape = {0};
    bool fresh[PLEATS_MAX_RANK] = {0};
    int64_t dim[PLEATS_MAX_RANK];
    int rank = 0, from = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, "axes", &axes));
    if (!axes.present || axes.n > (size_t)(PLEATS_MAX_RANK - x->shape.rank))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its axes are missing or too many"));
    rank = x->shape.rank + (int)axes.n;
    for (size_t i = 0; i < axes.n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.v[i], rank, &k));
        if (fresh[k])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "axis %d comes twice", k));
        fresh[k] = true;
    }
    for (int k = 0; k < rank; k++)
        dim[k] = fresh[k] ? 1 : x->shape.dim[from++];
    TRY(pleats_shape_set(c->ctx, (size_t)rank, dim, &shape));
    TRY(pleats_tensor_reshape(c->ctx, x, &shape, c->out));
done:
    return status;
}

pleats_status pleats_op_transpose(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints perm = {0};
    int axis[PLEATS_MAX_RANK], rank = 0;
    bool used[PLEATS_MAX_RANK] = {0};
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_ints(c, "perm", &perm));
    rank = x->shape.rank;
    if (perm.present && perm.n != (size_t)rank)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "perm has %zu axes, not %d",
                        perm.n, rank));
    for (int k = 0; k < rank; k++) {
        int64_t from = perm.present ? perm.v[k] : rank - 1 - k;
        TRY(pleats_axis(c->ctx, from, rank, &axis[k]));
        if (used[axis[k]])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "perm is no permutation"));
        used[axis[k]] = true;
    }
    TRY(pleats_tensor_transpose(c->ctx, x, axis, c->out));
done:
    return status;
}
