#define _POSIX_C_SOURCE 200809L
#include "cert/cert_pieces.h"

#include "net/pattern.h"
#include "par/numbered.h"

#include <string.h>
#include <time.h>

enum {
    TAKEN_AT_ONCE = 1 << 16, /* bytes of lines whose turn it is */
    MOST_WAITING = 1 << 20,  /* bytes of a piece in memory */
    SLOTS_PER_THREAD = 8,
    WAIT_NANOSECONDS = 20000000
};

/* Lines of whole cells, and what they add. */
typedef struct {
    pleats_sink sink;
    pleats_digest *pattern; /* [n] of a union: of its regions */
    size_t n, capacity;
    pleats_task place; /* the cell behind them */
} piece;

/* A piece that waits for its turn. */
typedef struct {
    piece piece;
    bool is_full;
} slot;

typedef struct {
    pleats_cert *cert;
    const pleats_frame *frame;
    const pleats_limits *limits;
    uint64_t most;
    bool is_full, is_union;
    pleats_team team;
    pleats_task start;    /* c->place as it was */
    bool begins_inside;   /* that is below a cell of the depth */
    double reported;      /* worker 0's */
    pthread_mutex_t lock; /* of the certificate, and of what follows */
    pthread_cond_t change;
    uint64_t next, written; /* number to be taken; pieces in the file */
    pleats_idx n_joined;    /* workers */
    size_t n_slots;
    slot *slot; /* [n_slots] of piece number % n_slots */
} writing;

/* A worker's. */
typedef struct {
    writing *w;
    pleats_crew *crew;
    pleats_ctx *ctx;
    bool is_first;  /* the caller's thread */
    uint64_t own;   /* number of its piece */
    uint64_t seen;  /* cells of the depth that it passed, or is in */
    bool is_inside; /* of its cell */
    piece piece;
    pleats_hasher *hasher;
    unsigned char *packed; /* a pattern */
} writer;

/* ---- pieces ---- */

static void piece_clear(pleats_ctx *ctx, piece *p)
{
    pleats_sink_clear(&p->sink);
    pleats_release(ctx, p->pattern);
    pleats_task_clear(ctx, &p->place);
}

static void piece_empty(piece *p)
{
    pleats_sink_empty(&p->sink);
    p->n = 0;
}

static pleats_status copy_place(pleats_ctx *ctx, pleats_task *to,
                                const pleats_task *place)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &to->child, &to->capacity, place->n,
                    sizeof *to->child));
    to->n = place->n;
    if (place->n > 0)
        memcpy(to->child, place->child, place->n * sizeof *place->child);
done:
    return status;
}

/* Puts a piece, or the beginning of one, whose turn it is into the file: all of
 * it, or, when a limit ends it, nothing.  Patterns of a union may be there
 * before their lines, since those that are added again change nothing.  The
 * lock is held. */
static pleats_status put(writer *x, piece *p)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = x->w->cert;
    size_t number;
    bool is_new;
    for (size_t i = 0; i < p->n; i++)
        TRY(pleats_digest_set_add(x->ctx, &c->patterns, &p->pattern[i], &number,
                                  &is_new));
    TRY(copy_place(x->ctx, &c->place, &p->place));
    TRY(pleats_cert_file_body(x->ctx, &c->file, p->sink.byte, p->sink.n));
    pleats_cert_tally_add(&c->tally, &p->sink.tally);
    c->regions = x->w->is_union ? c->patterns.n : c->tally.points;
    c->is_over = p->place.n == 0; /* between two cells that is the end */
    piece_empty(p);
done:
    return status;
}

/* Waits a little for the others.  The lock is held. */
static pleats_status wait(writer *x)
{
    pleats_status status = PLEATS_OK;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAIT_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    (void)pthread_cond_timedwait(&x->w->change, &x->w->lock, &until);
    TRY(pleats_check_stop(x->ctx));
    if (pleats_crew_is_stopping(x->crew))
        TRY(pleats_fail(x->ctx, PLEATS_LIMIT, "another thread has stopped"));
done:
    return status;
}

/* The pieces whose turn it is now.  The lock is held. */
static pleats_status put_waiting(writer *x)
{
    pleats_status status = PLEATS_OK;
    writing *w = x->w;
    for (slot *s = &w->slot[++w->written % w->n_slots]; s->is_full;
         s = &w->slot[++w->written % w->n_slots]) {
        TRY(put(x, &s->piece));
        s->is_full = false;
    }
    pthread_cond_broadcast(&w->change);
done:
    return status;
}

/* The worker's piece, which is whole, waits for its turn.  The lock is held. */
static void leave_waiting(writer *x)
{
    slot *s = &x->w->slot[x->own % x->w->n_slots];
    const piece p = s->piece;
    s->piece = x->piece;
    s->piece.sink.ctx = x->w->cert->ctx;
    s->is_full = true;
    x->piece = p;
    x->piece.sink.ctx = x->ctx;
    piece_empty(&x->piece);
}

