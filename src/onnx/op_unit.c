/* Units: piecewise-linear functions of one scalar. */
#include "onnx/ops.h"

#include <float.h>
#include <math.h>

/* A function of at most two breakpoints, with room for its tables. */
typedef struct {
    double at[2], slope[3], intercept[3];
    pleats_idx n_breaks;
} small_pl;

static pleats_pl view(small_pl *f)
{
    return (pleats_pl){f->n_breaks, f->at, f->slope, f->intercept};
}

/* slope `left` below 0, `right` above */
static small_pl bent(double left, double right)
{
    return (small_pl){.n_breaks = 1, .slope = {left, right}};
}

/* The function of a constant, folded. */
static pleats_number value_at(const pleats_call *c, const pleats_pl *f,
                              pleats_number x)
{
    pleats_idx p = 0;
    while (p < f->n_breaks && pleats_call_compare(c, f->at[p], x) < 0)
        p++;
    return pleats_call_add(c, pleats_call_mul(c, f->slope[p], x),
                           f->intercept[p]);
}

/* Units, or the functions' values when x is constant. */
static pleats_status apply(const pleats_call *c, const pleats_units *u)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = u->x;
    if (x->sort == PLEATS_TENSOR_VAR)
        return pleats_emit_units(c, u, c->out);
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, c->out));
    for (int64_t i = 0; i < x->shape.n; i++)
        c->out->real[i] = value_at(c, &u->function[u->which ? u->which[i] : 0],
                                   pleats_call_real(c, x, i));
done:
    return status;
}

/* The same function of every element. */
static pleats_status apply_one(const pleats_call *c, const pleats_tensor *x,
                               small_pl *f)
{
    const pleats_pl function = view(f);
    return apply(c, &(pleats_units){x, 1, &function, NULL, 0});
}

static pleats_status apply_bent(const pleats_call *c, double left, double right)
{
    const pleats_tensor *x = NULL;
    small_pl f = bent(left, right);
    pleats_status status = pleats_call_need(c, 0, &x);
    return status == PLEATS_OK ? apply_one(c, x, &f) : status;
}

pleats_status pleats_op_relu(pleats_call *c)
{
    return apply_bent(c, 0, 1);
}
pleats_status pleats_op_abs(pleats_call *c)
{
    return apply_bent(c, -1, 1);
}

pleats_status pleats_op_leaky_relu(pleats_call *c)
{
    double alpha = 0;
    pleats_status status = pleats_call_float(c, "alpha", 0.01f, &alpha);
    return status == PLEATS_OK ? apply_bent(c, alpha, 1) : status;
}

/* The slopes, broadcast to x: which [x.n] says which one each element has. */
static pleats_status spread_slopes(const pleats_call *c,
                                   const pleats_tensor *slope,
                                   const pleats_tensor_shape *shape,
                                   pleats_tensor *which)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor numbers = {0};
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &slope->shape, &numbers));
    for (int64_t i = 0; i < slope->shape.n; i++)
        numbers.scalar[i] = (pleats_idx)i;
    TRY(pleats_tensor_expand(c->ctx, &numbers, shape, which));
done:
    pleats_tensor_clear(c->ctx, &numbers);
    return status;
}

pleats_status pleats_op_prelu(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *slope = NULL;
    pleats_tensor which = {0};
    small_pl *f = NULL;
    pleats_pl *function = NULL;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_REAL, &slope));
    TRY(spread_slopes(c, slope, &x->shape, &which));
    TRY(pleats_alloc(c->ctx, (size_t)slope->shape.n, sizeof *f, &f));
    TRY(pleats_alloc(c->ctx, (size_t)slope->shape.n, sizeof *function,
                     &function));
    for (int64_t i = 0; i < slope->shape.n; i++) {
        f[i] = bent(slope->real[i], 1);
        function[i] = view(&f[i]);
    }
    TRY(apply(c, &(pleats_units){x, (pleats_idx)slope->shape.n, function,
                                 which.scalar, slope->shape.n}));
done:
    pleats_tensor_clear(c->ctx, &which);
    pleats_release(c->ctx, f);
    pleats_release(c->ctx, function);
    return status;
}

/* No float lies beyond FLT_MAX: exporters write it for a bound that is none. */
static bool is_bound(pleats_number x)
{
    return pleats_number_is_rational(x) || fabs(x) < (double)FLT_MAX;
}

