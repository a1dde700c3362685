/* Elements chosen by constant indices, one by one. */
#include "onnx/ops.h"
#include "onnx/pick.h"

/* The output's element i is x's element from[i], 0 for -1. */
static pleats_status pick(const pleats_call *c, const pleats_tensor *x,
                          const int64_t *from, const pleats_tensor_shape *shape)
{
    return pleats_tensor_pick(c->ctx, x, from, shape, c->out);
}

/* Where coordinates `at` of a tensor with these strides lie. */
static int64_t place(int rank, const int64_t *at, const int64_t *stride)
{
    int64_t sum = 0;
    for (int k = 0; k < rank; k++)
        sum += at[k] * stride[k];
    return sum;
}

pleats_status pleats_op_tile(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints repeats = {0};
    pleats_selection s = {0};
    pleats_tensor_shape shape = {0};
    int64_t stride[PLEATS_MAX_RANK];
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, NULL, &repeats));
    if (repeats.n != (size_t)x->shape.rank)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%zu repeats for %d axes",
                        repeats.n, x->shape.rank));
    shape = x->shape;
    for (int k = 0; k < shape.rank; k++)
        if (repeats.v[k] < 0 ||
            __builtin_mul_overflow(shape.dim[k], repeats.v[k], &shape.dim[k]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%lld repeats of axis %d",
                            (long long)repeats.v[k], k));
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_selection_new(c->ctx, &shape, &s));
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < shape.rank; k++)
        for (int64_t j = 0; j < shape.dim[k]; j++)
            s.offset[k][j] = j % x->shape.dim[k] * stride[k];
    TRY(pleats_tensor_select(c->ctx, x, &s, NULL, c->out));
done:
    pleats_selection_clear(c->ctx, &s);
    return status;
}

pleats_status pleats_op_gather_elements(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *index = NULL;
    int64_t *from = NULL, axis = 0;
    int64_t at[PLEATS_MAX_RANK], stride[PLEATS_MAX_RANK];
    int k = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_INT, &index));
    TRY(pleats_call_int(c, "axis", 0, &axis));
    TRY(pleats_axis(c->ctx, axis, x->shape.rank, &k));
    if (index->shape.rank != x->shape.rank)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its indices have %d axes, its data %d",
                        index->shape.rank, x->shape.rank));
    for (int i = 0; i < x->shape.rank; i++)
        if (i != k && index->shape.dim[i] > x->shape.dim[i])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its indices are longer than its data on axis %d",
                            i));
    TRY(pleats_alloc(c->ctx, (size_t)index->shape.n, sizeof *from, &from));
    pleats_shape_strides(&x->shape, stride);
    for (int64_t i = 0; i < index->shape.n; i++) {
        pleats_shape_coordinates(&index->shape, i, at);
        TRY(pleats_call_index(c, index->integer[i], x->shape.dim[k], &at[k]));
        from[i] = place(x->shape.rank, at, stride);
    }
    TRY(pick(c, x, from, &index->shape));
done:
    pleats_release(c->ctx, from);
    return status;
}

/* Checks the axes of GatherND and gives the result's shape: the indices' axes
 * but the last, of size q, and what q indices after `batch` axes leave. */
static pleats_status gather_nd_shape(const pleats_call *c,
                                     const pleats_tensor_shape *x,
                                     const pleats_tensor_shape *index,
                                     int64_t batch, pleats_tensor_shape *out)
{
    pleats_status status = PLEATS_OK;
    int64_t dim[2 * PLEATS_MAX_RANK];
    int64_t q = index->rank ? index->dim[index->rank - 1] : 0;
    size_t rank = 0;
    if (index->rank < 1 || batch < 0 || batch >= index->rank || q < 1 ||
        batch + q > x->rank)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "%lld indices after %lld batch axes of %d axes",
                        (long long)q, (long long)batch, x->rank));
    for (int k = 0; k < batch; k++)
        if (x->dim[k] != index->dim[k])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "batch axis %d differs between data and indices",
                            k));
    for (int k = 0; k < index->rank - 1; k++)
        dim[rank++] = index->dim[k];
    for (int k = (int)(batch + q); k < x->rank; k++)
        dim[rank++] = x->dim[k];
    TRY(pleats_shape_set(c->ctx, rank, dim, out));
