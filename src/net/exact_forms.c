#include "net/exact_forms.h"

#include "exact/integers.h"

pleats_status pleats_exact_forms_init(pleats_ctx *ctx, pleats_exact_forms *f,
                                      const pleats_net *net,
                                      const pleats_coordinates *coordinates,
                                      const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)net->n_scalars;
    *f = (pleats_exact_forms){
        .net = net, .coordinates = coordinates, .piece = piece, .clock = 1};
    f->n_factors = (size_t)pleats_net_row_terms(net) + 2;
    TRY(pleats_alloc(ctx, n, sizeof *f->form, &f->form));
    TRY(pleats_alloc(ctx, n, sizeof *f->made, &f->made));
    TRY(pleats_alloc(ctx, n, sizeof *f->wanted, &f->wanted));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *f->changed,
                     &f->changed));
    TRY(pleats_alloc(ctx, f->n_factors, sizeof *f->scratch, &f->scratch));
    TRY(pleats_integers_new(ctx, f->n_factors, &f->factor));
done:
    return status;
}

void pleats_exact_forms_clear(pleats_ctx *ctx, pleats_exact_forms *f)
{
    for (pleats_idx i = 0; f->form && i < f->net->n_scalars; i++)
        if (f->form[i].num) {
            pleats_integers_free(ctx, f->form[i].num,
                                 (size_t)f->coordinates->k + 1);
            mpz_clear(f->form[i].den);
        }
    pleats_integers_free(ctx, f->factor, f->n_factors);
    pleats_release(ctx, f->form);
    pleats_release(ctx, f->made);
    pleats_release(ctx, f->wanted);
    pleats_release(ctx, f->changed);
    pleats_release(ctx, f->scratch);
    *f = (pleats_exact_forms){0};
}

void pleats_exact_forms_changed(pleats_exact_forms *f, pleats_idx from)
{
    f->clock++;
    for (pleats_idx s = from; s < f->net->n_steps; s++)
        f->changed[s] = f->clock;
}

static pleats_status allocate(pleats_ctx *ctx, const pleats_exact_forms *f,
                              pleats_exact_form *form)
{
    pleats_status status = PLEATS_OK;
    if (form->num)
        return PLEATS_OK;
    TRY(pleats_integers_new(ctx, (size_t)f->coordinates->k + 1, &form->num));
    mpz_init_set_ui(form->den, 1);
done:
    return status;
}

static void take_input(pleats_exact_forms *f, pleats_idx i)
{
    const pleats_coordinates *c = f->coordinates;
    size_t width = (size_t)c->k + 1;
    for (size_t j = 0; j < width; j++)
        mpz_set(f->form[i].num[j], c->num[(size_t)i * width + j]);
    mpz_set(f->form[i].den, c->den);
    pleats_integers_drop_twos(f->form[i].num, width, f->form[i].den);
}

/* The least exponent of the row's weights and bias, at most 0, and in `common`
 * the least common multiple of the denominators that it meets. */
static int common_scale(const pleats_exact_forms *f, const pleats_row *row,
                        mpz_t common)
{
    int least = pleats_dyadic_of(row->bias).exponent;
    least = least < 0 ? least : 0;
    mpz_set_ui(common, 1);
    for (pleats_idx j = 0; j < row->n; j++) {
        if (row->in[j] < 0 || row->weight[j] == 0)
            continue;
        int e = pleats_dyadic_of(row->weight[j]).exponent;
        least = e < least ? e : least;
        if (mpz_cmp(common, f->form[row->in[j]].den) != 0)
            mpz_lcm(common, common, f->form[row->in[j]].den);
    }
    return least;
}

/* den *= divisor, moving its sign and negative powers of two to num. */
static void divide_by(pleats_exact_form *form, size_t width, double divisor,
                      mpz_t spare)
{
    pleats_dyadic d = pleats_dyadic_of(divisor);
    mpz_set_si(spare, d.mantissa < 0 ? -d.mantissa : d.mantissa);
    mpz_mul(form->den, form->den, spare);
    if (d.exponent > 0)
        mpz_mul_2exp(form->den, form->den, (mp_bitcnt_t)d.exponent);
    for (size_t c = 0; c < width; c++) {
        if (d.exponent < 0)
            mpz_mul_2exp(form->num[c], form->num[c], (mp_bitcnt_t)-d.exponent);
        if (d.mantissa < 0)
            mpz_neg(form->num[c], form->num[c]);
    }
}

/* The row over the common denominator common * 2^-least: every weight becomes
 * the integer factor[j] = weight * 2^-least * (common / den_j). */
