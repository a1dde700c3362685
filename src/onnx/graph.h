/* The model as one flat graph: local functions inlined, names resolved, nodes
 * in an order in which they can be computed. */
#ifndef PLEATS_ONNX_GRAPH_H
#define PLEATS_ONNX_GRAPH_H

#include "onnx/names.h"
#include "onnx/report.h"

#include <onnx.pb-c.h>

enum { PLEATS_MIN_OPSET = 6, PLEATS_MAX_OPSET = 26 };

/* A value is stored in the file, computed by a node, the network's input, or
 * unknown. */
typedef struct {
    const char *name;
    const Onnx__TensorProto *stored;
    const Onnx__SparseTensorProto *sparse;
    pleats_idx node; /* -1: no node computes it */
    pleats_idx slot; /* which output of the node */
    bool is_input;
} pleats_onnx_value;

/* A local function and the attributes that it gives default values to. */
typedef struct {
    const Onnx__FunctionProto *proto;
    int64_t opset;
    size_t n_defaults, default_capacity;
    Onnx__AttributeProto **defaults; /* [n_defaults], owned */
} pleats_onnx_function;

/* The main graph, one inlined call of a function, or the branch of an If that
 * is taken, which sees the names of its parent too. */
typedef struct {
    const Onnx__NodeProto *call;          /* NULL: the main graph */
    const pleats_onnx_function *function; /* NULL: no function */
    const Onnx__GraphProto *branch;       /* NULL: no branch */
    pleats_idx parent;                    /* the scope of the call */
    int64_t opset;
} pleats_onnx_scope;

typedef struct {
    const Onnx__NodeProto *proto;
    pleats_idx number; /* in its graph or function, from 0 */
    pleats_idx scope;
    pleats_idx n_in, n_out;
    pleats_idx links; /* in graph->link: n_in inputs, n_out outputs; values,
                         -1: left out */
    bool is_alias;    /* an Identity, whatever `proto` says: an output of an If
                         and that of the branch that is taken */
} pleats_onnx_node;

/* An input of the network; its value. */
typedef struct {
    pleats_idx value;
    const Onnx__ValueInfoProto *info;
} pleats_onnx_input;

typedef struct {
    const Onnx__ModelProto *model; /* lent */
    pleats_onnx_value *value;
    pleats_onnx_node *node;
    pleats_onnx_scope *scope;
    pleats_idx *link;
    pleats_idx n_values, n_nodes, n_scopes, n_links;
    size_t value_capacity, node_capacity, scope_capacity, link_capacity;
    pleats_onnx_function *function; /* [model->n_functions] */
    pleats_names names, functions;

    pleats_idx n_inputs;
    pleats_onnx_input *input; /* [n_inputs], in the file's order */
    pleats_idx n_outputs;
    pleats_idx *output; /* [n_outputs] values */
    pleats_idx n_order;
    pleats_idx *order; /* [n_order] nodes that lead to an output */
} pleats_graph;

/* Flattens the model, which must outlive the graph. */
PLEATS_NODISCARD pleats_status pleats_graph_init(pleats_ctx *ctx,
                                                 const Onnx__ModelProto *model,
                                                 pleats_graph *graph);
void pleats_graph_clear(pleats_ctx *ctx, pleats_graph *graph);

/* Fills `order` with the nodes that the outputs need, each after those that it
 * needs itself.  Cycles are refused; unknown tensors go into the report. */
PLEATS_NODISCARD pleats_status pleats_graph_sort(pleats_ctx *ctx,
                                                 pleats_graph *graph,
                                                 pleats_report *report);

/* Keeps those outputs alone that `text` names: an output's name or number, or
 * several with commas between them.  NULL: all. */
PLEATS_NODISCARD pleats_status pleats_graph_pick(pleats_ctx *ctx,
                                                 pleats_graph *graph,
                                                 const char *text);
/* Leaves out inputs that neither a node in `order` nor an output reads, each
 * with a remark, unless none is read. */
PLEATS_NODISCARD pleats_status pleats_graph_drop_unread(pleats_ctx *ctx,
                                                        pleats_graph *graph);

/* Flattens `n` nodes of a graph or function into the scope, calls of local
 * functions included. */
PLEATS_NODISCARD pleats_status pleats_graph_add_nodes(pleats_ctx *ctx,
                                                      pleats_graph *graph,
                                                      Onnx__NodeProto **nodes,
                                                      size_t n,
                                                      pleats_idx scope);
/* The value called `name` in the scope, a new one when there is none. */
PLEATS_NODISCARD pleats_status pleats_graph_value(pleats_ctx *ctx,
                                                  pleats_graph *graph,
                                                  pleats_idx scope,
                                                  const char *name,
                                                  pleats_idx *out);
/* The same of exactly this scope, also in a branch. */
PLEATS_NODISCARD pleats_status pleats_graph_own_value(pleats_ctx *ctx,
                                                      pleats_graph *graph,
                                                      pleats_idx scope,
                                                      const char *name,
                                                      pleats_idx *out);
/* Adds a node that gives value `from` the name of value `to`, for people one
 * like `like`. */
PLEATS_NODISCARD pleats_status pleats_graph_add_alias(
    pleats_ctx *ctx, pleats_graph *graph, const pleats_onnx_node *like,
    pleats_idx from, pleats_idx to);
/* The branch of an If whose condition is stored or a Constant (or Not and
 * Identity of such); NULL: the node is something else. */
const Onnx__GraphProto *pleats_branch_taken(const pleats_graph *graph,
                                            const Onnx__NodeProto *node,
                                            pleats_idx scope);
/* Adds the nodes of that branch instead of the node. */
PLEATS_NODISCARD pleats_status pleats_branch_add(
    pleats_ctx *ctx, pleats_graph *graph, const Onnx__NodeProto *node,
    pleats_idx number, const Onnx__GraphProto *g, pleats_idx scope);
/* Fills graph->function and graph->functions from the model. */
PLEATS_NODISCARD pleats_status pleats_graph_add_functions(pleats_ctx *ctx,
                                                          pleats_graph *graph);
/* The version of the standard operators among the imports, `otherwise` when
 * they are not imported; refused outside the supported range. */
PLEATS_NODISCARD pleats_status pleats_opset_version(
    pleats_ctx *ctx, size_t n, Onnx__OperatorSetIdProto **imports,
    int64_t otherwise, int64_t *out);

/* "node '/1/Relu' (Relu)" or "node #7 (Relu)", in `text`, which is
 * returned. */
enum { PLEATS_NODE_TEXT = 512 };
const char *pleats_node_text(const pleats_graph *graph, pleats_idx node,
                             char *text);

/* The node's attribute `name`, references to a call's attributes followed;
 * NULL when there is none. */
const Onnx__AttributeProto *pleats_node_attribute(const pleats_graph *graph,
                                                  const pleats_onnx_node *node,
                                                  const char *name);

/* Whether the node is of the standard operator set. */
bool pleats_opset_is_standard(const char *domain);

static inline const pleats_idx *pleats_node_in(const pleats_graph *graph,
                                               const pleats_onnx_node *node)
{
    return graph->link + node->links;
}

static inline const pleats_idx *pleats_node_out(const pleats_graph *graph,
                                                const pleats_onnx_node *node)
{
    return graph->link + node->links + node->n_in;
}

#endif
