#include "onnx/jump_result.h"

pleats_status pleats_jump_result_new(const pleats_call *c,
                                     const pleats_tensor_shape *shape,
                                     pleats_jump_result *out)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)shape->n;
    out->shape = *shape;
    TRY(pleats_alloc(c->ctx, n, sizeof *out->on, &out->on));
    TRY(pleats_alloc(c->ctx, n, sizeof *out->function, &out->function));
    TRY(pleats_alloc(c->ctx, n, sizeof *out->plus, &out->plus));
    for (size_t i = 0; i < n; i++)
        out->plus[i] = -1;
done:
    return status;
}

void pleats_jump_result_clear(pleats_ctx *ctx, pleats_jump_result *r)
{
    pleats_release(ctx, r->on);
    pleats_release(ctx, r->function);
    pleats_release(ctx, r->plus);
    *r = (pleats_jump_result){0};
}

static const pleats_piecewise *
function_of(const pleats_call *c, const pleats_jump_result *r, int64_t i)
{
    return &c->jumps->f[r->function[i]];
}

static pleats_status make_constants(const pleats_call *c,
                                    const pleats_jump_result *r,
                                    pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &r->shape, out));
    for (int64_t i = 0; i < r->shape.n; i++)
        out->real[i] = function_of(c, r, i)->piece[0].intercept;
done:
    return status;
}

/* The node whose comparison the first input that jumps came from, or this
 * one. */
static pleats_idx origin_of(const pleats_call *c)
{
    for (pleats_idx k = 0; k < c->node->n_in; k++)
        if (c->in[k] && c->in[k]->sort == PLEATS_TENSOR_JUMP &&
            c->in[k]->shape.n)
            return c->in[k]->jump[0].origin;
    return (pleats_idx)(c->node - c->graph->node);
}

static pleats_status keep_jumps(const pleats_call *c,
                                const pleats_jump_result *r, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    char text[PLEATS_JUMP_TEXT];
    pleats_idx origin = origin_of(c);
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_JUMP, &r->shape, out));
    for (int64_t i = 0; i < r->shape.n; i++) {
        const pleats_piecewise *f = function_of(c, r, i);
        if (r->plus[i] >= 0)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its result %s and is not continuous",
                            pleats_piecewise_text(c, f, text)));
        out->jump[i] = (pleats_jump){r->on[i], r->function[i], origin};
    }
done:
    return status;
}

/* Continuous functions as the tables of units. */
typedef struct {
    pleats_pl *pl;
    pleats_idx *slot; /* of each function of the call, -1: none yet */
    pleats_idx n;
    pleats_number (*table)[3][PLEATS_MAX_JUMPS + 1];
} tables;

static void clear_tables(pleats_ctx *ctx, tables *t)
{
    pleats_release(ctx, t->pl);
    pleats_release(ctx, t->slot);
    pleats_release(ctx, t->table);
}

static void add_table(const pleats_call *c, pleats_idx function, tables *t)
{
    const pleats_piecewise *f = &c->jumps->f[function];
    pleats_number *at = t->table[t->n][0], *slope = t->table[t->n][1];
    pleats_number *intercept = t->table[t->n][2];
    for (int i = 0; i < f->n; i++)
        at[i] = f->at[i];
    for (int i = 0; i <= f->n; i++) {
        slope[i] = f->piece[2 * (size_t)i].slope;
        intercept[i] = f->piece[2 * (size_t)i].intercept;
    }
    t->pl[t->n] = (pleats_pl){f->n, at, slope, intercept};
    t->slot[function] = t->n++;
}

static pleats_status new_tables(const pleats_call *c,
                                const pleats_jump_result *r, tables *t)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)c->jumps->n;
    TRY(pleats_alloc(c->ctx, n, sizeof *t->pl, &t->pl));
    TRY(pleats_alloc(c->ctx, n, sizeof *t->slot, &t->slot));
    TRY(pleats_alloc(c->ctx, n, sizeof *t->table, &t->table));
    for (size_t i = 0; i < n; i++)
        t->slot[i] = -1;
    for (int64_t i = 0; i < r->shape.n; i++)
        if (function_of(c, r, i)->n && t->slot[r->function[i]] < 0)
            add_table(c, r->function[i], t);
done:
    return status;
}

/* Units of those elements that break, one after the other. */
static pleats_status emit_units(const pleats_call *c,
                                const pleats_jump_result *r, int64_t n_units,
                                pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    tables t = {0};
    pleats_tensor x = {0};
    pleats_tensor_shape shape = r->shape;
    pleats_idx *which = NULL;
    int64_t used = 0;
    if (n_units < shape.n)
        TRY(pleats_shape_set(c->ctx, 1, &n_units, &shape));
    TRY(new_tables(c, r, &t));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &shape, &x));
    TRY(pleats_alloc(c->ctx, (size_t)n_units, sizeof *which, &which));
    for (int64_t i = 0; i < r->shape.n; i++)
        if (function_of(c, r, i)->n) {
            x.scalar[used] = r->on[i];
            which[used++] = t.slot[r->function[i]];
        }
    TRY(pleats_emit_units(
        c, &(pleats_units){&x, t.n, t.pl, t.n > 1 ? which : NULL, 0}, out));
done:
    clear_tables(c->ctx, &t);
    pleats_release(c->ctx, which);
    pleats_tensor_clear(c->ctx, &x);
    return status;
}

/* The rest of every element, and the units' scalars. */
static pleats_status emit_sums(const pleats_call *c,
                               const pleats_jump_result *r,
                               const pleats_tensor *units, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    int64_t used = 0;
    for (int64_t i = 0; i < r->shape.n; i++) {
        const pleats_piecewise *f = function_of(c, r, i);
        pleats_line line = f->piece[0];
        if (f->n)
            TRY(pleats_terms_add(c, &terms, units->scalar[used++], 1));
        else if (line.slope != 0)
            TRY(pleats_terms_add(c, &terms, r->on[i], line.slope));
        TRY(pleats_terms_add(c, &terms, r->plus[i], 1));
        TRY(pleats_terms_end(c, &terms, f->n ? 0 : line.intercept, 1));
    }
    TRY(pleats_emit_sparse(c, &terms, 0, &r->shape, out));
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

pleats_status pleats_jump_result_emit(const pleats_call *c,
                                      const pleats_jump_result *r,
                                      pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor units = {0};
    int64_t n = r->shape.n, n_units = 0;
    bool constant = true, jumps = false, sums = false;
    for (int64_t i = 0; i < n; i++) {
        const pleats_piecewise *f = function_of(c, r, i);
        constant = constant && pleats_piecewise_is_const(f) && r->plus[i] < 0;
        jumps = jumps || pleats_piecewise_jump(c, f) >= 0;
        sums = sums || r->plus[i] >= 0;
        n_units += f->n > 0;
    }
    if (constant) {
        TRY(make_constants(c, r, out));
    } else if (jumps) {
        TRY(keep_jumps(c, r, out));
    } else if (n_units == n && !sums) {
        TRY(emit_units(c, r, n_units, out));
    } else {
        TRY(emit_units(c, r, n_units, &units));
        TRY(emit_sums(c, r, &units, out));
    }
done:
    pleats_tensor_clear(c->ctx, &units);
    return status;
}
