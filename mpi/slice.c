#include "slice.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- in the slice's thread ---- */

/* Works until the time is over.  *regions: what the work has found, as far as
 * 64 bits go.  Work that memory was too little for is PLEATS_LIMIT, and what
 * was found in it is not to be used. */
static pleats_status work_for(slice *s, double seconds, uint64_t *regions)
{
    pleats_limits limits;
    pleats_count_result result = {0};
    pleats_init_limits(&limits);
    limits.seconds = seconds;
    limits.cancel = &s->ends;
    pleats_status status = pleats_work_run(s->ctx, s->work, &limits);
    if (status == PLEATS_OK)
        status = pleats_work_result(s->ctx, s->work, &result);
    if (status == PLEATS_OK && result.stopped == PLEATS_STOP_MEMORY)
        status = PLEATS_LIMIT;
    *regions = status == PLEATS_OK ? strtoull(result.regions, NULL, 10) : 0;
    pleats_count_result_clear(s->ctx, &result);
    return status;
}

static void do_tasks(slice *s)
{
    double share = 0;
    uint64_t regions = 0;
    pleats_work_clear(s->work);
    pleats_status status =
        pleats_work_add_text(s->ctx, s->work, s->tasks->byte, s->tasks->n);
    if (status == PLEATS_OK) {
        share = pleats_work_share(s->work);
        status = work_for(s, (double)s->tasks->head / 1e3, &regions);
    }
    if (status == PLEATS_OK)
        status = pleats_work_save(s->ctx, s->work, &s->text, &s->found.n);
    if (status == PLEATS_OK) {
        /* Work that is not done says 1 where it has found no region yet. */
        const bool got_on = regions > 1 || pleats_work_share(s->work) != share;
        s->found.head = got_on ? FOUND_SOMETHING : FOUND_NOTHING;
        s->found.byte = s->text;
    } else {
        s->found.head = status == PLEATS_LIMIT ? FOUND_LIMIT : FOUND_FAILURE;
        s->found.byte = (char *)pleats_ctx_message(s->ctx);
        s->found.n = strlen(s->found.byte);
    }
}

static void *run(void *state)
{
    slice *s = state;
    do_tasks(s);
    pthread_mutex_lock(&s->lock);
    s->is_over = true;
    pthread_cond_signal(&s->over);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- in the rank's first thread ---- */

void slice_init(slice *s)
{
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->over, &clock);
    pthread_condattr_destroy(&clock);
}

static void forget(slice *s)
{
    pleats_work_text_free(s->ctx, s->text);
    s->text = NULL;
    s->found = (message){0};
}

void slice_clear(slice *s)
{
    forget(s);
    pthread_cond_destroy(&s->over);
    pthread_mutex_destroy(&s->lock);
}

void slice_begin(slice *s, const message *tasks)
{
    forget(s);
    s->tasks = tasks;
    s->is_over = false;
    s->ends = 0;
    s->has_thread = pthread_create(&s->thread, NULL, run, s) == 0;
    if (!s->has_thread)
        run(s);
}

bool slice_wait(slice *s, double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const double end = (double)until.tv_nsec + seconds * 1e9;
    until.tv_sec += (time_t)(end / 1e9);
    until.tv_nsec = (long)fmod(end, 1e9);
    pthread_mutex_lock(&s->lock);
    while (!s->is_over &&
           pthread_cond_timedwait(&s->over, &s->lock, &until) != ETIMEDOUT)
        ;
    const bool is_over = s->is_over;
    pthread_mutex_unlock(&s->lock);
    return is_over;
}

void slice_stop(slice *s)
{
    __atomic_store_n(&s->ends, 1, __ATOMIC_RELAXED);
}

const message *slice_found(slice *s)
{
    if (s->has_thread)
        pthread_join(s->thread, NULL);
    s->has_thread = false;
    return &s->found;
}
