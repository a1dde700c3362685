#include "sample/climb.h"

#include "cells/parts.h"
#include "cells/task.h"
#include "count/count.h"
#include "par/numbered.h"
#include "sample/climb_state.h"
#include "sample/trial.h"
#include "spec/of_spec.h"

#include <string.h>

/* What the parameters of a network are, in one row, layer by layer, weights
 * first. */
typedef struct {
    size_t n;
    uint32_t *row; /* [n] number of the filter or unit that it belongs to */
    bool *is_bias; /* [n] */
} genome;

typedef struct {
    pleats_ctx *ctx;
    const pleats_spec *spec;
    const pleats_climb_task *task;
    pleats_domain *space; /* R^n */
    pleats_parts parts;
    genome shape; /* its rows and biases */
    uint32_t n_rows;
    pthread_mutex_t lock; /* of `best`, `out`, `reached` */
    float *best;          /* [shape.n] */
    uint64_t reached;     /* the first climb at the target, UINT64_MAX: none */
    uint64_t *counts;     /* [starts] of each climb that ended, and .. */
    bool *is_done;        /* .. whether it came to its end */
    pleats_climb *out;
} search;

/* ---- networks of rows of parameters ---- */

typedef struct {
    const float *at;
    genome *shape; /* or NULL: to be filled in */
    pleats_ctx *ctx;
    size_t used, capacity[2];
    uint32_t rows;
} cursor;

static pleats_status note_one(cursor *c, uint32_t row, bool is_bias)
{
    pleats_status status = PLEATS_OK;
    genome *g = c->shape;
    TRY(pleats_grow(c->ctx, &g->row, &c->capacity[0], g->n + 1,
                    sizeof *g->row));
    TRY(pleats_grow(c->ctx, &g->is_bias, &c->capacity[1], g->n + 1,
                    sizeof *g->is_bias));
    g->row[g->n] = row;
    g->is_bias[g->n++] = is_bias;
done:
    return status;
}

static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    cursor *c = state;
    const size_t rows = (size_t)spec->layer[index].out.channels;
    (void)ctx;
    for (size_t i = 0; i < p->n_weights; i++)
        if (c->shape)
            TRY(note_one(c, c->rows + (uint32_t)(i * rows / p->n_weights),
                         false));
        else
            p->weight[i] = c->at[c->used++];
    for (size_t i = 0; i < p->n_biases; i++)
        if (c->shape)
            TRY(note_one(c, c->rows + (uint32_t)i, true));
        else
            p->bias[i] = c->at[c->used++];
    c->rows += (uint32_t)rows;
done:
    return status;
}

static pleats_status make_net(pleats_ctx *ctx, const pleats_spec *spec,
                              const float *at, pleats_net **out)
{
    cursor c = {.at = at, .ctx = ctx};
    return pleats_net_of_spec(ctx, spec, fill, &c, out);
}

/* ---- one climb ---- */

typedef struct {
    search *s;
    pleats_ctx *ctx;
    uint64_t number;
    pleats_climb_state at;
    mpz_t other;
} climber;

/* other = the number of the weights `next`, 0 when it is above the most. */
static pleats_status count_next(climber *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_climb_task *t = c->s->task;
    pleats_net *net = NULL;
    bool is_exact = false;
    pleats_tally tally = {0};
    mpz_init(tally.regions);
    c->at.counts++;
    TRY(make_net(c->ctx, c->s->spec, c->at.next, &net));
    if (!t->pieces) {
        TRY(pleats_trial_count(c->ctx, net, c->s->parts.frame, t->most, 0, 0,
                               c->other, &is_exact));
    } else {
        const pleats_count_task task = {
            .pieces = true, .limits = {.threads = 1, .cells = t->most}};
        TRY(pleats_count_regions(c->ctx, net, c->s->space, &task, &tally));
        mpz_set_ui(c->other, tally.pieces);
        is_exact = tally.complete;
        TRY(pleats_check_stop(c->ctx));
    }
    if (!is_exact)
        mpz_set_ui(c->other, 0);
done:
    mpz_clear(tally.regions);
    pleats_net_clear(c->ctx, net);
    return status;
}

static float draw_normal(climber *c, double deviation)
{
    return (float)(pleats_rng_normal(&c->at.rng) * deviation);
}

/* A multiple of 1/4 up to 2. */
static float draw_rational(climber *c)
{
    return (float)((double)pleats_rng_below(&c->at.rng, 17) - 8) / 4;
}

/* Random weights: normal, uniform or small rational ones, small biases or not.
 */
static void draw_start(climber *c)
{
    const uint64_t kind = pleats_rng_below(&c->at.rng, 4);
    const double bias = pleats_rng_below(&c->at.rng, 2) ? 1 : 0.3;
    for (size_t i = 0; i < c->s->shape.n; i++) {
        const double scale = c->s->shape.is_bias[i] ? bias : 1;
        c->at.next[i] =
            kind == 0 ? draw_rational(c)
            : kind == 1
                ? (float)(scale * (2 * pleats_rng_uniform(&c->at.rng) - 1))
                : draw_normal(c, scale);
    }
}

