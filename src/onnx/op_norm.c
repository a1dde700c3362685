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

/* Checks the inputs and attributes; p[k] are gamma, beta, mean, variance. */
static pleats_status read_inputs(const pleats_call *c, const pleats_tensor *x,
                                 const pleats_tensor **p, double *epsilon)
{
    pleats_status status = PLEATS_OK;
    int64_t training = 0, spatial = 1;
    TRY(pleats_call_int(c, "training_mode", 0, &training));
    TRY(pleats_call_int(c, "spatial", 1, &spatial));
    TRY(pleats_call_float(c, "epsilon", 1e-5f, epsilon));
    if (training || !spatial)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%s is not supported",
                        training ? "training_mode" : "spatial = 0"));
    if (x->shape.rank < 2)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its input has no channel axis"));
    for (int k = 0; k < 4; k++) {
        TRY(pleats_call_const(c, k + 1, PLEATS_TENSOR_REAL, &p[k]));
        if (p[k]->shape.n != x->shape.dim[1])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "input %d has %lld numbers for %lld channels",
                            k + 1, (long long)p[k]->shape.n,
                            (long long)x->shape.dim[1]));
    }
    for (int64_t i = 0; i < 4 * x->shape.dim[1]; i++)
        if (!pleats_number_is_finite(p[i % 4]->real[i / 4]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a parameter is NaN or infinite"));
    for (int64_t i = 0; i < x->shape.dim[1]; i++)
        if (pleats_call_compare(c, pleats_call_add(c, p[3]->real[i], *epsilon),
                                0) <= 0)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "the variance of channel %lld is not positive",
                            (long long)i));
done:
    return status;
}

pleats_status pleats_op_batch_norm(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *p[4] = {0};
    pleats_tensor scalars = {0};
    pleats_terms terms = {0};
    double *scale = NULL, *shift = NULL, epsilon = 0;
    int64_t channels = 0, inner = 1;
    TRY(pleats_call_need(c, 0, &x));
    TRY(read_inputs(c, x, p, &epsilon));
    channels = x->shape.dim[1];
    for (int k = 2; k < x->shape.rank; k++)
        inner *= x->shape.dim[k];
    TRY(pleats_alloc(c->ctx, (size_t)channels, sizeof *scale, &scale));
    TRY(pleats_alloc(c->ctx, (size_t)channels, sizeof *shift, &shift));
    for (int64_t i = 0; i < channels; i++) {
        const double of_channel[5] = {p[0]->real[i], p[1]->real[i],
                                      p[2]->real[i], p[3]->real[i], epsilon};
        fold(c, of_channel, &scale[i], &shift[i]);
    }
    TRY(pleats_call_scalars(c, x, true, &scalars));
    for (int64_t i = 0; i < x->shape.n; i++) {
        int64_t channel = i / inner % channels;
        TRY(pleats_terms_add(c, &terms, scalars.scalar[i], scale[channel]));
        TRY(pleats_terms_end(c, &terms, shift[channel], 1));
    }
    TRY(pleats_emit_sparse(c, &terms, 4 * channels, &x->shape, c->out));
done:
    pleats_release(c->ctx, scale);
    pleats_release(c->ctx, shift);
    pleats_terms_clear(c->ctx, &terms);
    pleats_tensor_clear(c->ctx, &scalars);
    return status;
}
