/* Units as nodes.
 *
 * The units of a step that have the same function, or as many candidates, are
 * one node. */
#include "onnx_write/write_pool.h"

#include <math.h>
#include <string.h>

/* A function of one scalar as an operator. */
typedef enum { RELU, LEAKY, ABS, CLIP, SUM } form;

static bool is_bent(const pleats_pl *f, double left, double right)
{
    return f->n_breaks == 1 && f->at[0] == 0 && f->intercept[0] == 0 &&
           f->intercept[1] == 0 && f->slope[0] == left && f->slope[1] == right;
}

/* A line of slope 1 that ends in flat pieces on one or both sides. */
static bool is_clip(const pleats_pl *f)
{
    pleats_idx n = f->n_breaks;
    pleats_idx line = n > 0 && f->slope[0] == 0 ? 1 : 0;
    if (n != line + (f->slope[n] == 0) || f->slope[line] != 1 ||
        f->intercept[line] != 0)
        return false;
    return n > 0 && (line == 0 || f->intercept[0] == f->at[0]) &&
           (n == line || f->intercept[n] == f->at[n - 1]);
}

static form form_of(const pleats_pl *f)
{
    if (is_bent(f, 0, 1))
        return RELU;
    if (is_bent(f, -1, 1))
        return ABS;
    if (is_bent(f, f->slope[0], 1))
        return LEAKY;
    return is_clip(f) ? CLIP : SUM;
}

static pleats_status number(pleats_writer *w, double value, pleats_idx n_dims,
                            const char **out)
{
    return pleats_model_out_reals(&w->model, n_dims, (int64_t[]){1}, &value,
                                  out);
}

/* ---- functions of one scalar ---- */

/* Slopes [n], or one for all. */
static pleats_status prelu(pleats_writer *w, const char *x, pleats_idx n_dims,
                           const int64_t *dims, const double *slopes,
                           const char **out)
{
    const char *in[2] = {x, NULL};
    pleats_status status = PLEATS_OK;
    TRY(pleats_writer_constant(w, n_dims, dims, slopes, &in[1]));
    TRY(pleats_model_out_call(&w->model, "PRelu", 2, in, out));
done:
    return status;
}

static pleats_status leaky(pleats_writer *w, const char *x, double slope,
                           const char **out)
{
    pleats_status status = PLEATS_OK;
    Onnx__NodeProto *node = NULL;
    const int64_t one = 1;
    if ((float)slope != slope) /* the attribute is a float */
        return prelu(w, x, 1, &one, &slope, out);
    TRY(pleats_model_out_node(&w->model, "LeakyRelu", 1, &x, &node));
    TRY(pleats_model_out_float(&w->model, node, "alpha", (float)slope));
    *out = node->output[0];
done:
    return status;
}

static pleats_status clip(pleats_writer *w, const char *x, const pleats_pl *f,
                          const char **out)
{
    pleats_status status = PLEATS_OK;
    const char *in[3] = {x, "", NULL};
    size_t n = 2;
    if (f->slope[0] == 0)
        TRY(number(w, f->at[0], 0, &in[1]));
    if (f->slope[f->n_breaks] == 0) {
        TRY(number(w, f->at[f->n_breaks - 1], 0, &in[2]));
        n = 3;
    }
    TRY(pleats_model_out_call(&w->model, "Clip", n, in, out));
done:
    return status;
}

/* `*x` op value, unless that is neutral. */
static pleats_status apply(pleats_writer *w, const char *op, double value,
                           double neutral, const char **x)
{
    pleats_status status = PLEATS_OK;
    const char *in[2] = {*x, NULL};
    if (value == neutral)
        return PLEATS_OK;
    TRY(number(w, value, 1, &in[1]));
    TRY(pleats_model_out_call(&w->model, op, 2, in, x));
done:
    return status;
}

/* Whether the pieces of f meet exactly, so that the sum below is f. */
static bool is_sum(const pleats_writer *w, const pleats_pl *f)
{
    for (pleats_idx i = 0; i < f->n_breaks; i++) {
        double bend = f->slope[i + 1] - f->slope[i];
        double jump = f->intercept[i + 1] - f->intercept[i];
        if (bend + f->slope[i] != f->slope[i + 1] ||
            f->slope[i + 1] - bend != f->slope[i] ||
            jump + f->intercept[i] != f->intercept[i + 1] ||
            f->intercept[i + 1] - jump != f->intercept[i] ||
            fma(bend, f->at[i], jump) != 0 ||
            (!w->model.is_double && (float)bend != bend))
            return false;
    }
    return true;
}