/* The worker's piece is whole: it goes into the file, or waits for that. */
static pleats_status hand_over(writer *x, const pleats_task *place)
{
    pleats_status status = PLEATS_OK;
    writing *w = x->w;
    pthread_mutex_lock(&w->lock);
    TRY(copy_place(x->ctx, &x->piece.place, place));
    while (x->own >= w->written + w->n_slots)
        TRY(wait(x));
    if (x->own == w->written) {
        TRY(put(x, &x->piece));
        TRY(put_waiting(x));
    } else {
        leave_waiting(x);
    }
    x->own = w->next++;
done:
    pthread_mutex_unlock(&w->lock);
    return status;
}

/* What there is of the worker's piece goes into the file if it is its turn;
 * when it is too large to wait, it waits for that. */
static pleats_status put_beginning(writer *x, const pleats_task *place)
{
    pleats_status status = PLEATS_OK;
    writing *w = x->w;
    pthread_mutex_lock(&w->lock);
    while (x->own != w->written && x->piece.sink.n >= MOST_WAITING)
        TRY(wait(x));
    if (x->own == w->written) {
        TRY(copy_place(x->ctx, &x->piece.place, place));
        TRY(put(x, &x->piece));
    }
done:
    pthread_mutex_unlock(&w->lock);
    return status;
}

/* ---- what the walk calls ---- */

/* Whether the lines that the worker has are of its piece. */
static bool is_at_own(const writer *x)
{
    return x->is_inside || x->seen == x->own;
}

static pleats_status at_region(void *state, const pleats_space *space)
{
    pleats_status status = PLEATS_OK;
    writer *x = state;
    writing *w = x->w;
    piece *p = &x->piece;
    if (w->most > 0 && w->cert->regions + p->sink.tally.points > w->most) {
        w->is_full = true;
        return pleats_fail(x->ctx, PLEATS_LIMIT, "stopped by: cell limit");
    }
    if (!w->is_union)
        return PLEATS_OK;
    TRY(pleats_grow(x->ctx, &p->pattern, &p->capacity, p->n + 1,
                    sizeof *p->pattern));
    memset(x->packed, 0, pleats_pattern_size(space->net));
    pleats_pattern_pack(space->net, space->piece, x->packed);
    pleats_hasher_add(x->hasher, x->packed, pleats_pattern_size(space->net));
    pleats_hasher_end(x->hasher, &p->pattern[p->n++]);
done:
    return status;
}

/* A few times a second, in the caller's thread, which passes all cells. */
static void at_share(void *state, double share)
{
    writer *x = state;
    writing *w = x->w;
    pleats_cert *c = w->cert;
    if (!x->is_first || pleats_now() - w->reported < 0.2)
        return;
    w->reported = pleats_now();
    pthread_mutex_lock(&w->lock);
    c->share = (c->at + share) / c->domain->n_parts;
    const pleats_progress now = {.found = c->regions, .share = c->share};
    pthread_mutex_unlock(&w->lock);
    if (w->limits->progress)
        w->limits->progress(w->limits->progress_state, &now);
}

static pleats_status at_lines(void *state, pleats_sink *sink,
                              const pleats_task *place, size_t depth)
{
    pleats_status status = PLEATS_OK;
    writer *x = state;
    const size_t enough = x->w->cert->is_eager ? 1 : TAKEN_AT_ONCE;
    if (pleats_crew_is_stopping(x->crew))
        return pleats_fail(x->ctx, PLEATS_LIMIT, "another thread has stopped");
    if (x->is_inside && depth <= x->w->cert->cut) {
        TRY(hand_over(x, place));
        x->is_inside = false;
    } else if (sink->n >= enough && is_at_own(x)) {
        TRY(put_beginning(x, place));
    }
done:
    return status;
}

/* Lets another worker join, if one wants to. */
static pleats_status look_for_help(writer *x)
{
    pleats_status status = PLEATS_OK;
    pleats_parcel parcel = {.n = 1};
    pleats_crew_look(x->crew, pleats_now());
    if (!pleats_crew_is_hungry(x->crew) && !x->w->cert->is_eager)
        return PLEATS_OK;
    pthread_mutex_lock(&x->w->lock);
    const bool joins = x->w->n_joined < x->w->team.n;
    x->w->n_joined += joins;
    pthread_mutex_unlock(&x->w->lock);
    if (!joins)
        return PLEATS_OK;
    TRY(pleats_alloc(x->ctx, 1, 1, &parcel.byte));
    TRY(pleats_crew_give(x->crew, x->ctx, parcel));
done:
    return status;
}

static pleats_status at_cell(void *state, bool *own)
{
    pleats_status status = PLEATS_OK;
    writer *x = state;
    TRY(look_for_help(x));
    *own = x->seen++ == x->own;
    x->is_inside = *own;
    if (!*own)
        x->piece.n = 0;
done:
    return status;
}

/* ---- workers ---- */

/* Where the worker begins: all but the first begin behind the cell in which the
 * walk was ended. */
