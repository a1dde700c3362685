#include "survey/data_rows.h"

#include "exact/digest.h"
#include "exact/integers.h"
#include "local/point.h"
#include "net/pattern.h"
#include "read/rows.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_frame *frame;
    mpz_t *point; /* [n_point] */
    size_t n_point, capacity;
    pleats_idx *piece;      /* [n_units] */
    unsigned char *pattern; /* [n_bytes] */
    size_t n_bytes;
    pleats_hasher *hasher;
    pleats_digest_set seen;
    int64_t *in_region; /* [seen.n] */
} placing;

static pleats_status note_pattern(placing *p)
{
    pleats_status status = PLEATS_OK;
    pleats_digest digest;
    size_t number;
    bool is_new;
    memset(p->pattern, 0, p->n_bytes);
    pleats_pattern_pack(p->net, p->piece, p->pattern);
    pleats_hasher_add(p->hasher, p->pattern, p->n_bytes);
    pleats_hasher_end(p->hasher, &digest);
    TRY(pleats_digest_set_add(p->ctx, &p->seen, &digest, &number, &is_new));
    TRY(pleats_grow(p->ctx, &p->in_region, &p->capacity, p->seen.n,
                    sizeof *p->in_region));
    p->in_region[number]++;
done:
    return status;
}

/* A row on a side of the domain is in no region, nor is one on a wall. */
static pleats_status place_row(placing *p, const double *x,
                               pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_pattern_facts facts = {0};
    bool found, on_side;
    TRY(pleats_check_stop(p->ctx));
    TRY(pleats_point_of(p->ctx, p->frame, x, p->point, &found, &on_side));
    if (!found || on_side) {
        out->rows_outside++;
        goto done;
    }
    TRY(pleats_pattern_at(p->ctx, p->net, &p->frame->coordinates, p->point,
                          p->piece, &facts));
    TRY(pleats_ties_keep_walls(p->ctx, p->net, &p->frame->coordinates, p->piece,
                               &facts));
    if (facts.n_ties > 0)
        out->rows_on_walls++;
    else
        TRY(note_pattern(p));
done:
    pleats_pattern_facts_clear(p->ctx, &facts);
    return status;
}

static int more_first(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

pleats_status pleats_survey_rows(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_frame *frame,
                                 const pleats_rows *rows,
                                 pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    placing p = {.ctx = ctx,
                 .net = net,
                 .frame = frame,
                 .n_point = (size_t)net->n_inputs + 1,
                 .n_bytes = pleats_pattern_size(net)};
    TRY(pleats_integers_new(ctx, p.n_point, &p.point));
    TRY(pleats_alloc(ctx, (size_t)net->n_units + 1, sizeof *p.piece, &p.piece));
    TRY(pleats_alloc(ctx, p.n_bytes + 1, 1, &p.pattern));
    TRY(pleats_hasher_new(ctx, &p.hasher));
    for (int64_t i = 0; i < rows->count; i++) {
        TRY(place_row(&p, rows->data + i * rows->n_inputs, out));
        out->n_rows++;
    }
    if (p.seen.n > 0)
        qsort(p.in_region, p.seen.n, sizeof *p.in_region, more_first);
    out->n_used = (int64_t)p.seen.n;
    out->in_region = p.in_region;
    p.in_region = NULL;
done:
    pleats_release(ctx, p.in_region);
    pleats_digest_set_clear(ctx, &p.seen);
    pleats_hasher_free(ctx, p.hasher);
    pleats_release(ctx, p.pattern);
    pleats_release(ctx, p.piece);
    pleats_integers_free(ctx, p.point, p.n_point);
    return status;
}
