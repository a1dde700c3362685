/* Building a network step by step; every add copies its arrays, checks that
 * they are sound and refuses parameters that are not finite. */
#include "net/net.h"

#include <math.h>
#include <string.h>

enum { MAX_SCALARS = 1 << 30 };

static void clear_functions(pleats_ctx *ctx, pleats_step *s)
{
    for (pleats_idx i = 0; s->function && i < s->n_functions; i++) {
        pleats_release(ctx, s->function[i].at);
        pleats_release(ctx, s->function[i].slope);
        pleats_release(ctx, s->function[i].intercept);
    }
    pleats_release(ctx, s->function);
}

static void clear_step(pleats_ctx *ctx, pleats_step *s)
{
    clear_functions(ctx, s);
    pleats_release(ctx, s->name);
    pleats_release(ctx, s->op);
    pleats_release(ctx, s->dims);
    pleats_release(ctx, s->in);
    pleats_release(ctx, s->weight);
    pleats_release(ctx, s->bias);
    pleats_release(ctx, s->divisor);
    pleats_release(ctx, s->start);
    pleats_release(ctx, s->tap);
    pleats_release(ctx, s->window);
    pleats_release(ctx, s->which);
}

void pleats_net_clear(pleats_ctx *ctx, pleats_net *net)
{
    if (!net)
        return;
    for (pleats_idx i = 0; i < net->n_steps; i++)
        clear_step(ctx, &net->step[i]);
    pleats_release(ctx, net->step);
    pleats_release(ctx, net->output);
    pleats_release(ctx, net->input_name);
    for (pleats_idx i = 0; i < net->n_tensors; i++) {
        pleats_release(ctx, net->tensor[i].name);
        pleats_release(ctx, net->tensor[i].dims);
    }
    pleats_release(ctx, net->tensor);
    pleats_release(ctx, net->input_dims);
    pleats_release(ctx, net->output_dims);
    pleats_release(ctx, net->path);
    pleats_release(ctx, net);
}

pleats_status pleats_net_extend(pleats_ctx *ctx, const pleats_net *of,
                                pleats_net *out)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)of->n_steps;
    *out = *of;
    out->step = NULL;
    out->step_capacity = 0;
    TRY(pleats_grow(ctx, &out->step, &out->step_capacity, n + 1,
                    sizeof *out->step));
    if (n > 0)
        memcpy(out->step, of->step, n * sizeof *out->step);
done:
    return status;
}

void pleats_net_extension_clear(pleats_ctx *ctx, const pleats_net *of,
                                pleats_net *net)
{
    for (pleats_idx i = of->n_steps; net->step && i < net->n_steps; i++)
        clear_step(ctx, &net->step[i]);
    pleats_release(ctx, net->step);
    *net = (pleats_net){0};
}

pleats_status pleats_net_new(pleats_ctx *ctx, pleats_idx n_inputs,
                             pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    *out = NULL;
    if (n_inputs < 1 || n_inputs > MAX_SCALARS)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a network needs 1 to %d inputs, not %d",
                           MAX_SCALARS, n_inputs);
    TRY(pleats_alloc(ctx, 1, sizeof **out, out));
    (*out)->n_inputs = (*out)->n_scalars = n_inputs;
done:
    return status;
}

/* The pointer at `out` gets a copy of array [n]; NULL when array is NULL or n
 * is 0. */
static pleats_status copy(pleats_ctx *ctx, const void *array, size_t n,
                          size_t size, void *out)
{
    pleats_status status = PLEATS_OK;
    if (!array || n == 0)
        return PLEATS_OK;
    void *own = NULL;
    TRY(pleats_alloc(ctx, n, size, &own));
    memcpy(own, array, n * size);
    memcpy(out, &own, sizeof own);
done:
    return status;
}

static pleats_status copy_numbers(pleats_ctx *ctx, const pleats_step *s,
                                  const char *what, const double *array,
                                  size_t n, double **out)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; array && i < n; i++) {
        TRY(pleats_check_work(ctx, 1));
        if (!isfinite(array[i]))
            return pleats_fail(ctx, PLEATS_INVALID,
                               "%s '%s': %s %zu is %f, not a finite number",
                               s->op ? s->op : "step", s->name ? s->name : "",
                               what, i, array[i]);
    }
done:
    return status != PLEATS_OK ? status
                               : copy(ctx, array, n, sizeof *array, out);
}

