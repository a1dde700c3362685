#include "cells/lp_cell.h"

#include "base/perturb.h"
#include "cells/certify.h"
#include "exact/integers.h"

#include <math.h>

/* A dictionary is made anew from its rows after so many pivots. */
enum { PIVOTS_KEPT = 4000 };

/* A depth that is certainly enough for a proof that there are no points. */
#define DEPTH_LOW (-0x1p-30)

void pleats_lp_cell_clear(pleats_ctx *ctx, pleats_lp_cell *cell)
{
    pleats_depth_clear(ctx, &cell->depth);
    pleats_depth_clear(ctx, &cell->half);
    pleats_witnesses_clear(ctx, &cell->pool);
    *cell = (pleats_lp_cell){0};
}

pleats_status pleats_lp_cell_root(pleats_space *s, pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    cell->n_walls = s->frame->m;
    TRY(pleats_depth_init(s->ctx, &cell->depth, s->frame->k, s->frame->boxed));
    cell->pool.n = 0;
    cell->half_side = 0;
    if (s->frame->has_interior)
        TRY(pleats_witnesses_add(s->ctx, &cell->pool, s->frame->k,
                                 s->frame->interior, 0));
done:
    return status;
}

pleats_status pleats_lp_cell_copy(pleats_space *s, pleats_lp_cell *to,
                                  const pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    to->n_walls = cell->n_walls;
    to->half_side = 0;
    TRY(pleats_depth_copy(s->ctx, &to->depth, &cell->depth));
    TRY(pleats_witnesses_take(s->ctx, &to->pool, &cell->pool, s->frame->k, 0));
done:
    return status;
}

static pleats_status add_wall(pleats_space *s, pleats_depth *depth)
{
    return pleats_depth_add_row(s->ctx, depth,
                                pleats_walls_entry(&s->walls, depth->m),
                                s->walls.bounds[depth->m].magnitude);
}

static void swap(pleats_depth *a, pleats_depth *b)
{
    const pleats_depth c = *a;
    *a = *b;
    *b = c;
}

/* Makes the dictionary anew from the walls, at the same basis. */
static pleats_status refresh(pleats_space *s, pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_depth *fresh = &s->lp.asked;
    TRY(pleats_depth_init(s->ctx, fresh, s->frame->k, s->frame->boxed));
    while (fresh->m < cell->depth.m)
        TRY(add_wall(s, fresh));
    pleats_depth_set_basis(fresh, &cell->depth);
    swap(fresh, &cell->depth);
    (void)pleats_depth_solve(&cell->depth, -INFINITY);
done:
    return status;
}

/* Brings the programme up to the cell's walls. */
static pleats_status catch_up(pleats_space *s, pleats_lp_cell *cell)
{
    pleats_status status = PLEATS_OK;
    if (cell->depth.m == cell->n_walls)
        return PLEATS_OK;
    while (cell->depth.m < cell->n_walls)
        TRY(add_wall(s, &cell->depth));
    (void)pleats_depth_solve(&cell->depth, -INFINITY);
    if (cell->depth.n_pivots > PIVOTS_KEPT)
        TRY(refresh(s, cell));
done:
    return status;
}

pleats_status pleats_lp_cell_restrict(pleats_space *s, pleats_lp_cell *cell,
                                      pleats_hyperplane plane, int sign,
                                      pleats_lp_cell *to)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n_walls = cell->n_walls + 1;
    s->question.bounds = pleats_plane_row(&s->forms, plane, s->question.entry);
    TRY(pleats_walls_push(&s->walls, plane, sign, s->question.entry,
                          s->question.bounds));
    TRY(pleats_witnesses_take(s->ctx, &to->pool, &cell->pool, s->frame->k,
                              sign));
    if (cell->half_side == sign)
        swap(&to->depth, &cell->half);
    else if (to != cell)
        TRY(pleats_depth_copy(s->ctx, &to->depth, &cell->depth));
    if (cell->half_side == sign)
        cell->half_side = 0;
    to->half_side = 0;
    to->n_walls = n_walls;
done:
    return status;
}

/* Tries to settle side `positive` by the programme in doubles: *has as found;
 * *settled: false when it could not be settled. */
static pleats_status settle_by_bounds(pleats_space *s, pleats_lp_cell *cell,
                                      bool positive, bool *has, bool *settled)
{
    pleats_status status = PLEATS_OK;
    const double *entry = positive ? s->question.entry : s->question.negative;
    *settled = false;
    TRY(catch_up(s, cell));
    TRY(pleats_depth_copy(s->ctx, &s->lp.asked, &cell->depth));
    TRY(pleats_depth_add_row(s->ctx, &s->lp.asked, entry,
                             s->question.bounds.magnitude));
    pleats_depth_end end = pleats_depth_solve(&s->lp.asked, DEPTH_LOW);
    if (end == PLEATS_DEPTH_FOUND && s->lp.asked.bound > 0) {
        TRY(pleats_certify_deep(s, cell, positive, settled));
        *has = *settled;
        if (*settled) {
            s->lp.asked_side = positive ? 1 : -1;
            TRY(pleats_witnesses_add(s->ctx, &cell->pool, s->frame->k,
                                     s->lp.found, s->lp.asked_side));
        }
    }
    if (!*settled && end != PLEATS_DEPTH_STALLED)
        TRY(pleats_certify_none(s, cell, positive, settled));
done:
    return status;
}

