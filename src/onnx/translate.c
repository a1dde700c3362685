#include "onnx/translate.h"

#include "onnx/batch.h"
#include "onnx/fold.h"
#include "onnx/input.h"
#include "onnx/old.h"
#include "onnx/op_jump.h"
#include "onnx/piecewise.h"
#include "onnx/stored.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    pleats_ctx *ctx;
    const char *path;
    pleats_graph graph;
    pleats_report report;
    pleats_net *net;
    pleats_tensor_shape *shape; /* [graph.n_inputs] of the inputs */
    pleats_tensor *value;       /* [graph.n_values] */
    int64_t n_elements;         /* of all tensors in value */
    pleats_pool pool;
    pleats_idx zero, one;
    int64_t most; /* elements that they may have */
    pleats_jumps jumps;
} translation;

/* `text` owned by the network; dims without the batch axis. */
static pleats_status copy_dims(pleats_ctx *ctx,
                               const pleats_tensor_shape *shape, int64_t **dims,
                               pleats_idx *n)
{
    pleats_status status = PLEATS_OK;
    int skip = shape->rank > 1 && shape->dim[0] == 1;
    *n = shape->rank - skip;
    TRY(pleats_alloc(ctx, (size_t)*n, sizeof **dims, dims));
    for (pleats_idx k = 0; k < *n; k++)
        (*dims)[k] = shape->dim[k + skip];
done:
    return status;
}

/* Counts the elements of a tensor that is to be kept. */
static pleats_status count_elements(translation *t, const pleats_tensor *x)
{
    pleats_status status = PLEATS_OK;
    if (x->sort == PLEATS_TENSOR_SEQUENCE)
        for (int64_t i = 0; i < x->shape.n && status == PLEATS_OK; i++)
            status = count_elements(t, &x->element[i]);
    if (status != PLEATS_OK)
        return status;
    if (x->shape.n > t->most - t->n_elements)
        return pleats_fail(t->ctx, PLEATS_INVALID,
                           "a tensor of %lld elements, with which the model's "
                           "tensors would have more than %lld, the most that "
                           "is supported",
                           (long long)x->shape.n, (long long)t->most);
    t->n_elements += x->shape.n;
    return PLEATS_OK;
}

/* Input i, whose scalars begin at `first`. */
static pleats_status begin_input(translation *t, pleats_idx i,
                                 const pleats_tensor_shape *shape,
                                 pleats_idx first)
{
    pleats_status status = PLEATS_OK;
    const pleats_onnx_value *v = &t->graph.value[t->graph.input[i].value];
    pleats_input_tensor *kept = &t->net->tensor[t->net->n_tensors];
    pleats_tensor *x = &t->value[t->graph.input[i].value];
    TRY(pleats_tensor_new(t->ctx, PLEATS_TENSOR_VAR, shape, x));
    TRY(count_elements(t, x));
    for (int64_t k = 0; k < shape->n; k++)
        x->scalar[k] = first + (pleats_idx)k;
    if (t->graph.n_inputs == 1) {
        TRY(pleats_strdup(t->ctx, v->name, &t->net->input_name));
        TRY(copy_dims(t->ctx, shape, &t->net->input_dims,
                      &t->net->n_input_dims));
    } else {
        t->net->n_tensors++;
        kept->first = first;
        kept->n = (pleats_idx)shape->n;
        TRY(pleats_strdup(t->ctx, v->name, &kept->name));
        TRY(copy_dims(t->ctx, shape, &kept->dims, &kept->n_dims));
    }
done:
    return status;
}

