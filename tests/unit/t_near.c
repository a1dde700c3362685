/* What a reference takes for granted about numbers that are off by as much as
 * they claim: a network in which one unit turns and moves another.
 *
 *     u = max(t - 1/4, 0),   y0 = 1 - 1.4 u,   y1 = u / 8 + 1/2,   |t| <= 1
 *
 * In the middle u is 0, and y0 stays away from 0 by 1, y1 by 1/2; at t = 1
 * both y0 < 0 and u is turned. */
#include "fail_everywhere.h"

#include "base/perturb.h"
#include "cells/space.h"
#include "cells/walk.h"
#include "domains.h"
#include "forms/fine.h"
#include "forms/near.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_coordinates coordinates;
    mpz_t num[2];
    pleats_near near;
    pleats_forms forms;
    pleats_idx piece[3];
} stage;

static pleats_status add_layer(pleats_ctx *ctx, pleats_net *net, pleats_idx n,
                               pleats_idx in, const double *w,
                               const double *bias)
{
    static double zero[2] = {0, 0}, slope[2] = {0, 1};
    const pleats_pl relu = {1, zero, slope, zero};
    pleats_status status = PLEATS_OK;
    pleats_idx out, units, read[6];
    TRY(pleats_net_add_dense(ctx, net, NULL, n, 1, &in, w, bias, &out));
    for (pleats_idx i = 0; i < n; i++)
        read[i] = out + i;
    TRY(pleats_net_add_pl(ctx, net, NULL, n, read, 1, &relu, NULL, &units));
done:
    return status;
}

static pleats_status try_net(pleats_ctx *ctx, pleats_net **net)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_net_new(ctx, 1, net));
    TRY(add_layer(ctx, *net, 1, 0, (double[]){1}, (double[]){-0.25}));
    TRY(add_layer(ctx, *net, 2, 2, (double[]){-1.4, 0.125},
                  (double[]){1, 0.5}));
    const pleats_idx out = (*net)->n_scalars - 1;
    TRY(pleats_net_set_outputs(ctx, *net, 1, &out));
done:
    return status;
}

/* Clear it in every case. */
static pleats_status try_stage(pleats_ctx *ctx, stage *x, pleats_idx one_of)
{
    pleats_status status = PLEATS_OK;
    *x = (stage){.ctx = ctx};
    mpz_init_set_ui(x->num[0], 1);
    mpz_init_set_ui(x->num[1], 0);
    x->coordinates = (pleats_coordinates){.n_inputs = 1, .k = 1, .num = x->num};
    mpz_init_set_ui(x->coordinates.den, 1);
    TRY(try_net(ctx, &x->net));
    TRY(pleats_forms_init(ctx, &x->forms, x->net, &x->coordinates));
    TRY(pleats_near_init(ctx, &x->near, x->net, &x->coordinates, one_of, true));
done:
    return status;
}

static void stage_init(stage *x, pleats_ctx *ctx, pleats_idx one_of)
{
    need_ok(ctx, try_stage(ctx, x, one_of));
}

static void stage_clear(stage *x)
{
    pleats_near_clear(x->ctx, &x->near);
    pleats_forms_clear(x->ctx, &x->forms);
    mpz_clear(x->coordinates.den);
    mpz_clear(x->num[0]);
    mpz_clear(x->num[1]);
    pleats_net_clear(x->ctx, x->net);
}

enum { UNIT_STEP = 1, NEXT_STEP = 3, UNIT_INPUT = 1, Y0 = 3 };

static void enter(stage *x, pleats_idx from, pleats_idx to, const double *box)
{
    const pleats_form_box b = {box, box + 2};
    need_ok(x->ctx, pleats_near_enter(x->ctx, &x->near, from, to, &b, x->piece,
                                      &x->forms));
}

/* A cell right of 1/4, near to it, in which u has turned. */
static void turn(stage *x)
{
    static const double box[] = {0.3, 1, 0.01, 1e-15};
    enter(x, -1, UNIT_STEP, box);
    x->piece[0] = 1;
    enter(x, UNIT_STEP, NEXT_STEP, box);
    assert_int_equal(x->near.n_turned, 1);
    assert_int_equal(x->piece[1], 1);
}

