/* BatchNormalization: an affine step whose scale and shift are real numbers
 * rounded once to double. */
#include "onnx/ops.h"

#include <gmp.h>
#include <math.h>

enum { PRECISION = 2048 }; /* bits: sums of doubles stay exact in practice */

/* The double nearest to x; one more rounded parameter when they differ. */
static double nearest(const pleats_call *c, const mpf_t x)
{
    mpf_t middle;
    double low = mpf_get_d(x), result = low; /* mpf_get_d rounds towards 0 */
    mpf_init2(middle, PRECISION);
    mpf_set_d(middle, low);
    if (mpf_cmp(middle, x) != 0) {
        double high = nextafter(low, mpf_sgn(x) < 0 ? -HUGE_VAL : HUGE_VAL);
        if (isfinite(high)) {
            mpf_t top;
            mpf_init2(top, PRECISION);
            mpf_set_d(top, high);
            mpf_add(middle, middle, top);
            mpf_div_2exp(middle, middle, 1);
            mpf_clear(top);
            if (mpf_sgn(x) < 0 ? mpf_cmp(x, middle) < 0
                               : mpf_cmp(x, middle) > 0)
                result = high;
        }
        c->net->n_rounded++;
    }
    mpf_clear(middle);
    return result;
}

/* scale = gamma / sqrt(variance + epsilon), shift = beta - mean * scale, each
 * from the exact expression.  p is gamma, beta, mean, variance, epsilon. */
static void fold(const pleats_call *c, const double *p, double *scale,
                 double *shift)
{
    mpf_t s, t;
    mpf_init2(s, PRECISION);
    mpf_init2(t, PRECISION);
    mpf_set_d(s, p[3]);
    mpf_set_d(t, p[4]);
    mpf_add(s, s, t);
    mpf_sqrt(s, s);
    mpf_set_d(t, p[0]);
    mpf_div(s, t, s);
    *scale = nearest(c, s);
    mpf_set_d(t, p[2]);
    mpf_mul(s, s, t);
    mpf_set_d(t, p[1]);
    mpf_sub(s, t, s);
    *shift = nearest(c, s);
    mpf_clear(s);
    mpf_clear(t);
}

/* By the definition before opset 14 a node with more outputs than the first
 * trains. */
static bool is_training(const pleats_call *c)
{
    const pleats_idx *out = pleats_node_out(c->graph, c->node);
    bool several = false;
    for (pleats_idx k = 1; k < c->node->n_out; k++)
        several = several || out[k] >= 0;
    return c->opset < 14 && several;
}

/* Checks the inputs and attributes; p[k] are gamma, beta, mean, variance, [n]
 * each: one for each channel, or with spatial = 0 one for each element of an
 * input row. */
static pleats_status read_inputs(const pleats_call *c, const pleats_tensor *x,
                                 const pleats_tensor **p, int64_t *n,
                                 double *epsilon)
{
    pleats_status status = PLEATS_OK;
    int64_t training = 0, spatial = 1;
    TRY(pleats_call_int(c, "training_mode", 0, &training));
    TRY(pleats_call_int(c, "spatial", 1, &spatial));
    TRY(pleats_call_float(c, "epsilon", 1e-5f, epsilon));
    if (training || is_training(c))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "BatchNormalization in training mode uses the "
                        "statistics of its input, which is not piecewise "
                        "linear"));
    if (x->shape.rank < 2)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its input has no channel axis"));
    *n = spatial               ? x->shape.dim[1]
         : x->shape.dim[0] > 0 ? x->shape.n / x->shape.dim[0]
                               : 0;
    for (int k = 0; k < 4; k++) {
        TRY(pleats_call_const(c, k + 1, PLEATS_TENSOR_REAL, &p[k]));
        if (p[k]->shape.n != *n)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "input %d has %lld numbers for %lld channels",
                            k + 1, (long long)p[k]->shape.n, (long long)*n));
    }
    for (int64_t i = 0; i < 4 * *n; i++)
        if (!isfinite(p[i % 4]->real[i / 4]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a parameter is NaN or infinite"));
    for (int64_t i = 0; i < *n; i++)
        if (!(p[3]->real[i] + *epsilon > 0))
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
    TRY(read_inputs(c, x, p, &channels, &epsilon));
    if (channels == x->shape.dim[1])
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
