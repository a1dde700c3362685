/* Nodes into the flat graph; calls of local functions are replaced by the
 * functions' nodes, in a scope of names of their own. */
#include "onnx/graph.h"
#include "onnx/wire.h"

#include <string.h>

enum { MAX_NODES = 1 << 20, MAX_CALLS = 32, DEFAULTS_FIELD = 11 };

static const char *text_of(const char *text)
{
    return text ? text : "";
}

static const char *domain_of(const char *domain)
{
    return pleats_opset_is_standard(domain) ? "" : domain;
}

/* Attributes with default values are a field that the message description of
 * older ONNX does not know: they are unpacked from the unknown fields. */
static pleats_status add_defaults(pleats_ctx *ctx, pleats_onnx_function *f)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < f->proto->base.n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *u =
            &f->proto->base.unknown_fields[i];
        ProtobufCMessage *message = NULL;
        size_t used = 0;
        if (u->tag != DEFAULTS_FIELD ||
            u->wire_type != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
            continue;
        pleats_wire_varint(u->data, u->len, &used);
        TRY(pleats_grow(ctx, &f->defaults, &f->default_capacity,
                        f->n_defaults + 1, sizeof(Onnx__AttributeProto *)));
        TRY(pleats_wire_unpack(ctx, &onnx__attribute_proto__descriptor,
                               u->data + used, u->len - used, &message));
        f->defaults[f->n_defaults++] = (Onnx__AttributeProto *)message;
    }
done:
    return status;
}

pleats_status pleats_graph_add_functions(pleats_ctx *ctx, pleats_graph *graph)
{
    pleats_status status = PLEATS_OK;
    const Onnx__ModelProto *model = graph->model;
    pleats_idx *entry = NULL;
    bool is_new = false;
    TRY(pleats_alloc(ctx, model->n_functions, sizeof *graph->function,
                     &graph->function));
    for (size_t i = 0; i < model->n_functions; i++) {
        const Onnx__FunctionProto *f = model->functions[i];
        graph->function[i].proto = f;
        TRY(pleats_opset_version(ctx, f->n_opset_import, f->opset_import,
                                 graph->scope[0].opset,
                                 &graph->function[i].opset));
        TRY(add_defaults(ctx, &graph->function[i]));
        TRY(pleats_names_intern(ctx, &graph->functions, -1,
                                domain_of(f->domain), (pleats_idx)i, &is_new,
                                &entry));
        TRY(pleats_names_intern(ctx, &graph->functions, *entry,
                                text_of(f->name), (pleats_idx)i, &is_new,
                                &entry));
        if (!is_new)
            TRY(pleats_fail(ctx, PLEATS_INVALID, "two functions named '%s'",
                            text_of(f->name)));
    }
done:
    return status;
}

/* The local function that the node calls, or NULL. */
static const pleats_onnx_function *callee(const pleats_graph *graph,
                                          const Onnx__NodeProto *node)
{
    pleats_idx domain =
        pleats_names_find(&graph->functions, -1, domain_of(node->domain), -1);
    pleats_idx f = domain < 0 ? -1
                              : pleats_names_find(&graph->functions, domain,
                                                  node->op_type, -1);
    return f < 0 ? NULL : &graph->function[f];
}

static pleats_status push_value(pleats_ctx *ctx, pleats_graph *graph,
                                pleats_idx v)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &graph->link, &graph->link_capacity,
                    (size_t)graph->n_links + 1, sizeof *graph->link));
    graph->link[graph->n_links++] = v;
done:
    return status;
}

static pleats_status push_link(pleats_ctx *ctx, pleats_graph *graph,
                               pleats_idx scope, const char *name)
{
    pleats_status status = PLEATS_OK;
    pleats_idx v = -1;
    if (*name)
        TRY(pleats_graph_value(ctx, graph, scope, name, &v));
    TRY(push_value(ctx, graph, v));
done:
    return status;
}

/* Output `slot` of the node that is being added is value v. */
static pleats_status define(pleats_ctx *ctx, pleats_graph *graph, pleats_idx v,
                            size_t slot)
{
    pleats_onnx_value *value = &graph->value[v];
    if (value->node >= 0 || value->stored || value->sparse || value->is_input)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the tensor '%s' is defined twice", value->name);
    value->node = graph->n_nodes;
    value->slot = (pleats_idx)slot;
    return PLEATS_OK;
}

static pleats_status add_node(pleats_ctx *ctx, pleats_graph *graph,
                              const Onnx__NodeProto *proto, size_t number,
                              pleats_idx scope)
{
    pleats_status status = PLEATS_OK;
    pleats_onnx_node node = {proto,
                             (pleats_idx)number,
                             scope,
                             (pleats_idx)proto->n_input,
                             (pleats_idx)proto->n_output,
                             graph->n_links,
                             false};
    if (graph->n_nodes >= MAX_NODES || proto->n_input > MAX_NODES ||
        proto->n_output > MAX_NODES || graph->n_links > INT32_MAX / 2)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "the graph has more than %d nodes",
                        MAX_NODES));
    for (size_t i = 0; i < proto->n_input; i++)
        TRY(push_link(ctx, graph, scope, proto->input[i]));
    for (size_t i = 0; i < proto->n_output; i++) {
        TRY(push_link(ctx, graph, scope, proto->output[i]));
        pleats_idx v = graph->link[graph->n_links - 1];
        if (v >= 0)
            TRY(define(ctx, graph, v, i));
    }
    TRY(pleats_grow(ctx, &graph->node, &graph->node_capacity,
                    (size_t)graph->n_nodes + 1, sizeof *graph->node));
    graph->node[graph->n_nodes++] = node;
