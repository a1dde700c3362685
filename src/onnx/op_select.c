/* Operators that choose elements: slices, parts, padding, gathering. */
#include "onnx/ops.h"

#include <string.h>

/* All elements of x along every axis. */
static pleats_status select_all(const pleats_call *c, const pleats_tensor *x,
                                const pleats_tensor_shape *shape,
                                pleats_selection *s)
{
    pleats_status status = PLEATS_OK;
    int64_t stride[PLEATS_MAX_RANK];
    TRY(pleats_selection_new(c->ctx, shape, s));
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < shape->rank; k++)
        pleats_selection_ramp(s, k, 0, stride[k]);
done:
    return status;
}

/* Elements start, start + step, ... before `end` of an axis of size n, as
 * Python's slices choose them. */
static pleats_status slice_range(const pleats_call *c, int64_t n,
                                 int64_t *start, int64_t end, int64_t step,
                                 int64_t *count)
{
    int64_t low = step < 0 ? -1 : 0, high = step < 0 ? n - 1 : n;
    int64_t from = *start;
    if (step == 0 || step == INT64_MIN)
        return pleats_fail(c->ctx, PLEATS_INVALID, "a step of %lld",
                           (long long)step);
    from = from < -n ? low : from < 0 ? from + n : from;
    end = end < -n ? low : end < 0 ? end + n : end;
    from = from < low ? low : from > high ? high : from;
    end = end < low ? low : end > high ? high : end;
    int64_t span = step < 0 ? from - end : end - from;
    int64_t pace = step < 0 ? -step : step;
    *count = span <= 0 ? 0 : (span - 1) / pace + 1;
    *start = from;
    return PLEATS_OK;
}

pleats_status pleats_op_slice(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_selection s = {0};
    pleats_tensor_shape shape = {0};
    pleats_ints starts = {0}, ends = {0}, axes = {0}, steps = {0};
    int64_t stride[PLEATS_MAX_RANK], first[PLEATS_MAX_RANK] = {0};
    int64_t step[PLEATS_MAX_RANK];
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, "starts", &starts));
    TRY(pleats_call_list(c, 2, "ends", &ends));
    TRY(pleats_call_list(c, 3, "axes", &axes));
    TRY(pleats_call_list(c, 4, NULL, &steps));
    if (starts.n != ends.n || (axes.present && axes.n != starts.n) ||
        (steps.present && steps.n != starts.n))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "starts, ends, axes and steps differ in length"));
    shape = x->shape;
    for (int k = 0; k < shape.rank; k++)
        step[k] = 1;
    for (size_t i = 0; i < starts.n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.present ? axes.v[i] : (int64_t)i,
                        shape.rank, &k));
        first[k] = starts.v[i];
        step[k] = steps.present ? steps.v[i] : 1;
        TRY(slice_range(c, x->shape.dim[k], &first[k], ends.v[i], step[k],
                        &shape.dim[k]));
    }
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_selection_new(c->ctx, &shape, &s));
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < shape.rank; k++)
        for (int64_t j = 0; j < shape.dim[k]; j++)
            s.offset[k][j] = (first[k] + j * step[k]) * stride[k];
    TRY(pleats_tensor_select(c->ctx, x, &s, NULL, c->out));
done:
    pleats_selection_clear(c->ctx, &s);
    return status;
}

/* Sizes of the parts: stated, or equal ones with a smaller last one. */
static pleats_status split_sizes(const pleats_call *c, int64_t whole,
                                 int64_t *size)
{
    pleats_status status = PLEATS_OK;
    pleats_ints stated = {0};
    int64_t n = c->node->n_out, parts = n, sum = 0, each = 0;
    TRY(pleats_call_list(c, 1, "split", &stated));
    TRY(pleats_call_int(c, "num_outputs", n, &parts));
    each = (whole + n - 1) / n;
    if (stated.present ? stated.n != (size_t)n
                       : parts != n || (c->opset < 18 && whole % n))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "it cannot split %lld into %lld outputs",
                        (long long)whole, (long long)n));
    for (int64_t i = 0; i < n; i++) {
        int64_t rest = whole - sum;
        size[i] = stated.present ? stated.v[i] : each < rest ? each : rest;
        if (size[i] < 0 || size[i] > rest)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "part %lld of a split has size %lld", (long long)i,
                            (long long)size[i]));
        sum += size[i];
    }
    if (sum != whole)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "the parts of a split have %lld entries, not %lld",
                        (long long)sum, (long long)whole));
done:
    return status;
}

pleats_status pleats_op_split(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_selection s = {0};
    int64_t *size = NULL, axis = 0, first = 0, stride[PLEATS_MAX_RANK];
    int k = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_int(c, "axis", 0, &axis));
    TRY(pleats_axis(c->ctx, axis, x->shape.rank, &k));
    TRY(pleats_alloc(c->ctx, (size_t)c->node->n_out, sizeof *size, &size));
    TRY(split_sizes(c, x->shape.dim[k], size));
    pleats_shape_strides(&x->shape, stride);
    for (pleats_idx i = 0; i < c->node->n_out; i++) {
        pleats_tensor_shape shape = x->shape;
        shape.dim[k] = size[i];
        TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
        TRY(select_all(c, x, &shape, &s));
        pleats_selection_ramp(&s, k, first * stride[k], stride[k]);
        TRY(pleats_tensor_select(c->ctx, x, &s, NULL, &c->out[i]));
        pleats_selection_clear(c->ctx, &s);
        first += size[i];
    }
done:
    pleats_release(c->ctx, size);
    pleats_selection_clear(c->ctx, &s);
    return status;
}

