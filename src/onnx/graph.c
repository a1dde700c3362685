/* The main graph: initialisers, input, outputs. */
#include "onnx/graph.h"

#include "onnx/wire.h"

#include <stdio.h>
#include <string.h>

enum { MIN_IR = 3, MAX_IR = 14 };

bool pleats_opset_is_standard(const char *domain)
{
    return !domain || !*domain || strcmp(domain, "ai.onnx") == 0;
}

pleats_status pleats_opset_version(pleats_ctx *ctx, size_t n,
                                   Onnx__OperatorSetIdProto **imports,
                                   int64_t otherwise, int64_t *out)
{
    *out = otherwise;
    for (size_t i = 0; i < n; i++)
        if (pleats_opset_is_standard(imports[i]->domain))
            *out = imports[i]->version;
    if (*out < PLEATS_MIN_OPSET || *out > PLEATS_MAX_OPSET)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "opset %lld is not supported; %d to %d are",
                           (long long)*out, PLEATS_MIN_OPSET, PLEATS_MAX_OPSET);
    return PLEATS_OK;
}

pleats_status pleats_graph_value(pleats_ctx *ctx, pleats_graph *graph,
                                 pleats_idx scope, const char *name,
                                 pleats_idx *out)
{
    while (graph->scope[scope].branch &&
           pleats_names_find(&graph->names, scope, name, -1) < 0)
        scope = graph->scope[scope].parent;
    return pleats_graph_own_value(ctx, graph, scope, name, out);
}

pleats_status pleats_graph_own_value(pleats_ctx *ctx, pleats_graph *graph,
                                     pleats_idx scope, const char *name,
                                     pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *entry = NULL;
    bool is_new = false;
    TRY(pleats_names_intern(ctx, &graph->names, scope, name, graph->n_values,
                            &is_new, &entry));
    *out = *entry;
    if (!is_new)
        return PLEATS_OK;
    TRY(pleats_grow(ctx, &graph->value, &graph->value_capacity,
                    (size_t)graph->n_values + 1, sizeof *graph->value));
    graph->value[graph->n_values] =
        (pleats_onnx_value){.name = name, .node = -1};
    graph->n_values++;
done:
    return status;
}

/* The value of an initialiser, which must be the first of its name. */
static pleats_status stored_value(pleats_ctx *ctx, pleats_graph *graph,
                                  const char *name, pleats_onnx_value **out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx v = 0;
    TRY(pleats_graph_value(ctx, graph, 0, name ? name : "", &v));
    *out = &graph->value[v];
    if ((*out)->stored || (*out)->sparse)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "two initialisers named '%s'",
                        name ? name : ""));
done:
    return status;
}

static pleats_status add_initialisers(pleats_ctx *ctx, pleats_graph *graph,
                                      const Onnx__GraphProto *g)
{
    pleats_status status = PLEATS_OK;
    pleats_onnx_value *value = NULL;
    for (size_t i = 0; i < g->n_initializer; i++) {
        TRY(stored_value(ctx, graph, g->initializer[i]->name, &value));
        value->stored = g->initializer[i];
    }
    for (size_t i = 0; i < g->n_sparse_initializer; i++) {
        const Onnx__SparseTensorProto *t = g->sparse_initializer[i];
        TRY(stored_value(ctx, graph, t->values ? t->values->name : NULL,
                         &value));
        value->sparse = t;
    }
done:
    return status;
}

/* Inputs that are initialisers too are parameters; one must be left. */
static pleats_status add_inputs(pleats_ctx *ctx, pleats_graph *graph,
                                const Onnx__GraphProto *g)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, g->n_input, sizeof *graph->input, &graph->input));
    for (size_t i = 0; i < g->n_input; i++) {
        pleats_idx v = 0;
        const char *name = g->input[i]->name ? g->input[i]->name : "";
        TRY(pleats_graph_value(ctx, graph, 0, name, &v));
        if (graph->value[v].stored || graph->value[v].sparse)
            continue;
        if (graph->value[v].is_input)
            TRY(pleats_fail(ctx, PLEATS_INVALID, "two inputs named '%s'",
                            name));
        graph->value[v].is_input = true;
        graph->input[graph->n_inputs++] = (pleats_onnx_input){v, g->input[i]};
    }
    if (graph->n_inputs == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "the network has no input"));
done:
    return status;
}

