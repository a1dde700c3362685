#define _POSIX_C_SOURCE 200809L
#include "par/crew.h"

#include <signal.h>
#include <string.h>
#include <time.h>

/* The second worker starts after so many seconds of work; of n workers each
 * may start another one after one n-th of that. */
#define PATIENCE 2e-3
/* Worker 0 calls job->wait so often while it has nothing to do. */
enum { WAIT_NANOSECONDS = 100000000 };

static void find_hunger(pleats_crew *c)
{
    atomic_store_explicit(&c->is_hungry, (size_t)c->n_idle > c->tasks.n,
                          memory_order_relaxed);
}

void pleats_crew_look(pleats_crew *c, double now)
{
    if (atomic_load_explicit(&c->n_started, memory_order_relaxed) <
            c->job->team->n &&
        now >= atomic_load_explicit(&c->next_start, memory_order_relaxed))
        atomic_store_explicit(&c->is_hungry, true, memory_order_relaxed);
}

/* Ends all work; the lock is held. */
static void stop(pleats_crew *c)
{
    atomic_store_explicit(&c->is_stopping, true, memory_order_relaxed);
    pthread_cond_broadcast(&c->change);
}

static void wait_for_change(pleats_crew *c, pleats_idx worker)
{
    struct timespec until;
    if (worker > 0 || !c->job->wait) {
        pthread_cond_wait(&c->change, &c->lock);
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAIT_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    if (pthread_cond_timedwait(&c->change, &c->lock, &until) == 0)
        return;
    pthread_mutex_unlock(&c->lock);
    c->job->wait(c->job->state);
    pthread_mutex_lock(&c->lock);
}

void pleats_crew_tear(pleats_crew *c)
{
    pthread_mutex_lock(&c->lock);
    c->tasks.is_torn = true;
    pthread_mutex_unlock(&c->lock);
}

/* Takes a task, or waits for one; false when there will be none.  The lock is
 * held. */
static bool take_task(pleats_crew *c, pleats_idx worker, pleats_parcel *task)
{
    while (!pleats_crew_is_stopping(c) && !c->is_done) {
        if (c->tasks.n > 0) {
            *task = c->tasks.task[--c->tasks.n];
            c->n_busy++;
            find_hunger(c);
            return true;
        }
        if (c->n_busy == 0) {
            c->is_done = true;
            pthread_cond_broadcast(&c->change);
            break;
        }
        c->n_idle++;
        find_hunger(c);
        wait_for_change(c, worker);
        c->n_idle--;
        find_hunger(c);
    }
    return false;
}

static void work(pleats_worker *w)
{
    pleats_crew *c = w->crew;
    const pleats_job *job = c->job;
    pleats_ctx *ctx = job->team->ctx[w->number];
    pleats_parcel task;
    pthread_mutex_lock(&c->lock);
    while (take_task(c, w->number, &task)) {
        bool stopped = false;
        pthread_mutex_unlock(&c->lock);
        pleats_status status =
            job->work(job->state, c, w->number, ctx, &task, &stopped);
        pleats_release(ctx, task.byte);
        pthread_mutex_lock(&c->lock);
        c->n_busy--;
        if (status != PLEATS_OK && c->status == PLEATS_OK) {
            c->status = status;
            c->failed = w->number;
        }
        if (status != PLEATS_OK || stopped)
            stop(c);
    }
    pthread_mutex_unlock(&c->lock);
}

static void *run_thread(void *worker)
{
    work(worker);
    return NULL;
}

/* Starts one more thread, which leaves signals to those of the caller; one that
 * cannot be had is done without.  The lock is held. */
static void start_thread(pleats_crew *c, pleats_ctx *ctx)
{
    pleats_idx n = atomic_load_explicit(&c->n_started, memory_order_relaxed);
    pleats_worker *w = &c->worker[n];
    sigset_t all, before;
    w->crew = c;
    w->number = n;
    atomic_store_explicit(&c->next_start, pleats_now() + PATIENCE / n,
                          memory_order_relaxed);
    if (!c->job->team->ctx[n] &&
        pleats_ctx_fork(ctx, &c->job->team->ctx[n]) != PLEATS_OK)
        return;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&w->thread, NULL, run_thread, w) == 0)
        atomic_store_explicit(&c->n_started, n + 1, memory_order_relaxed);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Not when work is to end: the caller waits for those that were started before.
 * The lock is held. */
static bool may_start(pleats_crew *c)
{
    return !pleats_crew_is_stopping(c) &&
           atomic_load_explicit(&c->n_started, memory_order_relaxed) <
               c->job->team->n &&
           (c->job->team->eager ||
            pleats_now() >=
                atomic_load_explicit(&c->next_start, memory_order_relaxed));
}

