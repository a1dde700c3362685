#include "optimum/leaf.h"

#include "cells/walls.h"
#include "exact/integers.h"

/* A side of a plane, sign * (a - b - at) >= 0. */
typedef struct pleats_leaf_side {
    pleats_hyperplane plane;
    int sign;
} side;

pleats_status pleats_leaf_init(pleats_ctx *ctx, pleats_leaf *l,
                               const pleats_goals *goals,
                               const pleats_frame *frame, const bool *is_strict)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)frame->k;
    *l = (pleats_leaf){
        .ctx = ctx, .goals = goals, .frame = frame, .is_strict = is_strict};
    mpz_init(l->unit);
    TRY(pleats_alloc(ctx, (size_t)goals->net.n_units, sizeof *l->piece,
                     &l->piece));
    TRY(pleats_alloc(ctx, k + 1, sizeof *l->boxed, &l->boxed));
    for (size_t j = 0; j < k; j++)
        l->boxed[j] = true;
    TRY(pleats_integers_new(ctx, k + 2, &l->row));
    TRY(pleats_integers_new(ctx, k, &l->centre));
    TRY(pleats_integers_new(ctx, k, &l->radius));
    TRY(pleats_integers_new(ctx, k + 1, &l->vertex));
    TRY(pleats_exact_forms_init(ctx, &l->exact, &goals->net,
                                &frame->coordinates, l->piece));
done:
    return status;
}

void pleats_leaf_clear(pleats_leaf *l)
{
    if (!l->ctx)
        return;
    const size_t k = (size_t)l->frame->k;
    pleats_exact_forms_clear(l->ctx, &l->exact);
    pleats_exact_lp_clear(l->ctx, &l->lp);
    pleats_release(l->ctx, l->piece);
    pleats_release(l->ctx, l->boxed);
    pleats_release(l->ctx, l->side);
    pleats_integers_free(l->ctx, l->row, k + 2);
    pleats_integers_free(l->ctx, l->centre, k);
    pleats_integers_free(l->ctx, l->radius, k);
    pleats_integers_free(l->ctx, l->vertex, k + 1);
    mpz_clear(l->unit);
    *l = (pleats_leaf){0};
}

/* Takes over pieces; exact forms behind the first step that is different are
 * made anew. */
static void set_pieces(pleats_leaf *l, const pleats_range *unit)
{
    const pleats_net *net = &l->goals->net;
    pleats_idx from = -1;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            pleats_idx *piece = &l->piece[s->first_unit + u];
            if (*piece == unit[s->first_unit + u].first)
                continue;
            *piece = unit[s->first_unit + u].first;
            from = from < 0 ? i : from;
        }
    }
    if (from >= 0)
        pleats_exact_forms_changed(&l->exact, from);
}

static pleats_status add_side(pleats_leaf *l, pleats_hyperplane plane, int sign)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(l->ctx, &l->side, &l->plane_capacity,
                    (size_t)l->n_planes + 1, sizeof *l->side));
    l->side[l->n_planes++] = (side){plane, sign};
done:
    return status;
}

static pleats_status add_cut(pleats_leaf *l, const pleats_step *s,
                             const pleats_cut *cut)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx i = cut->unit - s->first_unit;
    if (s->kind == PLEATS_STEP_PL) {
        const pleats_pl *f = pleats_step_function(s, i);
        const pleats_idx last = cut->first + cut->n - 1;
        if (cut->first > 0)
            TRY(add_side(
                l, (pleats_hyperplane){s->in[i], -1, f->at[cut->first - 1]},
                1));
        if (last < f->n_breaks)
            TRY(add_side(l, (pleats_hyperplane){s->in[i], -1, f->at[last]},
                         -1));
        return PLEATS_OK;
    }
    const pleats_idx *in = s->in + s->start[i];
    for (pleats_idx c = 0; c < pleats_step_pieces(s, i); c++)
        if (c != cut->first)
            TRY(add_side(l, (pleats_hyperplane){in[cut->first], in[c], 0},
                         s->is_min ? -1 : 1));
done:
    return status;
}

static pleats_status list_sides(pleats_leaf *l, const pleats_node *node)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = &l->goals->net;
    l->n_planes = 0;
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        if (pleats_step_is_affine(s))
            continue;
        for (pleats_idx c = 0; c < node->n_cuts; c++)
            if (node->cut[c].unit >= s->first_unit &&
                node->cut[c].unit < s->first_unit + s->n_out)
                TRY(add_cut(l, s, &node->cut[c]));
    }
done:
    return status;
}

