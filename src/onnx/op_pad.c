/* Padding with a constant, or with entries of the tensor itself. */
#include "onnx/ops.h"

#include <float.h>
#include <string.h>

typedef enum { CONSTANT, REFLECT, EDGE, WRAP, N_MODES } mode;

/* Which entry of an axis of size n stands at position j, -1: the constant. */
static int64_t source(mode m, int64_t j, int64_t n)
{
    if (j >= 0 && j < n)
        return j;
    if (m == EDGE)
        return j < 0 ? 0 : n - 1;
    if (m == WRAP)
        return (j % n + n) % n;
    if (m == REFLECT) {
        int64_t period = n > 1 ? 2 * (n - 1) : 1;
        j = (j % period + period) % period;
        return j < n ? j : period - j;
    }
    return -1;
}

/* lo[k], hi[k]: entries added (or, negative, cut) on both sides of axis k. */
static pleats_status read_pads(const pleats_call *c,
                               const pleats_tensor_shape *x, int64_t *lo,
                               int64_t *hi)
{
    pleats_status status = PLEATS_OK;
    pleats_ints pads = {0}, axes = {0};
    size_t n = (size_t)x->rank;
    TRY(pleats_call_list(c, 1, "pads", &pads));
    TRY(pleats_call_list(c, 3, NULL, &axes));
    if (axes.present)
        n = axes.n;
    if (pads.n != 2 * n)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "pads has %zu numbers, not %zu",
                        pads.n, 2 * n));
    for (size_t i = 0; i < n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.present ? axes.v[i] : (int64_t)i, x->rank,
                        &k));
        lo[k] = pads.v[i];
        hi[k] = pads.v[n + i];
        if (lo[k] < -PLEATS_MAX_ELEMENTS || lo[k] > PLEATS_MAX_ELEMENTS ||
            hi[k] < -PLEATS_MAX_ELEMENTS || hi[k] > PLEATS_MAX_ELEMENTS)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its pads are too large"));
    }
done:
    return status;
}

/* Whether maxima alone read the node's result, so that entries of minus
 * infinity never count. */
static bool only_maxima_read(const pleats_call *c)
{
    static const char *const maxima[] = {"MaxPool", "GlobalMaxPool",
                                         "ReduceMax"};
    const pleats_graph *graph = c->graph;
    pleats_idx v = pleats_node_out(graph, c->node)[0];
    for (pleats_idx i = 0; i < graph->n_outputs; i++)
        if (graph->output[i] == v)
            return false;
    for (pleats_idx i = 0; i < graph->n_order; i++) {
        const pleats_onnx_node *node = &graph->node[graph->order[i]];
        bool is_maximum = false;
        for (int k = 0; k < 3; k++)
            is_maximum =
                is_maximum || strcmp(node->proto->op_type, maxima[k]) == 0;
        for (pleats_idx k = 0; k < node->n_in; k++)
            if (pleats_node_in(graph, node)[k] == v && !is_maximum)
                return false;
    }
    return true;
}

/* The constant of a variable tensor: no float lies below -FLT_MAX, which
 * exporters write for minus infinity. */
static pleats_status variable_fill(const pleats_call *c, double value,
                                   pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor number = {0};
    pleats_tensor_shape one = {.n = 1};
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &one, &number));
    number.real[0] = value;
    if (pleats_number_is_rational(value) || value > -(double)FLT_MAX) {
        TRY(pleats_call_scalars(c, &number, true, out));
    } else if (only_maxima_read(c)) {
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &one, out));
        out->scalar[0] = PLEATS_SCALAR_LOWEST;
    } else {
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "it pads with minus infinity, which only MaxPool, "
                        "GlobalMaxPool and ReduceMax can read"));
    }
done:
    pleats_tensor_clear(c->ctx, &number);
    return status;
}

/* The constant as one element of x's sort. */
static pleats_status read_fill(const pleats_call *c, pleats_tensor_sort sort,
                               pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape one = {.n = 1};
    double value = 0;
    bool present = false;
    TRY(pleats_call_number(c, 2, "value", &value, &present));
    if (sort == PLEATS_TENSOR_INT) {
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &one, out));
        if (present && pleats_call_in(c, 2) &&
            c->in[2]->sort == PLEATS_TENSOR_INT)
            out->integer[0] = c->in[2]->integer[0];
        else if (value != 0)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "integers are padded with a float"));
    } else if (sort == PLEATS_TENSOR_VAR) {
        TRY(variable_fill(c, value, out));
    } else {
        TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &one, out));
        out->real[0] = value;
    }
done:
    return status;
}

pleats_status pleats_op_pad(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_selection s = {0};
    pleats_tensor fill = {0};
    pleats_tensor_shape shape = {0};
    int64_t lo[PLEATS_MAX_RANK] = {0}, hi[PLEATS_MAX_RANK] = {0};
    int64_t stride[PLEATS_MAX_RANK];
    static const char *const modes[] = {"constant", "reflect", "edge", "wrap"};
    int m = CONSTANT;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_choose(c, "mode", "constant", N_MODES, modes, &m));
    TRY(read_pads(c, &x->shape, lo, hi));
    TRY(read_fill(c, x->sort, &fill));
    shape = x->shape;
    for (int k = 0; k < shape.rank; k++) {
        shape.dim[k] += lo[k] + hi[k];
        if (m != CONSTANT && x->shape.dim[k] == 0 && shape.dim[k] > 0)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "axis %d is empty and cannot be repeated", k));
        if (m == REFLECT && (lo[k] >= x->shape.dim[k] + (lo[k] == 0) ||
                             hi[k] >= x->shape.dim[k] + (hi[k] == 0)))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "axis %d is too short to be reflected", k));
    }
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_selection_new(c->ctx, &shape, &s));
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < shape.rank; k++)
        for (int64_t j = 0; j < shape.dim[k]; j++) {
            int64_t from = source((mode)m, j - lo[k], x->shape.dim[k]);
            s.offset[k][j] = from < 0 ? -1 : from * stride[k];
        }
    TRY(pleats_tensor_select(c->ctx, x, &s, fill.data, c->out));
done:
    pleats_selection_clear(c->ctx, &s);
    pleats_tensor_clear(c->ctx, &fill);
    return status;
}