/* One number anew, a little or much changed, turned, or a small rational. */
static void change_one(climber *c, size_t i)
{
    switch (pleats_rng_below(&c->at.rng, 6)) {
    case 0:
        c->at.next[i] = draw_normal(c, 1);
        break;
    case 1:
        c->at.next[i] = -c->at.next[i];
        break;
    case 2:
        c->at.next[i] = draw_rational(c);
        break;
    case 3:
        c->at.next[i] += draw_normal(c, 0.05);
        break;
    default:
        c->at.next[i] *= (float)(1 + pleats_rng_normal(&c->at.rng) / 2);
    }
}

/* Changes a row, all biases a little, or one to three single numbers. */
static void move(climber *c)
{
    const genome *g = &c->s->shape;
    const uint64_t kind = pleats_rng_below(&c->at.rng, 10);
    const uint32_t row = (uint32_t)pleats_rng_below(&c->at.rng, c->s->n_rows);
    const double step = pleats_rng_below(&c->at.rng, 2) ? 0.5 : 0.1;
    for (size_t i = 0; kind < 3 && i < g->n; i++) {
        if (kind == 0 && g->row[i] == row)
            c->at.next[i] += draw_normal(c, step);
        if (kind == 1 && g->row[i] == row)
            c->at.next[i] = -c->at.next[i];
        if (kind == 2 && g->is_bias[i])
            c->at.next[i] += draw_normal(c, step);
    }
    if (kind >= 3)
        for (uint64_t k = pleats_rng_below(&c->at.rng, 3); k < 3; k++)
            change_one(c, pleats_rng_below(&c->at.rng, g->n));
}

/* Whether a climb before this one is at the target, or this one is. */
static bool is_over(climber *c)
{
    search *s = c->s;
    pthread_mutex_lock(&s->lock);
    if (s->task->target && mpz_cmp(c->at.value, s->task->target) >= 0 &&
        c->number < s->reached)
        s->reached = c->number;
    const bool over = s->reached <= c->number;
    pthread_mutex_unlock(&s->lock);
    return over;
}

/* Takes `next` if it has not less. *rose: it has more. */
static void settle(climber *c, bool *rose)
{
    const size_t n = c->s->shape.n;
    const int sign = mpz_cmp(c->other, c->at.value);
    *rose = sign > 0;
    if (sign >= 0) {
        memcpy(c->at.now, c->at.next, n * sizeof *c->at.now);
        mpz_set(c->at.value, c->other);
    } else {
        memcpy(c->at.next, c->at.now, n * sizeof *c->at.next);
    }
}

/* The best of all climbs; of equal ones the first. */
static void report(climber *c, bool is_done)
{
    search *s = c->s;
    pleats_climb *out = s->out;
    pthread_mutex_lock(&s->lock);
    const int sign = mpz_cmp(c->at.value, out->best);
    if (sign > 0 ||
        (sign == 0 && mpz_sgn(c->at.value) > 0 && c->number < out->start)) {
        memcpy(s->best, c->at.now, s->shape.n * sizeof *s->best);
        mpz_set(out->best, c->at.value);
        out->start = c->number;
    }
    s->counts[c->number] = c->at.counts;
    s->is_done[c->number] = is_done;
    pthread_mutex_unlock(&s->lock);
}

/* ---- its place in the record ---- */

/* Puts where the climb stands. */
static pleats_status note(climber *c, bool is_done)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    if (!c->s->task->record)
        return PLEATS_OK;
    TRY(pleats_climb_state_write(c->ctx, &c->at, &text));
    TRY(pleats_record_put(c->ctx, c->s->task->record, c->number, is_done,
                          text.byte));
done:
    pleats_release(c->ctx, text.byte);
    return status;
}

/* Goes to where the record says that the climb stands (*is_there), or to its
 * start. */
static pleats_status take_up(climber *c, bool *is_there, bool *is_done)
{
    pleats_status status = PLEATS_OK;
    bool fits = true;
    const char *text =
        pleats_record_find(c->s->task->record, c->number, is_done);
    *is_there = text != NULL;
    pleats_rng_stream(&c->at.rng, c->s->task->seed, c->number);
    if (text)
        TRY(pleats_climb_state_read(c->ctx, &c->at, text, &fits));
    else
        draw_start(c);
    if (!fits)
        TRY(pleats_record_refuse(c->ctx, c->number));
done:
    return status;
}

/* ---- all of it ---- */

/* Climbs until nothing more is found, or it or one before it is at the target:
 * what those behind that one found is of no consequence. */
static pleats_status climb(climber *c)
{
    pleats_status status = PLEATS_OK;
    const uint64_t patience = c->s->task->patience
                                  ? c->s->task->patience
                                  : 100 + 10 * (uint64_t)c->s->shape.n;
    bool rose;
    while (c->at.idle <= patience && !is_over(c)) {
        TRY(count_next(c));
        settle(c, &rose);
        c->at.idle = rose ? 0 : c->at.idle + 1;
        move(c);
        TRY(note(c, false));
    }
    TRY(note(c, true));
done:
    return status;
}