/* The box in integers: t_j = (centre_j + radius_j s_j) / unit, |s_j| <= 1. */
static void set_box(pleats_leaf *l, const pleats_node *node)
{
    mpq_t lo, hi, middle;
    mpq_init(lo);
    mpq_init(hi);
    mpq_init(middle);
    mpz_set_ui(l->unit, 1);
    for (pleats_idx j = 0; j < node->k; j++)
        for (int end = 0; end < 2; end++) {
            mpq_set_d(lo, end ? node->hi[j] : node->lo[j]);
            mpz_lcm(l->unit, l->unit, mpq_denref(lo));
        }
    mpz_mul_2exp(l->unit, l->unit, 1);
    for (pleats_idx j = 0; j < node->k; j++) {
        mpq_set_d(lo, node->lo[j]);
        mpq_set_d(hi, node->hi[j]);
        for (int is_radius = 0; is_radius < 2; is_radius++) {
            mpz_t *to = is_radius ? &l->radius[j] : &l->centre[j];
            if (is_radius)
                mpq_sub(middle, hi, lo);
            else
                mpq_add(middle, hi, lo);
            mpq_div_2exp(middle, middle, 1);
            mpz_divexact(*to, l->unit, mpq_denref(middle));
            mpz_mul(*to, *to, mpq_numref(middle));
        }
    }
    mpq_clear(lo);
    mpq_clear(hi);
    mpq_clear(middle);
}

/* l->row [k + 1] = unit * form . (t, 1) in the box's coordinates s. */
static void substitute(pleats_leaf *l, mpz_t *form)
{
    const pleats_idx k = l->frame->k;
    mpz_mul(l->row[k], form[k], l->unit);
    for (pleats_idx j = 0; j < k; j++) {
        mpz_addmul(l->row[k], form[j], l->centre[j]);
        mpz_mul(l->row[j], form[j], l->radius[j]);
    }
}

static void negate(mpz_t *row, pleats_idx n)
{
    for (pleats_idx c = 0; c < n; c++)
        mpz_neg(row[c], row[c]);
}

/* With `depth` coordinates more, after k, the constant moves up. */
static void spread(pleats_leaf *l, pleats_idx depth)
{
    if (depth == 0)
        return;
    mpz_swap(l->row[l->frame->k + 1], l->row[l->frame->k]);
    mpz_set_ui(l->row[l->frame->k], 0);
}

/* How many sides the frame and the decrees have. */
static pleats_idx count_sides(const pleats_leaf *l)
{
    return l->frame->m + l->n_planes;
}

/* l->row [k + 1] = side i: first those of the frame, then those of decrees. */
static pleats_status make_side(pleats_leaf *l, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    const pleats_frame *f = l->frame;
    if (i < f->m) {
        substitute(l, f->row + (size_t)i * ((size_t)f->k + 1));
        return PLEATS_OK;
    }
    const side *from = &l->side[i - f->m];
    TRY(pleats_exact_forms_multiple(l->ctx, &l->exact, from->plane.a,
                                    from->plane.b, from->plane.at, l->vertex));
    substitute(l, l->vertex);
    if (from->sign < 0)
        negate(l->row, f->k + 1);
done:
    return status;
}

static pleats_status set_sides(pleats_leaf *l, pleats_idx depth)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < count_sides(l); i++) {
        TRY(make_side(l, i));
        spread(l, depth);
        pleats_exact_lp_set_row(&l->lp, i, l->row);
    }
done:
    return status;
}

static bool is_strict(const pleats_leaf *l, pleats_idx goal)
{
    return l->is_strict && l->is_strict[goal];
}

/* Rows of goals: goal <= z, z being the last coordinate; or, where some goals
 * are strict, goal <= 0 of those that are not. */
static pleats_status set_goals(pleats_leaf *l, pleats_idx first)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = l->frame->k;
    bool some_strict = false;
    for (pleats_idx i = 0; i < l->goals->n; i++)
        some_strict = some_strict || is_strict(l, i);
    for (pleats_idx i = 0; i < l->goals->n; i++) {
        const pleats_quotient *goal;
        TRY(pleats_exact_forms_need(l->ctx, &l->exact, l->goals->scalar[i],
                                    &goal));
        substitute(l, goal->num);
        negate(l->row, k + 1);
        spread(l, 1);
        if (!some_strict || is_strict(l, i))
            mpz_mul(l->row[k], goal->den, l->unit);
        pleats_exact_lp_set_row(&l->lp, first + i, l->row);
    }
done:
    return status;
}

/* Maximises minus the goal, or minus z; *den: what the value is to be divided
 * by. */
static pleats_status set_objective(pleats_leaf *l, pleats_idx depth, mpz_t den)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = l->frame->k;
    const pleats_quotient *goal;
    mpz_set_ui(den, 1);
    if (depth > 0) {
        for (pleats_idx j = 0; j <= k + 1; j++)
            mpz_set_si(l->row[j], j == k ? -1 : 0);
    } else {
        TRY(pleats_exact_forms_need(l->ctx, &l->exact, l->goals->scalar[0],
                                    &goal));
        mpz_mul(den, goal->den, l->unit);
        substitute(l, goal->num);
        negate(l->row, k + 1);
    }
    pleats_exact_lp_set_objective(&l->lp, l->row);
