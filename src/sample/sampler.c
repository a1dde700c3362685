/* Distinct activation patterns among many points. */
#define XXH_INLINE_ALL
#include "sample/sampler.h"

#include "count/count.h"
#include "sample/decide.h"
#include "sample/table.h"

#include <string.h>
#include <xxhash.h>

/* Exact arithmetic on so many terms for PLEATS_LANES points. */
static const int64_t MOST_EXACT_TERMS = (int64_t)1 << 22;
/* Seconds between reports. */
static const double REPORT_EVERY = 0.2;

/* What one thread has. */
typedef struct {
    pleats_lanes lanes;
    pleats_decider decider;
    double *coordinate; /* [k x PLEATS_LANES] */
    uint64_t *pattern;  /* [n_words] */
    pleats_hash *hash;  /* [batch] of the points that count */
    pleats_idx n_hashes;
    pleats_sample_tally found; /* in the batch */
    bool is_ready;
} sampler;

typedef struct {
    const pleats_points *points;
    const pleats_sample_task *task;
    pleats_pass pass;
    pleats_idx batch;
    pleats_idx exact_points; /* of PLEATS_LANES, told exactly at most */
    pleats_team team;
    sampler *sampler;          /* [team.n] */
    atomic_uint_fast64_t next; /* first point of the next batch */
    double next_report;        /* of worker 0 */

    pthread_mutex_t lock; /* of all that follows */
    pleats_hash_table table;
    pleats_sample_tally *tally;
    uint64_t n_done;
} sampling;

static pleats_status ready(pleats_ctx *ctx, const sampling *x, sampler *w)
{
    pleats_status status = PLEATS_OK;
    if (w->is_ready)
        return PLEATS_OK;
    TRY(pleats_lanes_init(ctx, &w->lanes, &x->pass));
    TRY(pleats_decider_init(ctx, &w->decider, &x->pass, x->points));
    TRY(pleats_alloc(ctx, (size_t)x->points->k,
                     PLEATS_LANES * sizeof *w->coordinate, &w->coordinate));
    TRY(pleats_alloc(ctx, (size_t)x->pass.n_words, sizeof *w->pattern,
                     &w->pattern));
    TRY(pleats_alloc(ctx, (size_t)x->batch, sizeof *w->hash, &w->hash));
    w->is_ready = true;
done:
    return status;
}

static void clear_sampler(pleats_ctx *ctx, sampler *w)
{
    pleats_lanes_clear(ctx, &w->lanes);
    pleats_decider_clear(ctx, &w->decider);
    pleats_release(ctx, w->coordinate);
    pleats_release(ctx, w->pattern);
    pleats_release(ctx, w->hash);
}

/* Adds the pattern of a lane to the batch. */
static void take_lane(const sampling *x, sampler *w, int lane)
{
    size_t bytes = (size_t)x->pass.n_words * sizeof *w->pattern;
    pleats_pass_pattern(&x->pass, &w->lanes, lane, w->pattern);
    XXH128_hash_t h = XXH3_128bits(w->pattern, bytes);
    w->hash[w->n_hashes++] = (pleats_hash){h.low64, h.high64};
    w->found.points++;
}

/* Points first .. first + n - 1, n <= PLEATS_LANES. */
static pleats_status sample_lanes(pleats_ctx *ctx, const sampling *x,
                                  sampler *w, uint64_t first, int n)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_exact = 0;
    pleats_points_draw(x->points, first, w->coordinate, w->lanes.value);
    pleats_pass_run(&x->pass, &w->lanes);
    for (int l = 0; l < n; l++) {
        bool is_inside = true;
        if (w->lanes.is_doubtful[l]) {
            if (n_exact == x->exact_points) {
                w->found.undecided++;
                continue;
            }
            n_exact++;
            const pleats_drawn_point drawn = {first + (uint64_t)l, l,
                                              w->coordinate, w->lanes.value};
            TRY(pleats_decide(ctx, &w->decider, &w->lanes, &drawn, &is_inside));
            w->found.by_exact++;
        }
        if (is_inside)
            take_lane(x, w, l);
        else
            w->found.on_walls++;
    }
done:
    return status;
}

/* Puts a batch into the table. */
static pleats_status report(pleats_ctx *ctx, sampling *x, sampler *w,
                            uint64_t n)
{
    pleats_status status = PLEATS_OK;
    pleats_sample_tally *t = x->tally;
    pleats_idx i = 0;
    pthread_mutex_lock(&x->lock);
    for (; i < w->n_hashes; i++)
        TRY(pleats_hash_table_add(ctx, &x->table, w->hash[i]));
    t->by_exact += w->found.by_exact;
    t->on_walls += w->found.on_walls;
    t->undecided += w->found.undecided;
    x->n_done += n;
done:
    t->points += (uint64_t)i;
    pthread_mutex_unlock(&x->lock);
    return status;
}

static pleats_status sample_batch(pleats_ctx *ctx, sampling *x, sampler *w,
                                  uint64_t first)
{
    pleats_status status = PLEATS_OK;
    uint64_t left = x->task->points - first;
    uint64_t n = left < (uint64_t)x->batch ? left : (uint64_t)x->batch;
    w->n_hashes = 0;
    w->found = (pleats_sample_tally){0};
    for (uint64_t done = 0; done < n; done += PLEATS_LANES) {
        uint64_t rest = n - done;
        TRY(pleats_check_stop(ctx));
        TRY(sample_lanes(ctx, x, w, first + done,
                         rest < PLEATS_LANES ? (int)rest : PLEATS_LANES));
    }
    TRY(report(ctx, x, w, n));
done:
    return status;
}

