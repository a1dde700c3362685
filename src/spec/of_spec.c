/* A network from an architecture: the steps of its layers.
 *
 * Every step writes consecutive scalars, channels first, so that the tensor
 * between two layers is known by its first scalar. */
#include "spec/of_spec.h"
#include "spec/activation.h"
#include "spec/spec_rows.h"

#include <stdio.h>

enum { NAME_BYTES = 32 };

typedef struct {
    pleats_ctx *ctx;
    const pleats_spec *spec;
    pleats_fill_fn fill;
    pleats_function_fn function; /* NULL: what the spec names */
    void *state;
    pleats_net *net;
    pleats_idx at;     /* first scalar of the present tensor */
    pleats_idx *saved; /* [n_saved] the same at the open residual blocks */
    pleats_idx n_saved;
} builder;

/* A step's label with room for its parts. */
typedef struct {
    char name[NAME_BYTES];
    int64_t dims[PLEATS_SPEC_MAX_DIMS];
    pleats_step_label label;
} full_label;

static const pleats_step_label *label_of(const builder *b,
                                         const pleats_layer_spec *layer,
                                         const char *op, size_t n_parameters,
                                         full_label *room)
{
    snprintf(room->name, sizeof room->name, "layer%d",
             (int)(layer - b->spec->layer) + 1);
    room->label = (pleats_step_label){
        room->name, op, pleats_shape_dims(&layer->out, room->dims), room->dims,
        (int64_t)n_parameters};
    return &room->label;
}

static pleats_status count_scalars(pleats_ctx *ctx, const pleats_shape *shape,
                                   size_t *out)
{
    int64_t dims[PLEATS_SPEC_MAX_DIMS];
    return pleats_spec_multiply(ctx, pleats_shape_dims(shape, dims), dims, out);
}

static pleats_status count_plane(pleats_ctx *ctx, const pleats_shape *shape,
                                 size_t *out)
{
    return pleats_spec_multiply(ctx, shape->n_spatial, shape->size, out);
}

static pleats_status count_weights(pleats_ctx *ctx, const pleats_layer_spec *l,
                                   size_t *out)
{
    int64_t factor[2 + PLEATS_MAX_SPATIAL] = {l->out.channels, 1};
    pleats_idx n = 2;
    size_t n_in = 0;
    pleats_status status = count_scalars(ctx, &l->in, &n_in);
    if (l->kind == PLEATS_LAYER_FC)
        factor[1] = (int64_t)n_in;
    if (l->kind == PLEATS_LAYER_CONV) {
        factor[1] = l->in.channels / l->conv.groups;
        for (; n < 2 + l->in.n_spatial; n++)
            factor[n] = l->conv.kernel[n - 2];
    }
    return status == PLEATS_OK ? pleats_spec_multiply(ctx, n, factor, out)
                               : status;
}

static void clear_parameters(pleats_ctx *ctx, pleats_parameters *p)
{
    pleats_release(ctx, p->weight);
    pleats_release(ctx, p->bias);
}

/* Parameters of a CONV, FC or BN layer, filled in. */
static pleats_status get_parameters(builder *b, const pleats_layer_spec *l,
                                    pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    bool has_bias = l->kind == PLEATS_LAYER_BN     ? true
                    : l->kind == PLEATS_LAYER_CONV ? l->conv.has_bias
                                                   : l->has_bias;
    TRY(count_weights(b->ctx, l, &p->n_weights));
    p->n_biases = has_bias ? (size_t)l->out.channels : 0;
    TRY(pleats_alloc(b->ctx, p->n_weights, sizeof *p->weight, &p->weight));
    TRY(pleats_alloc(b->ctx, p->n_biases, sizeof *p->bias, &p->bias));
    TRY(b->fill(b->ctx, b->state, b->spec, (pleats_idx)(l - b->spec->layer),
                p));
done:
    return status;
}

/* Scalars first, first + 1, ... */
static pleats_status ramp(pleats_ctx *ctx, pleats_idx first, size_t n,
                          pleats_idx **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, n, sizeof **out, out));
    for (size_t i = 0; i < n; i++)
        (*out)[i] = first + (pleats_idx)i;
done:
    return status;
}

static pleats_status add_fc(builder *b, const pleats_layer_spec *l)
{
    pleats_status status = PLEATS_OK;
    pleats_parameters p = {0};
    full_label room;
    pleats_idx *in = NULL;
    size_t n_in = 0;
    TRY(count_scalars(b->ctx, &l->in, &n_in));
    TRY(ramp(b->ctx, b->at, n_in, &in));
    TRY(get_parameters(b, l, &p));
    TRY(pleats_net_add_dense(
        b->ctx, b->net, label_of(b, l, "Gemm", p.n_weights + p.n_biases, &room),
        (pleats_idx)l->out.channels, (pleats_idx)n_in, in, p.weight, p.bias,
        &b->at));
done:
    pleats_release(b->ctx, in);
    clear_parameters(b->ctx, &p);
    return status;
}

