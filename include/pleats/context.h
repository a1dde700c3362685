/* The context: where memory comes from, what was wrong, what was remarked, and
 * how work is stopped from outside. */
#ifndef PLEATS_CONTEXT_H
#define PLEATS_CONTEXT_H

#include "pleats/limits.h"
#include "pleats/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where memory comes from.  `alloc` returns NULL when there is none; `bytes`
 * is never 0.  `release` gets what `alloc` gave, with the same `bytes`.  Both
 * may be called from several threads at once where a call works with threads
 * (pleats_limits.threads). */
typedef struct {
    void *(*alloc)(void *state, size_t bytes);
    void (*release)(void *state, void *pointer, size_t bytes);
    void *state;
} pleats_allocator;

typedef struct pleats_ctx pleats_ctx;

/* A context with the given allocator (NULL: calloc and free), which is copied.
 * PLEATS_NOMEM. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_ctx_new(const pleats_allocator *allocator, pleats_give pleats_ctx **out);

/* Frees the context; everything made with it must be gone before.  NULL is
 * fine. */
PLEATS_API void pleats_ctx_free(pleats_take pleats_ctx *ctx);

/* What the last failed call had to say, one line, "" when none failed.
 * Valid until the next call with this context. */
PLEATS_API const char *pleats_ctx_message(const pleats_ctx *ctx);

/* Remarks (not errors) that calls left behind: skipped tails, rounded
 * parameters, empty domains.  Valid until the context is freed. */
PLEATS_API size_t pleats_ctx_n_remarks(const pleats_ctx *ctx);
PLEATS_API const char *pleats_ctx_remark(const pleats_ctx *ctx, size_t i);

/* Asks all work with this context to stop soon: calls end with PLEATS_LIMIT, or
 * with what they have and a word that it is not complete.  So do all later
 * calls, until pleats_ctx_resume.  Safe in a signal handler and from another
 * thread. */
PLEATS_API void pleats_ctx_cancel(pleats_ctx *ctx);

/* The context works again after pleats_ctx_cancel, or after its time was over:
 * the request is taken back and the time limit is gone.  Not while a call is
 * under way. */
PLEATS_API void pleats_ctx_resume(pleats_ctx *ctx);

/* The same by the clock: all work with this context is to end so many seconds
 * from now, reading of files included; 0: no limit.  The limits of a call hold
 * beside it.  Not while a call is under way. */
PLEATS_API void pleats_ctx_set_time_limit(pleats_ctx *ctx, double seconds);

/* Why calls with this context stop, or the last one that was stopped:
 * PLEATS_STOP_TIME, _CANCEL, _MEMORY; _NONE when none of them was met. */
PLEATS_API pleats_stop pleats_ctx_limit(const pleats_ctx *ctx);

/* Live memory above which allocations fail with PLEATS_LIMIT (default 8 GiB;
 * numbers inside GMP are not counted). */
PLEATS_API void pleats_ctx_set_memory_limit(pleats_ctx *ctx, size_t bytes);

/* Bytes held now, and the most held so far (numbers inside GMP not counted). */
PLEATS_API size_t pleats_ctx_live_bytes(const pleats_ctx *ctx);
PLEATS_API size_t pleats_ctx_peak_bytes(const pleats_ctx *ctx);

#ifdef __cplusplus
}
#endif
#endif
