/* Elementwise functions of constants that are not affine. */
#include "onnx/ops.h"

#include <math.h>

/* Broadcasts the first n inputs, all constant: all [n]. */
static pleats_status read(const pleats_call *c, int n, pleats_tensor *all)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_call_expand(c, n, all));
    for (int k = 0; k < n; k++)
        if (!pleats_tensor_is_const(&all[k]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "input %d is not constant",
                            k));
done:
    return status;
}

/* As pleats_call_compare. */
static int compare(const pleats_call *c, const pleats_tensor *a,
                   const pleats_tensor *b, int64_t i)
{
    if (a->sort == PLEATS_TENSOR_INT && b->sort == PLEATS_TENSOR_INT)
        return (a->integer[i] > b->integer[i]) -
               (a->integer[i] < b->integer[i]);
    return pleats_call_compare(c, pleats_call_real(c, a, i),
                               pleats_call_real(c, b, i));
}

/* A truth table over the comparison: bit 0 for <, 1 for =, 2 for >. */
static pleats_status relation(const pleats_call *c, unsigned truth)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[2] = {0};
    TRY(read(c, 2, all));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &all[0].shape, c->out));
    for (int64_t i = 0; i < all[0].shape.n; i++)
        c->out->integer[i] = truth >> (compare(c, &all[0], &all[1], i) + 1) & 1;
done:
    pleats_tensor_clear(c->ctx, &all[0]);
    pleats_tensor_clear(c->ctx, &all[1]);
    return status;
}

pleats_status pleats_op_less(pleats_call *c)
{
    return relation(c, 1);
}
pleats_status pleats_op_equal(pleats_call *c)
{
    return relation(c, 2);
}
pleats_status pleats_op_less_equal(pleats_call *c)
{
    return relation(c, 3);
}
pleats_status pleats_op_greater(pleats_call *c)
{
    return relation(c, 4);
}

pleats_status pleats_op_greater_equal(pleats_call *c)
{
    return relation(c, 6);
}

/* A truth table over how many of n inputs are not 0. */
static pleats_status connective(const pleats_call *c, int n, unsigned truth)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[2] = {0};
    TRY(read(c, n, all));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &all[0].shape, c->out));
    for (int64_t i = 0; i < all[0].shape.n; i++) {
        int count = 0;
        for (int k = 0; k < n; k++)
            count += pleats_tensor_real(&all[k], i) != 0;
        c->out->integer[i] = truth >> count & 1;
    }
done:
    pleats_tensor_clear(c->ctx, &all[0]);
    pleats_tensor_clear(c->ctx, &all[1]);
    return status;
}

pleats_status pleats_op_and(pleats_call *c)
{
    return connective(c, 2, 4);
}
pleats_status pleats_op_or(pleats_call *c)
{
    return connective(c, 2, 6);
}
pleats_status pleats_op_not(pleats_call *c)
{
    return connective(c, 1, 1);
}

/* The result of Mod has the sign of the divisor. */
pleats_status pleats_op_mod(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[2] = {0};
    TRY(read(c, 2, all));
    if (all[0].sort != PLEATS_TENSOR_INT || all[1].sort != PLEATS_TENSOR_INT)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "only integers are supported"));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &all[0].shape, c->out));
    for (int64_t i = 0; i < all[0].shape.n; i++) {
        int64_t a = all[0].integer[i], b = all[1].integer[i];
        if (b == 0)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it divides by 0"));
        int64_t r = b == -1 ? 0 : a % b;
        c->out->integer[i] = r && (r < 0) != (b < 0) ? r + b : r;
    }
done:
    pleats_tensor_clear(c->ctx, &all[0]);
    pleats_tensor_clear(c->ctx, &all[1]);
    return status;
}

typedef enum { FLOOR, CEIL, ROUND, SQRT, RECIPROCAL } function;

static pleats_status apply(const pleats_call *c, function f)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor x = {0};
    TRY(read(c, 1, &x));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x.shape, c->out));
    for (int64_t i = 0; i < x.shape.n; i++) {
        double v = pleats_tensor_real(&x, i);
        c->out->real[i] = f == FLOOR   ? floor(v)
                          : f == CEIL  ? ceil(v)
                          : f == ROUND ? nearbyint(v)
                          : f == SQRT  ? pleats_call_sqrt(c, v)
                                       : pleats_call_div(c, 1, v);
    }
done:
    pleats_tensor_clear(c->ctx, &x);
    return status;
}

pleats_status pleats_op_floor(pleats_call *c)
{
    return apply(c, FLOOR);
}
pleats_status pleats_op_ceil(pleats_call *c)
{
    return apply(c, CEIL);
}
pleats_status pleats_op_round(pleats_call *c)
{
    return apply(c, ROUND);
}
pleats_status pleats_op_sqrt(pleats_call *c)
{
    return apply(c, SQRT);
}

pleats_status pleats_op_reciprocal(pleats_call *c)
{
    return apply(c, RECIPROCAL);
}
