/* Which outputs and inputs of the file are the network's. */
#include "onnx/graph.h"

#include <stdlib.h>
#include <string.h>

static const char *name_of(const pleats_graph *graph, pleats_idx output)
{
    return graph->value[graph->output[output]].name;
}

/* The number of the output that text [n] names, -1: none. */
static pleats_idx find_output(const pleats_graph *graph, const char *text,
                              size_t n)
{
    char *end = NULL;
    for (pleats_idx i = 0; i < graph->n_outputs; i++)
        if (strlen(name_of(graph, i)) == n &&
            memcmp(name_of(graph, i), text, n) == 0)
            return i;
    if (n == 0 || text[0] < '0' || text[0] > '9')
        return -1;
    long number = strtol(text, &end, 10);
    return end == text + n && number < graph->n_outputs ? (pleats_idx)number
                                                        : -1;
}

static pleats_status refuse_pick(pleats_ctx *ctx, const pleats_graph *graph,
                                 const char *text, size_t n)
{
    pleats_status status = PLEATS_OK;
    pleats_report names = {0};
    for (pleats_idx i = 0; i < graph->n_outputs; i++)
        TRY(pleats_report_add(ctx, &names, "%d '%.100s'", i,
                              name_of(graph, i)));
    TRY(pleats_fail(ctx, PLEATS_INVALID,
                    "--output '%.*s' names none of the outputs: %s",
                    (int)pleats_printable(text, n, 100), text, names.text));
done:
    pleats_report_clear(ctx, &names);
    return status;
}

pleats_status pleats_graph_pick(pleats_ctx *ctx, pleats_graph *graph,
                                const char *text)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *picked = NULL, n = 0;
    size_t length = text ? strlen(text) : 0, items = 1;
    if (!text)
        return PLEATS_OK;
    for (const char *p = text; *p; p++)
        items += *p == ',';
    TRY(pleats_alloc(ctx, items, sizeof *picked, &picked));
    for (const char *p = text; p <= text + length;) {
        /* a name may hold commas */
        pleats_idx whole = p == text ? find_output(graph, p, length) : -1;
        size_t size = whole >= 0 ? length : strcspn(p, ",");
        pleats_idx i = whole >= 0 ? whole : find_output(graph, p, size);
        if (i < 0)
            TRY(refuse_pick(ctx, graph, p, size));
        picked[n++] = graph->output[i];
        p += size + 1;
    }
    pleats_release(ctx, graph->output);
    graph->output = picked;
    graph->n_outputs = n;
    picked = NULL;
done:
    pleats_release(ctx, picked);
    return status;
}

pleats_status pleats_graph_drop_unread(pleats_ctx *ctx, pleats_graph *graph)
{
    pleats_status status = PLEATS_OK;
    bool *read = NULL, any = false;
    pleats_idx kept = 0;
    TRY(pleats_alloc(ctx, (size_t)graph->n_values, sizeof *read, &read));
    for (pleats_idx i = 0; i < graph->n_order; i++) {
        const pleats_onnx_node *node = &graph->node[graph->order[i]];
        for (pleats_idx k = 0; k < node->n_in; k++)
            if (pleats_node_in(graph, node)[k] >= 0)
                read[pleats_node_in(graph, node)[k]] = true;
    }
    for (pleats_idx i = 0; i < graph->n_outputs; i++)
        read[graph->output[i]] = true;
    for (pleats_idx i = 0; i < graph->n_inputs; i++)
        any = any || read[graph->input[i].value];
    for (pleats_idx i = 0; any && i < graph->n_inputs; i++)
        if (read[graph->input[i].value])
            graph->input[kept++] = graph->input[i];
        else
            TRY(pleats_remark(ctx,
                              "the input '%.200s' is read by nothing and left "
                              "out",
                              graph->value[graph->input[i].value].name));
    graph->n_inputs = any ? kept : graph->n_inputs;
done:
    pleats_release(ctx, read);
    return status;
}
