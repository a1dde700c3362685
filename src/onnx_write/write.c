/* The ONNX writer: step by step. */
#include "onnx_write/write.h"

#include "onnx_write/write_values.h"

static bool are_floats(const double *numbers, size_t n)
{
    for (size_t i = 0; numbers && i < n; i++)
        if ((double)(float)numbers[i] != numbers[i])
            return false;
    return true;
}

static size_t n_weights(const pleats_step *s)
{
    switch (s->kind) {
    case PLEATS_STEP_DENSE:
        return (size_t)s->n_out * (size_t)s->n_in;
    case PLEATS_STEP_CONV:
        return (size_t)s->conv.groups * (size_t)s->conv.out_channels *
               (size_t)s->n_taps;
    case PLEATS_STEP_SPARSE:
        return (size_t)s->n_in;
    case PLEATS_STEP_PL:
    case PLEATS_STEP_MAX:
        break;
    }
    return 0;
}

static size_t n_biases(const pleats_step *s)
{
    return s->kind == PLEATS_STEP_CONV
               ? (size_t)s->conv.groups * (size_t)s->conv.out_channels
               : (size_t)s->n_out;
}

static bool function_is_floats(const pleats_pl *f)
{
    size_t n = (size_t)f->n_breaks;
    for (size_t i = 0; i < n; i++)
        if ((float)(f->slope[i + 1] - f->slope[i]) !=
            f->slope[i + 1] - f->slope[i])
            return false;
    return are_floats(f->at, n) && are_floats(f->slope, n + 1) &&
           are_floats(f->intercept, n + 1);
}

static bool step_is_floats(const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_functions; i++)
        if (!function_is_floats(&s->function[i]))
            return false;
    return are_floats(s->weight, n_weights(s)) &&
           are_floats(s->bias, n_biases(s)) &&
           are_floats(s->divisor, (size_t)s->n_out);
}

static pleats_status write_step(pleats_writer *w, const pleats_step *s)
{
    if (s->n_out == 0)
        return PLEATS_OK;
    switch (s->kind) {
    case PLEATS_STEP_DENSE:
        return pleats_write_dense(w, s);
    case PLEATS_STEP_CONV:
        return pleats_write_conv(w, s);
    case PLEATS_STEP_SPARSE:
        return pleats_write_sparse(w, s);
    case PLEATS_STEP_PL:
        return pleats_write_pl(w, s);
    case PLEATS_STEP_MAX:
        break;
    }
    return pleats_write_max(w, s);
}

/* The last node's result is called "output"; a result that others read too, or
 * the input itself, is copied first. */
static pleats_status name_output(pleats_writer *w, const char *name)
{
    pleats_status status = PLEATS_OK;
    Onnx__NodeProto *node = NULL;
    if (w->model.n_nodes > 0)
        node = w->model.node[w->model.n_nodes - 1];
    if (!node || node->output[0] != name)
        TRY(pleats_model_out_node(&w->model, "Identity", 1, &name, &node));
    TRY(pleats_model_out_own(&w->model, sizeof "output", 1, &node->output[0]));
    for (size_t i = 0; i < sizeof "output"; i++)
        node->output[0][i] = "output"[i];
done:
    return status;
}

/* The outputs in their shape: dims of the network, or a vector. */
static pleats_status write_output(pleats_writer *w, pleats_model_end *end)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = w->net;
    const pleats_step shape = {.n_out = net->n_outputs,
                               .n_dims = net->n_output_dims,
                               .dims = net->output_dims};
    int64_t *dims = NULL;
    const char *name = NULL;
    TRY(pleats_model_out_own(&w->model, PLEATS_WRITE_MAX_DIMS, sizeof *dims,
                             &dims));
    end->name = "output";
    end->dims = dims;
    end->n_dims = pleats_write_shape(&shape, dims);
    TRY(pleats_writer_read(w, net->n_outputs, net->output, end->n_dims, dims,
                           &name));
    TRY(name_output(w, name));
done:
    return status;
}

pleats_status pleats_onnx_print(pleats_ctx *ctx, const pleats_net *net,
                                unsigned char **bytes, size_t *n)
{
    pleats_status status = PLEATS_OK;
    pleats_writer w = {0};
    pleats_model_end input = {0}, output = {0};
    *bytes = NULL;
    TRY(pleats_writer_new(ctx, net, &w));
    for (pleats_idx i = 0; i < net->n_steps && !w.model.is_double; i++)
        w.model.is_double = !step_is_floats(&net->step[i]);
    for (pleats_idx i = 0; i < net->n_steps; i++)
        TRY(write_step(&w, &net->step[i]));
    TRY(write_output(&w, &output));
    input =
        (pleats_model_end){w.value[0].name, w.value[0].n_dims, w.value[0].dims};
    TRY(pleats_model_out_pack(&w.model, &input, &output, bytes, n));
done:
    pleats_writer_clear(&w);
    return status;
}
