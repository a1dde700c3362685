#include "cells/lp_cell.h"

#include "base/perturb.h"
#include "cells/certify.h"
#include "exact/integers.h"

#include <math.h>
#include <string.h>

/* A dictionary is made anew from its rows after so many pivots. */
enum { PIVOTS_KEPT = 60 };

void pleats_lp_cell_clear(pleats_ctx *ctx, pleats_lp_cell *cell)
{
    pleats_lp_clear(ctx, &cell->lp);
    pleats_release(ctx, cell->witness);
    pleats_release(ctx, cell->point);
    *cell = (pleats_lp_cell){0};
}

static pleats_status set_witness(pleats_space *s, pleats_lp_cell *cell,
                                 const double *point)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)s->frame->k;
    if (!cell->witness)
        TRY(pleats_alloc(s->ctx, k, sizeof *cell->witness, &cell->witness));
    cell->has_witness = point != NULL;
    if (point && k && cell->witness != point)
        memcpy(cell->witness, point, k * sizeof *point);
done:
    return status;
}

/* Brings the programme to some vertex of the walls, from nothing.  Which one
 * does not matter; an objective over the boxed coordinates makes the exact
 * programme find one by the dual simplex method. */
static pleats_status find_vertex(pleats_space *s, pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k, m = cell->n_walls;
    pleats_exact_end end;
    pleats_exact_lp *x = &s->exact_lp;
    TRY(pleats_lp_init(s->ctx, &cell->lp, k, s->frame->boxed));
    TRY(pleats_exact_lp_init(s->ctx, x, k, s->frame->boxed, m));
    for (pleats_idx i = 0; i < m; i++) {
        mpz_t *row = NULL;
        TRY(pleats_walls_row(&s->walls, i, &row));
        pleats_exact_lp_set_row(x, i, row);
        TRY(pleats_lp_add_row(s->ctx, &cell->lp,
                              pleats_walls_entry(&s->walls, i)));
    }
    for (pleats_idx j = 0; j < k; j++)
        mpz_set_ui(s->objective[j], s->frame->boxed[j]);
    mpz_set_ui(s->objective[k], 0);
    s->has_objective = false;
    pleats_exact_lp_set_objective(x, s->objective);
    TRY(pleats_exact_lp_solve(s->ctx, x, false, &end));
    pleats_lp_set_basis(&cell->lp, x->nonbasic, x->flipped);
    pleats_lp_settle(&cell->lp);
done:
    return status;
}

pleats_status pleats_lp_cell_root(pleats_space *s, pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    cell->n_walls = s->frame->m;
    TRY(find_vertex(s, cell));
    TRY(set_witness(s, cell,
                    s->frame->has_interior ? s->frame->interior : NULL));
done:
    return status;
}

pleats_status pleats_lp_cell_copy(pleats_space *s, pleats_lp_cell *to,
                                  const pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    to->n_walls = cell->n_walls;
    TRY(pleats_lp_copy(s->ctx, &to->lp, &cell->lp));
    TRY(set_witness(s, to, cell->has_witness ? cell->witness : NULL));
done:
    return status;
}

/* Makes the dictionary anew from the walls, at the same basis. */
static pleats_status refresh(pleats_space *s, pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_lp fresh = {0};
    TRY(pleats_lp_init(s->ctx, &fresh, s->frame->k, s->frame->boxed));
    for (pleats_idx i = 0; i < cell->n_walls; i++)
        TRY(pleats_lp_add_row(s->ctx, &fresh,
                              pleats_walls_entry(&s->walls, i)));
    pleats_lp_set_basis(&fresh, cell->lp.nonbasic, cell->lp.flipped);
    pleats_lp_settle(&fresh);
    fresh.n_pivots = 0;
    pleats_lp_clear(s->ctx, &cell->lp);
    cell->lp = fresh;
    return PLEATS_OK;
done:
    pleats_lp_clear(s->ctx, &fresh);
    return status;
}

pleats_status pleats_lp_cell_restrict(pleats_space *s, pleats_lp_cell *cell,
                                      pleats_hyperplane plane, int sign,
                                      pleats_lp_cell *to)
{
    pleats_status status = PLEATS_OK;
    const size_t side = sign > 0, k = (size_t)s->frame->k;
    const double *point = cell->has_point[side] ? cell->point + side * k : NULL;
    const pleats_idx n_walls = cell->n_walls + 1;
    s->bounds = pleats_plane_row(&s->forms, plane, s->entry);
    TRY(pleats_walls_push(&s->walls, plane, sign, s->entry, s->bounds));
    if (to != cell)
        TRY(pleats_lp_cell_copy(s, to, cell));
    TRY(set_witness(s, to, point));
    to->n_walls = n_walls;
    if (s->paranoid)
        return PLEATS_OK;
    TRY(pleats_lp_cut(s->ctx, &to->lp,
                      pleats_walls_entry(&s->walls, to->n_walls - 1)));
    if (to->lp.n_pivots > PIVOTS_KEPT)
        TRY(refresh(s, to));
done:
    return status;
}

/* An approximate point of the closed cell where the last objective is positive:
 * the vertex, or a point far out on the ray. */
static void far_point(const pleats_space *s, const pleats_lp *lp,
                      pleats_lp_end end, const double *entry, double *v)
{
    pleats_idx k = s->frame->k;
    pleats_lp_vertex(lp, v);
    pleats_perturb_hints((size_t)k, v);
    if (end != PLEATS_LP_UNBOUNDED)
        return;
    double value = pleats_row_value(entry, k, v), rate = 0;
    pleats_lp_ray(lp, s->sum);
    for (pleats_idx j = 0; j < k; j++)
        rate += entry[j] * s->sum[j];
    double length = rate > 0 ? (2 * fabs(value) + 1) / rate : 0;
    for (pleats_idx j = 0; j < k; j++)
        v[j] += length * s->sum[j];
}