/* Whether a cell that reaches t = 1 becomes the reference, as it must, y0 being
 * below 0 there. */
static bool is_referred(stage *x, const double *box)
{
    x->piece[1] = 7;
    enter(x, UNIT_STEP, NEXT_STEP, box);
    return x->near.n_turned == 0 && x->near.piece[0] == 1;
}

static const double far_box[] = {0.95, 1, 0.05, 1e-15};

static void turned_units_move_others(void **state)
{
    stage x;
    stage_init(&x, *state, 1000);
    turn(&x);
    assert_true(is_referred(&x, far_box));
    stage_clear(&x);
}

/* It moves y0 by 1.2 u, give or take 0.2 u: not far enough, or just so. */
static void numbers_may_be_off(void **state)
{
    stage x;
    stage_init(&x, *state, 1000);
    turn(&x);
    x.near.most[1] -= 0.2;
    x.near.error[1] += 0.2;
    assert_true(is_referred(&x, far_box));
    stage_clear(&x);
}

/* u is 0.8 t - 1/4, give or take 0.2. */
static void changes_may_be_off(void **state)
{
    stage x;
    stage_init(&x, *state, 1000);
    turn(&x);
    x.forms.entry[UNIT_INPUT * x.forms.stride] -= 0.2;
    pleats_forms_set_bounds(&x.forms, UNIT_INPUT, 0.2, 1.05);
    assert_true(is_referred(&x, far_box));
    stage_clear(&x);
}

/* Vertices are points times a number: t = 1 times 1/2 here. */
static void vertices_may_be_near_to_zero(void **state)
{
    static const double half_box[] = {0.475, 0.5, 0.025, 1e-15};
    /* t = 1/5 and 1 times 1/2 */
    static const double mixed_box[] = {0.35, 0.75, 0.15, 0.25};
    stage x;
    stage_init(&x, *state, 1000);
    turn(&x);
    assert_true(is_referred(&x, half_box));
    stage_clear(&x);
    stage_init(&x, *state, 1000);
    turn(&x);
    assert_true(is_referred(&x, mixed_box));
    stage_clear(&x);
}

/* Some of them may be points times a number below 0, and nothing is known. */
static void vertices_may_lie_at_zero(void **state)
{
    static const double box[] = {0.475, 0.5, 0.025, 0.6};
    stage x;
    stage_init(&x, *state, 1000);
    turn(&x);
    assert_true(is_referred(&x, box));
    stage_clear(&x);
}

/* Both are off, the number by half of it: y0 = 1 - 0.7 (t / 2 - 1/4), which is
 * off by 1.225. */
static void errors_multiply(void **state)
{
    stage x;
    stage_init(&x, *state, 1);
    turn(&x);
    const pleats_near_layer *l = pleats_near_layer_of(&x.near, NEXT_STEP);
    for (pleats_idx i = 0; i < l->n; i++)
        x.near.number[l->first + (size_t)i] *= 0.5;
    x.near.error[1] += 0.7;
    x.forms.entry[UNIT_INPUT * x.forms.stride] -= 0.5;
    pleats_forms_set_bounds(&x.forms, UNIT_INPUT, 0.5, 0.75);
    enter(&x, UNIT_STEP, NEXT_STEP, far_box);
    const double *form = pleats_forms_entry(&x.forms, Y0);
    assert_true(fabs(form[0] + 1.4) + fabs(form[1] - 1.35) <=
                x.forms.error[Y0]);
    assert_true(PLEATS_PERTURB ||
                fabs(form[0] + 0.35) + fabs(form[1] - 1.175) < 1e-3);
    stage_clear(&x);
}

/* The reference in the middle of a box that nobody knows: its pieces are those
 * of no place in the domain, and every unit is looked at. */
static void the_place_may_be_lost(void **state)
{
    static const double box[] = {0.5, 0, INFINITY, INFINITY};
    stage x;
    stage_init(&x, *state, 1000);
    enter(&x, -1, UNIT_STEP, box);
    x.piece[0] = 0;
    x.near.is_set = false;
    enter(&x, UNIT_STEP, NEXT_STEP, (double[]){0, -1, 0, INFINITY});
    assert_int_equal(x.near.piece[1], 0);
    assert_int_equal(pleats_near_layer_of(&x.near, NEXT_STEP)->n_seen, 2);
    stage_clear(&x);
}

