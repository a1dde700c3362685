/* Affine steps as nodes. */
#include "onnx_write/write_pool.h"

#include <string.h>

pleats_status pleats_write_dense(pleats_writer *w, const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    const int64_t n_in = s->n_in, n_out = s->n_out, dims[2] = {n_out, n_in};
    const char *in[3] = {0};
    Onnx__NodeProto *node = NULL;
    TRY(pleats_writer_read(w, s->n_in, s->in, 1, &n_in, &in[0]));
    TRY(pleats_model_out_reals(&w->model, 2, dims, s->weight, &in[1]));
    if (s->bias)
        TRY(pleats_model_out_reals(&w->model, 1, &n_out, s->bias, &in[2]));
    TRY(pleats_model_out_node(&w->model, "Gemm", s->bias ? 3 : 2, in, &node));
    TRY(pleats_model_out_int(&w->model, node, "transB", 1));
    TRY(pleats_writer_hold(w, node->output[0], 1, &n_out, s->n_out, s->out,
                           NULL));
done:
    return status;
}

/* ---- convolutions ---- */

/* A convolution with at least one axis, its input apart from the padding. */
typedef struct {
    pleats_idx n_spatial;
    pleats_idx n; /* of `in` */
    pleats_idx *in;
    int64_t channels;
    int64_t kernel[PLEATS_MAX_SPATIAL], stride[PLEATS_MAX_SPATIAL];
    int64_t dilation[PLEATS_MAX_SPATIAL], size[PLEATS_MAX_SPATIAL];
    int64_t pads[2 * PLEATS_MAX_SPATIAL]; /* all below, then all above */
} plan;

static void plan_shape(const pleats_step *s, plan *p)
{
    const pleats_conv_shape *c = &s->conv;
    *p = (plan){.n_spatial = c->n_spatial > 0 ? c->n_spatial : 1,
                .channels = (int64_t)c->groups * c->in_channels,
                .kernel = {1, 1, 1},
                .stride = {1, 1, 1},
                .dilation = {1, 1, 1},
                .size = {1, 1, 1}};
    for (pleats_idx d = 0; d < c->n_spatial; d++) {
        p->kernel[d] = c->kernel[d];
        p->stride[d] = c->stride[d];
        p->dilation[d] = c->dilation[d];
        p->size[d] = c->in_size[d];
    }
}

/* Number of entry i of the padded input as coordinates; returns the channel. */
static int64_t coordinates(const plan *p, int64_t i, int64_t *x)
{
    for (pleats_idx d = p->n_spatial; d-- > 0;) {
        x[d] = i % p->size[d];
        i /= p->size[d];
    }
    return i;
}

/* Copies the box of entries that are not padding to p->in, when there is none
 * inside of it; else everything, with no pads. */
static pleats_status strip_padding(pleats_ctx *ctx, const pleats_step *s,
                                   plan *p)
{
    pleats_status status = PLEATS_OK;
    int64_t x[PLEATS_MAX_SPATIAL] = {0}, lo[PLEATS_MAX_SPATIAL] = {0};
    int64_t hi[PLEATS_MAX_SPATIAL] = {0};
    bool is_box = true;
    TRY(pleats_alloc(ctx, (size_t)s->n_in, sizeof *p->in, &p->in));
    for (pleats_idx d = 0; d < p->n_spatial; d++)
        lo[d] = p->size[d];
    for (pleats_idx i = 0; i < s->n_in; i++) {
        coordinates(p, i, x);
        for (pleats_idx d = 0; s->in[i] >= 0 && d < p->n_spatial; d++) {
            lo[d] = x[d] < lo[d] ? x[d] : lo[d];
            hi[d] = x[d] >= hi[d] ? x[d] + 1 : hi[d];
        }
    }
    for (pleats_idx i = 0; i < s->n_in; i++) {
        bool inside = true;
        coordinates(p, i, x);
        for (pleats_idx d = 0; d < p->n_spatial; d++)
            inside = inside && x[d] >= lo[d] && x[d] < hi[d];
        if (inside)
            p->in[p->n++] = s->in[i];
        is_box = is_box && (!inside || s->in[i] >= 0);
    }
    if (!is_box || p->n == 0) {
        p->n = s->n_in;
        memcpy(p->in, s->in, (size_t)p->n * sizeof *p->in);
        goto done;
    }
    for (pleats_idx d = 0; d < p->n_spatial; d++) {
        p->pads[d] = lo[d];
        p->pads[p->n_spatial + d] = p->size[d] - hi[d];
    }
done:
    return status;
}

