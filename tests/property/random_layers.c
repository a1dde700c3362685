#include "random_layers.h"

#include "activations.h"
#include "need.h"
#include "random_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 24 };

/* A network under construction: what the next step reads, and what the layer
 * before read. */
typedef struct {
    pleats_ctx *ctx;
    rng *r;
    pleats_net *net;
    numbers kind;
    bool generic;
    pleats_idx n_now, n_before;
    pleats_idx now[MOST], before[MOST];
} maker;

static void now_is(maker *m, pleats_idx first, pleats_idx n)
{
    m->n_now = n;
    for (pleats_idx i = 0; i < n; i++)
        m->now[i] = first + i;
}

/* A number that leaves products small: most tests are about structure. */
static double number(maker *m)
{
    return rng_one_in(m->r, 40) ? ldexp(rng_real(m->r, 8), -1000)
                                : random_number(m->r, m->kind);
}

static void draw(maker *m, pleats_idx n, double *out)
{
    for (pleats_idx i = 0; i < n; i++)
        out[i] = number(m);
}

/* Rows of zeros, and multiples of the first one. */
static void spoil_rows(maker *m, pleats_idx rows, pleats_idx columns, double *w,
                       double *bias)
{
    static const double factor[] = {0, 1, -1, 3, 0.25};
    for (pleats_idx i = 1; i < rows && !m->generic; i++) {
        double f = factor[rng_int(m->r, 0, 4)];
        if (!rng_one_in(m->r, 5))
            continue;
        for (pleats_idx j = 0; j < columns; j++)
            w[i * columns + j] = f * w[j];
        bias[i] = f * bias[0];
    }
}

static pleats_idx add_dense(maker *m, pleats_idx width, bool has_bias)
{
    double w[MOST * MOST], bias[MOST];
    pleats_idx out = 0;
    draw(m, width * m->n_now, w);
    draw(m, width, bias);
    spoil_rows(m, width, m->n_now, w, bias);
    need_ok(m->ctx,
            pleats_net_add_dense(m->ctx, m->net, NULL, width, m->n_now, m->now,
                                 w, has_bias ? bias : NULL, &out));
    return out;
}

/* Windows of 2 over all scalars, in one or two groups, padded. */
static pleats_idx add_conv(maker *m, pleats_idx width, bool has_bias)
{
    pleats_idx groups = m->n_now % 2 == 0 && rng_one_in(m->r, 2) ? 2 : 1;
    pleats_idx size = m->n_now / groups + 1, in[MOST + 2], out = 0;
    pleats_idx filters = width / (groups * (size - 1));
    double w[2 * MOST], bias[MOST];
    if (filters < 1)
        filters = 1;
    if (filters > 2)
        filters = 2;
    if (groups * filters * (size - 1) > MOST)
        return add_dense(m, width, has_bias);
    pleats_conv_shape shape = {groups, 1, filters, 1, {size}, {2}, {1}, {1}};
    for (pleats_idx g = 0; g < groups; g++)
        for (pleats_idx j = 0; j < size; j++)
            in[g * size + j] = j + 1 == size ? -1 : m->now[g * (size - 1) + j];
    draw(m, groups * filters * 2, w);
    draw(m, groups * filters, bias);
    spoil_rows(m, groups * filters, 2, w, bias);
    need_ok(m->ctx, pleats_net_add_conv(m->ctx, m->net, NULL, &shape, in, w,
                                        has_bias ? bias : NULL, &out));
    return out;
}

/* Means of three scalars. */
static pleats_idx add_means(maker *m, pleats_idx width, bool has_bias)
{
    pleats_idx start[MOST + 1] = {0}, in[3 * MOST], out = 0;
    double w[3 * MOST], divisor[MOST], bias[MOST];
    bool is_plain = rng_one_in(m->r, 2);
    draw(m, width, bias);
    draw(m, 3 * width, w);
    for (pleats_idx i = 0; i < 3 * width; i++) {
        in[i] = m->now[rng_int(m->r, 0, m->n_now - 1)];
        if (is_plain)
            w[i] = 1;
    }
    for (pleats_idx i = 0; i < width; i++) {
        start[i + 1] = start[i] + 3;
        divisor[i] = rng_one_in(m->r, 4) ? 1 : 3;
    }
    need_ok(m->ctx,
            pleats_net_add_sparse(m->ctx, m->net, NULL, width, start, in, w,
                                  has_bias ? bias : NULL,
                                  rng_one_in(m->r, 4) ? NULL : divisor, &out));
    return out;
}

