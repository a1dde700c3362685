/* Cells as an .npz file: columns that grow in memory. */
#include "read/npz_write.h"
#include "store/domain_text.h"
#include "store/facts_json.h"

#include <string.h>

/* Of the columns; the archive is made in memory beside them. */
static const size_t MOST_BYTES = (size_t)256 << 20;

typedef struct {
    pleats_ctx *ctx;
    const pleats_store_head *head;             /* lent */
    pleats_output *out;                        /* lent */
    size_t n;                                  /* cells */
    unsigned char *value[PLEATS_MOST_COLUMNS]; /* [n] of a column */
    size_t capacity[PLEATS_MOST_COLUMNS];
} npz_file;

static pleats_status begin(pleats_ctx *ctx, const pleats_store_head *head,
                           pleats_output *out, void **state)
{
    pleats_status status = PLEATS_OK;
    npz_file *f = NULL;
    TRY(pleats_alloc(ctx, 1, sizeof *f, &f));
    *f = (npz_file){.ctx = ctx, .head = head, .out = out};
    *state = f;
done:
    return status;
}

static pleats_status check_room(npz_file *f, size_t n)
{
    pleats_status status = PLEATS_OK;
    size_t bytes = 0;
    for (size_t i = 0; i < f->head->n_columns; i++)
        bytes += f->head->column[i].bytes * (f->n + n);
    if (bytes <= MOST_BYTES)
        return PLEATS_OK;
    TRY(pleats_remark(f->ctx,
                      "an .npz file is made in memory and has room for %zu MiB "
                      "of cells; an .h5 file has no such bound",
                      MOST_BYTES >> 20));
    status = pleats_fail(f->ctx, PLEATS_LIMIT, "the .npz file is full");
done:
    return status;
}

static pleats_status add(void *state, const pleats_region_batch *batch)
{
    pleats_status status = PLEATS_OK;
    npz_file *f = state;
    const size_t n = (size_t)batch->n;
    TRY(check_room(f, n));
    for (size_t i = 0; i < f->head->n_columns; i++)
        TRY(pleats_grow(f->ctx, &f->value[i], &f->capacity[i],
                        (f->n + n) * f->head->column[i].bytes, 1));
    for (size_t i = 0; i < f->head->n_columns; i++) {
        const pleats_column *c = &f->head->column[i];
        if (c->bytes)
            memcpy(f->value[i] + f->n * c->bytes, pleats_column_of(c, batch),
                   n * c->bytes);
    }
    f->n += n;
done:
    return status;
}

/* The columns, the pieces of each unit, and all facts as one text. */
static pleats_status write(npz_file *f, const pleats_idx *pieces,
                           const char *facts)
{
    static const pleats_npz_type types[] = {
        [PLEATS_COLUMN_PATTERN] = PLEATS_NPZ_BYTE,
        [PLEATS_COLUMN_FLAG] = PLEATS_NPZ_FLAG,
        [PLEATS_COLUMN_CODE] = PLEATS_NPZ_BYTE,
        [PLEATS_COLUMN_REAL] = PLEATS_NPZ_DOUBLE};
    const int64_t n_units = f->head->net->n_units;
    const int64_t length = (int64_t)strlen(facts);
    int64_t dims[PLEATS_MOST_COLUMNS][PLEATS_COLUMN_DIMS + 1];
    pleats_npz_part part[PLEATS_MOST_COLUMNS + 2];
    size_t n = f->head->n_columns;
    for (size_t i = 0; i < n; i++) {
        const pleats_column *c = &f->head->column[i];
        dims[i][0] = (int64_t)f->n;
        for (pleats_idx j = 0; j < c->n_dims; j++)
            dims[i][j + 1] = c->dims[j];
        part[i] = (pleats_npz_part){c->name, types[c->type], c->n_dims + 1,
                                    dims[i], f->value[i]};
    }
    part[n++] =
        (pleats_npz_part){"n_pieces", PLEATS_NPZ_INT32, 1, &n_units, pieces};
    part[n++] =
        (pleats_npz_part){"attributes", PLEATS_NPZ_TEXT, 1, &length, facts};
    return pleats_npz_write(f->ctx, f->out, n, part);
}

static pleats_status end(void *state, const pleats_store_tail *tail)
{
    pleats_status status = PLEATS_OK;
    npz_file *f = state;
    pleats_idx *pieces = NULL;
    json_t *facts = NULL;
    char *text = NULL;
    TRY(pleats_store_pieces(f->ctx, f->head->net, &pieces));
    TRY(pleats_store_facts_json(f->ctx, f->head, true, tail, &facts));
    TRY(pleats_store_json_text(f->ctx, facts, &text));
    TRY(write(f, pieces, text));
done:
    pleats_release(f->ctx, pieces);
    pleats_release(f->ctx, text);
    return status;
}

static void free_file(void *state)
{
    npz_file *f = state;
    if (!f)
        return;
    for (size_t i = 0; i < PLEATS_MOST_COLUMNS; i++)
        pleats_release(f->ctx, f->value[i]);
    pleats_release(f->ctx, f);
}

const pleats_store_format pleats_store_npz = {begin, add, end, free_file};
