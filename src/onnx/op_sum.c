/* Running sums and means. */
#include "onnx/ops.h"
#include "onnx/pick.h"

pleats_status pleats_op_cum_sum(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints axis = {0};
    pleats_terms rows = {0};
    int64_t exclusive = 0, reverse = 0, stride[PLEATS_MAX_RANK];
    int k = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, NULL, &axis));
    TRY(pleats_call_int(c, "exclusive", 0, &exclusive));
    TRY(pleats_call_int(c, "reverse", 0, &reverse));
    if (axis.n != 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it has %zu axes, not one",
                        axis.n));
    TRY(pleats_axis(c->ctx, axis.v[0], x->shape.rank, &k));
    pleats_shape_strides(&x->shape, stride);
    for (int64_t i = 0; i < x->shape.n; i++) {
        int64_t n = x->shape.dim[k], at = i / stride[k] % n;
        int64_t from = reverse ? at + (exclusive != 0) : 0;
        int64_t to = reverse ? n : at + (exclusive == 0);
        for (int64_t j = from; j < to; j++)
            TRY(pleats_terms_add(c, &rows,
                                 (pleats_idx)(i + (j - at) * stride[k]), 1));
        TRY(pleats_terms_end(c, &rows, 0, 1));
    }
    TRY(pleats_emit_rows(c, x, &rows, 0, &x->shape, c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    return status;
}

/* The inputs broadcast to one shape, joined. */
static pleats_status join_expanded(const pleats_call *c, size_t n,
                                   pleats_tensor_shape *shape,
                                   pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor *all = NULL;
    const pleats_tensor **lent = NULL;
    TRY(pleats_alloc(c->ctx, n, sizeof *all, &all));
    TRY(pleats_alloc(c->ctx, n, sizeof *lent, &lent));
    TRY(pleats_call_expand(c, (pleats_idx)n, all));
    for (size_t k = 0; k < n; k++)
        lent[k] = &all[k];
    TRY(pleats_call_join(c, n, lent, out));
    *shape = all[0].shape;
done:
    for (size_t k = 0; all && k < n; k++)
        pleats_tensor_clear(c->ctx, &all[k]);
    pleats_release(c->ctx, all);
    pleats_release(c->ctx, lent);
    return status;
}

pleats_status pleats_op_mean(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all = {0};
    pleats_tensor_shape shape = {0};
    pleats_terms rows = {0};
    pleats_idx n = c->node->n_in;
    TRY(join_expanded(c, (size_t)n, &shape, &all));
    for (int64_t i = 0; i < shape.n; i++) {
        for (pleats_idx k = 0; k < n; k++)
            TRY(pleats_terms_add(c, &rows, (pleats_idx)(i + k * shape.n), 1));
        TRY(pleats_terms_end(c, &rows, 0, (double)n));
    }
    TRY(pleats_emit_rows(c, &all, &rows, 0, &shape, c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    pleats_tensor_clear(c->ctx, &all);
    return status;
}

/* With a constant condition it is a choice of elements. */
pleats_status pleats_op_where(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[3] = {0}, both = {0};
    int64_t *from = NULL;
    TRY(pleats_call_expand(c, 3, all));
    if (all[0].sort != PLEATS_TENSOR_INT)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its condition is not constant truth values"));
    const pleats_tensor *const branch[2] = {&all[1], &all[2]};
    TRY(pleats_call_join(c, 2, branch, &both));
    TRY(pleats_alloc(c->ctx, (size_t)all[0].shape.n, sizeof *from, &from));
    for (int64_t i = 0; i < all[0].shape.n; i++)
        from[i] = i + (all[0].integer[i] != 0 ? 0 : all[0].shape.n);
    TRY(pleats_tensor_pick(c->ctx, &both, from, &all[0].shape, c->out));
done:
    for (int k = 0; k < 3; k++)
        pleats_tensor_clear(c->ctx, &all[k]);
    pleats_tensor_clear(c->ctx, &both);
    pleats_release(c->ctx, from);
    return status;
}