/* The network with its inputs only, one after the other. */
static pleats_status begin(translation *t, const char *shape_text)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n = t->graph.n_inputs, first = 0;
    pleats_tensor_shape whole = {0};
    int64_t sum = 0;
    TRY(pleats_alloc(t->ctx, (size_t)n, sizeof *t->shape, &t->shape));
    TRY(pleats_input_shapes(t->ctx, &t->graph, shape_text, t->shape));
    for (pleats_idx i = 0; i < n; i++)
        sum += t->shape[i].n;
    TRY(pleats_shape_set(t->ctx, 1, &sum, &whole));
    TRY(pleats_net_new(t->ctx, (pleats_idx)sum, &t->net));
    if (n > 1) {
        TRY(pleats_alloc(t->ctx, (size_t)n, sizeof *t->net->tensor,
                         &t->net->tensor));
        TRY(pleats_strdup(t->ctx, "", &t->net->input_name));
        TRY(copy_dims(t->ctx, &whole, &t->net->input_dims,
                      &t->net->n_input_dims));
    }
    for (pleats_idx i = 0; i < n; i++) {
        TRY(begin_input(t, i, &t->shape[i], first));
        first += (pleats_idx)t->shape[i].n;
    }
done:
    return status;
}

/* Decodes a stored tensor when it is first needed; a broken one goes into the
 * report and stays unknown. */
static pleats_status need_value(translation *t, pleats_idx v)
{
    const pleats_onnx_value *info = &t->graph.value[v];
    pleats_tensor *value = &t->value[v];
    pleats_status status = PLEATS_OK;
    if (value->sort != PLEATS_TENSOR_NONE || info->node >= 0)
        return PLEATS_OK;
    if (info->stored) {
        status = pleats_stored_read(t->ctx, info->stored, t->path, value);
        if (status == PLEATS_OK)
            t->most += PLEATS_ELEMENTS_FOR_STORED * value->shape.n;
    } else if (info->sparse) {
        status =
            pleats_stored_read_sparse(t->ctx, info->sparse, t->path, value);
    }
    if (status == PLEATS_OK)
        status = count_elements(t, value);
    if (status != PLEATS_OK)
        pleats_tensor_clear(t->ctx, value);
    if (status == PLEATS_INVALID)
        return pleats_report_add(t->ctx, &t->report, "%s",
                                 pleats_ctx_message(t->ctx));
    return status;
}

/* Fills c->in; `*ready` is false when an input is unknown because something
 * before it was refused. */
static pleats_status gather_inputs(translation *t, const pleats_call *c,
                                   bool *ready)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *in = pleats_node_in(&t->graph, c->node);
    *ready = true;
    for (pleats_idx k = 0; k < c->node->n_in; k++) {
        if (in[k] < 0)
            continue;
        TRY(need_value(t, in[k]));
        c->in[k] = &t->value[in[k]];
        *ready = *ready && c->in[k]->sort != PLEATS_TENSOR_NONE;
    }
done:
    return status;
}

/* Hands the outputs on, or a refusal to the report. */
static pleats_status finish_node(translation *t, pleats_idx node,
                                 const pleats_call *c, pleats_status status)
{
    char text[PLEATS_NODE_TEXT];
    const pleats_idx *out = pleats_node_out(&t->graph, c->node);
    for (pleats_idx k = 0; k < c->node->n_out; k++) {
        if (status == PLEATS_OK)
            status = count_elements(t, &c->out[k]);
        if (status == PLEATS_OK && out[k] >= 0)
            t->value[out[k]] = c->out[k];
        else
            pleats_tensor_clear(t->ctx, &c->out[k]);
    }
    if (status == PLEATS_INVALID)
        return pleats_report_add(t->ctx, &t->report, "%s: %s",
                                 pleats_node_text(&t->graph, node, text),
                                 pleats_ctx_message(t->ctx));
    return status;
}

/* By the handler of the operator, of comparisons or, where all inputs are
 * constant, of its constants. */
static pleats_status run_handler(const pleats_op *op, pleats_call *c)
{
    pleats_op_fn fold = pleats_opset_is_standard(c->node->proto->domain)
                            ? pleats_fold_find(c->node->proto->op_type)
                            : NULL;
    pleats_op_fn own = NULL;
    bool constant = true;
    for (pleats_idx k = 0; k < c->node->n_in; k++)
        constant = constant && (!c->in[k] || pleats_tensor_is_const(c->in[k]));
    if (constant && fold && !c->node->is_alias)
        return fold(c);
    if (constant && !(op->trait & (PLEATS_OP_FOLDS | PLEATS_OP_SHAPE)))
        return pleats_fold_steps(c, op->run);
    if (pleats_jump_handler(c, &own) != PLEATS_OK)
        return PLEATS_INVALID;
    return own ? own(c) : op->run(c);
}

