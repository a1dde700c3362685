#include "cells/certify.h"

#include "base/doubles.h"
#include "base/perturb.h"
#include "exact/integers.h"

#include <math.h>
#include <string.h>

static double norm(const double *t, pleats_idx k)
{
    double most = 1;
    for (pleats_idx j = 0; j < k; j++)
        most = fabs(t[j]) > most ? fabs(t[j]) : most;
    return most;
}

int pleats_certain_sign(const pleats_space *s, const double *entry,
                        pleats_bounds bounds, const double *point)
{
    pleats_idx k = s->frame->k;
    double value = pleats_row_value(entry, k, point);
    double error = pleats_round_up(bounds.tolerance * norm(point, k));
    return pleats_sign_beyond(value, error);
}

/* Whether a point is strictly inside boxes and walls; `exactly` as above. */
static pleats_status is_inside(pleats_space *s, const pleats_lp_cell *cell,
                               const double *p, bool exactly, bool *inside)
{
    pleats_status status = PLEATS_OK;
    *inside = false;
    for (pleats_idx j = 0; j < s->frame->k; j++)
        if (!isfinite(p[j]) || (s->frame->boxed[j] && !(fabs(p[j]) < 1)))
            return PLEATS_OK;
    for (pleats_idx i = 0; i < cell->n_walls; i++) {
        mpz_t *row = NULL;
        int sign = pleats_certain_sign(s, pleats_walls_entry(&s->walls, i),
                                       s->walls.bounds[i], p);
        if (sign == 0 && exactly) {
            TRY(pleats_walls_row(&s->walls, i, &row));
            sign = pleats_sign_at(row, s->frame->k, p);
        }
        if (sign <= 0)
            return PLEATS_OK;
    }
    *inside = true;
done:
    return status;
}

/* Whether a point is inside the cell and on side `positive` of the plane. */
static pleats_status is_on_side(pleats_space *s, const pleats_lp_cell *cell,
                                const double *p, bool positive, bool exactly,
                                bool *good)
{
    pleats_status status = PLEATS_OK;
    const double *entry = positive ? s->entry : s->negative;
    int sign = 0;
    TRY(is_inside(s, cell, p, exactly, good));
    if (!*good)
        return PLEATS_OK;
    sign = pleats_certain_sign(s, entry, s->bounds, p);
    if (sign == 0 && exactly) {
        sign = pleats_sign_at(s->objective, s->frame->k, p);
        sign = positive ? sign : -sign;
    }
    *good = sign > 0;
done:
    return status;
}

pleats_status pleats_certify_between(pleats_space *s,
                                     const pleats_lp_cell *cell, bool positive,
                                     const double *vertex, bool exactly,
                                     bool *inside)
{
    static const double part[] = {0.5, 0.875, 0.125, 0x1p-10};
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    const double *entry = positive ? s->entry : s->negative;
    double *p = s->found[positive];
    double from, to, crossing = 0;
    *inside = false;
    if (!cell->has_witness)
        return PLEATS_OK;
    from = pleats_row_value(entry, k, cell->witness);
    to = pleats_row_value(entry, k, vertex);
    if (from < 0 && to > 0)
        crossing = -from / (to - from);
    for (size_t i = 0; i < sizeof part / sizeof *part && !*inside; i++) {
        double share = crossing + (1 - crossing) * part[i];
        for (pleats_idx j = 0; j < k; j++)
            p[j] = cell->witness[j] + share * (vertex[j] - cell->witness[j]);
        TRY(is_on_side(s, cell, p, positive, exactly, inside));
    }
done:
    return status;
}

pleats_status pleats_certify_beside(pleats_space *s, const pleats_lp_cell *cell,
                                    pleats_sides *out)
{
    static const double step[] = {0x1p-2, 0x1p-8, 0x1p-14, 0x1p-20, 0x1p-30};
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    for (int side = 0; side < 2; side++) {
        bool good = false;
        double *p = s->found[side];
        for (size_t i = 0; i < sizeof step / sizeof *step && !good; i++) {
            double length = side ? step[i] : -step[i];
            for (pleats_idx j = 0; j < k; j++)
                p[j] = cell->witness[j] + length * s->entry[j];
            TRY(is_on_side(s, cell, p, side, false, &good));
        }
        if (good)
            out->point[side] = p;
    }
done:
    return status;
}

/* With multipliers y >= 0, form <= form + sum y_i row_i on the cell.  The sum
 * is worked out in doubles; on the box its value is at most its constant plus
 * the sum of its other entries in absolute value, plus the errors of all forms
 * and of the additions. */
