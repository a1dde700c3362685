#include "par/numbered.h"

#include <stdatomic.h>
#include <string.h>

static const double TELL_SECONDS = 0.2;

typedef struct {
    pleats_numbered_fn part;
    void *state;
    const pleats_limits *telling;
    uint64_t n; /* parts in all */
    _Atomic uint64_t done;
    double told; /* when; worker 0's */
} work;

/* Parts first .. last - 1. */
typedef struct {
    uint64_t first, last;
} range;

pleats_status pleats_team_init(pleats_ctx *ctx, pleats_team *team,
                               const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = pleats_watch_threads(limits);
    *team = (pleats_team){0};
    TRY(pleats_alloc(ctx, (size_t)n, sizeof *team->ctx, &team->ctx));
    team->n = n;
    team->ctx[0] = ctx;
done:
    return status;
}

void pleats_team_clear(pleats_ctx *ctx, pleats_team *team)
{
    for (pleats_idx i = 1; i < team->n; i++)
        pleats_ctx_join(ctx, team->ctx[i]);
    pleats_release(ctx, team->ctx);
    *team = (pleats_team){0};
}

static pleats_status give(pleats_crew *crew, pleats_ctx *ctx, const range *r)
{
    pleats_status status = PLEATS_OK;
    pleats_parcel parcel = {.n = sizeof *r};
    TRY(pleats_alloc(ctx, 1, sizeof *r, &parcel.byte));
    memcpy(parcel.byte, r, sizeof *r);
    TRY(pleats_crew_give(crew, ctx, parcel));
done:
    return status;
}

/* In the thread of the call. */
static void tell(void *state)
{
    work *w = state;
    const double now = pleats_now();
    if (!w->telling || !w->telling->progress || now < w->told + TELL_SECONDS)
        return;
    const uint64_t done = atomic_load(&w->done);
    const pleats_progress progress = {.found = done,
                                      .share = (double)done / (double)w->n};
    w->told = now;
    w->telling->progress(w->telling->progress_state, &progress);
}

/* A worker's range, half of what is left of which may be given away. */
static pleats_status do_range(void *state, pleats_crew *crew, pleats_idx worker,
                              pleats_ctx *ctx, const pleats_parcel *task,
                              bool *stop)
{
    pleats_status status = PLEATS_OK;
    work *w = state;
    range r;
    memcpy(&r, task->byte, sizeof r);
    while (r.first < r.last && !pleats_crew_is_stopping(crew)) {
        pleats_crew_look(crew, pleats_now());
        if (pleats_crew_is_hungry(crew) && r.last - r.first > 1) {
            const range half = {r.first + (r.last - r.first) / 2, r.last};
            TRY(give(crew, ctx, &half));
            r.last = half.first;
        }
        TRY(w->part(w->state, worker, ctx, r.first));
        r.first++;
        atomic_fetch_add(&w->done, 1);
        if (worker == 0)
            tell(w);
        TRY(pleats_check_stop(ctx));
    }
    *stop = r.first < r.last;
done:
    return status;
}

pleats_status pleats_numbered_run(const pleats_team *team, uint64_t first,
                                  uint64_t last, pleats_numbered_fn part,
                                  void *state, const pleats_limits *telling)
{
    work w = {.part = part,
              .state = state,
              .telling = telling,
              .n = last - first,
              .told = pleats_now()};
    const pleats_job job = {team, &w, do_range, tell};
    range r = {first, last};
    unsigned char bytes[sizeof r];
    const pleats_parcel task = {bytes, sizeof bytes};
    bool all;
    memcpy(bytes, &r, sizeof r);
    return pleats_crew_run(&job, &task, &all);
}
