/* RNN with Relu or LeakyRelu, unrolled: one product and one step of units for
 * each entry of the sequence. */
#include "onnx/ops.h"

#include <string.h>
#include <strings.h>

enum { MAX_DIRECTIONS = 2 };

typedef struct {
    bool batch_first; /* layout 1 */
    int64_t length, batch, n_in, hidden, directions;
    bool reverse[MAX_DIRECTIONS];
    pleats_tensor x;                      /* scalars; -1 is 0 */
    pleats_tensor initial;                /* the same, or of sort NONE: zeros */
    const pleats_tensor *w, *r, *b;       /* b: NULL: zeros */
    pleats_ints steps;                    /* lengths, when they are present */
    pleats_pl activation[MAX_DIRECTIONS]; /* in `table` */
    double table[MAX_DIRECTIONS][3][4];   /* at, slope, intercept */
} rnn;

static pleats_status check_shape(const pleats_call *c, const char *what,
                                 const pleats_tensor *t, size_t rank,
                                 const int64_t *dim)
{
    char is[PLEATS_SHAPE_TEXT], wanted[PLEATS_SHAPE_TEXT];
    pleats_tensor_shape shape = {0};
    pleats_status status = pleats_shape_set(c->ctx, rank, dim, &shape);
    if (status == PLEATS_OK && !pleats_shape_equal(&shape, &t->shape))
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "its %s has the shape %s, not %s", what,
                           pleats_shape_text(&t->shape, is),
                           pleats_shape_text(&shape, wanted));
    return status;
}

/* The name of direction d's activation, "Tanh" where none is stated. */
static const char *activation_name(const pleats_call *c, int64_t d,
                                   size_t *length)
{
    const Onnx__AttributeProto *a =
        pleats_node_attribute(c->graph, c->node, "activations");
    *length = 4;
    if (!a || (size_t)d >= a->n_strings)
        return "Tanh";
    *length = a->strings[d].len;
    return (const char *)a->strings[d].data;
}

/* Slope `left` below 0 and 1 above, of an argument that is kept in
 * [-most, most] when most > 0. */
static void bend(const pleats_call *c, rnn *s, int64_t d, double left,
                 double most)
{
    double *at = s->table[d][0], *slope = s->table[d][1],
           *intercept = s->table[d][2];
    pleats_idx n = 0;
    if (most > 0 && left != 0) {
        at[n++] = -most;
        intercept[0] = -pleats_call_mul(c, left, most);
    }
    slope[n] = left;
    at[n++] = 0;
    slope[n] = 1;
    if (most > 0) {
        at[n++] = most;
        intercept[n] = most;
    }
    s->activation[d] = (pleats_pl){n, at, slope, intercept};
}

static pleats_status read_activations(const pleats_call *c, rnn *s)
{
    pleats_status status = PLEATS_OK;
    const Onnx__AttributeProto *alpha =
        pleats_node_attribute(c->graph, c->node, "activation_alpha");
    double most = 0;
    size_t used = 0;
    TRY(pleats_call_float(c, "clip", 0, &most));
    if (most < 0)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its clip is negative"));
    for (int64_t d = 0; d < s->directions; d++) {
        size_t length = 0;
        const char *name = activation_name(c, d, &length);
        if (length == 4 && strncasecmp(name, "Relu", 4) == 0) {
            bend(c, s, d, 0, most);
        } else if (length == 9 && strncasecmp(name, "LeakyRelu", 9) == 0) {
            double left = alpha && used < alpha->n_floats
                              ? (double)alpha->floats[used++]
                              : (double)0.01f;
            if (!(left > -1e30 && left < 1e30))
                TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                                "its activation_alpha is out of range"));
            bend(c, s, d, left, most);
        } else {
            TRY(pleats_fail(
                c->ctx, PLEATS_INVALID,
                "RNN with the activation %.*s is not piecewise linear; with "
                "Relu and LeakyRelu it is",
                (int)pleats_printable(name, length, 40), name));
        }
    }
done:
    return status;
}

static pleats_status read_direction(const pleats_call *c, rnn *s)
{
    static const char *const names[] = {"forward", "reverse", "bidirectional"};
    int which = 0;
    pleats_status status =
        pleats_call_choose(c, "direction", "forward", 3, names, &which);
    s->directions = which == 2 ? 2 : 1;
    s->reverse[0] = which == 1;
    s->reverse[1] = true;
    return status;
}

