#include "complex/points.h"

#include "exact/integers.h"

/* ---- columns ---- */

enum { EXTRA = 2 }; /* columns between the coordinates and the scalars */

static size_t lead_of(const pleats_complex_points *p)
{
    return p->k + 1;
}

/* The last step that reads each scalar; n_steps: it is an output. */
static void find_last(pleats_complex_points *p)
{
    const pleats_net *net = p->net;
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        p->last[i] = -1;
    for (pleats_idx s = 0; s < net->n_steps; s++)
        for (pleats_idx i = 0; i < net->step[s].n_in; i++)
            if (net->step[s].in[i] >= 0)
                p->last[net->step[s].in[i]] = s;
    for (pleats_idx i = 0; i < net->n_outputs; i++)
        p->last[net->output[i]] = net->n_steps;
}

/* Gives columns to `n` scalars from `first` on; spare [*n_spare] are free. */
static void give_columns(pleats_complex_points *p, pleats_idx first,
                         pleats_idx n, pleats_idx *spare, size_t *n_spare)
{
    for (pleats_idx i = first; i < first + n; i++) {
        if (p->last[i] < 0)
            p->slot[i] = -1;
        else if (*n_spare > 0)
            p->slot[i] = spare[--*n_spare];
        else
            p->slot[i] = (pleats_idx)p->width++;
    }
}

/* A column is used again behind the last step that reads its scalar. */
static pleats_status plan_columns(pleats_complex_points *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = p->net;
    pleats_idx *spare = NULL;
    size_t n_spare = 0;
    TRY(pleats_alloc(p->ctx, (size_t)net->n_scalars, sizeof *spare, &spare));
    p->width = p->k + EXTRA;
    give_columns(p, 0, net->n_inputs, spare, &n_spare);
    for (pleats_idx s = 0; s < net->n_steps; s++) {
        const pleats_step *step = &net->step[s];
        give_columns(p, step->out, step->n_out, spare, &n_spare);
        for (pleats_idx i = 0; i < step->out; i++)
            if (p->last[i] == s)
                spare[n_spare++] = p->slot[i];
    }
done:
    pleats_release(p->ctx, spare);
    return status;
}

pleats_status pleats_complex_points_init(pleats_ctx *ctx,
                                         pleats_complex_points *p,
                                         const pleats_net *net, size_t k)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)net->n_scalars;
    *p = (pleats_complex_points){.ctx = ctx, .net = net, .k = k};
    mpz_inits(p->left, p->right, NULL);
    p->has_room = true;
    TRY(pleats_alloc(ctx, n, sizeof *p->slot, &p->slot));
    TRY(pleats_alloc(ctx, n, sizeof *p->last, &p->last));
    find_last(p);
    TRY(plan_columns(p));
    TRY(pleats_integers_new(ctx, p->width, &p->fresh));
    TRY(pleats_alloc(ctx, p->width, sizeof *p->is_fresh, &p->is_fresh));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net) + 1,
                     sizeof *p->scratch, &p->scratch));
done:
    return status;
}

static void clear_point(pleats_complex_points *p, size_t i)
{
    pleats_complex_point *point = &p->point[i];
    pleats_unbook(p->ctx, point->booked);
    pleats_integers_free(p->ctx, point->x, p->width);
    mpz_clear(point->cut);
}

void pleats_complex_points_clear(pleats_complex_points *p)
{
    for (size_t i = 0; i < p->n; i++)
        clear_point(p, i);
    if (p->has_room)
        mpz_clears(p->left, p->right, NULL);
    pleats_integers_free(p->ctx, p->fresh, p->width);
    pleats_release(p->ctx, p->point);
    pleats_release(p->ctx, p->slot);
    pleats_release(p->ctx, p->last);
    pleats_release(p->ctx, p->is_fresh);
    pleats_release(p->ctx, p->scratch);
    *p = (pleats_complex_points){0};
}

/* ---- points ---- */

/* Tells the context how long the numbers of a point are. */
static pleats_status book(pleats_complex_points *p, size_t i)
{
    pleats_status status = PLEATS_OK;
    pleats_complex_point *point = &p->point[i];
    size_t bytes = 0;
    for (size_t j = 0; j < p->width; j++)
        bytes += mpz_size(point->x[j]) * sizeof(mp_limb_t);
    pleats_unbook(p->ctx, point->booked);
    point->booked = 0;
    TRY(pleats_book(p->ctx, bytes));
    point->booked = bytes;
done:
    return status;
}

