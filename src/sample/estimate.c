#include "sample/estimate.h"

#include "base/text.h"
#include "cells/parts.h"
#include "cells/task.h"
#include "par/numbered.h"
#include "sample/student.h"
#include "sample/sweep.h"

#include <math.h>
#include <string.h>

enum { MOST_BATCHES = 20, MOST_SINGLE = 40, FIRST_ROUND = 256 };

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_frame *frame;
    const pleats_estimate_task *task;
    pleats_ahead ahead;
    pleats_team team;
    pleats_sweep *sweep; /* [team.n] one for each worker, made when needed */
    long double *result; /* [capacity] of the sweeps by number */
    size_t capacity;
} estimating;

/* ---- statistics ---- */

static void find_moments(const long double *x, size_t n, long double *mean,
                         long double *deviation)
{
    long double sum = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    sum /= (long double)n;
    for (size_t i = 0; i < n; i++)
        square += (x[i] - sum) * (x[i] - sum) / (long double)(n - 1);
    *mean = sum;
    *deviation = sqrtl(square);
}

void pleats_estimate_from(const long double *result, size_t n, double level,
                          pleats_estimate *out)
{
    long double batch[MOST_SINGLE], spread;
    size_t batches = n < MOST_SINGLE ? n : MOST_BATCHES;
    size_t each = n / batches;
    long double mean;
    find_moments(result, n, &out->mean, &out->deviation);
    for (size_t b = 0; b < batches; b++) {
        size_t end = b + 1 == batches ? n : (b + 1) * each;
        batch[b] = 0;
        for (size_t i = b * each; i < end; i++)
            batch[b] += result[i] / (long double)(end - b * each);
    }
    find_moments(batch, batches, &mean, &spread);
    long double half =
        (long double)pleats_student_quantile(level, (unsigned)batches - 1) *
        spread / sqrtl((long double)batches);
    out->sweeps = n;
    out->lo = fmaxl(1, out->mean - half);
    out->hi = out->mean + half;
    out->rel_error = (double)(half / out->mean);
    out->is_constant = out->deviation == 0;
}

/* ---- sweeps ---- */

/* The result in hexadecimal digits, which say it exactly. */
static pleats_status note_sweep(pleats_ctx *ctx, const estimating *e,
                                uint64_t number)
{
    char text[64];
    pleats_format(text, sizeof text, "sweep %La", e->result[number]);
    return pleats_record_put(ctx, e->task->record, number + 1, true, text);
}

/* *is_there: the record has it. */
static pleats_status take_sweep(pleats_ctx *ctx, const estimating *e,
                                uint64_t number, bool *is_there)
{
    char *end;
    bool is_done;
    const char *text =
        pleats_record_find(e->task->record, number + 1, &is_done);
    *is_there = text != NULL;
    if (!text)
        return PLEATS_OK;
    if (!is_done || strncmp(text, "sweep ", 6) != 0)
        return pleats_record_refuse(ctx, number + 1);
    e->result[number] = pleats_read_long_double(text + 6, &end);
    if (end == text + 6 || *end || !(e->result[number] >= 1))
        return pleats_record_refuse(ctx, number + 1);
    return PLEATS_OK;
}

static pleats_status make_sweep(void *state, pleats_idx worker, pleats_ctx *ctx,
                                uint64_t number)
{
    pleats_status status = PLEATS_OK;
    estimating *e = state;
    pleats_sweep *sweep = &e->sweep[worker];
    pleats_rng rng;
    bool is_there;
    TRY(take_sweep(ctx, e, number, &is_there));
    if (is_there)
        return PLEATS_OK;
    if (!sweep->space.ctx)
        TRY(pleats_sweep_init(ctx, sweep, e->net, e->frame, &e->ahead));
    pleats_rng_stream(&rng, e->task->seed, number);
    TRY(pleats_sweep_run(sweep, &rng, &e->result[number]));
    TRY(note_sweep(ctx, e, number));
done:
    return status;
}

/* Sweeps n .. m - 1; *made: those at the start of them that were. */
static pleats_status make_round(estimating *e, uint64_t n, uint64_t m,
                                uint64_t *made)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(e->ctx, &e->result, &e->capacity, m, sizeof *e->result));
    for (uint64_t i = n; i < m; i++)
        e->result[i] = NAN;
    status = pleats_numbered_run(&e->team, n, m, make_sweep, e, NULL);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(e->ctx))
        status = PLEATS_OK;
    *made = 0;
    while (n + *made < m && !isnan(e->result[n + *made]))
        ++*made;
done:
    return status;
}

static void tell(const pleats_estimate_task *t, uint64_t n,
                 const pleats_estimate *now)
{
    const pleats_progress progress = {.found = n,
                                      .share = (double)n / (double)t->most,
                                      .mean = (double)now->mean,
                                      .rel_error = now->rel_error};
    t->limits.progress(t->limits.progress_state, &progress);
}

/* Rounds of sweeps, each as long as all before it, until their interval is
 * short enough (*reached) or half of all sweeps are made.  *n: how many. */
static pleats_status find_number(estimating *e, pleats_estimate *out,
                                 uint64_t *n, bool *reached)
{
    pleats_status status = PLEATS_OK;
    const pleats_estimate_task *t = e->task;
    const uint64_t most = (t->most + 1) / 2;
    uint64_t next = FIRST_ROUND;
    *n = 0;
    *reached = false;
    while (*n < most && !*reached && !out->stopped) {
        uint64_t made;
        next = next < most ? next : most;
        TRY(make_round(e, *n, next, &made));
        if (*n + made < next)
            out->stopped = pleats_ctx_limit(e->ctx);
        *n += made;
        if (*n < 2)
            break;
        pleats_estimate_from(e->result, *n, t->level, out);
        *reached = out->rel_error <= t->rel_error;
        if (t->limits.progress && !out->stopped)
            tell(t, *n, out);
        next = 2 * *n;
    }
done:
    return status;
}

