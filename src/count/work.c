#include "count/work.h"

#include "base/hash.h"

#include <string.h>

/* ---- making ---- */

/* The digest of all frames and of how they are grouped. */
static void digest_domain(pleats_work *w, pleats_hasher *hasher)
{
    const pleats_parts *parts = &w->c.parts;
    pleats_hasher_add(hasher, &parts->n, sizeof parts->n);
    for (pleats_idx i = 0; i < parts->n; i++) {
        pleats_hasher_add(hasher, &parts->leader[i], sizeof parts->leader[i]);
        pleats_hasher_add(hasher, w->origins[i].frame.byte,
                          PLEATS_DIGEST_BYTES);
    }
    pleats_hasher_end(hasher, &w->domain);
}

/* Every part is left as a whole. */
static pleats_status begin(pleats_work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->c.ctx;
    pleats_hasher *hasher = NULL;
    const size_t n = (size_t)w->c.parts.n;
    TRY(pleats_alloc(ctx, n, sizeof *w->left, &w->left));
    TRY(pleats_alloc(ctx, n, sizeof *w->origins, &w->origins));
    TRY(pleats_hasher_new(ctx, &hasher));
    for (size_t i = 0; i < n; i++) {
        pleats_parcel root = {0};
        TRY(pleats_origin_of(ctx, hasher, w->c.net, &w->c.parts.frame[i],
                             &w->origins[i]));
        TRY(pleats_root_task(ctx, &w->origins[i], 0, &root));
        status = pleats_parcels_add(ctx, &w->left[i], &root);
        pleats_release(ctx, root.byte);
        TRY(status);
    }
    digest_domain(w, hasher);
    w->c.left = w->left;
    w->c.origins = w->origins;
done:
    pleats_hasher_free(ctx, hasher);
    return status;
}

pleats_status pleats_work_make(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_domain *domain,
                               const pleats_count_task *task, pleats_work **out)
{
    pleats_status status = PLEATS_OK;
    pleats_work *w;
    *out = NULL;
    if (task->pieces)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "affine pieces are not counted in parts: ask for "
                           "regions or maps");
    TRY(pleats_alloc(ctx, 1, sizeof *w, &w));
    *out = w;
    w->task = *task;
    mpz_init(w->regions);
    w->last.dimension = -1;
    w->of = 1;
    w->c = (pleats_counting){.ctx = ctx, .net = net, .task = &w->task};
    TRY(pleats_counting_begin(&w->c, domain));
    TRY(begin(w));
done:
    if (status != PLEATS_OK)
        pleats_work_free(ctx, *out);
    *out = status == PLEATS_OK ? *out : NULL;
    return status;
}

static void clear_left(pleats_work *w)
{
    for (pleats_idx i = 0; w->left && i < w->c.parts.n; i++)
        pleats_parcels_clear(w->c.ctx, &w->left[i]);
}

void pleats_work_free(pleats_ctx *ctx, pleats_work *w)
{
    if (!w)
        return;
    clear_left(w);
    pleats_release(ctx, w->left);
    pleats_release(ctx, w->origins);
    mpz_clear(w->regions);
    pleats_counting_end(&w->c);
    pleats_release(ctx, w);
}

void pleats_work_clear(pleats_work *w)
{
    clear_left(w);
    mpz_set_ui(w->regions, 0);
    w->by_bounds = w->by_exact = 0;
    w->seconds = w->own_seconds = w->c.done = 0;
    w->last = (pleats_tally){.dimension = -1};
    w->has_run = false;
    pleats_counting_forget(&w->c);
}

/* ---- running ---- */

size_t pleats_work_n_tasks(const pleats_work *w)
{
    size_t n = 0;
    for (pleats_idx i = 0; i < w->c.parts.n; i++)
        n += w->left[i].n;
    return n;
}

bool pleats_work_is_new(const pleats_work *w)
{
    return !w->has_run && mpz_sgn(w->regions) == 0 && w->of == 1 &&
           pleats_work_n_tasks(w) == (size_t)w->c.parts.n;
}

bool pleats_work_is_empty(const pleats_work *w)
{
    return !w->has_run && mpz_sgn(w->regions) == 0 &&
           pleats_work_n_tasks(w) == 0;
}

bool pleats_work_is_whole(const pleats_work *w)
{
    bool is_torn = false;
    for (pleats_idx i = 0; i < w->c.parts.n; i++)
        is_torn = is_torn || w->left[i].is_torn;
    return !is_torn;
}

/* Maps are only known when a run has come to its end. */
bool pleats_work_is_done(const pleats_work *w)
{
    return pleats_work_n_tasks(w) == 0 && pleats_work_is_whole(w) &&
           (w->has_run ? w->last.complete : !w->task.maps);
}

double pleats_work_share(const pleats_work *w)
{
    return w->c.done < 1 ? w->c.done : 1;
}

pleats_status pleats_work_go(pleats_work *w, const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    const double started = pleats_now();
    pleats_tally tally = {.dimension = w->last.dimension};
    const int32_t threads = w->task.limits.threads;
    w->task.limits = *limits;
    w->task.limits.threads = threads;
    status = pleats_counting_run(&w->c, &tally);
    status = pleats_counting_settle(&w->c, status, &tally);
    w->last = tally;
    w->has_run = true;
    w->own_seconds += pleats_now() - started;
    return status;
}

pleats_status pleats_work_maps(pleats_work *w, pleats_digest_set *out)
{
    pleats_status status = PLEATS_OK;
    pleats_counting *c = &w->c;
    *out = (pleats_digest_set){0};
    if (!w->task.maps || !pleats_work_is_done(w))
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "maps are told apart when they are counted and the "
                           "count is done");
    for (c->current = 0; c->current < c->parts.n; c->current++)
        if (c->parts.leader[c->current] == c->current)
            TRY(pleats_counting_digests(c, out));
done:
    return status;
}

void pleats_work_tally(const pleats_work *w, pleats_tally *tally)
{
    mpz_set(tally->regions, w->regions);
    tally->maps = w->last.maps;
    tally->pieces = 0;
    tally->dimension = w->last.dimension;
    tally->by_bounds = w->by_bounds;
    tally->by_exact = w->by_exact;
    tally->complete = pleats_work_is_done(w);
    tally->stopped = w->last.stopped;
    pleats_counting_gather(&w->c, tally);
}

pleats_status pleats_work_count_part(pleats_ctx *ctx, const pleats_net *net,
                                     const pleats_domain *domain,
                                     const pleats_count_task *task,
                                     pleats_tally *tally)
{
    pleats_status status = PLEATS_OK;
    pleats_work *w = NULL;
    tally->dimension = -1;
    tally->complete = false;
    TRY(pleats_work_make(ctx, net, domain, task, &w));
    TRY(pleats_work_keep_part(w, task->part, task->of));
    TRY(pleats_work_go(w, &task->limits));
    pleats_work_tally(w, tally);
done:
    pleats_work_free(ctx, w);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx)) {
        tally->stopped = pleats_ctx_limit(ctx);
        status = PLEATS_OK;
    }
    return status;
}
