#include "onnx/tensor.h"

#include <stdio.h>
#include <string.h>

pleats_status pleats_shape_set(pleats_ctx *ctx, size_t rank, const int64_t *dim,
                               pleats_tensor_shape *out)
{
    int64_t n = 1;
    if (rank > PLEATS_MAX_RANK)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a tensor of %zu axes; at most %d are supported",
                           rank, PLEATS_MAX_RANK);
    out->rank = (int)rank;
    for (size_t k = 0; k < rank; k++) {
        if (dim[k] < 0)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "axis %zu has the negative size %lld", k,
                               (long long)dim[k]);
        if (__builtin_mul_overflow(n, dim[k] ? dim[k] : 1, &n) ||
            n > PLEATS_MAX_ELEMENTS)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "a tensor of more than %lld elements, the most "
                               "that is supported",
                               (long long)PLEATS_MAX_ELEMENTS);
        out->dim[k] = dim[k];
    }
    for (size_t k = 0; k < rank; k++)
        if (dim[k] == 0)
            n = 0;
    out->n = n;
    return PLEATS_OK;
}

void pleats_shape_strides(const pleats_tensor_shape *shape, int64_t *stride)
{
    int64_t s = 1;
    for (int k = shape->rank - 1; k >= 0; k--) {
        stride[k] = s;
        s *= shape->dim[k];
    }
}

bool pleats_shape_equal(const pleats_tensor_shape *a,
                        const pleats_tensor_shape *b)
{
    if (a->rank != b->rank)
        return false;
    for (int k = 0; k < a->rank; k++)
        if (a->dim[k] != b->dim[k])
            return false;
    return true;
}

const char *pleats_shape_text(const pleats_tensor_shape *shape, char *text)
{
    size_t at = 0;
    for (int k = 0; k < shape->rank; k++)
        at += (size_t)snprintf(text + at, PLEATS_SHAPE_TEXT - at, "%s%lld",
                               k ? ", " : "[", (long long)shape->dim[k]);
    snprintf(text + at, PLEATS_SHAPE_TEXT - at, "%s", at ? "]" : "[]");
    return text;
}

pleats_status pleats_shape_broadcast(pleats_ctx *ctx,
                                     const pleats_tensor_shape *a,
                                     const pleats_tensor_shape *b,
                                     pleats_tensor_shape *out)
{
    char left[PLEATS_SHAPE_TEXT], right[PLEATS_SHAPE_TEXT];
    int64_t dim[PLEATS_MAX_RANK];
    int rank = a->rank > b->rank ? a->rank : b->rank;
    for (int k = 0; k < rank; k++) {
        int i = k - (rank - a->rank), j = k - (rank - b->rank);
        int64_t da = i < 0 ? 1 : a->dim[i], db = j < 0 ? 1 : b->dim[j];
        if (da != db && da != 1 && db != 1)
            return pleats_fail(
                ctx, PLEATS_INVALID, "the shapes %s and %s do not broadcast",
                pleats_shape_text(a, left), pleats_shape_text(b, right));
        dim[k] = da == 1 ? db : da;
    }
    return pleats_shape_set(ctx, (size_t)rank, dim, out);
}

pleats_status pleats_axis(pleats_ctx *ctx, int64_t axis, int rank, int *out)
{
    if (axis < -rank || axis >= rank)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "axis %lld of a tensor of %d axes", (long long)axis,
                           rank);
    *out = (int)(axis < 0 ? axis + rank : axis);
    return PLEATS_OK;
}

static size_t element_size(pleats_tensor_sort sort)
{
    return sort == PLEATS_TENSOR_VAR        ? sizeof(pleats_idx)
           : sort == PLEATS_TENSOR_SEQUENCE ? sizeof(pleats_tensor)
           : sort == PLEATS_TENSOR_JUMP     ? sizeof(pleats_jump)
                                            : 8;
}

pleats_status pleats_tensor_new(pleats_ctx *ctx, pleats_tensor_sort sort,
                                const pleats_tensor_shape *shape,
                                pleats_tensor *out)
{
    out->sort = sort;
    out->shape = *shape;
    return pleats_alloc(ctx, (size_t)shape->n, element_size(sort), &out->data);
}

void pleats_tensor_clear(pleats_ctx *ctx, pleats_tensor *t)
{
    if (t->sort == PLEATS_TENSOR_SEQUENCE)
        for (int64_t i = 0; t->element && i < t->shape.n; i++)
            pleats_tensor_clear(ctx, &t->element[i]);
    pleats_release(ctx, t->data);
    t->data = NULL;
    t->sort = PLEATS_TENSOR_NONE;
}

