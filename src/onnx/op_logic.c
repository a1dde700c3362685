/* Elementwise functions of constants that are not affine. */
#include "onnx/op_fold.h"

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
pleats_status pleats_op_xor(pleats_call *c)
{
    return connective(c, 2, 2);
}
pleats_status pleats_op_not(pleats_call *c)
{
    return connective(c, 1, 1);
}

/* a - b * quotient, which is cut off with `fmod`, so that the result has the
 * sign of a, else rounded down: that of b. */
static pleats_status modulo(const pleats_call *c, bool fmod, int64_t a,
                            int64_t b, int64_t *out)
{
    if (b == 0)
        return pleats_fail(c->ctx, PLEATS_INVALID, "it divides by 0");
    int64_t r = b == -1 ? 0 : a % b;
    *out = !fmod && r && (r < 0) != (b < 0) ? r + b : r;
    return PLEATS_OK;
}

/* The same for reals, exactly. */
static pleats_status modulo_reals(const pleats_call *c, pleats_number a,
                                  pleats_number b, pleats_number *out)
{
    int64_t whole = 0;
    if (!pleats_number_to_integer(c->pool, pleats_call_div(c, a, b), &whole))
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "a quotient is not finite or too large");
    pleats_number part =
        pleats_call_mul(c, b, pleats_number_of_integer(c->pool, whole));
    *out = pleats_call_add(c, a, pleats_number_neg(c->pool, part));
    return PLEATS_OK;
}

pleats_status pleats_op_mod(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[2] = {0};
    int64_t fmod = 0;
    TRY(read(c, 2, all));
    TRY(pleats_call_int(c, "fmod", 0, &fmod));
    bool integers =
        all[0].sort == PLEATS_TENSOR_INT && all[1].sort == PLEATS_TENSOR_INT;
    if (!integers && !fmod)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "reals need fmod = 1"));
    TRY(pleats_tensor_new(c->ctx,
                          integers ? PLEATS_TENSOR_INT : PLEATS_TENSOR_REAL,
                          &all[0].shape, c->out));
    for (int64_t i = 0; i < all[0].shape.n; i++)
        if (integers)
            TRY(modulo(c, fmod != 0, all[0].integer[i], all[1].integer[i],
                       &c->out->integer[i]));
        else
            TRY(modulo_reals(c, pleats_call_real(c, &all[0], i),
                             pleats_call_real(c, &all[1], i),
                             &c->out->real[i]));
done:
    pleats_tensor_clear(c->ctx, &all[0]);
    pleats_tensor_clear(c->ctx, &all[1]);
    return status;
}

typedef enum { FLOOR, CEIL, ROUND, SQRT, RECIPROCAL } function;

/* x as a whole number; ROUND takes ties to even ones. */
static pleats_number rounded(const pleats_call *c, function f, pleats_number x)
{
    mpq_t q;
    if (!pleats_number_is_rational(x))
        return f == FLOOR ? floor(x) : f == CEIL ? ceil(x) : nearbyint(x);
    mpq_init(q);
    pleats_number_get(c->pool, x, q);
    bool tie = f == ROUND && mpz_cmp_ui(mpq_denref(q), 2) == 0;
    if (f == ROUND) {
        mpz_mul_2exp(mpq_numref(q), mpq_numref(q), 1);
        mpz_add(mpq_numref(q), mpq_numref(q), mpq_denref(q));
        mpz_mul_2exp(mpq_denref(q), mpq_denref(q), 1);
    }
    if (f == CEIL)
        mpz_cdiv_q(mpq_numref(q), mpq_numref(q), mpq_denref(q));
    else
        mpz_fdiv_q(mpq_numref(q), mpq_numref(q), mpq_denref(q));
    if (tie && mpz_odd_p(mpq_numref(q)))
        mpz_sub_ui(mpq_numref(q), mpq_numref(q), 1);
    mpz_set_ui(mpq_denref(q), 1);
    pleats_number result = pleats_number_put(c->pool, q);
    mpq_clear(q);
    return result;
}

static pleats_status apply(const pleats_call *c, function f)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor x = {0};
    TRY(read(c, 1, &x));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x.shape, c->out));
    for (int64_t i = 0; i < x.shape.n; i++) {
        pleats_number v = pleats_call_real(c, &x, i);
        c->out->real[i] = f == SQRT         ? pleats_call_sqrt(c, v)
                          : f == RECIPROCAL ? pleats_call_div(c, 1, v)
                                            : rounded(c, f, v);
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
