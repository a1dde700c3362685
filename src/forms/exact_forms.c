#include "forms/exact_forms.h"

pleats_status pleats_exact_forms_init(pleats_ctx *ctx, pleats_exact_forms *f,
                                      const pleats_net *net,
                                      const pleats_coordinates *coordinates,
                                      const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)net->n_scalars, width = (size_t)coordinates->k + 1;
    size_t terms = (size_t)pleats_net_row_terms(net) + 2;
    *f = (pleats_exact_forms){.net = net,
                              .coordinates = coordinates,
                              .piece = piece,
                              .clock = 1,
                              .stale = net->n_steps,
                              .dense = -1};
    mpz_init(f->quotient.den);
    TRY(pleats_exact_sum_init(ctx, &f->sum, width, terms));
    TRY(pleats_integers_new(ctx, width, &f->quotient.num));
    TRY(pleats_alloc(ctx, n, sizeof *f->form, &f->form));
    TRY(pleats_alloc(ctx, n, sizeof *f->made, &f->made));
    TRY(pleats_alloc(ctx, n, sizeof *f->step, &f->step));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *f->changed,
                     &f->changed));
    TRY(pleats_alloc(ctx, terms, sizeof *f->scratch, &f->scratch));
    TRY(pleats_alloc(ctx, terms, sizeof *f->read, &f->read));
    TRY(pleats_alloc(ctx, terms, sizeof *f->column, &f->column));
    for (pleats_idx i = 0; i < net->n_inputs; i++)
        f->step[i] = -1;
    for (pleats_idx s = 0; s < net->n_steps; s++)
        for (pleats_idx i = 0; i < net->step[s].n_out; i++)
            f->step[net->step[s].out + i] = s;
done:
    return status;
}

void pleats_exact_forms_clear(pleats_ctx *ctx, pleats_exact_forms *f)
{
    if (!f->net)
        return;
    size_t width = (size_t)f->coordinates->k + 1;
    for (pleats_idx i = 0; f->form && i < f->net->n_scalars; i++)
        pleats_exact_form_clear(ctx, &f->form[i], width);
    pleats_exact_form_clear(ctx, &f->difference, width);
    pleats_exact_sum_clear(ctx, &f->sum);
    pleats_integers_free(ctx, f->quotient.num, width);
    mpz_clear(f->quotient.den);
    pleats_release(ctx, f->form);
    pleats_release(ctx, f->made);
    pleats_release(ctx, f->step);
    pleats_release(ctx, f->changed);
    pleats_release(ctx, f->scratch);
    pleats_release(ctx, f->wanted);
    pleats_release(ctx, f->read);
    pleats_release(ctx, f->column);
    *f = (pleats_exact_forms){0};
}

/* Takes note of what changed. */
static void drop_stale(pleats_exact_forms *f)
{
    if (f->stale == f->net->n_steps)
        return;
    f->clock++;
    for (; f->stale < f->net->n_steps; f->stale++)
        f->changed[f->stale] = f->clock;
}

static bool is_valid(const pleats_exact_forms *f, pleats_idx scalar)
{
    pleats_idx step = f->step[scalar];
    return f->made[scalar] > (step < 0 ? 0 : f->changed[step]);
}

/* The scalar that a scalar is for the current pieces, -1: it is 0.  A scalar
 * that is another one is never made itself. */
static pleats_idx source(const pleats_exact_forms *f, pleats_idx scalar)
{
    while (f->step[scalar] >= 0) {
        const pleats_step *s = &f->net->step[f->step[scalar]];
        pleats_idx i = scalar - s->out;
        if (pleats_step_is_affine(s))
            break;
        pleats_idx p = f->piece[s->first_unit + i];
        if (s->kind == PLEATS_STEP_MAX) {
            scalar = s->in[s->start[i] + p];
            continue;
        }
        const pleats_pl *function = pleats_step_function(s, i);
        if (function->intercept[p] != 0)
            break;
        if (function->slope[p] == 0)
            return -1;
        if (function->slope[p] != 1)
            break;
        scalar = s->in[i];
    }
    return scalar;
}

/* Adds weight * scalar to the sum; a scalar that is not made becomes wanted
 * instead. */
static pleats_status add_term(pleats_ctx *ctx, pleats_exact_forms *f,
                              double weight, pleats_idx scalar)
{
    pleats_status status = PLEATS_OK;
    if (is_valid(f, scalar)) {
        pleats_exact_sum_add(&f->sum, weight, &f->form[scalar]);
        return PLEATS_OK;
    }
    TRY(pleats_grow(ctx, &f->wanted, &f->wanted_capacity, f->n_wanted + 1,
                    sizeof *f->wanted));
    f->wanted[f->n_wanted++] = scalar;
done:
    return status;
}

static void list_dense(pleats_exact_forms *f, pleats_idx step)
{
    const pleats_step *s = &f->net->step[step];
    if (f->dense == step && f->dense_clock == f->clock)
        return;
    f->dense = step;
    f->dense_clock = f->clock;
    f->n_read = 0;
    for (pleats_idx j = 0; j < s->n_in; j++) {
        pleats_idx from = source(f, s->in[j]);
        if (from < 0)
            continue;
        f->column[f->n_read] = j;
        f->read[f->n_read++] = from;
    }
}

