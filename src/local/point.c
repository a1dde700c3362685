#include "local/point.h"
#include "local/solver.h"

#include "cells/unit.h"
#include "exact/integers.h"
#include "exact/rational.h"

void pleats_pattern_facts_clear(pleats_ctx *ctx, pleats_pattern_facts *facts)
{
    pleats_release(ctx, facts->tie);
    *facts = (pleats_pattern_facts){0};
}

void pleats_coordinates_clear(pleats_ctx *ctx, pleats_coordinates *c)
{
    pleats_integers_free(ctx, c->num, (size_t)c->n_inputs * ((size_t)c->k + 1));
    if (c->n_inputs)
        mpz_clear(c->den);
    *c = (pleats_coordinates){0};
}

pleats_status pleats_coordinates_about(pleats_ctx *ctx,
                                       const pleats_coordinates *c,
                                       mpz_t *point, bool alone,
                                       pleats_coordinates *out)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)c->k, n = (size_t)c->n_inputs;
    size_t to_k = alone ? 0 : k;
    *out = (pleats_coordinates){0};
    TRY(pleats_integers_new(ctx, n * (to_k + 1), &out->num));
    out->n_inputs = c->n_inputs;
    out->k = (pleats_idx)to_k;
    mpz_init(out->den);
    mpz_mul(out->den, c->den, point[k]);
    for (size_t i = 0; i < n; i++) {
        mpz_t *from = c->num + i * (k + 1), *to = out->num + i * (to_k + 1);
        mpz_mul(to[to_k], from[k], point[k]);
        for (size_t j = 0; j < k; j++) {
            if (mpz_sgn(from[j]) == 0)
                continue;
            mpz_addmul(to[to_k], from[j], point[j]);
            if (!alone)
                mpz_mul(to[j], from[j], point[k]);
        }
    }
done:
    return status;
}

/* A network at work on one point. */
typedef struct {
    pleats_ctx *ctx;
    pleats_coordinates here;
    pleats_forms forms;
    pleats_exact_forms exact;
    mpz_t *value; /* [1] */
    pleats_pattern_facts *facts;
} at_work;

static pleats_status sign_of(at_work *w, pleats_hyperplane plane, int *sign)
{
    pleats_status status = PLEATS_OK;
    double value;
    *sign = 0;
    if (plane.a == plane.b)
        return PLEATS_OK;
    pleats_bounds bounds = pleats_plane_row(&w->forms, plane, &value);
    if (value > bounds.tolerance || value < -bounds.tolerance) {
        *sign = value > 0 ? 1 : -1;
        w->facts->by_bounds++;
        return PLEATS_OK;
    }
    w->facts->by_exact++;
    TRY(pleats_exact_forms_multiple(w->ctx, &w->exact, plane.a, plane.b,
                                    plane.at, w->value));
    *sign = mpz_sgn(w->value[0]);
done:
    return status;
}

static pleats_status add_tie(at_work *w, pleats_idx unit, pleats_idx step,
                             pleats_hyperplane plane)
{
    pleats_status status = PLEATS_OK;
    pleats_pattern_facts *f = w->facts;
    TRY(pleats_grow(w->ctx, &f->tie, &f->tie_capacity, f->n_ties + 1,
                    sizeof *f->tie));
    f->tie[f->n_ties++] = (pleats_tie){unit, step, plane};
done:
    return status;
}

static pleats_status pl_piece(at_work *w, const pleats_step *s, pleats_idx step,
                              pleats_idx unit, pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx last = pleats_step_pieces(s, unit) - 1;
    int sign = 1;
    for (*piece = 0; *piece < last; ++*piece) {
        pleats_hyperplane plane = pleats_unit_plane(s, unit, *piece);
        TRY(sign_of(w, plane, &sign));
        if (sign == 0)
            TRY(add_tie(w, s->first_unit + unit, step, plane));
        if (sign <= 0)
            break;
    }
done:
    return status;
}

