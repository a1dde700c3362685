/* Steps of the network from a node. */
#include "onnx/exact_rows.h"
#include "onnx/exact_units.h"

#include <string.h>

enum { MAX_TERMS = 1 << 24 };

/* The step's label: the node, and the shape without the batch axis. */
static pleats_step_label label_of(const pleats_call *c, const char *op,
                                  int64_t n_parameters,
                                  const pleats_tensor_shape *shape)
{
    int skip = shape->rank > 1 && shape->dim[0] == 1;
    const char *name = c->node ? c->node->proto->name : NULL;
    const Onnx__NodeProto *call =
        c->node ? c->graph->scope[c->node->scope].call : NULL;
    if ((!name || !*name) && call)
        name = call->name;
    return (pleats_step_label){name, op, shape->rank - skip, shape->dim + skip,
                               n_parameters};
}

static pleats_status take_scalars(const pleats_call *c,
                                  const pleats_tensor_shape *shape,
                                  pleats_idx first, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, shape, out));
    for (int64_t i = 0; i < shape->n; i++)
        out->scalar[i] = first + (pleats_idx)i;
done:
    return status;
}

pleats_status pleats_terms_add(const pleats_call *c, pleats_terms *t,
                               pleats_idx scalar, pleats_number weight)
{
    pleats_status status = PLEATS_OK;
    if (scalar < 0)
        return PLEATS_OK;
    if (t->n_terms >= MAX_TERMS)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "a step of more than %d terms, the most that is "
                        "supported",
                        MAX_TERMS));
    TRY(pleats_grow(c->ctx, &t->in, &t->in_capacity, t->n_terms + 1,
                    sizeof *t->in));
    TRY(pleats_grow(c->ctx, &t->weight, &t->weight_capacity, t->n_terms + 1,
                    sizeof *t->weight));
    t->in[t->n_terms] = scalar;
    t->weight[t->n_terms++] = weight;
done:
    return status;
}

pleats_status pleats_terms_end(const pleats_call *c, pleats_terms *t,
                               pleats_number bias, pleats_number divisor)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(c->ctx, &t->start, &t->start_capacity, t->n + 2,
                    sizeof *t->start));
    TRY(pleats_grow(c->ctx, &t->bias, &t->bias_capacity, t->n + 1,
                    sizeof *t->bias));
    TRY(pleats_grow(c->ctx, &t->divisor, &t->divisor_capacity, t->n + 1,
                    sizeof *t->divisor));
    t->bias[t->n] = bias;
    t->divisor[t->n] = divisor;
    t->start[++t->n] = (pleats_idx)t->n_terms;
done:
    return status;
}

void pleats_terms_clear(pleats_ctx *ctx, pleats_terms *t)
{
    pleats_release(ctx, t->start);
    pleats_release(ctx, t->in);
    pleats_release(ctx, t->weight);
    pleats_release(ctx, t->bias);
    pleats_release(ctx, t->divisor);
    *t = (pleats_terms){0};
}

/* `array` when one of its numbers differs from `usual`, else NULL. */
static const double *unless_all(const double *array, size_t n, double usual)
{
    for (size_t i = 0; i < n; i++)
        if (!(array[i] == usual))
            return array;
    return NULL;
}

static bool are_doubles(const pleats_terms *t)
{
    return !pleats_numbers_have_rational(t->weight, t->n_terms) &&
           !pleats_numbers_have_rational(t->bias, t->n) &&
           !pleats_numbers_have_rational(t->divisor, t->n);
}

static pleats_status emit_terms(const pleats_call *c, const pleats_terms *t,
                                const pleats_step_label *label,
                                const pleats_tensor_shape *shape,
                                pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx first = 0;
    if (!are_doubles(t)) {
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, shape, out));
        TRY(pleats_exact_sparse(c, label, t, out->scalar));
        return status;
    }
    if (t->n)
        TRY(pleats_net_add_sparse(c->ctx, c->net, label, (pleats_idx)t->n,
                                  t->start, t->in, t->weight,
                                  unless_all(t->bias, t->n, 0),
                                  unless_all(t->divisor, t->n, 1), &first));
    TRY(take_scalars(c, shape, first, out));
done:
    return status;
}

pleats_status pleats_emit_sparse(const pleats_call *c, const pleats_terms *t,
                                 int64_t n_parameters,
                                 const pleats_tensor_shape *shape,
                                 pleats_tensor *out)
{
    pleats_step_label label =
        label_of(c, c->node->proto->op_type, n_parameters, shape);
    return emit_terms(c, t, &label, shape, out);
}

