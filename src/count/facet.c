#include "count/facet.h"

#include "cells/unit.h"
#include "exact/integers.h"

static bool same_row(mpz_t *a, mpz_t *b, size_t width)
{
    for (size_t c = 0; c < width; c++)
        if (mpz_cmp(a[c], b[c]) != 0)
            return false;
    return true;
}

/* Sets the next row of a programme in (t, eps): form - slack * eps, negated
 * when `sign` < 0.  row is [k + 2] scratch. */
static void set_row(pleats_exact_lp *lp, pleats_idx *at, mpz_t *form, int sign,
                    long slack, mpz_t *row)
{
    pleats_idx k = lp->k - 1;
    for (pleats_idx j = 0; j < k; j++)
        mpz_mul_si(row[j], form[j], sign);
    mpz_set_si(row[k], -slack);
    mpz_mul_si(row[k + 1], form[k], sign);
    pleats_exact_lp_set_row(lp, (*at)++, row);
}

/* The programme  max eps: wall = 0, all other walls >= eps, |t_j| <= 1 - eps;
 * with no wall (NULL), all of them.  Rows that stay unset are 0 >= 0. */
static pleats_status load(pleats_space *s, const pleats_cell *cell, mpz_t *wall,
                          const bool *boxed, mpz_t *row, mpz_t *unit)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k, at = 0;
    pleats_exact_lp *lp = &s->lp.exact_lp;
    TRY(pleats_exact_lp_init(s->ctx, lp, k + 1, boxed,
                             cell->n_walls + 1 + 2 * k));
    for (int sign = 1; wall && sign >= -1; sign -= 2)
        set_row(lp, &at, wall, sign, 0, row);
    for (pleats_idx j = 0; j < cell->n_walls; j++) {
        mpz_t *other = NULL;
        TRY(pleats_walls_row(&s->walls, j, &other));
        if (!wall || !same_row(wall, other, (size_t)k + 1))
            set_row(lp, &at, other, 1, 1, row);
    }
    mpz_set_ui(unit[k], 1);
    for (pleats_idx j = 0; j < k; j++) {
        if (!s->frame->boxed[j])
            continue;
        for (int sign = -1; sign <= 1; sign += 2) {
            mpz_set_si(unit[j], sign);
            set_row(lp, &at, unit, 1, 1, row);
        }
        mpz_set_ui(unit[j], 0);
    }
    for (pleats_idx c = 0; c < k + 2; c++)
        mpz_set_ui(row[c], c == k);
    pleats_exact_lp_set_objective(lp, row);
done:
    return status;
}

/* Whether an earlier wall has the same row. */
static pleats_status is_repeated(pleats_space *s, pleats_idx i, mpz_t *wall,
                                 bool *repeated)
{
    pleats_status status = PLEATS_OK;
    *repeated = false;
    for (pleats_idx j = 0; j < i && !*repeated; j++) {
        mpz_t *other = NULL;
        TRY(pleats_walls_row(&s->walls, j, &other));
        *repeated = same_row(wall, other, (size_t)s->frame->k + 1);
    }
done:
    return status;
}

/* point [k + 1] gets the best point of that programme; *has: eps > 0 there. */
static pleats_status find_inside(pleats_space *s, const pleats_cell *cell,
                                 mpz_t *wall, mpz_t *point, bool *has)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    size_t width = (size_t)k + 2;
    mpz_t *row = NULL, *unit = NULL;
    bool *boxed = NULL;
    pleats_exact_end end;
    *has = false;
    TRY(pleats_integers_new(s->ctx, width, &row));
    TRY(pleats_integers_new(s->ctx, width, &unit));
    TRY(pleats_alloc(s->ctx, (size_t)k + 1, sizeof *boxed, &boxed));
    for (pleats_idx j = 0; j < k; j++)
        boxed[j] = s->frame->boxed[j];
    boxed[k] = true;
    TRY(load(s, cell, wall, boxed, row, unit));
    TRY(pleats_exact_lp_solve(s->ctx, &s->lp.exact_lp, false, &end));
    if (end != PLEATS_EXACT_OPTIMAL)
        goto done;
    pleats_exact_lp_value(&s->lp.exact_lp, row[0]);
    *has = mpz_sgn(row[0]) > 0;
    pleats_exact_lp_vertex(&s->lp.exact_lp, row);
    for (pleats_idx j = 0; j < k; j++)
        mpz_set(point[j], row[j]);
    mpz_set(point[k], s->lp.exact_lp.det);
