/* The spec of a network: its steps as a chain of layers where every step reads
 * what the one before it wrote, or adds to it what an earlier one wrote; else
 * units in general.  Parameters are those of the layers' shapes, not those that
 * the file stores. */
#include "spec/activation.h"
#include "spec/spec_layer.h"
#include "spec/spec_window.h"

#include <string.h>

/* A tensor that a residual branch may have started from: its first scalar, and
 * how many layers stand before it. */
typedef struct {
    pleats_idx first, n_layers;
} place;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    pleats_spec *spec;
    pleats_idx first; /* the present tensor: scalars first, first + 1, .. */
    place *place;
    pleats_idx n_places;
    size_t capacity;
    bool is_shifted; /* the present tensor: by what is no layer's bias so far */
    bool is_scaled;  /* .. and by factors, since an activation */
} chain;

static int64_t present_count(const chain *c)
{
    const pleats_shape shape = pleats_spec_output(c->spec);
    return pleats_shape_count(&shape);
}

/* Whether a step reads the present tensor, all of it and in order. */
static bool reads_present(const chain *c, const pleats_step *s)
{
    if (s->n_in != present_count(c))
        return false;
    for (pleats_idx i = 0; i < s->n_in; i++)
        if (s->in[i] != c->first + i)
            return false;
    return true;
}

/* The same in any order: a fully connected layer does not care. */
static pleats_status reads_shuffled(const chain *c, const pleats_step *s,
                                    bool *yes)
{
    pleats_status status = PLEATS_OK;
    bool *seen = NULL;
    *yes = s->n_in == present_count(c);
    TRY(pleats_alloc(c->ctx, (size_t)s->n_in, sizeof *seen, &seen));
    for (pleats_idx i = 0; *yes && i < s->n_in; i++) {
        const pleats_idx at = s->in[i] - c->first;
        *yes = at >= 0 && at < s->n_in && !seen[at];
        if (*yes)
            seen[at] = true;
    }
done:
    pleats_release(c->ctx, seen);
    return status;
}

static pleats_status dense(chain *c, const pleats_step *s, bool *is_layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec fc = {.kind = PLEATS_LAYER_FC,
                                  .out = {.channels = s->n_out},
                                  .has_bias = s->bias || c->is_shifted};
    TRY(reads_shuffled(c, s, is_layer));
    if (*is_layer)
        TRY(pleats_spec_add(c->ctx, c->spec, &fc));
done:
    return status;
}

/* Whether entry i of the convolution's framed input is the present scalar that
 * belongs there, or 0 in the padding. */
static bool frames_present(const chain *c, const pleats_step *s,
                           const pleats_shape *in, const pleats_conv_spec *k)
{
    int64_t at[PLEATS_MAX_SPATIAL];
    for (pleats_idx i = 0; i < s->n_in; i++) {
        int64_t rest = i, scalar = 0;
        bool inside = true;
        for (int d = s->conv.n_spatial; d-- > 0; rest /= s->conv.in_size[d]) {
            at[d] = rest % s->conv.in_size[d] - k->pad_lo[d];
            inside = inside && at[d] >= 0 && at[d] < in->size[d];
        }
        scalar = rest;
        for (pleats_idx d = 0; d < s->conv.n_spatial; d++)
            scalar = scalar * in->size[d] + at[d];
        if (s->in[i] != (inside ? c->first + scalar : -1))
            return false;
    }
    return true;
}

/* The shape that the convolution reads, and its padding: from where the first
 * and the last scalar of the present tensor lie in the frame. */
static bool find_input(const chain *c, const pleats_step *s, pleats_shape *in,
                       pleats_conv_spec *k)
{
    const int64_t last_scalar = c->first + present_count(c) - 1;
    pleats_idx start = 0, end = s->n_in - 1;
    *in = (pleats_shape){(int64_t)s->conv.groups * s->conv.in_channels,
                         s->conv.n_spatial,
                         {1, 1, 1}};
    while (start < end && s->in[start] != c->first)
        start++;
    while (end > start && s->in[end] != last_scalar)
        end--;
    for (int d = s->conv.n_spatial; d-- > 0;) {
        const pleats_idx size = s->conv.in_size[d];
        k->pad_lo[d] = start % size;
        k->pad_hi[d] = size - 1 - end % size;
        in->size[d] = size - k->pad_lo[d] - k->pad_hi[d];
        start /= size;
        end /= size;
        if (in->size[d] < 1)
            return false;
    }
    return pleats_shape_count(in) == present_count(c);
}

