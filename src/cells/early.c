#include "cells/early.h"

#include <stdlib.h>

void pleats_readers_clear(pleats_ctx *ctx, pleats_readers *r)
{
    pleats_release(ctx, r->start);
    pleats_release(ctx, r->reader);
    *r = (pleats_readers){0};
}

/* Inputs of a unit of a step of units: the first one, and how many. */
static const pleats_idx *inputs_of(const pleats_step *s, pleats_idx i,
                                   pleats_idx *n)
{
    if (s->kind == PLEATS_STEP_PL) {
        *n = 1;
        return s->in + i;
    }
    *n = s->start[i + 1] - s->start[i];
    return s->in + s->start[i];
}

/* Goes through what reads the step: counts it in start[unit + 1], or, with
 * `fill`, puts it in its place. */
static void visit(pleats_readers *r, const pleats_step *s, bool fill)
{
    for (pleats_idx i = 0; i < r->next->n_out; i++) {
        pleats_idx n;
        const pleats_idx *in = inputs_of(r->next, i, &n);
        for (pleats_idx j = 0; j < n; j++) {
            const pleats_idx unit = in[j] - s->out;
            if (unit < 0)
                continue;
            if (fill)
                r->reader[r->start[unit]++] = i;
            else
                r->start[unit + 1]++;
        }
    }
}

pleats_status pleats_readers_init(pleats_ctx *ctx, pleats_readers *r,
                                  const pleats_net *net, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &net->step[i];
    const size_t n = (size_t)s->n_out;
    if (i + 1 == net->n_steps || pleats_step_is_affine(s + 1))
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, n + 1, sizeof *r->start, &r->start));
    r->next = s + 1;
    visit(r, s, false);
    for (size_t u = 0; u < n; u++)
        r->start[u + 1] += r->start[u];
    TRY(pleats_alloc(ctx, r->start[n], sizeof *r->reader, &r->reader));
    visit(r, s, true);
    for (size_t u = n; u > 0; u--)
        r->start[u] = r->start[u - 1];
    r->start[0] = 0;
done:
    return status;
}

pleats_status pleats_early_init(pleats_ctx *ctx, pleats_early *e,
                                const pleats_net *net)
{
    *e = (pleats_early){0};
    return pleats_alloc(ctx, (size_t)pleats_net_most_units(net),
                        sizeof *e->mark, &e->mark);
}

void pleats_early_clear(pleats_ctx *ctx, pleats_early *e)
{
    pleats_release(ctx, e->open);
    pleats_release(ctx, e->settled);
    pleats_release(ctx, e->found);
    pleats_release(ctx, e->mark);
    *e = (pleats_early){0};
}

static pleats_status append(pleats_ctx *ctx, pleats_idx **list, size_t *n,
                            size_t *capacity, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, list, capacity, *n + 1, sizeof **list));
    (*list)[(*n)++] = i;
done:
    return status;
}

pleats_status pleats_early_note(pleats_ctx *ctx, pleats_early *e, pleats_idx i)
{
    return append(ctx, &e->settled, &e->n_settled, &e->settled_capacity, i);
}

/* Puts a unit among those that were found, unless it is marked, and marks
 * it. */
static pleats_status find(pleats_ctx *ctx, pleats_early *e, pleats_idx i)
{
    if (e->mark[i] == e->clock)
        return PLEATS_OK;
    e->mark[i] = e->clock;
    return append(ctx, &e->found, &e->n_found, &e->found_capacity, i);
}

/* Finds the units that have become ready; in their order. */
static pleats_status find_all(pleats_ctx *ctx, pleats_early *e,
                              const pleats_readers *r, bool is_new,
                              const pleats_open_unit *list, size_t n_list)
{
    pleats_status status = PLEATS_OK;
    e->clock++;
    e->n_found = 0;
    for (size_t i = 0; i < n_list; i++)
        for (size_t j = r->start[list[i].unit]; j < r->start[list[i].unit + 1];
             j++)
            e->mark[r->reader[j]] = e->clock;
    for (pleats_idx i = 0; is_new && i < r->next->n_out; i++)
        TRY(find(ctx, e, i));
    for (size_t i = 0; !is_new && i < e->n_settled; i++)
        for (size_t j = r->start[e->settled[i]];
             j < r->start[e->settled[i] + 1]; j++)
            TRY(find(ctx, e, r->reader[j]));
done:
    return status;
}

static int compare(const void *p, const void *q)
{
    const pleats_idx a = *(const pleats_idx *)p, b = *(const pleats_idx *)q;
    return (a > b) - (a < b);
}

pleats_status pleats_early_list(pleats_ctx *ctx, pleats_early *e,
                                const pleats_readers *r, bool is_new,
                                const pleats_open_unit *list, size_t n_list,
                                size_t first, size_t *n)
{
    pleats_status status = PLEATS_OK;
    size_t old = *n;
    TRY(find_all(ctx, e, r, is_new, list, n_list));
    e->n_settled = 0;
    *n += e->n_found;
    TRY(pleats_grow(ctx, &e->open, &e->open_capacity, first + *n,
                    sizeof *e->open));
    if (!is_new && e->n_found > 1)
        qsort(e->found, e->n_found, sizeof *e->found, compare);
    pleats_open_unit *open = e->open + first;
    for (size_t to = *n, found = e->n_found; found > 0;) {
        const pleats_idx unit = e->found[found - 1];
        if (old > 0 && open[old - 1].unit > unit) {
            open[--to] = open[--old];
        } else {
            open[--to] = pleats_open_unit_of(r->next, unit);
            found--;
        }
    }
done:
    return status;
}