/* One number added to each scalar, in an order of its own. */
static void add_biases(maker *m)
{
    pleats_idx start[MOST + 1] = {0}, in[MOST], order[MOST], out = 0;
    pleats_idx n = m->n_now;
    double w[MOST], bias[MOST];
    rng_order(m->r, n, order);
    draw(m, n, bias);
    for (pleats_idx i = 0; i < n; i++) {
        start[i + 1] = i + 1;
        in[i] = m->now[rng_one_in(m->r, 8) ? i : order[i]];
        w[i] = 1;
    }
    need_ok(m->ctx, pleats_net_add_sparse(m->ctx, m->net, NULL, n, start, in, w,
                                          bias, NULL, &out));
    now_is(m, out, n);
}

/* What the layer before read, or this one, is added to what this one makes: one
 * scalar to each as a rule, or up to three with any weights, and now and then
 * to a multiple. */
static void add_residual(maker *m, pleats_idx n_before,
                         const pleats_idx *before)
{
    pleats_idx start[MOST + 1] = {0}, in[4 * MOST], out = 0, at = 0;
    pleats_idx n = m->n_now < n_before ? m->n_now : n_before;
    const bool is_plain = rng_one_in(m->r, 2), has_bias = rng_one_in(m->r, 3);
    double w[4 * MOST], bias[MOST];
    draw(m, n, bias);
    for (pleats_idx i = 0; i < n; i++) {
        pleats_idx known = is_plain ? 1 : rng_int(m->r, 0, 3), own = at;
        if (!is_plain && rng_one_in(m->r, 2))
            own += known;
        for (pleats_idx j = 0; j <= known; j++, at++) {
            in[at] = at == own ? m->now[i]
                               : before[j == 1 ? i : rng_int(m->r, 0, n - 1)];
            w[at] = at == own && !rng_one_in(m->r, 200) ? 1
                    : is_plain ? (rng_one_in(m->r, 4) ? -1 : 1)
                               : number(m);
        }
        start[i + 1] = at;
    }
    need_ok(m->ctx, pleats_net_add_sparse(m->ctx, m->net, NULL, n, start, in, w,
                                          has_bias ? bias : NULL, NULL, &out));
    now_is(m, out, n);
}

static void add_units(maker *m)
{
    pleats_pl table[N_ACTIVATIONS];
    pleats_idx which[MOST], out = 0;
    bool mixed = rng_one_in(m->r, 4), relu = !rng_one_in(m->r, 3);
    pleats_idx one = relu ? ACT_RELU : rng_int(m->r, 0, N_ACTIVATIONS - 1);
    for (activation a = 0; a < N_ACTIVATIONS; a++)
        table[a] = *activation_function(a);
    for (pleats_idx i = 0; i < m->n_now; i++)
        which[i] = mixed ? rng_int(m->r, 0, N_ACTIVATIONS - 1) : one;
    need_ok(m->ctx, pleats_net_add_pl(m->ctx, m->net, NULL, m->n_now, m->now,
                                      mixed ? N_ACTIVATIONS : 1,
                                      mixed ? table : &table[one],
                                      mixed ? which : NULL, &out));
    now_is(m, out, m->n_now);
}

static void add_maxima(maker *m)
{
    pleats_idx start[MOST], in[MOST], n = m->n_now / 2, out = 0;
    start[0] = 0;
    for (pleats_idx i = 0; i < n; i++)
        start[i + 1] = 2 * i + 2;
    memcpy(in, m->now, sizeof in);
    need_ok(m->ctx,
            pleats_net_add_max(m->ctx, m->net, NULL, rng_one_in(m->r, 3), n,
                               start, in, &out));
    now_is(m, out, n);
}

