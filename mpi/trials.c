#include "trials.h"

#include "exit_codes.h"
#include "job.h"
#include "messages.h"
#include "signals.h"
#include "verbs/recorded.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AHEAD = 2, TEXT_BYTES = 64 };

static const double most_seconds = 1e9; /* of a call without a time limit */

/* Seconds that a piece may take: what a rank that dies has lost. */
static const double piece_seconds = 1;

/* What a rank has to do, in turn. */
typedef struct {
    uint64_t first[AHEAD], end[AHEAD];
    int n;
} lent;

typedef struct trials trials;
struct trials {
    const session *s;
    const checkpoint_options *o;
    const pleats_limits *limits;
    pleats_record *record;
    uint64_t n; /* trials there are */
    /* Makes what the record asks for; of rank 0, *is_enough: trials that were
     * not begun do not matter. */
    pleats_status (*make)(trials *t, const pleats_limits *limits,
                          bool *is_enough);
    const void *options; /* of the verb */
    void *out;           /* the verb's result */
    int *wanted;         /* a signal asks for the end */
    /* of rank 0 */
    lent *rank; /* [size] */
    int size;
    uint64_t next;   /* the first trial that nobody has */
    double cost;     /* seconds of one of rank 0's trials, 0: not known */
    double deadline; /* 0: none */
    pleats_stop stopped;
    bool is_enough;
    int failed; /* exit code, when it was said why */
};

/* Makes the trials first .. end - 1 that are not there, as long as the time and
 * signals allow; what comes before the first trial may be ended by them, too.
 */
static pleats_status make_some(trials *t, uint64_t first, uint64_t end,
                               double seconds)
{
    pleats_limits limits = *t->limits;
    bool is_enough = false;
    const double begun = seconds_now();
    limits.threads = limits.threads ? limits.threads : 1;
    limits.seconds = seconds;
    limits.cancel = t->wanted;
    limits.progress = NULL;
    pleats_record_ask(t->record, first, end);
    const pleats_status status = t->make(t, &limits, &is_enough);
    const bool is_asked_to_end =
        __atomic_load_n(t->wanted, __ATOMIC_RELAXED) ||
        (seconds > 0 && seconds_now() - begun >= seconds);
    t->is_enough = t->is_enough || is_enough;
    return status == PLEATS_LIMIT && is_asked_to_end ? PLEATS_OK : status;
}

/* ---- other ranks ---- */

static void answer(trials *t, const message *asked)
{
    pleats_ctx *ctx = t->s->ctx;
    message found = {0};
    char *text = NULL, *at;
    const uint64_t first = strtoull(asked->byte, &at, 10);
    const uint64_t end = strtoull(at, NULL, 10);
    pleats_record_clear(ctx, t->record);
    pleats_status status = make_some(t, first, end, (double)asked->head / 1e3);
    if (status == PLEATS_OK)
        status = pleats_record_save(ctx, t->record, &text, &found.n);
    __atomic_store_n(t->wanted, 0, __ATOMIC_RELAXED);
    found.head = status;
    found.byte = text;
    if (status != PLEATS_OK) {
        found.byte = (char *)pleats_ctx_message(ctx);
        found.n = strlen(found.byte);
    }
    message_send(&found, 0, TAG_FOUND);
    pleats_record_text_free(ctx, text);
}

static void serve(trials *t)
{
    message asked;
    message_receive(0, TAG_TASKS, &asked);
    while (asked.head > 0) {
        answer(t, &asked);
        free(asked.byte);
        message_receive(0, TAG_TASKS, &asked);
    }
    free(asked.byte);
}

/* ---- rank 0 ---- */

static double seconds_left(const trials *t)
{
    const double left =
        t->deadline > 0 ? t->deadline - seconds_now() : most_seconds;
    return left > 1e-3 ? left : 1e-3;
}

/* The next piece of what nobody has: smaller ones towards the end.  false:
 * there is none. */