static pleats_status begin_at(writer *x, pleats_task *place)
{
    pleats_status status = PLEATS_OK;
    const writing *w = x->w;
    TRY(copy_place(x->ctx, place, &w->start));
    x->is_inside = w->begins_inside && x->own == 0;
    x->seen = w->begins_inside ? 1 : 0;
    if (w->begins_inside && x->own > 0) {
        place->n = w->cert->cut;
        place->child[place->n - 1]++;
    }
done:
    return status;
}

/* The walk has ended: hands over the last piece, or of one that a limit ended
 * what there is, if it is its turn. */
static pleats_status end_with(writer *x, pleats_status ended,
                              const pleats_task *place)
{
    pleats_status status = PLEATS_OK;
    const bool is_mine = is_at_own(x);
    if (ended == PLEATS_OK && is_mine)
        TRY(hand_over(x, place));
    if (ended == PLEATS_LIMIT && is_mine && x->piece.sink.n > 0) {
        pthread_mutex_lock(&x->w->lock);
        if (x->own == x->w->written) {
            status = copy_place(x->ctx, &x->piece.place, place);
            if (status == PLEATS_OK)
                status = put(x, &x->piece);
        }
        pthread_mutex_unlock(&x->w->lock);
        TRY(status);
    }
    status = ended;
done:
    return status;
}

static pleats_status join(void *state, pleats_crew *crew, pleats_idx worker,
                          pleats_ctx *ctx, const pleats_parcel *task,
                          bool *stop)
{
    pleats_status status = PLEATS_OK;
    writing *w = state;
    pleats_cert *c = w->cert;
    writer x = {.w = w, .crew = crew, .ctx = ctx, .is_first = worker == 0};
    pleats_task place = {0};
    const pleats_certified visit = {.region = at_region,
                                    .tick = at_share,
                                    .lines = at_lines,
                                    .cell = c->cut > 0 ? at_cell : NULL,
                                    .depth = c->cut,
                                    .state = &x};
    pleats_cert_deal deal = {.part = c->part, .of = c->of, .depth = c->depth};
    (void)task;
    (void)stop;
    pthread_mutex_lock(&w->lock);
    x.own = w->next++;
    const bool is_over = c->is_over;
    pthread_mutex_unlock(&w->lock);
    if (is_over)
        return PLEATS_OK;
    x.piece.sink = (pleats_sink){.ctx = ctx, .is_text = c->is_text};
    if (w->is_union) {
        TRY(pleats_hasher_new(ctx, &x.hasher));
        TRY(pleats_alloc(ctx, pleats_pattern_size(c->net), 1, &x.packed));
    }
    TRY(begin_at(&x, &place));
    status = pleats_cert_walk(ctx, c->net, w->frame, &deal, &visit,
                              &x.piece.sink, &place);
    status = end_with(&x, status, &place);
done:
    pleats_hasher_free(ctx, x.hasher);
    pleats_release(ctx, x.packed);
    pleats_task_clear(ctx, &place);
    piece_clear(ctx, &x.piece);
    return status;
}

static pleats_status make_slots(writing *w, pleats_idx n_threads)
{
    pleats_status status = PLEATS_OK;
    w->n_slots = (size_t)n_threads * SLOTS_PER_THREAD;
    TRY(pleats_alloc(w->cert->ctx, w->n_slots, sizeof *w->slot, &w->slot));
    for (size_t i = 0; i < w->n_slots; i++)
        w->slot[i].piece.sink =
            (pleats_sink){.ctx = w->cert->ctx, .is_text = w->cert->is_text};
done:
    return status;
}

static pleats_status run_workers(writing *w)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = w->cert;
    const pleats_limits own = {.threads = c->cut > 0 ? c->n_threads : 1};
    const pleats_job job = {&w->team, w, join, NULL};
    unsigned char byte = 0;
    const pleats_parcel task = {&byte, 1};
    bool all;
    TRY(pleats_team_init(c->ctx, &w->team, &own));
    w->team.eager = c->is_eager;
    TRY(make_slots(w, w->team.n));
    TRY(copy_place(c->ctx, &w->start, &c->place));
    status = pleats_crew_run(&job, &task, &all);
done:
    pleats_team_clear(c->ctx, &w->team);
    pleats_task_clear(c->ctx, &w->start);
    for (size_t i = 0; i < w->n_slots && w->slot; i++)
        piece_clear(c->ctx, &w->slot[i].piece);
    pleats_release(c->ctx, w->slot);
    return status;
}

pleats_status pleats_cert_write_tree(pleats_cert *c, const pleats_frame *frame,
                                     const pleats_limits *limits, uint64_t most,
                                     bool *is_full)
{
    writing w = {.cert = c,
                 .frame = frame,
                 .limits = limits,
                 .most = most,
                 .is_union = c->domain->n_parts > 1,
                 .begins_inside = c->cut > 0 && c->place.n > c->cut,
                 .n_joined = 1};
    pthread_condattr_t clock;
    pthread_mutex_init(&w.lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&w.change, &clock);
    pthread_condattr_destroy(&clock);
    const pleats_status status = run_workers(&w);
    *is_full = w.is_full;
    pthread_cond_destroy(&w.change);
    pthread_mutex_destroy(&w.lock);
    return status;
}
