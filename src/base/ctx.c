/* The context: memory accounting, messages, remarks, the cancel flag.
 *
 * Every block carries its size in a header, so that frees need no size and
 * live and peak bytes are exact.
 *
 * A fork has messages and remarks of its own; all else it shares with its
 * owner, which threads change by atomic operations only. */
#define _POSIX_C_SOURCE 200809L
#include "base/base.h"
#include "base/text.h"
#include "pleats/text.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MESSAGE_BYTES = 16384, HEADER_BYTES = 16, MAX_REMARKS = 64 };

/* Steps of work between looks at the clock, about a millisecond; bytes that
 * are cleared between two. */
enum { STEPS_PER_LOOK = 1 << 20, BYTES_PER_LOOK = 1 << 24 };

#define DEFAULT_MEMORY_LIMIT ((size_t)8 << 30)

struct pleats_ctx {
    pleats_ctx *owner; /* itself, unless it is a fork */
    pleats_allocator allocator;
    atomic_size_t live, peak;
    size_t limit;
    atomic_bool cancelled, is_full; /* the memory limit was met */
    bool is_ending;   /* what is there is put together; as deadline */
    double deadline;  /* of the call, 0: none; not set while others look */
    double last_call; /* of all work, likewise */
    const pleats_watch *watch; /* of the innermost call, likewise */
    size_t steps;              /* of work since the last look, this thread's */
    const char *file;          /* where the last failure was reported */
    int line;
    char message[MESSAGE_BYTES];
    size_t n_remarks;
    char *remarks[MAX_REMARKS];
};

static void *default_alloc(void *state, size_t bytes)
{
    (void)state;
    return malloc(bytes);
}

static void default_release(void *state, void *pointer, size_t bytes)
{
    (void)state;
    (void)bytes;
    free(pointer);
}

pleats_status pleats_ctx_new(const pleats_allocator *allocator,
                             pleats_ctx **out)
{
    const pleats_allocator standard = {default_alloc, default_release, NULL};
    const pleats_allocator *a = allocator ? allocator : &standard;
    pleats_ctx *ctx = a->alloc(a->state, sizeof *ctx);
    *out = ctx;
    if (!ctx)
        return PLEATS_NOMEM;
    memset(ctx, 0, sizeof *ctx);
    ctx->owner = ctx;
    ctx->allocator = *a;
    ctx->limit = DEFAULT_MEMORY_LIMIT;
    atomic_init(&ctx->live, 0);
    atomic_init(&ctx->peak, 0);
    atomic_init(&ctx->cancelled, false);
    atomic_init(&ctx->is_full, false);
    return PLEATS_OK;
}

void pleats_ctx_free(pleats_ctx *ctx)
{
    if (!ctx)
        return;
    for (size_t i = 0; i < ctx->n_remarks; i++)
        pleats_release(ctx, ctx->remarks[i]);
    ctx->allocator.release(ctx->allocator.state, ctx, sizeof *ctx);
}

pleats_status pleats_ctx_fork(pleats_ctx *ctx, pleats_ctx **out)
{
    pleats_status status = pleats_alloc(ctx, 1, sizeof **out, out);
    if (status == PLEATS_OK)
        (*out)->owner = ctx->owner;
    return status;
}

static bool has_remark(const pleats_ctx *ctx, const char *text)
{
    for (size_t i = 0; i < ctx->n_remarks; i++)
        if (strcmp(ctx->remarks[i], text) == 0)
            return true;
    return false;
}

void pleats_ctx_join(pleats_ctx *ctx, pleats_ctx *fork)
{
    if (!fork)
        return;
    for (size_t i = 0; i < fork->n_remarks; i++) {
        if (ctx->n_remarks < MAX_REMARKS && !has_remark(ctx, fork->remarks[i]))
            ctx->remarks[ctx->n_remarks++] = fork->remarks[i];
        else
            pleats_release(ctx, fork->remarks[i]);
    }
    pleats_release(ctx, fork);
}

void pleats_ctx_take_message(pleats_ctx *ctx, const pleats_ctx *from)
{
    if (ctx == from)
        return;
    memcpy(ctx->message, from->message, sizeof ctx->message);
    ctx->file = from->file;
    ctx->line = from->line;
}