/* The sequence's lengths, one for each row of the batch. */
static pleats_status read_lengths(const pleats_call *c, rnn *s)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_call_list(c, 4, NULL, &s->steps));
    if (s->steps.present && (int64_t)s->steps.n != s->batch)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "sequence_lens has %zu numbers for a batch of %lld",
                        s->steps.n, (long long)s->batch));
    for (size_t i = 0; i < s->steps.n; i++)
        if (s->steps.v[i] < 0 || s->steps.v[i] > s->length)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "sequence_lens has the number %lld for sequences "
                            "of %lld",
                            (long long)s->steps.v[i], (long long)s->length));
done:
    return status;
}

static pleats_status read_rnn(const pleats_call *c, rnn *s)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *initial = pleats_call_in(c, 5);
    int64_t layout = 0;
    TRY(pleats_call_int(c, "layout", 0, &layout));
    s->batch_first = layout != 0;
    TRY(read_direction(c, s));
    TRY(read_activations(c, s));
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_REAL, &s->w));
    TRY(pleats_call_const(c, 2, PLEATS_TENSOR_REAL, &s->r));
    if (pleats_call_in(c, 3))
        TRY(pleats_call_const(c, 3, PLEATS_TENSOR_REAL, &s->b));
    if (x->shape.rank != 3 || s->w->shape.rank != 3)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its input and weights must have 3 axes"));
    s->length = x->shape.dim[s->batch_first];
    s->batch = x->shape.dim[!s->batch_first];
    s->n_in = x->shape.dim[2];
    s->hidden = s->w->shape.dim[1];
    TRY(check_shape(c, "W", s->w, 3,
                    (int64_t[]){s->directions, s->hidden, s->n_in}));
    TRY(check_shape(c, "R", s->r, 3,
                    (int64_t[]){s->directions, s->hidden, s->hidden}));
    if (s->b)
        TRY(check_shape(c, "B", s->b, 2,
                        (int64_t[]){s->directions, 2 * s->hidden}));
    TRY(read_lengths(c, s));
    TRY(pleats_call_scalars(c, x, true, &s->x));
    if (initial) {
        TRY(check_shape(c, "initial_h", initial, 3,
                        s->batch_first
                            ? (int64_t[]){s->batch, s->directions, s->hidden}
                            : (int64_t[]){s->directions, s->batch, s->hidden}));
        TRY(pleats_call_scalars(c, initial, true, &s->initial));
    }
done:
    return status;
}

/* Where the state of row b, direction d begins in a tensor of states. */
static int64_t state_at(const rnn *s, int64_t d, int64_t b)
{
    return (s->batch_first ? b * s->directions + d : d * s->batch + b) *
           s->hidden;
}

/* Where the output of entry t begins in Y. */
static int64_t output_at(const rnn *s, int64_t t, int64_t d, int64_t b)
{
    int64_t row = s->batch_first ? (b * s->length + t) * s->directions + d
                                 : (t * s->directions + d) * s->batch + b;
    return row * s->hidden;
}

/* [W R] of direction d as one matrix [hidden x (n_in + hidden)], and the sum
 * of both biases [hidden]. */
static void join_weights(const pleats_call *c, const rnn *s, int64_t d,
                         double *weight, double *bias)
{
    int64_t n = s->n_in, h = s->hidden;
    for (int64_t i = 0; i < h; i++) {
        for (int64_t j = 0; j < n; j++)
            weight[i * (n + h) + j] = s->w->real[(d * h + i) * n + j];
        for (int64_t j = 0; j < h; j++)
            weight[i * (n + h) + n + j] = s->r->real[(d * h + i) * h + j];
        bias[i] = s->b ? pleats_call_add(c, s->b->real[d * 2 * h + i],
                                         s->b->real[(d * 2 + 1) * h + i])
                       : 0;
    }
}

/* One entry of the sequence: state [hidden] becomes the next one. */
static pleats_status advance(const pleats_call *c, const rnn *s, int64_t d,
                             pleats_product *product, const pleats_idx *entry,
                             pleats_idx *read, pleats_idx *state)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor sums = {0}, next = {0};
    pleats_tensor_shape shape = {0};
    for (int64_t j = 0; j < s->n_in; j++)
        read[j] = entry[j];
    for (int64_t j = 0; j < s->hidden; j++)
        read[s->n_in + j] = state[j];
    product->x = read;
    TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){1, s->hidden}, &shape));
    TRY(pleats_emit_product(c, product, &shape, &sums));
    product->n_parameters = 0;
    TRY(pleats_emit_units(
        c, &(pleats_units){&sums, 1, &s->activation[d], NULL, 0}, &next));
    for (int64_t j = 0; j < s->hidden; j++)
        state[j] = next.scalar[j];
