#include "master.h"

#include "exit_codes.h"
#include "job.h"
#include "messages.h"
#include "signals.h"

#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

/* Seconds.  A slice is what a rank works before it answers.  It is put down
 * early when others have nothing to do, but for its first moments: to take up
 * tasks costs about 1e-3.  Rank 0 looks at its messages after each pause, or
 * nap where it has no slice itself. */
static const double SLICE = 1, LEAST = 0.02, PAUSE = 2e-3, SHOW = 0.25;

typedef struct {
    message lent; /* what it works at; nothing: it waits */
    double since; /* when it was lent */
    bool is_to_stop;
} rank_state;

typedef struct {
    master *m;
    pleats_ctx *ctx;
    int size;
    rank_state *rank;      /* [size] */
    int n_lent;            /* ranks that work */
    int n_stopping;        /* of these, that are to put down what they have */
    double least;          /* of slices: enough to get on */
    double deadline;       /* 0: none */
    double written, shown; /* when that was last done */
} leader;

static bool is_lent(const leader *l, int i)
{
    return l->rank[i].lent.n > 0;
}

/* ---- giving ---- */

/* Milliseconds of the next slice, which does not pass the deadline by much. */
static int64_t next_slice(const leader *l, double now)
{
    const double whole = fmax(SLICE, l->least);
    const double left = l->deadline > 0 ? l->deadline - now : whole;
    return (int64_t)fmax(fmin(left, whole) * 1e3 + 0.5, 1);
}

/* Gives rank i its part of the tasks, large ones and small ones. */
static pleats_status lend_to(leader *l, int i)
{
    rank_state *rank = &l->rank[i];
    const size_t size = (size_t)l->size;
    const size_t n = (pleats_work_n_tasks(l->m->store) + size - 1) / size;
    pleats_status status = pleats_work_give(l->ctx, l->m->store, n,
                                            &rank->lent.byte, &rank->lent.n);
    if (status != PLEATS_OK)
        return status;
    rank->since = seconds_now();
    rank->lent.head = next_slice(l, rank->since);
    l->n_lent++;
    if (i == 0)
        slice_begin(&l->m->near, &rank->lent);
    else
        message_send(&rank->lent, i, TAG_TASKS);
    return PLEATS_OK;
}

/* Gives tasks to the ranks that wait, as long as there are some. */
static pleats_status lend(leader *l)
{
    pleats_status status = PLEATS_OK;
    for (int i = 0; i < l->size && status == PLEATS_OK && l->n_lent < l->size &&
                    pleats_work_n_tasks(l->m->store) > 0;
         i++)
        if (!is_lent(l, i))
            status = lend_to(l, i);
    return status;
}

/* Asks up to n ranks, of those whose slices have lasted so many seconds, to put
 * down what they have. */
static void stop(leader *l, int n, double seconds)
{
    static const int64_t put_down = TASKS_PUT_DOWN;
    const double begun = seconds_now() - seconds;
    for (int i = 0; i < l->size && n > 0; i++) {
        rank_state *rank = &l->rank[i];
        if (!is_lent(l, i) || rank->is_to_stop || rank->since > begun)
            continue;
        rank->is_to_stop = true;
        l->n_stopping++;
        n--;
        if (i == 0)
            slice_stop(&l->m->near);
        else
            message_post(&put_down, i, TAG_TASKS);
    }
}

/* ---- taking ---- */

/* A rank failed: where memory ended, what it had is left, and the count ends.
 */
static pleats_status heed_failure(leader *l, int i, const message *found)
{
    const message *lent = &l->rank[i].lent;
    if (found->head == FOUND_LIMIT) {
        l->m->stopped = PLEATS_STOP_MEMORY;
        return pleats_work_add_text(l->ctx, l->m->store, lent->byte, lent->n);
    }
    if (!l->m->failed)
        fprintf(stderr, "pleats-mpi: rank %d: %s\n", i, found->byte);
    l->m->failed = EXIT_FAILED;
    return PLEATS_OK;
}

/* What rank i found, which waits from now on.  After a slice that got nowhere,
 * since it was too short for a single step, all are at least twice as long. */
static pleats_status take(leader *l, int i, const message *found)
{
    rank_state *rank = &l->rank[i];
    pleats_status status = PLEATS_OK;
    if (found->head == FOUND_SOMETHING || found->head == FOUND_NOTHING)
        status =
            pleats_work_add_text(l->ctx, l->m->store, found->byte, found->n);
    else
        status = heed_failure(l, i, found);
    if (found->head == FOUND_NOTHING)
        l->least = fmax(l->least, 2 * (seconds_now() - rank->since));
    l->n_lent--;
    l->n_stopping -= rank->is_to_stop;
    pleats_work_text_free(l->ctx, rank->lent.byte);
    *rank = (rank_state){0};
    return status;
}

/* Waits a little, and takes what is there. */
static pleats_status take_some(leader *l)
{
    pleats_status status = PLEATS_OK;
    bool is_over = false;
    if (is_lent(l, 0))
        is_over = slice_wait(&l->m->near, PAUSE);
    else
        message_nap();
    if (is_over)
        status = take(l, 0, slice_found(&l->m->near));
    while (status == PLEATS_OK && message_is_there(TAG_FOUND)) {
        message found;
        const int i = message_receive(MPI_ANY_SOURCE, TAG_FOUND, &found);
        status = take(l, i, &found);
        free(found.byte);
    }
    return status;
}

