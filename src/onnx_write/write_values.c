/* Which tensor of the model under construction holds which scalar. */
#include "onnx_write/write_values.h"

#include <string.h>

void pleats_writer_clear(pleats_writer *w)
{
    if (!w->ctx)
        return;
    pleats_model_out_clear(&w->model);
    pleats_release(w->ctx, w->value);
    pleats_release(w->ctx, w->home);
    pleats_release(w->ctx, w->offset);
    pleats_release(w->ctx, w->base);
}

pleats_status pleats_writer_hold(pleats_writer *w, const char *name,
                                 pleats_idx n_dims, const int64_t *dims,
                                 pleats_idx n, pleats_idx first,
                                 const pleats_idx *scalars)
{
    pleats_status status = PLEATS_OK;
    int64_t *own = NULL;
    TRY(pleats_grow(w->ctx, &w->value, &w->value_capacity,
                    (size_t)w->n_values + 1, sizeof *w->value));
    TRY(pleats_model_out_own(&w->model, (size_t)n_dims, sizeof *own, &own));
    memcpy(own, dims, (size_t)n_dims * sizeof *own);
    w->value[w->n_values] = (pleats_value){
        name, n_dims == 1 ? name : NULL, n, n_dims, own, scalars ? -1 : first};
    for (pleats_idx i = 0; i < n; i++) {
        pleats_idx scalar = scalars ? scalars[i] : first + i;
        w->home[scalar] = w->n_values;
        w->offset[scalar] = i;
    }
    w->n_values++;
done:
    return status;
}

/* dims [n_dims] when they are the shape of n numbers. */
static bool is_shape(pleats_idx n, pleats_idx n_dims, const int64_t *dims)
{
    int64_t product = 1;
    for (pleats_idx d = 0; d < n_dims; d++) {
        if (dims[d] < 1 || dims[d] > n / product)
            return false;
        product *= dims[d];
    }
    return n_dims > 0 && product == n;
}

pleats_idx pleats_write_shape(const pleats_step *s,
                              int64_t dims[PLEATS_WRITE_MAX_DIMS])
{
    if (s->n_dims > PLEATS_WRITE_MAX_DIMS ||
        !is_shape(s->n_out, s->n_dims, s->dims)) {
        dims[0] = s->n_out;
        return 1;
    }
    memcpy(dims, s->dims, (size_t)s->n_dims * sizeof *dims);
    return s->n_dims;
}

pleats_status pleats_writer_new(pleats_ctx *ctx, const pleats_net *net,
                                pleats_writer *w)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)net->n_scalars;
    const int64_t vector[1] = {net->n_inputs};
    bool has_shape =
        is_shape(net->n_inputs, net->n_input_dims, net->input_dims);
    *w = (pleats_writer){.ctx = ctx, .net = net, .model.ctx = ctx};
    TRY(pleats_alloc(ctx, n, sizeof *w->home, &w->home));
    TRY(pleats_alloc(ctx, n, sizeof *w->offset, &w->offset));
    TRY(pleats_alloc(ctx, n, sizeof *w->base, &w->base));
    for (size_t i = 0; i < n; i++)
        w->home[i] = w->base[i] = -1;
    TRY(pleats_writer_hold(w, "input", has_shape ? net->n_input_dims : 1,
                           has_shape ? net->input_dims : vector, net->n_inputs,
                           0, NULL));
done:
    return status;
}

pleats_value *pleats_writer_find(pleats_writer *w, pleats_idx n,
                                 const pleats_idx *in)
{
    pleats_idx home = n > 0 && in[0] >= 0 ? w->home[in[0]] : -1;
    if (home < 0 || w->value[home].n != n)
        return NULL;
    for (pleats_idx i = 0; i < n; i++)
        if (in[i] < 0 || w->home[in[i]] != home || w->offset[in[i]] != i)
            return NULL;
    return &w->value[home];
}

static bool has_dims(const pleats_value *v, pleats_idx n_dims,
                     const int64_t *dims)
{
    return v->n_dims == n_dims &&
           memcmp(v->dims, dims, (size_t)n_dims * sizeof *dims) == 0;
}

static pleats_status flatten(pleats_writer *w, pleats_value *v)
{
    pleats_status status = PLEATS_OK;
    Onnx__NodeProto *node = NULL;
    if (v->flat)
        return PLEATS_OK;
    TRY(pleats_model_out_node(&w->model, "Flatten", 1, &v->name, &node));
    TRY(pleats_model_out_int(&w->model, node, "axis", 1));
    v->flat = node->output[0];
done:
    return status;
}

static pleats_status reshape(pleats_writer *w, pleats_value *v,
                             pleats_idx n_dims, const int64_t *dims,
                             const char **out)
{
    pleats_status status = PLEATS_OK;
    int64_t target[PLEATS_WRITE_MAX_DIMS + 2] = {0}; /* 0 keeps the batch */
    const int64_t length = n_dims + 1;
    const char *in[2] = {v->name, NULL};
    if (n_dims == 1) {
        TRY(flatten(w, v));
        *out = v->flat;
        goto done;
    }
    memcpy(target + 1, dims, (size_t)n_dims * sizeof *dims);
    TRY(pleats_model_out_indices(&w->model, 1, &length, target, &in[1]));
    TRY(pleats_model_out_call(&w->model, "Reshape", 2, in, out));
done:
    return status;
}