/* Tries to settle side `positive` by the programme in doubles: *has as found;
 * false when it could not be settled. */
static pleats_status settle_by_bounds(pleats_space *s, pleats_lp_cell *cell,
                                      bool positive, pleats_sides *out,
                                      bool *settled)
{
    pleats_status status = PLEATS_OK;
    const double *entry = positive ? s->entry : s->negative;
    pleats_lp_end end =
        pleats_lp_maximize(&cell->lp, entry, PLEATS_LP_POSITIVE);
    *settled = false;
    if (end == PLEATS_LP_UNBOUNDED || pleats_lp_value(&cell->lp) > 0) {
        far_point(s, &cell->lp, end, entry, s->vertex);
        TRY(pleats_certify_between(s, cell, positive, s->vertex, false,
                                   settled));
        if (*settled) {
            out->has[positive] = true;
            out->point[positive] = s->found[positive];
        }
    } else if (end == PLEATS_LP_OPTIMAL && s->frame->bounded) {
        TRY(pleats_certify_none(s, cell, positive, settled));
    }
done:
    return status;
}

/* Settles side `positive` by the exact programme. */
static pleats_status settle_exactly(pleats_space *s, pleats_lp_cell *cell,
                                    bool positive, pleats_sides *out)
{
    pleats_status status = PLEATS_OK;
    bool has = false, inside = false;
    TRY(pleats_certify_exactly(s, cell, positive, &has));
    out->has[positive] = has;
    if (!has || s->paranoid)
        goto done;
    TRY(pleats_certify_between(s, cell, positive, s->vertex, true, &inside));
    if (inside)
        out->point[positive] = s->found[positive];
done:
    return status;
}

/* Uses the witness: the side that it is on has points.  On the plane itself,
 * exactly, both sides have, unless the plane holds everything. */
static pleats_status ask_witness(pleats_space *s, pleats_lp_cell *cell,
                                 pleats_sides *out, bool *known, bool *exactly)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    bool constant = true;
    int side = pleats_certain_sign(s, s->entry, s->bounds, cell->witness);
    if (side == 0) {
        TRY(pleats_space_need_objective(s));
        *exactly = true;
        side = pleats_sign_at(s->objective, k, cell->witness);
        for (pleats_idx j = 0; j < k; j++)
            constant = constant && mpz_sgn(s->objective[j]) == 0;
        if (constant)
            known[0] = known[1] = true;
    }
    if (side != 0) {
        known[side > 0] = out->has[side > 0] = true;
        out->point[side > 0] = cell->witness;
    } else if (!constant) {
        known[0] = known[1] = out->has[0] = out->has[1] = true;
        TRY(pleats_certify_beside(s, cell, out));
    }
done:
    return status;
}

/* Whether the form's constant alone decides: no coefficients and no error, or
 * on boxes more than all coefficients together. */
static bool is_far(const pleats_space *s, pleats_sides *out)
{
    pleats_idx k = s->frame->k;
    double reach = 0, constant = s->entry[k];
    for (pleats_idx j = 0; j < k; j++)
        reach += fabs(s->entry[j]);
    bool is_constant = reach == 0 && s->bounds.error == 0;
    reach = pleats_round_up(reach + s->bounds.error);
    if (!is_constant && !(s->frame->bounded && fabs(constant) > reach))
        return false;
    out->has[0] = constant < 0;
    out->has[1] = constant > 0;
    return true;
}

/* Keeps the points of a plane that cuts the cell for what comes next. */
static pleats_status keep_points(const pleats_space *s, pleats_lp_cell *cell,
                                 const pleats_sides *sides)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)s->frame->k;
    if (!cell->point)
        TRY(pleats_alloc(s->ctx, 2 * k, sizeof *cell->point, &cell->point));
    for (size_t side = 0; side < 2; side++) {
        cell->has_point[side] = sides->point[side] != NULL;
        if (cell->has_point[side])
            memcpy(cell->point + side * k, sides->point[side],
                   k * sizeof *cell->point);
    }
done:
    return status;
}

/* Answers by the witness, the programmes, or exact arithmetic. */
static pleats_status find_sides(pleats_space *s, pleats_lp_cell *cell,
                                pleats_sides *out)
{
    pleats_status status = PLEATS_OK;
    bool exactly = s->paranoid, known[2] = {false, false};
    if (!s->paranoid && cell->has_witness)
        TRY(ask_witness(s, cell, out, known, &exactly));
    for (int side = 0; side < 2; side++) {
        bool settled = known[side];
        if (!settled && !s->paranoid)
            TRY(settle_by_bounds(s, cell, side, out, &settled));
        if (!settled) {
            exactly = true;
            TRY(settle_exactly(s, cell, side, out));
        }
    }
    if (exactly)
        s->by_exact++;
    else
        s->by_bounds++;
done:
    return status;
}

pleats_status pleats_lp_cell_sides(pleats_space *s, pleats_lp_cell *cell,
                                   pleats_hyperplane plane, bool *has)
{
    pleats_status status = PLEATS_OK;
    pleats_sides sides = {0};
    s->plane = plane;
    s->has_objective = false;
    s->bounds = pleats_plane_row(&s->forms, plane, s->entry);
    for (pleats_idx c = 0; c <= s->frame->k; c++)
        s->negative[c] = -s->entry[c];
    if (!s->paranoid && is_far(s, &sides))
        s->by_bounds++;
    else
        TRY(find_sides(s, cell, &sides));
    has[0] = sides.has[0];
    has[1] = sides.has[1];
    if (has[0] && has[1])
        TRY(keep_points(s, cell, &sides));
done:
    return status;
}
