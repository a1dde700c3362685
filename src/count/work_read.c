/* Reads what work_text.c writes. */
#include "base/text.h"
#include "count/work.h"
#include "net/pattern.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    pleats_work *work;
    const char *where;
    char *line; /* the next one, ended by a zero byte; NULL: none is left */
    char *rest; /* behind it */
    size_t n;   /* lines so far */
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
    return pleats_fail(r->work->c.ctx, PLEATS_INVALID,
                       "%s: line %zu: %s; the file is damaged", r->where, r->n,
                       what);
}

static pleats_status next_line(reader *r)
{
    char *end = strchr(r->rest, '\n');
    r->n++;
    if (!end)
        return damaged(r, "the text ends too early");
    r->line = r->rest;
    *end = '\0';
    r->rest = end + 1;
    return PLEATS_OK;
}

/* The next line is "NAME VALUE"; *value is what stands behind the name. */
static pleats_status need(reader *r, const char *name, char **value)
{
    pleats_status status = PLEATS_OK;
    const size_t n = strlen(name);
    TRY(next_line(r));
    if (strncmp(r->line, name, n) != 0 || r->line[n] != ' ')
        return damaged(r, "another line is expected here");
    *value = r->line + n + 1;
done:
    return status;
}

/* Takes a whole number, at most `most`, and what `after` says behind it. */
static pleats_status take_whole(const reader *r, char **at, char after,
                                uint64_t most, uint64_t *out)
{
    char *end;
    errno = 0;
    const unsigned long long x = strtoull(*at, &end, 10);
    if (**at < '0' || **at > '9' || errno || x > most || *end != after)
        return damaged(r, "not a number that can stand here");
    *out = x;
    *at = after ? end + 1 : end;
    return PLEATS_OK;
}

static pleats_status need_whole(reader *r, const char *name, uint64_t *out)
{
    pleats_status status = PLEATS_OK;
    char *value;
    TRY(need(r, name, &value));
    TRY(take_whole(r, &value, '\0', UINT64_MAX, out));
done:
    return status;
}

static pleats_status take_double(const reader *r, char **at, char after,
                                 double *out)
{
    char *end;
    *out = pleats_read_double(*at, &end);
    if (end == *at || *end != after)
        return damaged(r, "not a number that can stand here");
    *at = after ? end + 1 : end;
    return PLEATS_OK;
}

/* Takes all of a line: a finite number, at least 0. */
static pleats_status take_amount(const reader *r, char *at, double *out)
{
    pleats_status status = PLEATS_OK;
    TRY(take_double(r, &at, '\0', out));
    if (!(*out >= 0 && *out < INFINITY))
        TRY(damaged(r, "not a number that can stand here"));
done:
    return status;
}

/* ---- the parts of a text ---- */

/* The last line is the digest of all before it. */
static pleats_status check_digest(const reader *r, const char *bytes, size_t n)
{
    enum { LAST = 7 + PLEATS_DIGEST_DIGITS + 1 };
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = r->work->c.ctx;
    pleats_hasher *hasher = NULL;
    pleats_digest digest;
    char hex[PLEATS_DIGEST_DIGITS + 1];
    if (n < LAST || bytes[n - 1] != '\n' || memchr(bytes, '\0', n) ||
        memcmp(bytes + n - LAST, "sha256 ", 7) != 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: is no state of a count, or was cut short: its "
                           "last line must be a digest",
                           r->where);
    TRY(pleats_hasher_new(ctx, &hasher));
    pleats_hasher_add(hasher, bytes, n - LAST);
    pleats_hasher_end(hasher, &digest);
    pleats_digest_hex(&digest, hex);
    if (memcmp(hex, bytes + n - LAST + 7, PLEATS_DIGEST_DIGITS) != 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s: is damaged: its digest is another one", r->where));
done:
    pleats_hasher_free(ctx, hasher);
    return status;
}

/* The first lines are those of this work. */
static pleats_status check_identity(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = r->work->c.ctx;
    pleats_text own = {0};
    TRY(pleats_work_identity(r->work, &own));
    for (char *line = own.byte, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        *end = '\0';
        TRY(next_line(r));
        if (strcmp(r->line, line) != 0)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "%s: is of another count: it says \"%.80s\", this "
                            "count \"%.80s\"",
                            r->where, r->line, line));
    }
done:
    pleats_release(ctx, own.byte);
    return status;
}

/* A text of a part makes an empty work that part. */
static pleats_status check_part(reader *r, addition *a)
{
    pleats_status status = PLEATS_OK;
    const pleats_work *w = r->work;
    char *at;
    TRY(need(r, "part", &at));
    TRY(take_whole(r, &at, ' ', PLEATS_MOST_PARTS - 1, &a->part));
    if (strncmp(at, "of ", 3) != 0)
        TRY(damaged(r, "another line is expected here"));
    at += 3;
    TRY(take_whole(r, &at, '\0', PLEATS_MOST_PARTS, &a->of));
    if (a->part >= a->of)
        TRY(damaged(r, "no such part"));
    if (!pleats_work_is_empty(w) && (a->part != w->part || a->of != w->of))
        TRY(pleats_fail(w->c.ctx, PLEATS_INVALID,
                        "%s: is about part %llu of %llu, this count about "
                        "part %llu of %llu",
                        r->where, (unsigned long long)a->part,
                        (unsigned long long)a->of, (unsigned long long)w->part,
                        (unsigned long long)w->of));
done:
    return status;
}

