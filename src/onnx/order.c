/* The order in which the nodes are computed. */
#include "onnx/graph.h"

/* A node that is being looked at, and which of its inputs comes next. */
typedef struct {
    pleats_idx node, next;
} visit;

typedef struct {
    pleats_graph *graph;
    pleats_report *report;
    unsigned char *mark; /* [n_nodes] UNSEEN, OPEN or DONE */
    visit *stack;        /* [depth] */
    size_t depth, capacity;
} search;

enum { UNSEEN, OPEN, DONE };

static pleats_status push(pleats_ctx *ctx, search *s, pleats_idx node)
{
    pleats_status status = PLEATS_OK;
    char text[PLEATS_NODE_TEXT];
    if (s->mark[node] == DONE)
        return PLEATS_OK;
    if (s->mark[node] == OPEN)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "the graph has a cycle through %s",
                        pleats_node_text(s->graph, node, text)));
    TRY(pleats_grow(ctx, &s->stack, &s->capacity, s->depth + 1,
                    sizeof *s->stack));
    s->stack[s->depth++] = (visit){node, 0};
    s->mark[node] = OPEN;
done:
    return status;
}

/* Depth first: a node is done when all its inputs are. */
static pleats_status run(pleats_ctx *ctx, search *s)
{
    pleats_status status = PLEATS_OK;
    pleats_graph *graph = s->graph;
    char text[PLEATS_NODE_TEXT];
    while (s->depth) {
        visit *top = &s->stack[s->depth - 1];
        const pleats_onnx_node *node = &graph->node[top->node];
        if (top->next == node->n_in) {
            s->mark[top->node] = DONE;
            graph->order[graph->n_order++] = top->node;
            s->depth--;
            continue;
        }
        pleats_idx v = pleats_node_in(graph, node)[top->next++];
        if (v < 0)
            continue;
        const pleats_onnx_value *value = &graph->value[v];
        if (value->node >= 0)
            TRY(push(ctx, s, value->node));
        else if (!value->stored && !value->sparse && !value->is_input)
            TRY(pleats_report_add(
                ctx, s->report, "%s reads the unknown tensor '%.200s'",
                pleats_node_text(graph, top->node, text), value->name));
    }
done:
    return status;
}

pleats_status pleats_graph_sort(pleats_ctx *ctx, pleats_graph *graph,
                                pleats_report *report)
{
    pleats_status status = PLEATS_OK;
    search s = {.graph = graph, .report = report};
    TRY(pleats_alloc(ctx, (size_t)graph->n_nodes, 1, &s.mark));
    TRY(pleats_alloc(ctx, (size_t)graph->n_nodes, sizeof *graph->order,
                     &graph->order));
    for (pleats_idx i = 0; i < graph->n_outputs; i++) {
        const pleats_onnx_value *value = &graph->value[graph->output[i]];
        if (value->node >= 0) {
            TRY(push(ctx, &s, value->node));
            TRY(run(ctx, &s));
        } else if (!value->stored && !value->sparse && !value->is_input) {
            TRY(pleats_report_add(ctx, report,
                                  "the output '%.200s' is computed by no node",
                                  value->name));
        }
    }
done:
    pleats_release(ctx, s.mark);
    pleats_release(ctx, s.stack);
    return status;
}
