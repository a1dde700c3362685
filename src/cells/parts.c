#include "cells/parts.h"

#include "cells/hull.h"

void pleats_parts_clear(pleats_ctx *ctx, pleats_parts *p)
{
    for (pleats_idx i = 0; i < p->n_framed; i++)
        pleats_frame_clear(ctx, &p->frame[i]);
    pleats_release(ctx, p->frame);
    pleats_release(ctx, p->leader);
    *p = (pleats_parts){0};
}

/* Drops frame i: another one takes its place. */
static void drop(pleats_ctx *ctx, pleats_parts *p, pleats_idx i)
{
    pleats_frame_clear(ctx, &p->frame[i]);
    for (pleats_idx j = i + 1; j < p->n; j++)
        p->frame[j - 1] = p->frame[j];
    p->n_framed = --p->n;
}

static pleats_status drop_contained(pleats_ctx *ctx, pleats_parts *p)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = p->n; i-- > 0;) {
        bool contained = false;
        for (pleats_idx j = 0; j < p->n && !contained; j++)
            if (p->frame[j].k > p->frame[i].k)
                TRY(pleats_frame_contains(ctx, &p->frame[j], &p->frame[i],
                                          &contained));
        if (contained)
            drop(ctx, p, i);
    }
done:
    return status;
}

static pleats_status find_leaders(pleats_ctx *ctx, pleats_parts *p)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < p->n; i++) {
        bool same = false;
        pleats_idx j = -1;
        while (!same && ++j < i)
            if (p->frame[j].k == p->frame[i].k && p->leader[j] == j)
                TRY(pleats_hull_contains(ctx, &p->frame[j], &p->frame[i],
                                         &same));
        p->leader[i] = j;
    }
done:
    return status;
}

pleats_status pleats_parts_init(pleats_ctx *ctx, pleats_parts *p,
                                const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)domain->n_parts;
    *p = (pleats_parts){0};
    TRY(pleats_alloc(ctx, n, sizeof *p->frame, &p->frame));
    TRY(pleats_alloc(ctx, n, sizeof *p->leader, &p->leader));
    for (size_t i = 0; i < n; i++) {
        pleats_frame *frame = &p->frame[p->n];
        p->n_framed = p->n + 1;
        TRY(pleats_frame_init(ctx, frame, domain, &domain->part[i]));
        if (frame->empty)
            pleats_frame_clear(ctx, frame);
        else
            p->n++;
    }
    p->n_framed = p->n;
    if (p->n > 1)
        TRY(drop_contained(ctx, p));
    TRY(find_leaders(ctx, p));
done:
    return status;
}