const char *pleats_ctx_message(const pleats_ctx *ctx)
{
    return ctx->message;
}

size_t pleats_ctx_n_remarks(const pleats_ctx *ctx)
{
    return ctx->n_remarks;
}

const char *pleats_ctx_remark(const pleats_ctx *ctx, size_t i)
{
    return i < ctx->n_remarks ? ctx->remarks[i] : "";
}

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

pleats_status pleats_struct_copy(pleats_ctx *ctx, const void *theirs,
                                 size_t given, size_t size, void *ours)
{
    memset(ours, 0, size);
    for (size_t i = size; i < given; i++)
        if (((const unsigned char *)theirs)[i])
            return pleats_fail(ctx, PLEATS_INVALID,
                               "a struct of %zu bytes says what this version "
                               "of the library (%zu bytes) does not know",
                               given, size);
    memcpy(ours, theirs, given < size ? given : size);
    return PLEATS_OK;
}

pleats_status pleats_options_copy(pleats_ctx *ctx, const void *theirs,
                                  size_t size, size_t first, void *ours)
{
    size_t given = 0;
    memset(ours, 0, size);
    if (!theirs)
        return PLEATS_OK;
    memcpy(&given, theirs, sizeof given);
    return pleats_struct_copy(ctx, theirs, given ? given : first, size, ours);
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

void pleats_ctx_set_memory_limit(pleats_ctx *ctx, size_t bytes)
{
    ctx->owner->limit = bytes;
}

size_t pleats_ctx_live_bytes(const pleats_ctx *ctx)
{
    return atomic_load_explicit(&ctx->owner->live, memory_order_relaxed);
}

size_t pleats_ctx_peak_bytes(const pleats_ctx *ctx)
{
    return atomic_load_explicit(&ctx->owner->peak, memory_order_relaxed);
}

void pleats_fail_at(pleats_ctx *ctx, const char *file, int line,
                    const char *format, ...)
{
    char text[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    pleats_vformat(text, sizeof text, format, args);
    va_end(args);
    pleats_plain(text, ctx->message, sizeof ctx->message);
    ctx->file = file;
    ctx->line = line;
}

pleats_status pleats_remark(pleats_ctx *ctx, const char *format, ...)
{
    char raw[MESSAGE_BYTES], text[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    pleats_vformat(raw, sizeof raw, format, args);
    va_end(args);
    pleats_plain(raw, text, sizeof text);
    if (has_remark(ctx, text) || ctx->n_remarks == MAX_REMARKS)
        return PLEATS_OK;
    pleats_status status =
        pleats_strdup(ctx, text, &ctx->remarks[ctx->n_remarks]);
    if (status == PLEATS_OK)
        ctx->n_remarks++;
    return status;
}

/* Adds so many live bytes, unless that would pass the limit. */
static bool book(pleats_ctx *owner, size_t bytes)
{
    const memory_order relaxed = memory_order_relaxed;
    size_t live = atomic_load_explicit(&owner->live, relaxed);
    do {
        if (bytes > owner->limit || live > owner->limit - bytes)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(
        &owner->live, &live, live + bytes, relaxed, relaxed));
    return true;
}

static void note_peak(pleats_ctx *owner)
{
    const memory_order relaxed = memory_order_relaxed;
    size_t live = atomic_load_explicit(&owner->live, relaxed);
    size_t peak = atomic_load_explicit(&owner->peak, relaxed);
    while (peak < live && !atomic_compare_exchange_weak_explicit(
                              &owner->peak, &peak, live, relaxed, relaxed))
        ;
}

pleats_status pleats_book(pleats_ctx *ctx, size_t bytes)
{
    if (book(ctx->owner, bytes)) {
        note_peak(ctx->owner);
        return PLEATS_OK;
    }
    atomic_store_explicit(&ctx->owner->is_full, true, memory_order_relaxed);
    return pleats_fail(ctx, PLEATS_LIMIT,
                       "%zu MiB more would pass the memory limit of %zu MiB",
                       bytes >> 20, ctx->owner->limit >> 20);
}

void pleats_unbook(pleats_ctx *ctx, size_t bytes)
{
    atomic_fetch_sub_explicit(&ctx->owner->live, bytes, memory_order_relaxed);
}

/* Clears a new block; a large one takes time, in which there may come a reason
 * to stop. */
static pleats_status clear_block(pleats_ctx *ctx, unsigned char *block,
                                 size_t bytes)
{
    pleats_status status = PLEATS_OK;
    size_t done = 0;
    for (; bytes - done > BYTES_PER_LOOK; done += BYTES_PER_LOOK) {
        TRY(pleats_check_stop(ctx));
        memset(block + done, 0, BYTES_PER_LOOK);
    }
    memset(block + done, 0, bytes - done);
done:
    return status;
}

/* The pointer at `place`, whatever its type, becomes `pointer`. */
static void set_pointer(void *place, void *pointer)
{
    memcpy(place, &pointer, sizeof pointer);
}

static void *pointer_at(const void *place)
{
    void *pointer;
    memcpy(&pointer, place, sizeof pointer);
    return pointer;
}

pleats_status pleats_alloc(pleats_ctx *ctx, size_t count, size_t size,
                           void *out)
{
    pleats_ctx *owner = ctx->owner;
    size_t bytes;
    set_pointer(out, NULL);
    if (count == 0 || size == 0)
        return PLEATS_OK;
    if (__builtin_mul_overflow(count, size, &bytes) ||
        bytes > SIZE_MAX / 2 - HEADER_BYTES)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "a table of %zu x %zu bytes is too large", count,
                           size);
    bytes += HEADER_BYTES;
    pleats_status status = pleats_book(ctx, bytes);
    if (status != PLEATS_OK)
        return status;
    unsigned char *block =
        owner->allocator.alloc(owner->allocator.state, bytes);
    if (!block) {
        pleats_unbook(ctx, bytes);
        return pleats_fail(ctx, PLEATS_NOMEM, "out of memory (%zu bytes)",
                           bytes);
    }
    status = clear_block(ctx, block, bytes);
    if (status != PLEATS_OK) {
        owner->allocator.release(owner->allocator.state, block, bytes);
        pleats_unbook(ctx, bytes);
        return status;
    }
    memcpy(block, &bytes, sizeof bytes);
    set_pointer(out, block + HEADER_BYTES);
    return PLEATS_OK;
}

void pleats_release(pleats_ctx *ctx, void *pointer)
{
    size_t bytes;
    if (!pointer)
        return;
    unsigned char *block = (unsigned char *)pointer - HEADER_BYTES;
    memcpy(&bytes, block, sizeof bytes);
    pleats_ctx *owner = ctx->owner;
    pleats_unbook(ctx, bytes);
    owner->allocator.release(owner->allocator.state, block, bytes);
}

pleats_status pleats_grow_bytes(pleats_ctx *ctx, void *array, size_t *capacity,
                                size_t need, size_t size)
{
    void *old = pointer_at(array);
    if (need <= *capacity)
        return PLEATS_OK;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    void *bigger = NULL;
    pleats_status status = pleats_alloc(ctx, wanted, size, &bigger);
    if (status != PLEATS_OK)
        return status;
    if (bigger && old)
        memcpy(bigger, old, *capacity * size);
    pleats_release(ctx, old);
    set_pointer(array, bigger);
    *capacity = wanted;
    return PLEATS_OK;
}

pleats_status pleats_strndup(pleats_ctx *ctx, const char *text, size_t length,
                             char **out)
{
    pleats_status status = pleats_alloc(ctx, length + 1, 1, out);
    if (status == PLEATS_OK && length)
        memcpy(*out, text, length);
    return status;
}

pleats_status pleats_strdup(pleats_ctx *ctx, const char *text, char **out)
{
    return pleats_strndup(ctx, text, strlen(text), out);
}

size_t pleats_printable(const char *text, size_t length, size_t most)
{
    size_t n = 0;
    while (n < length && n < most && text[n] >= ' ' && text[n] <= '~')
        n++;
    return n;
}

double pleats_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
