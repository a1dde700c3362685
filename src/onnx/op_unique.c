/* Unique: the different elements, or slices along an axis, of a constant. */
#include "onnx/ops.h"

#include <stdlib.h>

/* Slices of a tensor: outer x m x inner, m of them. */
typedef struct {
    const pleats_call *c;
    const pleats_tensor *x;
    int64_t outer, m, inner;
} slices;

typedef struct {
    const slices *of;
    int64_t at; /* 0 .. m - 1 */
} slice;

/* The elements of slice j in their order: k = 0 .. outer * inner - 1. */
static int64_t place(const slices *s, int64_t j, int64_t k)
{
    return (k / s->inner * s->m + j) * s->inner + k % s->inner;
}

/* By the first elements that differ. */
static int compare(const slices *s, int64_t a, int64_t b)
{
    int order = 0;
    for (int64_t k = 0; order == 0 && k < s->outer * s->inner; k++)
        order = pleats_call_compare(
            s->c, pleats_call_real(s->c, s->x, place(s, a, k)),
            pleats_call_real(s->c, s->x, place(s, b, k)));
    return order;
}

/* Equal slices by their numbers. */
static int by_elements(const void *left, const void *right)
{
    const slice *a = left, *b = right;
    int order = compare(a->of, a->at, b->at);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

/* axis: that of the slices, or -1 for single elements. */
static pleats_status read(const pleats_call *c, slices *s, int *axis)
{
    pleats_status status = PLEATS_OK;
    int64_t a = 0;
    *s = (slices){.c = c, .outer = 1, .inner = 1};
    *axis = -1;
    TRY(pleats_call_need(c, 0, &s->x));
    if (pleats_node_attribute(c->graph, c->node, "axis")) {
        TRY(pleats_call_int(c, "axis", 0, &a));
        TRY(pleats_axis(c->ctx, a, s->x->shape.rank, axis));
    }
    s->m = *axis < 0 ? s->x->shape.n : s->x->shape.dim[*axis];
    for (int k = 0; k < *axis; k++)
        s->outer *= s->x->shape.dim[k];
    for (int k = *axis + 1; *axis >= 0 && k < s->x->shape.rank; k++)
        s->inner *= s->x->shape.dim[k];
    for (int64_t i = 0; s->x->sort == PLEATS_TENSOR_REAL && i < s->x->shape.n;
         i++)
        if (pleats_number_is_nan(s->x->real[i]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "element %lld is NaN, which equals nothing",
                            (long long)i));
done:
    return status;
}

/* first [m], the first slice of each that differs from all before it, *n of
 * them: in the slices' order or, unless `sorted`, in that of the tensor; of [m]
 * says for each slice which one it equals. */
static pleats_status find(const slices *s, bool sorted, int64_t *first,
                          int64_t *of, int64_t *n)
{
    pleats_status status = PLEATS_OK;
    slice *list = NULL;
    *n = 0;
    TRY(pleats_alloc(s->c->ctx, (size_t)s->m, sizeof *list, &list));
    for (int64_t j = 0; j < s->m; j++)
        list[j] = (slice){s, j};
    if (s->m > 0)
        qsort(list, (size_t)s->m, sizeof *list, by_elements);
    for (int64_t j = 0; j < s->m; j++) {
        if (j == 0 || compare(s, list[j - 1].at, list[j].at) != 0)
            first[(*n)++] = list[j].at;
        of[list[j].at] = sorted ? *n - 1 : first[*n - 1];
    }
    if (sorted)
        goto done;
    /* `of` is the number of the slice that comes first of its kind. */
    *n = 0;
    for (int64_t j = 0; j < s->m; j++) {
        if (of[j] == j) {
            first[*n] = j;
            of[j] = (*n)++;
        } else {
            of[j] = of[of[j]];
        }
    }
done:
    pleats_release(s->c->ctx, list);
    return status;
}

/* Output 0: the n slices. */
static pleats_status emit_slices(const slices *s, int axis,
                                 const int64_t *first, int64_t n)
{
    pleats_status status = PLEATS_OK;
    const pleats_call *c = s->c;
    pleats_tensor_shape shape = s->x->shape;
    pleats_tensor list = {0};
    const pleats_tensor *x = s->x;
    pleats_selection chosen = {0};
    if (axis < 0) {
        TRY(pleats_shape_set(c->ctx, 1, &shape.n, &shape));
        TRY(pleats_tensor_reshape(c->ctx, x, &shape, &list));
        x = &list;
        axis = 0;
    }
    shape.dim[axis] = n;
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_selection_new(c->ctx, &shape, &chosen));
    int64_t stride[PLEATS_MAX_RANK];
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < shape.rank; k++)
        pleats_selection_ramp(&chosen, k, 0, stride[k]);
    for (int64_t j = 0; j < n; j++)
        chosen.offset[axis][j] = first[j] * stride[axis];
    TRY(pleats_tensor_select(c->ctx, x, &chosen, NULL, c->out));
done:
    pleats_selection_clear(c->ctx, &chosen);
    pleats_tensor_clear(c->ctx, &list);
    return status;
}

/* Outputs 1 to 3: where each slice was first, which of them each of the m is,
 * and how many these are. */
static pleats_status emit_counts(const slices *s, const int64_t *first,
                                 const int64_t *of, int64_t n)
{
    pleats_status status = PLEATS_OK;
    const pleats_call *c = s->c;
    for (pleats_idx k = 1; k < c->node->n_out && k < 4; k++) {
        pleats_tensor_shape shape = {0};
        TRY(pleats_shape_set(c->ctx, 1, k == 2 ? &s->m : &n, &shape));
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &shape, &c->out[k]));
        for (int64_t j = 0; k == 1 && j < n; j++)
            c->out[k].integer[j] = first[j];
        for (int64_t j = 0; k == 2 && j < s->m; j++)
            c->out[k].integer[j] = of[j];
        for (int64_t j = 0; k == 3 && j < s->m; j++)
            c->out[k].integer[of[j]]++;
    }
done:
    return status;
}

pleats_status pleats_op_unique(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    slices s = {0};
    int64_t sorted = 1, n = 0, *first = NULL, *of = NULL;
    int axis = -1;
    TRY(pleats_call_int(c, "sorted", 1, &sorted));
    TRY(read(c, &s, &axis));
    TRY(pleats_alloc(c->ctx, (size_t)s.m, sizeof *first, &first));
    TRY(pleats_alloc(c->ctx, (size_t)s.m, sizeof *of, &of));
    TRY(find(&s, sorted != 0, first, of, &n));
    TRY(emit_slices(&s, axis, first, n));
    TRY(emit_counts(&s, first, of, n));
done:
    pleats_release(c->ctx, first);
    pleats_release(c->ctx, of);
    return status;
}
