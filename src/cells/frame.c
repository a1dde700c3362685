#include "cells/frame.h"

#include "base/perturb.h"
#include "cells/programme.h"
#include "domain/domain_ball.h"
#include "exact/integers.h"
#include "exact/rational.h"

#include <math.h>
#include <stdlib.h>

/* Maximises the least value eps of all rows, -1 <= eps <= 1.  `*sign` gets the
 * sign of the maximum (-1 also when there is no point at all), `*binding` a row
 * that is 0 wherever eps is greatest.  When eps can be positive on the boxes,
 * some point strictly inside the boxes has only positive rows too; `vertex`
 * [k], unless NULL, gets the point that was found. */
static pleats_status widest(pleats_ctx *ctx, const pleats_draft *d, int *sign,
                            pleats_idx *binding, double *vertex)
{
    pleats_status status = PLEATS_OK;
    pleats_programme p = {0};
    pleats_idx k = d->k;
    size_t width = (size_t)k + 2;
    pleats_exact_end end;
    mpz_t *z = NULL;
    *sign = -1;
    *binding = -1;
    TRY(pleats_integers_new(ctx, width, &z));
    TRY(pleats_programme_init(ctx, &p, d, 0));
    mpz_set_ui(z[k], 1);
    TRY(pleats_programme_solve(ctx, &p, z, &end));
    if (end != PLEATS_EXACT_OPTIMAL)
        goto done;
    pleats_exact_lp_value(&p.lp, z[0]);
    *sign = mpz_sgn(z[0]);
    *binding = pleats_programme_binding(&p);
    pleats_exact_lp_vertex(&p.lp, z);
    for (pleats_idx j = 0; vertex && j < k; j++)
        vertex[j] = pleats_quotient_to_double(z[j], p.lp.det, NULL);
done:
    pleats_integers_free(ctx, z, width);
    pleats_programme_clear(ctx, &p);
    return status;
}

/* Substitutes implied equalities until the draft is full-dimensional or known
 * to be empty. */
static pleats_status flatten(pleats_ctx *ctx, pleats_draft *d)
{
    pleats_status status = PLEATS_OK;
    for (;;) {
        int sign = 1;
        pleats_idx binding = -1;
        pleats_draft_drop_constant_rows(ctx, d);
        if (d->empty || d->m == 0)
            return PLEATS_OK;
        TRY(widest(ctx, d, &sign, &binding, NULL));
        if (sign > 0)
            return PLEATS_OK;
        if (sign < 0) {
            d->empty = true;
            return PLEATS_OK;
        }
        if (binding < 0)
            return pleats_fail(ctx, PLEATS_INTERNAL,
                               "a flat polytope has no binding row");
        TRY(pleats_draft_eliminate(ctx, d, binding));
    }
done:
    return status;
}

/* Whether sum_i a_i x_i (of input `only` alone when a is NULL) is `value` all
 * over the draft; `sum` [stride] is room. */
static bool is_everywhere(const pleats_draft *d, mpq_t *a, pleats_idx only,
                          const mpq_t value, mpq_t *sum)
{
    mpq_t product;
    bool same = true;
    mpq_init(product);
    for (size_t c = 0; c < d->stride; c++)
        mpq_set_ui(sum[c], 0, 1);
    for (pleats_idx i = 0; i < d->n; i++) {
        if (a ? mpq_sgn(a[i]) == 0 : i != only)
            continue;
        for (size_t c = 0; c < d->stride; c++) {
            mpq_t *x = &d->x[(size_t)i * d->stride + c];
            if (a)
                mpq_mul(product, a[i], *x);
            mpq_add(sum[c], sum[c], a ? product : *x);
        }
    }
    for (pleats_idx j = 0; j < d->k; j++)
        same = same && mpq_sgn(sum[j]) == 0;
    same = same && mpq_equal(sum[d->stride - 1], value);
    mpq_clear(product);
    return same;
}

/* A convex set without some of its sides is empty if and only if it lies in
 * one of them: else some point is off each side, and their mean is off all. */
static pleats_status drop_open(pleats_ctx *ctx, const pleats_part *part,
                               pleats_draft *d)
{
    pleats_status status = PLEATS_OK;
    mpq_t *sum = NULL;
    pleats_idx k = part->k;
    if (d->empty || !part->is_open)
        return PLEATS_OK;
    TRY(pleats_rational_array(ctx, d->stride, &sum));
    for (pleats_idx j = 0; j < k && !d->empty; j++)
        d->empty =
            (part->is_open[j] && is_everywhere(d, NULL, j, part->lo[j], sum)) ||
            (part->is_open[k + j] &&
             is_everywhere(d, NULL, j, part->hi[j], sum));
    for (pleats_idx i = 0; i < part->m && !d->empty; i++)
        d->empty = part->is_open[2 * k + i] &&
                   is_everywhere(d, part->a + (size_t)i * (size_t)k, 0,
                                 part->b[i], sum);
done:
    pleats_rational_array_free(ctx, d->stride, sum);
    return status;
}

