/* Reads what work_text.c writes. */
#include "count/work.h"
#include "net/pattern.h"

#include <limits.h>
#include <string.h>

typedef struct {
    pleats_work *work;
    pleats_lines lines;
} reader;

/* What a text adds to its work, once all of it was read. */
typedef struct {
    mpz_t regions;
    uint64_t by_bounds, by_exact;
    double seconds, share;
    pleats_idx dimension;
    uint64_t part, of;
    pleats_map_list *maps; /* [parts.n] */
    pleats_parcels *tasks; /* [parts.n] */
} addition;

static pleats_status damaged(const reader *r, const char *what)
{
    return pleats_lines_damaged(&r->lines, what);
}

/* The first lines are those of this work. */
static pleats_status check_identity(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_text own = {0};
    TRY(pleats_work_identity(r->work, &own));
    TRY(pleats_lines_same(&r->lines, &own));
done:
    pleats_release(r->work->c.ctx, own.byte);
    return status;
}

/* A text of a part makes an empty work that part. */
static pleats_status check_part(reader *r, addition *a)
{
    pleats_status status = PLEATS_OK;
    const pleats_work *w = r->work;
    TRY(pleats_lines_take_part(&r->lines, PLEATS_MOST_PARTS, &a->part, &a->of));
    if (!pleats_work_is_empty(w) && (a->part != w->part || a->of != w->of))
        TRY(pleats_fail(w->c.ctx, PLEATS_INVALID,
                        "%s: is about part %llu of %llu, this count about "
                        "part %llu of %llu",
                        r->lines.where, (unsigned long long)a->part,
                        (unsigned long long)a->of, (unsigned long long)w->part,
                        (unsigned long long)w->of));
done:
    return status;
}

static pleats_status check_pieces(const reader *r, const pleats_idx *piece)
{
    const pleats_net *net = r->work->c.net;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx j = 0; j < s->n_out && !pleats_step_is_affine(s); j++)
            if (piece[s->first_unit + j] >= pleats_step_pieces(s, j))
                return damaged(r, "a unit has no such piece");
    }
    return PLEATS_OK;
}

/* Regions whose maps are to be told apart: lists [parts.n]. */
static pleats_status read_maps(reader *r, pleats_map_list *lists)
{
    pleats_status status = PLEATS_OK;
    pleats_work *w = r->work;
    pleats_ctx *ctx = w->c.ctx;
    const size_t n_bytes = pleats_pattern_size(w->c.net);
    unsigned char *pattern = NULL;
    pleats_idx *piece = NULL;
    char *value;
    uint64_t n = 0, part = 0;
    TRY(pleats_lines_need(&r->lines, "maps", &value));
    TRY(pleats_lines_take_whole(&r->lines, &value, '\0', UINT64_MAX, &n));
    TRY(pleats_alloc(ctx, n_bytes + 1, 1, &pattern));
    TRY(pleats_alloc(ctx, (size_t)w->c.net->n_units + 1, sizeof *piece,
                     &piece));
    for (uint64_t i = 0; i < n; i++) {
        pleats_map_interval interval;
        TRY(pleats_lines_next(&r->lines));
        char *at = r->lines.line;
        TRY(pleats_lines_take_whole(&r->lines, &at, ' ',
                                    (uint64_t)w->c.parts.n - 1, &part));
        TRY(pleats_lines_take_double(&r->lines, &at, ' ', &interval.lo));
        TRY(pleats_lines_take_double(&r->lines, &at, ' ', &interval.hi));
        TRY(pleats_lines_take_hex(&r->lines, at, pattern, n_bytes));
        pleats_pattern_unpack(w->c.net, pattern, piece);
        TRY(check_pieces(r, piece));
        if (!(interval.lo <= interval.hi))
            TRY(damaged(r, "an interval must end behind its begin"));
        TRY(pleats_map_list_add(ctx, &lists[part], w->c.net, interval, piece));
    }
done:
    pleats_release(ctx, pattern);
    pleats_release(ctx, piece);
    return status;
}

static pleats_status read_task(reader *r, pleats_task *task,
                               pleats_parcels *added)
{
    pleats_status status = PLEATS_OK;
    pleats_work *w = r->work;
    pleats_ctx *ctx = w->c.ctx;
    pleats_parcel parcel = {0};
    uint64_t part = 0;
    TRY(pleats_lines_next(&r->lines));
    char *at = r->lines.line;
    TRY(pleats_lines_take_whole(&r->lines, &at, ' ', (uint64_t)w->c.parts.n - 1,
                                &part));
    TRY(pleats_task_take_path(&r->lines, &at, task));
    task->origin = w->origins[part];
    task->first = task->end = 0;
    if (*at == ' ') {
        ++at;
        TRY(pleats_lines_take_whole(&r->lines, &at, ' ', UINT64_MAX - 1,
                                    &task->first));
        TRY(pleats_lines_take_whole(&r->lines, &at, '\0', UINT64_MAX,
                                    &task->end));
        if (task->end <= task->first)
            TRY(damaged(r, "a range of sections must end behind its first"));
    }
    TRY(pleats_task_write(ctx, task, &parcel));
    TRY(pleats_parcels_add(ctx, &added[part], &parcel));
done:
    pleats_release(ctx, parcel.byte);
    return status;
}

