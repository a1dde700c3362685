#include "cert/cert_proof.h"

#include "base/doubles.h"
#include "exact/integers.h"
#include "exact/rational.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bits of multipliers, tried one after the other. */
static const int bits_tried[] = {8, 12, 20, 32, DBL_MANT_DIG};

void pleats_certifier_clear(pleats_certifier *c)
{
    if (!c->space)
        return;
    pleats_ctx *ctx = c->space->ctx;
    pleats_multipliers_clear(ctx, &c->y);
    pleats_rational_array_free(ctx, c->n_rationals, c->rational);
    pleats_release(ctx, c->id);
    pleats_release(ctx, c->scale);
    pleats_release(ctx, c->share);
    pleats_release(ctx, c->used);
    if (c->has_part)
        mpz_clear(c->part);
    *c = (pleats_certifier){0};
}

/* The frame's rows are whole numbers, and their doubles are those with the
 * largest one brought below 1. */
static long scale_of_row(const pleats_frame *f, pleats_idx i)
{
    const size_t width = (size_t)f->k + 1;
    long most = 0, exponent;
    for (size_t c = 0; c < width; c++) {
        (void)mpz_get_d_2exp(&exponent, f->row[(size_t)i * width + c]);
        most = exponent > most ? exponent : most;
    }
    return most;
}

/* That of pleats_plane_row. */
static long scale_of_plane(const pleats_forms *f, pleats_hyperplane plane)
{
    const double *a = pleats_forms_entry(f, plane.a);
    const double *b = plane.b < 0 ? NULL : pleats_forms_entry(f, plane.b);
    double most = 0;
    int exponent = 0;
    for (pleats_idx c = 0; c <= f->k; c++) {
        double x = b ? a[c] - b[c] : a[c];
        x -= c == f->k ? plane.at : 0;
        most = pleats_larger(most, fabs(x));
    }
    if (most > 0 && isfinite(most))
        (void)frexp(most, &exponent);
    return exponent;
}

static pleats_status name(pleats_certifier *c, size_t wall, pleats_idx id,
                          long scale)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = c->space->ctx;
    TRY(pleats_grow(ctx, &c->id, &c->id_capacity, wall + 1, sizeof *c->id));
    TRY(pleats_grow(ctx, &c->scale, &c->scale_capacity, wall + 1,
                    sizeof *c->scale));
    c->id[wall] = id;
    c->scale[wall] = scale;
done:
    return status;
}

pleats_status pleats_certifier_init(pleats_certifier *c, pleats_space *space)
{
    pleats_status status = PLEATS_OK;
    *c = (pleats_certifier){.space = space, .has_part = true};
    mpz_init(c->part);
    for (pleats_idx i = 0; i < space->frame->m; i++)
        TRY(name(c, (size_t)i, i, scale_of_row(space->frame, i)));
done:
    return status;
}

pleats_status pleats_certifier_name_wall(pleats_certifier *c, pleats_idx id)
{
    const pleats_walls *w = &c->space->walls;
    return name(c, (size_t)w->n - 1, id,
                scale_of_plane(&c->space->forms, w->plane[w->n - 1]));
}

/* ---- by doubles ---- */

/* Whether the plane in question is at most 0 on the frame's box, by its form
 * alone. */
static bool is_never(const pleats_space *s, bool positive)
{
    const pleats_idx k = s->frame->k;
    const double *entry = positive ? s->question.entry : s->question.negative;
    const double error = s->question.bounds.error;
    double reach = 0;
    for (pleats_idx j = 0; j < k; j++) {
        if (entry[j] != 0 && !s->frame->boxed[j])
            return false;
        reach += fabs(entry[j]);
    }
    if (reach == 0 && error == 0)
        return entry[k] <= 0;
    return s->frame->bounded &&
           pleats_sign_beyond(entry[k], pleats_round_up(reach + error)) < 0;
}

/* x > 0 rounded to so many bits. */
static double cut(double x, int bits)
{
    int exponent;
    const double fraction = frexp(x, &exponent);
    return ldexp(rint(ldexp(fraction, bits)), exponent - bits);
}

/* c->share [walls] gets the multipliers beside that of the form, 1, with so
 * many bits; whether they prove it.  The sum's entries together are off by at
 * most what is said in cells/certify_none.c. */
static bool is_proof(pleats_certifier *c, const pleats_cell *cell,
                     bool positive, int bits)
{
    pleats_space *s = c->space;
    const pleats_idx k = s->frame->k, n = cell->n_walls;
    const double *y = s->lp.multiplier;
    double *sum = s->lp.sum, reach = 0;
    double error = s->question.bounds.error,
           size = s->question.bounds.magnitude;
    pleats_idx used = 1;
    memcpy(sum, positive ? s->question.entry : s->question.negative,
           ((size_t)k + 1) * sizeof *sum);
    for (pleats_idx i = 0; i < n; i++) {
        const double ratio = y[i] > 0 ? y[i] / y[n] : 0;
        const double *row = pleats_walls_entry(&s->walls, i);
        c->share[i] = isnormal(ratio) ? cut(ratio, bits) : 0;
        if (c->share[i] == 0)
            continue;
        for (pleats_idx j = 0; j <= k; j++)
            sum[j] += c->share[i] * row[j];
        error += c->share[i] * s->walls.bounds[i].error;
        size += c->share[i] * s->walls.bounds[i].magnitude;
        used++;
    }
    for (pleats_idx j = 0; j < k; j++)
        reach += fabs(sum[j]);
    error += pleats_gamma(used + 2) * size;
    return pleats_sign_beyond(sum[k], pleats_round_up(reach + error)) < 0;
}

