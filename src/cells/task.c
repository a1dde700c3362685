#include "cells/task.h"

#include <string.h>

enum { VERSION = 2, HEAD = 1 + 2 * PLEATS_DIGEST_BYTES, MOST_BYTES = 10 };

/* ---- digests ---- */

typedef struct {
    pleats_ctx *ctx;
    pleats_hasher *hasher;
} sink;

/* Adds n objects of some size, and their number first. */
static void add(const sink *out, const void *bytes, size_t n, size_t size)
{
    uint64_t count = bytes ? n : 0;
    pleats_hasher_add(out->hasher, &count, sizeof count);
    if (count)
        pleats_hasher_add(out->hasher, bytes, n * size);
}

static size_t n_weights(const pleats_step *s)
{
    const pleats_conv_shape *c = &s->conv;
    size_t n = (size_t)s->n_in;
    if (s->kind == PLEATS_STEP_DENSE)
        n *= (size_t)s->n_out;
    if (s->kind == PLEATS_STEP_CONV)
        n = (size_t)c->groups * (size_t)c->out_channels * (size_t)s->n_taps;
    return n;
}

static size_t n_biases(const pleats_step *s)
{
    const pleats_conv_shape *c = &s->conv;
    return s->kind == PLEATS_STEP_CONV
               ? (size_t)c->groups * (size_t)c->out_channels
               : (size_t)s->n_out;
}

static void add_step(const sink *out, const pleats_step *s)
{
    size_t n = (size_t)s->n_out;
    const pleats_idx head[] = {(pleats_idx)s->kind, s->out, s->n_out,
                               s->is_min};
    add(out, head, sizeof head / sizeof *head, sizeof *head);
    add(out, s->in, (size_t)s->n_in, sizeof *s->in);
    add(out, s->weight, n_weights(s), sizeof *s->weight);
    add(out, s->bias, n_biases(s), sizeof *s->bias);
    add(out, s->divisor, n, sizeof *s->divisor);
    add(out, s->start, n + 1, sizeof *s->start);
    add(out, s->tap, (size_t)s->n_taps, sizeof *s->tap);
    add(out, s->window, (size_t)s->positions, sizeof *s->window);
    add(out, s->which, n, sizeof *s->which);
    for (pleats_idx i = 0; i < s->n_functions; i++) {
        const pleats_pl *f = &s->function[i];
        size_t breaks = (size_t)f->n_breaks;
        add(out, f->at, breaks, sizeof *f->at);
        add(out, f->slope, breaks + 1, sizeof *f->slope);
        add(out, f->intercept, breaks + 1, sizeof *f->intercept);
    }
}

static void add_net(const sink *out, const pleats_net *net)
{
    size_t length = strlen(net->sha256);
    add(out, net->sha256, length, 1);
    add(out, net->output, (size_t)net->n_outputs, sizeof *net->output);
    for (pleats_idx i = 0; i < net->n_steps && length == 0; i++)
        add_step(out, &net->step[i]);
}

/* Adds the numbers that are not 0, with their places. */
static pleats_status add_integers(const sink *out, mpz_t *z, size_t n)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < n; i++) {
        if (mpz_sgn(z[i]) == 0)
            continue;
        add(out, &i, 1, sizeof i);
        TRY(pleats_hasher_add_integer(out->ctx, out->hasher, z[i]));
    }
    add(out, &n, 1, sizeof n);
done:
    return status;
}

static pleats_status add_frame(const sink *out, const pleats_frame *f)
{
    pleats_status status = PLEATS_OK;
    const pleats_coordinates *c = &f->coordinates;
    size_t width = (size_t)f->k + 1;
    add(out, f->boxed, (size_t)f->k, sizeof *f->boxed);
    TRY(add_integers(out, c->num, (size_t)c->n_inputs * width));
    TRY(pleats_hasher_add_integer(out->ctx, out->hasher, c->den));
    TRY(add_integers(out, f->row, (size_t)f->m * width));
done:
    return status;
}

pleats_status pleats_origin_of(pleats_ctx *ctx, pleats_hasher *hasher,
                               const pleats_net *net, const pleats_frame *frame,
                               pleats_origin *out)
{
    pleats_status status = PLEATS_OK;
    const sink to = {ctx, hasher};
    add_net(&to, net);
    pleats_hasher_end(hasher, &out->net);
    TRY(add_frame(&to, frame));
    pleats_hasher_end(hasher, &out->frame);
done:
    return status;
}

pleats_status pleats_origin_text(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_frame *frame, pleats_text *text)
{
    pleats_status status = PLEATS_OK;
    pleats_hasher *hasher = NULL;
    pleats_origin origin;
    char hex[PLEATS_DIGEST_DIGITS + 1];
    TRY(pleats_hasher_new(ctx, &hasher));
    TRY(pleats_origin_of(ctx, hasher, net, frame, &origin));
    pleats_digest_hex(&origin.net, hex);
    TRY(pleats_text_put(ctx, text, "network %s\n", hex));
    pleats_digest_hex(&origin.frame, hex);
    TRY(pleats_text_put(ctx, text, "domain %s\n", hex));
done:
    pleats_hasher_free(ctx, hasher);
    return status;
}

