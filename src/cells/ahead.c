#include "cells/ahead.h"

#include <string.h>

/* Levels hold at most so many numbers of one step. */
enum { MOST_HELD = 1 << 22 };

pleats_status pleats_ahead_init(pleats_ctx *ctx, pleats_ahead *a,
                                const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    *a = (pleats_ahead){.net = net};
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *a->columns,
                     &a->columns));
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i]))
            TRY(pleats_columns_init(ctx, &a->columns[i], net, i));
done:
    return status;
}

void pleats_ahead_clear(pleats_ctx *ctx, pleats_ahead *a)
{
    for (pleats_idx i = 0; a->columns && i < a->net->n_steps; i++)
        pleats_columns_clear(ctx, &a->columns[i]);
    pleats_release(ctx, a->columns);
    *a = (pleats_ahead){0};
}

void pleats_sums_clear(pleats_ctx *ctx, pleats_sums *s)
{
    pleats_release(ctx, s->sum);
    pleats_release(ctx, s->unit);
    *s = (pleats_sums){0};
}

pleats_status pleats_sums_start(pleats_ctx *ctx, const pleats_ahead *a,
                                pleats_sums *s, const pleats_forms *f,
                                pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_columns *c = step < 0 ? NULL : &a->columns[step];
    s->columns = NULL;
    if (!c || !c->affine || pleats_columns_size(c, f) > MOST_HELD)
        return PLEATS_OK;
    TRY(pleats_grow(ctx, &s->sum, &s->capacity, pleats_columns_size(c, f),
                    sizeof *s->sum));
    TRY(pleats_grow(ctx, &s->unit, &s->unit_capacity, (size_t)c->units->n_out,
                    sizeof *s->unit));
    s->columns = c;
    s->n = 0;
    pleats_columns_start(c, f, s->sum);
done:
    return status;
}

pleats_status pleats_sums_inherit(pleats_ctx *ctx, pleats_sums *child,
                                  pleats_sums *parent, const pleats_forms *f,
                                  size_t depth, bool is_last)
{
    pleats_status status = PLEATS_OK;
    child->columns = NULL;
    if (!parent->columns)
        return PLEATS_OK;
    size_t size = pleats_columns_size(parent->columns, f);
    if (is_last) {
        const pleats_sums given = *parent;
        *parent = *child;
        *child = given;
        child->n = 0;
    } else if (depth * size <= MOST_HELD) {
        TRY(pleats_grow(ctx, &child->sum, &child->capacity, size,
                        sizeof *child->sum));
        memcpy(child->sum, parent->sum, size * sizeof *child->sum);
        TRY(pleats_grow(ctx, &child->unit, &child->unit_capacity,
                        (size_t)parent->columns->units->n_out,
                        sizeof *child->unit));
        child->columns = parent->columns;
        child->n = 0;
    }
done:
    return status;
}

void pleats_sums_settle(pleats_sums *s, pleats_forms *f, pleats_idx i,
                        pleats_idx piece)
{
    if (!s->columns)
        return;
    pleats_forms_run_unit(f, s->columns->units, i, piece);
    if (!pleats_forms_is_zero(f, s->columns->units->out + i))
        s->unit[s->n++] = i;
}

void pleats_sums_add(pleats_sums *s, const pleats_forms *f)
{
    if (s->columns)
        pleats_columns_add(s->columns, f, s->n, s->unit, s->sum);
    s->n = 0;
}