done:
    return status;
}

pleats_status pleats_op_gather_nd(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *index = NULL;
    pleats_tensor_shape shape = {0};
    int64_t *from = NULL, batch = 0, q = 0, n = 0, inner = 1, per_batch = 1;
    int64_t stride[PLEATS_MAX_RANK];
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_INT, &index));
    TRY(pleats_call_int(c, "batch_dims", 0, &batch));
    TRY(gather_nd_shape(c, &x->shape, &index->shape, batch, &shape));
    TRY(pleats_alloc(c->ctx, (size_t)shape.n, sizeof *from, &from));
    pleats_shape_strides(&x->shape, stride);
    q = index->shape.dim[index->shape.rank - 1];
    n = index->shape.n / q;
    inner = stride[batch + q - 1];
    for (int k = (int)batch; k < index->shape.rank - 1; k++)
        per_batch *= index->shape.dim[k];
    for (int64_t i = 0; i < n; i++) {
        int64_t base = batch ? i / per_batch * stride[batch - 1] : 0;
        for (int64_t j = 0; j < q; j++) {
            int64_t at = 0;
            TRY(pleats_call_index(c, index->integer[i * q + j],
                                  x->shape.dim[batch + j], &at));
            base += at * stride[batch + j];
        }
        for (int64_t j = 0; j < inner && shape.n; j++)
            from[i * inner + j] = base + j;
    }
    TRY(pick(c, x, from, &shape));
done:
    pleats_release(c->ctx, from);
    return status;
}

/* Entries of the axis (none: of the flat list) whose condition holds. */
pleats_status pleats_op_compress(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *condition = NULL;
    pleats_tensor flat = {0};
    pleats_selection s = {0};
    pleats_tensor_shape shape = {0};
    int64_t axis = 0, stride[PLEATS_MAX_RANK], n = 0;
    int k = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_INT, &condition));
    TRY(pleats_shape_set(c->ctx, 1, &x->shape.n, &shape));
    if (pleats_node_attribute(c->graph, c->node, "axis")) {
        TRY(pleats_call_int(c, "axis", 0, &axis));
        shape = x->shape;
    }
    TRY(pleats_tensor_reshape(c->ctx, x, &shape, &flat));
    TRY(pleats_axis(c->ctx, axis, shape.rank, &k));
    if (condition->shape.rank != 1 || condition->shape.n > shape.dim[k])
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its condition must be a list of at most %lld entries",
                        (long long)shape.dim[k]));
    shape.dim[k] = 0;
    for (int64_t j = 0; j < condition->shape.n; j++)
        shape.dim[k] += condition->integer[j] != 0;
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_selection_new(c->ctx, &shape, &s));
    pleats_shape_strides(&flat.shape, stride);
    for (int i = 0; i < shape.rank; i++)
        pleats_selection_ramp(&s, i, 0, stride[i]);
    for (int64_t j = 0; j < condition->shape.n; j++)
        if (condition->integer[j] != 0)
            s.offset[k][n++] = j * stride[k];
    TRY(pleats_tensor_select(c->ctx, &flat, &s, NULL, c->out));
done:
    pleats_selection_clear(c->ctx, &s);
    pleats_tensor_clear(c->ctx, &flat);
    return status;
}

