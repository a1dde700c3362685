/* Operators of com.microsoft that runtimes put in the place of several. */
#include "onnx/ops.h"
#include "onnx/pick.h"

#include <math.h>

/* The activation of a fused operator with its numbers. */
typedef struct {
    int kind;
    double p[2];
} activation;

enum { NONE, RELU, LEAKY, CLIP, HARD_SIGMOID, N_ACTIVATIONS };

static pleats_status read_kind(const pleats_call *c, activation *a)
{
    static const char *const names[] = {"", "Relu", "LeakyRelu", "Clip",
                                        "HardSigmoid"};
    return pleats_call_choose(c, "activation", "", N_ACTIVATIONS, names,
                              &a->kind);
}

/* x -> p[0] x + p[1] */
static pleats_status stretch(const pleats_call *c, const activation *a,
                             pleats_tensor *x)
{
    pleats_status status = PLEATS_OK;
    pleats_terms rows = {0};
    pleats_tensor out = {0};
    for (int64_t i = 0; i < x->shape.n; i++) {
        TRY(pleats_terms_add(c, &rows, (pleats_idx)i, a->p[0]));
        TRY(pleats_terms_end(c, &rows, a->p[1], 1));
    }
    TRY(pleats_emit_rows(c, x, &rows, 2, &x->shape, &out));
    pleats_tensor_clear(c->ctx, x);
    *x = out;
done:
    pleats_terms_clear(c->ctx, &rows);
    return status;
}

/* Replaces c->out by its activation. */
static pleats_status activate(const pleats_call *c, activation a)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor x = c->out[0];
    double at[2] = {0}, slope[3] = {0, 1, 0}, intercept[3] = {0};
    pleats_pl f = {1, at, slope, intercept};
    if (a.kind == NONE)
        return status;
    c->out[0] = (pleats_tensor){0};
    if (a.kind == LEAKY)
        slope[0] = a.p[0];
    if (a.kind == HARD_SIGMOID) {
        TRY(stretch(c, &a, &x));
        a = (activation){CLIP, {0, 1}};
    }
    if (a.kind == CLIP) {
        f.n_breaks = 2;
        at[0] = intercept[0] = a.p[0];
        at[1] = intercept[2] = a.p[1];
        if (!(at[0] < at[1]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "it clips to an empty range"));
    }
    TRY(pleats_emit_units(c, &(pleats_units){&x, 1, &f, NULL, 0}, c->out));
done:
    pleats_tensor_clear(c->ctx, &x);
    return status;
}

/* A copy of input k as a stack of matrices, times `factor` when it is constant:
 * `batch` says that the axes of the stack are between the matrices' two, `swap`
 * that the matrices are transposed. */
static pleats_status prepare(const pleats_call *c, int k, const char *batch,
                             const char *swap, double factor,
                             pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    int axis[PLEATS_MAX_RANK], rank = 0;
    int64_t between = 0, swapped = 0;
    TRY(pleats_call_need(c, k, &t));
    TRY(pleats_call_int(c, batch, 0, &between));
    TRY(pleats_call_int(c, swap, 0, &swapped));
    rank = t->shape.rank;
    for (int i = 0; i < rank; i++)
        axis[i] = i;
    for (int i = 0; between && i + 1 < rank; i++)
        axis[i] = i + 2 < rank ? i + 1 : 0;
    if (swapped && rank >= 2) {
        int last = axis[rank - 1];
        axis[rank - 1] = axis[rank - 2];
        axis[rank - 2] = last;
    }
    TRY(pleats_tensor_transpose(c->ctx, t, axis, out));
    for (int64_t i = 0; t->sort == PLEATS_TENSOR_REAL && i < t->shape.n; i++)
        out->real[i] = pleats_call_mul(c, factor, out->real[i]);
done:
    return status;
}

/* Where the axes of a stack are between those of its matrices, both inputs have
 * one, of as many axes. */
static pleats_status check_batches(const pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t[2] = {NULL, NULL};
    int64_t between[2] = {0, 0};
    TRY(pleats_call_int(c, "transBatchA", 0, &between[0]));
    TRY(pleats_call_int(c, "transBatchB", 0, &between[1]));
    for (int k = 0; k < 2; k++)
        TRY(pleats_call_need(c, k, &t[k]));
    if ((between[0] || between[1]) &&
        (t[0]->shape.rank < 3 || t[0]->shape.rank != t[1]->shape.rank))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "with transBatchA or transBatchB both inputs need as "
                        "many axes, at least 3; they have %d and %d",
                        t[0]->shape.rank, t[1]->shape.rank));
done:
    return status;
}

pleats_status pleats_op_fused_matmul(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor a = {0}, b = {0};
    const pleats_tensor *in[2] = {&a, &b};
    pleats_call product = *c;
    double alpha = 1;
    TRY(pleats_call_float(c, "alpha", 1, &alpha));
    TRY(check_batches(c));
    TRY(prepare(c, 0, "transBatchA", "transA", alpha, &a));
    TRY(prepare(c, 1, "transBatchB", "transB",
                a.sort == PLEATS_TENSOR_VAR ? alpha : 1, &b));
    product.in = in;
    TRY(pleats_op_matmul(&product));
done:
    pleats_tensor_clear(c->ctx, &a);
    pleats_tensor_clear(c->ctx, &b);
    return status;
}

pleats_status pleats_op_fused_gemm(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    activation a = {0};
    TRY(read_kind(c, &a));
    TRY(pleats_call_float(c, "activation_alpha",
                          a.kind == HARD_SIGMOID ? 0.2f : 0.01f, &a.p[0]));
    TRY(pleats_call_float(c, "activation_beta", 0.5f, &a.p[1]));
    TRY(pleats_op_gemm(c));
    TRY(activate(c, a));
done:
    return status;
}

/* c->out += input 3 */
static pleats_status add_fourth(const pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *z = pleats_call_in(c, 3);
    pleats_tensor both = {0};
    pleats_terms rows = {0};
    pleats_tensor_shape shape = c->out->shape;
    const pleats_tensor *const parts[2] = {c->out, z};
    if (!z)
        return status;
    if (!pleats_shape_equal(&z->shape, &shape))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its fourth input does not fit its result"));
    TRY(pleats_call_join(c, 2, parts, &both));
    for (int64_t i = 0; i < shape.n; i++) {
        TRY(pleats_terms_add(c, &rows, (pleats_idx)i, 1));
        TRY(pleats_terms_add(c, &rows, (pleats_idx)(shape.n + i), 1));
        TRY(pleats_terms_end(c, &rows, 0, 1));
    }
    pleats_tensor_clear(c->ctx, c->out);
    TRY(pleats_emit_rows(c, &both, &rows, 0, &shape, c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    pleats_tensor_clear(c->ctx, &both);
    return status;
}

pleats_status pleats_op_fused_conv(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    activation a = {0};
    const Onnx__AttributeProto *numbers =
        pleats_node_attribute(c->graph, c->node, "activation_params");
    size_t n = numbers ? numbers->n_floats : 0;
    TRY(read_kind(c, &a));
    if (n != (a.kind == CLIP || a.kind == HARD_SIGMOID ? 2u
              : a.kind == LEAKY                        ? 1u
                                                       : 0u))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%zu activation_params", n));
    for (size_t i = 0; i < n; i++) {
        a.p[i] = (double)numbers->floats[i];
        if (!isfinite(a.p[i]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "activation_params are not finite"));
    }
    TRY(pleats_op_conv(c));
    TRY(add_fourth(c));
    TRY(activate(c, a));
done:
    return status;
}
