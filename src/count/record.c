#include "count/record.h"

#include "base/file.h"
#include "base/output.h"

#include "pleats/version.h"

#include <string.h>

/* ---- entries ---- */

/* Place of the first entry whose number is not below. */
static size_t place_of(const pleats_record *r, uint64_t number)
{
    size_t lo = 0, hi = r->n;
    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (r->entry[middle].number < number)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

pleats_record_entry *pleats_record_at(const pleats_record *r, uint64_t number)
{
    const size_t at = place_of(r, number);
    const bool is_there = at < r->n && r->entry[at].number == number;
    return is_there ? &r->entry[at] : NULL;
}

pleats_status pleats_record_enter(pleats_ctx *ctx, pleats_record *r,
                                  uint64_t number, bool is_done,
                                  const char *text)
{
    pleats_status status = PLEATS_OK;
    pleats_record_entry *old = pleats_record_at(r, number);
    const size_t at = place_of(r, number);
    char *copy = NULL;
    TRY(pleats_strdup(ctx, text, &copy));
    if (old) {
        pleats_release(ctx, old->text);
        *old = (pleats_record_entry){number, is_done, copy};
        return PLEATS_OK;
    }
    TRY(pleats_grow(ctx, &r->entry, &r->capacity, r->n + 1, sizeof *r->entry));
    memmove(r->entry + at + 1, r->entry + at, (r->n - at) * sizeof *r->entry);
    r->entry[at] = (pleats_record_entry){number, is_done, copy};
    r->n++;
    copy = NULL;
done:
    pleats_release(ctx, copy);
    return status;
}

/* ---- keeping; the lock is held ---- */

static pleats_status write(pleats_ctx *ctx, pleats_record *r, const char *path)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    TRY(pleats_record_text(ctx, r, &text));
    TRY(pleats_output_put(ctx, path, text.byte, text.n));
    r->written = pleats_now();
done:
    pleats_release(ctx, text.byte);
    return status;
}

static bool is_due(pleats_record *r)
{
    if (!r->path)
        return false;
    const bool is_asked =
        r->now && __atomic_exchange_n(r->now, 0, __ATOMIC_RELAXED) != 0;
    return is_asked || pleats_now() - r->written >= r->every;
}

/* ---- for the functions that make trials ---- */

pleats_status pleats_record_identity(pleats_ctx *ctx, pleats_text *text,
                                     const char *of)
{
    return pleats_text_put(ctx, text, "pleats-record 1\nversion %s\nof %s\n",
                           PLEATS_VERSION, of);
}

static pleats_status take_identity(pleats_ctx *ctx, pleats_record *r,
                                   const pleats_text *identity)
{
    pleats_status status = PLEATS_OK;
    if (!r->identity.byte)
        TRY(pleats_text_bytes(ctx, &r->identity, identity->byte, identity->n));
    if (strcmp(r->identity.byte, identity->byte) != 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the record is of another call: of another network, "
                        "domain or option"));
    if (r->pending)
        TRY(pleats_record_add(ctx, r, r->where, r->pending, r->n_pending));
    pleats_release(ctx, r->pending);
    pleats_release(ctx, r->where);
    r->pending = r->where = NULL;
done:
    return status;
}

pleats_status pleats_record_begin(pleats_ctx *ctx, pleats_record *r,
                                  const pleats_text *identity)
{
    pleats_status status = PLEATS_OK;
    if (!r)
        return PLEATS_OK;
    pthread_mutex_lock(&r->lock);
    TRY(take_identity(ctx, r, identity));
    r->begun = pleats_now();
    if (r->path)
        TRY(write(ctx, r, r->path));
done:
    pthread_mutex_unlock(&r->lock);
    return status;
}

void pleats_record_end(pleats_record *r)
{
    if (!r || r->begun == 0)
        return;
    r->seconds += pleats_now() - r->begun;
    r->begun = 0;
}

bool pleats_record_is_for_a_part(const pleats_record *r)
{
    return r && (r->first > 0 || r->end < UINT64_MAX);
}

bool pleats_record_asks(pleats_record *r, uint64_t number)
{
    bool is_done = false;
    if (!r)
        return true;
    (void)pleats_record_find(r, number, &is_done);
    return number >= r->first && number < r->end && !is_done;
}

const char *pleats_record_find(pleats_record *r, uint64_t number, bool *is_done)
{
    const char *text = NULL;
    *is_done = false;
    if (!r)
        return NULL;
    pthread_mutex_lock(&r->lock);
    const pleats_record_entry *e = pleats_record_at(r, number);
    if (e) {
        text = e->text;
        *is_done = e->is_done;
    }
    pthread_mutex_unlock(&r->lock);
    return text;
}

pleats_status pleats_record_put(pleats_ctx *ctx, pleats_record *r,
                                uint64_t number, bool is_done, const char *text)
{
    pleats_status status = PLEATS_OK;
    if (!r)
        return PLEATS_OK;
    pthread_mutex_lock(&r->lock);
    TRY(pleats_record_enter(ctx, r, number, is_done, text));
    if (is_due(r))
        TRY(write(ctx, r, r->path));
done:
    pthread_mutex_unlock(&r->lock);
    return status;
}

