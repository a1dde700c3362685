/* A work as text, one line after the other; docs/formats.md says which. */
#include "count/work.h"
#include "net/pattern.h"

#include "pleats/version.h"

#include <string.h>

static const char first_line[] = "pleats-work 1";

pleats_status pleats_work_identity(const pleats_work *w, pleats_text *t)
{
    static const char *const engines[] = {"auto", "programmes", "vertices"};
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->c.ctx;
    char hex[PLEATS_DIGEST_DIGITS + 1] = "-";
    TRY(pleats_text_put(ctx, t, "%s\nversion %s\n", first_line,
                        PLEATS_VERSION));
    if (w->c.parts.n > 0)
        pleats_digest_hex(&w->origins[0].net, hex);
    TRY(pleats_text_put(ctx, t, "network %s\n", hex));
    pleats_digest_hex(&w->domain, hex);
    TRY(pleats_text_put(ctx, t, "domain %s\n", hex));
    TRY(pleats_text_put(ctx, t, "count regions%s\n",
                        w->task.maps ? ",maps" : ""));
    TRY(pleats_text_put(ctx, t, "arithmetic %s\n",
                        w->task.paranoid ? "exact" : "bounds"));
    TRY(pleats_text_put(ctx, t, "engine %s\n", engines[w->task.engine]));
done:
    return status;
}

/* The regions of which maps are to be told apart: part, interval, pattern. */
static pleats_status put_maps(const pleats_work *w, pleats_idx part,
                              pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->c.ctx;
    for (pleats_idx i = 0; i < w->c.n_counters; i++) {
        const pleats_map_list *l = &w->c.counter[i].group[part].seen;
        for (size_t j = 0; j < l->n; j++) {
            TRY(pleats_text_put(ctx, t, "%d %a %a ", part, l->interval[j].lo,
                                l->interval[j].hi));
            TRY(pleats_text_hex(ctx, t, l->pattern + j * l->bytes, l->bytes));
            TRY(pleats_text_put(ctx, t, "\n"));
        }
    }
done:
    return status;
}

static size_t count_maps(const pleats_work *w)
{
    size_t n = 0;
    for (pleats_idx i = 0; i < w->c.n_counters; i++)
        for (pleats_idx p = 0; p < w->c.parts.n; p++)
            n += w->c.counter[i].group[p].seen.n;
    return n;
}

static pleats_status put_found(const pleats_work *w, pleats_tally *tally,
                               pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->c.ctx;
    pleats_work_tally(w, tally);
    TRY(pleats_text_put(ctx, t, "seconds %.6f\nshare %a\ndimension %d\n",
                        w->seconds + w->own_seconds, w->c.done,
                        tally->dimension));
    TRY(pleats_text_put(ctx, t, "regions "));
    TRY(pleats_text_integer(ctx, t, tally->regions));
    TRY(pleats_text_put(ctx, t, "\nverdicts %llu %llu\nmaps %zu\n",
                        (unsigned long long)tally->by_bounds,
                        (unsigned long long)tally->by_exact, count_maps(w)));
    for (pleats_idx p = 0; p < w->c.parts.n; p++)
        TRY(put_maps(w, p, t));
done:
    return status;
}

/* "PART PATH", or "PART PATH FIRST END" of sections. */
static pleats_status put_task(const pleats_work *w, pleats_idx part,
                              const pleats_parcel *parcel, pleats_task *task,
                              pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->c.ctx;
    TRY(pleats_task_read(ctx, parcel, &w->origins[part], task));
    TRY(pleats_text_put(ctx, t, "%d ", part));
    TRY(pleats_task_put_path(ctx, task, t));
    if (task->end > 0)
        TRY(pleats_text_put(ctx, t, " %llu %llu",
                            (unsigned long long)task->first,
                            (unsigned long long)task->end));
    TRY(pleats_text_put(ctx, t, "\n"));
done:
    return status;
}

/* The number of the j-th of n of all tasks, from the oldest one on in even
 * steps.  The older ones of one text are mostly the larger ones, twice as large
 * as the next or more: n in a row would be nearly all of the work, or nearly
 * none. */
static size_t dealt(size_t j, size_t n, size_t all)
{
    return (j * all + n - 1) / n;
}

static pleats_status put_tasks(pleats_work *w, size_t n, pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    const size_t all = pleats_work_n_tasks(w);
    pleats_task task = {0};
    size_t before = 0; /* tasks of the parts before p */
    pleats_idx p = 0;
    for (size_t j = 0; j < n; j++) {
        const size_t i = dealt(j, n, all);
        for (; i >= before + w->left[p].n; p++)
            before += w->left[p].n;
        TRY(put_task(w, p, &w->left[p].task[i - before], &task, t));
    }
done:
    pleats_task_clear(w->c.ctx, &task);
    return status;
}

/* Moves tasks `from` to `to` of a part to the place where `kept` ones end. */
static size_t keep(pleats_parcels *left, size_t kept, size_t from, size_t to)
{
    if (to > from)
        memmove(left->task + kept, left->task + from,
                (to - from) * sizeof *left->task);
    return kept + to - from;
}

/* Lets go of the n tasks that put_tasks has put. */
static void drop_tasks(pleats_work *w, size_t n)
{
    const size_t all = pleats_work_n_tasks(w);
    size_t before = 0, j = 0;
    for (pleats_idx p = 0; p < w->c.parts.n; p++) {
        pleats_parcels *left = &w->left[p];
        size_t kept = 0, from = 0;
        for (; j < n && dealt(j, n, all) < before + left->n; j++) {
            const size_t i = dealt(j, n, all) - before;
            pleats_release(w->c.ctx, left->task[i].byte);
            kept = keep(left, kept, from, i);
            from = i + 1;
        }
        kept = keep(left, kept, from, left->n);
        before += left->n;
        left->n = kept;
    }
}

pleats_status pleats_work_text(pleats_work *w, bool found, size_t n, bool take,
                               pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->c.ctx;
    pleats_tally tally = {0};
    const size_t all = pleats_work_n_tasks(w);
    mpz_init(tally.regions);
    t->n = 0;
    if (!pleats_work_is_whole(w))
        TRY(pleats_fail(ctx, PLEATS_LIMIT,
                        "some of the work that is left was lost when memory "
                        "ran out"));
    TRY(pleats_work_identity(w, t));
    TRY(pleats_text_put(ctx, t, "part %llu of %llu\n",
                        (unsigned long long)w->part,
                        (unsigned long long)w->of));
    if (found)
        TRY(put_found(w, &tally, t));
    n = n < all ? n : all;
    TRY(pleats_text_put(ctx, t, "tasks %zu\n", n));
    TRY(put_tasks(w, n, t));
    TRY(pleats_text_end(ctx, t));
    if (take)
        drop_tasks(w, n);
done:
    mpz_clear(tally.regions);
    return status;
}
