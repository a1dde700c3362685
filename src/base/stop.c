/* Why work ends before it is done: requests to cancel, limits, the clock. */
#define _POSIX_C_SOURCE 200809L
#include "base/ctx_state.h"

#include <math.h>
#include <time.h>

/* Steps of work between looks at the clock, about a millisecond. */
enum { STEPS_PER_LOOK = 1 << 20 };

void pleats_ctx_cancel(pleats_ctx *ctx)
{
    atomic_store_explicit(&ctx->owner->cancelled, true, memory_order_relaxed);
}

void pleats_ctx_resume(pleats_ctx *ctx)
{
    atomic_store_explicit(&ctx->owner->cancelled, false, memory_order_relaxed);
    ctx->owner->last_call = 0;
}

static bool is_cancelled(const pleats_ctx *owner)
{
    if (atomic_load_explicit(&owner->cancelled, memory_order_relaxed))
        return true;
    for (const pleats_watch *w = owner->watch; w; w = w->outer)
        if (w->limits.cancel &&
            __atomic_load_n(w->limits.cancel, __ATOMIC_RELAXED))
            return true;
    return false;
}

pleats_status pleats_watch_begin(pleats_ctx *ctx, const pleats_limits *limits,
                                 pleats_watch *watch)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *owner = ctx->owner;
    pleats_limits *l = &watch->limits;
    *watch = (pleats_watch){0};
    TRY(pleats_options_take(ctx, limits, l, sizeof *l));
    if (!(l->seconds >= 0))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a time limit is a number of seconds, or 0 for none"));
    if (l->threads < 0 || l->threads > PLEATS_MOST_THREADS)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%d threads: there can be 1 to %d, or 0 for as many "
                        "as processors",
                        l->threads, PLEATS_MOST_THREADS));
    watch->started = pleats_now();
    watch->deadline = owner->deadline;
    watch->memory = owner->limit;
    watch->is_ending = owner->is_ending;
    watch->outer = owner->watch;
    double end = l->seconds > 0 ? watch->started + l->seconds : 0;
    if (end > 0 && (owner->deadline == 0 || end < owner->deadline))
        owner->deadline = end;
    if (l->bytes > 0 && l->bytes < owner->limit)
        owner->limit = l->bytes;
    owner->watch = watch;
    if (!watch->outer)
        atomic_store_explicit(&owner->is_full, false, memory_order_relaxed);
done:
    return status;
}

void pleats_watch_end(pleats_ctx *ctx, const pleats_watch *watch)
{
    if (watch->started == 0)
        return;
    ctx->owner->deadline = watch->deadline;
    ctx->owner->limit = watch->memory;
    ctx->owner->watch = watch->outer;
    ctx->owner->is_ending = watch->is_ending;
}

pleats_idx pleats_watch_threads(const pleats_limits *limits)
{
    pleats_idx n = limits->threads ? limits->threads : pleats_n_processors();
    return n < PLEATS_MOST_THREADS ? n : PLEATS_MOST_THREADS;
}

void pleats_ctx_set_time_limit(pleats_ctx *ctx, double seconds)
{
    ctx->owner->last_call = seconds > 0 ? pleats_now() + seconds : 0;
}

void pleats_set_ending(pleats_ctx *ctx, bool is_ending)
{
    ctx->owner->is_ending = is_ending;
}

pleats_stop pleats_stop_reason(const pleats_ctx *ctx)
{
    if (ctx->owner->is_ending)
        return PLEATS_STOP_NONE;
    if (is_cancelled(ctx->owner))
        return PLEATS_STOP_CANCEL;
    const double deadline = ctx->owner->deadline;
    const double last_call = ctx->owner->last_call;
    const double now = deadline > 0 || last_call > 0 ? pleats_now() : 0;
    if ((deadline > 0 && now > deadline) || (last_call > 0 && now > last_call))
        return PLEATS_STOP_TIME;
    return PLEATS_STOP_NONE;
}

double pleats_seconds_left(const pleats_ctx *ctx)
{
    const double ends[] = {ctx->owner->deadline, ctx->owner->last_call};
    double left = INFINITY;
    for (int i = 0; i < 2; i++)
        if (ends[i] > 0)
            left =
                ends[i] - pleats_now() < left ? ends[i] - pleats_now() : left;
    return left > 0 ? left : 0;
}

bool pleats_is_too_large(const pleats_ctx *ctx, pleats_status status)
{
    return status == PLEATS_LIMIT && !pleats_stop_reason(ctx);
}

pleats_stop pleats_ctx_limit(const pleats_ctx *ctx)
{
    pleats_stop reason = pleats_stop_reason(ctx);
    if (!reason &&
        atomic_load_explicit(&ctx->owner->is_full, memory_order_relaxed))
        reason = PLEATS_STOP_MEMORY;
    return reason;
}

pleats_status pleats_check_stop(pleats_ctx *ctx)
{
    pleats_stop reason = pleats_stop_reason(ctx);
    return reason ? pleats_fail(ctx, PLEATS_LIMIT, "stopped by: %s",
                                pleats_stop_text(reason))
                  : PLEATS_OK;
}

pleats_status pleats_check_work(pleats_ctx *ctx, size_t steps)
{
    ctx->steps += steps < STEPS_PER_LOOK ? steps + 1 : STEPS_PER_LOOK;
    if (ctx->steps < STEPS_PER_LOOK)
        return PLEATS_OK;
    ctx->steps = 0;
    return pleats_check_stop(ctx);
}

double pleats_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
