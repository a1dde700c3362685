/* Powers with the exponents 0 and 1. */
#include "onnx/ops.h"

/* x [of the exponents' shape] to the exponents, each 0 or 1. */
static pleats_status raise(const pleats_call *c, const pleats_tensor *x,
                           const pleats_tensor *exponent)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    bool same = true;
    for (int64_t i = 0; i < x->shape.n; i++) {
        pleats_number e = pleats_call_real(c, exponent, i);
        if (e != 0 && e != 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "Pow with the exponent %g is not piecewise linear; "
                            "with 0 and 1 it is",
                            pleats_number_nearest(c->pool, e)));
        same = same && e == 1;
        if (e == 1)
            TRY(pleats_terms_add(c, &terms, x->scalar[i], 1));
        TRY(pleats_terms_end(c, &terms, e == 1 ? 0 : 1, 1));
    }
    if (same)
        TRY(pleats_tensor_reshape(c->ctx, x, &x->shape, c->out));
    else
        TRY(pleats_emit_sparse(c, &terms, 0, &x->shape, c->out));
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

pleats_status pleats_op_pow(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[2] = {0}, x = {0};
    TRY(pleats_call_expand(c, 2, all));
    if (!pleats_tensor_is_const(&all[1]))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its exponent must be "
                        "constant"));
    TRY(pleats_call_scalars(c, &all[0], true, &x));
    TRY(raise(c, &x, &all[1]));
done:
    pleats_tensor_clear(c->ctx, &x);
    pleats_tensor_clear(c->ctx, &all[0]);
    pleats_tensor_clear(c->ctx, &all[1]);
    return status;
}