/* ---- bytes ---- */

void pleats_task_clear(pleats_ctx *ctx, pleats_task *t)
{
    pleats_release(ctx, t->child);
    *t = (pleats_task){0};
}

pleats_status pleats_task_go(pleats_ctx *ctx, pleats_task *t, pleats_idx child)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &t->child, &t->capacity, t->n + 1, sizeof *t->child));
    t->child[t->n++] = child;
done:
    return status;
}

static void write_number(pleats_parcel *p, uint64_t x)
{
    for (; x > 127; x >>= 7)
        p->byte[p->n++] = (unsigned char)(x | 128);
    p->byte[p->n++] = (unsigned char)x;
}

pleats_status pleats_task_write(pleats_ctx *ctx, const pleats_task *t,
                                pleats_parcel *out)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_parcel){0};
    TRY(pleats_alloc(ctx, HEAD + MOST_BYTES * (t->n + 4), 1, &out->byte));
    out->byte[0] = VERSION;
    memcpy(out->byte + 1, t->origin.net.byte, PLEATS_DIGEST_BYTES);
    memcpy(out->byte + 1 + PLEATS_DIGEST_BYTES, t->origin.frame.byte,
           PLEATS_DIGEST_BYTES);
    out->n = HEAD;
    write_number(out, t->budget);
    write_number(out, t->first);
    write_number(out, t->end);
    write_number(out, t->n);
    for (size_t i = 0; i < t->n; i++)
        write_number(out, (uint64_t)t->child[i]);
done:
    return status;
}

pleats_status pleats_root_task(pleats_ctx *ctx, const pleats_origin *origin,
                               uint64_t budget, pleats_parcel *out)
{
    const pleats_task root = {.origin = *origin, .budget = budget};
    return pleats_task_write(ctx, &root, out);
}

typedef struct {
    pleats_ctx *ctx;
    const pleats_parcel *parcel;
    size_t at;
} reader;

/* A number of at most `most`, written as shortly as it can be. */
static pleats_status read_number(reader *r, uint64_t most, uint64_t *out)
{
    uint64_t x = 0;
    unsigned char byte = 128;
    for (unsigned shift = 0; byte & 128; shift += 7) {
        if (r->at == r->parcel->n || shift >= 70)
            return pleats_fail(r->ctx, PLEATS_INVALID,
                               "a task breaks off in a number");
        byte = r->parcel->byte[r->at++];
        uint64_t part = byte & 127;
        if (shift == 63 && part > 1)
            return pleats_fail(r->ctx, PLEATS_INVALID,
                               "a number in a task is above 2^64");
        x |= part << shift;
        if (shift > 0 && byte == 0)
            return pleats_fail(r->ctx, PLEATS_INVALID,
                               "a number in a task has a superfluous byte");
    }
    if (x > most)
        return pleats_fail(r->ctx, PLEATS_INVALID,
                           "a number in a task is %llu, at most %llu can be",
                           (unsigned long long)x, (unsigned long long)most);
    *out = x;
    return PLEATS_OK;
}

static pleats_status check_head(pleats_ctx *ctx, const pleats_parcel *p,
                                const pleats_origin *origin)
{
    if (p->n < HEAD)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a task of %zu bytes is too short", p->n);
    if (p->byte[0] != VERSION)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a task has version %d; this program knows %d",
                           p->byte[0], VERSION);
    if (memcmp(p->byte + 1, origin->net.byte, PLEATS_DIGEST_BYTES) != 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a task belongs to another network");
    if (memcmp(p->byte + 1 + PLEATS_DIGEST_BYTES, origin->frame.byte,
               PLEATS_DIGEST_BYTES) != 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a task belongs to another domain");
    return PLEATS_OK;
}

pleats_status pleats_task_read(pleats_ctx *ctx, const pleats_parcel *p,
                               const pleats_origin *origin, pleats_task *t)
{
    pleats_status status = PLEATS_OK;
    reader r = {ctx, p, HEAD};
    uint64_t n = 0, child = 0;
    TRY(check_head(ctx, p, origin));
    t->origin = *origin;
    t->n = 0;
    TRY(read_number(&r, UINT64_MAX, &t->budget));
    TRY(read_number(&r, UINT64_MAX, &t->first));
    TRY(read_number(&r, UINT64_MAX, &t->end));
    if (t->end > 0 ? t->first >= t->end : t->first > 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "a task has no sections"));
    TRY(read_number(&r, p->n - r.at, &n));
    for (uint64_t i = 0; i < n; i++) {
        TRY(read_number(&r, INT32_MAX, &child));
        TRY(pleats_task_go(ctx, t, (pleats_idx)child));
    }
    if (r.at != p->n)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a task has %zu bytes too many at its end",
                        p->n - r.at));
done:
    return status;
}
