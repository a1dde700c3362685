/* Max and Min of several tensors. */
#include "onnx/ops.h"

/* Inputs as scalars without -1 or, when all are constant, as they are; then
 * broadcast to their common shape: all [n]. */
static pleats_status read(const pleats_call *c, pleats_idx n, bool constant,
                          pleats_tensor *all)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor scalars = {0};
    pleats_tensor_shape shape = {0};
    if (constant)
        return pleats_call_expand(c, n, all);
    TRY(pleats_call_shape(c, n, &shape));
    for (pleats_idx k = 0; k < n; k++) {
        TRY(pleats_call_scalars(c, c->in[k], false, &scalars));
        TRY(pleats_tensor_expand(c->ctx, &scalars, &shape, &all[k]));
        pleats_tensor_clear(c->ctx, &scalars);
    }
done:
    pleats_tensor_clear(c->ctx, &scalars);
    return status;
}

static pleats_status emit_rows(const pleats_call *c, pleats_idx n,
                               const pleats_tensor *all, bool is_min)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    for (int64_t i = 0; i < all[0].shape.n; i++) {
        for (pleats_idx k = 0; k < n; k++)
            TRY(pleats_terms_add(c, &terms, all[k].scalar[i], 1));
        TRY(pleats_terms_end(c, &terms, 0, 1));
    }
    TRY(pleats_emit_max(c, &terms, is_min, &all[0].shape, c->out));
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

/* Constants; integers stay integers when all are. */
static pleats_status fold(const pleats_call *c, pleats_idx n,
                          const pleats_tensor *all, bool is_min)
{
    pleats_status status = PLEATS_OK;
    bool integers = true;
    for (pleats_idx k = 0; k < n; k++)
        integers = integers && all[k].sort == PLEATS_TENSOR_INT;
    TRY(pleats_tensor_new(c->ctx,
                          integers ? PLEATS_TENSOR_INT : PLEATS_TENSOR_REAL,
                          &all[0].shape, c->out));
    for (int64_t i = 0; i < all[0].shape.n; i++) {
        pleats_idx best = 0;
        for (pleats_idx k = 1; k < n; k++) {
            bool above = integers
                             ? all[k].integer[i] > all[best].integer[i]
                             : pleats_call_compare(
                                   c, pleats_call_real(c, &all[k], i),
                                   pleats_call_real(c, &all[best], i)) == 1;
            best = above != is_min ? k : best;
        }
        if (integers)
            c->out->integer[i] = all[best].integer[i];
        else
            c->out->real[i] = pleats_call_real(c, &all[best], i);
    }
done:
    return status;
}

static pleats_status extremum(const pleats_call *c, bool is_min)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor *all = NULL;
    pleats_idx n = c->node->n_in;
    bool constant = true;
    for (pleats_idx k = 0; k < n; k++)
        constant = constant && c->in[k] && pleats_tensor_is_const(c->in[k]);
    TRY(pleats_alloc(c->ctx, (size_t)n, sizeof *all, &all));
    TRY(read(c, n, constant, all));
    if (constant)
        TRY(fold(c, n, all, is_min));
    else if (n == 1)
        TRY(pleats_tensor_reshape(c->ctx, &all[0], &all[0].shape, c->out));
    else
        TRY(emit_rows(c, n, all, is_min));
done:
    for (pleats_idx k = 0; all && k < n; k++)
        pleats_tensor_clear(c->ctx, &all[k]);
    pleats_release(c->ctx, all);
    return status;
}

pleats_status pleats_op_max(pleats_call *c)
{
    return extremum(c, false);
}
pleats_status pleats_op_min(pleats_call *c)
{
    return extremum(c, true);
}
