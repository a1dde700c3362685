/* What every folder uses: memory, errors, growing arrays, cancellation.
 *
 * The idiom of every fallible function: locals zeroed on top, `TRY(call)`
 * jumps to one `done:`, clears accept zeroed objects.
 *
 *     pleats_status f(pleats_ctx *ctx, ...)
 *     {
 *         pleats_status status = PLEATS_OK;
 *         double *row = NULL;
 *         TRY(pleats_alloc(ctx, n, sizeof *row, &row));
 *         ...
 *     done:
 *         pleats_release(ctx, row);
 *         return status;
 *     }
 */
#ifndef PLEATS_BASE_BASE_H
#define PLEATS_BASE_BASE_H

#include "pleats/context.h"

enum {
    PLEATS_MOST_THREADS = 4096,
    PLEATS_LINE = 64 /* bytes of a line of the cache: what two threads write
                        and read all the time is that far apart */
};

#define TRY(call)                                                              \
    do {                                                                       \
        status = (call);                                                       \
        if (status != PLEATS_OK)                                               \
            goto done;                                                         \
    } while (0)

/* Before a static function whose inner loops are worth it: compiled three
 * times, also for processors with 256-bit vectors and a population count, and
 * for those with AVX-512, and chosen between when the program starts.  All give
 * the same numbers, but for the files in which products are fused
 * (src/CMakeLists.txt). Static, since the one that chooses would be seen from
 * outside, whatever the visibility; GCC alone: clang 14 does not link such
 * functions across files.  tests/machines sets PLEATS_MACHINE, which compiles
 * them for one kind of machine. */
