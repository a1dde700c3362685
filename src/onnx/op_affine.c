/* Sums, and products with constants: sparse steps. */
#include "onnx/ops.h"

/* Numbers in the constant inputs. */
static int64_t stored(const pleats_call *c)
{
    int64_t n = 0;
    for (pleats_idx k = 0; k < c->node->n_in; k++)
        if (c->in[k] && pleats_tensor_is_const(c->in[k]))
            n += c->in[k]->shape.n;
    return n;
}

static void clear_all(pleats_ctx *ctx, pleats_idx n, pleats_tensor *all)
{
    for (pleats_idx k = 0; all && k < n; k++)
        pleats_tensor_clear(ctx, &all[k]);
    pleats_release(ctx, all);
}

static pleats_status sum_integers(const pleats_call *c, pleats_idx n,
                                  const pleats_tensor *all, int sign)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &all[0].shape, c->out));
    for (int64_t i = 0; i < all[0].shape.n; i++) {
        int64_t s = all[0].integer[i];
        bool over = false;
        for (pleats_idx k = 1; k < n; k++)
            over =
                over ||
                (sign < 0 ? __builtin_sub_overflow(s, all[k].integer[i], &s)
                          : __builtin_add_overflow(s, all[k].integer[i], &s));
        if (over)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "an integer overflows"));
        c->out->integer[i] = s;
    }
done:
    return status;
}

/* The constant part of element i. */
static pleats_number constant_part(const pleats_call *c, pleats_idx n,
                                   const pleats_tensor *all, int sign,
                                   int64_t i)
{
    pleats_number sum = 0;
    for (pleats_idx k = 0; k < n; k++)
        if (pleats_tensor_is_const(&all[k])) {
            pleats_number term = pleats_call_real(c, &all[k], i);
            sum = pleats_call_add(
                c, sum,
                k && sign < 0 ? pleats_number_neg(c->pool, term) : term);
        }
    return sum;
}

static pleats_status sum_rows(const pleats_call *c, pleats_idx n,
                              const pleats_tensor *all, int sign)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    for (int64_t i = 0; i < all[0].shape.n; i++) {
        for (pleats_idx k = 0; k < n; k++)
            if (all[k].sort == PLEATS_TENSOR_VAR)
                TRY(pleats_terms_add(c, &terms, all[k].scalar[i],
                                     k ? (double)sign : 1));
        TRY(pleats_terms_end(c, &terms, constant_part(c, n, all, sign, i), 1));
    }
    TRY(pleats_emit_sparse(c, &terms, stored(c), &all[0].shape, c->out));
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

/* Input 0 plus `sign` times the others. */
static pleats_status sum(const pleats_call *c, pleats_idx n, int sign)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor *all = NULL;
    bool integers = true, constant = true;
    TRY(pleats_alloc(c->ctx, (size_t)n, sizeof *all, &all));
    TRY(pleats_call_expand(c, n, all));
    for (pleats_idx k = 0; k < n; k++) {
        integers = integers && all[k].sort == PLEATS_TENSOR_INT;
        constant = constant && pleats_tensor_is_const(&all[k]);
    }
    if (integers) {
        TRY(sum_integers(c, n, all, sign));
    } else if (constant) {
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &all[0].shape,
                              c->out));
        for (int64_t i = 0; i < all[0].shape.n; i++)
            c->out->real[i] = constant_part(c, n, all, sign, i);
    } else {
        TRY(sum_rows(c, n, all, sign));
    }
done:
    clear_all(c->ctx, n, all);
    return status;
}

pleats_status pleats_op_add(pleats_call *c)
{
    return sum(c, 2, 1);
}
pleats_status pleats_op_sub(pleats_call *c)
{
    return sum(c, 2, -1);
}
pleats_status pleats_op_sum(pleats_call *c)
{
    return sum(c, c->node->n_in, 1);
}