done:
    return status;
}

/* Lets the function's names for its inputs or outputs mean the call's values.
 * An input that is left out is -1; such an output is the function's own. */
static pleats_status bind(pleats_ctx *ctx, pleats_graph *graph,
                          pleats_idx scope, bool outputs)
{
    pleats_status status = PLEATS_OK;
    const pleats_onnx_scope at = graph->scope[scope];
    const Onnx__FunctionProto *f = at.function->proto;
    size_t n_formal = outputs ? f->n_output : f->n_input;
    size_t n_actual = outputs ? at.call->n_output : at.call->n_input;
    char **formal = outputs ? f->output : f->input;
    char **actual = outputs ? at.call->output : at.call->input;
    if (n_actual > n_formal)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a call of the function '%s' has %zu %s, not %zu",
                        text_of(f->name), n_actual,
                        outputs ? "outputs" : "inputs", n_formal));
    for (size_t i = 0; i < n_formal; i++) {
        pleats_idx v = -1, *entry = NULL;
        bool is_new = false;
        if (i < n_actual && *actual[i])
            TRY(pleats_graph_value(ctx, graph, at.parent, actual[i], &v));
        else if (outputs)
            continue;
        TRY(pleats_names_intern(ctx, &graph->names, scope, formal[i], v,
                                &is_new, &entry));
        if (!is_new)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "the function '%s' uses the name '%s' twice among "
                            "its inputs and outputs",
                            text_of(f->name), formal[i]));
    }
done:
    return status;
}

/* Opens a scope for the call; a function that is already open would call
 * itself. */
static pleats_status open_call(pleats_ctx *ctx, pleats_graph *graph,
                               const Onnx__NodeProto *call,
                               const pleats_onnx_function *f, pleats_idx parent)
{
    pleats_status status = PLEATS_OK;
    int depth = 0;
    for (pleats_idx s = parent; s >= 0; s = graph->scope[s].parent, depth++)
        if (graph->scope[s].function == f || depth > MAX_CALLS)
            TRY(pleats_fail(ctx, PLEATS_INVALID, "the function '%s' %s",
                            text_of(f->proto->name),
                            graph->scope[s].function == f
                                ? "calls itself"
                                : "is nested too deeply"));
    if (graph->n_scopes >= MAX_NODES)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the graph has more than %d calls of functions",
                        MAX_NODES));
    TRY(pleats_grow(ctx, &graph->scope, &graph->scope_capacity,
                    (size_t)graph->n_scopes + 1, sizeof *graph->scope));
    graph->scope[graph->n_scopes++] =
        (pleats_onnx_scope){call, f, NULL, parent, f->opset};
done:
    return status;
}

pleats_status pleats_graph_add_alias(pleats_ctx *ctx, pleats_graph *graph,
                                     const pleats_onnx_node *like,
                                     pleats_idx from, pleats_idx to)
{
    pleats_status status = PLEATS_OK;
    pleats_onnx_node node = *like;
    node.n_in = node.n_out = 1;
    node.links = graph->n_links;
    node.is_alias = true;
    TRY(push_value(ctx, graph, from));
    TRY(push_value(ctx, graph, to));
    TRY(define(ctx, graph, to, 0));
    TRY(pleats_grow(ctx, &graph->node, &graph->node_capacity,
                    (size_t)graph->n_nodes + 1, sizeof *graph->node));
    graph->node[graph->n_nodes++] = node;
done:
    return status;
}

pleats_status pleats_graph_add_nodes(pleats_ctx *ctx, pleats_graph *graph,
                                     Onnx__NodeProto **nodes, size_t n,
                                     pleats_idx scope)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < n; i++) {
        if (!nodes[i]->op_type)
            TRY(pleats_fail(ctx, PLEATS_INVALID, "node #%zu has no operator",
                            i));
        const pleats_onnx_function *f = callee(graph, nodes[i]);
        const Onnx__GraphProto *branch =
            f ? NULL : pleats_branch_taken(graph, nodes[i], scope);
        if (branch) {
            TRY(pleats_branch_add(ctx, graph, nodes[i], (pleats_idx)i, branch,
                                  scope));
            continue;
        }
        if (!f) {
            TRY(add_node(ctx, graph, nodes[i], i, scope));
            continue;
        }
        const Onnx__FunctionProto *p = f->proto;
        pleats_idx inner = graph->n_scopes;
        TRY(open_call(ctx, graph, nodes[i], f, scope));
        TRY(bind(ctx, graph, inner, false));
        TRY(bind(ctx, graph, inner, true));
        TRY(pleats_graph_add_nodes(ctx, graph, p->node, p->n_node, inner));
    }
done:
    return status;
}