static bool take_piece(trials *t, uint64_t *first, uint64_t *end)
{
    while (t->next < t->n && pleats_record_has(t->record, t->next))
        t->next++;
    const uint64_t left = t->n - t->next;
    uint64_t piece = 1 + left / (4 * (uint64_t)t->size);
    const double most = t->cost > 0 ? piece_seconds / t->cost : 1;
    if ((double)piece > most)
        piece = most > 1 ? (uint64_t)most : 1;
    *first = t->next;
    t->next += piece < left ? piece : left;
    *end = t->next;
    return left > 0;
}

static void lend(trials *t)
{
    for (int a = 0; a < AHEAD; a++)
        for (int i = 1; i < t->size; i++) {
            lent *l = &t->rank[i];
            char text[TEXT_BYTES];
            if (l->n > a || !take_piece(t, &l->first[l->n], &l->end[l->n]))
                continue;
            snprintf(text, sizeof text, "%llu %llu",
                     (unsigned long long)l->first[l->n],
                     (unsigned long long)l->end[l->n]);
            const message m = {(int64_t)(seconds_left(t) * 1e3), text,
                               strlen(text)};
            l->n++;
            message_send(&m, i, TAG_TASKS);
        }
}

static int n_lent(const trials *t)
{
    int n = 0;
    for (int i = 1; i < t->size; i++)
        n += t->rank[i].n;
    return n;
}

/* What a rank did not make, since something asked it to end, is to be had. */
static void ask_again(trials *t, uint64_t first, uint64_t end)
{
    for (uint64_t i = first; i < end && i < t->next; i++)
        if (!pleats_record_has(t->record, i))
            t->next = i;
}

static pleats_status take(trials *t)
{
    message found;
    pleats_status status = PLEATS_OK;
    const int rank = message_receive(MPI_ANY_SOURCE, TAG_FOUND, &found);
    lent *l = &t->rank[rank];
    if (found.head == PLEATS_OK) {
        status =
            pleats_record_add_text(t->s->ctx, t->record, found.byte, found.n);
    } else {
        if (!t->failed)
            fprintf(stderr, "pleats-mpi: rank %d: %s\n", rank, found.byte);
        t->failed = EXIT_FAILED;
    }
    free(found.byte);
    ask_again(t, l->first[0], l->end[0]);
    l->n--;
    l->first[0] = l->first[1];
    l->end[0] = l->end[1];
    return status;
}

/* A piece of rank 0's own; a pause where there is none. */
static pleats_status work_a_piece(trials *t)
{
    uint64_t first, end;
    const double begun = seconds_now();
    if (!take_piece(t, &first, &end)) {
        message_nap();
        return PLEATS_OK;
    }
    const pleats_status status = make_some(t, first, end, seconds_left(t));
    t->cost = (seconds_now() - begun) / (double)(end - first);
    return status;
}

static void look_up(trials *t)
{
    if (__atomic_load_n(t->wanted, __ATOMIC_RELAXED))
        t->stopped = PLEATS_STOP_CANCEL;
    else if (t->deadline > 0 && seconds_now() >= t->deadline)
        t->stopped = PLEATS_STOP_TIME;
}

static bool is_over(const trials *t)
{
    return t->stopped || t->failed || t->is_enough ||
           (t->next == t->n && n_lent(t) == 0);
}

/* Until all is done, or something asks for the end; then what is lent comes
 * back. */
static pleats_status share_out(trials *t)
{
    pleats_status status = PLEATS_OK;
    while (status == PLEATS_OK && !is_over(t)) {
        bool is_new = false;
        lend(t);
        status = work_a_piece(t);
        while (status == PLEATS_OK && message_is_there(TAG_FOUND)) {
            status = take(t);
            is_new = true;
        }
        if (status == PLEATS_OK && is_new)
            status = make_some(t, 0, 0, 0);
        look_up(t);
    }
    while (n_lent(t) > 0) {
        const pleats_status taken = take(t);
        status = status == PLEATS_OK ? taken : status;
    }
    return status;
}