/* The greatest value of sign * t_j, if it has one: *finite. */
static pleats_status reach(pleats_ctx *ctx, pleats_programme *p,
                           mpz_t *objective, pleats_idx j, int sign,
                           bool *finite, mpq_t out)
{
    pleats_status status = PLEATS_OK;
    pleats_exact_end end;
    mpz_set_si(objective[j], sign);
    TRY(pleats_programme_solve(ctx, p, objective, &end));
    mpz_set_ui(objective[j], 0);
    *finite = end == PLEATS_EXACT_OPTIMAL;
    pleats_exact_lp_value(&p->lp, mpq_numref(out));
    mpz_set(mpq_denref(out), p->lp.det);
    mpq_canonicalize(out);
done:
    return status;
}

/* The largest multiple of 2^exponent that is not above q. */
static void round_down(mpq_t q, long exponent)
{
    mp_bitcnt_t shift = (mp_bitcnt_t)labs(exponent);
    if (exponent < 0)
        mpq_mul_2exp(q, q, shift);
    else
        mpq_div_2exp(q, q, shift);
    mpz_fdiv_q(mpq_numref(q), mpq_numref(q), mpq_denref(q));
    mpz_set_ui(mpq_denref(q), 1);
    if (exponent < 0)
        mpq_div_2exp(q, q, shift);
    else
        mpq_mul_2exp(q, q, shift);
}

/* Makes an interval a little wider, so that its numbers get short ones: long
 * ones would make the rows, and all exact work, longer still. */
static void widen(mpq_t centre, mpq_t radius)
{
    long exponent = (long)mpz_sizeinbase(mpq_numref(radius), 2) -
                    (long)mpz_sizeinbase(mpq_denref(radius), 2) - 8;
    mpq_t both;
    mpq_init(both);
    mpq_set_ui(both, 2, 1);
    if (PLEATS_PERTURB)
        mpq_set_ui(both, 2 + pleats_perturb_number(mpq_get_d(centre), 128), 1);
    if (exponent < 0)
        mpq_div_2exp(both, both, (mp_bitcnt_t)-exponent);
    else
        mpq_mul_2exp(both, both, (mp_bitcnt_t)exponent);
    round_down(centre, exponent);
    round_down(radius, exponent);
    mpq_add(radius, radius, both);
    mpq_clear(both);
}

/* Boxes the free coordinates that the rows bound on both sides.  One programme
 * serves for all: it is brought inside the rows once, by its eps, and then
 * walks on from side to side. */
static pleats_status box_bounded(pleats_ctx *ctx, pleats_draft *d)
{
    pleats_status status = PLEATS_OK;
    pleats_programme p = {0};
    size_t k = (size_t)d->k, width = k + 2;
    pleats_exact_end end;
    mpz_t *objective = NULL;
    mpq_t *side = NULL;
    TRY(pleats_integers_new(ctx, width, &objective));
    TRY(pleats_rational_array(ctx, 2, &side));
    TRY(pleats_programme_init(ctx, &p, d, 1));
    mpz_set_ui(objective[k], 1);
    TRY(pleats_programme_solve(ctx, &p, objective, &end));
    mpz_set_ui(objective[k], 0);
    for (pleats_idx j = 0; j < d->k; j++) {
        bool finite = !d->boxed[j];
        for (int s = 0; s < 2 && finite; s++)
            TRY(reach(ctx, &p, objective, j, s ? 1 : -1, &finite, side[s]));
        if (!finite)
            continue;
        mpq_add(side[0], side[1], side[0]);
        mpq_div_2exp(side[0], side[0], 1);
        mpq_sub(side[1], side[1], side[0]);
        widen(side[1], side[0]);
        pleats_draft_rescale(d, j, side[1], side[0], true);
    }
done:
    pleats_integers_free(ctx, objective, width);
    pleats_rational_array_free(ctx, 2, side);
    pleats_programme_clear(ctx, &p);
    return status;
}

