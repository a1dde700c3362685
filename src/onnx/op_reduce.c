/* Sums, means, maxima, minima and products over axes. */
#include "onnx/ops.h"

typedef enum { SUM, MEAN, MAXIMUM, MINIMUM, PRODUCT } kind;

/* A tensor whose reduced axes have been brought to the end. */
typedef struct {
    pleats_tensor turned; /* n rows of m elements */
    int64_t n, m;
    pleats_tensor_shape shape; /* of the result */
} reduction;

/* Turns x so that the axes with reduced[k] come last. */
static pleats_status turn(const pleats_call *c, const pleats_tensor *x,
                          const bool *reduced, bool keep, reduction *out)
{
    pleats_status status = PLEATS_OK;
    int axis[PLEATS_MAX_RANK], n_axes = 0;
    int64_t dim[PLEATS_MAX_RANK];
    size_t rank = 0;
    out->m = 1;
    for (int k = 0; k < x->shape.rank; k++) {
        if (!reduced[k])
            axis[n_axes++] = k;
        if (!reduced[k] || keep)
            dim[rank++] = reduced[k] ? 1 : x->shape.dim[k];
    }
    for (int k = 0; k < x->shape.rank; k++)
        if (reduced[k]) {
            axis[n_axes++] = k;
            out->m *= x->shape.dim[k];
        }
    TRY(pleats_shape_set(c->ctx, rank, dim, &out->shape));
    out->n = out->shape.n;
    if (out->m == 0)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it reduces an empty axis"));
    TRY(pleats_tensor_transpose(c->ctx, x, axis, &out->turned));
done:
    return status;
}

static pleats_status fold_integers(const pleats_call *c, kind what,
                                   const reduction *r)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &r->shape, c->out));
    for (int64_t i = 0; i < r->n; i++) {
        const int64_t *row = r->turned.integer + i * r->m;
        int64_t s = row[0];
        bool over = false;
        for (int64_t j = 1; j < r->m; j++)
            if (what == SUM || what == MEAN)
                over = over || __builtin_add_overflow(s, row[j], &s);
            else if (what == PRODUCT)
                over = over || __builtin_mul_overflow(s, row[j], &s);
            else if (what == MAXIMUM ? row[j] > s : row[j] < s)
                s = row[j];
        if (over)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "an integer overflows"));
        c->out->integer[i] = what == MEAN ? s / r->m : s;
    }
done:
    return status;
}

static pleats_status fold_reals(const pleats_call *c, kind what,
                                const reduction *r)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &r->shape, c->out));
    for (int64_t i = 0; i < r->n; i++) {
        const pleats_number *row = r->turned.real + i * r->m;
        pleats_number s = row[0];
        if (what == SUM || what == MEAN)
            s = pleats_number_dot(c->pool, (size_t)r->m, row, NULL, 0);
        for (int64_t j = 1; what >= MAXIMUM && j < r->m; j++)
            if (what == PRODUCT)
                s = pleats_call_mul(c, s, row[j]);
            else if (pleats_call_compare(c, row[j], s) ==
                     (what == MAXIMUM ? 1 : -1))
                s = row[j];
        c->out->real[i] =
            what == MEAN ? pleats_call_div(c, s, (double)r->m) : s;
    }
done:
    return status;
}

static pleats_status emit_rows(const pleats_call *c, kind what,
                               const reduction *r)
{
    pleats_status status = PLEATS_OK;
    bool sums = what == SUM || what == MEAN;
    pleats_tensor scalars = {0};
    pleats_terms terms = {0};
    if (what == PRODUCT)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "a product of variables is not piecewise linear"));
    TRY(pleats_call_scalars(c, &r->turned, sums, &scalars));
    for (int64_t i = 0; i < r->n; i++) {
        for (int64_t j = 0; j < r->m; j++)
            TRY(pleats_terms_add(c, &terms, scalars.scalar[i * r->m + j], 1));
        TRY(pleats_terms_end(c, &terms, 0, what == MEAN ? (double)r->m : 1));
    }
    if (sums)
        TRY(pleats_emit_sparse(c, &terms, 0, &r->shape, c->out));
    else
        TRY(pleats_emit_max(c, &terms, what == MINIMUM, &r->shape, c->out));
done:
    pleats_tensor_clear(c->ctx, &scalars);
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

static pleats_status reduce_axes(const pleats_call *c, kind what,
                                 const pleats_tensor *x, const bool *reduced,
                                 bool keep)
{
    pleats_status status = PLEATS_OK;
    reduction r = {0};
    TRY(turn(c, x, reduced, keep, &r));
    if (x->sort == PLEATS_TENSOR_INT)
        TRY(fold_integers(c, what, &r));
    else if (x->sort == PLEATS_TENSOR_REAL)
        TRY(fold_reals(c, what, &r));
    else
        TRY(emit_rows(c, what, &r));
done:
    pleats_tensor_clear(c->ctx, &r.turned);
    return status;
}

/* Axes from input 1 or the attribute; none: all of them. */
static pleats_status reduce(const pleats_call *c, kind what)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints axes = {0};
    bool reduced[PLEATS_MAX_RANK] = {0};
    int64_t keep = 1, noop = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, "axes", &axes));
    TRY(pleats_call_int(c, "keepdims", 1, &keep));
    TRY(pleats_call_int(c, "noop_with_empty_axes", 0, &noop));
    for (size_t i = 0; i < axes.n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.v[i], x->shape.rank, &k));
        reduced[k] = true;
    }
    if (axes.n == 0 && noop) {
        TRY(pleats_tensor_reshape(c->ctx, x, &x->shape, c->out));
    } else {
        for (int k = 0; axes.n == 0 && k < x->shape.rank; k++)
            reduced[k] = true;
        TRY(reduce_axes(c, what, x, reduced, keep != 0));
    }
done:
    return status;
}

/* All axes after batch and channel. */
static pleats_status reduce_spatial(const pleats_call *c, kind what)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    bool reduced[PLEATS_MAX_RANK] = {0};
    TRY(pleats_call_need(c, 0, &x));
    for (int k = 2; k < x->shape.rank; k++)
        reduced[k] = true;
    TRY(reduce_axes(c, what, x, reduced, true));
done:
    return status;
}

pleats_status pleats_op_reduce_sum(pleats_call *c)
{
    return reduce(c, SUM);
}
pleats_status pleats_op_reduce_mean(pleats_call *c)
{
    return reduce(c, MEAN);
}

pleats_status pleats_op_reduce_max(pleats_call *c)
{
    return reduce(c, MAXIMUM);
}

pleats_status pleats_op_reduce_min(pleats_call *c)
{
    return reduce(c, MINIMUM);
}

pleats_status pleats_op_reduce_prod(pleats_call *c)
{
    return reduce(c, PRODUCT);
}

pleats_status pleats_op_global_max(pleats_call *c)
{
    return reduce_spatial(c, MAXIMUM);
}

pleats_status pleats_op_global_average(pleats_call *c)
{
    return reduce_spatial(c, MEAN);
}

pleats_status pleats_op_global_sum(pleats_call *c)
{
    return reduce_spatial(c, SUM);
}
