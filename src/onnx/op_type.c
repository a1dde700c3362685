/* Casts to the type of another tensor, and quantised constants. */
#include "onnx/ops.h"
#include "onnx/pick.h"
#include "onnx/stored.h"

#include <string.h>

enum { MAX_STEPS = 64 };

/* The data type that the file states for the main graph's value, 0: none. */
static int32_t stated_type(const pleats_graph *graph, const char *name)
{
    const Onnx__GraphProto *g = graph->model->graph;
    const struct {
        size_t n;
        Onnx__ValueInfoProto **info;
    } lists[] = {{g->n_input, g->input},
                 {g->n_output, g->output},
                 {g->n_value_info, g->value_info}};
    for (size_t l = 0; l < 3; l++)
        for (size_t i = 0; i < lists[l].n; i++) {
            const Onnx__ValueInfoProto *v = lists[l].info[i];
            if (v->name && strcmp(v->name, name) == 0 && v->type &&
                v->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
                return v->type->tensor_type->elem_type;
        }
    return 0;
}

/* The data type of a value, followed through operators that keep it; 0: not
 * known. */
static int32_t type_of(const pleats_graph *graph, pleats_idx value)
{
    for (int step = 0; value >= 0 && step < MAX_STEPS; step++) {
        const pleats_onnx_value *v = &graph->value[value];
        if (v->stored)
            return v->stored->data_type;
        if (v->sparse)
            return v->sparse->values ? v->sparse->values->data_type : 0;
        if (v->node < 0)
            return stated_type(graph, v->name);
        const pleats_onnx_node *n = &graph->node[v->node];
        const char *name = n->proto->op_type;
        const pleats_op *op = pleats_op_find(n->proto->domain, name);
        const Onnx__AttributeProto *to = pleats_node_attribute(graph, n, "to");
        const Onnx__AttributeProto *held =
            pleats_node_attribute(graph, n, "value");
        if (strcmp(name, "Cast") == 0)
            return to && to->has_i ? (int32_t)to->i : 0;
        if (strcmp(name, "Constant") == 0 && held && held->t)
            return held->t->data_type;
        bool like = strcmp(name, "CastLike") == 0 && n->n_in > 1;
        if (!like && (!op || !(op->trait & PLEATS_OP_MOVES) || n->n_in < 1))
            return graph->scope[n->scope].function
                       ? 0
                       : stated_type(graph, v->name);
        value = pleats_node_in(graph, n)[like ? 1 : 0];
    }
    return 0;
}

/* A tensor that depends on the input holds reals, whatever floats they are; a
 * constant needs the type. */
pleats_status pleats_op_cast_like(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *like = NULL;
    int32_t type = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_need(c, 1, &like));
    type = type_of(c->graph, pleats_node_in(c->graph, c->node)[1]);
    if (!type && like->sort == PLEATS_TENSOR_VAR && x->sort == like->sort)
        type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    if (!type)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "the type of its second input is not known"));
    TRY(pleats_cast(c, x, type));
done:
    return status;
}

/* The elements of t [1, the axis' entries, or blocks of the shape x] that go
 * with those of x: which [x.n]. */
static pleats_status spread(const pleats_call *c, const pleats_tensor_shape *x,
                            const pleats_tensor *t, int axis, int64_t block,
                            int64_t *which)
{
    pleats_status status = PLEATS_OK;
    int64_t inner = 1, wide = 1, n = 0;
    bool one = t->shape.n == 1 && t->shape.rank < 2;
    bool fits = one || (axis >= 0 && axis < x->rank);
    for (int k = axis + 1; fits && !one && k < x->rank; k++)
        inner *= x->dim[k];
    wide = one ? 1 : fits ? x->dim[axis] : 0;
    n = wide;
    if (!one && block && fits) {
        n = (wide + block - 1) / block;
        fits = t->shape.rank == x->rank && t->shape.dim[axis] == n;
        for (int k = 0; fits && k < x->rank; k++)
            fits = k == axis || t->shape.dim[k] == x->dim[k];
    } else if (!one) {
        fits = fits && t->shape.rank == 1 && t->shape.n == n;
    }
    if (!fits)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its scales or zero points do not fit its input"));
    for (int64_t i = 0; i < x->n; i++) {
        int64_t at = i / inner % wide;
        which[i] =
            one     ? 0
            : block ? (i / (inner * wide) * n + at / block) * inner + i % inner
                    : at;
    }
done:
    return status;
}

/* (x - zero_point) * scale, for one scale, one for each entry of the axis, or
 * one for each block of entries. */
pleats_status pleats_op_dequantize(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *scale = NULL, *zero = pleats_call_in(c, 2);
    pleats_terms rows = {0};
    int64_t axis = 1, block = 0, *which = NULL;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_REAL, &scale));
    TRY(pleats_call_int(c, "axis", 1, &axis));
    TRY(pleats_call_int(c, "block_size", 0, &block));
    axis = axis < 0 ? axis + x->shape.rank : axis;
    if (block < 0 || axis < 0 || axis > PLEATS_MAX_RANK ||
        (zero &&
         (!pleats_tensor_is_const(zero) || zero->shape.n != scale->shape.n)))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its axis, blocks or zero points do not fit"));
    TRY(pleats_alloc(c->ctx, (size_t)x->shape.n, sizeof *which, &which));
    TRY(spread(c, &x->shape, scale, (int)axis, block, which));
    if (x->sort != PLEATS_TENSOR_VAR)
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, c->out));
    for (int64_t i = 0; i < x->shape.n; i++) {
        pleats_number s = scale->real[which[i]];
        pleats_number shift =
            zero ? pleats_number_neg(c->pool,
                                     pleats_call_real(c, zero, which[i]))
                 : 0;
        if (x->sort != PLEATS_TENSOR_VAR) {
            c->out->real[i] = pleats_call_mul(
                c, pleats_call_add(c, pleats_call_real(c, x, i), shift), s);
            continue;
        }
        TRY(pleats_terms_add(c, &rows, x->scalar[i], s));
        TRY(pleats_terms_end(c, &rows, pleats_call_mul(c, shift, s), 1));
    }
    if (x->sort == PLEATS_TENSOR_VAR)
        TRY(pleats_emit_sparse(c, &rows, scale->shape.n, &x->shape, c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    pleats_release(c->ctx, which);
    return status;
}
