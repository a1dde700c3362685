#include "random_net.h"

#include "activations.h"
#include "need.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NOW = 16, MAX_TERMS = MAX_NOW * MAX_NOW };

/* A network under construction: `now` are the scalars that the next step
 * reads, `skipped` some older ones. */
typedef struct {
    pleats_ctx *ctx;
    rng *r;
    pleats_net *net;
    numbers kind;
    bool generic;
    pleats_idx n_now, n_skipped;
    pleats_idx now[MAX_NOW], skipped[MAX_NOW];
} maker;

double random_number(rng *r, numbers kind)
{
    switch (kind) {
    case NUMBERS_FLOAT:
        return rng_real(r, 24);
    case NUMBERS_DOUBLE:
        return rng_real(r, 53);
    case NUMBERS_INTEGER:
        return rng_int(r, -2, 2);
    case NUMBERS_SIGN:
        return rng_int(r, -1, 1);
    case NUMBERS_SCALED:
        return ldexp(rng_real(r, 8), 40 * rng_int(r, -1, 1));
    case NUMBERS_EXTREME:
        return ldexp(rng_real(r, 8), 600 * rng_int(r, -1, 1));
    default:
        return rng_real(r, 8);
    }
}

/* Row i becomes a simple multiple of an earlier row, with its bias or one of
 * its own. */
static void repeat_row(rng *r, pleats_idx i, pleats_idx columns, double *weight,
                       double *bias)
{
    static const double factor[] = {1, 1, -1, 2, -0.5, 0};
    double f = factor[rng_int(r, 0, 5)];
    pleats_idx other = rng_int(r, 0, i - 1);
    for (pleats_idx j = 0; j < columns; j++)
        weight[i * columns + j] = f * weight[other * columns + j];
    if (!rng_one_in(r, 3))
        bias[i] = f * bias[other];
}

void random_rows(rng *r, numbers kind, bool generic, pleats_idx rows,
                 pleats_idx columns, double *weight, double *bias)
{
    bool no_bias = !generic && rng_one_in(r, 3);
    for (pleats_idx i = 0; i < rows; i++) {
        for (pleats_idx j = 0; j < columns; j++)
            weight[i * columns + j] = random_number(r, kind);
        bias[i] = no_bias ? 0 : random_number(r, kind);
        if (!generic && i > 0 && rng_one_in(r, 4))
            repeat_row(r, i, columns, weight, bias);
    }
}

static void now_is(maker *m, pleats_idx first, pleats_idx n)
{
    m->n_now = n;
    for (pleats_idx i = 0; i < n; i++)
        m->now[i] = first + i;
}

static void add_dense(maker *m, pleats_idx width)
{
    double weight[2 * MAX_TERMS], bias[MAX_NOW];
    pleats_idx out = 0, n = m->n_now, in[2 * MAX_NOW];
    memcpy(in, m->now, sizeof m->now);
    if (rng_one_in(m->r, 4)) /* some columns twice, in any order */
        for (pleats_idx extra = rng_int(m->r, 1, m->n_now); extra > 0;
             extra--) {
            in[n] = in[rng_int(m->r, 0, n - 1)];
            n++;
        }
    random_rows(m->r, m->kind, m->generic, width, n, weight, bias);
    need_ok(m->ctx, pleats_net_add_dense(m->ctx, m->net, NULL, width, n, in,
                                         weight, bias, &out));
    now_is(m, out, width);
}

/* Means of 3 or 9 scalars (which may repeat), a divisor that no double
 * divides by exactly. */
static void add_averages(maker *m, pleats_idx width)
{
    pleats_idx start[MAX_NOW + 1] = {0}, in[9 * MAX_NOW] = {0}, out = 0;
    double weight[9 * MAX_NOW] = {0}, bias[MAX_NOW] = {0};
    double divisor[MAX_NOW] = {0};
    for (pleats_idx i = 0; i < width; i++) {
        pleats_idx terms = rng_one_in(m->r, 2) ? 3 : 9;
        start[i + 1] = start[i] + terms;
        bias[i] = m->generic ? random_number(m->r, m->kind) : 0;
        divisor[i] = terms;
        for (pleats_idx j = start[i]; j < start[i + 1]; j++) {
            in[j] = m->now[rng_int(m->r, 0, m->n_now - 1)];
            weight[j] = rng_one_in(m->r, 4) ? -1 : 1;
        }
    }
    need_ok(m->ctx, pleats_net_add_sparse(m->ctx, m->net, NULL, width, start,
                                          in, weight, bias, divisor, &out));
    now_is(m, out, width);
}

/* Scalars that are equal, but not in doubles: with f = alpha a + beta b + gamma
 * for two scalars a, b, t = f/3 + f/7 and s = 10 f/21 are; and t - s is 0, or a
 * constant far below the rounding error. */