static pleats_status conv_node(pleats_writer *w, const pleats_step *s,
                               const plan *p, Onnx__NodeProto **node)
{
    pleats_status status = PLEATS_OK;
    pleats_model_out *m = &w->model;
    const pleats_idx n = p->n_spatial;
    const int64_t filters = (int64_t)s->conv.groups * s->conv.out_channels;
    int64_t dims[1 + PLEATS_MAX_SPATIAL] = {p->channels};
    int64_t shape[2 + PLEATS_MAX_SPATIAL] = {filters, s->conv.in_channels};
    const char *in[3] = {0};
    for (pleats_idx d = 0; d < n; d++) {
        dims[1 + d] = p->size[d] - p->pads[d] - p->pads[n + d];
        shape[2 + d] = p->kernel[d];
    }
    TRY(pleats_writer_read(w, p->n, p->in, 1 + n, dims, &in[0]));
    TRY(pleats_model_out_reals(m, 2 + n, shape, s->weight, &in[1]));
    if (s->bias)
        TRY(pleats_model_out_reals(m, 1, &filters, s->bias, &in[2]));
    TRY(pleats_model_out_node(m, "Conv", s->bias ? 3 : 2, in, node));
    TRY(pleats_model_out_ints(m, *node, "kernel_shape", (size_t)n, p->kernel));
    TRY(pleats_model_out_ints(m, *node, "strides", (size_t)n, p->stride));
    TRY(pleats_model_out_ints(m, *node, "dilations", (size_t)n, p->dilation));
    TRY(pleats_model_out_ints(m, *node, "pads", 2 * (size_t)n, p->pads));
    TRY(pleats_model_out_int(m, *node, "group", s->conv.groups));
done:
    return status;
}

pleats_status pleats_write_conv(pleats_writer *w, const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    Onnx__NodeProto *node = NULL;
    plan p = {0};
    int64_t dims[1 + PLEATS_MAX_SPATIAL] = {0};
    plan_shape(s, &p);
    TRY(strip_padding(w->ctx, s, &p));
    TRY(conv_node(w, s, &p, &node));
    dims[0] = (int64_t)s->conv.groups * s->conv.out_channels;
    for (pleats_idx d = 0; d < p.n_spatial; d++)
        dims[1 + d] =
            (p.size[d] - 1 - (p.kernel[d] - 1) * p.dilation[d]) / p.stride[d] +
            1;
    TRY(pleats_writer_hold(w, node->output[0], 1 + p.n_spatial, dims, s->n_out,
                           s->out, NULL));
done:
    pleats_release(w->ctx, p.in);
    return status;
}

/* ---- rows ---- */

/* Whether all n numbers (0 of NULL) are `value`. */
static bool are_all(const double *numbers, size_t n, double value)
{
    if (!numbers)
        return value == 0;
    for (size_t i = 0; i < n; i++)
        if (numbers[i] != value)
            return false;
    return true;
}

/* `*x` becomes the result of `op` with the constant; nothing when the numbers
 * are all `neutral` or missing. */
static pleats_status apply(pleats_writer *w, const char *op, double neutral,
                           pleats_idx n_dims, const int64_t *dims, size_t n,
                           const double *numbers, const char **x)
{
    pleats_status status = PLEATS_OK;
    const char *in[2] = {*x, NULL};
    if (!numbers || are_all(numbers, n, neutral))
        return PLEATS_OK;
    TRY(pleats_writer_constant(w, n_dims, dims, numbers, &in[1]));
    TRY(pleats_model_out_call(&w->model, op, 2, in, x));
done:
    return status;
}

/* A mean over windows: all weights 1, no bias, and divisors that count the
 * entries (with_pads 0) or the whole windows (1). */
