#include "master.h"

#include "exit_codes.h"
#include "job.h"
#include "messages.h"
#include "signals.h"
#include "worker.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Seconds.  A slice is what a rank works before it answers: short while some
 * rank has nothing to do, so that there soon are tasks for all.  Rank 0 looks
 * at its messages after each piece of its own slice: to go on after one costs
 * it about 1e-3, and another rank waits for half of one after each slice. */
static const double LEAST_SLICE = 0.02, MOST_SLICE = 1, PIECE = 0.03,
                    SHOW = 0.25;
enum { PAUSE = 200000 }; /* nanoseconds, where there is nothing to do */

typedef struct {
    master *m;
    pleats_ctx *ctx;
    int size;
    message *lent;         /* [size] what a rank works at */
    double slice;          /* of whoever gets tasks next */
    double least;          /* of slices and pieces: enough to get on */
    uint64_t near_regions; /* found in rank 0's own slice */
    double near_end;       /* of rank 0's own slice; 0: it has no tasks */
    double deadline;       /* 0: none */
    double written, shown; /* when that was last done */
    bool is_wanting;       /* tasks are too few for all */
    bool is_idle;          /* rank 0 had none since a rank answered */
} leader;

static bool is_lent(const leader *l, int rank)
{
    return l->lent[rank].n > 0;
}

static int n_lent(const leader *l)
{
    int n = 0;
    for (int i = 1; i < l->size; i++)
        n += is_lent(l, i);
    return n;
}

static void take_back(leader *l, int rank)
{
    pleats_work_text_free(l->ctx, l->lent[rank].byte);
    l->lent[rank] = (message){0};
}

/* Seconds of the next slice, which does not pass the deadline by much. */
static double next_slice(const leader *l)
{
    const double left = l->deadline > 0 ? l->deadline - seconds_now() : 1e9;
    const double slice = left < l->slice ? left : l->slice;
    return slice > 1e-3 ? slice : 1e-3;
}

/* ---- giving ---- */

/* A part of the tasks, the oldest ones. */
static size_t portion(const leader *l)
{
    return 1 + pleats_work_n_tasks(l->m->store) / (size_t)l->size;
}

/* Gives tasks to the ranks that wait, as long as there are some for everybody,
 * rank 0 among them. */
static pleats_status lend(leader *l)
{
    pleats_status status = PLEATS_OK;
    pleats_work *store = l->m->store;
    l->is_wanting = false;
    for (int i = 1; i < l->size && status == PLEATS_OK; i++) {
        const size_t own = l->near_end > 0 ? 0 : 1;
        if (is_lent(l, i))
            continue;
        l->is_wanting = pleats_work_n_tasks(store) <= own;
        if (l->is_wanting)
            break;
        message *m = &l->lent[i];
        status = pleats_work_give(l->ctx, store, portion(l), &m->byte, &m->n);
        m->head = (int64_t)(next_slice(l) * 1e3 + 0.5);
        if (status == PLEATS_OK)
            message_send(m, i, TAG_TASKS);
    }
    return status;
}

/* Shorter slices where a rank waited, longer ones where one was worked through.
 */
static void fit_slice(leader *l, double by)
{
    l->slice *= by;
    if (l->slice > MOST_SLICE)
        l->slice = MOST_SLICE;
    if (l->slice < l->least)
        l->slice = l->least;
}

/* ---- rank 0's own slices ---- */

static pleats_status begin_near(leader *l)
{
    char *text = NULL;
    size_t n = 0;
    pleats_status status =
        pleats_work_give(l->ctx, l->m->store, portion(l), &text, &n);
    if (status == PLEATS_OK)
        status = pleats_work_add_text(l->ctx, l->m->near, text, n);
    pleats_work_text_free(l->ctx, text);
    l->near_regions = 0;
    l->near_end = seconds_now() + next_slice(l);
    return status;
}

/* Brings home what rank 0 found and left. */
static pleats_status end_near(leader *l)
{
    char *text = NULL;
    size_t n = 0;
    if (l->near_end == 0)
        return PLEATS_OK;
    if (l->is_wanting)
        fit_slice(l, 0.5);
    else if (seconds_now() >= l->near_end)
        fit_slice(l, 1.5);
    pleats_status status = pleats_work_save(l->ctx, l->m->near, &text, &n);
    if (status == PLEATS_OK)
        status = pleats_work_add_text(l->ctx, l->m->store, text, n);
    pleats_work_text_free(l->ctx, text);
    pleats_work_clear(l->m->near);
    l->near_end = 0;
    return status;
}

/* Works for a piece.  After one that got nowhere, since it was too short for a
 * single step, all are twice as long. */
