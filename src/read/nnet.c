#include "read/nnet.h"

#include "base/file.h"
#include "exact/rational.h"
#include "spec/activation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_UNITS = 1 << 24, MOST_LAYERS = 1 << 16, NAME_BYTES = 32 };

/* Where the reader stands. */
typedef struct {
    pleats_ctx *ctx;
    const char *at, *end;
    int line;
    int64_t n_rounded;
    pleats_net *net;
    pleats_idx n_layers, *size; /* [n_layers + 1] */
} reader;

static bool is_between(char c)
{
    return c == ' ' || c == ',' || c == '\t' || c == '\r' || c == '\n';
}

/* Skips what is between numbers, and comments at the start of a line. */
static void skip(reader *r, bool comments)
{
    for (; r->at < r->end; r->at++) {
        if (*r->at == '\n')
            r->line++;
        if (is_between(*r->at))
            continue;
        if (!comments || r->end - r->at < 2 || memcmp(r->at, "//", 2) != 0)
            return;
        while (r->at + 1 < r->end && r->at[1] != '\n')
            r->at++;
    }
}

static pleats_status next(reader *r, const char **text, size_t *length)
{
    skip(r, false);
    *text = r->at;
    while (r->at < r->end && !is_between(*r->at))
        r->at++;
    *length = (size_t)(r->at - *text);
    return *length > 0
               ? PLEATS_OK
               : pleats_fail(r->ctx, PLEATS_INVALID,
                             "the file ends before all numbers are there that "
                             "its sizes ask for");
}

static pleats_status read_whole(reader *r, const char *what, pleats_idx least,
                                pleats_idx most, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    const char *text = NULL;
    size_t length = 0;
    int64_t value = 0;
    TRY(next(r, &text, &length));
    for (size_t i = 0; i < length && value <= most; i++)
        value = text[i] >= '0' && text[i] <= '9' ? 10 * value + (text[i] - '0')
                                                 : (int64_t)most + 1;
    if (value < least || value > most)
        TRY(pleats_fail(r->ctx, PLEATS_INVALID,
                        "%s must be a whole number from %d to %d", what, least,
                        most));
    *out = (pleats_idx)value;
done:
    return status;
}

/* Reads n numbers to out [n]; to nowhere when it is NULL. */
static pleats_status read_numbers(reader *r, size_t n, double *out)
{
    pleats_status status = PLEATS_OK;
    const char *text = NULL;
    size_t length = 0;
    mpq_t value, kept;
    mpq_init(value);
    mpq_init(kept);
    for (size_t i = 0; i < n; i++) {
        TRY(next(r, &text, &length));
        TRY(pleats_rational_parse(r->ctx, text, length, value));
        double number = pleats_rational_to_double(value);
        TRY(pleats_rational_set_double(r->ctx, number, kept));
        if (!out)
            continue;
        out[i] = number;
        r->n_rounded += mpq_equal(value, kept) == 0;
    }
    if (n > 0)
        TRY(pleats_check_stop(r->ctx));
done:
    mpq_clear(value);
    mpq_clear(kept);
    return status;
}

/* All sizes, which the bytes that remain must be enough for: a number has at
 * least one and a separator. */
static pleats_status read_sizes(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_in = 0, n_out = 0, largest = 0;
    int64_t numbers = 0, layer = 0;
    skip(r, true);
    TRY(read_whole(r, "the number of layers", 1, MOST_LAYERS, &r->n_layers));
    TRY(read_whole(r, "the number of inputs", 1, MOST_UNITS, &n_in));
    TRY(read_whole(r, "the number of outputs", 1, MOST_UNITS, &n_out));
    TRY(read_whole(r, "the size of the largest layer", 0, MOST_UNITS,
                   &largest));
    TRY(pleats_alloc(r->ctx, (size_t)r->n_layers + 1, sizeof *r->size,
                     &r->size));
    for (pleats_idx i = 0; i <= r->n_layers; i++) {
        TRY(read_whole(r, "the size of a layer", 1, MOST_UNITS, &r->size[i]));
        if (i > 0)
            layer = (int64_t)r->size[i] * ((int64_t)r->size[i - 1] + 1);
        if (layer > INT32_MAX || (numbers += layer) > (r->end - r->at + 1) / 2)
            TRY(pleats_fail(r->ctx, PLEATS_INVALID,
                            "the sizes of the layers ask for more numbers than "
                            "the file can hold"));
    }
    if (r->size[0] != n_in || r->size[r->n_layers] != n_out)
        TRY(pleats_fail(r->ctx, PLEATS_INVALID,
                        "the sizes begin and end by %d and %d, but there are "
                        "%d inputs and %d outputs",
                        r->size[0], r->size[r->n_layers], n_in, n_out));
done:
    return status;
}