static void run_row(pleats_exact_forms *f, const pleats_row *row,
                    pleats_exact_form *out)
{
    size_t width = (size_t)f->coordinates->k + 1;
    mpz_ptr common = f->factor[f->n_factors - 1];
    mpz_ptr factor = f->factor[f->n_factors - 2];
    int least = common_scale(f, row, common);
    pleats_dyadic bias = pleats_dyadic_of(row->bias);
    for (size_t c = 0; c + 1 < width; c++)
        mpz_set_ui(out->num[c], 0);
    pleats_integer_set_shifted(
        out->num[width - 1], bias.mantissa,
        bias.mantissa ? (unsigned long)(bias.exponent - least) : 0);
    mpz_mul(out->num[width - 1], out->num[width - 1], common);
    for (pleats_idx j = 0; j < row->n; j++) {
        if (row->in[j] < 0 || row->weight[j] == 0)
            continue;
        const pleats_exact_form *in = &f->form[row->in[j]];
        pleats_dyadic w = pleats_dyadic_of(row->weight[j]);
        pleats_integer_set_shifted(factor, w.mantissa,
                                   (unsigned long)(w.exponent - least));
        if (mpz_cmp(common, in->den) != 0) {
            mpz_mul(factor, factor, common);
            mpz_divexact(factor, factor, in->den);
        }
        for (size_t c = 0; c < width; c++)
            if (mpz_sgn(in->num[c]))
                mpz_addmul(out->num[c], factor, in->num[c]);
    }
    mpz_mul_2exp(out->den, common, (mp_bitcnt_t)-least);
    if (row->divisor != 1)
        divide_by(out, width, row->divisor, factor);
    pleats_integers_drop_twos(out->num, width, out->den);
}

/* What scalar `i` (local to the step) reads, given the pieces. */
static pleats_row row_of(const pleats_exact_forms *f, const pleats_step *s,
                         pleats_idx i)
{
    static const double one = 1;
    if (pleats_step_is_affine(s))
        return pleats_step_row(s, i, f->scratch);
    pleats_idx p = f->piece[s->first_unit + i];
    if (s->kind == PLEATS_STEP_MAX)
        return (pleats_row){1, &s->in[s->start[i] + p], &one, 0, 1};
    const pleats_pl *function = pleats_step_function(s, i);
    return (pleats_row){function->slope[p] != 0, &s->in[i], &function->slope[p],
                        function->intercept[p], 1};
}

static bool is_valid(const pleats_exact_forms *f, pleats_idx step,
                     pleats_idx scalar)
{
    uint64_t since = step < 0 ? 1 : f->changed[step] + 1;
    return f->made[scalar] >= since;
}

static pleats_status make_input(pleats_ctx *ctx, pleats_exact_forms *f,
                                pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    if (!f->wanted[i] || is_valid(f, -1, i))
        return PLEATS_OK;
    TRY(allocate(ctx, f, &f->form[i]));
    take_input(f, i);
    f->made[i] = f->clock + 1;
done:
    return status;
}

/* Marks what the wanted and invalid scalars of a step read. */
static void want_sources(pleats_exact_forms *f, pleats_idx step)
{
    const pleats_step *s = &f->net->step[step];
    for (pleats_idx i = 0; i < s->n_out; i++) {
        if (!f->wanted[s->out + i])
            continue;
        if (is_valid(f, step, s->out + i)) {
            f->wanted[s->out + i] = false;
            continue;
        }
        pleats_row row = row_of(f, s, i);
        for (pleats_idx j = 0; j < row.n; j++)
            if (row.in[j] >= 0 && row.weight[j] != 0)
                f->wanted[row.in[j]] = true;
    }
}

static pleats_status make_step(pleats_ctx *ctx, pleats_exact_forms *f,
                               pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &f->net->step[step];
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_idx scalar = s->out + i;
        if (!f->wanted[scalar])
            continue;
        TRY(allocate(ctx, f, &f->form[scalar]));
        pleats_row row = row_of(f, s, i);
        run_row(f, &row, &f->form[scalar]);
        f->made[scalar] = f->clock + 1;
        f->wanted[scalar] = false;
    }
done:
    return status;
}

static pleats_idx step_of(const pleats_net *net, pleats_idx scalar)
{
    pleats_idx lo = 0, hi = net->n_steps;
    while (lo < hi) {
        pleats_idx mid = lo + (hi - lo) / 2;
        if (net->step[mid].out + net->step[mid].n_out > scalar)
            hi = mid;
        else
            lo = mid + 1;
    }
    return scalar < net->n_inputs ? -1 : lo;
}

pleats_status pleats_exact_forms_need(pleats_ctx *ctx, pleats_exact_forms *f,
                                      pleats_idx scalar)
{
    pleats_status status = PLEATS_OK;
    pleats_idx last = step_of(f->net, scalar);
    if (is_valid(f, last, scalar))
        return PLEATS_OK;
    f->wanted[scalar] = true;
    for (pleats_idx s = last; s >= 0; s--)
        want_sources(f, s);
    for (pleats_idx i = 0; i < f->net->n_inputs; i++) {
        TRY(make_input(ctx, f, i));
        f->wanted[i] = false;
    }
    for (pleats_idx s = 0; s <= last; s++)
        TRY(make_step(ctx, f, s));
done:
    return status;
}

pleats_status pleats_exact_forms_difference(pleats_ctx *ctx,
                                            pleats_exact_forms *f, pleats_idx a,
                                            pleats_idx b, double at, mpz_t *row)
{
    pleats_status status = PLEATS_OK;
    static const double sign[2] = {1, -1};
    const pleats_idx in[2] = {a, b};
    const pleats_row difference = {b < 0 ? 1 : 2, in, sign, -at, 1};
    pleats_exact_form out = {row, {{0}}};
    mpz_init(out.den);
    TRY(pleats_exact_forms_need(ctx, f, a));
    if (b >= 0)
        TRY(pleats_exact_forms_need(ctx, f, b));
    run_row(f, &difference, &out);
    pleats_integers_make_primitive(row, (size_t)f->coordinates->k + 1);
done:
    mpz_clear(out.den);
    return status;
}