/* Refuses sequences where tensors are wanted. */
static pleats_status run_node(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor aligned = {0};
    const pleats_op *op =
        pleats_op_of(c->graph, (pleats_idx)(c->node - c->graph->node));
    for (pleats_idx k = 0; k < c->node->n_in; k++)
        if (c->in[k] && c->in[k]->sort == PLEATS_TENSOR_SEQUENCE &&
            !(op && (op->trait & PLEATS_OP_SEQUENCE)))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "input %d is a sequence of tensors", k));
    TRY(pleats_old_align(c, &aligned));
    TRY(run_handler(op, c));
done:
    pleats_tensor_clear(c->ctx, &aligned);
    return status;
}

static pleats_status translate_node(translation *t, pleats_idx node)
{
    pleats_status status = PLEATS_OK;
    const pleats_onnx_node *n = &t->graph.node[node];
    pleats_call c = {.ctx = t->ctx,
                     .net = t->net,
                     .graph = &t->graph,
                     .node = n,
                     .opset = t->graph.scope[n->scope].opset,
                     .path = t->path,
                     .pool = &t->pool,
                     .zero = &t->zero,
                     .one = &t->one,
                     .jumps = &t->jumps};
    bool ready = false;
    TRY(pleats_check_stop(t->ctx));
    TRY(pleats_alloc(t->ctx, (size_t)n->n_in, sizeof(pleats_tensor *), &c.in));
    TRY(pleats_alloc(t->ctx, (size_t)n->n_out, sizeof *c.out, &c.out));
    TRY(gather_inputs(t, &c, &ready));
    if (!ready)
        goto done;
    if (n->n_out == 0)
        status = pleats_fail(t->ctx, PLEATS_INVALID, "it has no output");
    else
        status = run_node(&c);
    if (status == PLEATS_OK)
        status = pleats_pool_take_status(&t->pool);
    TRY(finish_node(t, node, &c, status));
done:
    pleats_release(t->ctx, c.in);
    pleats_release(t->ctx, c.out);
    return status;
}

/* Appends the scalars of one output to ids [*n]. */
static pleats_status append_output(translation *t, pleats_idx v,
                                   pleats_idx **ids, size_t *n,
                                   size_t *capacity)
{
    pleats_status status = PLEATS_OK;
    const pleats_call c = {.ctx = t->ctx,
                           .net = t->net,
                           .graph = &t->graph,
                           .pool = &t->pool,
                           .zero = &t->zero,
                           .one = &t->one,
                           .jumps = &t->jumps};
    pleats_tensor scalars = {0};
    size_t more = (size_t)t->value[v].shape.n;
    if (t->value[v].sort == PLEATS_TENSOR_SEQUENCE)
        TRY(pleats_fail(t->ctx, PLEATS_INVALID,
                        "the output '%.200s' is a sequence of tensors",
                        t->graph.value[v].name));
    char what[PLEATS_NODE_TEXT];
    snprintf(what, sizeof what, "the output '%.200s'", t->graph.value[v].name);
    if (t->value[v].sort == PLEATS_TENSOR_JUMP)
        TRY(pleats_jump_refuse(&c, what, &t->value[v]));
    TRY(pleats_call_scalars(&c, &t->value[v], false, &scalars));
    if (more > (size_t)PLEATS_MAX_ELEMENTS - *n)
        TRY(pleats_fail(t->ctx, PLEATS_INVALID, "more than %lld outputs",
                        (long long)PLEATS_MAX_ELEMENTS));
    TRY(pleats_grow(t->ctx, ids, capacity, *n + more, sizeof **ids));
    if (more)
        memcpy(*ids + *n, scalars.scalar, more * sizeof **ids);
    *n += more;
done:
    pleats_tensor_clear(t->ctx, &scalars);
    return status;
}

