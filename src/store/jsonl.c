/* Cells as JSON lines: the head, a line for each cell, the tail.  A file
 * without its last line is not complete. */
#include "base/text.h"
#include "store/domain_text.h"
#include "store/facts_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 32 }; /* that a number takes at most */

typedef struct {
    pleats_ctx *ctx;
    const pleats_store_head *head; /* lent */
    pleats_output *out;            /* lent */
    pleats_idx *piece;             /* [n_units] */
    size_t n, capacity;
    char *text; /* [n] of the lines at hand */
} jsonl_file;

static pleats_status put(jsonl_file *f, const char *bytes, size_t n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(f->ctx, &f->text, &f->capacity, f->n + n, 1));
    memcpy(f->text + f->n, bytes, n);
    f->n += n;
done:
    return status;
}

static pleats_status put_text(jsonl_file *f, const char *text)
{
    return put(f, text, strlen(text));
}

/* A double is written to the digits that give it back. */
static pleats_status put_real(jsonl_file *f, double x)
{
    char number[NUMBER_BYTES];
    if (!isfinite(x))
        return put_text(f, "null");
    return put(f, number,
               (size_t)pleats_format(number, sizeof number, "%.17g", x));
}

static pleats_status put_integer(jsonl_file *f, pleats_idx x)
{
    char number[NUMBER_BYTES];
    return put(f, number, (size_t)snprintf(number, sizeof number, "%d", x));
}

/* ---- a cell ---- */

static pleats_status put_pattern(jsonl_file *f, const unsigned char *pattern)
{
    pleats_status status = PLEATS_OK;
    pleats_pattern_unpack(f->head->net, pattern, f->piece);
    TRY(put_text(f, "["));
    for (pleats_idx u = 0; u < f->head->net->n_units; u++) {
        if (u > 0)
            TRY(put_text(f, ","));
        TRY(put_integer(f, f->piece[u]));
    }
    TRY(put_text(f, "]"));
done:
    return status;
}

/* One axis of reals. */
static pleats_status put_list(jsonl_file *f, const double *x, int64_t n)
{
    pleats_status status = PLEATS_OK;
    TRY(put_text(f, "["));
    for (int64_t j = 0; j < n; j++) {
        if (j > 0)
            TRY(put_text(f, ","));
        TRY(put_real(f, x[j]));
    }
    TRY(put_text(f, "]"));
done:
    return status;
}

static pleats_status put_reals(jsonl_file *f, const pleats_column *c,
                               const double *x)
{
    pleats_status status = PLEATS_OK;
    if (c->n_dims == 0)
        return put_real(f, x[0]);
    if (c->n_dims == 1)
        return put_list(f, x, c->dims[0]);
    TRY(put_text(f, "["));
    for (int64_t i = 0; i < c->dims[0]; i++) {
        if (i > 0)
            TRY(put_text(f, ","));
        TRY(put_list(f, x + i * c->dims[1], c->dims[1]));
    }
    TRY(put_text(f, "]"));
done:
    return status;
}

static pleats_status put_codes(jsonl_file *f, const unsigned char *code,
                               int64_t n)
{
    pleats_status status = PLEATS_OK;
    TRY(put_text(f, "["));
    for (int64_t j = 0; j < n; j++) {
        if (j > 0)
            TRY(put_text(f, ","));
        TRY(put_integer(f, code[j]));
    }
    TRY(put_text(f, "]"));
done:
    return status;
}

/* A text without characters that JSON writes otherwise. */
static pleats_status put_string(jsonl_file *f, const char *text)
{
    pleats_status status = PLEATS_OK;
    if (!text)
        return put_text(f, "null");
    TRY(put_text(f, "\""));
    TRY(put_text(f, text));
    TRY(put_text(f, "\""));
done:
    return status;
}