/* The joined shape and sort of the n tensors. */
static pleats_status concat_shape(const pleats_call *c, pleats_idx n,
                                  const pleats_tensor *const *t, int axis,
                                  pleats_tensor_shape *shape,
                                  pleats_tensor_sort *sort)
{
    pleats_status status = PLEATS_OK;
    int64_t sum = 0;
    *shape = t[0]->shape;
    *sort = PLEATS_TENSOR_INT;
    for (pleats_idx i = 0; i < n; i++) {
        bool fits = t[i]->shape.rank == shape->rank;
        for (int k = 0; fits && k < shape->rank; k++)
            fits = k == axis || t[i]->shape.dim[k] == shape->dim[k];
        if (!fits)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "input %d does not fit the others", i));
        sum += t[i]->shape.dim[axis];
        *sort = t[i]->sort > *sort ? t[i]->sort : *sort;
    }
    shape->dim[axis] = sum;
    TRY(pleats_shape_set(c->ctx, (size_t)shape->rank, shape->dim, shape));
done:
    return status;
}

/* Copies t, blocks of `inner` elements, to every block of `pace` elements of
 * the result, from `first` on. */
static pleats_status concat_one(const pleats_call *c, const pleats_tensor *t,
                                int64_t inner, int64_t pace, int64_t first)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor scalars = {0};
    bool variable = c->out->sort == PLEATS_TENSOR_VAR;
    if (variable)
        TRY(pleats_call_scalars(c, t, true, &scalars));
    for (int64_t i = 0; i < t->shape.n; i++) {
        int64_t to = i / inner * pace + first + i % inner;
        if (variable)
            c->out->scalar[to] = scalars.scalar[i];
        else if (c->out->sort == PLEATS_TENSOR_INT)
            c->out->integer[to] = t->integer[i];
        else
            c->out->real[to] = pleats_call_real(c, t, i);
    }
done:
    pleats_tensor_clear(c->ctx, &scalars);
    return status;
}

pleats_status pleats_concat(const pleats_call *c, pleats_idx n,
                            const pleats_tensor *const *t, int axis)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = {0};
    pleats_tensor_sort sort = PLEATS_TENSOR_NONE;
    int64_t tail = 1, first = 0;
    TRY(concat_shape(c, n, t, axis, &shape, &sort));
    TRY(pleats_tensor_new(c->ctx, sort, &shape, c->out));
    for (int k = axis + 1; k < shape.rank; k++)
        tail *= shape.dim[k];
    for (pleats_idx i = 0; i < n; i++) {
        int64_t inner = t[i]->shape.dim[axis] * tail;
        TRY(concat_one(c, t[i], inner, shape.dim[axis] * tail, first));
        first += inner;
    }
done:
    return status;
}

pleats_status pleats_op_concat(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    int64_t given = 0;
    int axis = 0;
    for (pleats_idx i = c->node->n_in; i-- > 1;)
        TRY(pleats_call_need(c, i, &t));
    TRY(pleats_call_need(c, 0, &t));
    if (!pleats_node_attribute(c->graph, c->node, "axis"))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its attribute axis is missing"));
    TRY(pleats_call_int(c, "axis", 0, &given));
    TRY(pleats_axis(c->ctx, given, t->shape.rank, &axis));
    TRY(pleats_concat(c, c->node->n_in, c->in, axis));
done:
    return status;
}

pleats_status pleats_op_expand(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints sizes = {0};
    pleats_tensor_shape shape = {0};
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, "shape", &sizes));
    TRY(pleats_shape_set(c->ctx, sizes.n, sizes.v, &shape));
    TRY(pleats_shape_broadcast(c->ctx, &x->shape, &shape, &shape));
    TRY(pleats_tensor_expand(c->ctx, x, &shape, c->out));
done:
    return status;
}

/* The chosen indices form one axis first; then the axis gets their shape. */
pleats_status pleats_op_gather(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *index = NULL;
    pleats_selection s = {0};
    pleats_tensor picked = {0};
    pleats_tensor_shape flat = {0}, shape = {0};
    int64_t axis = 0, stride[PLEATS_MAX_RANK], dim[2 * PLEATS_MAX_RANK];
    size_t rank = 0;
    int k = 0, at = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_INT, &index));
    TRY(pleats_call_int(c, "axis", 0, &axis));
    TRY(pleats_axis(c->ctx, axis, x->shape.rank, &k));
    flat = x->shape;
    flat.dim[k] = index->shape.n;
    TRY(pleats_shape_set(c->ctx, (size_t)flat.rank, flat.dim, &flat));
    TRY(select_all(c, x, &flat, &s));
    pleats_shape_strides(&x->shape, stride);
    for (int64_t j = 0; j < index->shape.n; j++) {
        int64_t i = index->integer[j], n = x->shape.dim[k];
        if (i < -n || i >= n)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "index %lld of an axis of size %lld", (long long)i,
                            (long long)n));
        s.offset[k][j] = (i < 0 ? i + n : i) * stride[k];
    }
    TRY(pleats_tensor_select(c->ctx, x, &s, NULL, &picked));
    for (at = 0; at < k; at++)
        dim[rank++] = x->shape.dim[at];
    for (at = 0; at < index->shape.rank; at++)
        dim[rank++] = index->shape.dim[at];
    for (at = k + 1; at < x->shape.rank; at++)
        dim[rank++] = x->shape.dim[at];
    TRY(pleats_shape_set(c->ctx, rank, dim, &shape));
    TRY(pleats_tensor_reshape(c->ctx, &picked, &shape, c->out));
done:
    pleats_selection_clear(c->ctx, &s);
    pleats_tensor_clear(c->ctx, &picked);
    return status;
}