static pleats_status read_pattern(const reader *r, const char *hex,
                                  unsigned char *pattern)
{
    const pleats_net *net = r->work->c.net;
    const size_t n = pleats_pattern_size(net);
    if (strlen(hex) != 2 * n || strspn(hex, "0123456789abcdef") != 2 * n)
        return damaged(r, "not a pattern of this network");
    for (size_t i = 0; i < n; i++) {
        const char two[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        pattern[i] = (unsigned char)strtoul(two, NULL, 16);
    }
    return PLEATS_OK;
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
    unsigned char *pattern = NULL;
    pleats_idx *piece = NULL;
    uint64_t n = 0, part = 0;
    TRY(need_whole(r, "maps", &n));
    TRY(pleats_alloc(ctx, pleats_pattern_size(w->c.net) + 1, 1, &pattern));
    TRY(pleats_alloc(ctx, (size_t)w->c.net->n_units + 1, sizeof *piece,
                     &piece));
    for (uint64_t i = 0; i < n; i++) {
        pleats_map_interval interval;
        TRY(next_line(r));
        char *at = r->line;
        TRY(take_whole(r, &at, ' ', (uint64_t)w->c.parts.n - 1, &part));
        TRY(take_double(r, &at, ' ', &interval.lo));
        TRY(take_double(r, &at, ' ', &interval.hi));
        TRY(read_pattern(r, at, pattern));
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

static pleats_status read_path(const reader *r, char **at, pleats_task *task)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = r->work->c.ctx;
    uint64_t child = 0;
    task->n = 0;
    if (**at != '.')
        return damaged(r, "a path begins with a point");
    for (++*at; **at && **at != ' ';) {
        if (**at == '(') {
            ++*at;
            TRY(take_whole(r, at, ')', INT32_MAX, &child));
        } else if (**at >= '0' && **at <= '9') {
            child = (uint64_t)(*(*at)++ - '0');
        } else {
            TRY(damaged(r, "not a path"));
        }
        TRY(pleats_task_go(ctx, task, (pleats_idx)child));
    }
done:
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
    TRY(next_line(r));
    char *at = r->line;
    TRY(take_whole(r, &at, ' ', (uint64_t)w->c.parts.n - 1, &part));
    TRY(read_path(r, &at, task));
    task->origin = w->origins[part];
    task->first = task->end = 0;
    if (*at == ' ') {
        ++at;
        TRY(take_whole(r, &at, ' ', UINT64_MAX - 1, &task->first));
        TRY(take_whole(r, &at, '\0', UINT64_MAX, &task->end));
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
    uint64_t dimension = 0;
    TRY(take_amount(r, seconds, &a->seconds));
    TRY(need(r, "share", &value));
    TRY(take_amount(r, value, &a->share));
    TRY(need(r, "dimension", &value));
    if (strcmp(value, "-1") != 0) {
        TRY(take_whole(r, &value, '\0', INT32_MAX, &dimension));
        a->dimension = (pleats_idx)dimension;
    }
    TRY(need(r, "regions", &value));
    if (*value < '0' || *value > '9' || mpz_set_str(a->regions, value, 10) != 0)
        TRY(damaged(r, "not a number that can stand here"));
    TRY(need(r, "verdicts", &value));
    TRY(take_whole(r, &value, ' ', UINT64_MAX, &a->by_bounds));
    TRY(take_whole(r, &value, '\0', UINT64_MAX, &a->by_exact));
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
    TRY(next_line(r));
    char *value = r->line;
    if (strncmp(value, "seconds ", 8) == 0) {
        TRY(read_found(r, value + 8, a));
        TRY(next_line(r));
        value = r->line;
    }
    if (strncmp(value, "tasks ", 6) != 0)
        TRY(damaged(r, "another line is expected here"));
    value += 6;
    TRY(take_whole(r, &value, '\0', UINT64_MAX, &n));
    for (uint64_t i = 0; i < n; i++)
        TRY(read_task(r, &task, a->tasks));
    TRY(next_line(r));
    if (*r->rest || strncmp(r->line, "sha256 ", 7) != 0)
        TRY(damaged(r, "another line is expected here"));
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
    reader r = {.work = w, .where = where};
    char *copy = NULL;
    mpz_init(a.regions);
    TRY(check_digest(&r, bytes, n));
    TRY(pleats_alloc(ctx, n + 1, 1, &copy));
    memcpy(copy, bytes, n);
    r.rest = copy;
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
    pleats_release(ctx, copy);
    mpz_clear(a.regions);
    return status;
}