pleats_status pleats_record_refuse(pleats_ctx *ctx, uint64_t number)
{
    return pleats_fail(ctx, PLEATS_INVALID,
                       "the record is damaged: what it says of trial %llu "
                       "cannot be",
                       (unsigned long long)number);
}

double pleats_record_seconds(const pleats_record *r)
{
    return r->seconds + (r->begun > 0 ? pleats_now() - r->begun : 0);
}

/* ---- for everybody ---- */

pleats_status pleats_record_new(pleats_ctx *ctx, pleats_record **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, 1, sizeof **out, out));
    pthread_mutex_init(&(*out)->lock, NULL);
    (*out)->end = UINT64_MAX;
done:
    return status;
}

void pleats_record_clear(pleats_ctx *ctx, pleats_record *r)
{
    for (size_t i = 0; i < r->n; i++)
        pleats_release(ctx, r->entry[i].text);
    pleats_release(ctx, r->pending);
    pleats_release(ctx, r->where);
    r->pending = r->where = NULL;
    r->n = 0;
    r->seconds = 0;
}

void pleats_record_free(pleats_ctx *ctx, pleats_record *r)
{
    if (!r)
        return;
    pleats_record_clear(ctx, r);
    pleats_release(ctx, r->entry);
    pleats_release(ctx, r->identity.byte);
    pleats_release(ctx, r->path);
    pthread_mutex_destroy(&r->lock);
    pleats_release(ctx, r);
}

pleats_status pleats_record_keep(pleats_ctx *ctx, pleats_record *r,
                                 const char *path, double seconds, int *now)
{
    pleats_status status = PLEATS_OK;
    char *copy = NULL;
    TRY(pleats_strdup(ctx, path, &copy));
    pleats_release(ctx, r->path);
    r->path = copy;
    r->every = seconds;
    r->written = pleats_now();
    r->now = now;
done:
    return status;
}

void pleats_record_ask(pleats_record *r, uint64_t first, uint64_t end)
{
    r->first = first;
    r->end = end;
}

bool pleats_record_is_used(const pleats_record *r)
{
    return r->identity.byte != NULL;
}

uint64_t pleats_record_n(const pleats_record *r)
{
    uint64_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += r->entry[i].is_done;
    return n;
}

bool pleats_record_has(const pleats_record *r, uint64_t number)
{
    const pleats_record_entry *e = pleats_record_at(r, number);
    return e && e->is_done;
}

pleats_status pleats_record_key(pleats_ctx *ctx, const pleats_record *r,
                                char key[PLEATS_RECORD_KEY_BYTES])
{
    if (!pleats_record_is_used(r))
        return pleats_record_unused(ctx);
    return pleats_digest_text(ctx, r->identity.byte, r->identity.n, key);
}

pleats_status pleats_record_write(pleats_ctx *ctx, pleats_record *r,
                                  const char *path)
{
    pthread_mutex_lock(&r->lock);
    const pleats_status status = write(ctx, r, path);
    pthread_mutex_unlock(&r->lock);
    return status;
}

/* A text that came before the record's first call waits for that. */
static pleats_status wait_for_call(pleats_ctx *ctx, pleats_record *r,
                                   const char *where, const char *bytes,
                                   size_t n)
{
    pleats_status status = PLEATS_OK;
    pleats_lines lines = {0};
    if (r->pending)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: a record takes one text before its first use",
                           where);
    TRY(pleats_lines_open(ctx, &lines, where, "record", bytes, n));
    TRY(pleats_strdup(ctx, where, &r->where));
    TRY(pleats_alloc(ctx, n, 1, &r->pending));
    memcpy(r->pending, bytes, n);
    r->n_pending = n;
done:
    pleats_lines_close(&lines);
    return status;
}

static pleats_status take(pleats_ctx *ctx, pleats_record *r, const char *where,
                          const char *bytes, size_t n)
{
    return r->identity.byte ? pleats_record_add(ctx, r, where, bytes, n)
                            : wait_for_call(ctx, r, where, bytes, n);
}

pleats_status pleats_record_read(pleats_ctx *ctx, pleats_record *r,
                                 const char *path)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    size_t n = 0;
    TRY(pleats_file_read(ctx, path, SIZE_MAX - 1, &bytes, &n));
    TRY(take(ctx, r, path, bytes, n));
done:
    pleats_release(ctx, bytes);
    return status;
}

pleats_status pleats_record_save(pleats_ctx *ctx, pleats_record *r, char **out,
                                 size_t *n_bytes)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    *out = NULL;
    TRY(pleats_record_text(ctx, r, &text));
    *out = text.byte;
    *n_bytes = text.n;
done:
    if (status != PLEATS_OK)
        pleats_release(ctx, text.byte);
    return status;
}

pleats_status pleats_record_add_text(pleats_ctx *ctx, pleats_record *r,
                                     const char *text, size_t n_bytes)
{
    return take(ctx, r, "the text", text, n_bytes);
}

void pleats_record_text_free(pleats_ctx *ctx, char *text)
{
    pleats_release(ctx, text);
}