done:
    pleats_tensor_clear(c->ctx, &sums);
    pleats_tensor_clear(c->ctx, &next);
    return status;
}

/* Row b of the batch in direction d, into y and last, whose entries are -1
 * where nothing is written. */
static pleats_status unroll(const pleats_call *c, const rnn *s, int64_t d,
                            int64_t b, pleats_product *product,
                            pleats_tensor *y, pleats_tensor *last)
{
    pleats_status status = PLEATS_OK;
    int64_t steps = s->steps.present ? s->steps.v[b] : s->length;
    pleats_idx *state = last->scalar + state_at(s, d, b), *read = NULL;
    TRY(pleats_alloc(c->ctx, (size_t)(s->n_in + s->hidden), sizeof *read,
                     &read));
    if (s->initial.sort == PLEATS_TENSOR_VAR)
        memcpy(state, s->initial.scalar + state_at(s, d, b),
               (size_t)s->hidden * sizeof *state);
    for (int64_t i = 0; i < steps; i++) {
        int64_t t = s->reverse[d] ? steps - 1 - i : i;
        int64_t entry = s->batch_first ? b * s->length + t : t * s->batch + b;
        TRY(advance(c, s, d, product, s->x.scalar + entry * s->n_in, read,
                    state));
        memcpy(y->scalar + output_at(s, t, d, b), state,
               (size_t)s->hidden * sizeof *state);
    }
done:
    pleats_release(c->ctx, read);
    return status;
}

/* A tensor of zeros of the network. */
static pleats_status zeros(const pleats_call *c, size_t rank,
                           const int64_t *dim, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = {0};
    TRY(pleats_shape_set(c->ctx, rank, dim, &shape));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &shape, out));
    for (int64_t i = 0; i < shape.n; i++)
        out->scalar[i] = -1;
done:
    return status;
}

static pleats_status new_outputs(const pleats_call *c, const rnn *s,
                                 pleats_tensor *y, pleats_tensor *last)
{
    pleats_status status = PLEATS_OK;
    int64_t t = s->length, d = s->directions, b = s->batch, h = s->hidden;
    TRY(zeros(
        c, 4,
        s->batch_first ? (int64_t[]){b, t, d, h} : (int64_t[]){t, d, b, h}, y));
    TRY(zeros(c, 3,
              s->batch_first ? (int64_t[]){b, d, h} : (int64_t[]){d, b, h},
              last));
done:
    return status;
}

pleats_status pleats_op_rnn(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    rnn s = {0};
    pleats_tensor last = {0};
    double *weight = NULL, *bias = NULL;
    TRY(read_rnn(c, &s));
    TRY(new_outputs(c, &s, &c->out[0],
                    c->node->n_out > 1 ? &c->out[1] : &last));
    TRY(pleats_alloc(c->ctx, (size_t)(s.hidden * (s.n_in + s.hidden)),
                     sizeof *weight, &weight));
    TRY(pleats_alloc(c->ctx, (size_t)s.hidden, sizeof *bias, &bias));
    for (int64_t d = 0; d < s.directions; d++) {
        pleats_product product = {.rows = 1,
                                  .n_in = (pleats_idx)(s.n_in + s.hidden),
                                  .n_out = (pleats_idx)s.hidden,
                                  .weight = weight,
                                  .bias = bias,
                                  .n_parameters =
                                      s.hidden * (s.n_in + s.hidden + 2)};
        join_weights(c, &s, d, weight, bias);
        for (int64_t b = 0; b < s.batch; b++)
            TRY(unroll(c, &s, d, b, &product, &c->out[0],
                       c->node->n_out > 1 ? &c->out[1] : &last));
    }
done:
    pleats_release(c->ctx, weight);
    pleats_release(c->ctx, bias);
    pleats_tensor_clear(c->ctx, &s.x);
    pleats_tensor_clear(c->ctx, &s.initial);
    pleats_tensor_clear(c->ctx, &last);
    return status;
}