/* slope_0 x + intercept_0 + sum_i (slope_i - slope_(i-1)) relu(x - at_(i-1)).
 * Each breakpoint is the hyperplane of one Relu, so that the regions, pieces
 * and maps stay the same; the units become several. */
static pleats_status sum(pleats_writer *w, const char *x, const pleats_pl *f,
                         const char **out)
{
    pleats_status status = PLEATS_OK;
    const char *both[2] = {x, NULL};
    if (!is_sum(w, f))
        return pleats_fail(w->ctx, PLEATS_INVALID,
                           "a unit's function of %d pieces cannot be written "
                           "as a sum of Relus without rounding",
                           f->n_breaks + 1);
    TRY(apply(w, "Mul", f->slope[0], 1, &both[0]));
    TRY(apply(w, "Add", f->intercept[0], 0, &both[0]));
    for (pleats_idx i = 0; i < f->n_breaks; i++) {
        both[1] = x;
        TRY(apply(w, "Sub", f->at[i], 0, &both[1]));
        TRY(pleats_model_out_call(&w->model, "Relu", 1, &both[1], &both[1]));
        TRY(apply(w, "Mul", f->slope[i + 1] - f->slope[i], 1, &both[1]));
        TRY(pleats_model_out_call(&w->model, "Add", 2, both, &both[0]));
    }
    *out = both[0];
done:
    return status;
}

static pleats_status function(pleats_writer *w, const char *x,
                              const pleats_pl *f, const char **out)
{
    switch (form_of(f)) {
    case RELU:
        return pleats_model_out_call(&w->model, "Relu", 1, &x, out);
    case LEAKY:
        return leaky(w, x, f->slope[0], out);
    case ABS:
        return pleats_model_out_call(&w->model, "Abs", 1, &x, out);
    case CLIP:
        return clip(w, x, f, out);
    case SUM:
        break;
    }
    return sum(w, x, f, out);
}

/* ---- steps ---- */

/* Units whose functions bend at 0 and have slope 1 above: one node for all. */
static bool has_only_slopes(const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_functions; i++)
        if (!is_bent(&s->function[i], s->function[i].slope[0], 1))
            return false;
    return true;
}

static pleats_status write_slopes(pleats_writer *w, const pleats_step *s,
                                  pleats_idx n_dims, const int64_t *dims)
{
    pleats_status status = PLEATS_OK;
    const char *x = NULL;
    double *slope = NULL;
    TRY(pleats_alloc(w->ctx, (size_t)s->n_out, sizeof *slope, &slope));
    for (pleats_idx i = 0; i < s->n_out; i++)
        slope[i] = pleats_step_function(s, i)->slope[0];
    TRY(pleats_writer_read(w, s->n_in, s->in, n_dims, dims, &x));
    TRY(prelu(w, x, n_dims, dims, slope, &x));
    TRY(pleats_writer_hold(w, x, n_dims, dims, s->n_out, s->out, NULL));
done:
    pleats_release(w->ctx, slope);
    return status;
}

/* The units of function k as one vector; `in` and `out` are room for n_out. */
static pleats_status write_group(pleats_writer *w, const pleats_step *s,
                                 pleats_idx k, pleats_idx *in, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    const char *x = NULL;
    int64_t n = 0;
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (s->which[i] == k) {
            in[n] = s->in[i];
            out[n++] = s->out + i;
        }
    if (n == 0)
        return PLEATS_OK;
    TRY(pleats_writer_read(w, (pleats_idx)n, in, 1, &n, &x));
    TRY(function(w, x, &s->function[k], &x));
    TRY(pleats_writer_hold(w, x, 1, &n, (pleats_idx)n, 0, out));
done:
    return status;
}