static bool is_mean(const pleats_step *s, const pleats_pool *p, int *with_pads)
{
    double volume = 1;
    bool of_entries = true;
    for (pleats_idx d = 0; d < p->n_spatial; d++)
        volume *= (double)p->window.kernel[d];
    for (pleats_idx i = 0; s->divisor && i < s->n_out; i++)
        of_entries = of_entries &&
                     s->divisor[i] == (double)(s->start[i + 1] - s->start[i]);
    *with_pads = !of_entries;
    return s->divisor && are_all(s->weight, (size_t)s->n_in, 1) &&
           are_all(s->bias, (size_t)s->n_out, 0) &&
           (of_entries || are_all(s->divisor, (size_t)s->n_out, volume));
}

/* Terms [n_out x width], row by row: missing ones have weight 0. */
typedef struct {
    pleats_idx width;
    pleats_idx *in;
    double *weight;
} table;

static pleats_status fill_table(pleats_ctx *ctx, const pleats_step *s, table *t)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)s->n_out, at = 0;
    t->width = 1;
    for (size_t i = 0; i < n; i++)
        if (s->start[i + 1] - s->start[i] > t->width)
            t->width = s->start[i + 1] - s->start[i];
    if ((size_t)t->width > INT32_MAX / (n + 1))
        TRY(pleats_fail(ctx, PLEATS_LIMIT,
                        "a step is too large to be written"));
    TRY(pleats_alloc(ctx, n * (size_t)t->width, sizeof *t->in, &t->in));
    TRY(pleats_alloc(ctx, n * (size_t)t->width, sizeof *t->weight, &t->weight));
    for (size_t i = 0; i < n; i++, at += (size_t)t->width)
        for (pleats_idx j = s->start[i]; j < s->start[i + 1]; j++) {
            t->in[at + (size_t)(j - s->start[i])] = s->in[j];
            t->weight[at + (size_t)(j - s->start[i])] = s->weight[j];
        }
done:
    return status;
}

static void take_column(const pleats_step *s, const table *t, pleats_idx j,
                        pleats_idx *in, double *weight)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        in[i] = t->in[(size_t)i * (size_t)t->width + (size_t)j];
        weight[i] = t->weight[(size_t)i * (size_t)t->width + (size_t)j];
    }
}

/* The sum of two tensors, or one, times constants; NULL when a column is no
 * tensor as it stands. */
static pleats_status sum_columns(pleats_writer *w, const pleats_step *s,
                                 const table *t, pleats_idx n_dims,
                                 const int64_t *dims, const char **out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *in = NULL;
    double *weight = NULL;
    const char *x[2] = {0};
    size_t n = (size_t)s->n_out;
    TRY(pleats_alloc(w->ctx, n, sizeof *in, &in));
    TRY(pleats_alloc(w->ctx, n, sizeof *weight, &weight));
    for (pleats_idx j = 0; j < t->width; j++) {
        take_column(s, t, j, in, weight);
        if (!pleats_writer_find(w, s->n_out, in))
            goto done;
    }
    for (pleats_idx j = 0; j < t->width; j++) {
        take_column(s, t, j, in, weight);
        TRY(pleats_writer_read(w, s->n_out, in, n_dims, dims, &x[j]));
        TRY(apply(w, "Mul", 1, n_dims, dims, n, weight, &x[j]));
    }
    *out = x[0];
    if (t->width == 2)
        TRY(pleats_model_out_call(&w->model, "Add", 2, x, out));
done:
    pleats_release(w->ctx, in);
    pleats_release(w->ctx, weight);
    return status;
}

/* Gathers the whole table and adds its rows up. */
static pleats_status sum_rows(pleats_writer *w, const pleats_step *s,
                              const table *t, pleats_idx n_dims,
                              const int64_t *dims, const char **out)
{
    pleats_status status = PLEATS_OK;
    const int64_t axis = -1, one = 1;
    const size_t n = (size_t)s->n_out * (size_t)t->width;
    int64_t wide[PLEATS_WRITE_MAX_DIMS + 1];
    const char *in[2] = {0};
    Onnx__NodeProto *node = NULL;
    memcpy(wide, dims, (size_t)n_dims * sizeof *dims);
    wide[n_dims] = t->width;
    TRY(pleats_writer_read(w, (pleats_idx)n, t->in, n_dims + 1, wide, &in[0]));
    TRY(apply(w, "Mul", 1, n_dims + 1, wide, n, t->weight, &in[0]));
    TRY(pleats_model_out_indices(&w->model, 1, &one, &axis, &in[1]));
    TRY(pleats_model_out_node(&w->model, "ReduceSum", 2, in, &node));
    TRY(pleats_model_out_int(&w->model, node, "keepdims", 0));
    *out = node->output[0];
done:
    return status;
}

