/* Cells carved out of the box or of R^k by planes. */
#ifndef PLEATS_TEST_BODY_H
#define PLEATS_TEST_BODY_H

#include "cell_check.h"
#include "unit.h"

typedef struct {
    arrangement a;
    pleats_cell cell;
} body;

/* The part of the box, or of R^k, on the positive side of the first n_walls of
 * n rows. */
static inline void carve_some(pleats_ctx *ctx, body *b, size_t k, size_t n,
                              size_t n_walls, const double *rows, bool boxed)
{
    *b = (body){0};
    arrangement_init(ctx, &b->a, k, n, rows, boxed);
    pleats_space *s = &b->a.space;
    need_ok(ctx, pleats_cell_root(s, &b->cell));
    for (size_t i = 0; i < n_walls; i++) {
        pleats_hyperplane plane = arrangement_plane(&b->a, i, -1, 0);
        bool has[2];
        need_ok(ctx, pleats_cell_sides(s, &b->cell, plane, has));
        if (has[0] && has[1])
            need_ok(ctx, pleats_cell_restrict(s, &b->cell, plane, 1, &b->cell));
        else
            assert_true(has[1]);
    }
}

/* The same of all rows. */
static inline void carve(pleats_ctx *ctx, body *b, size_t k, size_t n,
                         const double *rows, bool boxed)
{
    carve_some(ctx, b, k, n, n, rows, boxed);
}

static inline void finish(body *b)
{
    pleats_cell_clear(b->a.ctx, &b->cell);
    arrangement_clear(&b->a);
}

#endif