/* Numbers in[0 .. n-1] as places in the concatenation of the values that hold
 * them, which are listed in `used`.  -1 becomes the place after all. */
static pleats_status find_places(pleats_writer *w, pleats_idx n,
                                 const pleats_idx *in, int64_t *place,
                                 const char **used, size_t *n_used,
                                 bool *has_zero)
{
    pleats_status status = PLEATS_OK;
    int64_t total = 0;
    for (pleats_idx i = 0; i < n; i++) {
        if (in[i] < 0)
            continue;
        pleats_value *v = &w->value[w->home[in[i]]];
        pleats_idx *base = &w->base[w->home[in[i]]];
        if (*base < 0) {
            TRY(flatten(w, v));
            used[(*n_used)++] = v->flat;
            *base = (pleats_idx)total;
            total += v->n;
        }
        place[i] = *base + w->offset[in[i]];
    }
    for (pleats_idx i = 0; i < n; i++)
        if (in[i] < 0) {
            place[i] = total;
            *has_zero = true;
        }
done:
    for (pleats_idx i = 0; i < n; i++)
        if (in[i] >= 0)
            w->base[w->home[in[i]]] = -1;
    return status;
}

/* One vector of the vectors `used`, with a 0 behind it when `has_zero`. */
static pleats_status join(pleats_writer *w, size_t n_used,
                          const char *const *used, bool has_zero,
                          const char **out)
{
    pleats_status status = PLEATS_OK;
    Onnx__NodeProto *node = NULL;
    const int64_t length = 4, pads[4] = {0, 0, 0, 1};
    const char *in[2] = {used[0], NULL};
    if (n_used > 1) {
        TRY(pleats_model_out_node(&w->model, "Concat", n_used, used, &node));
        TRY(pleats_model_out_int(&w->model, node, "axis", 1));
        in[0] = node->output[0];
    }
    *out = in[0];
    if (has_zero) {
        TRY(pleats_model_out_indices(&w->model, 1, &length, pads, &in[1]));
        TRY(pleats_model_out_call(&w->model, "Pad", 2, in, out));
    }
done:
    return status;
}

static pleats_status gather(pleats_writer *w, pleats_idx n,
                            const pleats_idx *in, pleats_idx n_dims,
                            const int64_t *dims, const char **out)
{
    pleats_status status = PLEATS_OK;
    Onnx__NodeProto *node = NULL;
    int64_t *place = NULL;
    const char **used = NULL, *both[2] = {0};
    size_t n_used = 0;
    bool has_zero = false;
    TRY(pleats_alloc(w->ctx, (size_t)n, sizeof *place, &place));
    TRY(pleats_alloc(w->ctx, (size_t)w->n_values, sizeof(char *), &used));
    TRY(find_places(w, n, in, place, used, &n_used, &has_zero));
    if (n_used == 0) {
        TRY(find_places(w, 1, (pleats_idx[]){0}, (int64_t[]){0}, used, &n_used,
                        &has_zero));
        for (pleats_idx i = 0; i < n; i++)
            place[i] = w->value[0].n;
    }
    TRY(join(w, n_used, used, has_zero, &both[0]));
    TRY(pleats_model_out_indices(&w->model, n_dims, dims, place, &both[1]));
    TRY(pleats_model_out_node(&w->model, "Gather", 2, both, &node));
    TRY(pleats_model_out_int(&w->model, node, "axis", 1));
    *out = node->output[0];
done:
    pleats_release(w->ctx, place);
    pleats_release(w->ctx, used);
    return status;
}

pleats_status pleats_writer_read(pleats_writer *w, pleats_idx n,
                                 const pleats_idx *in, pleats_idx n_dims,
                                 const int64_t *dims, const char **out)
{
    pleats_value *v = pleats_writer_find(w, n, in);
    if (!v)
        return gather(w, n, in, n_dims, dims, out);
    if (!has_dims(v, n_dims, dims))
        return reshape(w, v, n_dims, dims, out);
    *out = v->name;
    return PLEATS_OK;
}

/* Whether values [n] repeat each of their blocks' first number. */
static bool is_constant(size_t n, size_t block, const double *values)
{
    for (size_t i = 0; i < n; i++)
        if (values[i] != values[i / block * block])
            return false;
    return true;
}

pleats_status pleats_writer_constant(pleats_writer *w, pleats_idx n_dims,
                                     const int64_t *dims, const double *values,
                                     const char **out)
{
    pleats_status status = PLEATS_OK;
    int64_t small[PLEATS_WRITE_MAX_DIMS + 1];
    size_t n = 1, block = 0;
    double *first = NULL;
    for (pleats_idx d = 0; d < n_dims; d++) {
        n *= (size_t)dims[d];
        small[d] = d > 0 ? 1 : dims[0];
    }
    block = n / (size_t)dims[0];
    if (is_constant(n, n, values))
        return pleats_model_out_reals(&w->model, 1, (int64_t[]){1}, values,
                                      out);
    if (!is_constant(n, block, values))
        return pleats_model_out_reals(&w->model, n_dims, dims, values, out);
    TRY(pleats_alloc(w->ctx, (size_t)dims[0], sizeof *first, &first));
    for (int64_t i = 0; i < dims[0]; i++)
        first[i] = values[(size_t)i * block];
    TRY(pleats_model_out_reals(&w->model, n_dims, small, first, out));
done:
    pleats_release(w->ctx, first);
    return status;
}