static pleats_status add_zeros(pleats_complex_points *p, mpz_t **x)
{
    pleats_status status = PLEATS_OK;
    if (p->n == INT32_MAX)
        TRY(pleats_fail(p->ctx, PLEATS_LIMIT, "more than 2^31 vertices"));
    TRY(pleats_grow(p->ctx, &p->point, &p->capacity, p->n + 1,
                    sizeof *p->point));
    TRY(pleats_integers_new(p->ctx, p->width, x));
    p->point[p->n] = (pleats_complex_point){.x = *x};
    mpz_init(p->point[p->n].cut);
    p->n++;
done:
    return status;
}

pleats_status pleats_complex_points_add(pleats_complex_points *p, mpz_t *t)
{
    pleats_status status = PLEATS_OK;
    mpz_t *x = NULL;
    TRY(add_zeros(p, &x));
    for (size_t j = 0; j <= p->k; j++)
        mpz_set(x[j], t[j]);
    pleats_integers_make_primitive(x, p->k + 1);
    TRY(book(p, p->n - 1));
done:
    return status;
}

pleats_status pleats_complex_points_cross(pleats_complex_points *p,
                                          pleats_idx a, pleats_idx b)
{
    pleats_status status = PLEATS_OK;
    mpz_t *x = NULL;
    TRY(add_zeros(p, &x));
    const pleats_complex_point *from = &p->point[a], *to = &p->point[b];
    mpz_abs(p->left, to->cut);
    mpz_abs(p->right, from->cut);
    for (size_t j = 0; j < p->width; j++) {
        mpz_mul(x[j], from->x[j], p->left);
        mpz_addmul(x[j], to->x[j], p->right);
    }
    pleats_integers_make_primitive(x, p->width);
    TRY(book(p, p->n - 1));
done:
    return status;
}

void pleats_complex_points_keep(pleats_complex_points *p, const bool *keep)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (keep[i])
            p->point[n++] = p->point[i];
        else
            clear_point(p, i);
    }
    p->n = n;
}

/* ---- steps ---- */

/* sum += x weight 2^twos, where that is an integer. */
static void add_term(pleats_complex_points *p, mpz_t sum, const mpz_t x,
                     pleats_dyadic weight, long twos)
{
    const unsigned long shift = (unsigned long)(weight.exponent + twos);
    const bool is_minus = weight.mantissa < 0;
    const uint64_t size =
        is_minus ? -(uint64_t)weight.mantissa : (uint64_t)weight.mantissa;
    if (size == 0)
        return;
    if (shift < (unsigned long)__builtin_clzll(size)) {
        (is_minus ? mpz_submul_ui : mpz_addmul_ui)(sum, x, size << shift);
        return;
    }
    mpz_mul_ui(p->left, x, size);
    mpz_mul_2exp(p->left, p->left, shift);
    (is_minus ? mpz_sub : mpz_add)(sum, sum, p->left);
}

/* By what the rows of a step are multiplied so that they become integers: a
 * power of two and an odd number. */
typedef struct {
    long twos;
    mpz_t odd;
} multiplier;

static void need_twos(multiplier *m, double weight, int divisor_exponent)
{
    const pleats_dyadic w = pleats_dyadic_of(weight);
    if (w.mantissa != 0 && divisor_exponent - w.exponent > m->twos)
        m->twos = divisor_exponent - w.exponent;
}

static void need_row(multiplier *m, const pleats_row *row)
{
    const pleats_dyadic d = pleats_dyadic_of(row->divisor);
    mpz_lcm_ui(m->odd, m->odd,
               d.mantissa < 0 ? -(uint64_t)d.mantissa : (uint64_t)d.mantissa);
    need_twos(m, row->bias, d.exponent);
    for (pleats_idx j = 0; j < row->n; j++)
        need_twos(m, row->weight[j], d.exponent);
}