/* Two units on all of the domain, and behind them their difference, whose form
 * leaves the doubles: it has no margin. */
static void forms_may_not_be_known(void **state)
{
    pleats_ctx *ctx = *state;
    static const double box[] = {0, 1, 1e-15, 1e-15};
    const pleats_idx in = 0, layer[] = {1, 2};
    static double zero[2] = {0, 0}, slope[2] = {0, 1};
    const pleats_pl relu = {1, zero, slope, zero};
    stage x;
    pleats_idx out;
    stage_init(&x, ctx, 1000);
    pleats_near_clear(ctx, &x.near);
    pleats_forms_clear(ctx, &x.forms);
    pleats_net_clear(ctx, x.net);
    need_ok(ctx, pleats_net_new(ctx, 1, &x.net));
    need_ok(ctx, pleats_net_add_dense(ctx, x.net, NULL, 2, 1, &in,
                                      (double[]){1e200, 1e200},
                                      (double[]){3e200, 4e200}, &out));
    need_ok(ctx, pleats_net_add_pl(ctx, x.net, NULL, 2, layer, 1, &relu, NULL,
                                   &out));
    const pleats_idx units[] = {out, out + 1};
    need_ok(ctx, pleats_net_add_dense(ctx, x.net, NULL, 2, 2, units,
                                      (double[]){0, 0, 1e200, -1e200},
                                      (double[]){0.5, 0}, &out));
    const pleats_idx last[] = {out, out + 1};
    need_ok(ctx,
            pleats_net_add_pl(ctx, x.net, NULL, 2, last, 1, &relu, NULL, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, x.net, 1, &out));
    need_ok(ctx, pleats_forms_init(ctx, &x.forms, x.net, &x.coordinates));
    need_ok(ctx,
            pleats_near_init(ctx, &x.near, x.net, &x.coordinates, 1000, false));
    pleats_idx piece[4] = {1, 1, 0, 0};
    const pleats_form_box at = {box, box + 2};
    need_ok(ctx, pleats_near_enter(ctx, &x.near, UNIT_STEP, NEXT_STEP, &at,
                                   piece, &x.forms));
    const pleats_near_layer *l = pleats_near_layer_of(&x.near, NEXT_STEP);
    assert_true(l->n_seen > 0 && l->close[0].unit == 1);
    assert_true(isinf(x.forms.error[last[1]]));
    stage_clear(&x);
}

/* A unit that reads another one, as a step of units does not when the one
 * before it is affine. */
static void units_may_not_read_units(void **state)
{
    static double zero[2] = {0, 0}, slope[2] = {0, 1};
    const pleats_pl relu = {1, zero, slope, zero};
    pleats_ctx *ctx = *state;
    pleats_net *net;
    pleats_idx out;
    need_ok(ctx, pleats_net_new(ctx, 1, &net));
    need_ok(ctx, add_layer(ctx, net, 1, 0, (double[]){1}, (double[]){-0.25}));
    const pleats_idx unit = net->n_scalars - 1;
    need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 1, 1, &unit,
                                      (double[]){1}, (double[]){0}, &out));
    assert_true(pleats_near_fits(net));
    need_ok(ctx,
            pleats_net_add_pl(ctx, net, NULL, 1, &unit, 1, &relu, NULL, &out));
    assert_false(pleats_near_fits(net));
    pleats_net_clear(ctx, net);
}

/* 2^500 / 2^-530 of the unit's output: it is off by little more than 2^900, but
 * that is not known any more. */
