/* The context, the status codes and the ownership words that every part of
 * pleats shares.
 *
 * Every function that can fail returns a `pleats_status`; the context then
 * holds one line that says what was wrong, where, and what would be right.
 * The library never prints, exits or aborts.  (One exception, GMP's own: when
 * an allocation of a big number fails, GMP terminates the process.)
 *
 * A context and everything made with it belong to one thread at a time; calls
 * that start threads of their own say so.
 */
#ifndef PLEATS_STATUS_H
#define PLEATS_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    PLEATS_OK = 0,
    PLEATS_INVALID,   /* the input is refused: a file, a number, a network */
    PLEATS_LIMIT,     /* a budget, a cancel request or the memory limit */
    PLEATS_UNDECIDED, /* no certificate could be found */
    PLEATS_NOMEM,     /* the allocator returned NULL */
    PLEATS_INTERNAL,  /* a broken invariant: a defect in pleats */
    PLEATS_IO         /* a file could not be written */
} pleats_status;

#define PLEATS_NODISCARD __attribute__((warn_unused_result))

/* Ownership of pointer parameters and results; an unmarked pointer is lent. */
#define pleats_give /* the receiver must free it */
#define pleats_take /* the callee frees it, or keeps it */

/* Local index of a scalar, unit, row or coordinate inside one process. */
typedef int32_t pleats_idx;

/* Where memory comes from.  `alloc` returns NULL when there is none; `bytes`
 * is never 0.  `release` gets what `alloc` gave, with the same `bytes`.  Both
 * may be called from several threads at once where a call works with threads
 * (pleats_count_options.threads). */
typedef struct {
    void *(*alloc)(void *state, size_t bytes);
    void (*release)(void *state, void *pointer, size_t bytes);
    void *state;
} pleats_allocator;

typedef struct pleats_ctx pleats_ctx;

/* A context with the given allocator (NULL: malloc and free). */
PLEATS_NODISCARD pleats_status pleats_ctx_new(const pleats_allocator *allocator,
                                              pleats_give pleats_ctx **out);

/* Frees the context; everything made with it must be gone before. */
void pleats_ctx_free(pleats_take pleats_ctx *ctx);

/* What the last failed call had to say, one line, "" when none failed.
 * Valid until the next call with this context. */
const char *pleats_ctx_message(const pleats_ctx *ctx);

/* Remarks (not errors) that calls left behind: skipped tails, rounded
 * parameters, empty domains.  Valid until the context is freed. */
size_t pleats_ctx_n_remarks(const pleats_ctx *ctx);
const char *pleats_ctx_remark(const pleats_ctx *ctx, size_t i);

/* Asks all work with this context to stop soon: calls end with PLEATS_LIMIT, or
 * with what they have and a word that it is not complete.  Safe in a signal
 * handler and from another thread. */
void pleats_ctx_cancel(pleats_ctx *ctx);

/* The same by the clock: all work with this context is to end so many seconds
 * from now, reading of files included; 0: no limit.  The time limit of a call
 * holds beside it.  Not while a call is under way. */
void pleats_ctx_set_time_limit(pleats_ctx *ctx, double seconds);

/* Why calls with this context stop, or the last one that was stopped: "time
 * limit", "interrupt" (pleats_ctx_cancel), "memory limit"; NULL when none of
 * them was met. */
const char *pleats_ctx_limit(const pleats_ctx *ctx);

/* Live memory above which allocations fail with PLEATS_LIMIT (default 8 GiB;
 * numbers inside GMP are not counted). */
void pleats_ctx_set_memory_limit(pleats_ctx *ctx, size_t bytes);

/* Bytes held now, and the most held so far (numbers inside GMP not counted). */
size_t pleats_ctx_live_bytes(const pleats_ctx *ctx);
size_t pleats_ctx_peak_bytes(const pleats_ctx *ctx);

#ifdef __cplusplus
}
#endif
#endif