static pleats_status read_found(reader *r, char *seconds, addition *a)
{
    pleats_status status = PLEATS_OK;
    char *value;
    TRY(pleats_lines_take_amount(&r->lines, seconds, &a->seconds));
    TRY(pleats_lines_need(&r->lines, "share", &value));
    TRY(pleats_lines_take_amount(&r->lines, value, &a->share));
    TRY(pleats_lines_take_dimension(&r->lines, &a->dimension));
    TRY(pleats_lines_need(&r->lines, "regions", &value));
    TRY(pleats_lines_take_integer(&r->lines, value, a->regions));
    TRY(pleats_lines_need(&r->lines, "verdicts", &value));
    TRY(pleats_lines_take_whole(&r->lines, &value, ' ', UINT64_MAX,
                                &a->by_bounds));
    TRY(pleats_lines_take_whole(&r->lines, &value, '\0', UINT64_MAX,
                                &a->by_exact));
    TRY(read_maps(r, a->maps));
done:
    return status;
}

static pleats_status read_all(reader *r, addition *a)
{
    pleats_status status = PLEATS_OK;
    pleats_task task = {0};
    uint64_t n = 0;
    TRY(check_identity(r));
    TRY(check_part(r, a));
    TRY(pleats_lines_next(&r->lines));
    char *value = r->lines.line;
    if (strncmp(value, "seconds ", 8) == 0) {
        TRY(read_found(r, value + 8, a));
        TRY(pleats_lines_next(&r->lines));
        value = r->lines.line;
    }
    TRY(pleats_lines_value(&r->lines, "tasks", &value));
    TRY(pleats_lines_take_whole(&r->lines, &value, '\0', UINT64_MAX, &n));
    for (uint64_t i = 0; i < n; i++)
        TRY(read_task(r, &task, a->tasks));
    TRY(pleats_lines_end(&r->lines));
done:
    pleats_task_clear(r->work->c.ctx, &task);
    return status;
}

/* Makes room for what is added to part p, after which that cannot fail. */
static pleats_status reserve_part(pleats_work *w, const addition *a,
                                  pleats_idx p)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->c.ctx;
    pleats_parcels *left = &w->left[p];
    TRY(pleats_map_list_reserve(ctx, &w->c.counter[0].group[p].seen,
                                &a->maps[p]));
    TRY(pleats_grow(ctx, &left->task, &left->capacity, left->n + a->tasks[p].n,
                    sizeof *left->task));
done:
    return status;
}

/* The tasks of a text come on top of the stack. */
static pleats_status add_part(pleats_work *w, addition *a, pleats_idx p)
{
    pleats_status status = PLEATS_OK;
    pleats_parcels *left = &w->left[p], *more = &a->tasks[p];
    TRY(pleats_map_list_append(w->c.ctx, &w->c.counter[0].group[p].seen,
                               &a->maps[p]));
    for (size_t i = 0; i < more->n; i++)
        left->task[left->n++] = more->task[i];
    more->n = 0;
done:
    return status;
}

static pleats_status add(pleats_work *w, addition *a)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx p = 0; p < w->c.parts.n; p++)
        TRY(reserve_part(w, a, p));
    for (pleats_idx p = 0; p < w->c.parts.n; p++)
        TRY(add_part(w, a, p));
    mpz_add(w->regions, w->regions, a->regions);
    w->by_bounds += a->by_bounds;
    w->by_exact += a->by_exact;
    w->seconds += a->seconds;
    w->c.done += a->share;
    if (a->dimension > w->last.dimension)
        w->last.dimension = a->dimension;
    w->part = a->part;
    w->of = a->of;
    w->has_run = false;
done:
    return status;
}

pleats_status pleats_work_add(pleats_work *w, const char *where,
                              const char *bytes, size_t n)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->c.ctx;
    const size_t parts = (size_t)w->c.parts.n;
    addition a = {.dimension = -1};
    reader r = {.work = w};
    mpz_init(a.regions);
    TRY(pleats_lines_open(ctx, &r.lines, where, "count", bytes, n));
    TRY(pleats_alloc(ctx, parts, sizeof *a.maps, &a.maps));
    TRY(pleats_alloc(ctx, parts, sizeof *a.tasks, &a.tasks));
    TRY(read_all(&r, &a));
    TRY(add(w, &a));
done:
    for (size_t p = 0; p < parts; p++) {
        if (a.maps)
            pleats_map_list_clear(ctx, &a.maps[p]);
        if (a.tasks)
            pleats_parcels_clear(ctx, &a.tasks[p]);
    }
    pleats_release(ctx, a.maps);
    pleats_release(ctx, a.tasks);
    pleats_lines_close(&r.lines);
    mpz_clear(a.regions);
    return status;
}