/* The shape of a convolution over the padded input. */
static pleats_conv_shape conv_shape(const pleats_layer_spec *l)
{
    const pleats_conv_spec *c = &l->conv;
    pleats_conv_shape s = {.groups = (pleats_idx)c->groups,
                           .in_channels =
                               (pleats_idx)(l->in.channels / c->groups),
                           .out_channels = (pleats_idx)(c->filters / c->groups),
                           .n_spatial = l->in.n_spatial};
    for (pleats_idx d = 0; d < s.n_spatial; d++) {
        s.in_size[d] =
            (pleats_idx)(c->pad_lo[d] + l->in.size[d] + c->pad_hi[d]);
        s.kernel[d] = (pleats_idx)c->kernel[d];
        s.stride[d] = (pleats_idx)c->stride[d];
        s.dilation[d] = (pleats_idx)c->dilation[d];
    }
    return s;
}

/* Number `index` of a grid of size `grid`, moved by -shift, as a number of the
 * grid `size`; -1 outside of it. */
static int64_t moved(int64_t index, pleats_idx n, const int64_t *grid,
                     const int64_t *shift, const int64_t *size)
{
    int64_t number = 0, scale = 1;
    for (pleats_idx d = n; d-- > 0;) {
        int64_t x = index % grid[d] - shift[d];
        index /= grid[d];
        if (x < 0 || x >= size[d])
            return -1;
        number += x * scale;
        scale *= size[d];
    }
    return number;
}

/* The padded input of a convolution, padding as -1. */
static pleats_status pad(builder *b, const pleats_layer_spec *l,
                         pleats_idx **out)
{
    pleats_status status = PLEATS_OK;
    int64_t padded[PLEATS_SPEC_MAX_DIMS] = {l->in.channels};
    size_t n = 0, plane = 0, old_plane = 0;
    pleats_idx n_spatial = l->in.n_spatial;
    for (pleats_idx d = 0; d < n_spatial; d++)
        padded[1 + d] = l->conv.pad_lo[d] + l->in.size[d] + l->conv.pad_hi[d];
    TRY(pleats_spec_multiply(b->ctx, 1 + n_spatial, padded, &n));
    TRY(pleats_spec_multiply(b->ctx, n_spatial, padded + 1, &plane));
    TRY(count_plane(b->ctx, &l->in, &old_plane));
    TRY(pleats_alloc(b->ctx, n, sizeof **out, out));
    for (size_t i = 0; i < n; i++) {
        int64_t cell = moved((int64_t)(i % plane), n_spatial, padded + 1,
                             l->conv.pad_lo, l->in.size);
        (*out)[i] = cell < 0 ? -1
                             : b->at + (pleats_idx)(i / plane * old_plane) +
                                   (pleats_idx)cell;
    }
done:
    return status;
}

static pleats_status add_conv(builder *b, const pleats_layer_spec *l)
{
    pleats_status status = PLEATS_OK;
    pleats_parameters p = {0};
    pleats_conv_shape shape;
    full_label room;
    pleats_idx *in = NULL;
    TRY(pad(b, l, &in));
    TRY(get_parameters(b, l, &p));
    shape = conv_shape(l);
    TRY(pleats_net_add_conv(
        b->ctx, b->net, label_of(b, l, "Conv", p.n_weights + p.n_biases, &room),
        &shape, in, p.weight, p.bias, &b->at));
done:
    pleats_release(b->ctx, in);
    clear_parameters(b->ctx, &p);
    return status;
}

static pleats_status add_max(builder *b, const pleats_layer_spec *l,
                             const char *op, const pleats_spec_rows *r)
{
    full_label room;
    return pleats_net_add_max(b->ctx, b->net, label_of(b, l, op, 0, &room),
                              false, r->n, r->start, r->in, &b->at);
}

static pleats_status add_maxpool(builder *b, const pleats_layer_spec *l)
{
    pleats_spec_rows r = {0};
    size_t volume = 0;
    pleats_status status = pleats_spec_rows_pool(b->ctx, l, b->at, &volume, &r);
    if (status == PLEATS_OK)
        status = add_max(b, l, "MaxPool", &r);
    pleats_spec_rows_clear(b->ctx, &r);
    return status;
}

