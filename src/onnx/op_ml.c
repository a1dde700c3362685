/* Affine operators of ai.onnx.ml, as scikit-learn's converters write them. */
#include "onnx/ops.h"
#include "onnx/pick.h"

#include <math.h>

/* Attribute `name`, a list of finite floats; n = 0 when it is missing. */
static pleats_status floats(const pleats_call *c, const char *name, size_t *n,
                            const float **out)
{
    const Onnx__AttributeProto *a =
        pleats_node_attribute(c->graph, c->node, name);
    *n = a ? a->n_floats : 0;
    *out = a ? a->floats : NULL;
    for (size_t i = 0; i < *n; i++)
        if (!isfinite((*out)[i]))
            return pleats_fail(c->ctx, PLEATS_INVALID,
                               "a number of '%s' is not finite", name);
    return PLEATS_OK;
}

/* (x - offset) * scale, one for all features or one for each */
pleats_status pleats_op_scaler(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    const float *offset = NULL, *scale = NULL;
    size_t n_offset = 0, n_scale = 0, features = 0;
    pleats_terms rows = {0};
    TRY(pleats_call_need(c, 0, &x));
    TRY(floats(c, "offset", &n_offset, &offset));
    TRY(floats(c, "scale", &n_scale, &scale));
    features = x->shape.rank ? (size_t)x->shape.dim[x->shape.rank - 1] : 1;
    if ((n_offset != 1 && n_offset != features) ||
        (n_scale != 1 && n_scale != features))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "%zu offsets and %zu scales for %zu features", n_offset,
                        n_scale, features));
    for (int64_t i = 0; i < x->shape.n; i++) {
        size_t at = (size_t)i % features;
        double s = (double)scale[n_scale == 1 ? 0 : at];
        double shift = (double)offset[n_offset == 1 ? 0 : at];
        TRY(pleats_terms_add(c, &rows, (pleats_idx)i, s));
        TRY(pleats_terms_end(c, &rows, pleats_call_mul(c, -shift, s), 1));
    }
    TRY(pleats_emit_rows(c, x, &rows, (int64_t)(n_offset + n_scale), &x->shape,
                         c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    return status;
}

/* [rows x features] times coefficients [targets x features] plus intercepts */
pleats_status pleats_op_linear_regressor(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    static const char *const none = "NONE";
    const pleats_tensor *x = NULL;
    const float *w = NULL, *b = NULL;
    size_t n_w = 0, n_b = 0;
    int64_t targets = 1, features = 0;
    int choice = 0;
    pleats_terms rows = {0};
    pleats_tensor_shape shape = {0};
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_choose(c, "post_transform", none, 1, &none, &choice));
    TRY(pleats_call_int(c, "targets", 1, &targets));
    TRY(floats(c, "coefficients", &n_w, &w));
    TRY(floats(c, "intercepts", &n_b, &b));
    features = x->shape.rank ? x->shape.dim[x->shape.rank - 1] : 0;
    if (x->shape.rank < 1 || x->shape.rank > 2 || features < 1 || targets < 1 ||
        targets > (int64_t)n_w || (int64_t)n_w != targets * features ||
        (n_b && n_b != (size_t)targets))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "%zu coefficients and %zu intercepts for %lld features "
                        "and %lld targets",
                        n_w, n_b, (long long)features, (long long)targets));
    TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){x->shape.n / features, targets},
                         &shape));
    for (int64_t i = 0; i < shape.n; i++) {
        int64_t row = i / targets, t = i % targets;
        for (int64_t j = 0; j < features; j++)
            TRY(pleats_terms_add(c, &rows, (pleats_idx)(row * features + j),
                                 (double)w[t * features + j]));
        TRY(pleats_terms_end(c, &rows, n_b ? (double)b[t] : 0, 1));
    }
    TRY(pleats_emit_rows(c, x, &rows, (int64_t)(n_w + n_b), &shape, c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    return status;
}

/* The features with the given numbers: entries of the last axis. */
pleats_status pleats_op_array_feature_extractor(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *index = NULL;
    pleats_tensor_shape shape = {0};
    int64_t *from = NULL, features = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_INT, &index));
    if (x->shape.rank < 1 || index->shape.n < 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it has no features"));
    shape = x->shape;
    if (shape.rank == 1)
        TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){1, x->shape.n}, &shape));
    features = shape.dim[shape.rank - 1];
    shape.dim[shape.rank - 1] = index->shape.n;
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_alloc(c->ctx, (size_t)shape.n, sizeof *from, &from));
    for (int64_t i = 0; i < shape.n; i++) {
        TRY(pleats_call_index(c, index->integer[i % index->shape.n], features,
                              &from[i]));
        from[i] += i / index->shape.n * features;
    }
    TRY(pleats_tensor_pick(c->ctx, x, from, &shape, c->out));
done:
    pleats_release(c->ctx, from);
    return status;
}