#if PLEATS_MACHINE == 1
#define PLEATS_WIDE
#elif PLEATS_MACHINE == 3
#define PLEATS_WIDE __attribute__((target("arch=x86-64-v3")))
#elif PLEATS_MACHINE == 4
#define PLEATS_WIDE __attribute__((target("arch=x86-64-v4")))
#elif defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) &&  \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PLEATS_WIDE                                                            \
    __attribute__((                                                            \
        target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PLEATS_WIDE
#endif

/* Before a static function that works on vectors of eight doubles, which are
 * slow where the machine has none: for processors with AVX-512 alone, to be
 * called if pleats_has_eights() says so. */
#if PLEATS_MACHINE == 4
#define PLEATS_EIGHTS PLEATS_WIDE
#define pleats_has_eights() true
#elif !defined(PLEATS_MACHINE) && defined(__x86_64__) &&                       \
    defined(__gnu_linux__) && !defined(__clang__) &&                           \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PLEATS_EIGHTS __attribute__((target("arch=x86-64-v4")))
#define pleats_has_eights() (__builtin_cpu_supports("x86-64-v4") != 0)
#else
#define PLEATS_EIGHTS
#define pleats_has_eights() false
#endif

/* For what such functions call: it must be compiled with them. */
#define PLEATS_WITHIN static inline __attribute__((always_inline))

/* Sets the context's message; its value is the code, which no compiler or
 * analyser can take for PLEATS_OK.  Use as
 * `return pleats_fail(ctx, PLEATS_INVALID, "...", ...)` or inside TRY. */
#define pleats_fail(ctx, code, ...)                                            \
    (pleats_fail_at((ctx), __FILE__, __LINE__, __VA_ARGS__), (code))
void pleats_fail_at(pleats_ctx *ctx, const char *file, int line,
                    const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Leaves a remark in the context.  Equal remarks are kept once. */
PLEATS_NODISCARD pleats_status pleats_remark(pleats_ctx *ctx,
                                             const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The pointer at `out`, of any type, gets `count` zeroed objects of `size`
 * bytes (NULL when count is 0).  PLEATS_NOMEM, or PLEATS_LIMIT over the memory
 * limit.
 */
PLEATS_NODISCARD pleats_status pleats_alloc(pleats_ctx *ctx, size_t count,
                                            size_t size, void *out);

/* Frees what pleats_alloc or pleats_grow gave; NULL is fine. */
void pleats_release(pleats_ctx *ctx, void *pointer);

/* Makes room for `need` objects of `size` bytes where the pointer at `array`,
 * of any type, points to, doubling `*capacity`; old contents stay, new room is
 * zeroed. */
PLEATS_NODISCARD pleats_status pleats_grow_bytes(pleats_ctx *ctx, void *array,
                                                 size_t *capacity, size_t need,
                                                 size_t size);
PLEATS_NODISCARD static inline pleats_status
pleats_grow(pleats_ctx *ctx, void *array, size_t *capacity, size_t need,
            size_t size)
{
#ifndef __clang_analyzer__ /* which cannot know that what has room is there */
    if (need <= *capacity)
        return PLEATS_OK;
#endif
    return pleats_grow_bytes(ctx, array, capacity, need, size);
}

/* A copy of `text` (of its first `length` bytes), ended by a zero byte. */
PLEATS_NODISCARD pleats_status pleats_strdup(pleats_ctx *ctx, const char *text,
                                             pleats_give char **out);
PLEATS_NODISCARD pleats_status pleats_strndup(pleats_ctx *ctx, const char *text,
                                              size_t length,
                                              pleats_give char **out);

/* How many of the first `length` bytes of `text` (at most `most`) can be shown
 * in a message of one line: the printable ASCII ones at its start. */
size_t pleats_printable(const char *text, size_t length, size_t most);

/* What holds for one call, beside what holds for the calls around it. */
typedef struct pleats_watch {
    pleats_limits limits; /* the caller's; zero where there are none */
    double started;       /* pleats_now */
    double deadline;      /* these: what holds when the call has ended */
    size_t memory;
    bool is_ending;
    const struct pleats_watch *outer; /* of the call around it; may be NULL */
} pleats_watch;

/* From here on the limits (may be NULL) hold, with those of the calls around
 * this one; in all threads that work for it, none of which may begin one of its
 * own.  `watch` is lent until its end.  PLEATS_INVALID when they are of a newer
 * library or no limits. */
PLEATS_NODISCARD pleats_status pleats_watch_begin(pleats_ctx *ctx,
                                                  const pleats_limits *limits,
                                                  pleats_watch *watch);
/* Down to here.  A watch that is zeroed, since it never began, is fine. */
void pleats_watch_end(pleats_ctx *ctx, const pleats_watch *watch);

/* Threads that may work: limits->threads, or as many as processors. */
pleats_idx pleats_watch_threads(const pleats_limits *limits);

/* Copies a caller's struct of `given` bytes to `ours`, of `size` bytes: what is
 * not given is 0.  PLEATS_INVALID when it says something that this library does
 * not know. */
PLEATS_NODISCARD pleats_status pleats_struct_copy(pleats_ctx *ctx,
                                                  const void *theirs,
                                                  size_t given, size_t size,
                                                  void *ours);

/* The same for options [theirs->size bytes; 0: `first`, those of the first
 * version]; NULL: zeros. */
#define pleats_options_take(ctx, theirs, ours, first)                          \
    pleats_options_copy((ctx), (theirs), sizeof *(ours), (first), (ours))
PLEATS_NODISCARD pleats_status pleats_options_copy(pleats_ctx *ctx,
                                                   const void *theirs,
                                                   size_t size, size_t first,
                                                   void *ours);

/* While it is so, there is no reason to stop: a call that was stopped, or is
 * done with its long work, puts together what it has. */
void pleats_set_ending(pleats_ctx *ctx, bool is_ending);

/* Why long work should stop now: PLEATS_STOP_CANCEL or PLEATS_STOP_TIME; _NONE
 * when it may go on. */
pleats_stop pleats_stop_reason(const pleats_ctx *ctx);

/* Whether a status is PLEATS_LIMIT without a reason to stop: what was tried was
 * too large for its own bounds, or for memory. */
bool pleats_is_too_large(const pleats_ctx *ctx, pleats_status status);

/* Seconds until a time limit ends the call that is under way; infinite when
 * none will. */
double pleats_seconds_left(const pleats_ctx *ctx);

/* PLEATS_LIMIT when there is a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_check_stop(pleats_ctx *ctx);

/* The same for the body of a loop: it has done so many steps of about a
 * nanosecond each, and looks only when a millisecond or so has gone by. */
PLEATS_NODISCARD pleats_status pleats_check_work(pleats_ctx *ctx, size_t steps);

/* Adds to the live bytes what is held outside the context's allocator (big
 * integers), PLEATS_LIMIT when that would pass the memory limit; and takes it
 * away again. */
PLEATS_NODISCARD pleats_status pleats_book(pleats_ctx *ctx, size_t bytes);
void pleats_unbook(pleats_ctx *ctx, size_t bytes);

/* A context for another thread that works for the caller of `ctx`: it shares
 * its memory, limits and reasons to stop, and has a message and remarks of its
 * own. */
PLEATS_NODISCARD pleats_status pleats_ctx_fork(pleats_ctx *ctx,
                                               pleats_give pleats_ctx **out);
/* Ends a fork (NULL is fine): `ctx` gets its remarks. */
void pleats_ctx_join(pleats_ctx *ctx, pleats_take pleats_ctx *fork);
/* `ctx` says what `from` said last. */
void pleats_ctx_take_message(pleats_ctx *ctx, const pleats_ctx *from);

/* Processors that this process may run on, at least 1. */
pleats_idx pleats_n_processors(void);

/* Seconds on a clock that never goes back. */
double pleats_now(void);

static inline int64_t pleats_lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#endif