/* Checks that scalars in[0..n-1] exist (or, with `zeros`, are -1). */
static pleats_status copy_inputs(pleats_ctx *ctx, const pleats_net *net,
                                 pleats_step *s, pleats_idx n,
                                 const pleats_idx *in, bool zeros)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < n; i++) {
        TRY(pleats_check_work(ctx, 1));
        if (in[i] >= net->n_scalars || in[i] < (zeros ? -1 : 0))
            return pleats_fail(ctx, PLEATS_INTERNAL,
                               "step %d reads scalar %d of %d", net->n_steps,
                               in[i], net->n_scalars);
    }
    s->n_in = n;
done:
    return status != PLEATS_OK ? status
                               : copy(ctx, in, (size_t)n, sizeof *in, &s->in);
}

/* Checks a table of row starts: start[0] = 0, not decreasing, rows of at least
 * `least` entries. */
static pleats_status copy_starts(pleats_ctx *ctx, const pleats_net *net,
                                 pleats_step *s, pleats_idx n,
                                 const pleats_idx *start, pleats_idx least)
{
    bool sound = start[0] == 0;
    for (pleats_idx i = 0; i < n && sound; i++)
        sound = start[i + 1] - start[i] >= least;
    if (!sound)
        return pleats_fail(ctx, PLEATS_INTERNAL,
                           "step %d has unsound row starts", net->n_steps);
    return copy(ctx, start, (size_t)n + 1, sizeof *start, &s->start);
}

/* Room for one more step; it counts only after end_step. */
static pleats_status begin_step(pleats_ctx *ctx, pleats_net *net,
                                pleats_step_kind kind,
                                const pleats_step_label *label,
                                pleats_step **out)
{
    pleats_status status = PLEATS_OK;
    pleats_step *s = NULL;
    TRY(pleats_grow(ctx, &net->step, &net->step_capacity,
                    (size_t)net->n_steps + 1, sizeof *net->step));
    s = &net->step[net->n_steps];
    memset(s, 0, sizeof *s);
    *out = s;
    s->kind = kind;
    if (label) {
        TRY(pleats_strdup(ctx, label->name ? label->name : "", &s->name));
        TRY(pleats_strdup(ctx, label->op ? label->op : "", &s->op));
        TRY(copy(ctx, label->dims, (size_t)label->n_dims, sizeof *label->dims,
                 &s->dims));
        s->n_dims = label->n_dims;
        s->n_parameters = label->n_parameters;
    }
done:
    return status;
}

/* Gives the step its output scalars, or takes the failed step back. */
static pleats_status end_step(pleats_ctx *ctx, pleats_net *net,
                              pleats_status status, int64_t n_out,
                              pleats_idx *out)
{
    pleats_step *s = net->step ? &net->step[net->n_steps] : NULL;
    if (status == PLEATS_OK &&
        (n_out < 0 || n_out > MAX_SCALARS - net->n_scalars))
        status =
            pleats_fail(ctx, PLEATS_LIMIT,
                        "the network has more than %d scalars", MAX_SCALARS);
    if (status != PLEATS_OK) {
        if (s && (size_t)net->n_steps < net->step_capacity) {
            clear_step(ctx, s);
            memset(s, 0, sizeof *s);
        }
        return status;
    }
    s->n_out = (pleats_idx)n_out;
    *out = s->out = net->n_scalars;
    net->n_scalars += s->n_out;
    if (!pleats_step_is_affine(s)) {
        s->first_unit = net->n_units;
        net->n_units += s->n_out;
    }
    net->n_steps++;
    return PLEATS_OK;
}

pleats_status pleats_net_add_dense(pleats_ctx *ctx, pleats_net *net,
                                   const pleats_step_label *label,
                                   pleats_idx n_out, pleats_idx n_in,
                                   const pleats_idx *in, const double *weight,
                                   const double *bias, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_step *s = NULL;
    TRY(begin_step(ctx, net, PLEATS_STEP_DENSE, label, &s));
    TRY(copy_inputs(ctx, net, s, n_in, in, false));
    TRY(copy_numbers(ctx, s, "weight", weight, (size_t)n_out * (size_t)n_in,
                     &s->weight));
    TRY(copy_numbers(ctx, s, "bias", bias, (size_t)n_out, &s->bias));
done:
    return end_step(ctx, net, status, n_out, out);
}

/* Offset of entry `number` (row-major over `extent`) when entry i of dim d
 * stands at i * step[d] of an array of dims `size`. */
