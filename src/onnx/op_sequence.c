/* Sequences of tensors: lists that exist only while the file is read. */
#include "onnx/ops.h"

/* Input k, which must be a sequence. */
static pleats_status need_sequence(const pleats_call *c, int k,
                                   const pleats_tensor **out)
{
    pleats_status status = pleats_call_need(c, k, out);
    if (status == PLEATS_OK && (*out)->sort != PLEATS_TENSOR_SEQUENCE)
        return pleats_fail(c->ctx, PLEATS_INVALID, "input %d is no sequence",
                           k);
    return status;
}

static pleats_status need_tensor(const pleats_call *c, int k,
                                 const pleats_tensor **out)
{
    pleats_status status = pleats_call_need(c, k, out);
    if (status == PLEATS_OK && (*out)->sort == PLEATS_TENSOR_SEQUENCE)
        return pleats_fail(c->ctx, PLEATS_INVALID, "input %d is a sequence", k);
    return status;
}

/* A sequence of n tensors that are not there yet. */
static pleats_status begin(const pleats_call *c, int64_t n)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = {0};
    TRY(pleats_shape_set(c->ctx, 1, &n, &shape));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_SEQUENCE, &shape, c->out));
done:
    return status;
}

static pleats_status copy(const pleats_call *c, const pleats_tensor *t,
                          pleats_tensor *out)
{
    return pleats_tensor_reshape(c->ctx, t, &t->shape, out);
}

/* The place in input k, `otherwise` when it is left out; 0 .. n - 1. */
static pleats_status read_place(const pleats_call *c, int k, int64_t otherwise,
                                int64_t n, int64_t *out)
{
    pleats_status status = PLEATS_OK;
    pleats_ints at = {0};
    int64_t i = otherwise;
    TRY(pleats_call_list(c, k, NULL, &at));
    if (at.present && at.n != 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it has %zu places", at.n));
    i = at.present ? at.v[0] : otherwise;
    if (i < -n || i >= n)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "place %lld of a sequence of %lld", (long long)i,
                        (long long)n));
    *out = i < 0 ? i + n : i;
done:
    return status;
}

pleats_status pleats_op_sequence_construct(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    TRY(begin(c, c->node->n_in));
    for (pleats_idx i = 0; i < c->node->n_in; i++) {
        TRY(need_tensor(c, i, &t));
        TRY(copy(c, t, &c->out->element[i]));
    }
done:
    return status;
}

pleats_status pleats_op_sequence_at(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *list = NULL;
    int64_t i = 0;
    TRY(need_sequence(c, 0, &list));
    TRY(read_place(c, 1, 0, list->shape.n, &i));
    TRY(copy(c, &list->element[i], c->out));
done:
    return status;
}

pleats_status pleats_op_sequence_length(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *list = NULL;
    const pleats_tensor_shape one = {.n = 1};
    TRY(need_sequence(c, 0, &list));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &one, c->out));
    c->out->integer[0] = list->shape.n;
done:
    return status;
}

pleats_status pleats_op_sequence_insert(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *list = NULL, *t = NULL;
    int64_t n = 0, at = 0;
    TRY(need_sequence(c, 0, &list));
    TRY(need_tensor(c, 1, &t));
    n = list->shape.n;
    /* Places are counted in the longer sequence, from its end as in the
     * shorter one: -1 is before the last. */
    TRY(read_place(c, 2, n, n + 1, &at));
    if (pleats_call_in(c, 2) && c->in[2]->integer[0] < 0)
        at--;
    if (at < 0)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "a place before the first"));
    TRY(begin(c, n + 1));
    for (int64_t i = 0; i <= n; i++)
        TRY(copy(c,
                 i == at  ? t
                 : i < at ? &list->element[i]
                          : &list->element[i - 1],
                 &c->out->element[i]));
done:
    return status;
}

pleats_status pleats_op_sequence_erase(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *list = NULL;
    int64_t n = 0, at = 0;
    TRY(need_sequence(c, 0, &list));
    n = list->shape.n;
    TRY(read_place(c, 1, n - 1, n, &at));
    TRY(begin(c, n - 1));
    for (int64_t i = 0; i < n - 1; i++)
        TRY(copy(c, &list->element[i < at ? i : i + 1], &c->out->element[i]));
done:
    return status;
}

/* Part `first .. first + size - 1` of axis k, without the axis unless `keep`.
 */
