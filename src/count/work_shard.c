/* The parts of a count: the subtrees of all cells at one depth, dealt out by a
 * hash of their names. */
#include "base/hash.h"
#include "count/work.h"

/* A part has about so many subtrees or more, if there are as many, so that the
 * parts are about even: few subtrees are much larger than most. */
enum { SUBTREES_PER_PART = 1024 };

typedef struct {
    pleats_work *work;
    pleats_idx frame;
    uint64_t part, of;
    uint64_t n;       /* subtrees so far, of all frames */
    uint64_t n_cells; /* of them, those that are not single regions */
    size_t depth;
    bool reaches_depth; /* some cell, others are leaves above it */
    bool by_sections;   /* sections are dealt out one by one */
    bool keeps;         /* the tasks of the part are kept, else only counted */
} dealing;

/* The part that a subtree belongs to. */
static uint64_t part_of(const dealing *d, const pleats_task *task)
{
    uint64_t hash = pleats_hash_add(task->first, (uint64_t)d->frame);
    for (size_t i = 0; i < task->n; i++)
        hash = pleats_hash_add(hash, (uint64_t)task->child[i] + 1);
    return hash % d->of;
}

static pleats_status deal(dealing *d, const pleats_task *task)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = d->work->c.ctx;
    pleats_parcel parcel = {0};
    d->n++;
    if (!d->keeps || part_of(d, task) != d->part)
        return PLEATS_OK;
    TRY(pleats_task_write(ctx, task, &parcel));
    TRY(pleats_parcels_add(ctx, &d->work->left[d->frame], &parcel));
done:
    pleats_release(ctx, parcel.byte);
    return status;
}

static pleats_status take_subtree(void *state, const pleats_task *task,
                                  size_t n_planes)
{
    pleats_status status = PLEATS_OK;
    dealing *d = state;
    pleats_task one = *task;
    d->n_cells += n_planes > 0;
    d->reaches_depth = d->reaches_depth || task->n == d->depth;
    if (!d->by_sections || n_planes == 0)
        return deal(d, task);
    for (one.first = 0; one.first < n_planes; one.first++) {
        one.end = one.first + 1;
        TRY(deal(d, &one));
    }
done:
    return status;
}

/* Names the subtrees of all frames at one depth. */
static pleats_status name_all(dealing *d, size_t depth)
{
    pleats_status status = PLEATS_OK;
    pleats_counting *c = &d->work->c;
    pleats_counter *first = &c->counter[0];
    const pleats_visitor visitor = pleats_counter_visitor(first);
    d->n = d->n_cells = 0;
    d->depth = depth;
    d->reaches_depth = false;
    for (d->frame = 0; d->frame < c->parts.n; d->frame++) {
        c->current = d->frame;
        TRY(pleats_counter_enter(first, c->ctx, pleats_engine_of_part(c)));
        TRY(pleats_walk_names(&first->space[d->frame], &c->ahead, &visitor,
                              &c->origins[d->frame], depth, take_subtree, d));
    }
done:
    return status;
}

/* The verdicts that naming took are those of one part, so that the parts' sum
 * has them once. */
static void keep_verdicts(pleats_work *w)
{
    const pleats_counter *first = &w->c.counter[0];
    for (pleats_idx i = 0; i < w->c.parts.n; i++) {
        w->by_bounds += first->space[i].by_bounds;
        w->by_exact += first->space[i].by_exact;
    }
}

pleats_status pleats_work_keep_part(pleats_work *w, uint64_t part, uint64_t of)
{
    pleats_status status = PLEATS_OK;
    dealing d = {.work = w, .part = part, .of = of};
    const uint64_t enough = SUBTREES_PER_PART * of;
    size_t depth = 0;
    TRY(name_all(&d, depth));
    while (d.n < enough && d.reaches_depth) {
        for (uint64_t n = d.n; n < enough; n *= 2)
            depth++;
        TRY(name_all(&d, depth));
    }
    d.by_sections = d.n < enough && d.n_cells > 0;
    pleats_work_clear(w);
    d.keeps = true;
    for (pleats_idx i = 0; i < w->c.parts.n; i++)
        if (w->c.parts.frame[i].k > w->last.dimension)
            w->last.dimension = w->c.parts.frame[i].k;
    w->part = part;
    w->of = of;
    TRY(name_all(&d, depth));
    if (part == 0)
        keep_verdicts(w);
    pleats_counting_forget(&w->c);
done:
    return status;
}
