/* If with a condition that the file fixes: the branch that is taken becomes
 * nodes of the graph, in a scope that sees the names around it. */
#include "onnx/graph.h"

#include <string.h>

enum { MAX_CHAIN = 8, MAX_BRANCHES = 32 };

/* A stored tensor of one truth value. */
static bool read_truth(const Onnx__TensorProto *t, bool *out)
{
    if (!t || t->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__BOOL)
        return false;
    if (t->has_raw_data && t->raw_data.len == 1) {
        *out = t->raw_data.data[0] != 0;
        return true;
    }
    if (t->n_int32_data == 1)
        *out = t->int32_data[0] != 0;
    return t->n_int32_data == 1;
}

/* A stored value, or a Constant behind nodes that keep or turn it. */
static bool find_truth(const pleats_graph *graph, pleats_idx v, bool *out)
{
    bool turned = false;
    for (int step = 0; step < MAX_CHAIN && v >= 0; step++) {
        const pleats_onnx_value *value = &graph->value[v];
        bool found = read_truth(value->stored, out);
        if (value->node < 0) {
            *out = *out != turned;
            return found;
        }
        const pleats_onnx_node *node = &graph->node[value->node];
        const char *op = node->is_alias ? "Identity" : node->proto->op_type;
        if (strcmp(op, "Constant") == 0) {
            const Onnx__AttributeProto *a =
                pleats_node_attribute(graph, node, "value");
            found = a && read_truth(a->t, out);
            *out = *out != turned;
            return found;
        }
        if (node->n_in != 1 ||
            (strcmp(op, "Identity") != 0 && strcmp(op, "Not") != 0))
            return false;
        turned = turned != (strcmp(op, "Not") == 0);
        v = pleats_node_in(graph, node)[0];
    }
    return false;
}

/* The value that a name means in a scope, without making one; -1: none. */
static pleats_idx look_up(const pleats_graph *graph, pleats_idx scope,
                          const char *name)
{
    pleats_idx v = pleats_names_find(&graph->names, scope, name, -1);
    while (v < 0 && graph->scope[scope].branch) {
        scope = graph->scope[scope].parent;
        v = pleats_names_find(&graph->names, scope, name, -1);
    }
    return v;
}

const Onnx__GraphProto *pleats_branch_taken(const pleats_graph *graph,
                                            const Onnx__NodeProto *node,
                                            pleats_idx scope)
{
    const Onnx__GraphProto *taken = NULL;
    bool truth = false;
    if (!pleats_opset_is_standard(node->domain) ||
        strcmp(node->op_type, "If") != 0 || node->n_input != 1 ||
        !find_truth(graph, look_up(graph, scope, node->input[0]), &truth))
        return NULL;
    for (size_t i = 0; i < node->n_attribute; i++) {
        const Onnx__AttributeProto *a = node->attribute[i];
        if (a->name &&
            strcmp(a->name, truth ? "then_branch" : "else_branch") == 0)
            taken = a->g;
    }
    return taken;
}

/* The branch's own names, and its initialisers. */
static pleats_status add_names(pleats_ctx *ctx, pleats_graph *graph,
                               const Onnx__GraphProto *g, pleats_idx scope)
{
    pleats_status status = PLEATS_OK;
    pleats_idx v = -1;
    for (size_t i = 0; i < g->n_initializer; i++) {
        const char *name = g->initializer[i]->name;
        TRY(pleats_graph_own_value(ctx, graph, scope, name ? name : "", &v));
        graph->value[v].stored = g->initializer[i];
    }
    for (size_t i = 0; i < g->n_node; i++)
        for (size_t k = 0; k < g->node[i]->n_output; k++)
            if (*g->node[i]->output[k])
                TRY(pleats_graph_own_value(ctx, graph, scope,
                                           g->node[i]->output[k], &v));
done:
    return status;
}

pleats_status pleats_branch_add(pleats_ctx *ctx, pleats_graph *graph,
                                const Onnx__NodeProto *node, pleats_idx number,
                                const Onnx__GraphProto *g, pleats_idx scope)
{
    pleats_status status = PLEATS_OK;
    pleats_idx inner = graph->n_scopes, depth = 0, from = -1, to = -1;
    const pleats_onnx_node like = {
        .proto = node, .number = number, .scope = scope};
    for (pleats_idx s = scope; s >= 0; s = graph->scope[s].parent)
        depth++;
    if (depth > MAX_BRANCHES || g->n_output != node->n_output ||
        g->n_sparse_initializer)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "node #%d (If): its branch is nested too deeply or has "
                        "other outputs than it",
                        number));
    TRY(pleats_grow(ctx, &graph->scope, &graph->scope_capacity,
                    (size_t)graph->n_scopes + 1, sizeof *graph->scope));
    graph->scope[graph->n_scopes++] =
        (pleats_onnx_scope){.call = node,
                            .branch = g,
                            .parent = scope,
                            .opset = graph->scope[scope].opset};
    TRY(add_names(ctx, graph, g, inner));
    TRY(pleats_graph_add_nodes(ctx, graph, g->node, g->n_node, inner));
    for (size_t i = 0; i < g->n_output; i++) {
        const char *name = g->output[i]->name ? g->output[i]->name : "";
        if (!*node->output[i])
            continue;
        TRY(pleats_graph_value(ctx, graph, inner, name, &from));
        TRY(pleats_graph_value(ctx, graph, scope, node->output[i], &to));
        TRY(pleats_graph_add_alias(ctx, graph, &like, from, to));
    }
done:
    return status;
}