/* A BatchNormalization of variance 1 and mean 0 whose scale and shift are the
 * step's, when that is one again: *x stays NULL else. */
static pleats_status write_norm(pleats_writer *w, const pleats_step *s,
                                pleats_idx n_dims, const int64_t *dims,
                                const char **x)
{
    pleats_status status = PLEATS_OK;
    const size_t channels = (size_t)dims[0],
                 plane = (size_t)s->n_out / channels;
    double *p[4] = {0}; /* scale, shift, mean, variance */
    const char *in[5] = {0};
    Onnx__NodeProto *node = NULL;
    if (!s->op || strcmp(s->op, "BatchNormalization") != 0 || !s->bias ||
        s->divisor || s->n_in != s->n_out ||
        !pleats_writer_find(w, s->n_in, s->in))
        return PLEATS_OK;
    for (size_t i = 0; i < (size_t)s->n_out; i++)
        if (s->start[i] != (pleats_idx)i ||
            s->weight[i] != s->weight[i / plane * plane] ||
            s->bias[i] != s->bias[i / plane * plane])
            return PLEATS_OK;
    for (int k = 0; k < 4; k++)
        TRY(pleats_alloc(w->ctx, channels, sizeof *p[k], &p[k]));
    for (size_t c = 0; c < channels; c++) {
        p[0][c] = s->weight[c * plane];
        p[1][c] = s->bias[c * plane];
        p[3][c] = 1;
    }
    TRY(pleats_writer_read(w, s->n_in, s->in, n_dims, dims, &in[0]));
    for (int k = 0; k < 4; k++)
        TRY(pleats_model_out_reals(&w->model, 1, dims, p[k], &in[1 + k]));
    TRY(pleats_model_out_node(&w->model, "BatchNormalization", 5, in, &node));
    TRY(pleats_model_out_float(&w->model, node, "epsilon", 0));
    *x = node->output[0];
done:
    for (int k = 0; k < 4; k++)
        pleats_release(w->ctx, p[k]);
    return status;
}

/* The rows as products with constants and sums. */
static pleats_status write_rows(pleats_writer *w, const pleats_step *s,
                                pleats_idx n_dims, const int64_t *dims,
                                const char **x)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)s->n_out;
    table t = {0};
    TRY(fill_table(w->ctx, s, &t));
    if (t.width <= 2)
        TRY(sum_columns(w, s, &t, n_dims, dims, x));
    if (!*x)
        TRY(sum_rows(w, s, &t, n_dims, dims, x));
    TRY(apply(w, "Add", 0, n_dims, dims, n, s->bias, x));
    TRY(apply(w, "Div", 1, n_dims, dims, n, s->divisor, x));
done:
    pleats_release(w->ctx, t.in);
    pleats_release(w->ctx, t.weight);
    return status;
}

pleats_status pleats_write_sparse(pleats_writer *w, const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    Onnx__NodeProto *node = NULL;
    pleats_pool pool;
    const char *x = NULL;
    int64_t dims[PLEATS_WRITE_MAX_DIMS];
    pleats_idx n_dims = pleats_write_shape(s, dims);
    int with_pads = 0;
    if (pleats_pool_find(w, s, &pool) && is_mean(s, &pool, &with_pads)) {
        TRY(pleats_pool_write(w, s, &pool, "AveragePool", &node));
        TRY(pleats_model_out_int(&w->model, node, "count_include_pad",
                                 with_pads));
        goto done;
    }
    TRY(write_norm(w, s, n_dims, dims, &x));
    if (!x)
        TRY(write_rows(w, s, n_dims, dims, &x));
    TRY(pleats_writer_hold(w, x, n_dims, dims, s->n_out, s->out, NULL));
done:
    return status;
}