static void add_hidden_ties(maker *m)
{
    static const pleats_idx start[] = {0, 2, 4, 6}, next[] = {0, 2, 3, 6};
    static const double divisor[] = {3, 7, 21};
    static const double ones[] = {1, 1, 1, 1, 1, -1}, tiny[] = {0, 0x1p-70};
    pleats_idx a = m->now[rng_int(m->r, 0, m->n_now - 1)];
    pleats_idx b = m->now[rng_int(m->r, 0, m->n_now - 1)], out = 0;
    double alpha = rng_int(m->r, -2, 2), beta = rng_int(m->r, 1, 3);
    double gamma = random_number(m->r, NUMBERS_SHORT);
    double weight[] = {alpha, beta, alpha, beta, 10 * alpha, 10 * beta};
    double bias[] = {gamma, gamma, 10 * gamma};
    double rest[] = {0, 0, tiny[rng_int(m->r, 0, 1)]};
    need_ok(m->ctx, pleats_net_add_sparse(m->ctx, m->net, NULL, 3, start,
                                          (pleats_idx[]){a, b, a, b, a, b},
                                          weight, bias, divisor, &out));
    pleats_idx p = out, q = out + 1, s = out + 2;
    need_ok(m->ctx, pleats_net_add_sparse(m->ctx, m->net, NULL, 3, next,
                                          (pleats_idx[]){p, q, s, p, q, s},
                                          ones, rest, NULL, &out));
    now_is(m, out, 3);
}

/* A one-dimensional convolution over `now` with zero padding, or over 2x2
 * scalars a two-dimensional one. */
static void add_conv(maker *m)
{
    pleats_idx pad = rng_int(m->r, 0, 1), filters = rng_int(m->r, 1, 2);
    bool flat = m->n_now == 4 && rng_one_in(m->r, 2);
    pleats_idx side = (flat ? 2 : m->n_now) + pad, in[MAX_NOW * 2], out = 0;
    pleats_conv_shape shape = {
        1, 1, filters, flat ? 2 : 1, {side, side}, {2, 2}, {1, 1}, {1, 1}};
    double weight[8], bias[2];
    if (side < 2)
        return;
    for (pleats_idx i = 0; i < (flat ? side * side : side); i++) {
        pleats_idx y = flat ? i / side : 0, x = flat ? i % side : i;
        bool is_pad = x >= side - pad || (flat && y >= side - pad);
        in[i] = is_pad ? -1 : m->now[flat ? y * (side - pad) + x : x];
    }
    random_rows(m->r, m->kind, m->generic, filters, flat ? 4 : 2, weight, bias);
    need_ok(m->ctx, pleats_net_add_conv(m->ctx, m->net, NULL, &shape, in,
                                        weight, bias, &out));
    now_is(m, out, m->net->n_scalars - out);
}

/* A continuous function with up to three breakpoints at eighths. */
static void random_function(rng *r, pleats_pl *f)
{
    static const double choice[] = {-1, 0, 0.5, 1, 1, 3};
    double at = 0.125 * rng_int(r, -8, 4);
    f->n_breaks = rng_int(r, 1, 3);
    f->slope[0] = choice[rng_int(r, 0, 5)];
    f->intercept[0] = 0.25 * rng_int(r, -2, 2);
    for (pleats_idx i = 0; i < f->n_breaks; i++) {
        f->at[i] = at;
        f->slope[i + 1] = choice[rng_int(r, 0, 5)];
        f->intercept[i + 1] =
            f->intercept[i] + (f->slope[i] - f->slope[i + 1]) * at;
        at += 0.125 * rng_int(r, 1, 8);
    }
}

static void add_units(maker *m)
{
    double at[3], slope[4], intercept[4];
    pleats_pl table[N_ACTIVATIONS + 1];
    pleats_idx which[MAX_NOW], out = 0;
    activation one = (activation)rng_int(m->r, 0, N_ACTIVATIONS - 1);
    for (activation a = 0; a < N_ACTIVATIONS; a++)
        table[a] = *activation_function(a);
    table[N_ACTIVATIONS] = (pleats_pl){0, at, slope, intercept};
    random_function(m->r, &table[N_ACTIVATIONS]);
    bool mixed = rng_one_in(m->r, 4), relu = rng_one_in(m->r, 2);
    for (pleats_idx i = 0; i < m->n_now; i++)
        which[i] = mixed  ? rng_int(m->r, 0, N_ACTIVATIONS)
                   : relu ? ACT_RELU
                          : (pleats_idx)one;
    need_ok(m->ctx, pleats_net_add_pl(m->ctx, m->net, NULL, m->n_now, m->now,
                                      N_ACTIVATIONS + 1, table, which, &out));
    now_is(m, out, m->n_now);
}