static pleats_idx offset_of(pleats_idx number, pleats_idx n,
                            const pleats_idx *extent, const pleats_idx *step,
                            const pleats_idx *size)
{
    pleats_idx offset = 0, scale = 1;
    for (pleats_idx d = n; d-- > 0;) {
        offset += number % extent[d] * step[d] * scale;
        number /= extent[d];
        scale *= size[d];
    }
    return offset;
}

/* The tables `tap` and `window` of a convolution.  `*n_in` gets the length of
 * `in`, `*n_weights` that of the weights. */
static pleats_status lay_out_conv(pleats_ctx *ctx, pleats_step *s,
                                  int64_t *n_in, int64_t *n_weights)
{
    pleats_status status = PLEATS_OK;
    const pleats_conv_shape *c = &s->conv;
    pleats_idx extent[PLEATS_MAX_SPATIAL];
    int64_t plane = 1, kernel = 1, positions = 1;
    for (pleats_idx d = 0; d < c->n_spatial; d++) {
        int64_t span = ((int64_t)c->kernel[d] - 1) * c->dilation[d];
        int64_t fit = ((int64_t)c->in_size[d] - 1 - span) / c->stride[d] + 1;
        extent[d] = (pleats_idx)fit;
        plane *= c->in_size[d];
        kernel *= c->kernel[d];
        positions *= fit;
        if (span >= c->in_size[d] || plane > MAX_SCALARS ||
            kernel > MAX_SCALARS)
            return pleats_fail(
                ctx, PLEATS_INVALID,
                "%s '%s': a kernel of size %d (dilation %d) does "
                "not fit an input of size %d",
                s->op ? s->op : "Conv", s->name ? s->name : "", c->kernel[d],
                c->dilation[d], c->in_size[d]);
    }
    *n_in = plane * c->groups * c->in_channels;
    *n_weights = kernel * c->groups * c->out_channels * c->in_channels;
    if (*n_in > MAX_SCALARS || *n_weights > MAX_SCALARS)
        return pleats_fail(ctx, PLEATS_LIMIT, "a convolution is too large");
    s->positions = (pleats_idx)positions;
    s->n_taps = (pleats_idx)(kernel * c->in_channels);
    TRY(pleats_alloc(ctx, (size_t)s->n_taps, sizeof *s->tap, &s->tap));
    TRY(pleats_alloc(ctx, (size_t)positions, sizeof *s->window, &s->window));
    for (pleats_idx i = 0; i < s->n_taps; i++)
        s->tap[i] = (pleats_idx)(i / kernel * plane) +
                    offset_of((pleats_idx)(i % kernel), c->n_spatial, c->kernel,
                              c->dilation, c->in_size);
    for (pleats_idx i = 0; i < s->positions; i++)
        s->window[i] =
            offset_of(i, c->n_spatial, extent, c->stride, c->in_size);
done:
    return status;
}

pleats_status pleats_net_add_conv(pleats_ctx *ctx, pleats_net *net,
                                  const pleats_step_label *label,
                                  const pleats_conv_shape *shape,
                                  const pleats_idx *in, const double *weight,
                                  const double *bias, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_step *s = NULL;
    int64_t n_in = 0, n_weights = 0, channels = 0;
    TRY(begin_step(ctx, net, PLEATS_STEP_CONV, label, &s));
    s->conv = *shape;
    TRY(lay_out_conv(ctx, s, &n_in, &n_weights));
    channels = (int64_t)shape->groups * shape->out_channels;
    TRY(copy_inputs(ctx, net, s, (pleats_idx)n_in, in, true));
    TRY(copy_numbers(ctx, s, "weight", weight, (size_t)n_weights, &s->weight));
    TRY(copy_numbers(ctx, s, "bias", bias, (size_t)channels, &s->bias));
done:
    return end_step(ctx, net, status, s ? channels * s->positions : 0, out);
}

pleats_status pleats_net_add_sparse(pleats_ctx *ctx, pleats_net *net,
                                    const pleats_step_label *label,
                                    pleats_idx n_out, const pleats_idx *start,
                                    const pleats_idx *in, const double *weight,
                                    const double *bias, const double *divisor,
                                    pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_step *s = NULL;
    TRY(begin_step(ctx, net, PLEATS_STEP_SPARSE, label, &s));
    TRY(copy_starts(ctx, net, s, n_out, start, 0));
    TRY(copy_inputs(ctx, net, s, start[n_out], in, false));
    TRY(copy_numbers(ctx, s, "weight", weight, (size_t)start[n_out],
                     &s->weight));
    TRY(copy_numbers(ctx, s, "bias", bias, (size_t)n_out, &s->bias));
    TRY(copy_numbers(ctx, s, "divisor", divisor, (size_t)n_out, &s->divisor));
    for (pleats_idx i = 0; divisor && i < n_out; i++)
        if (divisor[i] == 0)
            TRY(pleats_fail(ctx, PLEATS_INVALID, "%s '%s': divisor %d is 0",
                            s->op ? s->op : "Div", s->name ? s->name : "", i));
done:
    return end_step(ctx, net, status, n_out, out);
}

