/* A record as text, one line after the other; docs/formats.md says which. */
#include "count/record.h"

#include <string.h>

static const char done_word[] = "done", open_word[] = "open";

pleats_status pleats_record_unused(pleats_ctx *ctx)
{
    return pleats_fail(ctx, PLEATS_INVALID,
                       "a record says nothing before its first use");
}

pleats_status pleats_record_text(pleats_ctx *ctx, const pleats_record *r,
                                 pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    t->n = 0;
    if (!pleats_record_is_used(r))
        return pleats_record_unused(ctx);
    TRY(pleats_text_bytes(ctx, t, r->identity.byte, r->identity.n));
    TRY(pleats_text_put(ctx, t, "seconds %.6f\ntrials %zu\n",
                        pleats_record_seconds(r), r->n));
    for (size_t i = 0; i < r->n; i++) {
        const pleats_record_entry *e = &r->entry[i];
        TRY(pleats_text_put(ctx, t, "%llu %s ", (unsigned long long)e->number,
                            e->is_done ? done_word : open_word));
        TRY(pleats_text_bytes(ctx, t, e->text, strlen(e->text)));
        TRY(pleats_text_bytes(ctx, t, "\n", 1));
    }
    TRY(pleats_text_end(ctx, t));
done:
    return status;
}

/* "NUMBER done|open TEXT", in ascending order. */
static pleats_status read_entry(pleats_record *r, pleats_lines *l,
                                uint64_t *least)
{
    enum { WORD_BYTES = sizeof done_word }; /* as of open_word */
    pleats_status status = PLEATS_OK;
    uint64_t number = 0;
    TRY(pleats_lines_next(l));
    char *at = l->line;
    TRY(pleats_lines_take_whole(l, &at, ' ', UINT64_MAX - 1, &number));
    const bool is_done = strncmp(at, "done ", WORD_BYTES) == 0;
    if (number < *least || (!is_done && strncmp(at, "open ", WORD_BYTES) != 0))
        TRY(pleats_lines_damaged(l, "another line is expected here"));
    TRY(pleats_record_enter(l->ctx, r, number, is_done, at + WORD_BYTES));
    *least = number + 1;
done:
    return status;
}

/* Reads a text into `added`. */
static pleats_status read_text(pleats_lines *l, const pleats_text *identity,
                               pleats_record *added)
{
    pleats_status status = PLEATS_OK;
    char *value;
    uint64_t n = 0, least = 0;
    TRY(pleats_lines_same(l, identity));
    TRY(pleats_lines_need(l, "seconds", &value));
    TRY(pleats_lines_take_amount(l, value, &added->seconds));
    TRY(pleats_lines_need(l, "trials", &value));
    TRY(pleats_lines_take_whole(l, &value, '\0', UINT64_MAX, &n));
    for (uint64_t i = 0; i < n; i++)
        TRY(read_entry(added, l, &least));
    TRY(pleats_lines_end(l));
done:
    return status;
}

pleats_status pleats_record_add(pleats_ctx *ctx, pleats_record *r,
                                const char *where, const char *bytes, size_t n)
{
    pleats_status status = PLEATS_OK;
    pleats_lines lines = {0};
    pleats_record added = {0};
    TRY(pleats_lines_open(ctx, &lines, where, "record", bytes, n));
    TRY(read_text(&lines, &r->identity, &added));
    for (size_t i = 0; i < added.n; i++) {
        const pleats_record_entry *e = &added.entry[i],
                                  *old = pleats_record_at(r, e->number);
        if (!old || !old->is_done)
            TRY(pleats_record_enter(ctx, r, e->number, e->is_done, e->text));
    }
    r->seconds += added.seconds;
done:
    pleats_record_clear(ctx, &added);
    pleats_release(ctx, added.entry);
    pleats_lines_close(&lines);
    return status;
}