/* min(max(x, lo), hi); infinite bounds do nothing, hi wins when they cross. */
static pleats_status clip(const pleats_call *c, const pleats_tensor *x,
                          pleats_number lo, pleats_number hi)
{
    pleats_status status = PLEATS_OK;
    small_pl f = {.slope = {1}};
    if (pleats_call_compare(c, lo, hi) >= 0) {
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, c->out));
        for (int64_t i = 0; i < x->shape.n; i++)
            c->out->real[i] = hi;
        return status;
    }
    if (is_bound(lo)) {
        f.at[f.n_breaks++] = lo;
        f.slope[0] = 0;
        f.intercept[0] = lo;
        f.slope[1] = 1;
    }
    if (is_bound(hi)) {
        f.at[f.n_breaks++] = hi;
        f.intercept[f.n_breaks] = hi;
    }
    if (f.n_breaks == 0)
        TRY(pleats_tensor_reshape(c->ctx, x, &x->shape, c->out));
    else
        TRY(apply_one(c, x, &f));
done:
    return status;
}

/* Integers, which exporters clip in computations of shapes. */
static pleats_status clip_integers(const pleats_call *c, const pleats_tensor *x,
                                   double lo, double hi)
{
    pleats_status status = PLEATS_OK;
    lo = fmin(pleats_number_nearest(c->pool, lo), 9e18);
    hi = fmax(pleats_number_nearest(c->pool, hi), -9e18);
    TRY(pleats_tensor_reshape(c->ctx, x, &x->shape, c->out));
    for (int64_t i = 0; i < x->shape.n; i++) {
        if ((double)x->integer[i] < lo)
            c->out->integer[i] = (int64_t)lo;
        if ((double)c->out->integer[i] > hi)
            c->out->integer[i] = (int64_t)hi;
    }
done:
    return status;
}

pleats_status pleats_op_clip(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    double lo = 0, hi = 0;
    bool has_lo = false, has_hi = false;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_number(c, 1, "min", &lo, &has_lo));
    TRY(pleats_call_number(c, 2, "max", &hi, &has_hi));
    lo = has_lo ? lo : -HUGE_VAL;
    hi = has_hi ? hi : HUGE_VAL;
    if (x->sort == PLEATS_TENSOR_INT)
        TRY(clip_integers(c, x, lo, hi));
    else
        TRY(clip(c, x, lo, hi));
done:
    return status;
}

/* max(-1, min(0, x)) negated: what the clip of -x to [0, 1] is, with its pieces
 * in the order of x. */
static pleats_status clip_negated(const pleats_call *c, const pleats_tensor *x)
{
    small_pl f = {.n_breaks = 2,
                  .at = {-1, 0},
                  .slope = {0, -1, 0},
                  .intercept = {1, 0, 0}};
    return apply_one(c, x, &f);
}

/* A falling line is read the other way round, so that pieces are numbered as x
 * grows. */
pleats_status pleats_op_hard_sigmoid(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_tensor scalars = {0}, line = {0};
    pleats_terms terms = {0};
    double alpha = 0, beta = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_float(c, "alpha", 0.2f, &alpha));
    TRY(pleats_call_float(c, "beta", 0.5f, &beta));
    TRY(pleats_call_scalars(c, x, true, &scalars));
    const double sign = alpha < 0 ? -1 : 1;
    for (int64_t i = 0; i < x->shape.n; i++) {
        TRY(pleats_terms_add(c, &terms, scalars.scalar[i], sign * alpha));
        TRY(pleats_terms_end(c, &terms, sign * beta, 1));
    }
    TRY(pleats_emit_sparse(c, &terms, 0, &x->shape, &line));
    TRY(sign < 0 ? clip_negated(c, &line) : clip(c, &line, 0, 1));
done:
    pleats_terms_clear(c->ctx, &terms);
    pleats_tensor_clear(c->ctx, &scalars);
    pleats_tensor_clear(c->ctx, &line);
    return status;
}

/* Without a jump only where bias = lambd, or bias = 0 with lambd <= 0. */
pleats_status pleats_op_shrink(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    double lambd = 0, bias = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_float(c, "lambd", 0.5f, &lambd));
    TRY(pleats_call_float(c, "bias", 0, &bias));
    if (lambd >= 0 ? bias != lambd : bias != 0)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "Shrink with lambd = %g and bias = %g jumps at %g, it "
                        "is not continuous; with bias = lambd it is",
                        lambd, bias, lambd));
    if (lambd > 0)
        TRY(apply_one(c, x,
                      &(small_pl){.n_breaks = 2,
                                  .at = {-lambd, lambd},
                                  .slope = {1, 0, 1},
                                  .intercept = {lambd, 0, -lambd}}));
    else
        TRY(pleats_tensor_reshape(c->ctx, x, &x->shape, c->out));
done:
    return status;
}

pleats_status pleats_op_thresholded_relu(pleats_call *c)
{
    double alpha = 0;
    pleats_status status = pleats_call_float(c, "alpha", 1, &alpha);
    if (status == PLEATS_OK && alpha != 0)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "ThresholdedRelu with alpha = %g jumps at %g, it is "
                           "not continuous; with alpha = 0 it is",
                           alpha, alpha);
    return status == PLEATS_OK ? apply_bent(c, 0, 1) : status;
}
