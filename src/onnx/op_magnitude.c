/* Sums of absolute values: norms and pools with p = 1. */
#include "onnx/ops.h"

/* Runs `then` on the node with the absolute values of its first input. */
static pleats_status after_abs(const pleats_call *c, pleats_op_fn then)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor magnitude = {0};
    pleats_call inner = *c;
    const pleats_tensor **in = NULL;
    TRY(pleats_alloc(c->ctx, (size_t)c->node->n_in, sizeof *in, &in));
    for (pleats_idx k = 0; k < c->node->n_in; k++)
        in[k] = c->in[k];
    inner.out = &magnitude;
    TRY(pleats_op_abs(&inner));
    in[0] = &magnitude;
    inner.in = in;
    inner.out = c->out;
    TRY(then(&inner));
done:
    pleats_release(c->ctx, in);
    pleats_tensor_clear(c->ctx, &magnitude);
    return status;
}

/* Attribute p, 2 when it is missing, must be 1. */
static pleats_status check_power(const pleats_call *c)
{
    int64_t p = 0;
    pleats_status status = pleats_call_int(c, "p", 2, &p);
    if (status == PLEATS_OK && p != 1)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "%s with p = %lld is not piecewise linear; with "
                           "p = 1 it is",
                           c->node->proto->op_type, (long long)p);
    return status;
}

pleats_status pleats_op_reduce_l1(pleats_call *c)
{
    return after_abs(c, pleats_op_reduce_sum);
}

pleats_status pleats_op_lp_pool(pleats_call *c)
{
    pleats_status status = check_power(c);
    return status == PLEATS_OK ? after_abs(c, pleats_op_sum_pool) : status;
}

pleats_status pleats_op_global_lp_pool(pleats_call *c)
{
    pleats_status status = check_power(c);
    return status == PLEATS_OK ? after_abs(c, pleats_op_global_sum) : status;
}