static pleats_idx add_constant(maker *m)
{
    static const pleats_idx start[] = {0, 0};
    double bias = rng_int(m->r, -1, 1);
    pleats_idx out = 0;
    need_ok(m->ctx, pleats_net_add_sparse(m->ctx, m->net, NULL, 1, start, NULL,
                                          NULL, &bias, NULL, &out));
    return out;
}

/* Maxima of 1 to 4 candidates, some of them twice or constant. */
static void add_max(maker *m)
{
    pleats_idx n = rng_int(m->r, 1, 2), out = 0;
    pleats_idx start[3] = {0}, in[8];
    pleats_idx constant = rng_one_in(m->r, 2) ? add_constant(m) : m->now[0];
    for (pleats_idx i = 0; i < n; i++) {
        start[i + 1] = start[i] + rng_int(m->r, i == 0 ? 2 : 1, 4);
        for (pleats_idx j = start[i]; j < start[i + 1]; j++)
            in[j] = rng_one_in(m->r, 5)
                        ? constant
                        : m->now[rng_int(m->r, 0, m->n_now - 1)];
    }
    need_ok(m->ctx,
            pleats_net_add_max(m->ctx, m->net, NULL, rng_one_in(m->r, 2), n,
                               start, in, &out));
    now_is(m, out, n);
}

/* Skip connections: the older scalars are added to or put beside `now`. */
static void add_skip(maker *m)
{
    pleats_idx n = m->n_now < m->n_skipped ? m->n_now : m->n_skipped, out = 0;
    pleats_idx start[MAX_NOW + 1] = {0}, in[2 * MAX_NOW];
    double weight[2 * MAX_NOW];
    if (rng_one_in(m->r, 2) && m->n_now + m->n_skipped <= MAX_NOW / 2) {
        memcpy(m->now + m->n_now, m->skipped,
               (size_t)m->n_skipped * sizeof *m->now);
        m->n_now += m->n_skipped;
        return;
    }
    for (pleats_idx i = 0; i < n; i++) {
        start[i + 1] = 2 * i + 2;
        in[2 * i] = m->now[i];
        in[2 * i + 1] = m->skipped[i];
        weight[2 * i] = 1;
        weight[2 * i + 1] = rng_one_in(m->r, 3) ? -1 : 1;
    }
    need_ok(m->ctx, pleats_net_add_sparse(m->ctx, m->net, NULL, n, start, in,
                                          weight, NULL, NULL, &out));
    now_is(m, out, n);
}

static void add_affine(maker *m, pleats_idx width)
{
    switch (rng_int(m->r, 0, 11)) {
    case 0:
        add_averages(m, width);
        return;
    case 1:
        add_hidden_ties(m);
        return;
    case 2:
    case 3:
        if (m->n_now <= MAX_NOW / 2)
            add_conv(m);
        return;
    default:
        add_dense(m, width);
    }
}

/* Now and then, puts older scalars beside the outputs; draws nothing from the
 * maker's numbers. */
static void add_older_outputs(maker *m)
{
    rng own = *m->r;
    if (!rng_one_in(&own, 5) || m->n_now + m->n_skipped > MAX_NOW)
        return;
    memcpy(m->now + m->n_now, m->skipped,
           (size_t)m->n_skipped * sizeof *m->now);
    m->n_now += m->n_skipped;
}

pleats_net *random_net(pleats_ctx *ctx, rng *r, pleats_idx n_inputs,
                       pleats_idx units)
{
    maker m = {.ctx = ctx, .r = r};
    m.kind = (numbers)rng_int(
        r, 0, rng_one_in(r, 3) ? N_NUMBERS - 1 : NUMBERS_SCALED);
    m.generic = rng_one_in(r, 4);
    need_ok(ctx, pleats_net_new(ctx, n_inputs, &m.net));
    now_is(&m, 0, n_inputs);
    while (m.net->n_units < units) {
        pleats_idx left = units - m.net->n_units;
        memcpy(m.skipped, m.now, sizeof m.now);
        m.n_skipped = m.n_now;
        add_affine(&m, rng_int(r, 1, left < 5 ? left : 5));
        if (rng_one_in(r, 6))
            add_max(&m);
        else
            add_units(&m);
        if (rng_one_in(r, 4) && m.n_now > 1)
            add_max(&m);
        if (rng_one_in(r, 4))
            add_skip(&m);
    }
    if (!rng_one_in(r, 4))
        add_dense(&m, rng_int(r, 1, 2));
    add_older_outputs(&m);
    need_ok(ctx, pleats_net_set_outputs(ctx, m.net, m.n_now, m.now));
    return m.net;
}

void change_divisors(rng *r, pleats_net *net)
{
    static const double divisor[] = {0.1, -0.01, 3, 0x1p-20, -7};
    for (pleats_idx k = 0; k < net->n_steps; k++)
        for (pleats_idx i = 0; net->step[k].divisor && i < net->step[k].n_out;
             i++)
            net->step[k].divisor[i] = divisor[rng_int(r, 0, 4)];
}