static void add_layer(maker *m, pleats_idx width)
{
    bool apart = rng_one_in(m->r, 2), has_bias = !apart && rng_one_in(m->r, 2);
    const pleats_idx n_before = m->n_now, n = m->net->n_scalars;
    pleats_idx before[MOST], out;
    memcpy(before, m->now, sizeof before);
    switch (rng_int(m->r, 0, 4)) {
    case 0:
        out = add_means(m, width, has_bias);
        break;
    case 1:
        out = add_conv(m, width, has_bias);
        break;
    default:
        out = add_dense(m, width, has_bias);
    }
    now_is(m, out, m->net->n_scalars - n);
    if (apart && !rng_one_in(m->r, 4))
        add_biases(m);
    if (rng_one_in(m->r, 30))
        add_residual(m, n_before, before);
    else if (rng_one_in(m->r, 5))
        add_residual(m, m->n_before, m->before);
    add_units(m);
    if (m->n_now > 3 && rng_one_in(m->r, 6))
        add_maxima(m);
    m->n_before = n_before;
    memcpy(m->before, before, sizeof before);
}

pleats_net *random_layers(pleats_ctx *ctx, rng *r, pleats_idx n_inputs,
                          pleats_idx narrowest, pleats_idx widest)
{
    static const numbers kinds[] = {NUMBERS_SHORT,  NUMBERS_FLOAT,
                                    NUMBERS_DOUBLE, NUMBERS_INTEGER,
                                    NUMBERS_SIGN,   NUMBERS_SCALED};
    maker m = {.ctx = ctx, .r = r};
    m.kind = kinds[rng_int(r, 0, 5)];
    m.generic = rng_one_in(r, 3);
    need_ok(ctx, pleats_net_new(ctx, n_inputs, &m.net));
    now_is(&m, 0, n_inputs);
    m.n_before = n_inputs;
    memcpy(m.before, m.now, sizeof m.before);
    for (pleats_idx left = rng_int(r, 2, 4); left > 0; left--)
        add_layer(&m, rng_int(r, narrowest, widest));
    need_ok(ctx, pleats_net_set_outputs(ctx, m.net, m.n_now, m.now));
    return m.net;
}

pleats_net *random_wide_conv(pleats_ctx *ctx, rng *r, pleats_idx n_inputs)
{
    double weight[MOST * MOST], bias[2 * MOST];
    const pleats_idx units = rng_int(r, 2, MOST);
    const pleats_idx groups = rng_int(r, 1, 2), filters = rng_int(r, 12, 20);
    const pleats_idx size = rng_int(r, 2, 6), channels = rng_int(r, 2, 3);
    const pleats_idx kernel = rng_int(r, 1, size < 3 ? size : 3);
    const pleats_conv_shape shape = {
        groups,   channels,           filters, 1, {size},
        {kernel}, {rng_int(r, 1, 2)}, {1}};
    pleats_idx in[6 * 6], from[MOST], out = 0;
    pleats_net *net = NULL;
    for (pleats_idx j = 0; j < n_inputs; j++)
        from[j] = j;
    need_ok(ctx, pleats_net_new(ctx, n_inputs, &net));
    random_rows(r, NUMBERS_SHORT, false, units, n_inputs, weight, bias);
    need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, units, n_inputs, from,
                                      weight, bias, &out));
    for (pleats_idx j = 0; j < units; j++)
        from[j] = out + j;
    need_ok(ctx,
            pleats_net_add_pl(
                ctx, net, NULL, units, from, 1,
                activation_function(rng_one_in(r, 2) ? ACT_RELU : ACT_HARDTANH),
                NULL, &out));
    for (pleats_idx j = 0; j < groups * channels * size; j++)
        in[j] = rng_one_in(r, 6) ? -1 : out + rng_int(r, 0, units - 1);
    random_rows(r, rng_one_in(r, 4) ? NUMBERS_EXTREME : NUMBERS_DOUBLE, false,
                groups * filters, channels * kernel, weight, bias);
    need_ok(ctx, pleats_net_add_conv(ctx, net, NULL, &shape, in, weight,
                                     rng_one_in(r, 2) ? bias : NULL, &out));
    const pleats_idx n = net->n_scalars - out;
    pleats_idx *last = need_memory((size_t)n, sizeof *last);
    for (pleats_idx j = 0; j < n; j++)
        last[j] = out + j;
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, n, last, 1,
                                   activation_function(ACT_RELU), NULL, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, n, last));
    free(last);
    return net;
}
