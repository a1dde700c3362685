/* What can be refused before any shape is known: every offending node in one
 * go. */
#include "onnx/input.h"
#include "onnx/op_jump.h"

/* What is known of a value: whether it depends on the input, and whether it may
 * jump because a comparison made it; whether it is an integer of the input. */
typedef enum { CONSTANT, VARIABLE, JUMPING } kind;

typedef struct {
    kind kind;
    bool is_integer;
} nature;

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
    const pleats_op *op =
        v && v->node >= 0 ? pleats_op_of(graph, v->node) : NULL;
    const char *name = op ? op->name : "";
    bool folds =
        op && natures[value].kind == CONSTANT && pleats_fold_find(name);
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

/* A power whose exponent stands in the file and is neither 0 nor 1. */
static pleats_status check_power(pleats_ctx *ctx, const pleats_graph *graph,
                                 pleats_idx node, pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor e = {0};
    char text[PLEATS_NODE_TEXT];
    const pleats_idx *in = pleats_node_in(graph, &graph->node[node]);
    TRY(pleats_graph_constant(ctx, graph, NULL, in[1], &e));
    for (int64_t i = 0; e.sort != PLEATS_TENSOR_NONE && i < e.shape.n; i++) {
        double x = pleats_tensor_real(&e, i);
        if (x == 0 || x == 1)
            continue;
        TRY(pleats_report_add(ctx, report,
                              "%s: Pow with the exponent %g is not piecewise "
                              "linear; with 0 and 1 it is",
                              pleats_node_text(graph, node, text), x));
        break;
    }
done:
    pleats_tensor_clear(ctx, &e);
    return status;
}

/* What the node's results are, from what its inputs are. */
static kind kind_of_results(const pleats_op *op, kind most)
{
    if (most == CONSTANT || (op && (op->trait & PLEATS_OP_SHAPE)))
        return CONSTANT;
    if (op && (pleats_jump_makes(op->name) ||
               (most == JUMPING && pleats_jump_takes(op->name))))
        return JUMPING;
    return VARIABLE;
}

/* Integers of the input may be moved about and become reals, which is all;
 * arithmetic on them would wrap around or cut fractions off.  Fills in the
 * nature of the node's outputs, whose inputs are at most of kind `most`. */
static pleats_status scan_results(pleats_ctx *ctx, const pleats_graph *graph,
                                  pleats_idx node, nature *natures, kind most,
                                  pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    const pleats_onnx_node *n = &graph->node[node];
    const pleats_idx *in = pleats_node_in(graph, n);
    const pleats_idx *out = pleats_node_out(graph, n);
    const pleats_op *op = pleats_op_of(graph, node);
    unsigned trait = op ? op->trait : 0;
    char text[PLEATS_NODE_TEXT];
    kind made = kind_of_results(op, most);
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
                (nature){made, made != CONSTANT && any &&
                                   (trait & PLEATS_OP_MOVES) != 0};
done:
    return status;
}

/* Checks one node; natures [n_values]. */
static pleats_status scan_node(pleats_ctx *ctx, const pleats_graph *graph,
                               pleats_idx node, nature *natures,
                               pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    const pleats_onnx_node *n = &graph->node[node];
    const pleats_idx *in = pleats_node_in(graph, n);
    const pleats_op *op = pleats_op_of(graph, node);
    char text[PLEATS_NODE_TEXT];
    pleats_idx last = -1, n_variable = 0;
    kind most = CONSTANT;
    for (pleats_idx k = 0; k < n->n_in; k++) {
        TRY(check_slots(ctx, graph, in[k], natures, report));
        if (in[k] < 0 || natures[in[k]].kind == CONSTANT)
            continue;
        most = natures[in[k]].kind > most ? natures[in[k]].kind : most;
        n_variable += k < 2;
        if (op && !(op->variable & PLEATS_IN_ALL) &&
            (k > 3 || !(op->variable & 1u << k)) &&
            !(natures[in[k]].kind == JUMPING && pleats_jump_takes(op->name)))
            last = k;
    }
    if (most == CONSTANT && pleats_opset_is_standard(n->proto->domain) &&
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
    else if (last >= 0 || (n_variable > 1 && (op->trait & PLEATS_OP_PRODUCT) &&
                           !(most == JUMPING && pleats_jump_takes(op->name))))
        TRY(refuse_variable(ctx, graph, node, op, last, report));
    else if (op->run == pleats_op_pow)
        TRY(check_power(ctx, graph, node, report));
constant:
    TRY(scan_results(ctx, graph, node, natures, most, report));
done:
    return status;
}

pleats_status pleats_scan(pleats_ctx *ctx, pleats_graph *graph,
                          pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    nature *natures = NULL;
    TRY(pleats_alloc(ctx, (size_t)graph->n_values, sizeof *natures, &natures));
    for (pleats_idx i = 0; i < graph->n_inputs; i++)
        natures[graph->input[i].value] =
            (nature){VARIABLE, pleats_input_is_integer(graph->input[i].info)};
    for (pleats_idx i = 0; i < graph->n_order; i++)
        TRY(scan_node(ctx, graph, graph->order[i], natures, report));
    for (pleats_idx i = 0; i < graph->n_outputs; i++)
        TRY(check_slots(ctx, graph, graph->output[i], natures, report));
done:
    pleats_release(ctx, natures);
    return status;
}
