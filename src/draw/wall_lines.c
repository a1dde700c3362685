#include "draw/wall_lines.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const pleats_wall_line *x = a, *y = b;
    if (x->layer != y->layer)
        return (y->layer > x->layer) - (y->layer < x->layer);
    if (x->from != y->from)
        return (x->from > y->from) - (x->from < y->from);
    return (x->to > y->to) - (x->to < y->to);
}

pleats_status pleats_wall_lines_init(pleats_ctx *ctx, pleats_wall_lines *l,
                                     const pleats_scene *x)
{
    pleats_status status = PLEATS_OK;
    size_t n = 0;
    *l = (pleats_wall_lines){0};
    TRY(pleats_alloc(ctx, x->start[x->n_cells], sizeof *l->line, &l->line));
    for (size_t i = 0; i < x->n_cells; i++)
        for (size_t s = x->start[i]; s < x->start[i + 1]; s++) {
            size_t a = x->side[s];
            size_t b = x->side[s + 1 < x->start[i + 1] ? s + 1 : x->start[i]];
            if (x->wall[s] >= 0)
                l->line[n++] = (pleats_wall_line){x->layers.of[x->wall[s]],
                                                  a < b ? a : b, a < b ? b : a};
        }
    if (n > 0)
        qsort(l->line, n, sizeof *l->line, compare);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || compare(&l->line[l->n - 1], &l->line[i]) != 0)
            l->line[l->n++] = l->line[i];
done:
    return status;
}

void pleats_wall_lines_clear(pleats_ctx *ctx, pleats_wall_lines *l)
{
    pleats_release(ctx, l->line);
    *l = (pleats_wall_lines){0};
}
