#include "cells/witnesses.h"

#include "cells/certify.h"

#include <string.h>

void pleats_witnesses_clear(pleats_ctx *ctx, pleats_witnesses *pool)
{
    pleats_release(ctx, pool->point);
    *pool = (pleats_witnesses){0};
}

static pleats_status reserve(pleats_ctx *ctx, pleats_witnesses *pool,
                             pleats_idx k)
{
    if (pool->point)
        return PLEATS_OK;
    return pleats_alloc(ctx, PLEATS_WITNESSES_MOST * (size_t)k,
                        sizeof *pool->point, &pool->point);
}

pleats_status pleats_witnesses_add(pleats_ctx *ctx, pleats_witnesses *pool,
                                   pleats_idx k, const double *point, int side)
{
    pleats_status status = PLEATS_OK;
    pleats_idx at = pool->n;
    TRY(reserve(ctx, pool, k));
    if (at < PLEATS_WITNESSES_MOST) {
        pool->n++;
    } else {
        at = pool->oldest;
        pool->oldest = (at + 1) % PLEATS_WITNESSES_MOST;
    }
    if (k)
        memcpy(pleats_witnesses_point(pool, at, k), point,
               (size_t)k * sizeof *point);
    pool->side[at] = (int8_t)side;
    pool->kept[at] = 0;
done:
    return status;
}

void pleats_witnesses_ask(const pleats_space *s, pleats_witnesses *pool,
                          bool *has)
{
    has[0] = has[1] = false;
    for (pleats_idx i = 0; i < pool->n; i++) {
        const double *point = pleats_witnesses_point(pool, i, s->frame->k);
        const int side = pleats_certain_sign(s, s->question.entry,
                                             s->question.bounds, point);
        pool->side[i] = (int8_t)side;
        if (side != 0)
            has[side > 0] = true;
    }
}

void pleats_witnesses_keep_sides(pleats_witnesses *pool)
{
    memcpy(pool->kept, pool->side, sizeof pool->kept);
}

pleats_status pleats_witnesses_take(pleats_ctx *ctx, pleats_witnesses *to,
                                    const pleats_witnesses *pool, pleats_idx k,
                                    int sign)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n = 0;
    if (pool->n > 0)
        TRY(reserve(ctx, to, k));
    for (pleats_idx i = 0; i < pool->n; i++) {
        if (sign && pool->kept[i] != sign)
            continue;
        if (k && (to != pool || n != i))
            memcpy(pleats_witnesses_point(to, n, k),
                   pleats_witnesses_point(pool, i, k),
                   (size_t)k * sizeof *pool->point);
        to->kept[n] = pool->kept[i];
        n++;
    }
    to->n = n;
    to->oldest = 0;
done:
    return status;
}

void pleats_witnesses_mean(const pleats_witnesses *pool, pleats_idx k,
                           double *mean)
{
    for (pleats_idx j = 0; j < k; j++)
        mean[j] = 0;
    for (pleats_idx i = 0; i < pool->n; i++) {
        const double *point = pleats_witnesses_point(pool, i, k);
        for (pleats_idx j = 0; j < k; j++)
            mean[j] += point[j];
    }
    for (pleats_idx j = 0; j < k; j++)
        mean[j] /= pool->n;
}