pleats_status pleats_tensor_reshape(pleats_ctx *ctx, const pleats_tensor *t,
                                    const pleats_tensor_shape *shape,
                                    pleats_tensor *out)
{
    char from[PLEATS_SHAPE_TEXT], to[PLEATS_SHAPE_TEXT];
    if (shape->n != t->shape.n)
        return pleats_fail(ctx, PLEATS_INVALID, "the shape %s cannot become %s",
                           pleats_shape_text(&t->shape, from),
                           pleats_shape_text(shape, to));
    pleats_status status = pleats_tensor_new(ctx, t->sort, shape, out);
    if (status == PLEATS_OK && shape->n)
        memcpy(out->data, t->data, (size_t)shape->n * element_size(t->sort));
    return status;
}

double pleats_tensor_real(const pleats_tensor *t, int64_t i)
{
    return t->sort == PLEATS_TENSOR_INT ? (double)t->integer[i] : t->real[i];
}

pleats_status pleats_selection_new(pleats_ctx *ctx,
                                   const pleats_tensor_shape *shape,
                                   pleats_selection *out)
{
    pleats_status status = PLEATS_OK;
    out->shape = *shape;
    for (int k = 0; k < shape->rank; k++)
        TRY(pleats_alloc(ctx, (size_t)shape->dim[k], sizeof(int64_t),
                         &out->offset[k]));
done:
    return status;
}

void pleats_selection_clear(pleats_ctx *ctx, pleats_selection *s)
{
    for (int k = 0; k < PLEATS_MAX_RANK; k++)
        pleats_release(ctx, s->offset[k]);
    *s = (pleats_selection){0};
}

void pleats_selection_ramp(pleats_selection *s, int k, int64_t first,
                           int64_t step)
{
    for (int64_t j = 0; j < s->shape.dim[k]; j++)
        s->offset[k][j] = first + j * step;
}

/* Walks the result in row-major order with an odometer. */
pleats_status pleats_tensor_select(pleats_ctx *ctx, const pleats_tensor *t,
                                   const pleats_selection *s, const void *fill,
                                   pleats_tensor *out)
{
    const size_t size = element_size(t->sort);
    int64_t at[PLEATS_MAX_RANK] = {0};
    pleats_status status = pleats_tensor_new(ctx, t->sort, &s->shape, out);
    if (status != PLEATS_OK)
        return status;
    unsigned char *to = out->data;
    for (int64_t i = 0; i < s->shape.n; i++, to += size) {
        int64_t from = 0;
        bool inside = true;
        for (int k = 0; k < s->shape.rank; k++) {
            inside = inside && s->offset[k][at[k]] >= 0;
            from += s->offset[k][at[k]];
        }
        if (inside)
            memcpy(to, (unsigned char *)t->data + (size_t)from * size, size);
        else if (fill)
            memcpy(to, fill, size);
        for (int k = s->shape.rank - 1; k >= 0; k--) {
            if (++at[k] < s->shape.dim[k])
                break;
            at[k] = 0;
        }
    }
    return PLEATS_OK;
}

pleats_status pleats_tensor_expand(pleats_ctx *ctx, const pleats_tensor *t,
                                   const pleats_tensor_shape *shape,
                                   pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_selection s = {0};
    pleats_tensor_shape common = {0};
    int64_t stride[PLEATS_MAX_RANK];
    int lead = shape->rank - t->shape.rank;
    TRY(pleats_shape_broadcast(ctx, &t->shape, shape, &common));
    if (!pleats_shape_equal(&common, shape))
        TRY(pleats_fail(ctx, PLEATS_INVALID, "a shape cannot be narrowed"));
    TRY(pleats_selection_new(ctx, shape, &s));
    pleats_shape_strides(&t->shape, stride);
    for (int k = lead; k < shape->rank; k++)
        if (t->shape.dim[k - lead] != 1)
            pleats_selection_ramp(&s, k, 0, stride[k - lead]);
    TRY(pleats_tensor_select(ctx, t, &s, NULL, out));
done:
    pleats_selection_clear(ctx, &s);
    return status;
}

pleats_status pleats_tensor_transpose(pleats_ctx *ctx, const pleats_tensor *t,
                                      const int *axis, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_selection s = {0};
    pleats_tensor_shape shape = t->shape;
    int64_t stride[PLEATS_MAX_RANK];
    pleats_shape_strides(&t->shape, stride);
    for (int k = 0; k < shape.rank; k++)
        shape.dim[k] = t->shape.dim[axis[k]];
    TRY(pleats_selection_new(ctx, &shape, &s));
    for (int k = 0; k < shape.rank; k++)
        pleats_selection_ramp(&s, k, 0, stride[axis[k]]);
    TRY(pleats_tensor_select(ctx, t, &s, NULL, out));
done:
    pleats_selection_clear(ctx, &s);
    return status;
}