done:
    pleats_integers_free(s->ctx, row, width);
    pleats_integers_free(s->ctx, unit, width);
    pleats_release(s->ctx, boxed);
    return status;
}

pleats_status pleats_facet_find(pleats_space *s, const pleats_cell *cell,
                                pleats_idx i, mpz_t *point, bool *is_facet)
{
    pleats_status status = PLEATS_OK;
    mpz_t *wall = NULL;
    bool repeated = false;
    *is_facet = false;
    TRY(pleats_walls_row(&s->walls, i, &wall));
    TRY(is_repeated(s, i, wall, &repeated));
    if (!repeated)
        TRY(find_inside(s, cell, wall, point, is_facet));
done:
    return status;
}

pleats_status pleats_cell_find_inside(pleats_space *s, const pleats_cell *cell,
                                      mpz_t *point)
{
    bool has = false;
    pleats_status status = find_inside(s, cell, NULL, point, &has);
    if (status == PLEATS_OK && !has)
        status = pleats_fail(s->ctx, PLEATS_INTERNAL,
                             "a cell of the walk has no points");
    return status;
}

/* The sign of a plane's form at point + (a little) * direction. */
static pleats_status sign_beside(pleats_space *s, pleats_hyperplane plane,
                                 mpz_t *point, mpz_t *direction, int *sign)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    mpz_t value, rate;
    mpz_init(value);
    mpz_init(rate);
    *sign = 0;
    if (plane.a == plane.b)
        goto done;
    TRY(pleats_exact_forms_difference(s->ctx, &s->exact, plane.a, plane.b,
                                      plane.at, s->question.objective));
    for (pleats_idx j = 0; j <= k; j++)
        mpz_addmul(value, s->question.objective[j], point[j]);
    for (pleats_idx j = 0; j < k; j++)
        mpz_addmul(rate, s->question.objective[j], direction[j]);
    *sign = mpz_sgn(value) ? mpz_sgn(value) : mpz_sgn(rate);
done:
    mpz_clear(value);
    mpz_clear(rate);
    return status;
}

static pleats_status unit_beside(pleats_space *s, const pleats_step *step,
                                 pleats_idx unit, mpz_t *point,
                                 mpz_t *direction, pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    pleats_idx pieces = pleats_step_pieces(step, unit);
    int sign = 0;
    *piece = 0;
    for (pleats_idx p = 1; p < pieces; p++) {
        pleats_hyperplane plane = step->kind == PLEATS_STEP_MAX
                                      ? pleats_unit_duel(step, unit, p, *piece)
                                      : pleats_unit_plane(step, unit, p - 1);
        TRY(sign_beside(s, plane, point, direction, &sign));
        if (sign > 0)
            *piece = p;
        else if (step->kind == PLEATS_STEP_PL)
            break;
    }
done:
    return status;
}

pleats_status pleats_pattern_beside(pleats_space *s, mpz_t *point,
                                    mpz_t *direction)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < s->net->n_steps; i++) {
        const pleats_step *step = &s->net->step[i];
        if (pleats_step_is_affine(step))
            continue;
        for (pleats_idx u = 0; u < step->n_out; u++)
            TRY(unit_beside(s, step, u, point, direction,
                            &s->piece[step->first_unit + u]));
        pleats_exact_forms_changed(&s->exact, i);
    }
done:
    return status;
}