/* The first convolution decides how the input is seen. */
static pleats_status conv(chain *c, const pleats_step *s, bool *is_layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_shape now = pleats_spec_output(c->spec);
    const bool is_first = c->spec->n_layers == 0;
    pleats_shape in = {0};
    pleats_layer_spec layer = {.kind = PLEATS_LAYER_CONV};
    pleats_conv_spec *k = &layer.conv;
    k->filters = (int64_t)s->conv.groups * s->conv.out_channels;
    k->groups = s->conv.groups;
    k->has_bias = s->bias || c->is_shifted;
    for (pleats_idx d = 0; d < s->conv.n_spatial; d++) {
        k->kernel[d] = s->conv.kernel[d];
        k->stride[d] = s->conv.stride[d];
        k->dilation[d] = s->conv.dilation[d];
    }
    *is_layer = s->conv.n_spatial > 0 && find_input(c, s, &in, k) &&
                (is_first || pleats_shapes_agree(&in, &now)) &&
                frames_present(c, s, &in, k);
    if (*is_layer && is_first)
        c->spec->input = in;
    if (*is_layer)
        TRY(pleats_spec_add(c->ctx, c->spec, &layer));
done:
    return status;
}

static int64_t most_pieces(const pleats_step *s)
{
    int64_t most = 0;
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (pleats_step_pieces(s, i) > most)
            most = pleats_step_pieces(s, i);
    return most;
}

/* One name for all functions of the step; functions that differ in kind are
 * "any activation" of the most pieces, but slopes of a leaky ReLU may differ.
 */
static pleats_status activation(chain *c, const pleats_step *s, bool *is_layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec flatten = {.kind = PLEATS_LAYER_FLATTEN};
    pleats_layer_spec layer = {.kind = PLEATS_LAYER_ACTIVATION,
                               .pieces = most_pieces(s),
                               .flat = pleats_least_flat(s)};
    *is_layer = reads_present(c, s) && layer.pieces >= 2;
    if (!*is_layer)
        return PLEATS_OK;
    layer.activation = pleats_activation_of(&s->function[0]);
    for (pleats_idx i = 1; i < s->n_functions; i++)
        if (pleats_activation_of(&s->function[i]) != layer.activation)
            layer.activation = PLEATS_ACT_PL;
    if (s->n_dims == 1)
        TRY(pleats_spec_add(c->ctx, c->spec, &flatten));
    TRY(pleats_spec_add(c->ctx, c->spec, &layer));
done:
    return status;
}

static pleats_status maximum(chain *c, const pleats_step *s, bool *is_layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_windows w = {s, pleats_spec_output(c->spec), c->first};
    pleats_layer_spec layer = {.kind = PLEATS_LAYER_MAXPOOL};
    *is_layer = !s->is_min && pleats_windows_slide(&w, &layer.conv);
    if (!*is_layer && !s->is_min &&
        pleats_windows_are_channels(&w, &layer.rank)) {
        layer.kind = PLEATS_LAYER_MAXOUT;
        *is_layer = true;
    }
    if (*is_layer)
        TRY(pleats_spec_add(c->ctx, c->spec, &layer));
done:
    return status;
}

static bool is_diagonal(const chain *c, const pleats_step *s)
{
    if (s->n_out != present_count(c) || !reads_present(c, s))
        return false;
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (s->start[i + 1] - s->start[i] != 1)
            return false;
    return true;
}

static bool is_batch_norm(const pleats_step *s)
{
    return s->op && strcmp(s->op, "BatchNormalization") == 0;
}

/* Whether each row reads its own entry of the present tensor, and beside it
 * constants alone: numbers that are no doubles are sums of several. */
static bool is_scale_and_shift(const chain *c, const pleats_step *s)
{
    const pleats_idx n = (pleats_idx)present_count(c);
    if (!is_batch_norm(s) || s->n_out != n)
        return false;
    for (pleats_idx i = 0; i < n; i++)
        for (pleats_idx t = s->start[i]; t < s->start[i + 1]; t++) {
            const pleats_idx at = s->in[t] - c->first;
            if (at >= 0 && at < n && at != i)
                return false;
        }
    return true;
}

static bool all_ones(const double *x, pleats_idx n)
{
    for (pleats_idx i = 0; x && i < n; i++)
        if (x[i] != 1)
            return false;
    return true;
}

static bool has_shift(const pleats_step *s)
{
    for (pleats_idx i = 0; s->bias && i < s->n_out; i++)
        if (s->bias[i] != 0)
            return true;
    return false;
}

/* A BatchNormalization is a layer; any other scale and shift belongs to its
 * neighbours.  A shift after a layer without bias is its bias; one after units
 * is the next layer's. */