static void tell(void *state)
{
    sampling *x = state;
    pthread_mutex_lock(&x->lock);
    uint64_t patterns = x->table.n;
    double share = (double)x->n_done / (double)x->task->points;
    pthread_mutex_unlock(&x->lock);
    if (x->task->limits.progress) {
        const pleats_progress now = {.found = patterns, .share = share};
        x->task->limits.progress(x->task->limits.progress_state, &now);
    }
}

/* Lets another thread in when there is one to be had. */
static pleats_status look_around(sampling *x, pleats_crew *crew,
                                 pleats_idx worker, pleats_ctx *ctx)
{
    pleats_status status = PLEATS_OK;
    double now = pleats_now();
    pleats_parcel more = {.n = 1};
    pleats_crew_look(crew, now);
    if (pleats_crew_is_hungry(crew)) {
        TRY(pleats_alloc(ctx, 1, 1, &more.byte));
        TRY(pleats_crew_give(crew, ctx, more));
    }
    if (worker == 0 && now >= x->next_report) {
        x->next_report = now + REPORT_EVERY;
        tell(x);
    }
done:
    return status;
}

/* A task is to take batches until there are none left. */
static pleats_status work(void *state, pleats_crew *crew, pleats_idx worker,
                          pleats_ctx *ctx, const pleats_parcel *task,
                          bool *stop)
{
    pleats_status status = PLEATS_OK;
    sampling *x = state;
    sampler *w = &x->sampler[worker];
    (void)task;
    (void)stop;
    TRY(ready(ctx, x, w));
    while (!pleats_crew_is_stopping(crew)) {
        uint64_t first = atomic_load(&x->next);
        if (first >= x->task->points)
            break;
        first = atomic_fetch_add(&x->next, (uint64_t)x->batch);
        if (first >= x->task->points)
            break;
        TRY(sample_batch(ctx, x, w, first));
        TRY(look_around(x, crew, worker, ctx));
    }
done:
    return status;
}

static pleats_status run(pleats_ctx *ctx, sampling *x, const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    const pleats_job job = {&x->team, x, work, tell};
    const pleats_parcel all = {NULL, 0};
    const pleats_sample_task *task = x->task;
    size_t n = (size_t)pleats_watch_threads(&task->limits);
    bool complete;
    int64_t exact = MOST_EXACT_TERMS / pleats_net_terms(net);
    x->exact_points = exact < PLEATS_LANES ? (pleats_idx)exact : PLEATS_LANES;
    TRY(pleats_pass_init(ctx, &x->pass, net, x->points->magnitude,
                         x->points->error));
    TRY(pleats_alloc(ctx, n, sizeof *x->team.ctx, &x->team.ctx));
    x->team.n = (pleats_idx)n;
    x->team.ctx[0] = ctx;
    TRY(pleats_alloc(ctx, n, sizeof *x->sampler, &x->sampler));
    TRY(pleats_crew_run(&job, &all, &complete));
done:
    return status;
}

/* Up to a multiple of PLEATS_LANES, so that points are side by side with the
 * same others whatever the batch. */
static pleats_idx whole_lanes(pleats_idx batch)
{
    pleats_idx most = INT32_MAX / PLEATS_LANES * PLEATS_LANES;
    return batch > most
               ? most
               : (batch + PLEATS_LANES - 1) / PLEATS_LANES * PLEATS_LANES;
}

static pleats_status check_task(pleats_ctx *ctx, const pleats_sample_task *t)
{
    if (t->points == 0 || t->points > INT64_MAX || t->batch < 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "points must be from 1 to 2^63 - 1, and those of a "
                           "batch at least 1");
    return PLEATS_OK;
}

pleats_status pleats_sample_patterns(pleats_ctx *ctx, const pleats_net *net,
                                     const pleats_points *points,
                                     const pleats_sample_task *task,
                                     pleats_sample_tally *tally)
{
    pleats_status status = PLEATS_OK;
    sampling x = {.points = points, .task = task, .tally = tally};
    pleats_stop why = PLEATS_STOP_NONE;
    pthread_mutex_init(&x.lock, NULL);
    atomic_init(&x.next, 0);
    *tally = (pleats_sample_tally){0};
    TRY(check_task(ctx, task));
    x.batch = whole_lanes(task->batch ? task->batch : PLEATS_SAMPLE_BATCH);
    TRY(run(ctx, &x, net));
done:
    why = pleats_ctx_limit(ctx);
    if (status == PLEATS_LIMIT && why) {
        tally->stopped = why;
        status = PLEATS_OK;
    }
    tally->patterns = x.table.n;
    tally->once = x.table.n_once;
    tally->twice = x.table.n_twice;
    for (pleats_idx i = 0; x.sampler && i < x.team.n; i++)
        clear_sampler(ctx, &x.sampler[i]);
    for (pleats_idx i = 1; x.team.ctx && i < x.team.n; i++)
        pleats_ctx_join(ctx, x.team.ctx[i]);
    pleats_release(ctx, x.sampler);
    pleats_release(ctx, x.team.ctx);
    pleats_hash_table_clear(ctx, &x.table);
    pleats_pass_clear(ctx, &x.pass);
    pthread_mutex_destroy(&x.lock);
    return status;
}
