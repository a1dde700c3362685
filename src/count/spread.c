#include "count/spread.h"

#include <string.h>

/* Items first .. last - 1. */
typedef struct {
    size_t first, last;
} range;

static pleats_status give_range(pleats_crew *crew, pleats_ctx *ctx,
                                const range *r)
{
    pleats_status status = PLEATS_OK;
    pleats_parcel parcel = {.n = sizeof *r};
    TRY(pleats_alloc(ctx, 1, sizeof *r, &parcel.byte));
    memcpy(parcel.byte, r, sizeof *r);
    TRY(pleats_crew_give(crew, ctx, parcel));
done:
    return status;
}

/* A worker's part: a range, half of what is left of which may be given away. */
static pleats_status do_range(void *state, pleats_crew *crew, pleats_idx worker,
                              pleats_ctx *ctx, const pleats_parcel *task,
                              bool *stop)
{
    pleats_status status = PLEATS_OK;
    const pleats_spread *spread = state;
    pleats_counter *w = &spread->counting->counter[worker];
    const pleats_visitor visitor = pleats_counter_visitor(w);
    range r;
    memcpy(&r, task->byte, sizeof r);
    w->crew = crew;
    TRY(pleats_counter_enter(w, ctx, PLEATS_ENGINE_PROGRAMME));
    while (r.first < r.last && !*stop) {
        if (pleats_crew_is_hungry(crew) && r.last - r.first > 1) {
            const range half = {r.first + (r.last - r.first) / 2, r.last};
            TRY(give_range(crew, ctx, &half));
            r.last = half.first;
        }
        TRY(spread->work(spread->state, w, r.first++));
        visitor.tick(visitor.state, 0, stop);
    }
done:
    w->crew = NULL;
    return status;
}

static void wait_for_others(void *state)
{
    const pleats_spread *spread = state;
    pleats_counting_report(spread->counting, pleats_now());
}

pleats_status pleats_spread_run(const pleats_spread *spread, size_t n,
                                bool *complete)
{
    pleats_spread all = *spread;
    const pleats_job job = {&spread->counting->team, &all, do_range,
                            wait_for_others};
    const range whole = {0, n};
    unsigned char bytes[sizeof whole];
    const pleats_parcel task = {bytes, sizeof bytes};
    memcpy(bytes, &whole, sizeof whole);
    return pleats_crew_run(&job, &task, complete);
}