static pleats_status diagonal(chain *c, const pleats_step *s)
{
    const pleats_layer_spec bn = {.kind = PLEATS_LAYER_BN};
    pleats_layer_spec *last =
        c->spec->n_layers ? &c->spec->layer[c->spec->n_layers - 1] : NULL;
    if (is_batch_norm(s))
        return pleats_spec_add(c->ctx, c->spec, &bn);
    const bool is_affine = last && (last->kind == PLEATS_LAYER_FC ||
                                    last->kind == PLEATS_LAYER_CONV);
    const bool is_even =
        all_ones(s->weight, s->n_in) && all_ones(s->divisor, s->n_out);
    c->is_shifted |= !is_affine && has_shift(s);
    c->is_scaled |= last && last->kind == PLEATS_LAYER_ACTIVATION && !is_even;
    if (!is_affine || !(is_even || has_shift(s)))
        return PLEATS_OK;
    last->has_bias |= last->kind == PLEATS_LAYER_FC;
    last->conv.has_bias |= last->kind == PLEATS_LAYER_CONV;
    return pleats_layer_infer(c->ctx, last);
}

/* The first scalar of the tensor that the step adds to the present one, -1 when
 * it is no such sum. */
static pleats_idx added_tensor(const chain *c, const pleats_step *s)
{
    pleats_idx other = -1;
    if (s->n_out != present_count(c) || s->n_in != 2 * (int64_t)s->n_out)
        return -1;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_idx *in = s->in + 2 * (int64_t)i;
        const pleats_idx from = in[0] == c->first + i ? in[1] : in[0];
        if (s->start[i + 1] - s->start[i] != 2 ||
            (in[0] != c->first + i && in[1] != c->first + i))
            return -1;
        if (i == 0)
            other = from;
        if (from != other + i)
            return -1;
    }
    return other;
}

/* Puts the beginning of a residual block after the first n layers. */
static pleats_status begin_block(chain *c, pleats_idx n)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = c->spec;
    pleats_layer_spec begin = {.kind = PLEATS_LAYER_RES_BEGIN};
    begin.in = begin.out = n ? spec->layer[n - 1].out : spec->input;
    TRY(pleats_grow(c->ctx, &spec->layer, &spec->capacity,
                    (size_t)spec->n_layers + 1, sizeof *spec->layer));
    memmove(spec->layer + n + 1, spec->layer + n,
            (size_t)(spec->n_layers - n) * sizeof *spec->layer);
    spec->layer[n] = begin;
    spec->n_layers++;
done:
    return status;
}

static pleats_status residual(chain *c, const pleats_step *s, bool *is_layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec end = {.kind = PLEATS_LAYER_RES_END};
    const pleats_shape now = pleats_spec_output(c->spec);
    const pleats_idx other = added_tensor(c, s);
    pleats_idx k = c->n_places - 1;
    while (k >= 0 && (other < 0 || c->place[k].first != other))
        k--;
    *is_layer = k >= 0 && c->place[k].n_layers < c->spec->n_layers;
    if (!*is_layer)
        return PLEATS_OK;
    const pleats_idx n = c->place[k].n_layers;
    const pleats_shape from = n ? c->spec->layer[n - 1].out : c->spec->input;
    *is_layer = pleats_shapes_agree(&from, &now);
    if (!*is_layer)
        return PLEATS_OK;
    TRY(begin_block(c, n));
    TRY(pleats_spec_add(c->ctx, c->spec, &end));
    c->n_places = k + 1;
done:
    return status;
}

static bool has_even_rows(const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_in; i++)
        if (s->weight[i] != s->weight[0])
            return false;
    return true;
}

static pleats_status average(chain *c, const pleats_step *s, bool *is_layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_windows w = {s, pleats_spec_output(c->spec), c->first};
    pleats_layer_spec layer = {.kind = PLEATS_LAYER_GAP};
    *is_layer = has_even_rows(s) && pleats_windows_are_planes(&w);
    if (!*is_layer && has_even_rows(s) &&
        pleats_windows_slide(&w, &layer.conv)) {
        layer.kind = PLEATS_LAYER_AVGPOOL;
        *is_layer = true;
    }
    if (*is_layer)
        TRY(pleats_spec_add(c->ctx, c->spec, &layer));
done:
    return status;
}

static pleats_status sparse(chain *c, const pleats_step *s, bool *is_layer)
{
    pleats_status status = PLEATS_OK;
    *is_layer = is_diagonal(c, s) || is_scale_and_shift(c, s);
    if (*is_layer)
        return diagonal(c, s);
    TRY(residual(c, s, is_layer));
    if (!*is_layer)
        TRY(average(c, s, is_layer));
    c->is_shifted |= has_shift(s);
done:
    return status;
}

/* A shift right below units has no layer to be the bias of, and a pool on units
 * may not take what was moved or scaled for what they wrote: a normalisation
 * stands for it. */
static pleats_status add_normalisation(chain *c, const pleats_step *s)
{
    const pleats_layer_spec bn = {.kind = PLEATS_LAYER_BN};
    const bool is_scaled = c->is_scaled && s->kind == PLEATS_STEP_MAX;
    if (pleats_step_is_affine(s) || !(c->is_shifted || is_scaled))
        return PLEATS_OK;
    return pleats_spec_add(c->ctx, c->spec, &bn);
}

