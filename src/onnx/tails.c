/* Strictly monotone ends of a network, which --logits leaves out. */
#include "onnx/ops.h"
#include "onnx/stored.h"

#include <math.h>
#include <string.h>

enum { MAX_BRANCHES = 64 };

typedef struct {
    pleats_ctx *ctx;
    const pleats_graph *graph;
    const char *path; /* of the model */
    pleats_idx *tail; /* [n_tails] nodes that are left out */
    size_t n_tails, capacity;
    int branches; /* of Concat nodes that were followed */
} search;

static bool is_op(const pleats_onnx_node *node, const char *name)
{
    return strcmp(node->proto->op_type, name) == 0;
}

static double attribute(const search *s, const pleats_onnx_node *node,
                        const char *name, double otherwise)
{
    const Onnx__AttributeProto *a = pleats_node_attribute(s->graph, node, name);
    return a && a->has_f ? (double)a->f : otherwise;
}

pleats_status pleats_graph_constant(pleats_ctx *ctx, const pleats_graph *graph,
                                    const char *path, pleats_idx value,
                                    pleats_tensor *out)
{
    const pleats_onnx_value *v = value < 0 ? NULL : &graph->value[value];
    const Onnx__TensorProto *stored = v ? v->stored : NULL;
    const Onnx__AttributeProto *a = NULL;
    pleats_tensor_shape one = {.n = 1};
    pleats_status status = PLEATS_OK;
    if (v && v->node >= 0 && is_op(&graph->node[v->node], "Constant")) {
        const pleats_onnx_node *node = &graph->node[v->node];
        a = pleats_node_attribute(graph, node, "value");
        stored = a ? a->t : NULL;
        a = pleats_node_attribute(graph, node, "value_float");
    }
    if (stored) {
        status = pleats_stored_read(ctx, stored, path, out);
    } else if (a && a->has_f) {
        status = pleats_tensor_new(ctx, PLEATS_TENSOR_REAL, &one, out);
        if (status == PLEATS_OK)
            out->real[0] = (double)a->f;
    }
    if (status == PLEATS_INVALID)
        pleats_tensor_clear(ctx, out);
    return status == PLEATS_INVALID ? PLEATS_OK : status;
}

/* Whether the value is a constant all of whose numbers are finite and, with
 * `positive`, above 0. */
static pleats_status is_constant(const search *s, pleats_idx value,
                                 bool positive, bool *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor t = {0};
    TRY(pleats_graph_constant(s->ctx, s->graph, s->path, value, &t));
    *out = t.sort != PLEATS_TENSOR_NONE;
    for (int64_t i = 0; *out && i < t.shape.n; i++) {
        double x = pleats_tensor_real(&t, i);
        *out = isfinite(x) && (!positive || x > 0);
    }
done:
    pleats_tensor_clear(s->ctx, &t);
    return status;
}

/* The input of the node that its result is a strictly increasing function of,
 * element by element, or a renaming of; with `either` it may be decreasing.
 * -1: none. */
static pleats_status monotone_input(const search *s,
                                    const pleats_onnx_node *node, bool either,
                                    pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *in = pleats_node_in(s->graph, node);
    bool product = is_op(node, "Mul"), quotient = is_op(node, "Div");
    bool sum = is_op(node, "Add"), difference = is_op(node, "Sub");
    *out = -1;
    if (node->n_in != 2 || !(product || quotient || sum || difference))
        return PLEATS_OK;
    for (int k = 0; k < 2 && *out < 0; k++) {
        bool good = false;
        if (k == 1 && (quotient || (difference && !either)))
            break;
        TRY(is_constant(s, in[1 - k], product || quotient, &good));
        if (good)
            *out = in[k];
    }
done:
    return status;
}

/* The value before the node when the node may be at a tail's end; -1: it may
 * not. */
static pleats_status before(const search *s, pleats_idx n, bool either,
                            pleats_idx *out, bool *is_tail)
{
    const pleats_onnx_node *node = &s->graph->node[n];
    const pleats_op *op = pleats_op_of(s->graph, n);
    const pleats_idx *in = pleats_node_in(s->graph, node);
    bool is_good = op && node->n_in > 0;
    *out = -1;
    *is_tail = is_good && (op->trait & PLEATS_OP_TAIL);
    if (*is_tail && (is_op(node, "Elu") || is_op(node, "Celu")) &&
        !(attribute(s, node, "alpha", 1) > 0))
        *is_tail = false;
    if (*is_tail || (is_good && (op->trait & PLEATS_OP_VIEW)) ||
        (is_op(node, "ZipMap") && node->n_in == 1))
        *out = in[0];
    else if ((is_op(node, "ArrayFeatureExtractor") || is_op(node, "Gather")) &&
             node->n_in == 2) {
        bool labels = false;
        pleats_status status = is_constant(s, in[0], false, &labels);
        if (status != PLEATS_OK)
            return status;
        if (labels || (in[0] >= 0 && s->graph->value[in[0]].stored))
            *out = in[1];
    } else if (op)
        return monotone_input(s, node, either, out);
    return PLEATS_OK;
}