/* y = x * 2^more for a double x > 0. */
static void set_multiplier(pleats_multiplier *y, pleats_idx wall, double x,
                           long more)
{
    const pleats_dyadic d = pleats_dyadic_of(x);
    y->wall = wall;
    mpz_set_si(y->m, d.mantissa);
    y->exponent = d.exponent + more;
}

/* The proof in c->share as multipliers of the true forms. */
static pleats_status take_shares(pleats_certifier *c, const pleats_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = c->space;
    const long scale = scale_of_plane(&s->forms, s->question.plane);
    size_t n = 0;
    TRY(pleats_multipliers_room(s->ctx, &c->y, (size_t)cell->n_walls + 1));
    set_multiplier(&c->y.y[n++], -1, 1, 0);
    for (pleats_idx i = 0; i < cell->n_walls; i++)
        if (c->share[i] > 0)
            set_multiplier(&c->y.y[n++], c->id[i], c->share[i],
                           scale - c->scale[i]);
    c->y.n = n > 1 ? n : 0;
done:
    return status;
}

/* ---- exactly ---- */

/* out = row / form of the plane's side `sign`, a positive number, row [k + 1]
 * being a multiple of it. */
static pleats_status ratio(pleats_certifier *c, pleats_hyperplane plane,
                           int sign, mpz_t *row, mpq_t out)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = c->space;
    const pleats_quotient *q = NULL;
    pleats_idx j = 0;
    mpq_t value;
    mpq_init(value);
    while (j < s->frame->k && mpz_sgn(row[j]) == 0)
        j++;
    TRY(pleats_exact_forms_need(s->ctx, &s->exact, plane.a, &q));
    mpq_set_num(out, q->num[j]);
    mpq_set_den(out, q->den);
    mpq_canonicalize(out);
    if (plane.b >= 0) {
        TRY(pleats_exact_forms_need(s->ctx, &s->exact, plane.b, &q));
        mpq_set_num(value, q->num[j]);
        mpq_set_den(value, q->den);
        mpq_canonicalize(value);
        mpq_sub(out, out, value);
    }
    if (j == s->frame->k) {
        mpq_set_d(value, plane.at);
        mpq_sub(out, out, value);
    }
    if (mpq_sgn(out) == 0)
        TRY(pleats_fail(s->ctx, PLEATS_INTERNAL, "a wall is no multiple"));
    mpq_set_z(value, row[j]);
    mpq_div(out, value, out);
    if (sign < 0)
        mpq_neg(out, out);
done:
    mpq_clear(value);
    return status;
}

/* Solves the exact programme of the listed walls for the plane in question;
 * *proven: its side `positive` has no points inside them. */
static pleats_status solve(pleats_certifier *c, pleats_idx n, bool positive,
                           bool *proven)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = c->space;
    pleats_exact_lp *lp = &s->lp.exact_lp;
    mpz_t *objective = s->question.objective;
    pleats_exact_end end;
    *proven = false;
    TRY(pleats_exact_lp_init(s->ctx, lp, s->frame->k, s->frame->boxed, n));
    for (pleats_idx i = 0; i < n; i++) {
        mpz_t *row = NULL;
        TRY(pleats_walls_row(&s->walls, c->used[i], &row));
        pleats_exact_lp_set_row(lp, i, row);
    }
    for (pleats_idx j = 0; j <= s->frame->k && !positive; j++)
        mpz_neg(objective[j], objective[j]);
    pleats_exact_lp_set_objective(lp, objective);
    for (pleats_idx j = 0; j <= s->frame->k && !positive; j++)
        mpz_neg(objective[j], objective[j]);
    TRY(pleats_exact_lp_solve(s->ctx, lp, true, &end));
    *proven = end == PLEATS_EXACT_NEGATIVE;
done:
    return status;
}

/* rational [0 .. c->y.n - 1] over one denominator, divided by what is common,
 * as the multipliers. */
static void take_rationals(pleats_certifier *c)
{
    mpq_t *r = c->rational;
    mpz_t common;
    mpz_init_set_ui(common, 1);
    for (size_t i = 0; i < c->y.n; i++)
        mpz_lcm(common, common, mpq_denref(r[i]));
    mpz_set_ui(c->part, 0);
    for (size_t i = 0; i < c->y.n; i++) {
        mpz_ptr m = c->y.y[i].m;
        mpz_divexact(m, common, mpq_denref(r[i]));
        mpz_mul(m, m, mpq_numref(r[i]));
        mpz_gcd(c->part, c->part, m);
    }
    for (size_t i = 0; i < c->y.n; i++) {
        mpz_ptr m = c->y.y[i].m;
        mpz_divexact(m, m, c->part);
        const mp_bitcnt_t twos = mpz_scan1(m, 0);
        mpz_tdiv_q_2exp(m, m, twos);
        c->y.y[i].exponent = (long)twos;
    }
    mpz_clear(common);
}