/* Takes one step as a layer; what it wrote is the present tensor then. */
static pleats_status take_step(chain *c, const pleats_step *s, bool *is_layer)
{
    static pleats_status (*const take[])(
        chain *, const pleats_step *, bool *) = {[PLEATS_STEP_DENSE] = dense,
                                                 [PLEATS_STEP_CONV] = conv,
                                                 [PLEATS_STEP_SPARSE] = sparse,
                                                 [PLEATS_STEP_PL] = activation,
                                                 [PLEATS_STEP_MAX] = maximum};
    pleats_status status = PLEATS_OK;
    TRY(add_normalisation(c, s));
    TRY(pleats_grow(c->ctx, &c->place, &c->capacity, (size_t)c->n_places + 1,
                    sizeof *c->place));
    c->place[c->n_places++] = (place){c->first, c->spec->n_layers};
    TRY(take[s->kind](c, s, is_layer));
    if (s->kind != PLEATS_STEP_SPARSE || is_batch_norm(s))
        c->is_shifted = c->is_scaled = false;
    *is_layer = *is_layer && present_count(c) == s->n_out;
    c->first = s->out;
done:
    return status;
}

/* The input's shape in the file; a vector where a fully connected layer comes
 * first, perhaps behind a scale and shift, or the file's shape is none of ours.
 */
static pleats_shape input_shape(const pleats_net *net)
{
    pleats_shape shape = {net->n_inputs, 0, {1, 1, 1}};
    pleats_idx i = 0;
    while (i < net->n_steps && net->step[i].kind == PLEATS_STEP_SPARSE &&
           net->step[i].n_in == net->step[i].n_out)
        i++;
    if ((i < net->n_steps && net->step[i].kind == PLEATS_STEP_DENSE) ||
        net->n_input_dims < 2 || net->n_input_dims > 1 + PLEATS_MAX_SPATIAL)
        return shape;
    shape.channels = net->input_dims[0];
    shape.n_spatial = net->n_input_dims - 1;
    for (pleats_idx d = 0; d < shape.n_spatial; d++)
        shape.size[d] = net->input_dims[d + 1];
    return shape;
}

static bool is_constant(const pleats_step *s)
{
    return s->kind == PLEATS_STEP_SPARSE && s->n_in == 0;
}

static pleats_status as_chain(chain *c, bool *is_chain)
{
    pleats_status status = PLEATS_OK;
    const pleats_shape input = input_shape(c->net);
    TRY(pleats_spec_new(c->ctx, &input, &c->spec));
    *is_chain = true;
    for (pleats_idx i = 0; *is_chain && i < c->net->n_steps; i++)
        if (!is_constant(&c->net->step[i]))
            TRY(take_step(c, &c->net->step[i], is_chain));
    if (*is_chain)
        TRY(pleats_spec_end(c->ctx, c->spec, NULL));
done:
    return status;
}

/* One GENERAL layer for every step of units; the affine steps' parameters go
 * with the units that follow, or to a last layer without units. */
static pleats_status as_units(chain *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = c->net;
    const pleats_shape input = {net->n_inputs, 0, {1, 1, 1}};
    pleats_layer_spec layer = {.kind = PLEATS_LAYER_GENERAL};
    TRY(pleats_spec_new(c->ctx, &input, &c->spec));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        layer.n_parameters += s->n_parameters;
        if (pleats_step_is_affine(s))
            continue;
        layer.out.channels = layer.n_units = s->n_out;
        layer.pieces = most_pieces(s);
        layer.rank = s->kind == PLEATS_STEP_MAX ? layer.pieces : 0;
        TRY(pleats_spec_add(c->ctx, c->spec, &layer));
        layer.n_parameters = 0;
    }
    layer.out.channels = net->n_outputs;
    layer.n_units = layer.pieces = layer.rank = 0;
    TRY(pleats_spec_add(c->ctx, c->spec, &layer));
    TRY(pleats_spec_end(c->ctx, c->spec, net->path ? net->path : "network"));
done:
    return status;
}

pleats_status pleats_spec_of_net(pleats_ctx *ctx, const pleats_net *net,
                                 pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    chain c = {.ctx = ctx, .net = net};
    bool is_chain = false;
    *out = NULL;
    TRY(as_chain(&c, &is_chain));
    if (!is_chain) {
        pleats_spec_clear(ctx, c.spec);
        c.spec = NULL;
        TRY(as_units(&c));
    }
    *out = c.spec;
    c.spec = NULL;
done:
    pleats_spec_clear(ctx, c.spec);
    pleats_release(ctx, c.place);
    return status;
}