static pleats_status lead(trials *t)
{
    const message end = {0};
    const double limit = t->s->options->time_limit;
    t->deadline = limit > 0 ? job_started() + limit : 0;
    t->size = job_size();
    t->rank = calloc((size_t)t->size, sizeof *t->rank);
    if (!t->rank) {
        fprintf(stderr, "pleats-mpi: out of memory\n");
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILED);
        abort();
    }
    pleats_status status = share_out(t);
    for (int i = 1; i < t->size; i++)
        message_send(&end, i, TAG_TASKS);
    __atomic_store_n(t->wanted, 0, __ATOMIC_RELAXED);
    if (status == PLEATS_OK)
        status = make_some(t, 0, 0, 0);
    free(t->rank);
    return status;
}

/* Collective: rank 0 gets the answer. */
static pleats_status share(trials *t, int *failed)
{
    const bool is_first = job_rank() == 0;
    char key[PLEATS_WORK_KEY_BYTES] = "";
    pleats_ctx *ctx = t->s->ctx;
    t->wanted = job_take_signals();
    pleats_status status = PLEATS_OK;
    if (is_first)
        status = recorded_begin(t->s, t->o, &t->record);
    if (status == PLEATS_OK && !t->record)
        status = pleats_record_new(ctx, &t->record);
    if (status == PLEATS_OK)
        status = make_some(t, 0, 0, 0);
    if (status == PLEATS_OK)
        status = pleats_record_key(ctx, t->record, key);
    if (status != PLEATS_OK)
        key[0] = '\0';
    const int other = job_agree(key);
    pleats_ctx_set_time_limit(ctx, 0);
    if (status == PLEATS_OK && other != NO_RANK)
        t->failed = job_refuse(other);
    else if (status == PLEATS_OK && is_first)
        status = lead(t);
    else if (status == PLEATS_OK)
        serve(t);
    if (is_first) {
        *failed = t->failed;
        return recorded_end(t->s, t->o, t->record, status);
    }
    *failed = EXIT_FAILED; /* others have no answer, and no file */
    pleats_record_free(ctx, t->record);
    return status;
}

/* ---- mean ---- */

static pleats_status make_mean(trials *t, const pleats_limits *limits,
                               bool *is_enough)
{
    pleats_mean_options own = *(const pleats_mean_options *)t->options;
    own.record = t->record;
    *is_enough = false;
    pleats_mean_result_clear(t->s->ctx, t->out);
    return pleats_mean_regions(t->s->ctx, t->s->spec, t->s->domain, &own,
                               limits, t->out);
}

pleats_status trials_mean(const session *s, const checkpoint_options *o,
                          const pleats_mean_options *mean,
                          const pleats_limits *limits, int *failed,
                          pleats_mean_result *out)
{
    trials t = {.s = s,
                .o = o,
                .limits = limits,
                .n = mean->trials ? mean->trials : PLEATS_MEAN_TRIALS,
                .make = make_mean,
                .options = mean,
                .out = out};
    const pleats_status status = share(&t, failed);
    out->stopped = t.stopped;
    if (status == PLEATS_OK && !*failed && out->n < 2) {
        fprintf(stderr, "pleats-mpi: there was not time for two trials\n");
        *failed = EXIT_PARTIAL;
    }
    return status;
}

/* ---- search ---- */

static pleats_status make_search(trials *t, const pleats_limits *limits,
                                 bool *is_enough)
{
    pleats_search_options own = *(const pleats_search_options *)t->options;
    pleats_search_result *out = t->out;
    own.record = t->record;
    pleats_search_result_clear(t->s->ctx, out);
    const pleats_status status =
        pleats_search(t->s->ctx, t->s->spec, &own, limits, out);
    *is_enough = job_rank() == 0 && out->is_exact;
    return status;
}

pleats_status trials_search(const session *s, const checkpoint_options *o,
                            const pleats_search_options *search,
                            const pleats_limits *limits, int *failed,
                            pleats_search_result *out)
{
    trials t = {.s = s,
                .o = o,
                .limits = limits,
                .n = search->starts ? search->starts : PLEATS_SEARCH_STARTS,
                .make = make_search,
                .options = search,
                .out = out};
    const pleats_status status = share(&t, failed);
    out->complete = !t.stopped || out->is_exact;
    out->stopped = out->complete ? PLEATS_STOP_NONE : t.stopped;
    return status;
}