/* ---- now and then ---- */

/* Writes what is found, and all that is left, also what is lent. */
static pleats_status write_checkpoint(leader *l)
{
    char *text = NULL;
    size_t n = 0;
    pleats_work *all = l->m->all;
    pleats_status status = pleats_work_save(l->ctx, l->m->store, &text, &n);
    if (status == PLEATS_OK)
        status = pleats_work_add_text(l->ctx, all, text, n);
    for (int i = 0; i < l->size && status == PLEATS_OK; i++)
        if (is_lent(l, i))
            status = pleats_work_add_text(l->ctx, all, l->rank[i].lent.byte,
                                          l->rank[i].lent.n);
    if (status == PLEATS_OK)
        status = pleats_work_write(l->ctx, all, l->m->o->state.checkpoint);
    pleats_work_clear(all);
    pleats_work_text_free(l->ctx, text);
    l->written = seconds_now();
    return status;
}

static pleats_status show_progress(leader *l)
{
    const pleats_limits *limits = l->m->limits;
    pleats_count_result r = {0};
    pleats_status status = pleats_work_result(l->ctx, l->m->store, &r);
    if (status == PLEATS_OK) {
        const pleats_progress now = {.found = strtoull(r.regions, NULL, 10),
                                     .share = pleats_work_share(l->m->store)};
        limits->progress(limits->progress_state, &now);
    }
    pleats_count_result_clear(l->ctx, &r);
    l->shown = seconds_now();
    return status;
}

/* The clock and signals. */
static pleats_status look_up(leader *l)
{
    pleats_status status = PLEATS_OK;
    const double now = seconds_now();
    if (!l->m->stopped && __atomic_load_n(l->m->wanted, __ATOMIC_RELAXED))
        l->m->stopped = PLEATS_STOP_CANCEL;
    else if (!l->m->stopped && l->deadline > 0 && now >= l->deadline)
        l->m->stopped = PLEATS_STOP_TIME;
    if (l->m->limits->progress && now - l->shown >= SHOW)
        status = show_progress(l);
    if (l->m->o->state.checkpoint && status == PLEATS_OK &&
        (checkpoint_take() || now - l->written >= l->m->o->state.every))
        status = write_checkpoint(l);
    return status;
}

/* ---- all of it ---- */

/* Until all is done or something asks for the end.  As many ranks as wait for
 * tasks make others put theirs down. */
static pleats_status share_out(leader *l)
{
    pleats_status status = PLEATS_OK;
    while (status == PLEATS_OK && !l->m->stopped && !l->m->failed &&
           (pleats_work_n_tasks(l->m->store) > 0 || l->n_lent > 0)) {
        status = lend(l);
        if (status == PLEATS_OK) {
            stop(l, l->size - l->n_lent - l->n_stopping, l->least);
            status = take_some(l);
        }
        if (status == PLEATS_OK)
            status = look_up(l);
    }
    return status;
}

/* Takes what ranks still have. */
static pleats_status take_all(leader *l)
{
    pleats_status status = PLEATS_OK;
    stop(l, l->size, 0);
    while (l->n_lent > 0) {
        const pleats_status taken = take_some(l);
        if (status == PLEATS_OK)
            status = taken;
    }
    return status;
}

/* The end of a run, at which maps are told apart; of a count that was stopped,
 * those that surely differ. */
static pleats_status finish(leader *l)
{
    pleats_limits rest = *l->m->limits;
    const double left = l->deadline - seconds_now();
    if (l->deadline > 0 || l->m->stopped)
        rest.seconds = l->m->stopped || left < 1e-6 ? 1e-6 : left;
    rest.cancel = l->m->wanted;
    rest.progress = NULL;
    pleats_status status = pleats_work_run(l->ctx, l->m->store, &rest);
    if (status == PLEATS_OK && l->m->limits->progress)
        status = show_progress(l);
    if (status == PLEATS_OK && l->m->o->state.checkpoint)
        status = write_checkpoint(l);
    return status;
}

/* Begins, shares out, ends. */
static pleats_status lead(leader *l)
{
    pleats_status status = PLEATS_OK;
    if (l->m->o->state.checkpoint)
        status = write_checkpoint(l);
    if (status == PLEATS_OK)
        status = share_out(l);
    const pleats_status taken = take_all(l);
    if (status == PLEATS_OK)
        status = taken;
    if (status == PLEATS_OK && !l->m->failed)
        status = finish(l);
    return status;
}

pleats_status master_lead(master *m)
{
    leader l = {.m = m, .ctx = m->s->ctx, .size = job_size()};
    const double limit = m->s->options->time_limit;
    const message end = {.head = TASKS_NO_MORE};
    l.deadline = limit > 0 ? job_started() + limit : 0;
    l.least = LEAST;
    l.shown = l.written = seconds_now();
    l.rank = calloc((size_t)l.size, sizeof *l.rank);
    if (!l.rank) {
        fprintf(stderr, "pleats-mpi: out of memory\n");
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILED);
        abort();
    }
    pleats_ctx_set_time_limit(l.ctx, 0);
    const pleats_status status = lead(&l);
    for (int i = 1; i < l.size; i++)
        message_send(&end, i, TAG_TASKS);
    free(l.rank);
    return status;
}