static pleats_status strip(search *s, pleats_idx value, bool either,
                           pleats_idx *logits);

/* The value that all inputs of a Concat are tails of, or -1. */
static pleats_status strip_parts(search *s, const pleats_onnx_node *node,
                                 pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    size_t n_tails = s->n_tails;
    *out = -1;
    if (node->n_in < 2)
        return PLEATS_OK;
    for (pleats_idx k = 0; k < node->n_in; k++) {
        pleats_idx logits = -1;
        if (s->branches++ < MAX_BRANCHES)
            TRY(strip(s, pleats_node_in(s->graph, node)[k], true, &logits));
        if (logits < 0 || (k > 0 && logits != *out)) {
            *out = -1;
            s->n_tails = n_tails;
            break;
        }
        *out = logits;
    }
done:
    return status;
}

static pleats_status keep_tail(search *s, pleats_idx node)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < s->n_tails; i++)
        if (s->tail[i] == node)
            return PLEATS_OK;
    TRY(pleats_grow(s->ctx, &s->tail, &s->capacity, s->n_tails + 1,
                    sizeof *s->tail));
    s->tail[s->n_tails++] = node;
done:
    return status;
}

/* The value before the longest tail that ends in `value`, -1 when there is
 * none; the tails' nodes are kept. */
static pleats_status strip(search *s, pleats_idx value, bool either,
                           pleats_idx *logits)
{
    pleats_status status = PLEATS_OK;
    *logits = -1;
    for (pleats_idx steps = 0; steps < s->graph->n_nodes; steps++) {
        pleats_idx node = value < 0 ? -1 : s->graph->value[value].node;
        pleats_idx next = -1;
        bool is_tail = false;
        if (node < 0)
            break;
        if (is_op(&s->graph->node[node], "Concat")) {
            TRY(strip_parts(s, &s->graph->node[node], &next));
            is_tail = next >= 0;
        } else {
            TRY(before(s, node, either, &next, &is_tail));
            if (next >= 0 && is_tail)
                TRY(keep_tail(s, node));
        }
        if (next < 0)
            break;
        *logits = is_tail ? next : *logits;
        value = next;
    }
done:
    return status;
}

/* Names the tails that were found, as left out or as what could be. */
static pleats_status report_tails(const search *s, bool logits,
                                  pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    char text[PLEATS_NODE_TEXT];
    for (size_t i = 0; i < s->n_tails; i++) {
        pleats_idx node = s->tail[i];
        const pleats_op *op = pleats_op_of(s->graph, node);
        pleats_node_text(s->graph, node, text);
        if (logits)
            TRY(pleats_remark(s->ctx, "%s at the end is skipped", text));
        else
            TRY(pleats_report_add(s->ctx, report,
                                  "%s: %s %s, but nothing follows it: --logits "
                                  "stops before it",
                                  text, op->name, op->reason));
    }
done:
    return status;
}

/* Outputs that are tails of one and the same value count once. */
static void drop_twins(pleats_graph *graph, const bool *stripped)
{
    pleats_idx kept = 0;
    for (pleats_idx i = 0; i < graph->n_outputs; i++) {
        bool twin = false;
        for (pleats_idx k = i + 1; k < graph->n_outputs; k++)
            twin =
                twin || (stripped[i] && graph->output[k] == graph->output[i]);
        for (pleats_idx k = 0; k < kept; k++)
            twin =
                twin || (stripped[i] && graph->output[k] == graph->output[i]);
        if (!twin)
            graph->output[kept++] = graph->output[i];
    }
    graph->n_outputs = kept;
}

pleats_status pleats_skip_tails(pleats_ctx *ctx, pleats_graph *graph,
                                const char *path, bool logits,
                                pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    search s = {.ctx = ctx, .graph = graph, .path = path};
    bool *stripped = NULL;
    TRY(pleats_alloc(ctx, (size_t)graph->n_outputs, sizeof *stripped,
                     &stripped));
    for (pleats_idx i = 0; i < graph->n_outputs; i++) {
        pleats_idx found = -1;
        TRY(strip(&s, graph->output[i], false, &found));
        stripped[i] = found >= 0;
        if (found >= 0)
            graph->output[i] = found;
    }
    TRY(report_tails(&s, logits, report));
    drop_twins(graph, stripped);
done:
    pleats_release(ctx, s.tail);
    pleats_release(ctx, stripped);
    return status;
}
