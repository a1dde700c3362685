/* From the visitor of regions to a file.  The count's workers fill batches; one
 * at a time hands its batch to the format. */
#include "store/store.h"

#include <pthread.h>

/* Regions that a worker hands over at a time. */
enum { MOST_BATCH = 16 };

typedef struct {
    pleats_ctx *ctx; /* of the file */
    const pleats_store_format *format;
    void *state;
    pthread_mutex_t lock; /* of all that is here */
    pleats_status status; /* of the first call that failed */
    uint64_t cells;       /* in the file */
} saving;

static bool add(void *state, const pleats_region_batch *batch)
{
    saving *s = state;
    pthread_mutex_lock(&s->lock);
    if (s->status == PLEATS_OK)
        s->status = s->format->add(s->state, batch);
    const bool goes_on = s->status == PLEATS_OK;
    if (goes_on)
        s->cells += (uint64_t)batch->n;
    pthread_mutex_unlock(&s->lock);
    return goes_on;
}

/* Visits the regions and tells what became of it. */
static pleats_status gather(pleats_ctx *ctx, const pleats_store_head *head,
                            const pleats_store_task *task, saving *s,
                            pleats_store_tail *tail)
{
    pleats_status status = PLEATS_OK;
    pleats_regions_tally tally = {0};
    const pleats_regions_task regions = {
        .want = head->want,
        .batch =
            (pleats_idx)pleats_lesser(MOST_BATCH, pleats_store_block(head)),
        .any_thread = true,
        .paranoid = task->paranoid,
        .engine = task->engine,
        .limits = task->limits,
        .part = head->part,
        .of = head->of,
        .visit = add,
        .state = s};
    TRY(pleats_regions_visit(ctx, head->net, head->domain, &regions, &tally));
    const bool is_full = pleats_is_too_large(s->ctx, s->status);
    if (s->status != PLEATS_OK && !is_full)
        status = s->status;
    *tail = (pleats_store_tail){
        .cells = s->cells,
        .is_done = true,
        .is_complete = tally.complete && s->cells == tally.regions,
        .stopped = is_full ? PLEATS_STOP_MEMORY : tally.stopped,
        .dimension = tally.dimension};
done:
    return status;
}

static pleats_status save(pleats_ctx *ctx, const pleats_store_head *head,
                          const pleats_store_task *task, pleats_output *out,
                          saving *s, pleats_store_tail *tail)
{
    pleats_status status = PLEATS_OK;
    TRY(task->format->begin(s->ctx, head, out, &s->state));
    TRY(gather(ctx, head, task, s, tail));
    TRY(task->format->end(s->state, tail));
done:
    return status;
}

static pleats_status prepare(pleats_ctx *ctx, pleats_store_head *head,
                             const pleats_store_task *task)
{
    pleats_status status = PLEATS_OK;
    if (pleats_store_has_texts(head) && task->format != &pleats_store_jsonl)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "exact volumes, vertices, facets and neighbours are of "
                        "any length: they are written to JSON lines (.jsonl) "
                        "alone"));
    if (head->want & (PLEATS_REGION_VOLUME | PLEATS_REGION_EXACT_VOLUME))
        TRY(pleats_domain_volume_init(ctx, &head->volume, head->net,
                                      head->domain));
done:
    return status;
}

pleats_status pleats_store_cells(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_domain *domain,
                                 const pleats_store_task *task,
                                 pleats_output *out, pleats_store_tail *tail)
{
    pleats_store_head head;
    saving s = {.format = task->format};
    *tail = (pleats_store_tail){0};
    pleats_status status = pleats_ctx_fork(ctx, &s.ctx);
    if (status != PLEATS_OK)
        return status;
    pleats_store_head_init(&head, net, domain, task->want);
    head.part = task->part;
    head.of = task->of;
    pthread_mutex_init(&s.lock, NULL);
    status = prepare(ctx, &head, task);
    if (status == PLEATS_OK)
        status = save(ctx, &head, task, out, &s, tail);
    if (status != PLEATS_OK && pleats_ctx_message(s.ctx)[0])
        pleats_ctx_take_message(ctx, s.ctx);
    task->format->free(s.state);
    pleats_domain_volume_clear(ctx, &head.volume);
    pthread_mutex_destroy(&s.lock);
    pleats_ctx_join(ctx, s.ctx);
    return status;
}