static pleats_status max_piece(at_work *w, const pleats_step *s,
                               pleats_idx step, pleats_idx unit,
                               pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = pleats_step_pieces(s, unit);
    int sign = 0;
    *piece = 0;
    for (pleats_idx i = 1; i < n; i++) {
        TRY(sign_of(w, pleats_unit_duel(s, unit, i, *piece), &sign));
        if (sign > 0)
            *piece = i;
    }
    for (pleats_idx i = 0; i < n; i++) {
        pleats_hyperplane plane = pleats_unit_duel(s, unit, *piece, i);
        if (i == *piece || plane.a == plane.b)
            continue;
        TRY(sign_of(w, plane, &sign));
        if (sign == 0)
            TRY(add_tie(w, s->first_unit + unit, step, plane));
    }
done:
    return status;
}

/* Exact forms are made step by step, so that none is made before the pieces
 * that it rests on are known. */
pleats_status pleats_pattern_at(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_coordinates *c, mpz_t *point,
                                pleats_idx *piece, pleats_pattern_facts *facts)
{
    pleats_status status = PLEATS_OK;
    at_work w = {.ctx = ctx, .facts = facts};
    facts->n_ties = 0;
    TRY(pleats_coordinates_about(ctx, c, point, true, &w.here));
    TRY(pleats_integers_new(ctx, 1, &w.value));
    TRY(pleats_forms_init(ctx, &w.forms, net, &w.here));
    TRY(pleats_exact_forms_init(ctx, &w.exact, net, &w.here, piece));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            pleats_idx *to = &piece[s->first_unit + u];
            if (s->kind == PLEATS_STEP_PL)
                TRY(pl_piece(&w, s, i, u, to));
            else
                TRY(max_piece(&w, s, i, u, to));
        }
        TRY(pleats_forms_run(ctx, &w.forms, s, piece));
    }
done:
    pleats_coordinates_clear(ctx, &w.here);
    pleats_forms_clear(ctx, &w.forms);
    if (w.exact.net)
        pleats_exact_forms_clear(ctx, &w.exact);
    pleats_integers_free(ctx, w.value, 1);
    return status;
}

pleats_status pleats_ties_keep_walls(pleats_ctx *ctx, const pleats_net *net,
                                     const pleats_coordinates *c,
                                     const pleats_idx *piece,
                                     pleats_pattern_facts *facts)
{
    pleats_status status = PLEATS_OK;
    pleats_exact_forms exact = {0};
    mpz_t *row = NULL;
    size_t width = (size_t)c->k + 1, kept = 0;
    if (facts->n_ties == 0)
        return PLEATS_OK;
    TRY(pleats_integers_new(ctx, width, &row));
    TRY(pleats_exact_forms_init(ctx, &exact, net, c, piece));
    for (size_t i = 0; i < facts->n_ties; i++) {
        pleats_hyperplane plane = facts->tie[i].plane;
        bool varies = false;
        TRY(pleats_exact_forms_multiple(ctx, &exact, plane.a, plane.b, plane.at,
                                        row));
        for (size_t j = 0; j + 1 < width && !varies; j++)
            varies = mpz_sgn(row[j]) != 0;
        if (varies)
            facts->tie[kept++] = facts->tie[i];
    }
    facts->n_ties = kept;
done:
    if (exact.net)
        pleats_exact_forms_clear(ctx, &exact);
    pleats_integers_free(ctx, row, width);
    return status;
}

pleats_status pleats_point_set(pleats_ctx *ctx, pleats_idx k, const double *t,
                               mpz_t *point)
{
    pleats_status status = PLEATS_OK;
    int least = 0;
    for (pleats_idx j = 0; j < k; j++) {
        pleats_dyadic d = pleats_dyadic_of(t[j]);
        if (t[j] - t[j] != 0)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "input %d of the point is not a finite number", j));
        least = d.exponent < least ? d.exponent : least;
    }
    for (pleats_idx j = 0; j < k; j++) {
        pleats_dyadic d = pleats_dyadic_of(t[j]);
        if (d.mantissa == 0)
            mpz_set_ui(point[j], 0);
        else
            pleats_integer_set_shifted(point[j], d.mantissa,
                                       (unsigned long)(d.exponent - least));
    }
    mpz_set_ui(point[k], 1);
    mpz_mul_2exp(point[k], point[k], (mp_bitcnt_t)-least);