static pleats_status cut(const pleats_call *c, const pleats_tensor *x, int k,
                         int64_t first, int64_t size, bool keep,
                         pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_selection s = {0};
    pleats_tensor part = {0};
    pleats_tensor_shape shape = x->shape;
    int64_t stride[PLEATS_MAX_RANK];
    shape.dim[k] = size;
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    pleats_shape_strides(&x->shape, stride);
    TRY(pleats_selection_new(c->ctx, &shape, &s));
    for (int i = 0; i < shape.rank; i++)
        pleats_selection_ramp(&s, i, i == k ? first * stride[k] : 0, stride[i]);
    TRY(pleats_tensor_select(c->ctx, x, &s, NULL, &part));
    if (!keep) {
        for (int i = k; i + 1 < shape.rank; i++)
            shape.dim[i] = shape.dim[i + 1];
        TRY(pleats_shape_set(c->ctx, (size_t)shape.rank - 1, shape.dim,
                             &shape));
    }
    TRY(pleats_tensor_reshape(c->ctx, &part, &shape, out));
done:
    pleats_selection_clear(c->ctx, &s);
    pleats_tensor_clear(c->ctx, &part);
    return status;
}

/* Sizes from input 1: one for all parts (the last may be smaller), or a list;
 * without it every part is one entry, whose axis `keepdims` keeps. */
pleats_status pleats_op_split_to_sequence(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints sizes = {0};
    int64_t axis = 0, keep = 1, whole = 0, first = 0, each = 1, n = 0;
    bool listed = false;
    int k = 0;
    TRY(need_tensor(c, 0, &x));
    TRY(pleats_call_list(c, 1, NULL, &sizes));
    TRY(pleats_call_int(c, "axis", 0, &axis));
    TRY(pleats_call_int(c, "keepdims", 1, &keep));
    TRY(pleats_axis(c->ctx, axis, x->shape.rank, &k));
    listed = sizes.present && c->in[1]->shape.rank == 1;
    whole = x->shape.dim[k];
    if (sizes.present && !listed)
        each = sizes.v[0];
    if (each < 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "parts of %lld entries",
                        (long long)each));
    n = listed ? (int64_t)sizes.n : (whole - 1) / each + 1;
    TRY(begin(c, whole ? n : 0));
    for (int64_t i = 0; i < c->out->shape.n; i++) {
        int64_t rest = whole - first;
        int64_t size = listed ? sizes.v[i] : each < rest ? each : rest;
        if (size < 0 || size > rest)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "a part of %lld entries",
                            (long long)size));
        TRY(cut(c, x, k, first, size, sizes.present || keep,
                &c->out->element[i]));
        first += size;
    }
    if (first != whole)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its parts have %lld entries, not %lld",
                        (long long)first, (long long)whole));
done:
    return status;
}

/* Concat of the elements, along a new axis when new_axis is set. */
pleats_status pleats_op_concat_from_sequence(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *list = NULL, **lent = NULL;
    pleats_tensor *grown = NULL;
    int64_t fresh = 0, n = 0, axis = 0;
    int k = 0;
    TRY(need_sequence(c, 0, &list));
    TRY(pleats_call_int(c, "new_axis", 0, &fresh));
    TRY(pleats_call_int(c, "axis", 0, &axis));
    n = list->shape.n;
    if (n == 0)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "the sequence is empty"));
    TRY(pleats_axis(c->ctx, axis, list->element[0].shape.rank + (fresh != 0),
                    &k));
    TRY(pleats_alloc(c->ctx, (size_t)n, sizeof *grown, &grown));
    TRY(pleats_alloc(c->ctx, (size_t)n, sizeof *lent, &lent));
    for (int64_t i = 0; i < n; i++) {
        pleats_tensor_shape shape = list->element[i].shape;
        if (fresh) {
            int64_t dim[PLEATS_MAX_RANK + 1];
            int rank = 0;
            for (int j = 0; j <= shape.rank; j++)
                dim[j] = j == k ? 1 : shape.dim[rank++];
            TRY(pleats_shape_set(c->ctx, (size_t)rank + 1, dim, &shape));
        }
        TRY(pleats_tensor_reshape(c->ctx, &list->element[i], &shape,
                                  &grown[i]));
        lent[i] = &grown[i];
    }
    TRY(pleats_concat(c, (pleats_idx)n, lent, k));
done:
    for (int64_t i = 0; grown && i < n; i++)
        pleats_tensor_clear(c->ctx, &grown[i]);
    pleats_release(c->ctx, grown);
    pleats_release(c->ctx, lent);
    return status;
}