static void find_multiplier(pleats_complex_points *p, const pleats_step *s,
                            multiplier *m)
{
    for (pleats_idx i = 0; pleats_step_is_affine(s) && i < s->n_out; i++) {
        const pleats_row row = pleats_step_row(s, i, p->scratch);
        need_row(m, &row);
    }
    for (pleats_idx i = 0; s->kind == PLEATS_STEP_PL && i < s->n_functions;
         i++) {
        const pleats_pl *f = &s->function[i];
        for (pleats_idx j = 0; j <= f->n_breaks; j++) {
            need_twos(m, f->slope[j], 0);
            need_twos(m, f->intercept[j], 0);
        }
    }
}

/* sum = (bias + sum of weight x) times the multiplier, divided */
static void put_row(pleats_complex_points *p, const multiplier *m, mpz_t *x,
                    const pleats_row *row, mpz_t sum)
{
    const pleats_dyadic d = pleats_dyadic_of(row->divisor);
    const long twos = m->twos - d.exponent;
    mpz_set_ui(sum, 0);
    for (pleats_idx j = 0; j < row->n; j++)
        if (row->in[j] >= 0)
            add_term(p, sum, x[p->slot[row->in[j]]],
                     pleats_dyadic_of(row->weight[j]), twos);
    add_term(p, sum, x[p->k], pleats_dyadic_of(row->bias), twos);
    mpz_divexact_ui(p->right, m->odd,
                    d.mantissa < 0 ? -(uint64_t)d.mantissa
                                   : (uint64_t)d.mantissa);
    if (d.mantissa < 0)
        mpz_neg(p->right, p->right);
    if (mpz_cmp_ui(p->right, 1) != 0)
        mpz_mul(sum, sum, p->right);
}

/* The value of a unit of one scalar z = x / w. */
static void put_piece(pleats_complex_points *p, const multiplier *m,
                      const pleats_pl *f, const mpz_t x, const mpz_t w,
                      mpz_t sum)
{
    pleats_idx piece = 0;
    mpq_t at;
    mpq_init(at);
    while (piece < f->n_breaks) {
        mpq_set_d(at, f->at[piece]);
        mpz_mul(p->left, x, mpq_denref(at));
        mpz_mul(p->right, w, mpq_numref(at));
        if (mpz_cmp(p->left, p->right) <= 0)
            break;
        piece++;
    }
    mpz_set_ui(sum, 0);
    add_term(p, sum, x, pleats_dyadic_of(f->slope[piece]), m->twos);
    add_term(p, sum, w, pleats_dyadic_of(f->intercept[piece]), m->twos);
    mpq_clear(at);
}

static void put_extremum(pleats_complex_points *p, const pleats_step *s,
                         pleats_idx i, mpz_t *x, mpz_t sum)
{
    mpz_set(sum, x[p->slot[s->in[s->start[i]]]]);
    for (pleats_idx j = s->start[i] + 1; j < s->start[i + 1]; j++) {
        mpz_ptr other = x[p->slot[s->in[j]]];
        const int order = mpz_cmp(other, sum);
        if (s->is_min ? order < 0 : order > 0)
            mpz_set(sum, other);
    }
}

static void put_value(pleats_complex_points *p, const multiplier *m,
                      const pleats_step *s, pleats_idx i, mpz_t *x, mpz_t sum)
{
    if (s->kind == PLEATS_STEP_MAX)
        put_extremum(p, s, i, x, sum);
    else if (s->kind == PLEATS_STEP_PL)
        put_piece(p, m, pleats_step_function(s, i), x[p->slot[s->in[i]]],
                  x[p->k], sum);
    else {
        const pleats_row row = pleats_step_row(s, i, p->scratch);
        put_row(p, m, x, &row, sum);
    }
}

/* Makes the step's values at one point, brings all others to the same
 * denominator, and drops those that nothing reads any more. */
static pleats_status do_step(pleats_complex_points *p, pleats_idx step,
                             const multiplier *m, size_t at)
{
    const pleats_step *s = &p->net->step[step];
    mpz_t *x = p->point[at].x;
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (p->slot[s->out + i] >= 0)
            put_value(p, m, s, i, x, p->fresh[p->slot[s->out + i]]);
    for (size_t j = 0; j < p->width; j++) {
        if (p->is_fresh[j]) {
            mpz_swap(x[j], p->fresh[j]);
            continue;
        }
        mpz_mul_2exp(x[j], x[j], (mp_bitcnt_t)m->twos);
        if (mpz_cmp_ui(m->odd, 1) != 0)
            mpz_mul(x[j], x[j], m->odd);
    }
    for (pleats_idx i = 0; i < s->out; i++)
        if (p->last[i] == step)
            mpz_set_ui(x[p->slot[i]], 0);
    pleats_integers_make_primitive(x, p->width);
    return book(p, at);
}