static pleats_status run_near(leader *l)
{
    const double share = pleats_work_share(l->m->near);
    const double piece = l->size > 1 ? PIECE : next_slice(l);
    const uint64_t before = l->near_regions;
    pleats_status status =
        work_for(l->ctx, l->m->near, piece > l->least ? piece : l->least,
                 l->m->wanted, &l->near_regions);
    if (status == PLEATS_OK && l->near_regions == before &&
        pleats_work_share(l->m->near) == share)
        l->least *= 2;
    return status;
}

/* A piece of rank 0's slice; a pause where there is nothing to do. */
static pleats_status work_a_piece(leader *l)
{
    const struct timespec pause = {.tv_nsec = PAUSE};
    pleats_status status = PLEATS_OK;
    if (l->near_end == 0 && pleats_work_n_tasks(l->m->store) == 0) {
        l->is_idle = true;
        nanosleep(&pause, NULL);
        return PLEATS_OK;
    }
    if (l->near_end == 0)
        status = begin_near(l);
    if (status == PLEATS_OK)
        status = run_near(l);
    const size_t n = pleats_work_n_tasks(l->m->near);
    if (status == PLEATS_OK &&
        (n == 0 || seconds_now() >= l->near_end || (l->is_wanting && n > 1)))
        status = end_near(l);
    return status;
}

/* ---- taking ---- */

/* A rank failed: where memory ended, what it had is left, and the count ends.
 */
static pleats_status heed_failure(leader *l, int rank, const message *found)
{
    const message *lent = &l->lent[rank];
    if (found->head == PLEATS_LIMIT) {
        l->m->stopped = PLEATS_STOP_MEMORY;
        return pleats_work_add_text(l->ctx, l->m->store, lent->byte, lent->n);
    }
    if (!l->m->failed)
        fprintf(stderr, "pleats-mpi: rank %d: %s\n", rank, found->byte);
    l->m->failed = EXIT_FAILED;
    return PLEATS_OK;
}

static pleats_status take(leader *l)
{
    message found;
    pleats_status status = PLEATS_OK;
    const int rank = message_receive(MPI_ANY_SOURCE, TAG_FOUND, &found);
    if (found.head == PLEATS_OK)
        status = pleats_work_add_text(l->ctx, l->m->store, found.byte, found.n);
    else
        status = heed_failure(l, rank, &found);
    free(found.byte);
    take_back(l, rank);
    if (l->is_idle)
        fit_slice(l, 0.5);
    l->is_idle = false;
    return status;
}

/* ---- now and then ---- */

/* Writes what is found, and all that is left, also what is lent; the copy of it
 * is made in the scratch work. */
static pleats_status write_checkpoint(leader *l)
{
    char *text = NULL;
    size_t n = 0;
    pleats_work *all = l->m->near;
    pleats_status status = end_near(l);
    if (status == PLEATS_OK)
        status = pleats_work_save(l->ctx, l->m->store, &text, &n);
    if (status == PLEATS_OK)
        status = pleats_work_add_text(l->ctx, all, text, n);
    for (int i = 1; i < l->size && status == PLEATS_OK; i++)
        if (is_lent(l, i))
            status = pleats_work_add_text(l->ctx, all, l->lent[i].byte,
                                          l->lent[i].n);
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

static pleats_status share_out(leader *l)
{
    pleats_status status = PLEATS_OK;
    while (status == PLEATS_OK && !l->m->stopped && !l->m->failed &&
           (pleats_work_n_tasks(l->m->store) > 0 || l->near_end > 0 ||
            n_lent(l) > 0)) {
        status = lend(l);
        if (status == PLEATS_OK)
            status = work_a_piece(l);
        while (status == PLEATS_OK && message_is_there(TAG_FOUND))
            status = take(l);
        if (status == PLEATS_OK)
            status = look_up(l);
    }
    if (status == PLEATS_OK)
        status = end_near(l);
    return status;
}

/* Takes what ranks still have. */
static pleats_status take_all(leader *l)
{
    pleats_status status = PLEATS_OK;
    while (n_lent(l) > 0) {
        const pleats_status taken = take(l);
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
    const message end = {0};
    l.deadline = limit > 0 ? job_started() + limit : 0;
    l.slice = l.least = LEAST_SLICE;
    l.shown = l.written = seconds_now();
    l.lent = calloc((size_t)l.size, sizeof *l.lent);
    if (!l.lent) {
        fprintf(stderr, "pleats-mpi: out of memory\n");
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILED);
        abort();
    }
    pleats_ctx_set_time_limit(l.ctx, 0);
    const pleats_status status = lead(&l);
    for (int i = 1; i < l.size; i++)
        message_send(&end, i, TAG_TASKS);
    free(l.lent);
    return status;
}