pleats_status pleats_crew_give(pleats_crew *c, pleats_ctx *ctx,
                               pleats_parcel task)
{
    pleats_status status = PLEATS_OK;
    pthread_mutex_lock(&c->lock);
    TRY(pleats_grow(ctx, &c->tasks.task, &c->tasks.capacity, c->tasks.n + 1,
                    sizeof *c->tasks.task));
    c->tasks.task[c->tasks.n++] = task;
    task.byte = NULL;
    if (c->tasks.n > (size_t)c->n_idle && may_start(c))
        start_thread(c, ctx);
    pthread_cond_signal(&c->change);
done:
    find_hunger(c);
    pthread_mutex_unlock(&c->lock);
    pleats_release(ctx, task.byte);
    return status;
}

void pleats_parcels_clear(pleats_ctx *ctx, pleats_parcels *tasks)
{
    for (size_t i = 0; i < tasks->n; i++)
        pleats_release(ctx, tasks->task[i].byte);
    pleats_release(ctx, tasks->task);
    *tasks = (pleats_parcels){0};
}

pleats_status pleats_parcels_add(pleats_ctx *ctx, pleats_parcels *tasks,
                                 const pleats_parcel *task)
{
    pleats_status status = PLEATS_OK;
    pleats_parcel copy = {.n = task->n};
    TRY(pleats_grow(ctx, &tasks->task, &tasks->capacity, tasks->n + 1,
                    sizeof *tasks->task));
    TRY(pleats_alloc(ctx, task->n, 1, &copy.byte));
    if (task->n)
        memcpy(copy.byte, task->byte, task->n);
    tasks->task[tasks->n++] = copy;
done:
    return status;
}

/* The crew takes the tasks. */
static void init_crew(pleats_crew *c, const pleats_job *job,
                      pleats_parcels *tasks)
{
    pthread_condattr_t clock;
    *c = (pleats_crew){.job = job, .tasks = *tasks};
    *tasks = (pleats_parcels){0};
    atomic_init(&c->n_started, 1);
    atomic_init(&c->next_start, pleats_now() + PATIENCE);
    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&c->change, &clock);
    pthread_condattr_destroy(&clock);
}

/* Waits for all threads; the caller's context says why the first one failed. */
static void join_threads(pleats_crew *c)
{
    pleats_idx n = atomic_load_explicit(&c->n_started, memory_order_relaxed);
    for (pleats_idx i = 1; i < n; i++)
        pthread_join(c->worker[i].thread, NULL);
    if (c->status != PLEATS_OK)
        pleats_ctx_take_message(c->job->team->ctx[0],
                                c->job->team->ctx[c->failed]);
}

static void end_crew(pleats_crew *c)
{
    pleats_ctx *ctx = c->job->team->ctx[0];
    pleats_parcels_clear(ctx, &c->tasks);
    pleats_release(ctx, c->worker);
    pthread_cond_destroy(&c->change);
    pthread_mutex_destroy(&c->lock);
}

/* Does the tasks; those that are left are the caller's where they are kept. */
static pleats_status run_crew(const pleats_job *job, pleats_parcels *tasks,
                              bool keeps, bool *complete)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = job->team->ctx[0];
    pleats_crew c;
    init_crew(&c, job, tasks);
    c.keeps = keeps;
    TRY(pleats_alloc(ctx, (size_t)job->team->n, sizeof *c.worker, &c.worker));
    c.worker[0].crew = &c;
    pthread_mutex_lock(&c.lock);
    if (may_start(&c))
        start_thread(&c, ctx);
    pthread_mutex_unlock(&c.lock);
    work(&c.worker[0]);
done:
    if (status != PLEATS_OK) {
        pthread_mutex_lock(&c.lock);
        stop(&c);
        pthread_mutex_unlock(&c.lock);
    }
    join_threads(&c);
    if (keeps) {
        *tasks = c.tasks;
        c.tasks = (pleats_parcels){0};
    }
    status = status != PLEATS_OK ? status : c.status;
    *complete = status == PLEATS_OK && !pleats_crew_is_stopping(&c);
    end_crew(&c);
    return status;
}

pleats_status pleats_crew_run(const pleats_job *job, const pleats_parcel *task,
                              bool *complete)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = job->team->ctx[0];
    pleats_parcels tasks = {0};
    *complete = false;
    TRY(pleats_parcels_add(ctx, &tasks, task));
    TRY(run_crew(job, &tasks, false, complete));
done:
    pleats_parcels_clear(ctx, &tasks);
    return status;
}

pleats_status pleats_crew_go_on(const pleats_job *job, pleats_parcels *tasks,
                                bool *complete)
{
    return run_crew(job, tasks, true, complete);
}