/* All outputs, one after the other, are the network's. */
static pleats_status end(translation *t)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *ids = NULL;
    size_t n = 0, capacity = 0;
    pleats_tensor_shape shape = t->value[t->graph.output[0]].shape;
    for (pleats_idx i = 0; i < t->graph.n_outputs; i++)
        TRY(append_output(t, t->graph.output[i], &ids, &n, &capacity));
    if (n == 0)
        TRY(pleats_fail(t->ctx, PLEATS_INVALID, "its outputs are empty"));
    if (t->graph.n_outputs > 1)
        TRY(pleats_shape_set(t->ctx, 1, (int64_t[]){(int64_t)n}, &shape));
    TRY(copy_dims(t->ctx, &shape, &t->net->output_dims,
                  &t->net->n_output_dims));
    TRY(pleats_net_set_outputs(t->ctx, t->net, (pleats_idx)n, ids));
    t->net->n_rounded = t->pool.n_rounded;
    if (t->net->n_rounded > 0)
        TRY(pleats_remark(t->ctx,
                          "%lld of the file's constants are irrational (or "
                          "too long) and were rounded once to double; answers "
                          "are those for the rounded parameters",
                          (long long)t->net->n_rounded));
    TRY(pleats_pool_take_status(&t->pool));
done:
    pleats_release(t->ctx, ids);
    return status;
}

static pleats_status run(translation *t, const Onnx__ModelProto *model,
                         const pleats_load_options *options)
{
    pleats_status status = PLEATS_OK;
    pleats_graph *graph = &t->graph;
    TRY(pleats_graph_init(t->ctx, model, graph));
    TRY(pleats_graph_pick(t->ctx, graph, options->output));
    TRY(pleats_skip_tails(t->ctx, graph, t->path, options->logits, &t->report));
    TRY(pleats_graph_sort(t->ctx, graph, &t->report));
    TRY(pleats_graph_drop_unread(t->ctx, graph));
    TRY(pleats_scan(t->ctx, graph, &t->report));
    TRY(pleats_report_close(t->ctx, &t->report));
    TRY(pleats_alloc(t->ctx, (size_t)graph->n_values, sizeof *t->value,
                     &t->value));
    TRY(begin(t, options->shape));
    for (pleats_idx i = 0; i < graph->n_order; i++)
        TRY(translate_node(t, graph->order[i]));
    for (pleats_idx i = 0; i < graph->n_outputs; i++)
        TRY(need_value(t, graph->output[i]));
    TRY(pleats_report_close(t->ctx, &t->report));
    TRY(end(t));
    TRY(pleats_remark_batch(t->ctx, t->net, graph->n_inputs, t->shape));
done:
    return status;
}

pleats_status pleats_translate(pleats_ctx *ctx, const Onnx__ModelProto *model,
                               const char *path,
                               const pleats_load_options *options,
                               pleats_net **out)
{
    translation t = {.ctx = ctx,
                     .path = path,
                     .zero = -1,
                     .one = -1,
                     .most = PLEATS_MAX_ALL_ELEMENTS};
    pleats_pool_init(ctx, &t.pool);
    pleats_status status = run(&t, model, options);
    *out = NULL;
    if (status == PLEATS_OK)
        *out = t.net;
    else
        pleats_net_clear(ctx, t.net);
    for (pleats_idx v = 0; t.value && v < t.graph.n_values; v++)
        pleats_tensor_clear(ctx, &t.value[v]);
    pleats_release(ctx, t.value);
    pleats_release(ctx, t.shape);
    pleats_jumps_clear(ctx, &t.jumps);
    pleats_pool_clear(&t.pool);
    pleats_report_clear(ctx, &t.report);
    pleats_graph_clear(ctx, &t.graph);
    return status;
}