static void quotients_may_overflow(void **state)
{
    static double zero[2] = {0, 0}, slope[2] = {0, 1};
    const pleats_pl relu = {1, zero, slope, zero};
    const pleats_idx start[] = {0, 1}, unit = 2, piece[] = {1, 1};
    pleats_ctx *ctx = *state;
    stage x;
    pleats_ripple ripple;
    pleats_idx out, units;
    double most, error;
    stage_init(&x, ctx, 1000);
    pleats_near_clear(ctx, &x.near);
    pleats_forms_clear(ctx, &x.forms);
    pleats_net_clear(ctx, x.net);
    need_ok(ctx, pleats_net_new(ctx, 1, &x.net));
    need_ok(ctx, add_layer(ctx, x.net, 1, 0, (double[]){1}, (double[]){0}));
    need_ok(ctx, pleats_net_add_sparse(ctx, x.net, NULL, 1, start, &unit,
                                       (double[]){0x1p500}, NULL,
                                       (double[]){0x1p-530}, &out));
    need_ok(ctx, pleats_net_add_pl(ctx, x.net, NULL, 1, &out, 1, &relu, NULL,
                                   &units));
    need_ok(ctx, pleats_forms_init(ctx, &x.forms, x.net, &x.coordinates));
    need_ok(ctx, pleats_fine_init(ctx, &x.forms, &x.coordinates, 4));
    need_ok(ctx, pleats_ripple_init(ctx, &ripple, x.net, x.forms.fine));
    need_ok(ctx, pleats_ripple_refer(ctx, &ripple, piece));
    need_ok(ctx, pleats_ripple_run(ctx, &ripple, UNIT_STEP, 0));
    pleats_ripple_bounds(&ripple, NEXT_STEP, &most, &error);
    assert_true(isinf(most) && isinf(error));
    (void)pleats_ripple_of(&ripple, out, &error);
    assert_true(isinf(error));
    pleats_ripple_clear(ctx, &ripple);
    stage_clear(&x);
}

/* ---- the order of segments ---- */

typedef struct {
    double last;
    int n;
} line;

static pleats_status visit(void *state, pleats_space *space, pleats_cell *cell,
                           double share, bool *stop)
{
    const pleats_vertices *v = &cell->vertices;
    line *x = state;
    (void)space, (void)share, (void)stop;
    const double middle =
        (v->point[0] / v->point[v->pad] + v->point[1] / v->point[v->pad + 1]) /
        2;
    assert_true(middle > x->last);
    x->last = middle;
    x->n++;
    return PLEATS_OK;
}

/* From one end of the line to the other, whatever the signs of slopes are. */
static void segments_come_in_order(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net;
    pleats_space space;
    pleats_ahead ahead;
    pleats_frame frame;
    line all = {.last = -2};
    const pleats_visitor visitor = {.region = visit, .state = &all};
    bool complete;
    pleats_domain *domain = domain_boxes(ctx, 1, "-1 1");
    need_ok(ctx, pleats_net_new(ctx, 1, &net));
    need_ok(ctx, add_layer(ctx, net, 6, 0, (double[]){1, -1, 2, -2, -1, 1},
                           (double[]){0.5, 0.25, 0.1, 0.3, -0.6, -0.7}));
    need_ok(ctx, add_layer(ctx, net, 3, 9, (double[]){1, -1, 2},
                           (double[]){-0.1, 0.3, -0.05}));
    const pleats_idx out = net->n_scalars - 1;
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    need_ok(ctx, pleats_frame_init(ctx, &frame, domain, domain->part));
    need_ok(ctx, pleats_space_init(ctx, &space, net, &frame,
                                   PLEATS_ENGINE_VERTICES, false));
    need_ok(ctx, pleats_ahead_init(ctx, &ahead, net, &frame.coordinates, true));
    need_ok(ctx, pleats_walk_alone(&space, &ahead, &visitor, NULL, &complete));
    assert_true(complete && all.n > 6);
    pleats_ahead_clear(ctx, &ahead);
    pleats_space_clear(&space);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
}

/* ---- memory and limits ---- */

/* Into the cell that reaches t = 1, once more after each failure. */
static pleats_status go_in(stage *x)
{
    pleats_status status = PLEATS_OK;
    static const double near_box[] = {0.3, 1, 0.01, 1e-15};
    const pleats_form_box at = {near_box, near_box + 2};
    const pleats_form_box far = {far_box, far_box + 2};
    x->piece[0] = 1;
    TRY(pleats_near_enter(x->ctx, &x->near, -1, UNIT_STEP, &at, x->piece,
                          &x->forms));
    x->piece[0] = 1;
    TRY(pleats_near_enter(x->ctx, &x->near, UNIT_STEP, NEXT_STEP, &at, x->piece,
                          &x->forms));
    TRY(pleats_near_enter(x->ctx, &x->near, UNIT_STEP, NEXT_STEP, &far,
                          x->piece, &x->forms));
done:
    return status;
}