/* When the first sweeps reached the goal, as many again give the estimate: the
 * first ones were ended by what they found, so that their mean is too low where
 * results spread widely to one side.  Else all of them do. */
static pleats_status make_rounds(estimating *e, pleats_estimate *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_estimate_task *t = e->task;
    uint64_t n, fresh = 0;
    bool reached;
    TRY(find_number(e, out, &n, &reached));
    if (!out->stopped) {
        uint64_t last = 2 * n < t->most ? 2 * n : t->most;
        TRY(make_round(e, n, last, &fresh));
        if (n + fresh < last)
            out->stopped = pleats_ctx_limit(e->ctx);
    }
    if (n + fresh < 2)
        return pleats_fail(
            e->ctx, PLEATS_LIMIT, "there was not time for two sweeps (%s)",
            out->stopped ? pleats_stop_text(out->stopped) : "limit");
    if (reached && fresh >= 2)
        pleats_estimate_from(e->result + n, fresh, t->level, out);
    else
        pleats_estimate_from(e->result, n + fresh, t->level, out);
    if (!isfinite(out->mean))
        return pleats_fail(e->ctx, PLEATS_LIMIT,
                           "the number is beyond what can be written");
    if (!out->stopped && !reached)
        out->stopped = PLEATS_STOP_SWEEPS;
done:
    return status;
}

/* ---- the whole ---- */

static pleats_status check(const estimating *e, const pleats_domain *domain,
                           const pleats_parts *parts)
{
    if (e->net->n_inputs != domain->n_inputs)
        return pleats_fail(e->ctx, PLEATS_INVALID,
                           "the domain has %d inputs, the network %d",
                           domain->n_inputs, e->net->n_inputs);
    if (parts->n != 1)
        return pleats_fail(e->ctx, PLEATS_INVALID,
                           "an estimate is of one polytope; this domain is "
                           "%s",
                           parts->n ? "a union of several" : "empty");
    return PLEATS_OK;
}

pleats_status pleats_estimate_record(pleats_ctx *ctx, const pleats_net *net,
                                     const pleats_domain *domain, uint64_t seed,
                                     pleats_record *record)
{
    pleats_status status = PLEATS_OK;
    const estimating e = {.ctx = ctx, .net = net};
    pleats_parts parts = {0};
    pleats_text identity = {0};
    if (!record)
        return PLEATS_OK;
    TRY(pleats_parts_init_lifted(ctx, &parts, domain));
    TRY(check(&e, domain, &parts));
    TRY(pleats_record_identity(ctx, &identity, "estimate"));
    TRY(pleats_text_put(ctx, &identity, "seed %llu\n",
                        (unsigned long long)seed));
    TRY(pleats_origin_text(ctx, net, parts.frame, &identity));
    TRY(pleats_record_begin(ctx, record, &identity));
done:
    pleats_release(ctx, identity.byte);
    pleats_parts_clear(ctx, &parts);
    return status;
}

pleats_status pleats_estimate_find_count(pleats_ctx *ctx, pleats_record *record,
                                         const char **found)
{
    bool is_done;
    const char *text = pleats_record_find(record, 0, &is_done);
    *found = NULL;
    if (!text)
        return PLEATS_OK;
    if (!is_done || strncmp(text, "count ", 6) != 0 || !text[6] ||
        text[6 + strspn(text + 6, "0123456789")])
        return pleats_record_refuse(ctx, 0);
    *found = text + 6;
    return PLEATS_OK;
}

pleats_status pleats_estimate_put_count(pleats_ctx *ctx, pleats_record *record,
                                        const char *found)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    TRY(pleats_text_put(ctx, &text, "count "));
    TRY(pleats_text_bytes(ctx, &text, found, strlen(found)));
    TRY(pleats_record_put(ctx, record, 0, true, text.byte));
done:
    pleats_release(ctx, text.byte);
    return status;
}

static pleats_status start(estimating *e, const pleats_parts *parts)
{
    pleats_status status = PLEATS_OK;
    e->frame = parts->frame;
    TRY(pleats_ahead_init(e->ctx, &e->ahead, e->net, &e->frame->coordinates,
                          false));
    TRY(pleats_team_init(e->ctx, &e->team, &e->task->limits));
    TRY(pleats_alloc(e->ctx, (size_t)e->team.n, sizeof *e->sweep, &e->sweep));
done:
    return status;
}

static void end(estimating *e)
{
    for (pleats_idx i = 0; i < e->team.n && e->sweep; i++)
        pleats_sweep_clear(&e->sweep[i]);
    pleats_release(e->ctx, e->sweep);
    pleats_release(e->ctx, e->result);
    pleats_team_clear(e->ctx, &e->team);
    if (e->ahead.net)
        pleats_ahead_clear(e->ctx, &e->ahead);
}

pleats_status pleats_estimate_regions(pleats_ctx *ctx, const pleats_net *net,
                                      const pleats_domain *domain,
                                      const pleats_estimate_task *task,
                                      pleats_estimate *out)
{
    pleats_status status = PLEATS_OK;
    estimating e = {.ctx = ctx, .net = net, .task = task};
    pleats_parts parts = {0};
    *out = (pleats_estimate){0};
    TRY(pleats_parts_init_lifted(ctx, &parts, domain));
    TRY(check(&e, domain, &parts));
    TRY(start(&e, &parts));
    TRY(make_rounds(&e, out));
done:
    end(&e);
    pleats_parts_clear(ctx, &parts);
    return status;
}