/* The first lengths[b] entries of the time axis, reversed. */
pleats_status pleats_op_reverse_sequence(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *length = NULL;
    int64_t *from = NULL, batch = 1, time = 0;
    int64_t at[PLEATS_MAX_RANK], stride[PLEATS_MAX_RANK];
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_INT, &length));
    TRY(pleats_call_int(c, "batch_axis", 1, &batch));
    TRY(pleats_call_int(c, "time_axis", 0, &time));
    if (x->shape.rank < 2 || batch < 0 || batch > 1 || time != 1 - batch ||
        length->shape.n != x->shape.dim[batch])
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its axes or lengths do not fit its input"));
    for (int64_t i = 0; i < length->shape.n; i++)
        if (length->integer[i] < 0 || length->integer[i] > x->shape.dim[time])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a length of %lld on an axis of size %lld",
                            (long long)length->integer[i],
                            (long long)x->shape.dim[time]));
    TRY(pleats_alloc(c->ctx, (size_t)x->shape.n, sizeof *from, &from));
    pleats_shape_strides(&x->shape, stride);
    for (int64_t i = 0; i < x->shape.n; i++) {
        pleats_shape_coordinates(&x->shape, i, at);
        int64_t n = length->integer[at[batch]];
        if (at[time] < n)
            at[time] = n - 1 - at[time];
        from[i] = place(x->shape.rank, at, stride);
    }
    TRY(pick(c, x, from, &x->shape));
done:
    pleats_release(c->ctx, from);
    return status;
}

/* The triangle of each matrix on one side of diagonal k, 0 elsewhere. */
pleats_status pleats_op_trilu(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints diagonal = {0};
    int64_t *from = NULL, upper = 1, rows = 0, columns = 0, k = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, NULL, &diagonal));
    TRY(pleats_call_int(c, "upper", 1, &upper));
    if (x->shape.rank < 2 || (diagonal.present && diagonal.n != 1))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "it needs matrices and one diagonal"));
    rows = x->shape.dim[x->shape.rank - 2];
    columns = x->shape.dim[x->shape.rank - 1];
    k = diagonal.present ? diagonal.v[0] : 0;
    k = k > columns ? columns : k < -rows - 1 ? -rows - 1 : k;
    TRY(pleats_alloc(c->ctx, (size_t)x->shape.n, sizeof *from, &from));
    for (int64_t i = 0; i < x->shape.n; i++) {
        int64_t off = i % columns - i / columns % rows;
        from[i] = (upper ? off >= k : off <= k) ? i : -1;
    }
    TRY(pick(c, x, from, &x->shape));
done:
    pleats_release(c->ctx, from);
    return status;
}

/* values[0] everywhere, values[1] where the new axis has the index. */
pleats_status pleats_op_one_hot(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *index = NULL, *values = NULL;
    pleats_tensor_shape shape = {0};
    double depth = 0;
    bool present = false;
    int64_t *from = NULL, axis = 0, inner = 1, n = 0;
    int64_t dim[PLEATS_MAX_RANK + 1];
    int k = 0, rank = 0;
    TRY(pleats_call_need(c, 0, &index));
    TRY(pleats_call_number(c, 1, "depth", &depth, &present));
    TRY(pleats_call_need(c, 2, &values));
    if (!pleats_tensor_is_const(index) || values->shape.n != 2 ||
        !(depth >= 1 && depth <= (double)PLEATS_MAX_ELEMENTS))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "it needs constant indices, a depth and two values"));
    n = (int64_t)depth;
    TRY(pleats_call_int(c, "axis", -1, &axis));
    TRY(pleats_axis(c->ctx, axis, index->shape.rank + 1, &k));
    for (int i = 0; i < index->shape.rank; i++) {
        if (i == k)
            dim[rank++] = n;
        dim[rank++] = index->shape.dim[i];
        inner *= i >= k ? index->shape.dim[i] : 1;
    }
    if (k == index->shape.rank)
        dim[rank++] = n;
    TRY(pleats_shape_set(c->ctx, (size_t)rank, dim, &shape));
    TRY(pleats_alloc(c->ctx, (size_t)shape.n, sizeof *from, &from));
    for (int64_t i = 0; i < shape.n; i++) {
        int64_t which = i / (inner * n) * inner + i % inner;
        double hot =
            pleats_number_nearest(c->pool, pleats_call_real(c, index, which));
        from[i] = (hot < 0 ? hot + depth : hot) == (double)(i / inner % n);
    }
    TRY(pick(c, values, from, &shape));
done:
    pleats_release(c->ctx, from);
    return status;
}