static pleats_status make_climb(void *state, pleats_idx worker, pleats_ctx *ctx,
                                uint64_t number)
{
    pleats_status status = PLEATS_OK;
    search *s = state;
    climber c = {.s = s, .ctx = ctx, .number = number};
    bool is_there, is_done;
    (void)worker;
    mpz_init(c.other);
    TRY(pleats_climb_state_init(ctx, &c.at, s->shape.n));
    TRY(take_up(&c, &is_there, &is_done));
    const bool is_asked = pleats_record_asks(s->task->record, number);
    if (is_asked)
        status = climb(&c);
    else if (is_done)
        (void)is_over(&c);
    if (is_asked || is_there)
        report(&c, status == PLEATS_OK && (is_asked || is_done));
done:
    pleats_climb_state_clear(ctx, &c.at);
    mpz_clear(c.other);
    return status;
}

/* ---- all climbs ---- */

/* What all climbs have alike; `net` has the architecture. */
static pleats_status begin_record(const search *s, const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    const pleats_climb_task *t = s->task;
    pleats_text identity = {0};
    if (!t->record)
        return PLEATS_OK;
    TRY(pleats_record_identity(s->ctx, &identity, "search"));
    TRY(pleats_text_put(
        s->ctx, &identity, "seed %llu\ncount %s\nmost %llu\npatience %llu\n",
        (unsigned long long)t->seed, t->pieces ? "pieces" : "regions",
        (unsigned long long)t->most, (unsigned long long)t->patience));
    TRY(pleats_origin_text(s->ctx, net, s->parts.frame, &identity));
    TRY(pleats_record_begin(s->ctx, t->record, &identity));
done:
    pleats_release(s->ctx, identity.byte);
    return status;
}

static pleats_status prepare(search *s)
{
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    cursor c = {.shape = &s->shape, .ctx = s->ctx};
    TRY(pleats_net_of_spec(s->ctx, s->spec, fill, &c, &net));
    s->n_rows = c.rows;
    if (s->shape.n == 0)
        TRY(pleats_fail(s->ctx, PLEATS_INVALID,
                        "the architecture has no parameters to choose"));
    TRY(pleats_domain_whole(s->ctx, net->n_inputs, &s->space));
    TRY(pleats_parts_init(s->ctx, &s->parts, s->space));
    TRY(begin_record(s, net));
    TRY(pleats_alloc(s->ctx, s->shape.n, sizeof *s->best, &s->best));
    TRY(pleats_alloc(s->ctx, s->task->starts, sizeof *s->counts, &s->counts));
    TRY(pleats_alloc(s->ctx, s->task->starts, sizeof *s->is_done, &s->is_done));
done:
    pleats_net_clear(s->ctx, net);
    return status;
}

static pleats_status run_all(search *s)
{
    pleats_status status = PLEATS_OK;
    pleats_team team = {0};
    TRY(pleats_team_init(s->ctx, &team, &s->task->limits));
    status = pleats_numbered_run(&team, 0, s->task->starts, make_climb, s,
                                 &s->task->limits);
    s->out->complete = status == PLEATS_OK;
    if (status == PLEATS_LIMIT && pleats_stop_reason(s->ctx))
        status = PLEATS_OK;
    /* Climbs behind the one that reached the target may not have begun. */
    for (uint64_t i = 0; i < s->task->starts && i <= s->reached; i++) {
        s->out->counts += s->counts[i];
        s->out->starts += s->is_done[i];
    }
done:
    pleats_team_clear(s->ctx, &team);
    return status;
}

pleats_status pleats_climb_run(pleats_ctx *ctx, const pleats_spec *spec,
                               const pleats_climb_task *task, pleats_climb *out)
{
    pleats_status status = PLEATS_OK;
    search s = {.ctx = ctx,
                .spec = spec,
                .task = task,
                .reached = UINT64_MAX,
                .out = out};
    pthread_mutex_init(&s.lock, NULL);
    TRY(prepare(&s));
    TRY(run_all(&s));
    if (mpz_sgn(out->best) > 0)
        TRY(make_net(ctx, spec, s.best, &out->net));
done:
    pleats_record_end(task->record);
    pthread_mutex_destroy(&s.lock);
    pleats_parts_clear(ctx, &s.parts);
    pleats_domain_clear(ctx, s.space);
    pleats_release(ctx, s.shape.row);
    pleats_release(ctx, s.shape.is_bias);
    pleats_release(ctx, s.best);
    pleats_release(ctx, s.counts);
    pleats_release(ctx, s.is_done);
    return status;
}

void pleats_climb_clear(pleats_ctx *ctx, pleats_climb *climb)
{
    pleats_net_clear(ctx, climb->net);
    climb->net = NULL;
}
