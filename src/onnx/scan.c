/* What can be refused before any shape is known: every offending node in one
 * go. */
#include "onnx/input.h"
#include "onnx/ops.h"

#include <string.h>

/* What each value is: [n_values]. */
typedef struct {
    bool is_variable, is_integer; /* the latter of variable ones only */
} nature;

static const pleats_op *op_of(const pleats_graph *graph, pleats_idx node)
{
    const Onnx__NodeProto *proto = graph->node[node].proto;
    if (graph->node[node].is_alias)
        return pleats_op_find(NULL, "Identity");
    return pleats_op_find(proto->domain, proto->op_type);
}

/* The last node before the output that is more than a view, or -1. */
static pleats_idx tail_of(const pleats_graph *graph, pleats_idx value)
{
    for (pleats_idx steps = 0; steps < graph->n_nodes; steps++) {
        pleats_idx node = value < 0 ? -1 : graph->value[value].node;
        const pleats_op *op = node < 0 ? NULL : op_of(graph, node);
        if (!op || graph->node[node].n_in == 0)
            return -1;
        if (op->trait & PLEATS_OP_TAIL)
            return node;
        if (!(op->trait & PLEATS_OP_VIEW))
            return -1;
        value = pleats_node_in(graph, &graph->node[node])[0];
    }
    return -1;
}

pleats_status pleats_skip_tails(pleats_ctx *ctx, pleats_graph *graph,
                                bool logits, pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    char text[PLEATS_NODE_TEXT];
    for (pleats_idx i = 0; i < graph->n_outputs; i++)
        for (pleats_idx steps = 0; steps < graph->n_nodes; steps++) {
            pleats_idx node = tail_of(graph, graph->output[i]);
            if (node < 0)
                break;
            pleats_idx before = pleats_node_in(graph, &graph->node[node])[0];
            if (!logits)
                TRY(pleats_report_add(
                    ctx, report,
                    "%s: %s %s, but nothing follows it: --logits stops before "
                    "it",
                    pleats_node_text(graph, node, text),
                    graph->node[node].proto->op_type,
                    op_of(graph, node)->reason));
            else
                TRY(pleats_remark(ctx, "%s at the end is skipped",
                                  pleats_node_text(graph, node, text)));
            if (before < 0)
                break;
            graph->output[i] = before;
        }
done:
    return status;
}

/* How input k of a node that may not be variable is called. */
static pleats_status refuse_variable(pleats_ctx *ctx, const pleats_graph *graph,
                                     pleats_idx node, const pleats_op *op,
                                     pleats_idx k, pleats_report *report)
{
    char text[PLEATS_NODE_TEXT];
    pleats_node_text(graph, node, text);
    if (op->trait & PLEATS_OP_PRODUCT)
        return pleats_report_add(ctx, report,
                                 "%s: %s of two variable tensors is not "
                                 "piecewise linear",
                                 text, op->name);
    if (op->reason)
        return pleats_report_add(ctx, report, "%s: %s %s", text, op->name,
                                 op->reason);
    return pleats_report_add(ctx, report,
                             "%s: its input '%.200s' depends on the network's "
                             "input, it must be constant",
                             text, graph->node[node].proto->input[k]);
}

/* An output after the first, like the mask of Dropout. */
static pleats_status check_slots(pleats_ctx *ctx, const pleats_graph *graph,
                                 pleats_idx value, const nature *natures,
                                 pleats_report *report)
{
    char text[PLEATS_NODE_TEXT];
    const pleats_onnx_value *v = value < 0 ? NULL : &graph->value[value];
    const pleats_op *op = v && v->node >= 0 ? op_of(graph, v->node) : NULL;
    const char *name = op ? op->name : "";
    bool folds = op && !natures[value].is_variable && pleats_fold_find(name);
    if (!op || v->slot == 0 || (folds && v->slot < pleats_fold_outputs(name)) ||
        (!folds && (!op->run || (op->trait & PLEATS_OP_MANY))))
        return PLEATS_OK;
    return pleats_report_add(ctx, report,
                             "%s: its output '%.200s' is used, only the first "
                             "is supported",
                             pleats_node_text(graph, v->node, text), v->name);
}

static pleats_status refuse_inputs(pleats_ctx *ctx, const pleats_graph *graph,
                                   pleats_idx node, const pleats_op *op,
                                   pleats_report *report)
{
    char text[PLEATS_NODE_TEXT];
    pleats_idx n = graph->node[node].n_in;
    bool few = n < op->least;
    return pleats_report_add(
        ctx, report, "%s: it takes at %s %d inputs, it has %d",
        pleats_node_text(graph, node, text), few ? "least" : "most",
        few ? op->least : op->most, n);
}