static pleats_status add_maxout(builder *b, const pleats_layer_spec *l)
{
    pleats_status status = PLEATS_OK;
    pleats_spec_rows r = {0};
    size_t plane = 0;
    TRY(count_plane(b->ctx, &l->out, &plane));
    TRY(pleats_spec_rows_new(b->ctx, &l->out, l->rank, &r));
    for (int64_t i = 0; i < l->out.channels * (int64_t)plane; i++) {
        int64_t first = i / (int64_t)plane * l->rank;
        for (int64_t k = 0; k < l->rank; k++)
            pleats_spec_rows_add(
                &r, b->at + (pleats_idx)((first + k) * (int64_t)plane +
                                         i % (int64_t)plane));
        pleats_spec_rows_end(&r);
    }
    TRY(add_max(b, l, "Max", &r));
done:
    pleats_spec_rows_clear(b->ctx, &r);
    return status;
}

/* The mean over the windows of `pool`, which may differ from the layer. */
static pleats_status add_average(builder *b, const pleats_layer_spec *l,
                                 const char *op, const pleats_layer_spec *pool)
{
    pleats_status status = PLEATS_OK;
    pleats_spec_rows r = {0};
    double *divisor = NULL;
    size_t volume = 0;
    full_label room;
    TRY(pleats_spec_rows_pool(b->ctx, pool, b->at, &volume, &r));
    TRY(pleats_alloc(b->ctx, (size_t)r.n, sizeof *divisor, &divisor));
    for (pleats_idx i = 0; i < r.n; i++)
        divisor[i] = (double)volume;
    TRY(pleats_net_add_sparse(b->ctx, b->net, label_of(b, l, op, 0, &room), r.n,
                              r.start, r.in, r.weight, NULL, divisor, &b->at));
done:
    pleats_release(b->ctx, divisor);
    pleats_spec_rows_clear(b->ctx, &r);
    return status;
}

/* One window of the whole plane, whatever shape the layer's result has. */
static pleats_status add_global_average(builder *b, const pleats_layer_spec *l)
{
    pleats_layer_spec pool = *l;
    pool.out.n_spatial = l->in.n_spatial;
    for (pleats_idx d = 0; d < l->in.n_spatial; d++) {
        pool.out.size[d] = pool.conv.stride[d] = 1;
        pool.conv.kernel[d] = l->in.size[d];
        pool.conv.pad_lo[d] = 0;
    }
    return add_average(b, l, "GlobalAveragePool", &pool);
}

static pleats_status add_bn(builder *b, const pleats_layer_spec *l)
{
    pleats_status status = PLEATS_OK;
    pleats_parameters p = {0};
    pleats_spec_rows r = {0};
    double *bias = NULL;
    size_t plane = 0;
    full_label room;
    TRY(get_parameters(b, l, &p));
    TRY(count_plane(b->ctx, &l->in, &plane));
    TRY(pleats_spec_rows_new(b->ctx, &l->out, 1, &r));
    TRY(pleats_alloc(b->ctx, p.n_biases * plane, sizeof *bias, &bias));
    for (size_t i = 0; i < p.n_biases * plane; i++) {
        pleats_spec_rows_add(&r, b->at + (pleats_idx)i);
        pleats_spec_rows_end(&r);
        r.weight[i] = p.weight[i / plane];
        bias[i] = p.bias[i / plane];
    }
    TRY(pleats_net_add_sparse(
        b->ctx, b->net,
        label_of(b, l, "BatchNormalization", 2 * p.n_biases, &room), r.n,
        r.start, r.in, r.weight, bias, NULL, &b->at));
done:
    pleats_release(b->ctx, bias);
    clear_parameters(b->ctx, &p);
    pleats_spec_rows_clear(b->ctx, &r);
    return status;
}

static pleats_status add_residual(builder *b, const pleats_layer_spec *l)
{
    pleats_status status = PLEATS_OK;
    pleats_spec_rows r = {0};
    full_label room;
    size_t n = 0;
    pleats_idx before = b->saved[--b->n_saved];
    TRY(count_scalars(b->ctx, &l->out, &n));
    TRY(pleats_spec_rows_new(b->ctx, &l->out, 2, &r));
    for (size_t i = 0; i < n; i++) {
        pleats_spec_rows_add(&r, before + (pleats_idx)i);
        pleats_spec_rows_add(&r, b->at + (pleats_idx)i);
        pleats_spec_rows_end(&r);
    }
    TRY(pleats_net_add_sparse(b->ctx, b->net, label_of(b, l, "Add", 0, &room),
                              r.n, r.start, r.in, r.weight, NULL, NULL,
                              &b->at));
done:
    pleats_spec_rows_clear(b->ctx, &r);
    return status;
}

