/* BatchNormalization: an affine step.  Its scale, gamma / sqrt(variance +
 * epsilon), is rounded once to double unless it is rational; all else is exact,
 * so that a channel without beta is 0 at its mean. */
#include "onnx/ops.h"

/* p is gamma, beta, mean, variance, epsilon; scale is the root of
 * gamma^2 / (variance + epsilon), shift = beta - mean * scale. */
static void fold(const pleats_call *c, const pleats_number *p,
                 pleats_number *scale, pleats_number *shift)
{
    pleats_number square = pleats_call_div(c, pleats_call_mul(c, p[0], p[0]),
                                           pleats_call_add(c, p[3], p[4]));
    *scale = pleats_call_sqrt(c, square);
    if (pleats_call_compare(c, p[0], 0) < 0)
        *scale = pleats_number_neg(c->pool, *scale);
    *shift = pleats_call_add(
        c, p[1], pleats_number_neg(c->pool, pleats_call_mul(c, p[2], *scale)));
}

/* What a BatchNormalization is told: its parameters are one for each of the n
 * places that x has after the batch, `inner` elements each. */
typedef struct {
    const pleats_tensor *x, *p[4]; /* gamma, beta, mean, variance */
    double epsilon;
    int64_t n, inner;
} normalisation;

/* Refuses training mode, in which the batch's own mean and variance are used:
 * is_test = 0 before opset 7, outputs after the first before opset 14, then
 * attribute training_mode.  With spatial = 0, before opset 9, every element has
 * parameters of its own. */
static pleats_status check_mode(const pleats_call *c, bool *spatial)
{
    pleats_status status = PLEATS_OK;
    const Onnx__NodeProto *proto = c->node->proto;
    int64_t training = 0, by_channel = 1, is_test = 0;
    bool more = false;
    TRY(pleats_call_int(c, "training_mode", 0, &training));
    TRY(pleats_call_int(c, "spatial", 1, &by_channel));
    TRY(pleats_call_int(c, "is_test", 0, &is_test));
    for (size_t k = 1; k < proto->n_output; k++)
        more = more || (proto->output[k] && *proto->output[k]);
    if (training)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "training_mode is not supported"));
    if (c->opset < 14 && more)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "it has several outputs, which before opset 14 means "
                        "training mode; that is not supported"));
    if (c->opset < 7 && !is_test)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "is_test = 0 means training mode, which is not "
                        "supported"));
    *spatial = by_channel != 0 || c->opset >= 9;
done:
    return status;
}

static pleats_status read_parameters(const pleats_call *c, normalisation *v)
{
    pleats_status status = PLEATS_OK;
    for (int k = 0; k < 4; k++) {
        TRY(pleats_call_const(c, k + 1, PLEATS_TENSOR_REAL, &v->p[k]));
        if (v->p[k]->shape.n != v->n)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "input %d has %lld numbers for %lld channels",
                            k + 1, (long long)v->p[k]->shape.n,
                            (long long)v->n));
    }
    for (int64_t i = 0; i < 4 * v->n; i++)
        if (!pleats_number_is_finite(v->p[i % 4]->real[i / 4]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a parameter is NaN or infinite"));
    for (int64_t i = 0; i < v->n; i++)
        if (pleats_call_compare(
                c, pleats_call_add(c, v->p[3]->real[i], v->epsilon), 0) <= 0)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "the variance of channel %lld is not positive",
                            (long long)i));
done:
    return status;
}

static pleats_status read(const pleats_call *c, normalisation *v)
{
    pleats_status status = PLEATS_OK;
    bool spatial = true;
    TRY(pleats_call_need(c, 0, &v->x));
    TRY(check_mode(c, &spatial));
    TRY(pleats_call_float(c, "epsilon", 1e-5f, &v->epsilon));
    if (v->x->shape.rank < 2)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its input has no channel axis"));
    v->n = v->x->shape.dim[1];
    v->inner = 1;
    for (int k = 2; k < v->x->shape.rank; k++) {
        v->n *= spatial ? 1 : v->x->shape.dim[k];
        v->inner *= spatial ? v->x->shape.dim[k] : 1;
    }
    TRY(read_parameters(c, v));
done:
    return status;
}

pleats_status pleats_op_batch_norm(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    normalisation v = {0};
    pleats_tensor scalars = {0};
    pleats_terms terms = {0};
    pleats_number *scale = NULL, *shift = NULL;
    TRY(read(c, &v));
    TRY(pleats_alloc(c->ctx, (size_t)v.n, sizeof *scale, &scale));
    TRY(pleats_alloc(c->ctx, (size_t)v.n, sizeof *shift, &shift));
    for (int64_t i = 0; i < v.n; i++) {
        const pleats_number p[5] = {v.p[0]->real[i], v.p[1]->real[i],
                                    v.p[2]->real[i], v.p[3]->real[i],
                                    v.epsilon};
        fold(c, p, &scale[i], &shift[i]);
    }
    TRY(pleats_call_scalars(c, v.x, true, &scalars));
    for (int64_t i = 0; i < v.x->shape.n; i++) {
        int64_t place = i / v.inner % v.n;
        TRY(pleats_terms_add(c, &terms, scalars.scalar[i], scale[place]));
        TRY(pleats_terms_end(c, &terms, shift[place], 1));
    }
    TRY(pleats_emit_sparse(c, &terms, 4 * v.n, &v.x->shape, c->out));
done:
    pleats_release(c->ctx, scale);
    pleats_release(c->ctx, shift);
    pleats_terms_clear(c->ctx, &terms);
    pleats_tensor_clear(c->ctx, &scalars);
    return status;
}