done:
    return status;
}

int pleats_frame_side(const pleats_frame *f, mpz_t *point)
{
    int side = 1;
    size_t k = (size_t)f->k;
    mpz_t value;
    mpz_init(value);
    for (size_t j = 0; j < k && side >= 0; j++) {
        int order = f->boxed[j] ? mpz_cmpabs(point[j], point[k]) : -1;
        side = order > 0 ? -1 : order == 0 ? 0 : side;
    }
    for (size_t i = 0; i < (size_t)f->m && side >= 0; i++) {
        mpz_set_ui(value, 0);
        for (size_t j = 0; j <= k; j++)
            mpz_addmul(value, f->row[i * (k + 1) + j], point[j]);
        side = mpz_sgn(value) < 0 ? -1 : mpz_sgn(value) == 0 ? 0 : side;
    }
    mpz_clear(value);
    return side;
}

/* ---- from inputs to coordinates ---- */

/* The only coordinate that input i depends on; k: none, k + 1: several. */
static size_t axis_of(const pleats_coordinates *c, size_t i)
{
    const size_t k = (size_t)c->k;
    size_t axis = k;
    for (size_t j = 0; j < k && axis <= k; j++)
        if (mpz_sgn(c->num[i * (k + 1) + j]) != 0)
            axis = axis == k ? j : k + 1;
    return axis;
}

/* axis [n_inputs]: of every input, where each depends on one coordinate at
 * most, as in boxes and what lies in their sides; else *axis is NULL. */
static pleats_status find_axes(pleats_ctx *ctx, const pleats_coordinates *c,
                               size_t **axis)
{
    pleats_status status = PLEATS_OK;
    bool is_axial = true;
    TRY(pleats_alloc(ctx, (size_t)c->n_inputs, sizeof **axis, axis));
    for (size_t i = 0; i < (size_t)c->n_inputs && is_axial; i++) {
        (*axis)[i] = axis_of(c, i);
        is_axial = (*axis)[i] <= (size_t)c->k;
    }
    if (!is_axial) {
        pleats_release(ctx, *axis);
        *axis = NULL;
    }
done:
    return status;
}

/* out = den x_i - num_ik, times 2^shift, which makes it an integer. */
static void take_input(const pleats_coordinates *c, const double *x, size_t i,
                       unsigned long shift, mpz_t part, mpz_t out)
{
    const size_t k = (size_t)c->k;
    const pleats_dyadic d = pleats_dyadic_of(x[i]);
    if (d.mantissa == 0)
        mpz_set_ui(out, 0);
    else
        pleats_integer_set_shifted(out, d.mantissa,
                                   (unsigned long)(d.exponent + (long)shift));
    mpz_mul(out, out, c->den);
    mpz_mul_2exp(part, c->num[i * (k + 1) + k], shift);
    mpz_sub(out, out, part);
}

/* The point of axial coordinates with the inputs x: num_ij t_j = den x_i -
 * num_ik, one input after the other. Whether there is one. */
