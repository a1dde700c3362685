#include "ranks.h"

#include "messages.h"
#include "signals.h"

#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Seconds that a rank works before it answers, and rank 0 between two looks at
 * its messages; a pause while there is nothing to do. */
static const double SLICE = 0.5, OWN_SLICE = 0.02, PAUSE = 1e-3;

typedef struct {
    const session *s;
    const long_options *o;
    const pleats_limits *limits;
    pleats_work *work;
    int size;
    message *lent;            /* [size] what a rank works at; empty: it waits */
    double deadline, written; /* seconds_now; deadline 0: none */
    pleats_stop stopped;
} master;

/* ---- signals ---- */

static int is_wanted; /* a signal asks for the end; atomic */

static void want_end(int number)
{
    (void)number;
    __atomic_store_n(&is_wanted, 1, __ATOMIC_RELAXED);
}

/* mpirun hands signals on to all ranks: rank 0 decides what comes of them. */
static void take_signals(bool is_master)
{
    struct sigaction action = {.sa_handler = is_master ? want_end : SIG_IGN,
                               .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- the other ranks ---- */

/* Does what rank 0 sends until there is no more. */
static pleats_status serve(const session *s, pleats_work *work)
{
    pleats_status status = PLEATS_OK;
    pleats_limits slice;
    message tasks, found = {0};
    pleats_init_limits(&slice);
    slice.seconds = SLICE;
    for (;;) {
        message_receive(0, TAG_TASKS, &tasks);
        if (tasks.n == 0)
            break;
        pleats_work_clear(work);
        status = pleats_work_add_text(s->ctx, work, tasks.byte, tasks.n);
        free(tasks.byte);
        if (status == PLEATS_OK)
            status = pleats_work_run(s->ctx, work, &slice);
        if (status == PLEATS_OK)
            status = pleats_work_save(s->ctx, work, &found.byte, &found.n);
        if (status != PLEATS_OK) {
            fprintf(stderr, "pleats-mpi: %s\n", pleats_ctx_message(s->ctx));
            MPI_Abort(MPI_COMM_WORLD, 1);
        }
        message_send(&found, 0, TAG_FOUND);
        message_free(s->ctx, &found);
    }
    free(tasks.byte);
    pleats_work_clear(work);
    return status;
}

/* ---- rank 0 ---- */

static int n_busy(const master *m)
{
    int n = 0;
    for (int i = 1; i < m->size; i++)
        n += m->lent[i].n > 0;
    return n;
}

/* Gives tasks to the ranks that wait, the largest first, as long as there are
 * some for everybody. */
static pleats_status lend(master *m)
{
    pleats_status status = PLEATS_OK;
    for (int i = 1; i < m->size && status == PLEATS_OK; i++) {
        const size_t n = pleats_work_n_tasks(m->work);
        if (m->lent[i].n > 0 || n < 2)
            continue;
        status =
            pleats_work_give(m->s->ctx, m->work, 1 + n / (2 * (size_t)m->size),
                             &m->lent[i].byte, &m->lent[i].n);
        if (status == PLEATS_OK)
            message_send(&m->lent[i], i, TAG_TASKS);
    }
    return status;
}

/* Adds an answer. */
static pleats_status take(master *m)
{
    message found;
    const int rank = message_receive(MPI_ANY_SOURCE, TAG_FOUND, &found);
    pleats_status status =
        pleats_work_add_text(m->s->ctx, m->work, found.byte, found.n);
    free(found.byte);
    message_free(m->s->ctx, &m->lent[rank]);
    return status;
}

static pleats_status take_all_there(master *m)
{
    pleats_status status = PLEATS_OK;
    int is_there = 1;
    while (status == PLEATS_OK && n_busy(m) > 0) {
        MPI_Iprobe(MPI_ANY_SOURCE, TAG_FOUND, MPI_COMM_WORLD, &is_there,
                   MPI_STATUS_IGNORE);
        if (!is_there)
            break;
        status = take(m);
    }
    return status;
}

/* Writes the work together with what is lent, which then is lent as before. */
static pleats_status write_checkpoint(master *m)
{
    pleats_ctx *ctx = m->s->ctx;
    message own = {0};
    pleats_status status = pleats_work_save(ctx, m->work, &own.byte, &own.n);
    for (int i = 1; i < m->size && status == PLEATS_OK; i++)
        if (m->lent[i].n > 0)
            status = pleats_work_add_text(ctx, m->work, m->lent[i].byte,
                                          m->lent[i].n);
    if (status == PLEATS_OK)
        status = pleats_work_write(ctx, m->work, m->o->checkpoint);
    if (status == PLEATS_OK) {
        pleats_work_clear(m->work);
        status = pleats_work_add_text(ctx, m->work, own.byte, own.n);
    }
    message_free(ctx, &own);
    m->written = seconds_now();
    return status;
}

static pleats_status write_if_time(master *m, bool is_last)
{
    const bool is_time = seconds_now() - m->written >= m->o->every;
    if (!m->o->checkpoint || (!is_last && !is_time && !checkpoint_take()))
        return PLEATS_OK;
    return write_checkpoint(m);
}

static void look_for_end(master *m)
{
    if (m->stopped)
        return;
    if (__atomic_load_n(&is_wanted, __ATOMIC_RELAXED))
        m->stopped = PLEATS_STOP_CANCEL;
    else if (m->deadline > 0 && seconds_now() > m->deadline)
        m->stopped = PLEATS_STOP_TIME;
}

/* Works for a moment, or waits for one where there is nothing to do. */
static pleats_status work_a_little(master *m)
{
    pleats_limits slice = *m->limits;
    const struct timespec pause = {.tv_nsec = (long)(PAUSE * 1e9)};
    slice.seconds = OWN_SLICE;
    slice.cancel = &is_wanted;
    if (pleats_work_n_tasks(m->work) > 0)
        return pleats_work_run(m->s->ctx, m->work, &slice);
    nanosleep(&pause, NULL);
    return PLEATS_OK;
}

/* Until all is done, or something asks for the end. */
static pleats_status lead(master *m)
{
    pleats_status status = PLEATS_OK;
    while (status == PLEATS_OK && !m->stopped &&
           (pleats_work_n_tasks(m->work) > 0 || n_busy(m) > 0)) {
        status = lend(m);
        if (status == PLEATS_OK)
            status = work_a_little(m);
        if (status == PLEATS_OK)
            status = take_all_there(m);
        look_for_end(m);
        if (status == PLEATS_OK)
            status = write_if_time(m, false);
    }
    while (status == PLEATS_OK && n_busy(m) > 0)
        status = take(m);
    if (status == PLEATS_OK && !m->stopped) {
        pleats_limits rest = *m->limits; /* to tell maps apart */
        rest.cancel = &is_wanted;
        status = pleats_work_run(m->s->ctx, m->work, &rest);
    }
    if (status == PLEATS_OK)
        status = write_if_time(m, true);
    return status;
}

static pleats_status lead_ranks(master *m)
{
    const double limit = m->s->options->time_limit;
    pleats_status status = PLEATS_OK;
    m->deadline = limit > 0 ? seconds_now() + limit : 0;
    m->written = seconds_now();
    pleats_ctx_set_time_limit(m->s->ctx, 0);
    m->lent = calloc((size_t)m->size, sizeof *m->lent);
    if (!m->lent) {
        fprintf(stderr, "pleats-mpi: out of memory\n");
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    (void)checkpoint_on_signal();
    if (m->o->checkpoint)
        status = write_checkpoint(m);
    if (status == PLEATS_OK)
        status = lead(m);
    for (int i = 1; i < m->size; i++) {
        message_send(&(message){NULL, 0}, i, TAG_TASKS);
        message_free(m->s->ctx, &m->lent[i]);
    }
    free(m->lent);
    return status;
}

/* ---- all ranks ---- */

/* Whether all ranks are at the same count and nobody failed before. */
static bool all_agree(const session *s, const pleats_work *work)
{
    char key[PLEATS_WORK_KEY_BYTES] = "", first[PLEATS_WORK_KEY_BYTES];
    int agrees = work && pleats_work_key(s->ctx, work, key) == PLEATS_OK;
    memcpy(first, key, sizeof first);
    MPI_Bcast(first, sizeof first, MPI_CHAR, 0, MPI_COMM_WORLD);
    agrees = agrees && memcmp(first, key, sizeof first) == 0;
    MPI_Allreduce(MPI_IN_PLACE, &agrees, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return agrees;
}

/* The work; that of ranks above 0 is empty. */
static pleats_status begin(const session *s, const long_options *o,
                           const pleats_count_options *count,
                           const pleats_limits *limits, int rank,
                           pleats_work **work)
{
    pleats_limits one = *limits;
    one.threads = limits->threads ? limits->threads : 1;
    pleats_status status =
        pleats_work_new(s->ctx, s->net, s->domain, count, &one, work);
    if (status == PLEATS_OK && (rank > 0 || o->resume))
        pleats_work_clear(*work);
    if (status == PLEATS_OK && rank == 0 && o->resume)
        status = pleats_work_read(s->ctx, *work, o->resume);
    else if (status == PLEATS_OK && rank == 0 && o->has_shard)
        status = pleats_work_shard(s->ctx, *work, o->part, o->of, NULL);
    return status;
}

pleats_status ranks_count(const session *s, const long_options *o,
                          const pleats_count_options *count,
                          const pleats_limits *limits, long_count_facts *facts,
                          pleats_count_result *out)
{
    int rank = 0;
    master m = {.s = s, .o = o, .limits = limits};
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &m.size);
    pleats_status status = begin(s, o, count, limits, rank, &m.work);
    const bool agree = all_agree(s, status == PLEATS_OK ? m.work : NULL);
    take_signals(rank == 0);
    if (status == PLEATS_OK && !agree) {
        fprintf(stderr, "pleats-mpi: not all ranks could begin this count: the "
                        "model must be the same file everywhere\n");
        status = PLEATS_INVALID;
    }
    if (status == PLEATS_OK)
        status = rank == 0 ? lead_ranks(&m) : serve(s, m.work);
    if (status == PLEATS_OK)
        status = pleats_work_result(s->ctx, m.work, out);
    if (status == PLEATS_OK)
        status = pleats_work_key(s->ctx, m.work, facts->key);
    if (status == PLEATS_OK) {
        out->stopped = pleats_work_is_done(m.work) ? PLEATS_STOP_NONE
                       : m.stopped                 ? m.stopped
                                                   : out->stopped;
        pleats_work_part(m.work, &facts->part, &facts->of);
        facts->share = pleats_work_share(m.work);
    }
    pleats_work_free(s->ctx, m.work);
    return status;
}