static pleats_status add_layer(reader *r, pleats_idx i, pleats_idx *at)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_in = r->size[i], n_out = r->size[i + 1], *in = NULL;
    double *weight = NULL, *bias = NULL;
    pleats_pl relu = {0};
    char name[NAME_BYTES];
    const int64_t dims[] = {n_out};
    size_t n = (size_t)n_in > (size_t)n_out ? (size_t)n_in : (size_t)n_out;
    snprintf(name, sizeof name, "layer%d", i + 1);
    pleats_step_label label = {name, "Gemm", 1, dims,
                               ((int64_t)n_in + 1) * n_out};
    TRY(pleats_alloc(r->ctx, n, sizeof *in, &in));
    TRY(pleats_alloc(r->ctx, (size_t)n_in * (size_t)n_out, sizeof *weight,
                     &weight));
    TRY(pleats_alloc(r->ctx, (size_t)n_out, sizeof *bias, &bias));
    TRY(read_numbers(r, (size_t)n_in * (size_t)n_out, weight));
    TRY(read_numbers(r, (size_t)n_out, bias));
    for (pleats_idx j = 0; j < n_in; j++)
        in[j] = *at + j;
    TRY(pleats_net_add_dense(r->ctx, r->net, &label, n_out, n_in, in, weight,
                             bias, at));
    if (i + 1 == r->n_layers)
        goto done;
    for (pleats_idx j = 0; j < n_out; j++)
        in[j] = *at + j;
    label.op = "Relu";
    label.n_parameters = 0;
    TRY(pleats_activation_new(r->ctx, PLEATS_ACT_RELU, 2, &relu));
    TRY(pleats_net_add_pl(r->ctx, r->net, &label, n_out, in, 1, &relu, NULL,
                          at));
done:
    pleats_activation_clear(r->ctx, &relu);
    pleats_release(r->ctx, in);
    pleats_release(r->ctx, weight);
    pleats_release(r->ctx, bias);
    return status;
}

/* The shapes of inputs and outputs, and which scalars the outputs are. */
static pleats_status end(reader *r, pleats_idx at)
{
    pleats_status status = PLEATS_OK;
    pleats_net *net = r->net;
    pleats_idx n = r->size[r->n_layers], *output = NULL;
    TRY(pleats_alloc(r->ctx, (size_t)n, sizeof *output, &output));
    for (pleats_idx i = 0; i < n; i++)
        output[i] = at + i;
    TRY(pleats_net_set_outputs(r->ctx, net, n, output));
    TRY(pleats_strdup(r->ctx, "input", &net->input_name));
    TRY(pleats_alloc(r->ctx, 1, sizeof *net->input_dims, &net->input_dims));
    TRY(pleats_alloc(r->ctx, 1, sizeof *net->output_dims, &net->output_dims));
    net->input_dims[0] = r->size[0];
    net->output_dims[0] = n;
    net->n_input_dims = net->n_output_dims = 1;
    net->n_rounded = r->n_rounded;
    skip(r, false);
    if (r->at < r->end)
        TRY(pleats_fail(r->ctx, PLEATS_INVALID,
                        "there are more numbers than the sizes ask for"));
    TRY(pleats_remark(r->ctx,
                      "a .nnet file: the network proper, of normalised inputs "
                      "and outputs; the file's limits, means and ranges are "
                      "not applied"));
done:
    pleats_release(r->ctx, output);
    return status;
}

static pleats_status read(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_idx at = 0, flag = 0;
    TRY(read_sizes(r));
    size_t n_in = (size_t)r->size[0];
    TRY(read_whole(r, "the line behind the sizes", 0, INT32_MAX - 1, &flag));
    TRY(read_numbers(r, 2 * n_in + 2 * (n_in + 1), NULL));
    TRY(pleats_net_new(r->ctx, r->size[0], &r->net));
    for (pleats_idx i = 0; i < r->n_layers; i++)
        TRY(add_layer(r, i, &at));
    TRY(end(r, at));
done:
    return status;
}

pleats_status pleats_nnet_parse(pleats_ctx *ctx, const char *text, size_t n,
                                pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    reader r = {.ctx = ctx, .at = text, .end = text + n, .line = 1};
    *out = NULL;
    pleats_skip_mark(&r.at, &n);
    status = read(&r);
    if (status != PLEATS_OK)
        TRY(pleats_blame(ctx, status, "line %d", r.line));
    *out = r.net;
    r.net = NULL;
done:
    pleats_net_clear(ctx, r.net);
    pleats_release(ctx, r.size);
    return status;
}
