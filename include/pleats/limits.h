/* What every long call heeds, and the words for what came of it. */
#ifndef PLEATS_LIMITS_H
#define PLEATS_LIMITS_H

#include "pleats/status.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a number is.  An upper label never stands for more than it says: what
 * was found before a limit is PLEATS_LOWER. */
typedef enum {
    PLEATS_NO_LABEL, /* there is no number */
    PLEATS_EXACT,
    PLEATS_PROBABLE, /* exact but for a probability that is stated with it */
    PLEATS_LOWER,    /* a proven lower bound */
    PLEATS_UPPER,    /* a proven upper bound */
    PLEATS_ESTIMATE  /* of random samples, with an interval */
} pleats_label;

/* "exact", "probable", "lower", "upper", "estimate"; NULL of no label. */
PLEATS_API const char *pleats_label_text(pleats_label label);

/* Why a call ended before its work was done. */
typedef enum {
    PLEATS_STOP_NONE,     /* it did not: the answer is complete */
    PLEATS_STOP_TIME,     /* the time limit of the call or of the context */
    PLEATS_STOP_CANCEL,   /* pleats_ctx_cancel, pleats_limits.cancel */
    PLEATS_STOP_MEMORY,   /* the memory limit of the call or of the context */
    PLEATS_STOP_CELLS,    /* pleats_limits.cells */
    PLEATS_STOP_VISITOR,  /* the caller's visitor asked for no more */
    PLEATS_STOP_SWEEPS,   /* the most sweeps of an estimate */
    PLEATS_STOP_UNDECIDED /* half-spaces for which no proof was found */
} pleats_stop;

/* "time limit", "interrupt", "memory limit", "cell limit", "visitor",
 * "sweep limit", "undecided half-spaces"; NULL of PLEATS_STOP_NONE. */
PLEATS_API const char *pleats_stop_text(pleats_stop stop);

/* What long work tells while it runs. */
typedef struct {
    uint64_t found;   /* regions, patterns, trials so far */
    double share;     /* of the work that is done, 0 to 1 */
    double mean;      /* of an estimate so far, else 0 */
    double rel_error; /* of that mean */
    /* Of a search for an extreme value: it is between these, which need not be
     * finite. */
    double lower, upper;
    uint64_t reserved[2];
} pleats_progress;

/* Called a few times a second, in the thread of the call. */
typedef void (*pleats_progress_fn)(void *state, const pleats_progress *now);

/* What a call may use.  NULL, or all zero: only the context's own limits hold.
 * Where a limit ends a call that has part of an answer, it returns PLEATS_OK
 * with that part, its label, and the reason. */
typedef struct {
    size_t size;     /* of this struct; pleats_init_limits; 0: as of 0.2 */
    double seconds;  /* by the clock; 0: no limit */
    uint64_t cells;  /* regions that are gone through; 0: no limit */
    size_t bytes;    /* live memory of the context; 0: no limit of the call's */
    int32_t threads; /* at most so many work, the caller's among them; 0: as
                        many as there are processors; 1: none is started */
    const int *cancel; /* may be NULL; the call stops soon after *cancel became
                          other than 0: stored atomically by another thread, or
                          by a signal handler */
    pleats_progress_fn progress; /* may be NULL */
    void *progress_state;
} pleats_limits;

static inline void pleats_init_limits(pleats_limits *limits)
{
    memset(limits, 0, sizeof *limits);
    limits->size = sizeof *limits;
}

#ifdef __cplusplus
}
#endif
#endif