static size_t terms_of(const pleats_step *s)
{
    return (size_t)s->n_out * (size_t)(pleats_step_row_terms(s) + 1);
}

pleats_status pleats_complex_points_step(pleats_complex_points *p,
                                         pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &p->net->step[step];
    multiplier m = {0};
    mpz_init_set_ui(m.odd, 1);
    find_multiplier(p, s, &m);
    for (size_t j = 0; j < p->width; j++)
        p->is_fresh[j] = false;
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (p->slot[s->out + i] >= 0)
            p->is_fresh[p->slot[s->out + i]] = true;
    for (size_t i = 0; i < p->n; i++) {
        TRY(do_step(p, step, &m, i));
        TRY(pleats_check_work(p->ctx, 30 * (terms_of(s) + p->width)));
    }
done:
    mpz_clear(m.odd);
    return status;
}

/* x = sum of num t, over the denominators of both */
pleats_status pleats_complex_points_inputs(pleats_complex_points *p,
                                           const pleats_coordinates *c)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < p->n; i++) {
        mpz_t *x = p->point[i].x;
        for (pleats_idx j = 0; j < c->n_inputs; j++) {
            if (p->slot[j] < 0)
                continue;
            mpz_ptr sum = x[p->slot[j]];
            mpz_set_ui(sum, 0);
            for (size_t a = 0; a <= p->k; a++)
                mpz_addmul(sum, x[a], c->num[(size_t)j * (p->k + 1) + a]);
        }
        for (size_t a = 0; a <= p->k; a++)
            mpz_mul(x[a], x[a], c->den);
        pleats_integers_make_primitive(x, p->width);
        TRY(book(p, i));
    }
done:
    return status;
}

/* ---- cuts ---- */

void pleats_complex_points_cut_form(pleats_complex_points *p, mpz_t *row)
{
    for (size_t i = 0; i < p->n; i++) {
        pleats_complex_point *point = &p->point[i];
        mpz_set_ui(point->cut, 0);
        for (size_t j = 0; j <= p->k; j++)
            mpz_addmul(point->cut, row[j], point->x[j]);
    }
}

void pleats_complex_points_cut_level(pleats_complex_points *p,
                                     pleats_idx scalar, const mpq_t at)
{
    const pleats_idx slot = p->slot[scalar];
    for (size_t i = 0; i < p->n; i++) {
        pleats_complex_point *point = &p->point[i];
        mpz_mul(point->cut, point->x[slot], mpq_denref(at));
        mpz_submul(point->cut, point->x[p->k], mpq_numref(at));
    }
}

void pleats_complex_points_cut_lead(pleats_complex_points *p, pleats_idx scalar)
{
    const pleats_idx slot = p->slot[scalar];
    for (size_t i = 0; i < p->n; i++)
        mpz_sub(p->point[i].cut, p->point[i].x[slot],
                p->point[i].x[lead_of(p)]);
}

void pleats_complex_points_set_lead(pleats_complex_points *p, pleats_idx scalar)
{
    for (size_t i = 0; i < p->n; i++)
        mpz_set(p->point[i].x[lead_of(p)], p->point[i].x[p->slot[scalar]]);
}

void pleats_complex_points_raise_lead(pleats_complex_points *p,
                                      pleats_idx scalar, bool is_min)
{
    for (size_t i = 0; i < p->n; i++) {
        mpz_ptr lead = p->point[i].x[lead_of(p)];
        mpz_ptr x = p->point[i].x[p->slot[scalar]];
        const int order = mpz_cmp(x, lead);
        if (is_min ? order < 0 : order > 0)
            mpz_set(lead, x);
    }
}

void pleats_complex_points_drop_lead(pleats_complex_points *p)
{
    for (size_t i = 0; i < p->n; i++)
        mpz_set_ui(p->point[i].x[lead_of(p)], 0);
}

bool pleats_complex_points_is_lead(const pleats_complex_points *p, size_t i,
                                   pleats_idx scalar)
{
    mpz_t *x = p->point[i].x;
    return mpz_cmp(x[p->slot[scalar]], x[lead_of(p)]) == 0;
}
