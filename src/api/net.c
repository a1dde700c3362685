/* The public face of networks. */
#include "net/net.h"

#include "onnx/onnx.h"
#include "pleats/net.h"
#include "spec/of_arrays.h"

#include <math.h>

pleats_status pleats_net_load(pleats_ctx *ctx, const char *path,
                              const pleats_load_options *options,
                              pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    pleats_load_options o;
    *out = NULL;
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_onnx_load(ctx, path, &o, out));
done:
    return status;
}

pleats_status pleats_net_from_bytes(pleats_ctx *ctx, const void *bytes,
                                    size_t n, const char *name,
                                    const pleats_load_options *options,
                                    pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    pleats_load_options o;
    *out = NULL;
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_onnx_from_bytes(ctx, bytes, n, name ? name : "model", &o, out));
done:
    return status;
}

pleats_status pleats_net_from_arrays(pleats_ctx *ctx, int32_t n_dims,
                                     const int64_t *dims, int32_t n_layers,
                                     const pleats_layer_arrays *layer,
                                     size_t layer_size, pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    const size_t n = n_layers > 0 ? (size_t)n_layers : 0;
    pleats_layer_arrays *own = NULL;
    *out = NULL;
    TRY(pleats_alloc(ctx, n, sizeof *own, &own));
    for (size_t i = 0; i < n; i++)
        TRY(pleats_struct_copy(ctx, (const char *)layer + i * layer_size,
                               layer_size, sizeof *own, &own[i]));
    TRY(pleats_net_of_arrays(ctx, n_dims, dims, n_layers, own, out));
done:
    pleats_release(ctx, own);
    return status;
}

void pleats_net_free(pleats_ctx *ctx, pleats_net *net)
{
    pleats_net_clear(ctx, net);
}

const char *pleats_net_sha256(const pleats_net *net)
{
    return net->sha256;
}
int32_t pleats_net_n_inputs(const pleats_net *net)
{
    return net->n_inputs;
}
int32_t pleats_net_n_outputs(const pleats_net *net)
{
    return net->n_outputs;
}
int32_t pleats_net_n_units(const pleats_net *net)
{
    return net->n_units;
}
int64_t pleats_net_n_rounded(const pleats_net *net)
{
    return net->n_rounded;
}
int32_t pleats_net_n_layers(const pleats_net *net)
{
    return net->n_steps;
}

static pleats_layer input_layer(const pleats_net *net)
{
    return (pleats_layer){.name = net->input_name ? net->input_name : "",
                          .op = "Input",
                          .n_dims = net->n_input_dims,
                          .dims = net->input_dims};
}

int32_t pleats_net_n_input_tensors(const pleats_net *net)
{
    return net->n_tensors ? net->n_tensors : 1;
}

pleats_layer pleats_net_input_tensor(const pleats_net *net, int32_t index,
                                     int32_t *first)
{
    *first = net->n_tensors ? net->tensor[index].first : 0;
    if (!net->n_tensors)
        return input_layer(net);
    const pleats_input_tensor *t = &net->tensor[index];
    return (pleats_layer){
        .name = t->name, .op = "Input", .n_dims = t->n_dims, .dims = t->dims};
}

pleats_layer pleats_net_layer(const pleats_net *net, int32_t index)
{
    if (index < 0)
        return input_layer(net);
    const pleats_step *step = &net->step[index];
    pleats_layer layer = {.name = step->name ? step->name : "",
                          .op = step->op ? step->op : "",
                          .n_dims = step->n_dims,
                          .dims = step->dims,
                          .parameters = step->n_parameters};
    if (pleats_step_is_affine(step))
        return layer;
    layer.units = step->n_out;
    for (pleats_idx i = 0; i < step->n_out; i++) {
        pleats_idx pieces = pleats_step_pieces(step, i);
        if (i == 0 || pieces < layer.min_pieces)
            layer.min_pieces = pieces;
        if (pieces > layer.max_pieces)
            layer.max_pieces = pieces;
    }
    return layer;
}

int32_t pleats_net_unit_pieces(const pleats_net *net, int32_t unit)
{
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s) && unit >= s->first_unit &&
            unit - s->first_unit < s->n_out)
            return pleats_step_pieces(s, unit - s->first_unit);
    }
    return 0;
}

pleats_status pleats_net_eval(pleats_ctx *ctx, const pleats_net *net,
                              const double *x, double *y, int32_t *piece)
{
    pleats_status status = PLEATS_OK;
    double *scalar = NULL;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *scalar, &scalar));
    TRY(pleats_net_evaluate(ctx, net, x, scalar, piece));
    for (pleats_idx i = 0; i < net->n_outputs; i++) {
        y[i] = scalar[net->output[i]];
        if (!isfinite(y[i]))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "output %d is beyond the range of doubles", i));
    }
done:
    pleats_release(ctx, scalar);
    return status;
}