static pleats_status near_cells(pleats_ctx *ctx, const places *at)
{
    pleats_status status = PLEATS_OK;
    stage x;
    (void)at;
    TRY(try_stage(ctx, &x, 1000));
    status = go_in(&x);
    if (status != PLEATS_OK && go_in(&x) == PLEATS_OK)
        assert_int_equal(x.near.piece[0], 1);
done:
    stage_clear(&x);
    return status;
}

TEST_OF(near_cells)

enum { WIDE = 1100 };

/* On a small square far from where its units bend. */
static pleats_net *wide_net(pleats_ctx *ctx)
{
    static double zero[2] = {0, 0}, slope[2] = {0, 1};
    const pleats_pl relu = {1, zero, slope, zero};
    const size_t n = WIDE;
    pleats_net *net;
    pleats_idx out = 0, *in = need_memory(n, sizeof *in);
    double *w = need_memory(n * n, sizeof *w), *one = need_memory(n, sizeof *w);
    need_ok(ctx, pleats_net_new(ctx, 2, &net));
    for (size_t i = 0; i < n * n; i++)
        w[i] = (double)(i % 7) / 64;
    for (size_t i = 0; i < n; i++)
        one[i] = 1;
    for (pleats_idx layer = 0; layer < 2; layer++) {
        for (pleats_idx i = 0; i < WIDE; i++)
            in[i] = out + i;
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, WIDE,
                                          layer ? WIDE : 2, in, w, one, &out));
        for (pleats_idx i = 0; i < WIDE; i++)
            in[i] = out + i;
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, WIDE, in, 1, &relu, NULL,
                                       &out));
    }
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    free(in);
    free(w);
    free(one);
    return net;
}

/* Where there is no room for a reference, or doubles must not rest on cells
 * before, forms are made step by step. */
static void a_reference_may_be_too_large(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = wide_net(ctx);
    pleats_domain *domain = domain_boxes(ctx, 2, "0 1/100 0 1/100");
    pleats_frame frame;
    need_ok(ctx, pleats_frame_init(ctx, &frame, domain, domain->part));
    for (int how = 0; how < 3; how++) {
        const bool room = how > 0, fits = how == 1 && pleats_fine_is_fast();
        pleats_space space;
        need_ok(ctx, pleats_space_init(ctx, &space, net, &frame,
                                       PLEATS_ENGINE_VERTICES, false));
        space.is_repeatable = how == 2;
        pleats_ctx_set_memory_limit(
            ctx, pleats_ctx_live_bytes(ctx) +
                     (room ? (size_t)1 << 30 : (size_t)1 << 20));
        need_ok(ctx, pleats_space_begin_near(&space, 0, false));
        assert_true(PLEATS_PERTURB || (space.near != NULL) == fits);
        pleats_ctx_set_memory_limit(ctx, (size_t)8 << 30);
        pleats_space_clear(&space);
    }
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(turned_units_move_others, ctx),
        cmocka_unit_test_prestate(numbers_may_be_off, ctx),
        cmocka_unit_test_prestate(changes_may_be_off, ctx),
        cmocka_unit_test_prestate(vertices_may_be_near_to_zero, ctx),
        cmocka_unit_test_prestate(vertices_may_lie_at_zero, ctx),
        cmocka_unit_test_prestate(errors_multiply, ctx),
        cmocka_unit_test_prestate(the_place_may_be_lost, ctx),
        cmocka_unit_test_prestate(forms_may_not_be_known, ctx),
        cmocka_unit_test_prestate(units_may_not_read_units, ctx),
        cmocka_unit_test_prestate(quotients_may_overflow, ctx),
        cmocka_unit_test_prestate(segments_come_in_order, ctx),
        cmocka_unit_test_prestate(test_near_cells, NULL),
        cmocka_unit_test_prestate(a_reference_may_be_too_large, ctx),
    };
    return RUN(tests, ctx);
}