/* Settles side `positive` by the exact programme. */
static pleats_status settle_exactly(pleats_space *s, pleats_lp_cell *cell,
                                    bool positive, bool *has)
{
    pleats_status status = PLEATS_OK;
    bool inside = false;
    TRY(pleats_certify_exactly(s, cell, positive, has));
    if (!*has || s->paranoid)
        goto done;
    TRY(pleats_certify_between(s, cell, positive, s->lp.vertex, true, &inside));
    if (inside)
        TRY(pleats_witnesses_add(s->ctx, &cell->pool, s->frame->k, s->lp.found,
                                 positive ? 1 : -1));
done:
    return status;
}

/* No point of the pool is certainly on a side of the plane: the first one is
 * asked exactly.  On the plane itself both sides have points, unless the plane
 * holds everything. */
static pleats_status ask_point(pleats_space *s, pleats_lp_cell *cell, bool *has,
                               bool *known)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    bool constant = true;
    TRY(pleats_space_need_objective(s));
    const int side = pleats_sign_at(s->question.objective, k, cell->pool.point);
    for (pleats_idx j = 0; j < k; j++)
        constant = constant && mpz_sgn(s->question.objective[j]) == 0;
    cell->pool.side[0] = (int8_t)side;
    if (constant)
        known[0] = known[1] = true;
    if (side != 0) {
        known[side > 0] = has[side > 0] = true;
    } else if (!constant) {
        known[0] = known[1] = has[0] = has[1] = true;
        TRY(pleats_certify_beside(s, cell, cell->pool.point));
    }
done:
    return status;
}

/* Whether the form's constant alone decides: no coefficients and no error, or
 * on boxes more than all coefficients together. */
static bool is_far(const pleats_space *s, bool *has)
{
    pleats_idx k = s->frame->k;
    double reach = 0, constant = s->question.entry[k];
    for (pleats_idx j = 0; j < k; j++)
        reach += fabs(s->question.entry[j]);
    bool is_constant = reach == 0 && s->question.bounds.error == 0;
    reach = pleats_round_up(reach + s->question.bounds.error);
    if (!is_constant && !(s->frame->bounded && fabs(constant) > reach))
        return false;
    has[0] = constant < 0;
    has[1] = constant > 0;
    return true;
}

/* Answers by the points, the programmes, or exact arithmetic. */
static pleats_status find_sides(pleats_space *s, pleats_lp_cell *cell,
                                bool *has)
{
    pleats_status status = PLEATS_OK;
    bool exactly = s->paranoid, known[2] = {false, false};
    has[0] = has[1] = false;
    if (!s->paranoid && cell->pool.n > 0) {
        pleats_witnesses_ask(s, &cell->pool, has);
        known[0] = has[0];
        known[1] = has[1];
        if (!has[0] && !has[1]) {
            exactly = true;
            TRY(ask_point(s, cell, has, known));
        }
    }
    for (int side = 0; side < 2; side++) {
        bool settled = known[side];
        if (!settled && !s->paranoid)
            TRY(settle_by_bounds(s, cell, side, &has[side], &settled));
        if (!settled && !s->paranoid && cell->depth.n_pivots > 0) {
            TRY(refresh(s, cell));
            TRY(settle_by_bounds(s, cell, side, &has[side], &settled));
        }
        if (!settled) {
            exactly = true;
            TRY(settle_exactly(s, cell, side, &has[side]));
        }
    }
    if (exactly)
        s->by_exact++;
    else
        s->by_bounds++;
done:
    return status;
}

void pleats_lp_cell_question(pleats_space *s, pleats_hyperplane plane)
{
    s->question.plane = plane;
    s->question.has_objective = false;
    s->lp.asked_side = 0;
    s->question.bounds = pleats_plane_row(&s->forms, plane, s->question.entry);
    for (pleats_idx c = 0; c <= s->frame->k; c++)
        s->question.negative[c] = -s->question.entry[c];
}

pleats_status pleats_lp_cell_sides(pleats_space *s, pleats_lp_cell *cell,
                                   pleats_hyperplane plane, bool *has)
{
    pleats_status status = PLEATS_OK;
    pleats_lp_cell_question(s, plane);
    if (!s->paranoid && is_far(s, has))
        s->by_bounds++;
    else
        TRY(find_sides(s, cell, has));
    if (has[0] && has[1]) {
        pleats_witnesses_keep_sides(&cell->pool);
        cell->half_side = s->lp.asked_side;
        if (s->lp.asked_side)
            swap(&cell->half, &s->lp.asked);
    }
done:
    return status;
}

pleats_status pleats_lp_cell_prove_none(pleats_space *s, pleats_lp_cell *cell,
                                        bool positive, bool *has_hint)
{
    pleats_status status = PLEATS_OK;
    bool none = false;
    *has_hint = false;
    TRY(catch_up(s, cell));
    for (int i = 0; i < 2 && !none; i++) {
        if (i > 0 && cell->depth.n_pivots == 0)
            break;
        if (i > 0)
            TRY(refresh(s, cell));
        TRY(pleats_depth_copy(s->ctx, &s->lp.asked, &cell->depth));
        TRY(pleats_depth_add_row(s->ctx, &s->lp.asked,
                                 positive ? s->question.entry
                                          : s->question.negative,
                                 s->question.bounds.magnitude));
        if (pleats_depth_solve(&s->lp.asked, DEPTH_LOW) == PLEATS_DEPTH_STALLED)
            continue;
        TRY(pleats_certify_none(s, cell, positive, &none));
        *has_hint = true;
    }
done:
    return status;
}
