/* AffineGrid: affine in its matrices, with rational weights. */
#include "onnx/ops.h"
#include "onnx/pick.h"

typedef struct {
    const pleats_tensor *theta; /* [N, n, n + 1] */
    int n;                      /* spatial axes, 2 or 3 */
    bool corners; /* -1 and 1 are the middles of the outermost pixels */
    pleats_tensor_shape shape; /* [N, size..., n] */
} grid;

static pleats_status read(const pleats_call *c, grid *g)
{
    pleats_status status = PLEATS_OK;
    pleats_ints size = {0};
    int64_t corners = 0, dim[PLEATS_MAX_RANK];
    TRY(pleats_call_need(c, 0, &g->theta));
    TRY(pleats_call_list(c, 1, NULL, &size));
    TRY(pleats_call_int(c, "align_corners", 0, &corners));
    g->corners = corners != 0;
    g->n = (int)size.n - 2;
    const pleats_tensor_shape *t = &g->theta->shape;
    if ((size.n != 4 && size.n != 5) || t->rank != 3 ||
        t->dim[0] != size.v[0] || t->dim[1] != g->n || t->dim[2] != g->n + 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its matrices do not fit the size"));
    dim[0] = size.v[0];
    for (int k = 0; k < g->n; k++) {
        dim[1 + k] = size.v[2 + k];
        if (g->corners && dim[1 + k] == 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "one pixel on an axis with align_corners: whether "
                            "it is at -1 or at 1 is not defined"));
    }
    dim[1 + g->n] = g->n;
    TRY(pleats_shape_set(c->ctx, (size_t)g->n + 2, dim, &g->shape));
done:
    return status;
}

/* Where pixel i of an axis of size m lies. */
static void position(const grid *g, int64_t i, int64_t m, mpq_t x)
{
    if (g->corners)
        mpq_set_si(x, 2 * i - (m - 1), (unsigned long)(m - 1));
    else
        mpq_set_si(x, 2 * i + 1 - m, (unsigned long)m);
    mpq_canonicalize(x);
}

/* The row of element i: a row of a matrix times (x, y, 1) or (x, y, z, 1); x is
 * the last of the axes. */
static pleats_status mix_element(const pleats_call *c, const grid *g, int64_t i,
                                 pleats_mix *row)
{
    pleats_status status = PLEATS_OK;
    int64_t at[PLEATS_MAX_RANK];
    mpq_t x;
    mpq_init(x);
    pleats_mix_drop(row);
    pleats_shape_coordinates(&g->shape, i, at);
    const int64_t first = (at[0] * g->n + at[g->n + 1]) * (g->n + 1);
    for (int k = 0; k < g->n; k++) {
        const int axis = g->n - k;
        position(g, at[axis], g->shape.dim[axis], x);
        TRY(pleats_mix_add(c->ctx, row, first + k, x));
    }
    mpq_set_si(x, 1, 1);
    TRY(pleats_mix_add(c->ctx, row, first + g->n, x));
done:
    mpq_clear(x);
    return status;
}

pleats_status pleats_op_affine_grid(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    grid g = {0};
    pleats_mix row = {0};
    pleats_terms rows = {0};
    TRY(read(c, &g));
    for (int64_t i = 0; i < g.shape.n; i++) {
        TRY(mix_element(c, &g, i, &row));
        TRY(pleats_terms_mix(c, &rows, &row));
    }
    TRY(pleats_emit_rows(c, g.theta, &rows, 0, &g.shape, c->out));
done:
    pleats_mix_clear(c->ctx, &row);
    pleats_terms_clear(c->ctx, &rows);
    return status;
}