static pleats_status put_value(jsonl_file *f, const pleats_column *c,
                               const pleats_region_batch *batch, size_t row)
{
    const void *first = pleats_column_of(c, batch);
    switch (c->type) {
    case PLEATS_COLUMN_PATTERN:
        return put_pattern(f, (const unsigned char *)first + row * c->bytes);
    case PLEATS_COLUMN_CODE:
        return put_codes(f, (const unsigned char *)first + row * c->bytes,
                         c->dims[0]);
    case PLEATS_COLUMN_JSON:
        return put_text(f, ((const char *const *)first)[row]);
    case PLEATS_COLUMN_TEXT:
        return put_string(f, ((const char *const *)first)[row]);
    case PLEATS_COLUMN_FLAG:
        return put_text(f, ((const bool *)first)[row] ? "true" : "false");
    default:
        return put_reals(f, c, (const double *)first + row * c->n);
    }
}

static pleats_status put_cell(jsonl_file *f, const pleats_region_batch *batch,
                              size_t row)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < f->head->n_columns; i++) {
        TRY(put_text(f, i ? ",\"" : "{\""));
        TRY(put_text(f, f->head->column[i].name));
        TRY(put_text(f, "\":"));
        TRY(put_value(f, &f->head->column[i], batch, row));
    }
    TRY(put_text(f, "}\n"));
done:
    return status;
}

/* ---- the file ---- */

static pleats_status write_lines(jsonl_file *f)
{
    const size_t n = f->n;
    f->n = 0;
    return pleats_output_write(f->ctx, f->out, f->text, n);
}

/* Takes the object. */
static pleats_status write_object(jsonl_file *f, json_t *object)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    TRY(pleats_store_json_text(f->ctx, object, &text));
    TRY(put_text(f, text));
    TRY(put_text(f, "\n"));
    TRY(write_lines(f));
done:
    pleats_release(f->ctx, text);
    return status;
}

/* The facts of the head, and what patterns are made of. */
static pleats_status write_head(jsonl_file *f)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *pieces = NULL;
    json_t *head = NULL, *list = json_array();
    bool is_good = list != NULL;
    TRY(pleats_store_facts_json(f->ctx, f->head, true, NULL, &head));
    TRY(pleats_store_pieces(f->ctx, f->head->net, &pieces));
    for (pleats_idx u = 0; u < f->head->net->n_units && is_good; u++)
        is_good = json_array_append_new(list, json_integer(pieces[u])) == 0;
    if (!is_good || json_object_set(head, "n_pieces", list) != 0)
        TRY(pleats_fail(f->ctx, PLEATS_NOMEM, "out of memory"));
    TRY(write_object(f, json_incref(head)));
done:
    json_decref(head);
    json_decref(list);
    pleats_release(f->ctx, pieces);
    return status;
}

static pleats_status begin(pleats_ctx *ctx, const pleats_store_head *head,
                           pleats_output *out, void **state)
{
    pleats_status status = PLEATS_OK;
    jsonl_file *f = NULL;
    TRY(pleats_alloc(ctx, 1, sizeof *f, &f));
    *f = (jsonl_file){.ctx = ctx, .head = head, .out = out};
    *state = f;
    TRY(pleats_alloc(ctx, (size_t)head->net->n_units, sizeof *f->piece,
                     &f->piece));
    TRY(write_head(f));
done:
    return status;
}

static pleats_status add(void *state, const pleats_region_batch *batch)
{
    pleats_status status = PLEATS_OK;
    jsonl_file *f = state;
    for (size_t row = 0; row < (size_t)batch->n; row++)
        TRY(put_cell(f, batch, row));
    TRY(write_lines(f));
done:
    return status;
}

static pleats_status end(void *state, const pleats_store_tail *tail)
{
    pleats_status status = PLEATS_OK;
    jsonl_file *f = state;
    json_t *facts = NULL;
    f->n = 0;
    TRY(pleats_store_facts_json(f->ctx, f->head, false, tail, &facts));
    TRY(write_object(f, facts));
done:
    return status;
}

static void free_file(void *state)
{
    jsonl_file *f = state;
    if (!f)
        return;
    pleats_release(f->ctx, f->piece);
    pleats_release(f->ctx, f->text);
    pleats_release(f->ctx, f);
}

const pleats_store_format pleats_store_jsonl = {begin, add, end, free_file};