/* Copies the finished draft, over one common denominator. */
static pleats_status take_draft(pleats_ctx *ctx, pleats_frame *f,
                                const pleats_draft *d)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)d->k, width = k + 1, n = (size_t)d->n;
    pleats_coordinates *c = &f->coordinates;
    TRY(pleats_alloc(ctx, k, sizeof *f->boxed, &f->boxed));
    TRY(pleats_alloc(ctx, k, sizeof *f->interior, &f->interior));
    TRY(pleats_integers_new(ctx, (size_t)d->m * width, &f->row));
    f->m = d->m;
    TRY(pleats_integers_new(ctx, n * width, &c->num));
    f->bounded = true;
    for (size_t j = 0; j < k; j++) {
        f->boxed[j] = d->boxed[j];
        f->bounded = f->bounded && d->boxed[j];
    }
    for (size_t i = 0; i < n * d->stride; i++)
        mpz_lcm(c->den, c->den, mpq_denref(d->x[i]));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < width; j++) {
            mpq_t *from = &d->x[i * d->stride + (j < k ? j : d->stride - 1)];
            mpz_ptr to = c->num[i * width + j];
            mpz_divexact(to, c->den, mpq_denref(*from));
            mpz_mul(to, to, mpq_numref(*from));
        }
    for (pleats_idx i = 0; i < d->m; i++)
        pleats_draft_row(d, i, f->row + (size_t)i * width);
done:
    return status;
}

/* Whether the point is, which is inside of all boxes: a vertex in them, drawn
 * in. */
static bool is_inside(const pleats_frame *f)
{
    for (pleats_idx j = 0; j < f->k; j++)
        if (!isfinite(f->interior[j]))
            return false;
    for (pleats_idx i = 0; i < f->m; i++)
        if (pleats_sign_at(f->row + (size_t)i * ((size_t)f->k + 1), f->k,
                           f->interior) <= 0)
            return false;
    return true;
}

/* A double point strictly inside, if a simple search gives one: the point of
 * widest(), drawn in from the sides of the boxes. */
static pleats_status find_interior(pleats_ctx *ctx, pleats_frame *f,
                                   const pleats_draft *d)
{
    static const double pull[] = {0x1p-3, 0x1p-8, 0x1p-16, 0x1p-32};
    pleats_status status = PLEATS_OK;
    double *vertex = NULL;
    int sign = 0;
    pleats_idx binding;
    TRY(pleats_alloc(ctx, (size_t)f->k, sizeof *vertex, &vertex));
    if (f->m)
        TRY(widest(ctx, d, &sign, &binding, vertex));
    for (size_t i = 0; i < sizeof pull / sizeof *pull && !f->has_interior;
         i++) {
        for (pleats_idx j = 0; j < f->k; j++)
            f->interior[j] =
                f->boxed[j] ? vertex[j] * (1 - pull[i]) : vertex[j];
        f->has_interior = is_inside(f);
    }
done:
    pleats_release(ctx, vertex);
    return status;
}

pleats_status pleats_frame_init(pleats_ctx *ctx, pleats_frame *f,
                                const pleats_domain *domain,
                                const pleats_part *part)
{
    *f = (pleats_frame){0};
    if (pleats_part_is_lifted(part, domain->n_inputs))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s is held without its 2^%d sides: it can be "
                           "counted, and no more; a ball in norm inf, or a "
                           "polytope with all sides, serves here",
                           domain->text, domain->n_inputs);
    return pleats_frame_init_lifted(ctx, f, domain, part);
}

pleats_status pleats_frame_init_lifted(pleats_ctx *ctx, pleats_frame *f,
                                       const pleats_domain *domain,
                                       const pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    pleats_draft d = {0};
    *f = (pleats_frame){.coordinates = {.n_inputs = domain->n_inputs}};
    mpz_init_set_ui(f->coordinates.den, 1);
    TRY(pleats_draft_init(ctx, &d, domain->n_inputs, part));
    TRY(flatten(ctx, &d));
    TRY(drop_open(ctx, part, &d));
    f->empty = d.empty;
    if (f->empty)
        goto done;
    TRY(box_bounded(ctx, &d));
    f->k = f->coordinates.k = d.k;
    TRY(take_draft(ctx, f, &d));
    TRY(find_interior(ctx, f, &d));
done:
    pleats_draft_clear(ctx, &d);
    return status;
}

void pleats_frame_clear(pleats_ctx *ctx, pleats_frame *f)
{
    size_t width = (size_t)f->k + 1;
    pleats_coordinates *c = &f->coordinates;
    pleats_integers_free(ctx, c->num, (size_t)c->n_inputs * width);
    if (c->n_inputs)
        mpz_clear(c->den);
    pleats_integers_free(ctx, f->row, (size_t)f->m * width);
    pleats_release(ctx, f->boxed);
    pleats_release(ctx, f->interior);
    *f = (pleats_frame){0};
}
