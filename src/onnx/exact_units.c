#include "onnx/exact_units.h"

/* See exact_units.h; `unit` lies in `table`. */
typedef struct {
    bool plain; /* u = f */
    pleats_number rate, shift, gain, slope, intercept;
    pleats_pl unit;
    double *table; /* [3 n_breaks + 2] */
} shaped;

static bool is_plain(const pleats_pl *f)
{
    size_t n = (size_t)f->n_breaks;
    return !pleats_numbers_have_rational(f->at, n) &&
           !pleats_numbers_have_rational(f->slope, n + 1) &&
           !pleats_numbers_have_rational(f->intercept, n + 1);
}

bool pleats_units_are_doubles(const pleats_units *u)
{
    for (pleats_idx i = 0; i < u->n_functions; i++)
        if (!is_plain(&u->function[i]))
            return false;
    return true;
}

static bool is_finite(const pleats_pl *f)
{
    for (pleats_idx i = 0; i <= f->n_breaks; i++)
        if (!pleats_number_is_finite(f->slope[i]) ||
            !pleats_number_is_finite(f->intercept[i]) ||
            (i < f->n_breaks && !pleats_number_is_finite(f->at[i])))
            return false;
    return true;
}

/* The line that takes the breakpoints to doubles, which become the unit's. */
static void place_breaks(const pleats_call *c, const pleats_pl *f, shaped *s)
{
    const pleats_idx n = f->n_breaks;
    s->rate = 1;
    s->shift = 0;
    if (pleats_numbers_have_rational(f->at, (size_t)n)) {
        if (n > 1)
            s->rate = pleats_call_div(
                c, 1,
                pleats_call_add(c, f->at[1],
                                pleats_number_neg(c->pool, f->at[0])));
        s->shift =
            pleats_number_neg(c->pool, pleats_call_mul(c, s->rate, f->at[0]));
    }
    for (pleats_idx i = 0; i < n; i++)
        s->unit.at[i] =
            pleats_call_add(c, pleats_call_mul(c, s->rate, f->at[i]), s->shift);
}

/* Slopes (f's minus the first one) * by, and intercepts that make the unit
 * continuous and 0 on its first piece. */
static void place_slopes(const pleats_call *c, const pleats_pl *f,
                         pleats_number by, shaped *s)
{
    const pleats_number minus = pleats_number_neg(c->pool, f->slope[0]);
    s->unit.slope[0] = s->unit.intercept[0] = 0;
    for (pleats_idx i = 1; i <= f->n_breaks; i++) {
        s->unit.slope[i] =
            pleats_call_mul(c, by, pleats_call_add(c, f->slope[i], minus));
        pleats_number step =
            pleats_call_add(c, s->unit.slope[i - 1],
                            pleats_number_neg(c->pool, s->unit.slope[i]));
        s->unit.intercept[i] =
            pleats_call_add(c, s->unit.intercept[i - 1],
                            pleats_call_mul(c, step, s->unit.at[i - 1]));
    }
    s->slope = f->slope[0];
    s->intercept = f->intercept[0];
    s->gain = pleats_call_div(c, 1, pleats_call_mul(c, by, s->rate));
}

static pleats_status shape(const pleats_call *c, const pleats_pl *f, shaped *s)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)f->n_breaks;
    pleats_number by = 1;
    s->plain = is_plain(f);
    s->unit = *f;
    s->rate = s->gain = 1;
    if (s->plain || !is_finite(f))
        return PLEATS_OK;
    TRY(pleats_alloc(c->ctx, 3 * n + 2, sizeof *s->table, &s->table));
    s->unit =
        (pleats_pl){f->n_breaks, s->table, s->table + n, s->table + 2 * n + 1};
    place_breaks(c, f, s);
    place_slopes(c, f, 1, s);
    for (size_t i = 1; i <= n && by == 1 && !is_plain(&s->unit); i++)
        if (s->unit.slope[i] != 0)
            by = pleats_call_div(c, 1, s->unit.slope[i]);
    if (!is_plain(&s->unit))
        place_slopes(c, f, by, s);
    if (!is_plain(&s->unit))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "a function whose breakpoints or slopes have ratios "
                        "that are no doubles"));
done:
    return status;
}

/* rate * x + shift, or x itself where nothing is to be done. */
static pleats_status before(const pleats_call *c, const pleats_units *u,
                            const shaped *all, const pleats_idx *scalars,
                            pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    pleats_tensor made = {0};
    pleats_tensor_shape shape = {.rank = 1};
    int64_t used = 0;
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &u->x->shape, out));
    for (int64_t i = 0; i < out->shape.n; i++) {
        const shaped *s = &all[u->which ? u->which[i] : 0];
        if (s->rate == 1 && s->shift == 0)
            continue;
        TRY(pleats_terms_add(c, &terms, scalars[i], s->rate));
        TRY(pleats_terms_end(c, &terms, s->shift, 1));
    }
    shape.n = shape.dim[0] = (int64_t)terms.n;
    TRY(pleats_emit_sparse(c, &terms, 0, &shape, &made));
    for (int64_t i = 0; i < out->shape.n; i++) {
        const shaped *s = &all[u->which ? u->which[i] : 0];
        bool same = s->rate == 1 && s->shift == 0;
        out->scalar[i] = same ? scalars[i] : made.scalar[used++];
    }
done:
    pleats_terms_clear(c->ctx, &terms);
    pleats_tensor_clear(c->ctx, &made);
    return status;
}

/* gain * unit + slope * x + intercept. */
static pleats_status after(const pleats_call *c, const pleats_units *u,
                           const shaped *all, const pleats_idx *scalars,
                           pleats_idx first, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    for (int64_t i = 0; i < u->x->shape.n; i++) {
        const shaped *s = &all[u->which ? u->which[i] : 0];
        TRY(pleats_terms_add(c, &terms, first + (pleats_idx)i, s->gain));
        if (s->slope != 0)
            TRY(pleats_terms_add(c, &terms, scalars[i], s->slope));
        TRY(pleats_terms_end(c, &terms, s->intercept, 1));
    }
    TRY(pleats_emit_sparse(c, &terms, 0, &u->x->shape, out));
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

pleats_status pleats_emit_exact_units(const pleats_call *c,
                                      const pleats_units *u,
                                      const pleats_step_label *label,
                                      const pleats_idx *scalars,
                                      pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)u->n_functions;
    shaped *all = NULL;
    pleats_pl *function = NULL;
    pleats_tensor in = {0};
    pleats_idx first = 0;
    TRY(pleats_alloc(c->ctx, n, sizeof *all, &all));
    TRY(pleats_alloc(c->ctx, n, sizeof *function, &function));
    for (size_t i = 0; i < n; i++) {
        TRY(shape(c, &u->function[i], &all[i]));
        function[i] = all[i].unit;
    }
    TRY(before(c, u, all, scalars, &in));
    if (in.shape.n)
        TRY(pleats_net_add_pl(c->ctx, c->net, label, (pleats_idx)in.shape.n,
                              in.scalar, u->n_functions, function, u->which,
                              &first));
    TRY(after(c, u, all, scalars, first, out));
done:
    for (size_t i = 0; all && i < n; i++)
        pleats_release(c->ctx, all[i].table);
    pleats_release(c->ctx, all);
    pleats_release(c->ctx, function);
    pleats_tensor_clear(c->ctx, &in);
    return status;
}