/* Copies one function without the breakpoints at which nothing changes. */
static pleats_status copy_function(pleats_ctx *ctx, const pleats_step *s,
                                   const pleats_pl *from, pleats_pl *to)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)from->n_breaks;
    pleats_idx kept = 0;
    TRY(copy_numbers(ctx, s, "breakpoint", from->at, n, &to->at));
    TRY(copy_numbers(ctx, s, "slope", from->slope, n + 1, &to->slope));
    TRY(copy_numbers(ctx, s, "intercept", from->intercept, n + 1,
                     &to->intercept));
    for (pleats_idx i = 1; i <= from->n_breaks; i++) {
        if (i > 1 && !(from->at[i - 2] < from->at[i - 1]))
            TRY(pleats_fail(ctx, PLEATS_INTERNAL,
                            "breakpoints are not increasing"));
        if (from->slope[i] == to->slope[kept])
            continue;
        to->at[kept++] = from->at[i - 1];
        to->slope[kept] = from->slope[i];
        to->intercept[kept] = from->intercept[i];
    }
    to->n_breaks = kept;
done:
    return status;
}

pleats_status pleats_net_add_pl(pleats_ctx *ctx, pleats_net *net,
                                const pleats_step_label *label, pleats_idx n,
                                const pleats_idx *in, pleats_idx n_functions,
                                const pleats_pl *function,
                                const pleats_idx *which, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_step *s = NULL;
    TRY(begin_step(ctx, net, PLEATS_STEP_PL, label, &s));
    TRY(copy_inputs(ctx, net, s, n, in, false));
    TRY(pleats_alloc(ctx, (size_t)n_functions, sizeof *s->function,
                     &s->function));
    s->n_functions = n_functions;
    for (pleats_idx i = 0; i < n_functions; i++)
        TRY(copy_function(ctx, s, &function[i], &s->function[i]));
    for (pleats_idx i = 0; which && i < n; i++)
        if (which[i] < 0 || which[i] >= n_functions)
            TRY(pleats_fail(ctx, PLEATS_INTERNAL,
                            "unit %d has function %d of %d", i, which[i],
                            n_functions));
    TRY(copy(ctx, which, (size_t)n, sizeof *which, &s->which));
done:
    return end_step(ctx, net, status, n, out);
}

pleats_status pleats_net_add_max(pleats_ctx *ctx, pleats_net *net,
                                 const pleats_step_label *label, bool is_min,
                                 pleats_idx n, const pleats_idx *start,
                                 const pleats_idx *in, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_step *s = NULL;
    TRY(begin_step(ctx, net, PLEATS_STEP_MAX, label, &s));
    s->is_min = is_min;
    TRY(copy_starts(ctx, net, s, n, start, 1));
    TRY(copy_inputs(ctx, net, s, start[n], in, false));
done:
    return end_step(ctx, net, status, n, out);
}

pleats_status pleats_net_set_outputs(pleats_ctx *ctx, pleats_net *net,
                                     pleats_idx n, const pleats_idx *output)
{
    for (pleats_idx i = 0; i < n; i++)
        if (output[i] < 0 || output[i] >= net->n_scalars)
            return pleats_fail(ctx, PLEATS_INTERNAL,
                               "output %d is scalar %d of %d", i, output[i],
                               net->n_scalars);
    pleats_release(ctx, net->output);
    net->output = NULL;
    net->n_outputs = 0;
    pleats_status status =
        copy(ctx, output, (size_t)n, sizeof *output, &net->output);
    if (status == PLEATS_OK)
        net->n_outputs = n;
    return status;
}

int64_t pleats_net_terms(const pleats_net *net)
{
    int64_t terms = 1;
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        int64_t row = s->kind == PLEATS_STEP_CONV    ? s->n_taps
                      : s->kind == PLEATS_STEP_DENSE ? s->n_in
                                                     : 1;
        int64_t rest =
            s->kind == PLEATS_STEP_CONV || s->kind == PLEATS_STEP_DENSE
                ? 0
                : s->n_in;
        terms += row * s->n_out + rest;
    }
    return terms;
}