done:
    return status;
}

/* The programme's vertex in the frame's coordinates. */
static void set_point(pleats_leaf *l, pleats_idx depth, mpz_t *point)
{
    const pleats_idx k = l->frame->k;
    pleats_exact_lp_vertex(&l->lp, depth > 0 ? l->row : l->vertex);
    mpz_mul(point[k], l->lp.det, l->unit);
    for (pleats_idx j = 0; j < k; j++) {
        mpz_mul(point[j], l->centre[j], l->lp.det);
        mpz_addmul(point[j], l->radius[j],
                   depth > 0 ? l->row[j] : l->vertex[j]);
    }
    pleats_integers_make_primitive(point, (size_t)k + 1);
}

pleats_status pleats_leaf_solve(pleats_leaf *l, const pleats_node *node,
                                const pleats_range *unit, bool *found,
                                mpq_t value, mpz_t *point)
{
    pleats_status status = PLEATS_OK;
    const bool is_one = l->goals->n == 1 && !is_strict(l, 0);
    const pleats_idx k = l->frame->k, depth = is_one ? 0 : 1;
    pleats_exact_end end;
    mpz_t den;
    mpz_init(den);
    set_pieces(l, unit);
    set_box(l, node);
    TRY(list_sides(l, node));
    const pleats_idx sides = count_sides(l);
    TRY(pleats_exact_lp_init(l->ctx, &l->lp, k + depth, l->boxed,
                             sides + (is_one ? 0 : l->goals->n)));
    TRY(set_sides(l, depth));
    if (!is_one)
        TRY(set_goals(l, sides));
    TRY(set_objective(l, depth, den));
    TRY(pleats_exact_lp_solve(l->ctx, &l->lp, false, &end));
    *found = end == PLEATS_EXACT_OPTIMAL;
    if (!*found)
        goto done;
    pleats_exact_lp_value(&l->lp, mpq_numref(value));
    mpz_neg(mpq_numref(value), mpq_numref(value));
    mpz_mul(mpq_denref(value), den, l->lp.det);
    mpq_canonicalize(value);
    set_point(l, depth, point);
done:
    mpz_clear(den);
    return status;
}

/* ---- points inside ---- */

/* Row i becomes row - z >= 0, unless it is 0 throughout. */
static void set_inner_row(pleats_leaf *l, pleats_idx i)
{
    const pleats_idx k = l->frame->k;
    bool is_zero = true;
    for (pleats_idx j = 0; j <= k; j++)
        is_zero = is_zero && mpz_sgn(l->row[j]) == 0;
    spread(l, 1);
    mpz_set_si(l->row[k], is_zero ? 0 : -1);
    pleats_exact_lp_set_row(&l->lp, i, l->row);
}

/* Rows of the frame, of the decrees and of the box: all are to be positive. */
static pleats_status set_inner_rows(pleats_leaf *l)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = l->frame->k, sides = count_sides(l);
    for (pleats_idx i = 0; i < sides; i++) {
        TRY(make_side(l, i));
        set_inner_row(l, i);
    }
    for (pleats_idx i = 0; i < 2 * k; i++) {
        for (pleats_idx j = 0; j <= k; j++)
            mpz_set_si(l->row[j], j == k ? 1 : j == i / 2 ? i % 2 * 2 - 1 : 0);
        set_inner_row(l, sides + i);
    }
done:
    return status;
}

pleats_status pleats_leaf_find_inside(pleats_leaf *l, const pleats_node *node,
                                      const pleats_range *unit, bool *found,
                                      mpz_t *point)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = l->frame->k;
    pleats_exact_end end;
    mpz_t value;
    mpz_init(value);
    *found = false;
    set_pieces(l, unit);
    set_box(l, node);
    TRY(list_sides(l, node));
    l->boxed[k] = true;
    TRY(pleats_exact_lp_init(l->ctx, &l->lp, k + 1, l->boxed,
                             count_sides(l) + 2 * k));
    TRY(set_inner_rows(l));
    for (pleats_idx j = 0; j <= k + 1; j++)
        mpz_set_si(l->row[j], j == k);
    pleats_exact_lp_set_objective(&l->lp, l->row);
    TRY(pleats_exact_lp_solve(l->ctx, &l->lp, false, &end));
    if (end == PLEATS_EXACT_OPTIMAL) {
        pleats_exact_lp_value(&l->lp, value);
        *found = mpz_sgn(value) > 0;
    }
    if (*found)
        set_point(l, 1, point);
done:
    l->boxed[k] = false;
    mpz_clear(value);
    return status;
}