pleats_status pleats_certify_none(pleats_space *s, const pleats_lp_cell *cell,
                                  bool positive, bool *none)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k, terms = 0;
    double error = s->bounds.error, size = s->bounds.magnitude, reach = 0;
    TRY(pleats_grow(s->ctx, &s->multiplier, &s->multiplier_capacity,
                    (size_t)cell->n_walls, sizeof *s->multiplier));
    pleats_lp_multipliers(&cell->lp, s->multiplier);
    pleats_perturb_hints((size_t)cell->n_walls, s->multiplier);
    memcpy(s->sum, positive ? s->entry : s->negative,
           ((size_t)k + 1) * sizeof *s->sum);
    for (pleats_idx i = 0; i < cell->n_walls; i++) {
        double y = s->multiplier[i];
        const double *row = pleats_walls_entry(&s->walls, i);
        if (!(y > 0))
            continue;
        for (pleats_idx c = 0; c <= k; c++)
            s->sum[c] += y * row[c];
        error += y * s->walls.bounds[i].error;
        size += y * s->walls.bounds[i].magnitude;
        terms++;
    }
    for (pleats_idx j = 0; j < k; j++)
        reach += fabs(s->sum[j]);
    reach = pleats_round_up(reach + error + pleats_gamma(terms + 2) * size);
    *none = pleats_sign_beyond(s->sum[k], reach) < 0;
done:
    return status;
}

/* Fills the exact programme with the walls listed in `wall` (NULL: the first
 * n) and the plane's form as objective. */
static pleats_status load(pleats_space *s, pleats_idx n, const pleats_idx *wall,
                          bool positive)
{
    pleats_status status = PLEATS_OK;
    pleats_exact_lp *x = &s->exact_lp;
    size_t width = (size_t)s->frame->k + 1;
    TRY(pleats_exact_lp_init(s->ctx, x, s->frame->k, s->frame->boxed, n));
    for (pleats_idx i = 0; i < n; i++) {
        mpz_t *row = NULL;
        TRY(pleats_walls_row(&s->walls, wall ? wall[i] : i, &row));
        pleats_exact_lp_set_row(x, i, row);
    }
    for (size_t c = 0; c < width && !positive; c++)
        mpz_neg(s->objective[c], s->objective[c]);
    pleats_exact_lp_set_objective(x, s->objective);
    for (size_t c = 0; c < width && !positive; c++)
        mpz_neg(s->objective[c], s->objective[c]);
done:
    return status;
}

/* Fewer walls first: if the form is nowhere positive inside the walls of the
 * programme's last basis alone, it is not in the cell. */
static pleats_status basis_excludes(pleats_space *s, const pleats_lp_cell *cell,
                                    bool positive, bool *excluded)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k, n = 0;
    pleats_idx *wall = NULL, *suggested = NULL;
    pleats_exact_end end;
    TRY(pleats_alloc(s->ctx, (size_t)k, sizeof *wall, &wall));
    TRY(pleats_alloc(s->ctx, (size_t)k, sizeof *suggested, &suggested));
    for (pleats_idx q = 0; q < k; q++) {
        pleats_idx v = cell->lp.nonbasic[q];
        suggested[q] = v;
        if (v >= k) {
            suggested[q] = k + n;
            wall[n++] = v - k;
        }
    }
    TRY(load(s, n, wall, positive));
    pleats_exact_lp_suggest(&s->exact_lp, k, suggested, cell->lp.flipped);
    TRY(pleats_exact_lp_solve(s->ctx, &s->exact_lp, true, &end));
    *excluded = end == PLEATS_EXACT_NEGATIVE;
done:
    pleats_release(s->ctx, wall);
    pleats_release(s->ctx, suggested);
    return status;
}

pleats_status pleats_certify_exactly(pleats_space *s,
                                     const pleats_lp_cell *cell, bool positive,
                                     bool *has)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    size_t width = (size_t)k + 1;
    mpz_t *z = NULL;
    bool excluded = false;
    pleats_exact_end end;
    *has = false;
    TRY(pleats_space_need_objective(s));
    if (!s->paranoid)
        TRY(basis_excludes(s, cell, positive, &excluded));
    if (excluded)
        goto done;
    TRY(load(s, cell->n_walls, NULL, positive));
    if (!s->paranoid)
        pleats_exact_lp_suggest(&s->exact_lp, k, cell->lp.nonbasic,
                                cell->lp.flipped);
    TRY(pleats_exact_lp_solve(s->ctx, &s->exact_lp, true, &end));
    if (end == PLEATS_EXACT_INFEASIBLE)
        TRY(pleats_fail(s->ctx, PLEATS_INTERNAL, "a cell turned out empty"));
    *has = end != PLEATS_EXACT_NEGATIVE;
    if (!*has)
        goto done;
    TRY(pleats_integers_new(s->ctx, width, &z));
    pleats_exact_lp_vertex(&s->exact_lp, z);
    for (pleats_idx j = 0; j < k; j++)
        s->vertex[j] = pleats_quotient_to_double(z[j], s->exact_lp.det, NULL);
done:
    pleats_integers_free(s->ctx, z, width);
    return status;
}