static pleats_status add_activation(builder *b, const pleats_layer_spec *l)
{
    pleats_status status = PLEATS_OK;
    pleats_pl named = {0}, function;
    full_label room;
    pleats_idx *in = NULL;
    size_t n = 0;
    TRY(count_scalars(b->ctx, &l->out, &n));
    TRY(ramp(b->ctx, b->at, n, &in));
    TRY(pleats_activation_new(b->ctx, l->activation, l->pieces, &named));
    function = named;
    if (b->function)
        b->function(b->state, (pleats_idx)(l - b->spec->layer), &function);
    TRY(pleats_net_add_pl(
        b->ctx, b->net,
        label_of(b, l, b->function ? "PL" : pleats_activation_op(l->activation),
                 0, &room),
        (pleats_idx)n, in, 1, &function, NULL, &b->at));
done:
    pleats_activation_clear(b->ctx, &named);
    pleats_release(b->ctx, in);
    return status;
}

static pleats_status add_layer(builder *b, const pleats_layer_spec *l)
{
    switch (l->kind) {
    case PLEATS_LAYER_CONV:
        return add_conv(b, l);
    case PLEATS_LAYER_FC:
        return add_fc(b, l);
    case PLEATS_LAYER_ACTIVATION:
        return add_activation(b, l);
    case PLEATS_LAYER_MAXOUT:
        return add_maxout(b, l);
    case PLEATS_LAYER_MAXPOOL:
        return add_maxpool(b, l);
    case PLEATS_LAYER_AVGPOOL:
        return add_average(b, l, "AveragePool", l);
    case PLEATS_LAYER_GAP:
        return add_global_average(b, l);
    case PLEATS_LAYER_BN:
        return add_bn(b, l);
    case PLEATS_LAYER_RES_BEGIN:
        b->saved[b->n_saved++] = b->at;
        return PLEATS_OK;
    case PLEATS_LAYER_RES_END:
        return add_residual(b, l);
    case PLEATS_LAYER_FLATTEN:
        return PLEATS_OK;
    case PLEATS_LAYER_GENERAL:
        break;
    }
    return pleats_fail(b->ctx, PLEATS_INVALID,
                       "%s is no chain of layers: a network can be made from "
                       "a chain only",
                       b->spec->text ? b->spec->text : "the spec");
}

/* Names the input and gives input and output their shapes. */
static pleats_status set_ends(builder *b, const pleats_shape *last)
{
    pleats_status status = PLEATS_OK;
    pleats_net *net = b->net;
    pleats_idx *output = NULL;
    size_t n = 0;
    TRY(count_scalars(b->ctx, last, &n));
    TRY(ramp(b->ctx, b->at, n, &output));
    TRY(pleats_net_set_outputs(b->ctx, net, (pleats_idx)n, output));
    TRY(pleats_strdup(b->ctx, "input", &net->input_name));
    TRY(pleats_alloc(b->ctx, PLEATS_SPEC_MAX_DIMS, sizeof *net->input_dims,
                     &net->input_dims));
    TRY(pleats_alloc(b->ctx, PLEATS_SPEC_MAX_DIMS, sizeof *net->output_dims,
                     &net->output_dims));
    net->n_input_dims = pleats_shape_dims(&b->spec->input, net->input_dims);
    net->n_output_dims = pleats_shape_dims(last, net->output_dims);
done:
    pleats_release(b->ctx, output);
    return status;
}

pleats_status pleats_net_of_spec(pleats_ctx *ctx, const pleats_spec *spec,
                                 pleats_fill_fn fill, void *state,
                                 pleats_net **out)
{
    return pleats_net_of_spec_with(ctx, spec, fill, NULL, state, out);
}

pleats_status pleats_net_of_spec_with(pleats_ctx *ctx, const pleats_spec *spec,
                                      pleats_fill_fn fill,
                                      pleats_function_fn function, void *state,
                                      pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    builder b = {.ctx = ctx,
                 .spec = spec,
                 .fill = fill,
                 .function = function,
                 .state = state};
    const pleats_shape *last = &spec->input;
    size_t n = 0;
    *out = NULL;
    TRY(count_scalars(ctx, &spec->input, &n));
    TRY(pleats_net_new(ctx, (pleats_idx)n, &b.net));
    TRY(pleats_alloc(ctx, (size_t)spec->n_layers, sizeof *b.saved, &b.saved));
    for (pleats_idx i = 0; i < spec->n_layers; i++) {
        TRY(add_layer(&b, &spec->layer[i]));
        last = &spec->layer[i].out;
    }
    TRY(set_ends(&b, last));
    *out = b.net;
    b.net = NULL;
done:
    pleats_release(ctx, b.saved);
    pleats_net_clear(ctx, b.net);
    return status;
}
