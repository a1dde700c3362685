/* Threads that share work: a queue of tasks, and workers that take from it and
 * add to it.
 *
 * A task is a string of bytes that says all that is needed to do it; what the
 * bytes mean is the job's affair.  A worker that is at a large task looks now
 * and then whether the crew is hungry, and if so puts a part of what is left to
 * do into the queue.  The caller's thread is worker 0; the others are started
 * one by one when there has been work for some milliseconds, so that small jobs
 * start none.
 */
#ifndef PLEATS_PAR_CREW_H
#define PLEATS_PAR_CREW_H

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct {
    unsigned char *byte; /* [n] */
    size_t n;
} pleats_parcel;

/* Tasks that are yet to be done, the next one last. */
typedef struct {
    pleats_parcel *task; /* [n] */
    size_t n, capacity;
    bool is_torn; /* there was no memory for some that are missing */
} pleats_parcels;

typedef struct pleats_crew pleats_crew;

/* Who may work. */
typedef struct {
    pleats_idx n; /* workers, at least 1 */
    bool eager;   /* start threads as soon as there is a task for them */
    /* [n] their contexts: the first one is the caller's; those that are NULL
     * become forks of it when they are needed, for the caller to end. */
    pleats_ctx **ctx;
} pleats_team;

typedef struct {
    const pleats_team *team;
    void *state;
    /* Does a task, in the thread of `worker`, 0 .. team->n - 1; errors go to
     * `ctx`, which is that worker's own.  Set *stop to end all work. */
    pleats_status (*work)(void *state, pleats_crew *crew, pleats_idx worker,
                          pleats_ctx *ctx, const pleats_parcel *task,
                          bool *stop);
    /* NULL, or called a few times a second by worker 0 while it waits. */
    void (*wait)(void *state);
} pleats_job;

typedef struct {
    pleats_crew *crew;
    pleats_idx number;
    pthread_t thread;
} pleats_worker;

struct pleats_crew {
    bool keeps; /* work that ends early gives back what is left of its task */
    atomic_bool is_hungry; /* a worker has nothing to do, or one may start */
    atomic_bool is_stopping;
    _Atomic double next_start; /* when another thread may be started */
    atomic_int n_started;      /* workers, the first one included */

    const pleats_job *job;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t change;
    pleats_worker *worker; /* [job->team->n] */
    pleats_idx n_busy, n_idle;
    bool is_done;
    pleats_parcels tasks; /* a stack */
    pleats_status status; /* of the first worker that failed, */
    pleats_idx failed;    /* this one */
};

/* Does `task`, which is lent, and all that comes of it.  *complete: no worker
 * set *stop.  An error is that of the first worker that failed. */
PLEATS_NODISCARD pleats_status pleats_crew_run(const pleats_job *job,
                                               const pleats_parcel *task,
                                               bool *complete);

/* The same with tasks that may have been left by an earlier run; when this one
 * ends early, by *stop or PLEATS_LIMIT, `tasks` are those that are left then:
 * the job's work gives back what it has not done, and returns after that. */
PLEATS_NODISCARD pleats_status pleats_crew_go_on(const pleats_job *job,
                                                 pleats_parcels *tasks,
                                                 bool *complete);

void pleats_parcels_clear(pleats_ctx *ctx, pleats_parcels *tasks);
/* Adds a copy of a task, which is lent. */
PLEATS_NODISCARD pleats_status pleats_parcels_add(pleats_ctx *ctx,
                                                  pleats_parcels *tasks,
                                                  const pleats_parcel *task);

/* ---- for workers ---- */

static inline bool pleats_crew_is_hungry(pleats_crew *crew)
{
    return atomic_load_explicit(&crew->is_hungry, memory_order_relaxed);
}

/* Whether all should end their task. */
static inline bool pleats_crew_is_stopping(pleats_crew *crew)
{
    return atomic_load_explicit(&crew->is_stopping, memory_order_relaxed);
}

/* To be called now and then with the time of pleats_now: the crew becomes
 * hungry when another thread may be started. */
void pleats_crew_look(pleats_crew *crew, double now);

/* What is left of a task that ended early could not be given back. */
void pleats_crew_tear(pleats_crew *crew);

/* Puts a task in the queue; takes its bytes in every case. */
PLEATS_NODISCARD pleats_status pleats_crew_give(pleats_crew *crew,
                                                pleats_ctx *ctx,
                                                pleats_take pleats_parcel task);

#endif