pleats_status pleats_write_pl(pleats_writer *w, const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    int64_t dims[PLEATS_WRITE_MAX_DIMS];
    pleats_idx n_dims = pleats_write_shape(s, dims);
    const char *x = NULL;
    pleats_idx *room = NULL;
    if (s->which && has_only_slopes(s))
        return write_slopes(w, s, n_dims, dims);
    if (!s->which) {
        TRY(pleats_writer_read(w, s->n_in, s->in, n_dims, dims, &x));
        TRY(function(w, x, &s->function[0], &x));
        TRY(pleats_writer_hold(w, x, n_dims, dims, s->n_out, s->out, NULL));
        goto done;
    }
    TRY(pleats_alloc(w->ctx, 2 * (size_t)s->n_out, sizeof *room, &room));
    for (pleats_idx k = 0; k < s->n_functions; k++)
        TRY(write_group(w, s, k, room, room + s->n_out));
done:
    pleats_release(w->ctx, room);
    return status;
}

/* The extremum over the last axis of the candidates of n units. */
static pleats_status reduce(pleats_writer *w, bool is_min, pleats_idx n,
                            const pleats_idx *in, pleats_idx n_dims,
                            const int64_t *dims, int64_t width,
                            const char **out)
{
    pleats_status status = PLEATS_OK;
    int64_t wide[PLEATS_WRITE_MAX_DIMS + 1];
    const int64_t axis = -1;
    const char *x = NULL;
    Onnx__NodeProto *node = NULL;
    memcpy(wide, dims, (size_t)n_dims * sizeof *dims);
    wide[n_dims] = width;
    TRY(pleats_writer_read(w, n, in, n_dims + 1, wide, &x));
    TRY(pleats_model_out_node(&w->model, is_min ? "ReduceMin" : "ReduceMax", 1,
                              &x, &node));
    TRY(pleats_model_out_ints(&w->model, node, "axes", 1, &axis));
    TRY(pleats_model_out_int(&w->model, node, "keepdims", 0));
    *out = node->output[0];
done:
    return status;
}

/* The units of `width` candidates as one vector; `in` and `out` are room for
 * n_in and n_out. */
static pleats_status write_width(pleats_writer *w, const pleats_step *s,
                                 pleats_idx width, pleats_idx *in,
                                 pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    const char *x = NULL;
    int64_t n = 0;
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (s->start[i + 1] - s->start[i] == width) {
            memcpy(in + n * width, s->in + s->start[i],
                   (size_t)width * sizeof *in);
            out[n++] = s->out + i;
        }
    if (n == 0)
        return PLEATS_OK;
    TRY(reduce(w, s->is_min, (pleats_idx)n * width, in, 1, &n, width, &x));
    TRY(pleats_writer_hold(w, x, 1, &n, (pleats_idx)n, 0, out));
done:
    return status;
}

/* The least number of candidates above `width`, 0 when there is none. */
static pleats_idx next_width(const pleats_step *s, pleats_idx width)
{
    pleats_idx next = 0;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_idx own = s->start[i + 1] - s->start[i];
        if (own > width && (next == 0 || own < next))
            next = own;
    }
    return next;
}

static pleats_status write_widths(pleats_writer *w, const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *in = NULL, *out = NULL, width = 0;
    TRY(pleats_alloc(w->ctx, (size_t)s->n_in, sizeof *in, &in));
    TRY(pleats_alloc(w->ctx, (size_t)s->n_out, sizeof *out, &out));
    while ((width = next_width(s, width)) > 0)
        TRY(write_width(w, s, width, in, out));
done:
    pleats_release(w->ctx, in);
    pleats_release(w->ctx, out);
    return status;
}

pleats_status pleats_write_max(pleats_writer *w, const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    int64_t dims[PLEATS_WRITE_MAX_DIMS];
    pleats_idx n_dims = pleats_write_shape(s, dims);
    pleats_idx width = next_width(s, 0);
    const char *x = NULL;
    Onnx__NodeProto *node = NULL;
    pleats_pool pool;
    if (!s->is_min && pleats_pool_find(w, s, &pool))
        return pleats_pool_write(w, s, &pool, "MaxPool", &node);
    if (next_width(s, width) > 0)
        return write_widths(w, s);
    TRY(reduce(w, s->is_min, s->n_in, s->in, n_dims, dims, width, &x));
    TRY(pleats_writer_hold(w, x, n_dims, dims, s->n_out, s->out, NULL));
done:
    return status;
}
