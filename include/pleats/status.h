/* Status codes, and the words that all headers share.
 *
 * Every function that can fail returns a `pleats_status`; the context then
 * holds one line that says what was wrong, where, and what would be right
 * (pleats_ctx_message).  The library never prints, exits or aborts.  (One
 * exception, GMP's own: when an allocation of a big number fails, GMP
 * terminates the process.)
 *
 * Threads.  A context and everything made with it belong to one thread at a
 * time; different contexts may be used at the same time.  Networks, domains,
 * rows and specs do not change once they are made, so several threads may lend
 * the same ones to calls with contexts of their own.  Calls that start threads
 * themselves say so, and these have ended when they return.
 *
 * Structs.  Those that a caller fills in may grow: their first member is the
 * size that the caller was compiled with, which `pleats_init_...` sets, and 0
 * means that of version 0.2, so that {0} is fine; all else being 0 is the
 * default, and a NULL pointer the same.  Those that the library fills in end
 * with reserved room. */
#ifndef PLEATS_STATUS_H
#define PLEATS_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Stands before every public function: only these are symbols of the shared
 * library. */
#define PLEATS_API __attribute__((visibility("default")))

#define PLEATS_NODISCARD __attribute__((warn_unused_result))

/* Ownership of pointer parameters and results; an unmarked pointer is lent. */
#define pleats_give /* the receiver must free it */
#define pleats_take /* the callee frees it, or keeps it */

typedef enum {
    PLEATS_OK = 0,
    PLEATS_INVALID,   /* the input is refused: a file, a number, a network */
    PLEATS_LIMIT,     /* a limit or a cancel request left no answer at all */
    PLEATS_UNDECIDED, /* no certificate could be found */
    PLEATS_NOMEM,     /* the allocator returned NULL */
    PLEATS_INTERNAL,  /* a broken invariant: a defect in pleats */
    PLEATS_IO         /* a file could not be written */
} pleats_status;

/* A code in words: "invalid input". */
PLEATS_API const char *pleats_status_text(pleats_status status);

/* The version of the library that is linked, "0.2.0"; that of the headers is
 * PLEATS_VERSION (pleats/version.h). */
PLEATS_API const char *pleats_version(void);

/* Local index of a scalar, unit, row or coordinate inside one process. */
typedef int32_t pleats_idx;

#ifdef __cplusplus
}
#endif
#endif