static pleats_status rationals_room(pleats_certifier *c, size_t n)
{
    pleats_status status = PLEATS_OK;
    if (n <= c->n_rationals)
        return PLEATS_OK;
    pleats_rational_array_free(c->space->ctx, c->n_rationals, c->rational);
    c->rational = NULL;
    c->n_rationals = 0;
    TRY(pleats_rational_array(c->space->ctx, n, &c->rational));
    c->n_rationals = n;
done:
    return status;
}

/* The multipliers that the solved programme ends with, as those of the true
 * forms. */
static pleats_status take_solution(pleats_certifier *c)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = c->space;
    const pleats_exact_lp *lp = &s->lp.exact_lp;
    const size_t k = (size_t)s->frame->k;
    mpz_t *last = lp->entry + (size_t)lp->m * (k + 1), *row = NULL;
    size_t n = 1;
    TRY(pleats_multipliers_room(s->ctx, &c->y, k + 1));
    TRY(rationals_room(c, k + 2));
    TRY(ratio(c, s->question.plane, 1, s->question.objective, c->rational[0]));
    mpq_set_z(c->rational[k + 1], lp->det);
    mpq_mul(c->rational[0], c->rational[0], c->rational[k + 1]);
    c->y.y[0].wall = -1;
    for (size_t q = 0; q < k; q++) {
        const pleats_idx v = lp->nonbasic[q] - s->frame->k;
        if (v < 0 || mpz_sgn(last[q]) == 0)
            continue;
        const pleats_idx wall = c->used[v];
        mpq_set_ui(c->rational[n], 1, 1);
        if (wall >= s->frame->m) {
            TRY(pleats_walls_row(&s->walls, wall, &row));
            TRY(ratio(c, s->walls.plane[wall], s->walls.sign[wall], row,
                      c->rational[n]));
        }
        mpq_set_z(c->rational[k + 1], last[q]);
        mpq_neg(c->rational[k + 1], c->rational[k + 1]);
        mpq_mul(c->rational[n], c->rational[n], c->rational[k + 1]);
        c->y.y[n++].wall = c->id[wall];
    }
    c->y.n = n;
    take_rationals(c);
    pleats_multipliers_sort(&c->y);
    c->y.n = n > 1 ? n : 0;
done:
    return status;
}

static bool is_zero(mpz_t *row, pleats_idx k)
{
    bool zero = true;
    for (pleats_idx j = 0; j <= k; j++)
        zero = zero && mpz_sgn(row[j]) == 0;
    return zero;
}

/* `has_hint`: walls that matter have a multiplier in space->lp.multiplier. */
static pleats_status prove_exactly(pleats_certifier *c, const pleats_cell *cell,
                                   bool positive, bool has_hint)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = c->space;
    bool proven = false;
    pleats_idx n = 0;
    c->n_exact++;
    TRY(pleats_space_need_objective(s));
    if (is_zero(s->question.objective, s->frame->k))
        return PLEATS_OK;
    for (pleats_idx i = 0; i < cell->n_walls && has_hint; i++)
        if (s->lp.multiplier[i] > 0)
            c->used[n++] = i;
    TRY(solve(c, n, positive, &proven));
    for (n = 0; n < cell->n_walls && !proven; n++)
        c->used[n] = n;
    if (!proven)
        TRY(solve(c, n, positive, &proven));
    if (!proven)
        TRY(pleats_fail(s->ctx, PLEATS_INTERNAL,
                        "there is no proof of what is so in a cell"));
    TRY(take_solution(c));
done:
    return status;
}

pleats_status pleats_certifier_prove(pleats_certifier *c, pleats_cell *cell,
                                     pleats_hyperplane plane, bool positive)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = c->space;
    const size_t n = (size_t)cell->n_walls + 1;
    bool has_hint = false, proven = false;
    TRY(pleats_grow(s->ctx, &c->share, &c->share_capacity, n,
                    sizeof *c->share));
    TRY(pleats_grow(s->ctx, &c->used, &c->used_capacity, n, sizeof *c->used));
    c->y.n = 0;
    pleats_lp_cell_question(s, plane);
    if (is_never(s, positive))
        return PLEATS_OK;
    TRY(pleats_lp_cell_prove_none(s, &cell->programme, positive, &has_hint));
    for (size_t i = 0;
         i < sizeof bits_tried / sizeof *bits_tried && !proven && has_hint; i++)
        proven = s->frame->bounded && s->lp.multiplier[n - 1] > 0 &&
                 is_proof(c, cell, positive, bits_tried[i]);
    if (proven)
        TRY(take_shares(c, cell));
    else
        TRY(prove_exactly(c, cell, positive, has_hint));
done:
    return status;
}