pleats_status pleats_emit_max(const pleats_call *c, const pleats_terms *t,
                              bool is_min, const pleats_tensor_shape *shape,
                              pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx first = 0;
    pleats_step_label label = label_of(c, c->node->proto->op_type, 0, shape);
    for (size_t i = 0; i < t->n; i++)
        if (t->start[i] == t->start[i + 1])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "element %zu is the maximum of nothing", i));
    if (t->n)
        TRY(pleats_net_add_max(c->ctx, c->net, &label, is_min, (pleats_idx)t->n,
                               t->start, t->in, &first));
    TRY(take_scalars(c, shape, first, out));
done:
    return status;
}

pleats_status pleats_emit_units(const pleats_call *c, const pleats_units *u,
                                pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor_shape *shape = &u->x->shape;
    pleats_tensor scalars = {0};
    pleats_idx first = 0;
    pleats_step_label label =
        label_of(c, c->node->proto->op_type, u->n_parameters, shape);
    TRY(pleats_call_scalars(c, u->x, false, &scalars));
    if (!pleats_units_are_doubles(u)) {
        TRY(pleats_emit_exact_units(c, u, &label, scalars.scalar, out));
        goto done;
    }
    if (shape->n)
        TRY(pleats_net_add_pl(c->ctx, c->net, &label, (pleats_idx)shape->n,
                              scalars.scalar, u->n_functions, u->function,
                              u->which, &first));
    TRY(take_scalars(c, shape, first, out));
done:
    pleats_tensor_clear(c->ctx, &scalars);
    return status;
}

/* How many weights and biases a convolution has. */
static size_t conv_weights(const pleats_conv_shape *conv, size_t *n_rows)
{
    size_t area = 1;
    for (pleats_idx d = 0; d < conv->n_spatial; d++)
        area *= (size_t)conv->kernel[d];
    *n_rows = (size_t)conv->groups * (size_t)conv->out_channels;
    return *n_rows * (size_t)conv->in_channels * area;
}

static bool all_finite(const pleats_number *x, size_t n)
{
    for (size_t i = 0; x && i < n; i++)
        if (!pleats_number_is_finite(x[i]))
            return false;
    return true;
}

/* Whether some parameter is no double, and none infinite or NaN, which the
 * network refuses. */
static bool is_exact_conv(const pleats_exact_conv *v)
{
    size_t n_rows = 0, n = conv_weights(&v->shape, &n_rows);
    return (pleats_numbers_have_rational(v->weight, n) ||
            pleats_numbers_have_rational(v->bias, n_rows)) &&
           all_finite(v->weight, n) && all_finite(v->bias, n_rows);
}

pleats_status
pleats_emit_conv(const pleats_call *c, const pleats_conv_shape *conv,
                 const pleats_idx *in, const pleats_number *weight,
                 const pleats_number *bias, int64_t n_parameters,
                 const pleats_tensor_shape *shape, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx first = 0;
    pleats_step_label label =
        label_of(c, c->node->proto->op_type, n_parameters, shape);
    const pleats_exact_conv exact = {*conv, in, weight, bias};
    if (is_exact_conv(&exact)) {
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, shape, out));
        TRY(pleats_emit_exact_conv(c, &label, &exact, out->scalar));
        return status;
    }
    TRY(pleats_net_add_conv(c->ctx, c->net, &label, conv, in, weight, bias,
                            &first));
    TRY(take_scalars(c, shape, first, out));
done:
    return status;
}

/* Several rows share the matrix: they are positions of a convolution with
 * windows of one entry, channels first. */
static pleats_status product_of_rows(const pleats_call *c,
                                     const pleats_product *p,
                                     const pleats_tensor_shape *shape,
                                     pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx rows = p->rows, n_in = p->n_in, n_out = p->n_out;
    const pleats_conv_shape conv = {1, n_in, n_out, 1, {rows}, {1}, {1}, {1}};
    pleats_idx *in = NULL;
    pleats_tensor made = {0};
    TRY(pleats_alloc(c->ctx, (size_t)rows * (size_t)n_in, sizeof *in, &in));
    for (pleats_idx r = 0; r < rows; r++)
        for (pleats_idx j = 0; j < n_in; j++)
            in[(size_t)j * (size_t)rows + (size_t)r] =
                p->x[(size_t)r * (size_t)n_in + (size_t)j];
    TRY(pleats_emit_conv(c, &conv, in, p->weight, p->bias, p->n_parameters,
                         shape, &made));
    for (size_t r = 0; r < (size_t)rows; r++)
        for (size_t i = 0; i < (size_t)n_out; i++)
            out->scalar[r * (size_t)n_out + i] =
                made.scalar[i * (size_t)rows + r];
done:
    pleats_tensor_clear(c->ctx, &made);
    pleats_release(c->ctx, in);
    return status;
}

