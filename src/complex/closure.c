#include "complex/closure.h"

pleats_status pleats_closure_init(const pleats_complex_faces *f,
                                  pleats_closure *c)
{
    pleats_status status = PLEATS_OK;
    *c = (pleats_closure){.faces = f};
    for (pleats_idx d = 0; d <= f->k; d++)
        TRY(pleats_alloc(f->ctx, f->n[d], sizeof *c->seen[d], &c->seen[d]));
done:
    return status;
}

void pleats_closure_clear(pleats_closure *c)
{
    pleats_ctx *ctx = c->faces ? c->faces->ctx : NULL;
    if (!ctx)
        return;
    for (pleats_idx d = 0; d < PLEATS_COMPLEX_LEVELS; d++)
        pleats_release(ctx, c->seen[d]);
    pleats_release(ctx, c->vertex);
    pleats_release(ctx, c->stack);
    *c = (pleats_closure){0};
}

/* Puts the facets of a face behind the first *n of the stack, those that are
 * not yet there. */
static pleats_status push_facets(pleats_closure *c, pleats_idx d, pleats_idx i,
                                 size_t *n)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_face *face = &c->faces->face[d][i];
    TRY(pleats_grow(c->faces->ctx, &c->stack, &c->stack_capacity,
                    *n + (size_t)face->n, sizeof *c->stack));
    for (pleats_idx j = 0; j < face->n; j++) {
        uint64_t *seen = &c->seen[d - 1][face->facet[j]];
        if (*seen != c->search)
            c->stack[(*n)++] = face->facet[j];
        *seen = c->search;
    }
done:
    return status;
}

pleats_status pleats_closure_vertices(pleats_closure *c, pleats_idx d,
                                      pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    size_t from = 0, to = 1;
    c->search++;
    TRY(pleats_grow(c->faces->ctx, &c->stack, &c->stack_capacity, 1,
                    sizeof *c->stack));
    c->stack[0] = i;
    for (; d > 0; d--) {
        size_t end = to;
        for (size_t j = from; j < to; j++)
            TRY(push_facets(c, d, c->stack[j], &end));
        from = to;
        to = end;
    }
    c->n = (pleats_idx)(to - from);
    TRY(pleats_grow(c->faces->ctx, &c->vertex, &c->capacity, (size_t)c->n,
                    sizeof *c->vertex));
    for (size_t j = from; j < to; j++)
        c->vertex[j - from] = c->stack[j];
done:
    return status;
}