/* Integers of the input may be moved about and become reals; arithmetic on them
 * would wrap around or cut fractions off.  Fills in the nature of the node's
 * outputs. */
static pleats_status scan_integers(pleats_ctx *ctx, const pleats_graph *graph,
                                   pleats_idx node, nature *natures,
                                   bool is_variable, pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    const pleats_onnx_node *n = &graph->node[node];
    const pleats_idx *in = pleats_node_in(graph, n);
    const pleats_idx *out = pleats_node_out(graph, n);
    const pleats_op *op = op_of(graph, node);
    unsigned trait = op ? op->trait : 0;
    char text[PLEATS_NODE_TEXT];
    bool any = false;
    for (pleats_idx k = 0; k < n->n_in; k++)
        any = any || (in[k] >= 0 && natures[in[k]].is_integer);
    if (any && op && op->run &&
        !(trait & (PLEATS_OP_MOVES | PLEATS_OP_REAL | PLEATS_OP_SHAPE)))
        TRY(pleats_report_add(ctx, report,
                              "%s: it computes with integers that depend on "
                              "the network's input, which is not continuous; "
                              "cast them to floats before",
                              pleats_node_text(graph, node, text)));
    for (pleats_idx k = 0; k < n->n_out; k++)
        if (out[k] >= 0)
            natures[out[k]] =
                (nature){is_variable,
                         is_variable && any && (trait & PLEATS_OP_MOVES) != 0};
done:
    return status;
}

/* Checks one node. */
static pleats_status scan_node(pleats_ctx *ctx, const pleats_graph *graph,
                               pleats_idx node, nature *natures,
                               pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    const pleats_onnx_node *n = &graph->node[node];
    const pleats_idx *in = pleats_node_in(graph, n);
    const pleats_op *op = op_of(graph, node);
    char text[PLEATS_NODE_TEXT];
    pleats_idx last = -1, n_variable = 0;
    bool any = false;
    for (pleats_idx k = 0; k < n->n_in; k++) {
        TRY(check_slots(ctx, graph, in[k], natures, report));
        if (in[k] < 0 || !natures[in[k]].is_variable)
            continue;
        any = true;
        n_variable += k < 2;
        if (op && !(op->variable & PLEATS_IN_ALL) &&
            (k > 3 || !(op->variable & 1u << k)))
            last = k;
    }
    if (!any && pleats_opset_is_standard(n->proto->domain) &&
        pleats_fold_find(n->proto->op_type))
        goto constant;
    if (!op && !pleats_opset_is_standard(n->proto->domain))
        TRY(pleats_report_add(ctx, report,
                              "%s: the domain '%.200s' of its operator is "
                              "unknown",
                              pleats_node_text(graph, node, text),
                              n->proto->domain));
    else if (!op)
        TRY(pleats_report_add(ctx, report, "%s: the operator is not supported",
                              pleats_node_text(graph, node, text)));
    else if (!op->run)
        TRY(pleats_report_add(ctx, report, "%s: %s %s",
                              pleats_node_text(graph, node, text), op->name,
                              op->reason));
    else if (n->n_in < op->least || n->n_in > op->most)
        TRY(refuse_inputs(ctx, graph, node, op, report));
    else if (last >= 0 || (n_variable > 1 && (op->trait & PLEATS_OP_PRODUCT)))
        TRY(refuse_variable(ctx, graph, node, op, last, report));
    if (op && (op->trait & PLEATS_OP_SHAPE))
        any = false;
constant:
    TRY(scan_integers(ctx, graph, node, natures, any, report));
done:
    return status;
}

pleats_status pleats_scan(pleats_ctx *ctx, pleats_graph *graph,
                          pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    nature *natures = NULL;
    TRY(pleats_alloc(ctx, (size_t)graph->n_values, sizeof *natures, &natures));
    natures[graph->input] =
        (nature){true, pleats_input_is_integer(graph->input_info)};
    for (pleats_idx i = 0; i < graph->n_order; i++)
        TRY(scan_node(ctx, graph, graph->order[i], natures, report));
    for (pleats_idx i = 0; i < graph->n_outputs; i++)
        TRY(check_slots(ctx, graph, graph->output[i], natures, report));
done:
    pleats_release(ctx, natures);
    return status;
}