static pleats_status add_outputs(pleats_ctx *ctx, pleats_graph *graph,
                                 const Onnx__GraphProto *g)
{
    pleats_status status = PLEATS_OK;
    if (g->n_output == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "the network has no output"));
    TRY(pleats_alloc(ctx, g->n_output, sizeof *graph->output, &graph->output));
    for (size_t i = 0; i < g->n_output; i++) {
        const char *name = g->output[i]->name ? g->output[i]->name : "";
        TRY(pleats_graph_value(ctx, graph, 0, name, &graph->output[i]));
        graph->n_outputs++;
    }
done:
    return status;
}

static pleats_status check_model(pleats_ctx *ctx, const Onnx__ModelProto *model)
{
    if (!model->graph || !model->has_ir_version)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "not an ONNX model: it has no %s",
                           model->graph ? "ir_version" : "graph");
    if (model->ir_version < MIN_IR || model->ir_version > MAX_IR)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "IR version %lld is not supported; %d to %d are",
                           (long long)model->ir_version, MIN_IR, MAX_IR);
    return PLEATS_OK;
}

pleats_status pleats_graph_init(pleats_ctx *ctx, const Onnx__ModelProto *model,
                                pleats_graph *graph)
{
    pleats_status status = PLEATS_OK;
    const Onnx__GraphProto *g = model->graph;
    *graph = (pleats_graph){.model = model};
    TRY(check_model(ctx, model));
    TRY(pleats_grow(ctx, &graph->scope, &graph->scope_capacity, 1,
                    sizeof *graph->scope));
    graph->scope[0] = (pleats_onnx_scope){.parent = -1};
    graph->n_scopes = 1;
    TRY(pleats_opset_version(ctx, model->n_opset_import, model->opset_import, 0,
                             &graph->scope[0].opset));
    TRY(pleats_graph_add_functions(ctx, graph));
    TRY(add_initialisers(ctx, graph, g));
    TRY(add_inputs(ctx, graph, g));
    TRY(pleats_graph_add_nodes(ctx, graph, g->node, g->n_node, 0));
    TRY(add_outputs(ctx, graph, g));
done:
    return status;
}

void pleats_graph_clear(pleats_ctx *ctx, pleats_graph *graph)
{
    for (size_t i = 0; graph->function && i < graph->model->n_functions; i++) {
        pleats_onnx_function *f = &graph->function[i];
        for (size_t k = 0; k < f->n_defaults; k++)
            pleats_wire_free(ctx, &f->defaults[k]->base);
        pleats_release(ctx, f->defaults);
    }
    pleats_release(ctx, graph->function);
    pleats_names_clear(ctx, &graph->names);
    pleats_names_clear(ctx, &graph->functions);
    pleats_release(ctx, graph->value);
    pleats_release(ctx, graph->node);
    pleats_release(ctx, graph->scope);
    pleats_release(ctx, graph->link);
    pleats_release(ctx, graph->input);
    pleats_release(ctx, graph->output);
    pleats_release(ctx, graph->order);
    *graph = (pleats_graph){0};
}

const char *pleats_node_text(const pleats_graph *graph, pleats_idx node,
                             char *text)
{
    const pleats_onnx_node *n = &graph->node[node];
    const pleats_onnx_scope *scope = &graph->scope[n->scope];
    const char *op = n->proto->op_type, *name = n->proto->name;
    int at = name && *name ? snprintf(text, PLEATS_NODE_TEXT,
                                      "node '%.200s' (%.80s)", name, op)
                           : snprintf(text, PLEATS_NODE_TEXT,
                                      "node #%d (%.80s)", n->number, op);
    if (scope->function)
        snprintf(text + at, (size_t)(PLEATS_NODE_TEXT - at),
                 " of function '%.100s'", scope->function->proto->name);
    return text;
}

static const Onnx__AttributeProto *find(size_t n, Onnx__AttributeProto **list,
                                        const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (list[i]->name && strcmp(list[i]->name, name) == 0)
            return list[i];
    return NULL;
}

const Onnx__AttributeProto *pleats_node_attribute(const pleats_graph *graph,
                                                  const pleats_onnx_node *node,
                                                  const char *name)
{
    const pleats_onnx_scope *scope = &graph->scope[node->scope];
    const Onnx__AttributeProto *a =
        find(node->proto->n_attribute, node->proto->attribute, name);
    while (a && a->ref_attr_name && *a->ref_attr_name) {
        name = a->ref_attr_name;
        while (scope->branch)
            scope = &graph->scope[scope->parent];
        if (!scope->function)
            return NULL;
        a = find(scope->call->n_attribute, scope->call->attribute, name);
        if (!a)
            return find(scope->function->n_defaults, scope->function->defaults,
                        name);
        scope = &graph->scope[scope->parent];
    }
    return a;
}