static bool solve_axial(const pleats_coordinates *c, const size_t *axis,
                        const double *x, mpz_t *point)
{
    const size_t k = (size_t)c->k, n = (size_t)c->n_inputs;
    unsigned long shift = 0;
    bool fits = true;
    mpz_t right, part;
    mpz_init(right);
    mpz_init(part);
    mpz_set_ui(point[k], 1);
    for (size_t i = 0; i < n; i++) {
        const size_t j = axis[i];
        const pleats_dyadic d = pleats_dyadic_of(x[i]);
        if (d.mantissa != 0 && d.exponent < 0 &&
            (unsigned long)-d.exponent > shift)
            shift = (unsigned long)-d.exponent;
        if (j < k)
            mpz_lcm(point[k], point[k], c->num[i * (k + 1) + j]);
    }
    for (size_t i = n; i-- > 0;) {
        const size_t j = axis[i];
        if (j == k)
            continue;
        take_input(c, x, i, shift, part, right);
        mpz_divexact(part, point[k], c->num[i * (k + 1) + j]);
        mpz_mul(point[j], right, part);
    }
    for (size_t i = 0; i < n && fits; i++) {
        const size_t j = axis[i];
        take_input(c, x, i, shift, part, right);
        mpz_mul(right, right, point[k]);
        if (j < k)
            mpz_submul(right, c->num[i * (k + 1) + j], point[j]);
        fits = mpz_sgn(right) == 0;
    }
    mpz_mul_2exp(point[k], point[k], shift);
    mpz_clear(right);
    mpz_clear(part);
    return fits;
}

/* Takes in the equations num_i . (t, 1) = den x_i; *fits: false when they
 * contradict one another. */
static pleats_status solve_for(pleats_ctx *ctx, const pleats_coordinates *c,
                               const double *x, pleats_solver *s, bool *fits)
{
    pleats_status status = PLEATS_OK;
    size_t pivot = 0;
    mpq_t value;
    mpq_init(value);
    *fits = true;
    for (size_t i = 0; i < (size_t)c->n_inputs && *fits; i++) {
        mpz_t *num = c->num + i * (s->k + 1);
        TRY(pleats_rational_set_double(ctx, x[i], value));
        mpz_mul(mpq_numref(value), mpq_numref(value), c->den);
        mpq_canonicalize(value);
        for (size_t j = 0; j <= s->k; j++)
            mpq_set_z(s->spare[j], num[j]);
        mpq_sub(s->spare[s->k], s->spare[s->k], value);
        TRY(pleats_solver_take_in(ctx, s, &pivot));
        *fits = pivot < s->k || mpq_sgn(s->spare[s->k]) == 0;
    }
done:
    mpq_clear(value);
    return status;
}

/* The same in any coordinates. */
static pleats_status solve(pleats_ctx *ctx, const pleats_coordinates *c,
                           const double *x, mpz_t *point, bool *fits)
{
    pleats_status status = PLEATS_OK;
    pleats_solver s = {0};
    TRY(pleats_solver_init(ctx, &s, (size_t)c->k, (size_t)c->k + 1));
    TRY(solve_for(ctx, c, x, &s, fits));
    if (!*fits)
        goto done;
    mpz_set_ui(point[s.k], 1);
    for (size_t j = 0; j < s.k; j++) {
        mpz_lcm(point[s.k], point[s.k], mpq_denref(s.row[j][s.k]));
    }
    for (size_t j = 0; j < s.k; j++) {
        mpq_t *value = &s.row[j][s.k];
        mpz_divexact(point[j], point[s.k], mpq_denref(*value));
        mpz_mul(point[j], point[j], mpq_numref(*value));
        mpz_neg(point[j], point[j]);
    }
done:
    pleats_solver_clear(ctx, &s);
    return status;
}

pleats_status pleats_point_of(pleats_ctx *ctx, const pleats_frame *frame,
                              const double *x, mpz_t *point, bool *found,
                              bool *on_side)
{
    pleats_status status = PLEATS_OK;
    const pleats_coordinates *c = &frame->coordinates;
    size_t *axis = NULL;
    *found = *on_side = false;
    TRY(find_axes(ctx, c, &axis));
    if (axis)
        *found = solve_axial(c, axis, x, point);
    else
        TRY(solve(ctx, c, x, point, found));
    const int side = *found ? pleats_frame_side(frame, point) : -1;
    *found = side >= 0;
    *on_side = side == 0;
done:
    pleats_release(ctx, axis);
    return status;
}