/* Adds up what a row of an affine step reads. */
static pleats_status add_row(pleats_ctx *ctx, pleats_exact_forms *f,
                             pleats_idx step, const pleats_row *row)
{
    pleats_status status = PLEATS_OK;
    if (f->net->step[step].kind == PLEATS_STEP_DENSE) {
        list_dense(f, step);
        for (pleats_idx j = 0; j < f->n_read; j++)
            if (row->weight[f->column[j]] != 0)
                TRY(add_term(ctx, f, row->weight[f->column[j]], f->read[j]));
        return PLEATS_OK;
    }
    for (pleats_idx j = 0; j < row->n; j++) {
        pleats_idx from = -1;
        if (row->in[j] >= 0 && row->weight[j] != 0)
            from = source(f, row->in[j]);
        if (from >= 0)
            TRY(add_term(ctx, f, row->weight[j], from));
    }
done:
    return status;
}

/* Adds up what a scalar that is its own source reads; the row's bias and
 * divisor are left to do. */
static pleats_status add_terms(pleats_ctx *ctx, pleats_exact_forms *f,
                               pleats_idx scalar, pleats_row *row)
{
    const pleats_idx step = f->step[scalar];
    const pleats_step *s = &f->net->step[step];
    const pleats_idx i = scalar - s->out;
    pleats_exact_sum_start(&f->sum);
    if (pleats_step_is_affine(s)) {
        *row = pleats_step_row(s, i, f->scratch);
        return add_row(ctx, f, step, row);
    }
    const pleats_pl *function = pleats_step_function(s, i);
    const pleats_idx piece = f->piece[s->first_unit + i];
    *row = (pleats_row){1, &s->in[i], &function->slope[piece],
                        function->intercept[piece], 1};
    return add_row(ctx, f, step, row);
}

/* Makes the form of a scalar that is its own source, unless something that it
 * reads is not made: that is wanted then. */
static pleats_status make(pleats_ctx *ctx, pleats_exact_forms *f,
                          pleats_idx scalar, bool *is_made)
{
    pleats_status status = PLEATS_OK;
    const pleats_coordinates *c = f->coordinates;
    const size_t width = f->sum.width, n_wanted = f->n_wanted;
    pleats_exact_form *out = &f->form[scalar];
    pleats_row row;
    *is_made = f->step[scalar] < 0;
    if (*is_made) {
        TRY(pleats_exact_form_set(ctx, out, width,
                                  c->num + (size_t)scalar * width, c->den));
    } else {
        TRY(add_terms(ctx, f, scalar, &row));
        *is_made = f->n_wanted == n_wanted;
        if (*is_made)
            TRY(pleats_exact_sum_end(ctx, &f->sum, row.bias, row.divisor, out));
    }
    if (*is_made)
        f->made[scalar] = f->clock + 1;
done:
    return status;
}

/* Makes the form of a scalar that is its own source (-1: none), and all that
 * it rests on. */
static pleats_status need(pleats_ctx *ctx, pleats_exact_forms *f,
                          pleats_idx scalar)
{
    pleats_status status = PLEATS_OK;
    drop_stale(f);
    bool is_made = scalar < 0 || is_valid(f, scalar);
    f->n_wanted = 0;
    while (!is_made) {
        TRY(make(ctx, f, scalar, &is_made));
        while (f->n_wanted > 0) {
            TRY(pleats_check_work(ctx, f->sum.width));
            const pleats_idx next = f->wanted[f->n_wanted - 1];
            bool is_next_made = is_valid(f, next);
            if (!is_next_made)
                TRY(make(ctx, f, next, &is_next_made));
            if (is_next_made)
                f->n_wanted--;
        }
    }
done:
    return status;
}

pleats_status pleats_exact_forms_need(pleats_ctx *ctx, pleats_exact_forms *f,
                                      pleats_idx scalar,
                                      const pleats_quotient **out)
{
    static const pleats_exact_form zero = {0};
    pleats_status status = PLEATS_OK;
    pleats_idx from = source(f, scalar);
    TRY(need(ctx, f, from));
    pleats_exact_form_get(from < 0 ? &zero : &f->form[from], f->sum.width,
                          f->quotient.num, f->quotient.den);
    *out = &f->quotient;
done:
    return status;
}

pleats_status pleats_exact_forms_multiple(pleats_ctx *ctx,
                                          pleats_exact_forms *f, pleats_idx a,
                                          pleats_idx b, double at, mpz_t *row)
{
    pleats_status status = PLEATS_OK;
    const pleats_exact_form *form = &f->difference;
    a = source(f, a);
    b = b < 0 ? -1 : source(f, b);
    TRY(need(ctx, f, a));
    TRY(need(ctx, f, b));
    if (a >= 0 && b < 0 && at == 0) {
        form = &f->form[a];
    } else {
        pleats_exact_sum_start(&f->sum);
        if (a >= 0)
            pleats_exact_sum_add(&f->sum, 1, &f->form[a]);
        if (b >= 0)
            pleats_exact_sum_add(&f->sum, -1, &f->form[b]);
        TRY(pleats_exact_sum_end(ctx, &f->sum, -at, 1, &f->difference));
    }
    pleats_exact_form_direction(form, f->sum.width, row);
done:
    return status;
}

pleats_status pleats_exact_forms_difference(pleats_ctx *ctx,
                                            pleats_exact_forms *f, pleats_idx a,
                                            pleats_idx b, double at, mpz_t *row)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_exact_forms_multiple(ctx, f, a, b, at, row));
    pleats_integers_make_primitive(row, f->sum.width);
done:
    return status;
}