/* One row: a dense step. */
static pleats_status product_of_one(const pleats_call *c,
                                    const pleats_product *p,
                                    const pleats_step_label *label,
                                    pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *in = NULL, first = 0;
    const pleats_exact_conv exact = {
        {1, p->n_in, p->n_out, 0, {0}, {0}, {0}, {0}},
        p->x,
        p->weight,
        p->bias};
    if (is_exact_conv(&exact))
        return pleats_emit_exact_conv(c, label, &exact, out->scalar);
    TRY(pleats_alloc(c->ctx, (size_t)p->n_in, sizeof *in, &in));
    for (pleats_idx i = 0; i < p->n_in; i++) {
        in[i] = p->x[i];
        if (in[i] < 0)
            TRY(pleats_call_zero(c, &in[i]));
    }
    TRY(pleats_net_add_dense(c->ctx, c->net, label, p->n_out, p->n_in, in,
                             p->weight, p->bias, &first));
    for (pleats_idx i = 0; i < p->n_out; i++)
        out->scalar[i] = first + i;
done:
    pleats_release(c->ctx, in);
    return status;
}

pleats_status pleats_emit_product(const pleats_call *c, const pleats_product *p,
                                  const pleats_tensor_shape *shape,
                                  pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_step_label label =
        label_of(c, c->node->proto->op_type, p->n_parameters, shape);
    if (p->n_in == 0)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "a product over nothing"));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, shape, out));
    if (p->rows > 1 && p->n_out > 0)
        TRY(product_of_rows(c, p, shape, out));
    else if (p->rows == 1 && p->n_out > 0)
        TRY(product_of_one(c, p, &label, out));
done:
    return status;
}

/* The constant `value`, made when it is first needed. */
static pleats_status need(const pleats_call *c, double value, pleats_idx *made,
                          pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx start[2] = {0, 0};
    const pleats_step_label label = {"", "Constant", 0, NULL, 0};
    if (*made < 0)
        TRY(pleats_net_add_sparse(c->ctx, c->net, &label, 1, start, NULL, NULL,
                                  value == 0 ? NULL : &value, NULL, made));
    *out = *made;
done:
    return status;
}

pleats_status pleats_call_zero(const pleats_call *c, pleats_idx *out)
{
    return need(c, 0, c->zero, out);
}

pleats_status pleats_call_one(const pleats_call *c, pleats_idx *out)
{
    return need(c, 1, c->one, out);
}

/* Constants other than 0 become rows without terms. */
static pleats_status constants(const pleats_call *c, const pleats_tensor *t,
                               pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    pleats_tensor rows = {0};
    pleats_tensor_shape shape = {.rank = 1};
    pleats_idx used = 0;
    pleats_step_label label = {0};
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &t->shape, out));
    for (int64_t i = 0; i < t->shape.n; i++)
        if (!(pleats_tensor_real(t, i) == 0))
            TRY(pleats_terms_end(c, &terms, pleats_call_real(c, t, i), 1));
    shape.n = shape.dim[0] = (int64_t)terms.n;
    label = label_of(c, "Constant", 0, &shape);
    TRY(emit_terms(c, &terms, &label, &shape, &rows));
    for (int64_t i = 0; i < t->shape.n; i++)
        out->scalar[i] =
            pleats_tensor_real(t, i) == 0 ? -1 : rows.scalar[used++];
done:
    pleats_terms_clear(c->ctx, &terms);
    pleats_tensor_clear(c->ctx, &rows);
    return status;
}

pleats_status pleats_call_scalars(const pleats_call *c, const pleats_tensor *t,
                                  bool keep_zero, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    if (pleats_tensor_is_const(t))
        TRY(constants(c, t, out));
    else
        TRY(pleats_tensor_reshape(c->ctx, t, &t->shape, out));
    for (int64_t i = 0; !keep_zero && i < t->shape.n; i++)
        if (out->scalar[i] == -1)
            TRY(pleats_call_zero(c, &out->scalar[i]));
done:
    return status;
}