static pleats_status scale_integer(const pleats_call *c, bool divide, int64_t a,
                                   int64_t b, int64_t *out)
{
    if (divide && b == 0)
        return pleats_fail(c->ctx, PLEATS_INVALID, "it divides by 0");
    if (divide ? a == INT64_MIN && b == -1 : __builtin_mul_overflow(a, b, out))
        return pleats_fail(c->ctx, PLEATS_INVALID, "an integer overflows");
    if (divide)
        *out = a / b;
    return PLEATS_OK;
}

/* a [n] times or divided by b [n], both constant. */
static pleats_status scale_constant(const pleats_call *c, bool divide,
                                    const pleats_tensor *a,
                                    const pleats_tensor *b)
{
    pleats_status status = PLEATS_OK;
    bool integers =
        a->sort == PLEATS_TENSOR_INT && b->sort == PLEATS_TENSOR_INT;
    TRY(pleats_tensor_new(c->ctx,
                          integers ? PLEATS_TENSOR_INT : PLEATS_TENSOR_REAL,
                          &a->shape, c->out));
    for (int64_t i = 0; i < a->shape.n; i++) {
        pleats_number x = integers ? 0 : pleats_call_real(c, a, i);
        pleats_number y = integers ? 0 : pleats_call_real(c, b, i);
        if (integers)
            TRY(scale_integer(c, divide, a->integer[i], b->integer[i],
                              &c->out->integer[i]));
        else
            c->out->real[i] =
                divide ? pleats_call_div(c, x, y) : pleats_call_mul(c, x, y);
    }
done:
    return status;
}

static pleats_status scale_rows(const pleats_call *c, bool divide,
                                const pleats_tensor *x,
                                const pleats_tensor *factor)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    for (int64_t i = 0; i < x->shape.n; i++) {
        pleats_number f = pleats_call_real(c, factor, i);
        if (divide && f == 0)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it divides by 0"));
        TRY(pleats_terms_add(c, &terms, x->scalar[i], divide ? 1 : f));
        TRY(pleats_terms_end(c, &terms, 0, divide ? f : 1));
    }
    TRY(pleats_emit_sparse(c, &terms, stored(c), &x->shape, c->out));
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

static pleats_status scale(const pleats_call *c, bool divide)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor *all = NULL;
    TRY(pleats_alloc(c->ctx, 2, sizeof *all, &all));
    TRY(pleats_call_expand(c, 2, all));
    if (pleats_tensor_is_const(&all[0]) && pleats_tensor_is_const(&all[1]))
        TRY(scale_constant(c, divide, &all[0], &all[1]));
    else if (pleats_tensor_is_const(&all[1]))
        TRY(scale_rows(c, divide, &all[0], &all[1]));
    else if (!divide && pleats_tensor_is_const(&all[0]))
        TRY(scale_rows(c, divide, &all[1], &all[0]));
    else
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it needs a constant %s",
                        divide ? "divisor" : "factor"));
done:
    clear_all(c->ctx, 2, all);
    return status;
}

pleats_status pleats_op_mul(pleats_call *c)
{
    return scale(c, false);
}
pleats_status pleats_op_div(pleats_call *c)
{
    return scale(c, true);
}

pleats_status pleats_op_neg(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_terms terms = {0};
    TRY(pleats_call_need(c, 0, &x));
    if (pleats_tensor_is_const(x)) {
        TRY(pleats_tensor_reshape(c->ctx, x, &x->shape, c->out));
        for (int64_t i = 0; i < x->shape.n; i++)
            if (x->sort == PLEATS_TENSOR_REAL)
                c->out->real[i] = pleats_number_neg(c->pool, x->real[i]);
            else
                TRY(scale_integer(c, false, x->integer[i], -1,
                                  &c->out->integer[i]));
    } else {
        for (int64_t i = 0; i < x->shape.n; i++) {
            TRY(pleats_terms_add(c, &terms, x->scalar[i], -1));
            TRY(pleats_terms_end(c, &terms, 0, 1));
        }
        TRY(pleats_emit_sparse(c, &terms, 0, &x->shape, c->out));
    }
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}
