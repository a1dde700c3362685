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
    const double *entry = positive ? s->question.entry : s->question.negative;
    int sign = 0;
    TRY(is_inside(s, cell, p, exactly, good));
    if (!*good)
        return PLEATS_OK;
    sign = pleats_certain_sign(s, entry, s->question.bounds, p);
    if (sign == 0 && exactly) {
        sign = pleats_sign_at(s->question.objective, s->frame->k, p);
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
    const double *entry = positive ? s->question.entry : s->question.negative;
    double *p = s->lp.found, *mean = s->lp.mean;
    double from, to, crossing = 0;
    *inside = false;
    if (cell->pool.n == 0)
        return PLEATS_OK;
    pleats_witnesses_mean(&cell->pool, k, mean);
    from = pleats_row_value(entry, k, mean);
    to = pleats_row_value(entry, k, vertex);
    if (from < 0 && to > 0)
        crossing = -from / (to - from);
    for (size_t i = 0; i < sizeof part / sizeof *part && !*inside; i++) {
        double share = crossing + (1 - crossing) * part[i];
        for (pleats_idx j = 0; j < k; j++)
            p[j] = mean[j] + share * (vertex[j] - mean[j]);
        TRY(is_on_side(s, cell, p, positive, exactly, inside));
    }
done:
    return status;
}

pleats_status pleats_certify_beside(pleats_space *s, pleats_lp_cell *cell,
                                    const double *point)
{
    static const double step[] = {0x1p-2, 0x1p-8, 0x1p-14, 0x1p-20, 0x1p-30};
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    double *p = s->lp.found, *from = s->lp.mean;
    memcpy(from, point, (size_t)k * sizeof *from);
    for (int side = 0; side < 2; side++) {
        bool good = false;
        for (size_t i = 0; i < sizeof step / sizeof *step && !good; i++) {
            double length = side ? step[i] : -step[i];
            for (pleats_idx j = 0; j < k; j++)
                p[j] = from[j] + length * s->question.entry[j];
            TRY(is_on_side(s, cell, p, side, false, &good));
        }
        if (good)
            TRY(pleats_witnesses_add(s->ctx, &cell->pool, k, p, side ? 1 : -1));
    }
done:
    return status;
}

/* The part of the way from a deepest point to the middle of the box on which
 * rows keep half of what they have. */
static double share_to_middle(const pleats_space *s, const pleats_lp_cell *cell,
                              const double *entry, const double *t)
{
    const pleats_idx k = s->frame->k;
    double share = 1;
    for (pleats_idx i = 0; i <= cell->n_walls; i++) {
        const double *row =
            i < cell->n_walls ? pleats_walls_entry(&s->walls, i) : entry;
        const double slack = pleats_row_value(row, k, t);
        if (slack - row[k] > 0 && slack / (2 * (slack - row[k])) < share)
            share = slack / (2 * (slack - row[k]));
    }
    return share;
}

pleats_status pleats_certify_deep(pleats_space *s, const pleats_lp_cell *cell,
                                  bool positive, bool *inside)
{
    const pleats_idx k = s->frame->k;
    bool any_boxed = false;
    pleats_depth_vertex(&s->lp.asked, s->lp.found);
    pleats_perturb_hints((size_t)k, s->lp.found);
    for (pleats_idx j = 0; j < k; j++)
        any_boxed = any_boxed || s->frame->boxed[j];
    if (any_boxed) {
        const double share = share_to_middle(
            s, cell, positive ? s->question.entry : s->question.negative,
            s->lp.found);
        for (pleats_idx j = 0; j < k; j++)
            s->lp.found[j] -= share * s->lp.found[j];
    }
    return is_on_side(s, cell, s->lp.found, positive, false, inside);
}

/* Fills the exact programme with the walls listed in `wall` (NULL: the first
 * n) and the plane's form as objective. */
static pleats_status load(pleats_space *s, pleats_idx n, const pleats_idx *wall,
                          bool positive)
{
    pleats_status status = PLEATS_OK;
    pleats_exact_lp *x = &s->lp.exact_lp;
    size_t width = (size_t)s->frame->k + 1;
    TRY(pleats_exact_lp_init(s->ctx, x, s->frame->k, s->frame->boxed, n));
    for (pleats_idx i = 0; i < n; i++) {
        mpz_t *row = NULL;
        TRY(pleats_walls_row(&s->walls, wall ? wall[i] : i, &row));
        pleats_exact_lp_set_row(x, i, row);
    }
    for (size_t c = 0; c < width && !positive; c++)
        mpz_neg(s->question.objective[c], s->question.objective[c]);
    pleats_exact_lp_set_objective(x, s->question.objective);
    for (size_t c = 0; c < width && !positive; c++)
        mpz_neg(s->question.objective[c], s->question.objective[c]);
done:
    return status;
}

/* Fewer walls first: if the form is nowhere positive inside the walls of the
 * programme's last basis alone, it is not in the cell. */
static pleats_status basis_excludes(pleats_space *s, const pleats_lp_cell *cell,
                                    bool positive, bool *excluded)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k, n = 0, n_suggested = 0;
    pleats_idx *wall = NULL, *suggested = NULL;
    pleats_exact_end end;
    TRY(pleats_alloc(s->ctx, (size_t)k + 1, sizeof *wall, &wall));
    TRY(pleats_alloc(s->ctx, (size_t)k + 1, sizeof *suggested, &suggested));
    for (pleats_idx q = 0; q <= k; q++) {
        pleats_idx v = s->lp.asked.nonbasic[q], i = v - k - 1;
        if (v == k || i == cell->n_walls)
            continue;
        suggested[n_suggested++] = v < k ? v : k + n;
        if (v > k)
            wall[n++] = i;
    }
    TRY(load(s, n, wall, positive));
    pleats_exact_lp_suggest(&s->lp.exact_lp, n_suggested, suggested,
                            s->lp.asked.flipped);
    TRY(pleats_exact_lp_solve(s->ctx, &s->lp.exact_lp, true, &end));
    *excluded = end == PLEATS_EXACT_NEGATIVE;
done:
    pleats_release(s->ctx, wall);
    pleats_release(s->ctx, suggested);
    return status;
}

/* The programme's last basis, for all walls. */
static pleats_status suggest(pleats_space *s, const pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k, n = 0;
    pleats_idx *suggested = NULL;
    TRY(pleats_alloc(s->ctx, (size_t)k + 1, sizeof *suggested, &suggested));
    for (pleats_idx q = 0; q <= k; q++) {
        pleats_idx v = s->lp.asked.nonbasic[q];
        if (v != k && v - k - 1 != cell->n_walls)
            suggested[n++] = v < k ? v : v - 1;
    }
    pleats_exact_lp_suggest(&s->lp.exact_lp, n, suggested, s->lp.asked.flipped);
done:
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
        TRY(suggest(s, cell));
    TRY(pleats_exact_lp_solve(s->ctx, &s->lp.exact_lp, true, &end));
    if (end == PLEATS_EXACT_INFEASIBLE)
        TRY(pleats_fail(s->ctx, PLEATS_INTERNAL, "a cell turned out empty"));
    *has = end != PLEATS_EXACT_NEGATIVE;
    if (!*has)
        goto done;
    TRY(pleats_integers_new(s->ctx, width, &z));
    pleats_exact_lp_vertex(&s->lp.exact_lp, z);
    for (pleats_idx j = 0; j < k; j++)
        s->lp.vertex[j] =
            pleats_quotient_to_double(z[j], s->lp.exact_lp.det, NULL);
done:
    pleats_integers_free(s->ctx, z, width);
    return status;
}
